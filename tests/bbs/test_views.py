"""The board's pages: posting once, reading cheaply, refusing kindly."""

from __future__ import annotations

import re
import uuid
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bbs.models import Payment, Product, Topic
from bbs.payments import ledger
from tests.stage.people import VISA, Visitor
from tests.stage.stories import pay_on_stripes_page_alone, post_comment
from tests.stage.transports import Noting

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_comment_is_posted_then_redirected_to_and_shown_first(client: Client) -> None:
    Topic.objects.create(comment="older")

    response = post_comment(client, "  はじめまして。\r\n二行目  ")

    assert response.status_code == 302
    assert response["Location"] == "/"
    assert [topic.comment for topic in client.get("/").context["page"].topics] == ["はじめまして。\n二行目", "older"]


def test_markup_is_shown_as_text_and_addresses_are_not_made_links(client: Client) -> None:
    post_comment(client, "<script>alert(1)</script> https://example.com/")

    page = client.get("/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; https://example.com/" in page
    assert 'href="https://example.com/' not in page


def test_a_visitor_who_posts_too_often_sees_when_to_try_again(client: Client, settings) -> None:
    settings.BOARD_POSTS_PER_MINUTE = 3
    for n in range(3):
        assert post_comment(client, f"{n}").status_code == 302

    response = post_comment(client, "one more")

    assert response.status_code == 429
    assert 50 <= int(response["Retry-After"]) <= 60
    assert response["Retry-After"] in response.content.decode()
    assert Topic.objects.count() == 3
    assert post_comment(Client(), "somebody else").status_code == 302


def test_a_receipt_is_shown_to_the_browser_that_ordered_and_to_no_other(client: Client, payment: Payment) -> None:
    for stranger in (client, Client()):
        assert stranger.get(payment.get_absolute_url()).status_code == 404
        assert stranger.post(payment.get_absolute_url()).status_code == 404
        stranger.get("/")


@pytest.mark.parametrize("before", ["x", "-1", "1e3", "٣", "9" * 19, "1.5"])
def test_an_address_that_names_no_page_says_so(client: Client, before: str) -> None:
    assert client.get("/", {"before": before}).status_code == 400


def test_the_largest_address_of_a_page_is_below_what_a_database_counts_to(client: Client) -> None:
    assert client.get("/", {"before": "9" * 18}).status_code == 200


@pytest.mark.parametrize("topics", [0, 5, 60])
def test_the_board_makes_one_query_and_writes_nothing(client: Client, settings, products, topics: int) -> None:
    payment = Payment.objects.create(
        flow="modern", visitor=uuid.uuid4(), language="en", product=products["t-shirt"], product_name="T-shirt",
        quantity=1, unit_amount=2000, amount=2000, currency="jpy",
    )  # fmt: skip
    Topic.objects.bulk_create(Topic(comment=str(n)) for n in range(topics))
    Topic.objects.create(payment=payment)
    cache.clear()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Noting"
    Noting.calls.clear()

    with ExitStack() as stack:
        queries = {alias: stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections}
        response = client.get("/")

    assert response.status_code == 200
    made = {alias: [query["sql"].split()[0] for query in captured] for alias, captured in queries.items()}
    assert made == {alias: ["SELECT"] if alias == "default" else [] for alias in connections}
    assert Noting.calls == []
    assert "sessionid" not in response.cookies


def test_a_board_without_products_says_so(client: Client) -> None:
    Product.objects.update(active=False)

    response = client.get("/")

    assert response.status_code == 200
    assert "Nothing is for sale at the moment." in response.content.decode()


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("ja", ["簡易掲示板", "投稿する", "￥2,000 を支払う", "Tシャツ"]),
        ("en", ["Board", "Post", "Pay ¥2,000", "T-shirt"]),
    ],
)
def test_the_board_speaks_the_visitors_language(client: Client, products, language: str, texts: list[str]) -> None:
    page = client.get("/", headers={"Accept-Language": language}).content.decode()

    assert f'<html lang="{language}">' in page
    assert [text for text in texts if text not in page] == []


@pytest.mark.parametrize(
    ("language", "written"), [("ja", "2026年7月26日 22:16 JST"), ("en", "July 26, 2026 10:16 p.m. JST")]
)
def test_a_post_has_the_time_it_was_written_whenever_the_page_was_made(
    client: Client, language: str, written: str
) -> None:
    Topic.objects.create(comment="hello")
    Topic.objects.update(created_at=datetime(2026, 7, 26, 13, 16, tzinfo=UTC))

    page = client.get("/", headers={"Accept-Language": language}).content.decode()

    assert re.findall(r'<time [^>]*datetime="([^"]*)"[^>]*>(.*?)</time>', page) == [
        ("2026-07-26T22:16:00+09:00", written)
    ]


def test_a_visitor_can_choose_the_other_language(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "ja", "next": "/"})

    assert "簡易掲示板" in client.get("/", headers={"Accept-Language": "en"}).content.decode()


def test_the_answer_carries_a_strict_content_security_policy(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_flow_can_be_switched_only_to_one_there_is_and_only_where_allowed(client: Client, settings) -> None:
    assert client.post("/flow/", {"flow": "telepathy"}).status_code == 400
    assert client.post("/flow/", {"flow": "legacy", "next": "https://evil.example/"})["Location"] == "/"

    settings.PAYMENT_FLOW_SWITCHER = False

    assert client.post("/flow/", {"flow": "legacy"}).status_code == 400
    assert client.get("/").context["flow"] == "modern"


def test_switching_the_flow_writes_nothing_to_the_database(client: Client, settings) -> None:
    with CaptureQueriesContext(connections["default"]) as queries:
        response = client.post("/flow/", {"flow": "legacy"})

    cookie = response.cookies["flow"]
    assert [query["sql"] for query in queries] == []
    assert "sessionid" not in response.cookies
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["secure"]) == ("legacy", True, "Lax", "")

    settings.SESSION_COOKIE_SECURE = True

    assert client.post("/flow/", {"flow": "legacy"}).cookies["flow"]["secure"] is True


