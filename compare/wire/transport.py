"""Records the calls to Stripe, around whatever client carries them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from bbs.payments.client import ClientWrapper
from bbs.payments.context import current_payment
from compare.wire.gathering import record_call
from compare.wire.messages import Call
from compare.wire.recorder import Recorded, Stopwatch


class WatchedClient(ClientWrapper):
    """Shows each request, with its answer or the reason why none came, to `seen`."""

    def seen(self, call: Call, watch: Stopwatch) -> None:
        """Take down a call that was answered, or failed."""
        raise NotImplementedError

    def request_with_retries(
        self, method: str, url: str, headers: Mapping[str, str], post_data: object = None, *args: Any, **kwargs: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        watch, error = Stopwatch(), ""
        status: int | None = None
        answer: str | None = None
        answer_headers: Mapping[str, str] = {}
        try:
            answer, status, answer_headers = super().request_with_retries(
                method, url, headers, post_data, *args, **kwargs
            )
            return answer, status, answer_headers
        except Exception as failed:  # whatever it is: only its name is recorded, and it is raised on
            error = type(failed).__name__
            raise
        finally:
            call = Call(
                method=method,
                url=url,
                headers=headers,
                body=post_data,
                status=status,
                answer=answer,
                answer_headers=answer_headers,
                error=error,
            )
            self.seen(call, watch)


class RecordingClient(WatchedClient):
    """Record each request that is about a payment."""

    def seen(self, call: Call, watch: Stopwatch) -> None:
        payment = current_payment()
        if settings.RECORD_WIRE and payment:
            record_call(Recorded(payment, call, watch.read()))
