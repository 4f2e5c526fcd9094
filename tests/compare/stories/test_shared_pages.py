"""The comparison pages are rendered once for all visitors, and each visitor gets the page they would get alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext

from bbs.models import Payment
from bbs.visitor import visitor_id
from compare.pages import views
from compare.pages.files import FILES
from compare.pages.navigation import PAGES
from tests.stage import stories
from tests.stage.people import Visitor

pytestmark = pytest.mark.django_db(databases="__all__")

# The others ask for what a visitor has done, or may do.
SHARED = [page.url for page in PAGES if page.name not in ("wire_index", "scan")]
OF_OLD_CODE = [f"/compare/old-code/{name}/" for name in ("charge-create", "stripeobject-dict", "plan", "releases")]
ADDRESSES = sorted({*SHARED, *OF_OLD_CODE, *(file.url for file in FILES)})
NOTHING_KEPT = site_settings.CACHES | {"pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w{32,64}(?=")')


def look(visitor: Client, address: str, language: str = "en", flow: str = "modern") -> HttpResponse:
    visitor.cookies["flow"] = flow
    return visitor.get(address, headers={"Accept-Language": language})


def tokens_in(response: HttpResponse) -> set[str]:
    return set(TOKEN.findall(response.content.decode()))


def seen(response: HttpResponse) -> tuple[object, ...]:
    """Return all that a visitor is answered, but for what a CSRF token is: that is another one each time."""
    page = TOKEN.sub("", response.content.decode())
    return response.status_code, dict(response.headers) | {"Content-Length": len(page.encode())}, page


def alone(
    request: HttpRequest,
    template: str,
    shown: object,
    context: Callable[[], Mapping[str, object]],
    own: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Render a page from the request and for it alone, as Django does it."""
    return render(request, template, {**context(), **(own or {})})


@contextmanager
def rendered() -> Iterator[list[str]]:
    """Yield the names of the templates that are rendered meanwhile."""
    names: list[str] = []

    def note(sender: object, template: object, **kwargs: object) -> None:
        names.append(template.name)

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


@pytest.fixture
def staff() -> Client:
    """A visitor who is signed in, and so has a session."""
    client = Client()
    client.force_login(User.objects.create_superuser("staff", password="x"))
    return client


# --- The same page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_kept_page_is_the_page_that_is_rendered_for_one_visitor_alone(
    settings, monkeypatch: pytest.MonkeyPatch, staff: Client, address: str
) -> None:
    ways = [(language, flow) for language in ("en", "ja") for flow in ("modern", "legacy")]
    with monkeypatch.context() as patched:
        patched.setattr(views, "render_shared", alone)
        wanted = {way: seen(look(Client(), address, *way)) for way in ways}
    first = {way: seen(look(Client(), address, *way)) for way in ways}
    with rendered() as again:
        kept = {way: seen(look(Client(), address, *way)) for way in ways}
        kept_for_staff = {way: seen(look(staff, address, *way)) for way in ways}

    assert again == []
    assert first == kept == kept_for_staff == wanted
    assert len({page for _status, _headers, page in kept.values()}) == len(ways)
    settings.CACHES = NOTHING_KEPT
    assert seen(look(Client(), address, *ways[-1])) == wanted[ways[-1]]


def test_each_address_has_a_page_of_its_own() -> None:
    first = {address: seen(look(Client(), address)) for address in ADDRESSES}
    kept = {address: seen(look(Client(), address)) for address in ADDRESSES}

    assert kept == first
    assert len({page.partition("<main")[2] for _status, _headers, page in kept.values()}) == len(ADDRESSES)


@pytest.mark.parametrize("address", SHARED)
def test_a_second_look_renders_nothing_and_makes_no_query(staff: Client, address: str) -> None:
    look(Client(), address)

    with rendered() as names, ExitStack() as stack:
        queries = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        for visitor in (Client(), staff):
            assert look(visitor, address).status_code == 200

    assert names == []
    assert [query["sql"] for captured in queries for query in captured] == []


