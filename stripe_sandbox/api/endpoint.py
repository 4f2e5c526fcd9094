"""The API over HTTP."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from stripe_sandbox import conf

from . import answering
from .calls import Call, pretty
from .routes import Route

# So many calls of this process may be silent at once: a server with four threads goes on answering.
_silent = threading.BoundedSemaphore(2)


@csrf_exempt
def endpoint(request: HttpRequest, table: Iterable[Route]) -> HttpResponse:
    """Answer a call of the API. No cookie counts here, only the key; the middleware refuses other origins' pages."""
    answer = answering.answer(call_of(request), table)
    if answer.drop:
        return _broken(request, answer.drop)
    return HttpResponse(pretty(answer.body), status=answer.status, headers=answer.headers)


def call_of(request: HttpRequest) -> Call:
    """Return a request to this server as a call of the API."""
    return Call.to(
        request.method or "GET",
        f"{request.path}?{request.META.get('QUERY_STRING', '')}",
        request.headers,
        _body(request),
        client_ip=request.META.get("REMOTE_ADDR", ""),
    )


def _body(request: HttpRequest) -> bytes | None:
    try:
        return request.body
    except RequestDataTooBig:
        return None


def _broken(request: HttpRequest, how: str) -> HttpResponse:
    """Break the connection, at once or after a long silence; 504 where the server does not let one see it.

    The silence is skipped while others keep it already.
    """
    if how == "timeout" and _silent.acquire(blocking=False):
        try:
            time.sleep(conf.get("FAULT_TIMEOUT"))
        finally:
            _silent.release()
    if connection := _connection(request):
        with contextlib.suppress(OSError):  # the caller did not wait so long
            connection.shutdown(socket.SHUT_RDWR)
    return HttpResponse(status=504)


def _connection(request: HttpRequest) -> socket.socket | None:
    """Return the connection that a request came by, where the server shows it, as gunicorn and waitress do."""
    channel = getattr(request.META.get("waitress.client_disconnected"), "__self__", None)
    return request.META.get("gunicorn.socket") or getattr(channel, "socket", None)
