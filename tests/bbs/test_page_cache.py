"""A page that is kept is the page of this moment, and holds nothing of the visitor who saw it first."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.cache import caches
from django.db import connection, connections
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext
from django.urls import set_script_prefix

from bbs.models import Payment, Product, Topic
from bbs.page_cache import render_shared
from tests.stage import sites

pytestmark = pytest.mark.django_db(databases="__all__")

NOTHING_KEPT = site_settings.CACHES | {"pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
OWN = {
    "token": r'(?<=name="csrfmiddlewaretoken" value=")\w{32,64}(?=")',
    "order": r'(?<=name="order" value=")[\w:-]+(?=")',
    "form": r'(?<=name="form_id" value=")[\w-]{36}(?=")',
}


@pytest.fixture
def board(products: dict[str, Product], payment: Payment) -> None:
    """A board of three pages, with a thank-you and a hidden topic on the first one."""
    Topic.objects.bulk_create(Topic(comment=f"はじめまして <b>{n}</b> & \U0001f600") for n in range(45))
    Topic.objects.create(payment=payment)
    Topic.objects.create(comment="not to be seen", hidden=True)


def look(address: str = "/", *, language: str = "en", flow: str = "modern", visitor: Client | None = None) -> str:
    """Return the page that a visitor sees, a new one unless it is said who."""
    visitor = visitor or Client()
    visitor.cookies["flow"] = flow
    response = visitor.get(address, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.content.decode()


def own_in(page: str) -> dict[str, list[str]]:
    """Return the values on a page that are one visitor's own."""
    return {name: re.findall(pattern, page) for name, pattern in OWN.items()}


def shared_in(page: str) -> str:
    """Return what is the same for every visitor: the page without their own values."""
    for name, pattern in OWN.items():
        page = re.sub(pattern, f"({name})", page)
    return page


def addresses() -> list[str]:
    found = ["/", "/?product=t-shirt", "/?quantity=10", "/?utm_source=<script>&quantity=2"]
    found += [f"/?product={product.slug}&quantity=3" for product in Product.objects.filter(active=True)]
    return [*found, *(f"/?before={pk}" for pk in Topic.objects.order_by("pk").values_list("pk", flat=True)[1:45:14])]


# --- The same page ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_with_and_without_the_cache_the_page_is_the_same(settings, time_machine, language: str, flow: str) -> None:
    time_machine.move_to("2026-11-26T12:00:00Z", tick=False)
    first = {address: look(address, language=language, flow=flow) for address in addresses()}
    kept = {address: look(address, language=language, flow=flow) for address in addresses()}
    settings.CACHES = NOTHING_KEPT
    rendered = {address: look(address, language=language, flow=flow) for address in addresses()}

    assert len(rendered) > 9
    for address, page in rendered.items():
        assert shared_in(first[address]) == shared_in(kept[address]) == shared_in(page)
        assert own_in(page).keys() == own_in(kept[address]).keys()
        assert len(own_in(page)["token"]) == 4


@pytest.mark.usefixtures("board")
def test_the_page_does_not_depend_on_when_it_was_rendered(time_machine) -> None:
    time_machine.move_to("2026-11-26T12:00:00Z", tick=False)
    morning = shared_in(look())
    caches["pages"].clear()
    time_machine.move_to("2026-12-31T12:00:00Z", tick=False)

    assert shared_in(look()) == morning


@pytest.mark.usefixtures("board")
def test_a_page_is_rendered_for_the_first_visitor_alone() -> None:
    rendered: list[str] = []

    def note(sender: object, template: object, **kwargs: object) -> None:
        rendered.append(template.name)

    look()
    template_rendered.connect(note)
    try:
        look()
        again = list(rendered)
        look(language="ja")
    finally:
        template_rendered.disconnect(note)

    assert again == []
    assert "bbs/index.html" in rendered