@pytest.mark.parametrize("address", SHARED)
def test_a_head_request_is_answered_with_the_headers_of_the_page(address: str) -> None:
    page, client = look(Client(), address), Client()
    client.cookies["flow"] = "modern"

    head = client.head(address, headers={"Accept-Language": "en"})

    assert (head.status_code, head.headers, head.content) == (200, page.headers, b"")
    assert page["Vary"] == "Cookie, Accept-Language"
    assert page["Cache-Control"] == "private"
    assert head.cookies.keys() == {"csrftoken"}


# --- Nothing of another visitor ---------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_holds_nothing_of_who_looked_before(address: str) -> None:
    first, second, strict = Client(), Client(), Client(enforce_csrf_checks=True)
    of_the_first = look(first, f"{address}?mine=of-the-first")
    page = look(second, f'{address}?a=1&b="><script>')

    assert "of-the-first" not in page.content.decode()
    assert page.content.decode().count(f'name="next" value="{address}?a=1&amp;b=%22%3E%3Cscript%3E"') == 2
    assert len(tokens_in(page)) == 1
    assert not tokens_in(page) & tokens_in(of_the_first)
    for visitor, status in ((second, 302), (first, 403)):
        strict.cookies = visitor.cookies
        form = {"csrfmiddlewaretoken": tokens_in(page).pop(), "language": "ja", "next": address}
        assert strict.post("/i18n/setlang/", form).status_code == status


@pytest.mark.parametrize("address", SHARED)
def test_a_message_is_for_its_visitor_alone(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    said = "There is no payment at this address."
    visitor, by_itself = Client(), Client()
    for each in (visitor, by_itself):
        each.get("/success/?session_id=cs_none", headers={"Accept-Language": "en"})
    with monkeypatch.context() as patched:
        patched.setattr(views, "render_shared", alone)
        wanted = look(by_itself, address)

    notified = look(visitor, address)

    assert said in notified.content.decode()
    assert seen(notified) == seen(wanted)
    assert notified.cookies["messages"].value == ""
    for other in (Client(), visitor):
        assert said not in look(other, address).content.decode()


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_visitor_who_paid_sees_the_page_of_all_and_no_page_shows_the_payment(
    monkeypatch: pytest.MonkeyPatch, shop: str, mike: Visitor
) -> None:
    stories.pay(mike, "modern")
    payment = Payment.objects.get()
    buyer = Client()
    buyer.cookies.load({"visitor": mike.cookies["visitor"]})

    for address in SHARED:
        pages = [look(visitor, address) for visitor in (buyer, Client(), buyer)]
        with monkeypatch.context() as patched:
            patched.setattr(views, "render_shared", alone)
            pages.append(look(buyer, address))
        assert len({seen(page)[2] for page in pages}) == 1
        for own in (payment.pk, payment.visitor, payment.checkout_session_id, payment.payment_intent_id):
            assert str(own) not in pages[1].content.decode()
    assert visitor_id(pages[0].wsgi_request) == payment.visitor


# --- What is not kept -------------------------------------------------------------------------------------


def test_what_is_searched_for_is_rendered_each_time_and_crowds_out_no_page() -> None:
    address = "/compare/parameters/"
    whole = seen(look(Client(), address))
    count = len(caches["pages"]._cache)

    with rendered() as names:
        for query in ("amount", "amount", *map(str, range(5))):
            page = look(Client(), f"{address}?q={query}").content.decode()
            assert f'name="q" value="{query}"' in page

    assert names.count("compare/parameters.html") == 7
    assert len(caches["pages"]._cache) == count
    assert seen(look(Client(), address)) == whole
    assert " hidden id=" not in whole[2]
    assert " hidden id=" in look(Client(), f"{address}?q=amount").content.decode()


def test_addresses_that_show_the_same_page_share_it() -> None:
    look(Client(), "/compare/parameters/")

    with rendered() as names:
        for query in ("?q=", "?utm_source=a", "?other=b"):
            look(Client(), f"/compare/parameters/{query}")

    assert names == []


def test_addresses_of_no_page_are_not_kept() -> None:
    for name in ("none", "x" * 100):
        assert look(Client(), f"/compare/code/{name}/").status_code == 404

    assert len(caches["pages"]._cache) == 0
