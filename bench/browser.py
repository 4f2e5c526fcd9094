"""A browser for the measurements: one kept connection, cookies, and the hidden fields of the forms it was given."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"
# Seconds of silence after which the connection is made anew: gunicorn closes it after two.
STALE = 1.0


@dataclass(frozen=True)
class Page:
    """What was answered, and when the request was sent and how long its answer took, in seconds."""

    status: int
    headers: dict[str, str]
    text: str
    began: float
    took: float

    @property
    def where(self) -> str:
        """Where a redirect leads, on this server."""
        parts = urlsplit(self.headers["location"])
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def fields(self, *names: str) -> dict[str, str]:
        """Return these hidden fields of the page's forms."""
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.text)
        return {name: unescape(value) for name, value in found if name in names}


@dataclass
class Browser:
    """Somebody with cookies of their own at `localhost`; no redirect is followed."""

    port: int
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def __post_init__(self) -> None:
        self._connection, self._used = HTTPConnection("127.0.0.1", self.port, timeout=60), 0.0

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Page:
        return self._ask("POST", path, urlencode(fields), {"Content-Type": FORM, **headers})

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Page:
        if time.perf_counter() - self._used > STALE:
            self.close()
        began = time.perf_counter()
        self._connection.request(method, path, body, {"Host": "localhost", "Cookie": self.cookie, **headers})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self._used = time.perf_counter()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(value)
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Page(answer.status, named, text, began, self._used - began)