@pytest.mark.usefixtures("board")
def test_a_refused_post_shows_its_own_form_and_is_not_kept() -> None:
    visitor, form_id = Client(), str(uuid.uuid4())
    look(visitor=visitor)

    refused = visitor.post("/", {"form_id": form_id, "comment": "x" * 2001}).content.decode()

    assert "Your comment has 2001 characters" in refused
    assert own_in(refused)["form"] == [form_id]
    assert "x" * 2001 in refused
    assert "x" * 2001 not in look()
    assert own_in(look())["form"] != [form_id]


@pytest.mark.parametrize("form_id", [None, "None", "x"])
def test_a_post_without_its_form_says_so_and_its_page_can_be_sent(form_id: str | None) -> None:
    visitor = Client()

    refused = visitor.post("/", {"comment": "hello"} | ({"form_id": form_id} if form_id else {}))

    page = refused.content.decode()
    assert refused.status_code == 400
    assert "The form was not complete. Please send it again." in page
    assert visitor.post("/", {"comment": "hello", "form_id": own_in(page)["form"][0]}).status_code == 302


# --- Nothing of another visitor ---------------------------------------------------------------------------


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_no_two_visitors_share_a_token_an_order_a_form_or_a_cookie(flow: str) -> None:
    visitors = [Client() for _ in range(4)]
    pages = [look(flow=flow, visitor=visitor) for visitor in (*visitors, *visitors)]

    for name in OWN:
        values = [value for page in pages for value in set(own_in(page)[name])]
        assert len(values) == len(set(values)) == 8  # each page has one of its own, and shows it wherever it belongs
    for name in ("csrftoken", "visitor"):
        assert len({visitor.cookies[name].value for visitor in visitors}) == 4
    for page, visitor in zip(pages, visitors, strict=False):
        form = {"csrfmiddlewaretoken": own_in(page)["token"][0], "form_id": own_in(page)["form"][0], "comment": "x"}
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = visitor.cookies
        assert strict.post("/", form).status_code == 302
        stranger = Client(enforce_csrf_checks=True)
        look(visitor=stranger)
        assert stranger.post("/", form).status_code == 403


def test_a_browser_keeps_the_secret_it_has_and_an_impossible_one_is_replaced() -> None:
    visitor = Client()
    look(visitor=visitor)
    secret = visitor.cookies["csrftoken"].value

    look(visitor=visitor)

    assert visitor.cookies["csrftoken"].value == secret
    visitor.cookies["csrftoken"] = "x"
    look(visitor=visitor)
    assert re.fullmatch("[0-9A-Za-z]{32}", visitor.cookies["csrftoken"].value)


def test_a_secret_that_comes_in_more_than_one_answer_is_masked_differently_in_each() -> None:
    visitor = Client()
    first, *later = [own_in(look(visitor=visitor))["token"][0] for _ in range(3)]

    secret = visitor.cookies["csrftoken"].value
    assert (first, {len(token) for token in later}, len(set(later))) == (secret, {64}, 2)
    assert all(secret not in token for token in later)


@pytest.mark.usefixtures("board")
def test_the_way_back_is_the_address_of_each_visitor() -> None:
    look("/?secret=of-the-first")

    page = look('/?quantity=1&next="><script>')

    assert "of-the-first" not in page
    assert page.count('name="next" value="/?quantity=1&amp;next=%22%3E%3Cscript%3E"') == 2
    assert 'name="next" value="/"' in look()


def test_a_message_is_for_its_visitor_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Client()
    visitor.get("/success/")  # without a session's id: it says so on the board

    assert "There is no payment at this address" in look(visitor=visitor)
    assert "There is no payment at this address" not in look()
    assert "There is no payment at this address" not in look(visitor=visitor)