def test_a_flood_limit_does_not_meet_who_sends_the_last_post_again(client: Client, settings) -> None:
    settings.BOARD_POSTS_PER_MINUTE = 1
    form_id = uuid.uuid4()
    post_comment(client, "once", form_id)

    again = post_comment(client, "once", form_id)

    assert (again.status_code, Topic.objects.count()) == (302, 1)
    assert post_comment(client, "changed", form_id).status_code == 429
    assert Topic.objects.count() == 1


def test_switching_the_flow_leads_back_to_the_page_where_it_was_done(client: Client) -> None:
    assert client.post("/flow/", {"flow": "legacy", "next": "/?quantity=2"})["Location"] == "/?quantity=2"
    assert client.get("/").context["flow"] == "legacy"


def test_coming_back_in_another_browser_settles_and_is_not_the_visitors_return(mike: Visitor, hanako: Visitor) -> None:
    path, _form = pay_on_stripes_page_alone(hanako)

    page = mike.get(path)

    payment = Payment.objects.get()
    assert payment.status == "paid"
    assert "The payment has arrived" in page.text
    assert "made in another browser" in page.text
    assert not payment.history.filter(kind="returned").exists()


OUTCOMES = {
    "pending": ("The payment has not arrived yet", "お支払いはまだ確認できていません"),
    "processing": ("Waiting for your payment", "ご入金をお待ちしています"),
    "failed": ("Not paid: nothing was charged", "決済できませんでした(請求は行われていません)"),
    "expired": ("Not paid: nothing was charged", "決済できませんでした(請求は行われていません)"),
    "paid": ("The payment has arrived", "お支払いを確認しました"),
    "inquiry": ("The payment has arrived", "お支払いを確認しました"),
    "disputed": ("The payment has arrived", "お支払いを確認しました"),
    "partially_refunded": (
        "The payment has arrived and was partially refunded",
        "お支払いを確認し、一部を返金しました",
    ),
    "refunded": ("The payment arrived and was refunded", "お支払いを確認し、返金しました"),
    "lost": ("The payment arrived and was refunded", "お支払いを確認し、返金しました"),
}


@pytest.mark.parametrize("path", ["/success/?session_id=cs_1", "/checkout/?session_id=cs_1", "/canceled/?payment={}"])
@pytest.mark.parametrize("status", OUTCOMES)
def test_another_browser_is_shown_whether_the_money_arrived_and_nothing_of_whose_it_is(
    client: Client, payment: Payment, settings, status: str, path: str
) -> None:
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    if status not in ledger.UNPAID:
        payment.paid_at, payment.charge_id = timezone.now(), "ch_1"
    refunded = {"refunded": 2000, "partially_refunded": 500}.get(status, 0)
    payment.email, payment.card_last4, payment.checkout_session_id = "hanako@example.com", "4242", "cs_1"
    payment.flow, payment.status, payment.amount_refunded = "modern", status, refunded
    payment.save()

    for language, text in zip(("en", "ja"), OUTCOMES[status], strict=True):
        answer = client.get(path.format(payment.pk), headers={"Accept-Language": language})
        page = answer.content.decode()
        heading = re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1])

        assert heading.strip("✔…✖↩ ") == text
        main = page.partition("<main")[2]
        assert "<form" not in main
        assert not any(private in main for private in ("hanako", "4242", "T-shirt", "2,000", str(payment.visitor)))
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize(("status", "amount"), [("refunded", 2000), ("partially_refunded", 500)])
def test_another_browser_is_shown_that_a_refund_is_under_way(
    client: Client, payment: Payment, status: str, amount: int
) -> None:
    payment.checkout_session_id, payment.charge_id, payment.paid_at = "cs_1", "ch_1", timezone.now()
    payment.status, payment.amount_refunded = status, amount
    payment.save()
    payment.refunds.create(pk="re_1", amount=amount, status="pending")

    assert "refund is under way" in client.get("/success/?session_id=cs_1").content.decode()


def test_a_return_that_is_reloaded_is_noted_once(mike: Visitor) -> None:
    path, _form = pay_on_stripes_page_alone(mike)

    for _ in range(2):
        mike.get(path)

    assert Payment.objects.get().history.filter(kind="returned").count() == 1


def test_a_paid_order_is_not_asked_about_again_when_its_visitor_comes_back(mike: Visitor, settings) -> None:
    path, _form = pay_on_stripes_page_alone(mike)
    mike.get(path)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Noting"
    Noting.calls.clear()

    assert "Paid ¥2,000" in mike.get(path).text
    assert Noting.calls == []


def test_the_canceled_page_of_a_pending_legacy_payment_is_its_receipt(mike: Visitor, settings) -> None:
    mike.switch_flow("legacy")
    form = {"order": mike.see_order(), **mike.enter_card(VISA)}
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    mike.post("/checkout/", form)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    payment = Payment.objects.get()

    page = mike.get(f"/canceled/?payment={payment.pk}")

    assert payment.status == "pending"
    assert page.url.endswith(payment.get_absolute_url())
    assert "Nothing was charged" not in page.text


def test_the_canceled_page_of_another_visitors_order_shows_nothing_of_it(mike: Visitor, hanako: Visitor) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})

    page = hanako.get(f"/canceled/?payment={Payment.objects.get().pk}")

    assert page.status_code == 200
    assert "Tシャツ" not in page.text
