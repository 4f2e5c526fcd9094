"""Mixed requests over all addresses, methods, headers and bodies: no answer may be a 5xx of our own making.

The addresses are those of the URL resolver, the fields those of the pages' forms and of the API's parameters, and the
ids those that answers have shown: what is added to the site is fuzzed without being listed here.
"""

from __future__ import annotations

import io
import json
import logging
import random
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, quote_from_bytes, unquote_to_bytes, urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

import stripe
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize

from tests.stage import stripe_side
from tests.stage.stories import signed

FORM = "application/x-www-form-urlencoded"
ROUND = 200  # requests after which all visitors begin anew: one may have logged out or cleared the sandbox
VALUES_KEPT = 20

# Text that has broken something somewhere.
JUNK = [
    "", "\x00", "a\x00b", "0", "-1", "1.5", "1e400", "NaN", "9" * 25, "9" * 5000, str(2**63), "-" + "9" * 30, "٣",
    "a" * 300, "a" * 3000, "あ" * 2500, "\ufffd", "\ufeff{}", "\u202e\u0301\ufe0f", "\U0001f600", "\r\nSet-Cookie: a=b",
    "' OR 1=1 --", "%", "%00", "%ff", "_", "../../etc/passwd", "<h1><script>", "{{7*7}}", "[]", "a[b]", "a[[b]]",
    "http://[", "http://[x]/", "http://℀.com/", "http://a:99999999/", "//evil.example", "javascript:alert(1)",
    "a@" + "b." * 300, "1" + " " * 3000 + "x", "tok_" + "a" * 300, "4242424242424242", "2026-13-40", "jpy", "true",
]  # fmt: skip
# Bytes that no text has: half of a surrogate pair, Latin-1, an overlong NUL.
BYTES = [b"\xff", b"\xed\xa0\x80", b"\xe9", b"\xc0\x80", b"\xef\xbb\xbf{}"]
METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "FOO", "A" * 300]
HEADERS: dict[str, list[str]] = {
    "Host": [
        "localhost", "localhost:65535", "localhost:65536", "localhost:99999999", "localhost:" + "0" * 300 + "80",
        "127.0.0.1", "[::1]:80", "evil.example", "", "localhost\x00", "a" * 300, "localhost:x", "[::1", "LOCALHOST",
    ],
    "Accept": ["application/json", "*/*", "text/html", "text/html; x*=none'en'x", "a" * 3000, ";;;", "*/*;q=NaN"],
    "Accept-Language": ["ja", "en", "x" * 3000, "en;q=\x00", "*", "ja-JP-x-" + "y" * 500],
    "Authorization": ["Basic !", "Basic " + "A" * 3000, "Bearer", "Bearer \xff", "Basic AAAA", "Digest x"],
    "Content-Length": ["abc", "-1", "9" * 5000, "", "1"],
    "Idempotency-Key": ["k", "k" * 300, "\xe9", "\x00"],
    "If-Modified-Since": ["x", "Mon, 99 Foo 2026 00:00:00 GMT"],
    "Origin": ["null", "http://evil.example", "http://[", "\x00"],
    "Range": ["bytes=0-1", "bytes=9-1", "bytes=" + "9" * 5000 + "-"],
    "Referer": ["http://localhost/", "http://[", "x" * 3000, "\xff"],
    "Sandbox-Fault": ["500", "429", "drop", "timeout_before", "timeout_after", "nonsense", "\x00"],
    "Sec-Fetch-Site": ["cross-site", "same-origin", "\x00"],
    "Stripe-Account": ["acct_1", "\x00"],
    "Stripe-Signature": ["t=1,v1=a", "t=" + "9" * 5000 + ",v1=a", "\xff", "t=,v1=", "v1=" * 3000],
    "Stripe-Version": ["2020-08-27", "x" * 3000],
    "User-Agent": ["x" * 3000, "\xff\x00"],
    "X-Forwarded-For": ["1.2.3.4", "1.2.3.4, x", "," * 3000, "\x00", "[::1]:80"],
    "X-Forwarded-Host": ["evil.example"],
    "X-Forwarded-Proto": ["https", "x"],
    "X-Requested-With": ["XMLHttpRequest"],
}  # fmt: skip
KINDS = [
    "text/plain", "", "a/b; charset=idna", "a/b; charset=punycode", "a/b; charset=utf-7", "a/b; charset=rot13",
    *(f"{FORM}; charset={name}" for name in ("utf-8", "utf8", "UTF-8", "shift_jis", "undefined", "\x00", '"', "")),
    "multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=" + "x" * 3000,
    "application/json; charset=utf-16", "a/b; x*=none''y", "a/b; charset*=idna''%ff", ";" * 3000, "application/xml",
]  # fmt: skip
COOKIES = [
    "\\000", '"\\000a"', '"\\000' + "a" * 40 + '"', "a" * 3000, "\xff", '"', "a:b:c", "W10:1a:x", "en", "ja", "xx\\000",
]  # fmt: skip
_IDS = re.compile(
    r"\b(?:[a-z]{2,4}|acct|price|prod|card|txn|seti)_(?:test_|live_)?\w{8,80}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b"
)
_FIELD = re.compile(
    r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]{1,60})"(?:[^>]*?\bvalue="([^"]{0,2000})")?'
)
_FORM = re.compile(r"<form\b([^>]{0,500})>(.{0,6000}?)</form>", re.DOTALL)
_ACTION = re.compile(r'\baction="([^"]{1,500})"')
_LINK = re.compile(r'\b(?:href|action|src)="([^"#]{1,500})')


