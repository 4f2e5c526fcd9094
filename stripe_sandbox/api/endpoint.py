"""The API over HTTP."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from stripe_sandbox import conf

from . import answering
from .calls import Call, pretty
from .routes import Route


@csrf_exempt
def endpoint(request: HttpRequest, table: Iterable[Route]) -> HttpResponse:
    """Answer a call of the API. No cookie counts here, only the key: there is no form to forge."""
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
    """Break the connection, at once or after a long silence; what is returned reaches nobody."""
    if how == "timeout":
        time.sleep(conf.get("FAULT_TIMEOUT"))
    if connection := _socket(request):
        connection.shutdown(socket.SHUT_RDWR)
    return HttpResponse(status=504)


def _socket(request: HttpRequest) -> socket.socket | None:
    """Return the socket the request came by, where the server lets one see it."""
    if "gunicorn.socket" in request.META:
        return request.META["gunicorn.socket"]
    # Django's own server: a limited stream around the reader of the socket.
    limited = request.META.get("wsgi.input")
    reader = getattr(getattr(limited, "_read", None), "__self__", None)
    connection = getattr(getattr(reader, "raw", None), "_sock", None)
    return connection if isinstance(connection, socket.socket) else None