def test_a_page_has_no_request_to_take_anything_from(rf) -> None:
    """What a template asks of the visitor, it does not get: a page that is kept would pass it on."""
    request = rf.get("/?mine")
    request.COOKIES["flow"] = "modern"

    response = render_shared(request, "bbs/index.html", "a page of its own", lambda: {"page": None})

    assert b"?mine" in response.content  # where the visitor's own address belongs
    assert b"mine" not in b"".join(part for key in _kept() for part in caches["pages"].get(key)[::2])


@pytest.mark.parametrize("use", ["{{ signed_order|upper }}", "{{ signed_order|slice:'5:' }}"])
def test_a_template_that_changes_a_visitors_own_value_is_refused(rf, settings, use: str) -> None:
    templates = {"page.html": f"{{% csrf_token %}}{use}"}
    loader = ("django.template.loaders.locmem.Loader", templates)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "APP_DIRS": False, "OPTIONS": {"loaders": [loader]}}]

    with pytest.raises(ValueError, match=r"page.html changes a visitor's own value"):
        render_shared(rf.get("/"), "page.html", 1, dict, {"signed_order": "abc"})

    assert _kept() == []


def _kept() -> list[str]:
    return [key.rpartition(":")[2] for key in caches["pages"]._cache]


def test_a_comment_cannot_name_the_place_of_a_visitors_own_value(products) -> None:
    for text in ("csrf_token", "signed_order", "{{ csrf_token }}", "form_id" * 3):
        Topic.objects.create(comment=text)

    page = look()

    assert len(own_in(page)["token"]) == 4
    assert page == look() or shared_in(page) == shared_in(look())


# --- The page of this moment ------------------------------------------------------------------------------


def _sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


CHANGES: dict[str, Callable[[], object]] = {
    "a post": lambda: Topic.objects.create(comment="new"),
    "a thank-you": lambda: Topic.objects.create(
        payment=Payment.objects.create(
            flow="modern", visitor=uuid.uuid4(), language="en", product=Product.objects.get(slug="t-shirt"),
            product_name="T-shirt", quantity=1, unit_amount=2000, amount=2000, currency="jpy",
        )
    ),
    "a hidden topic": lambda: Topic.objects.filter(comment__startswith="は").update(hidden=True),
    "a topic that is shown again": lambda: Topic.objects.filter(hidden=True).update(hidden=False),
    "a topic that was edited": lambda: Topic.objects.filter(comment__contains="44").update(comment="edited"),
    "a topic that was deleted": lambda: Topic.objects.filter(comment__contains="44").delete(),
    "a new price": lambda: Product.objects.filter(slug="t-shirt").update(unit_amount=2001),
    "a new price, past Django": lambda: _sql("UPDATE bbs_product SET unit_amount = 2001 WHERE slug = %s", "t-shirt"),
    "another currency": lambda: Product.objects.filter(slug="t-shirt").update(currency="usd"),
    "a new name": lambda: Product.objects.filter(slug="t-shirt").update(name_en="Shirt"),
    "a new text": lambda: Product.objects.filter(slug="t-shirt").update(description_en="Warm."),
    "another order": lambda: Product.objects.filter(slug="t-shirt").update(position=99),
    "a new product": lambda: Product.objects.create(
        slug="hat", name_ja="帽子", name_en="Hat", currency="jpy", unit_amount=500, position=50
    ),
    "a product that is sold no more": lambda: Product.objects.filter(slug="t-shirt").update(active=False),
    "no product at all": lambda: Product.objects.update(active=False),
}  # fmt: skip


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_on_the_next_page(settings, what: str) -> None:
    before, _again = look(), look()

    CHANGES[what]()

    after = look()
    assert shared_in(after) != shared_in(before)
    settings.CACHES = NOTHING_KEPT
    assert shared_in(after) == shared_in(look())


@pytest.mark.usefixtures("board")
def test_the_name_of_what_was_bought_is_todays_although_it_is_sold_no_more() -> None:
    Product.objects.filter(slug="t-shirt").update(active=False)
    assert "New order: T-shirt." in look()

    Product.objects.filter(slug="t-shirt").update(name_en="Shirt")

    assert "New order: Shirt." in look()