@dataclass(frozen=True)
class Request:
    """A request as it goes over the wire; the address is percent-encoded, headers are Latin-1."""

    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def environ(self) -> dict[str, Any]:
        path, _mark, query = self.address.partition("?")
        environ = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(self.body)),
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "wsgi.input": io.BytesIO(self.body),
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        setup_testing_defaults(environ)
        return environ

    def curl(self, origin: str = "http://localhost:8000") -> str:
        """Return a command that sends the same."""
        words = ["curl", "-i", "--path-as-is", "-X", self.method]
        for name, value in self.headers.items():
            words += ["-H", f"{name}: {value}" if value else f"{name};"]
        command = " ".join(shlex.quote(word) for word in [*words, origin + self.address])
        return f"{command} --data-binary {_in_shell(self.body)}" if self.body else command


def _in_shell(body: bytes) -> str:
    return "$'" + "".join(chr(b) if 32 <= b < 127 and chr(b) not in "'\\" else f"\\x{b:02x}" for b in body) + "'"


@dataclass(frozen=True)
class Response:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]


@dataclass(frozen=True)
class Failure:
    """A request that was answered as none may be, and how."""

    number: int
    request: Request
    what: str

    def __str__(self) -> str:
        return f"request {self.number}: {self.what}\n  {self.request.curl()[:5000]}"


@dataclass(frozen=True)
class Target:
    """An address of the resolver: a template with `%(name)s` in it; for the API also a method and parameters."""

    template: str
    names: tuple[str, ...]
    method: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


def targets() -> list[Target]:
    """Return all addresses of the site, and of the API's table of routes."""
    return list(dict.fromkeys(_targets(get_resolver(), "/", ())))


def _targets(resolver: URLResolver, before: str, known: tuple[str, ...]) -> Iterator[Target]:
    for each in resolver.url_patterns:
        for template, names in normalize(each.pattern.regex.pattern.removeprefix("^")):
            if isinstance(each, URLResolver):
                yield from _targets(each, before + template, (*known, *names))
                continue
            yield Target(before + template, (*known, *names))
            for route in each.default_args.get("table", ()):
                path = re.sub(r"\{(\w+)\}", r"%(\1)s", route.path)
                own = tuple(re.findall(r"\{(\w+)\}", route.path))
                yield Target(path, own, route.method, tuple(_flat(route.params)))


