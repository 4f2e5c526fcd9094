"""Reach the sandbox without a network: a client for stripe-python that calls it in process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Mapping
from io import BytesIO
from typing import Any

import stripe
from django.db import connections
from django.utils.datastructures import CaseInsensitiveMapping

from . import conf
from .api import answering
from .api.calls import Call
from .resources import addresses

_BROKEN = {
    "timeout": "Request timed out. A fault of the sandbox let this call time out.",
    "reset": "Connection reset by peer. A fault of the sandbox broke this connection.",
}


class InProcessClient(stripe.HTTPClient):
    """Hand each request to the sandbox in this process: no port, no second server, no request signals."""

    name = "stripe_sandbox"

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **kwargs: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        """Return body, status and headers; raises `stripe.APIConnectionError` where a fault breaks the line."""
        body = post_data.encode() if isinstance(post_data, str) else post_data or b""
        answer = answering.answer(Call.to(method, url, headers or {}, body), addresses.ROUTES)
        if answer.drop:
            raise stripe.APIConnectionError(_BROKEN[answer.drop], should_retry=True)
        return answer.body, answer.status, CaseInsensitiveMapping(answer.headers)

    def request_stream(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **kwargs: Any
    ) -> tuple[BytesIO, int, Mapping[str, str]]:
        body, status, answered = self.request(method, url, headers, post_data)
        return BytesIO(body.encode()), status, answered

    def close(self) -> None:
        """Do nothing: there is no connection."""

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None, **kwargs: Any
    ) -> tuple[bytes, int, Mapping[str, str]]:
        body, status, answered = await asyncio.to_thread(self._in_thread, method, url, headers, post_data)
        return body.encode(), status, answered

    def _in_thread(self, *args: Any) -> tuple[str, int, Mapping[str, str]]:
        """Make a request in a thread that is not Django's: no other code closes its connection."""
        try:
            return self.request(*args)
        finally:
            connections[conf.DATABASE].close()

    async def request_stream_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None, **kwargs: Any
    ) -> tuple[AsyncIterable[bytes], int, Mapping[str, str]]:
        body, status, answered = await self.request_async(method, url, headers, post_data)

        async def whole() -> AsyncIterable[bytes]:
            yield body

        return whole(), status, answered

    async def close_async(self) -> None:
        """Do nothing: there is no connection."""

    def sleep_async(self, secs: float) -> Any:
        return asyncio.sleep(secs)
