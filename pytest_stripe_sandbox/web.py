"""HTTP with the standard library: no proxy of the environment is asked, and no redirect is followed."""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What a server answered; `location` is empty unless it is a redirect."""

    status: int
    text: str
    location: str = ""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow none: the answer is the redirect."""


def browser() -> urllib.request.OpenerDirector:
    """Return what sends requests and keeps cookies between them."""
    handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar()), _Stay()]
    return urllib.request.build_opener(*handlers)


def send(
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    by: urllib.request.OpenerDirector | None = None,
) -> Answer:
    """Send a request, a POST where there is a body, and return the answer whatever its status.

    Raises OSError where there is none, and ValueError for what is no address of the web.
    """
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is no address of the web.")
    request = urllib.request.Request(url, body, dict(headers or {}))  # noqa: S310  (checked above)
    try:
        response = (by or browser()).open(request, timeout=SECONDS)
    except urllib.error.HTTPError as refused:
        response = refused
    with response:
        text = response.read().decode("utf-8", "replace")
        return Answer(response.getcode(), text, response.headers.get("Location", ""))


def form(url: str, fields: Mapping[str, object], *, key: str) -> Answer:
    """Post a form with a secret key, as stripe-python does."""
    credentials = base64.b64encode(f"{key}:".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/x-www-form-urlencoded"}
    return send(url, urlencode(fields).encode(), headers)
