"""Lines to Stripe that break, for stripe-python itself to cope with: `settings.STRIPE_HTTP_CLIENT` names one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import ClassVar
from urllib.parse import urlsplit

import stripe

from tests.stage.stripe_side import HttpClient


class Impatient(HttpClient):
    """Stripe, without stripe-python's pauses between its retries."""

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0


class Noting(Impatient):
    """A line that takes down each call: its method, its path, and the id that Stripe gave it."""

    calls: ClassVar[list[tuple[str, str, str]]] = []

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        answer, status, headers = super().request(method, url, *args, **kwargs)
        self.calls.append((method.upper(), urlsplit(url).path, headers["request-id"]))
        return answer, status, headers


class Unreachable(Impatient):
    """No connection at all: nothing reaches Stripe."""

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        raise stripe.APIConnectionError("Unexpected error communicating with Stripe.", should_retry=True)


class AnswerLost(Impatient):
    """What creates something reaches Stripe, and the connection breaks before the answer comes back."""

    def request(self, method: str, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        answer = super().request(method, *args, **kwargs)
        if method == "post":
            raise stripe.APIConnectionError("Request timed out.", should_retry=False)
        return answer


class Meanwhile(Impatient):
    """Between Stripe's doing what it is asked to create and our hearing of it, something else happens, once."""

    happens: ClassVar[list[Callable[[], object]]] = []

    def request(self, method: str, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        answer = super().request(method, *args, **kwargs)
        if method == "post" and self.happens:
            self.happens.pop()()
        return answer


class Answering(Impatient):
    """A Stripe that answers everything with one error."""

    status = 500
    error: Mapping[str, str] = {"type": "api_error", "message": "Something went wrong on Stripe's end."}

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        return json.dumps({"error": self.error}), self.status, {"request-id": "req_broken"}


class ChargesAndFails(Answering):
    """A Stripe that does what it is asked to create, and answers that it failed."""

    def request(self, method: str, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        done = Impatient.request(self, method, *args, **kwargs)
        return super().request(method, *args, **kwargs) if method == "post" else done


class InternalError(Answering):
    """Stripe has a fault of its own."""


class KeepsErrors(Impatient):
    """A Stripe that fails at each first use of an idempotency key, and repeats that answer for the key."""

    failing: ClassVar[set[str]] = set()

    def request(
        self, method: str, url: str, headers: Mapping[str, str], *args: object, **kwargs: object
    ) -> tuple[str, int, Mapping[str, str]]:
        key = headers.get("Idempotency-Key", "")
        if method == "post" and (not self.failing or key in self.failing):
            self.failing.add(key)
            return json.dumps({"error": Answering.error}), 500, {"request-id": "req_broken"}
        return super().request(method, url, headers, *args, **kwargs)


class KeyInUse(Answering):
    """Another request with the same idempotency key is still being answered."""

    status = 409
    error = {"type": "invalid_request_error", "code": "idempotency_key_in_use", "message": "Please try again later."}


class TooManyRequests(Answering):
    """Stripe wants us to slow down."""

    status = 429
    error = {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."}


class KeyRevoked(Answering):
    """Our secret key is no longer good."""

    status = 401
    error = {"type": "invalid_request_error", "message": "Invalid API Key provided: sk_test_*******"}


class Indiscreet(Answering):
    """A Stripe that quotes what it was sent."""

    status = 400
    error = {
        "type": "invalid_request_error",
        "code": "resource_missing",
        "message": "No such token: 'tok_1Indiscreet' of hanako@example.com, 4242424242424242, sk_test_Indiscreet",
    }


class Bug(Impatient):
    """A fault in the code that calls Stripe, whose text quotes what it was about."""

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        raise RuntimeError(self.text)

    text = f"{Indiscreet.error['message']}, whsec_Indiscreet"


class Odd(Impatient):
    """A server in Stripe's place: `change` makes its answers of Stripe's, `place` Stripe's address of its own."""

    change: ClassVar[Callable[[str], str]] = str
    place: ClassVar[Callable[[str], str]] = str

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        answer, status, headers = super().request(method, Odd.place(url), *args, **kwargs)
        return Odd.change(answer if isinstance(answer, str) else answer.decode()), status, headers


class Talkative(Impatient):
    """A Stripe whose answers have a very long text, of whose name we have never heard."""

    text = "a" * 30_000

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        answer, status, headers = super().request(*args, **kwargs)
        more = {"unheard_of": self.text, self.text: {"email": self.text}}
        return json.dumps(json.loads(answer) | more), status, headers


class LongWinded(Answering):
    """A Stripe that fails with a very long message."""

    error = {"type": "api_error", "message": Talkative.text}