def _flat(parameters: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield a name in brackets and a value that fits, for each parameter of the API."""
    for key, parameter in parameters.items():
        name = f"{prefix}[{key}]" if prefix else key
        if fields := getattr(parameter, "fields", None):
            yield from _flat(fields, name)
        elif item := getattr(parameter, "item", None):
            yield from _flat({"0": item}, name)
        else:
            choices = getattr(parameter, "choices", ())
            yield name, choices[0] if choices else FITTING.get(type(parameter).__name__, "x")


FITTING = {
    "Integer": "2000",
    "Currency": "jpy",
    "Url": "http://localhost/there/",
    "Email": "hanako@example.com",
    "Boolean": "true",
}


@dataclass(frozen=True)
class SeenForm:
    """A form as a page showed it."""

    address: str
    method: str
    fields: tuple[tuple[str, str], ...]


# What a person fills in, in any field.
FILLED_IN = [
    "4242424242424242",
    "4000000000000002",
    "4000000000003220",
    "12 / 40",
    "123",
    "hanako@example.com",
    "1",
    "はい",
]


class Browser:
    """Somebody with cookies, and the forms that they have seen."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.cookies: dict[str, str] = {}
        self.authorization = ""
        self.is_staff = False
        self.forms: dict[str, SeenForm] = {}  # by where they lead: some are on every page

    def send(self, request: Request) -> Response:
        said: list[Any] = []
        answer = self.application(request.environ(), lambda status, headers, *_: said.extend([status, headers]))
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        response = Response(int(said[0].split()[0]), said[1], body)
        for line in response.all("set-cookie"):
            cookie = SimpleCookie(line)
            self.cookies |= {name: morsel.value for name, morsel in cookie.items()}
        return response

    def cookie_header(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def get(self, address: str) -> Response:
        return self.send(Request("GET", address, self.cookie_header()))

    def post(self, address: str, form: Mapping[str, str]) -> Response:
        form = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **form}
        return self.send(
            Request("POST", address, self.cookie_header() | {"Content-Type": FORM}, urlencode(form).encode())
        )


def _token(browser: Browser) -> str:
    """Return the field that shows a form to be from our own page; the API's addresses have no use for it."""
    return urlencode({"csrfmiddlewaretoken": browser.cookies.get("csrftoken", "")} if not browser.authorization else {})


def in_no_hurry() -> override_settings:
    """Return settings with which faults and retries take no time, and no limit ends what a visitor does."""
    limits = ("BOARD_POSTS_PER_MINUTE", "ORDERS_PER_MINUTE", "CARD_ATTEMPTS_PER_ORDER")
    return override_settings(
        STRIPE_HTTP_CLIENT="tests.stage.transports.Impatient",
        STRIPE_SANDBOX={**getattr(settings, "STRIPE_SANDBOX", {}), "FAULT_TIMEOUT": 0},
        **dict.fromkeys(limits, 0),
    )


class Fuzz:
    """Sends requests at random, the same ones for the same seed but for the ids that the site itself makes."""

    def __init__(self, application: Callable[..., Iterable[bytes]], seed: int) -> None:
        self.application = application
        self.random = random.Random(seed)
        self.targets = targets()
        self.ids: list[str] = ["1", "2"]
        self.fields: dict[str, list[str]] = {}
        self.statuses: dict[int, int] = {}
        self.errors: list[str] = []
        self.traceback = ""
        self.events: list[stripe_side.Delivery] = []

    def run(self, count: int) -> Iterator[Failure]:
        """Send so many requests; yields those that were answered by a 5xx, or led to an error in the log."""
        people: list[Browser] = []
        for number in range(count):
            if number % ROUND == 0:
                people = self._people()
            browser = self.random.choice(people)
            request = self._request(browser)
            cookies = dict(browser.cookies)
            with self._log_read():
                try:
                    response = browser.send(request)
                    what = self._fault_of(request, response)
                except Exception as error:
                    # Whatever it is: before any middleware it ends the request without an answer.
                    response, what = None, f"{type(error).__name__}: {error}"
            if self.random.random() < 0.8:
                browser.cookies = cookies
            if response:
                self.statuses[response.status] = self.statuses.get(response.status, 0) + 1
                self._learn(response, browser, request.address)
                if browser.is_staff and any("/admin/login/" in place for place in response.all("location")):
                    self._log_in(browser)
            if what or self.errors:
                yield Failure(number, request, "\n".join(filter(None, [what, *self.errors])))
                self.errors.clear()

    # --- What is right ----------------------------------------------------------------------------------------

    def _fault_of(self, request: Request, response: Response) -> str:
        is_api = re.match(r"/v1(?![^/?])|/sandbox/control(?![^/?])", request.address) is not None
        kind = (response.all("content-type") or [""])[0]
        if is_api and response.status >= 400 and response.body and not kind.startswith("application/json"):
            return f"{response.status} of the API is {kind}"
        if response.status < 500:
            return ""
        if is_api:
            ordered = b"fault you ordered" in response.body or (response.status == 504 and not response.body)
            return "" if ordered else f"{response.status} {response.body[:300]!r}"
        return "" if response.status in (502, 503) else f"{response.status} {self.traceback}"

    @contextmanager
    def _log_read(self) -> Iterator[None]:
        """Take errors in the log for failures too: a record that could not be written fails no request."""
        handler = logging.Handler(logging.ERROR)
        handler.emit = self._note  # type: ignore[method-assign]
        loggers = [logging.getLogger(name) for name in ("bbs", "compare", "stripe_sandbox", "django")]
        for logger in loggers:
            logger.addHandler(handler)
        try:
            yield
        finally:
            for logger in loggers:
                logger.removeHandler(handler)

    def _note(self, record: logging.LogRecord) -> None:
        text = logging.Formatter("%(name)s %(message)s").format(record)[-1500:]
        if record.name == "django.request":  # the answer is judged by itself
            self.traceback = text
        elif not record.name.startswith("django.security"):
            self.errors.append(text)

    # --- Who asks ---------------------------------------------------------------------------------------------

    def _people(self) -> list[Browser]:
        """Return a stranger, a visitor with payments in both flows, a member of staff, and two clients of the API."""
        stranger, visitor, staff, shop, page = (Browser(self.application) for _ in range(5))
        for somebody in (stranger, visitor):
            self._learn(somebody.get("/"), somebody, "/")
        for flow in ("modern", "legacy"):
            self._buy(visitor, flow)
        self._log_in(staff)
        for target in self.targets:
            if target.template.startswith("/admin/") and not target.names and "logout" not in target.template:
                self._learn(staff.get(target.template), staff, target.template)
        shop.authorization = f"Bearer {settings.STRIPE_SECRET_KEY}"
        page.authorization = f"Bearer {settings.STRIPE_PUBLISHABLE_KEY}"
        return [stranger, visitor, visitor, staff, staff, shop, shop, page]

    def _log_in(self, staff: Browser) -> None:
        users = get_user_model().objects
        users.filter(username="fuzz").delete()
        client = Client()
        client.force_login(users.create_superuser("fuzz", "fuzz@example.com", "fuzz"))
        staff.is_staff = True
        staff.cookies |= {name: morsel.value for name, morsel in client.cookies.items()}

    def _buy(self, visitor: Browser, flow: str) -> None:
        visitor.get("/")
        visitor.post("/flow/", {"flow": flow})
        board = visitor.get("/")
        self._learn(board, visitor, "/")
        found = re.search(rb'name="order" value="([^"]*)"', board.body)
        if not found:
            return  # nothing is for sale any more
        form = {"order": unescape(found[1].decode())}
        if flow == "legacy":
            card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
            try:
                form["stripeToken"] = stripe.Token.create(card=card, api_key=settings.STRIPE_PUBLISHABLE_KEY).id
            except stripe.StripeError:
                return  # a fault that was ordered
        answer = visitor.post("/checkout/", form)
        for address in answer.all("location"):
            parts = urlsplit(address)
            if parts.netloc in ("", "localhost"):
                self._learn(visitor.get(parts.path), visitor, parts.path)

    def _learn(self, response: Response, browser: Browser, address: str) -> None:
        """Take down the ids, the fields, the links and the forms that an answer shows."""
        text = response.body[:60_000].decode("utf-8", "replace") + " ".join(response.all("location"))
        for one in _IDS.findall(text)[:30]:
            self._keep(self.ids, one, 300)
        for name, value in _FIELD.findall(text)[:60]:
            self._keep(self.fields.setdefault(unescape(name), [""]), unescape(value), VALUES_KEPT)
        for head, inner in _FORM.findall(text)[:10]:
            action = _ACTION.search(head)
            fields = tuple((unescape(name), unescape(value)) for name, value in _FIELD.findall(inner)[:40])
            method = "POST" if "post" in head.lower() else "GET"
            place = unescape(action[1]) if action else address
            browser.forms[_IDS.sub("", place.partition("?")[0])] = SeenForm(place, method, fields)
        for link in _LINK.findall(text)[:60]:
            for name, value in parse_qsl(urlsplit(unescape(link)).query):
                self._keep(self.fields.setdefault(name, [""]), value, VALUES_KEPT)

    def _keep(self, known: list[str], value: str, most: int) -> None:
        if value in known:
            return
        if len(known) < most:
            known.append(value)
        else:
            known[self.random.randrange(most)] = value

    # --- What is asked ----------------------------------------------------------------------------------------

    def _request(self, browser: Browser) -> Request:
        if self.random.random() < 0.05 and (event := self._event()):
            return event
        if browser.forms and self._seldom(0.35):
            return self._filled(browser)
        target = self._target(browser)
        method = target.method or self.random.choice(["GET", "GET", "POST", "POST", "POST"])
        if self._seldom(0.08):
            method = self.random.choice(METHODS)
        address = self._path(target)
        if self._seldom(0.4 if method != "POST" else 0.15):
            address += "?" + self._query(target)
        headers = self._headers(browser)
        kind, body = self._body(target, browser) if method not in ("GET", "HEAD") or self._seldom(0.05) else ("", b"")
        if kind and "Content-Type" not in headers:
            headers["Content-Type"] = kind
        return Request(method, address, headers, body)

    def _filled(self, browser: Browser) -> Request:
        """Return a form that the browser has seen, with a few of its fields filled in anew."""
        form = browser.forms[self.random.choice(sorted(browser.forms))]
        fields = dict(form.fields)
        for name in self.random.sample(sorted(fields), min(len(fields), self.random.randint(0, 2))):
            fields[name] = self._text([*self.fields.get(name, []), *FILLED_IN, *self.ids[-2:]])
        written, headers = self._written([*fields.items()]), self._headers(browser)
        address = urlsplit(form.address)._replace(scheme="", netloc="", fragment="").geturl() or "/"
        if form.method == "GET":
            return Request("GET", f"{address.partition('?')[0]}?{written}", headers)
        return Request("POST", address, {"Content-Type": FORM, **headers}, f"{written}&{_token(browser)}".encode())

    def _written(self, fields: list[tuple[str, str]]) -> str:
        return "&".join(f"{self._encoded(name)}={self._encoded(value)}" for name, value in fields)

    def _target(self, browser: Browser) -> Target:
        """Return an address: mostly of the API for who has a key, of the admin for staff alone."""
        wants_api = bool(browser.authorization) != self._seldom(0.1)
        may_enter = browser.is_staff or self._seldom(0.1)
        fitting = [
            one
            for one in self.targets
            if bool(one.method) == wants_api and (may_enter or not one.template.startswith("/admin/"))
        ]
        return self.random.choice(fitting or self.targets)

    def _seldom(self, share: float) -> bool:
        return self.random.random() < share

    def _path(self, target: Target) -> str:
        values = {}
        for name in target.names:
            value = self._text(self.ids if self._seldom(0.8) else JUNK)
            values[name] = self._encoded(value, safe="/" if self._seldom(0.2) else "")
        path = quote(target.template, safe="/%()") % values
        if self._seldom(0.02):
            path += self.random.choice(["/", "//", "%00", "%ff", "%ed%a0%80", "%2f..", "a" * 3000, ";x", "%0d%0a"])
        return path

    def _encoded(self, value: str, safe: str = "") -> str:
        if self._seldom(0.03):
            return quote_from_bytes(self.random.choice(BYTES))
        return quote(value, safe=safe, errors="replace")

    def _text(self, fitting: list[str]) -> str:
        return self.random.choice(fitting if fitting and not self._seldom(0.25) else JUNK)

    def _fields(self, target: Target) -> list[tuple[str, str]]:
        if target.parameters and not self._seldom(0.05):
            chosen = [one for one in target.parameters if "[" not in one[0] or self._seldom(0.3)]
            chosen = chosen if self._seldom(0.3) else self.random.sample(chosen, min(len(chosen), 4))
            return [(name, self._text([fits, fits, *self.ids[-3:]])) for name, fits in chosen]
        names = self.random.sample(sorted(self.fields), min(len(self.fields), self.random.randint(1, 6)))
        if self._seldom(0.05):
            names.append(self._text([]))
        return [(name, self._text(self.fields.get(name, []) + self.ids[-2:])) for name in names]

    def _query(self, target: Target) -> str:
        if self._seldom(0.02):
            return "&".join(["a=1"] * 1100)
        return self._written(self._fields(target))

    def _headers(self, browser: Browser) -> dict[str, str]:
        headers = browser.cookie_header()
        if self._seldom(0.1):
            name = self.random.choice(["sessionid", "messages", "django_language", "csrftoken", "visitor", "x"])
            headers["Cookie"] = f"{name}={self.random.choice(COOKIES)}"
        if browser.authorization and not self._seldom(0.05):
            headers["Authorization"] = browser.authorization
        for name in self.random.sample(sorted(HEADERS), 1 if self._seldom(0.4) else 0):
            headers[name] = self.random.choice(HEADERS[name])
        if self._seldom(0.08):
            headers["Content-Type"] = self.random.choice(KINDS)
        return headers

    def _body(self, target: Target, browser: Browser) -> tuple[str, bytes]:
        fields = self._fields(target)
        style = self.random.choices(["form", "json", "multipart", "odd"], [75, 8, 8, 9])[0]
        if style == "form":
            return FORM, f"{self._written(fields)}&{_token(browser)}".encode()
        if style == "json":
            return "application/json", json.dumps(dict(fields), ensure_ascii=self._seldom(0.5)).encode(errors="replace")
        if style == "multipart":
            fields.append(("csrfmiddlewaretoken", browser.cookies.get("csrftoken", "")))
            parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields)
            return "multipart/form-data; boundary=x", f"{parts}--x--\r\n".encode(errors="replace")
        return self.random.choice(["application/json", FORM, "text/plain", ""]), self._odd_body()

    def _odd_body(self) -> bytes:
        makers: list[Callable[[], bytes]] = [
            lambda: b"[" * 5000 + b"]" * 5000,
            lambda: b'{"a":' * 1000,
            lambda: b'{"order":"\\ud800:a:b","product":"\\u0000"}',
            lambda: b'\xef\xbb\xbf{"quantity":1}',
            lambda: b"a=1&" * 1100,
            lambda: b"a" * 60_000,
            lambda: b"x" * 3_000_000,
            lambda: self.random.randbytes(200),
            lambda: self.random.choice(BYTES),
            lambda: self.random.choice([b"[]", b"1", b'"x"', b"null", b"{}", b"", b'{"quantity":[1],"product":{}}']),
        ]
        return self.random.choice(makers)()

    def _spoiled(self, event: dict[str, Any]) -> dict[str, Any]:
        """Put an odd value into a field of an event, at any depth, or take one out of it."""
        node: dict[str, Any] = event
        while True:
            name = self.random.choice(sorted(node))
            if not (isinstance(node[name], dict) and node[name] and self._seldom(0.8)):
                break
            node = node[name]
        if self._seldom(0.2):
            del node[name]
        else:
            node[name] = self.random.choice(
                [*JUNK, None, True, 0, -1, 2**70, 1.5, [], {}, ["a"], {"id": "a"}, "\ud800"]
            )
        return event

    def _event(self) -> Request | None:
        """Return an event of Stripe's, really signed."""
        self.events = [*self.events, *stripe_side.signed_deliveries()][-30:]
        if not self.events:
            return None
        body, headers = self.random.choice(self.events)
        if self._seldom(0.5):
            body, headers = signed(self._spoiled(json.loads(body)))
        return Request("POST", "/webhook/", {"Content-Type": "application/json", **headers}, body)
