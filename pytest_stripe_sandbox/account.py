"""One account of a running sandbox, as a test drives it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from . import page, web

# Stripe's own form of a key: this, and 24 or more letters and digits.
_SECRET, _PUBLISHABLE = "sk_test_", "pk_test_"


class SandboxError(Exception):
    """The sandbox refused what a test ordered; the message is the sandbox's."""


@dataclass(frozen=True)
class SignedEvent:
    """A webhook as Stripe posts it: the body and headers that are signed together."""

    body: bytes
    headers: dict[str, str]

    @property
    def event(self) -> dict[str, Any]:
        """The event in the body."""
        return json.loads(self.body.decode("utf-8"))

    @property
    def type(self) -> str:
        """The event's type, such as `charge.succeeded`."""
        return self.event["type"]

    @property
    def signature(self) -> str:
        """The header `Stripe-Signature`."""
        return self.headers["Stripe-Signature"]

    @property
    def environ(self) -> dict[str, str]:
        """The headers as WSGI names them, for `client.post(path, body, content_type, **environ)` of any Django."""
        names = {name: name.upper().replace("-", "_") for name in self.headers if name.lower() != "content-type"}
        return {"HTTP_" + names[name]: self.headers[name] for name in names}


class Sandbox:
    """An account of its own in a sandbox: no other test sees its objects, events, faults or clock.

    `api_base` is the sandbox's address without a trailing slash. Methods raise SandboxError for what the sandbox
    refuses, and OSError where it does not answer.
    """

    def __init__(self, api_base: str, secret_key: str) -> None:
        self.api_base = api_base.rstrip("/")
        self.secret_key = secret_key
        found = self.control("account")
        self.publishable_key: str = found["publishable_key"]
        self.webhook_secret: str = found["webhook_secret"]
        self.account_id: str = found["account"]
        self.api_version: str = found["api_version"]

    @classmethod
    def fresh(cls, api_base: str) -> Sandbox:
        """Return a new and empty account."""
        return cls(api_base, _SECRET + secrets.token_hex(16))

    @property
    def host(self) -> str:
        """The name of the sandbox's machine, for libraries that take it apart from the port."""
        return urlsplit(self.api_base).hostname or ""

    @property
    def port(self) -> int:
        """The sandbox's port."""
        return urlsplit(self.api_base).port or 80

    @property
    def checkout_js(self) -> str:
        """The address of the legacy card dialog's script: the `src` in place of checkout.stripe.com's."""
        return f"{self.api_base}/checkout.js"

    @property
    def now(self) -> int:
        """The account's time, in seconds since 1970: the real time, and what `advance` added."""
        return int(self.control("account")["now"])

    # --- Webhooks --------------------------------------------------------------------------------------------

    def webhooks(self, ahead: float = 0) -> list[SignedEvent]:
        """Return each event that is due and was not returned yet, signed; each counts as answered with 200.

        `ahead`: seconds to look into the future, for what Stripe does a little later.
        """
        found = self.control("deliveries", ahead=ahead)["deliveries"]
        return [SignedEvent(each["body"].encode("utf-8"), dict(each["headers"])) for each in found]

    def deliver(self, receive: str | Callable[[SignedEvent], int], ahead: float = 0) -> list[int]:
        """Hand each event that is due to an address or a function, in order; return the statuses it answered with."""
        if callable(receive):
            return [receive(event) for event in self.webhooks(ahead)]
        return [web.send(receive, event.body, event.headers).status for event in self.webhooks(ahead)]

    def post_webhooks_to(self, url: str) -> None:
        """Have the sandbox post further events to an address by itself, with retries; "" is nowhere.

        Only for a sandbox that delivers (the option `stripe_sandbox_deliveries = thread`).
        """
        self.control("webhook", url=url)

    def webhook_attempts(self, limit: int = 100) -> list[dict[str, Any]]:
        """Return the last attempts to bring events to their endpoints, oldest first, with the status of each answer."""
        return self.control("attempts", limit=limit)["attempts"]

    # --- What happens at Stripe ------------------------------------------------------------------------------

    def fault(self, effect: str, times: int = 1) -> None:
        """Order a fault for the next calls (500, 429, timeout_before, timeout_after, drop) or deliveries.

        Those of deliveries are delay, double, reorder, tamper and lose.
        """
        self.control("faults", effect=effect, times=times)

    def no_faults(self) -> None:
        """Take back the faults that were ordered and did not happen yet."""
        self.control("faults", effect="none")

    def advance(self, seconds: float) -> dict[str, Any]:
        """Let time pass by this account's clock: sessions and vouchers expire, refunds and disputes become final.

        What happened is listed under `happened`, in order, and the account's time afterwards is `now`.
        """
        return self.control("advance", seconds=seconds)

    def pay(self, url: str, card: str = "4242424242424242", **fields: str) -> str:
        """Fill in and submit the hosted page at a session's `url`; return the address to which it leads back.

        `fields` are filled in otherwise than usual, such as email, billingName or cardCvc. Raises SandboxError with
        what the page says where it does not take the payment.
        """
        filled = {"email": "customer@example.com", "billingName": "A Customer", "cardNumber": card}
        filled.update({"cardExpiry": "12 / 40", "cardCvc": "123"}, **fields)
        answer = page.submit(url.partition("#")[0], filled)
        if not answer.location:
            raise SandboxError(page.complaint(answer.text) or f"The page answered {answer.status}.")
        return answer.location

    # --- What was sent ---------------------------------------------------------------------------------------

    def requests(self, limit: int = 100) -> list[dict[str, Any]]:
        """Return the last calls of the API that this account's keys made, oldest first, without secrets."""
        return self.control("requests", limit=limit)["requests"]

    def clear(self) -> None:
        """Delete all that this account has stored; its keys and secret stay."""
        self.control("clear")

    def control(self, action: str, **form: object) -> dict[str, Any]:
        """Carry out one action of the control addresses, and return its answer."""
        answer = web.form(f"{self.api_base}/sandbox/control/{action}/", form, key=self.secret_key)
        try:
            found = json.loads(answer.text)
        except ValueError:
            raise SandboxError(f"{self.api_base} is no sandbox: it answered {answer.status} to {action!r}.") from None
        if answer.status != 200:
            raise SandboxError(found.get("error", {}).get("message", answer.text))
        return found
