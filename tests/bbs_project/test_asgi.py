"""What ends in a bare 500 before any middleware of Django's is answered by our own page, over ASGI too."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.testing import ApplicationCommunicator

from bbs_project.asgi import application

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


async def ask(query: bytes, content_type: bytes) -> int:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": "/",
        "query_string": query,
        "headers": [(b"host", b"localhost"), (b"content-type", content_type)],
    }
    site = ApplicationCommunicator(application, scope)
    await site.send_input({"type": "http.request", "body": b""})
    started = await site.receive_output(timeout=30)
    await site.wait(timeout=30)
    return started["status"]


@pytest.mark.parametrize(
    "kind", [b"a/b; charset=idna", b"a/b; charset=utf-8", b"a/b; x*=none''y", b"a/b; charset=\xff"]
)
def test_no_charset_keeps_a_request_from_its_answer(kind: bytes) -> None:
    assert asyncio.run(ask(b"&".join([b"a=1"] * 1100), kind)) == 400