@pytest.mark.usefixtures("board")
def test_what_was_changed_back_is_the_former_page_again() -> None:
    before = look()
    Product.objects.filter(slug="t-shirt").update(unit_amount=2001)
    changed = look()
    Product.objects.filter(slug="t-shirt").update(unit_amount=2000)

    assert "¥2,001" in changed
    assert shared_in(look()) == shared_in(before)


@pytest.mark.usefixtures("board")
def test_language_and_flow_are_those_of_this_look() -> None:
    pages = {
        (language, flow): look(language=language, flow=flow)
        for language in ("en", "ja")
        for flow in ("modern", "legacy")
    }

    for language, flow in pages:
        page = look(language=language, flow=flow)
        assert f'<html lang="{language}">' in page
        assert f'<body data-flow="{flow}">' in page
        assert ("stripe-button" in page) is (flow == "legacy")


@pytest.mark.parametrize(("name", "value"), [("PAYMENT_FLOW_SWITCHER", False), ("STRIPE_PUBLISHABLE_KEY", "pk_test_2")])
def test_a_setting_that_a_test_changes_is_on_the_next_page(settings, products, name: str, value: object) -> None:
    before = look(flow="legacy")
    settings.PAYMENT_FLOW = "legacy"
    setattr(settings, name, value)

    assert shared_in(look(flow="legacy")) != shared_in(before)


def test_under_another_prefix_links_lead_there(products) -> None:
    at_the_root = look()
    set_script_prefix("/shop/")
    try:
        under_it = look()
    finally:
        set_script_prefix("/")

    assert 'action="/checkout/"' in at_the_root
    assert 'action="/shop/checkout/"' in under_it
    assert 'action="/checkout/"' in look()


# --- Its cost ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("board")
def test_one_query_finds_out_whether_the_page_is_the_same() -> None:
    look()

    with CaptureQueriesContext(connections["default"]) as queries:
        look()

    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


@pytest.mark.sqlite
def test_hidden_topics_and_purchases_are_not_read_through(settings) -> None:
    """However many topics in a row are hidden or thank for a purchase, the newest posts are found by an index."""
    Topic.objects.bulk_create(Topic(comment="x", hidden=n > 60) for n in range(3_000))
    _sql("ANALYZE")

    with connection.cursor() as cursor:
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {_statement()}")
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert "topic_posts_newest" in plan, plan
    assert "topic_thanks_newest" in plan, plan


def _statement() -> str:
    with CaptureQueriesContext(connections["default"]) as queries:
        look()
    return queries[0]["sql"]


def test_a_process_keeps_a_bounded_number_of_pages(board, rf) -> None:
    for number in range(300):
        render_shared(rf.get("/"), "bbs/index.html", number, lambda: {"page": None})

    assert len(_kept()) <= site_settings.CACHES["pages"]["OPTIONS"]["MAX_ENTRIES"] == 256


def test_the_largest_page_is_not_larger_than_is_said(products) -> None:
    Topic.objects.bulk_create(Topic(comment="'" * 2000) for _ in range(20))

    assert len(look().encode()) < 300_000


@pytest.mark.parametrize(
    ("setting", "kept"), [({}, "True"), ({"DJANGO_PAGE_CACHE": "off"}, "False"), ({"DJANGO_DEBUG": "on"}, "False")]
)
def test_pages_are_kept_unless_the_settings_say_otherwise(tmp_path: Path, setting: dict[str, str], kept: str) -> None:
    ask = "from django.core.cache import caches; caches['pages'].set('a', 1); print(caches['pages'].get('a') == 1)"

    code, said = sites.python(tmp_path, "-c", f"import django; django.setup(); {ask}", **setting)

    assert (code, said.strip().splitlines()[-1]) == (0, kept)
