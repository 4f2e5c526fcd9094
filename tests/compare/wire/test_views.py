"""The wire pages: the true story, nothing private in it, and shown to those alone whom it concerns."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from bbs.models import Payment
from compare.models import WireMessage
from compare.pages.flows import Arrow, arrows
from compare.wire import views as wire
from compare.wire.diagram import messages
from compare.wire.difference import differences
from compare.wire.step import pretty
from compare.wire.story import Story
from stripe_sandbox import testing
from tests.stage.people import DECLINED, Visitor
from tests.stage.recorded import addresses, assert_nothing_private, pay

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


def labels(story: Story) -> list[str]:
    """Return what the arrows of a diagram say, without how long each took."""
    with translation.override("en"):
        drawn = messages(story)
    return [re.sub(r" · .*|^\d+:\d+:\d+: ", "", message.label) for message in drawn if message.kind != "pause"]


def in_order(found: list[str], *wanted: str) -> bool:
    """Whether these follow one another, with whatever between them."""
    rest = iter(found)
    return all(label in rest for label in wanted)


def test_the_story_of_a_modern_payment_has_the_money_moving_before_we_know(hanako, webhooks) -> None:
    payment = pay(hanako, "modern")
    webhooks()

    told = labels(Story.of(payment))

    assert in_order(
        told,
        "POST /checkout/",
        "POST /v1/checkout/sessions",
        "303",
        "the card, on Stripe's page",
        "the money moved",
        "GET /success/",
        "here we knew",
        "GET /payments/…/",
        "checkout.session.completed",
    )


def test_the_story_of_a_legacy_payment_has_the_money_moving_inside_of_our_call(hanako, webhooks) -> None:
    payment = pay(hanako, "legacy")
    webhooks()

    told = labels(Story.of(payment))

    assert in_order(
        told,
        "the card, in Stripe's dialog",
        "a token for the card",
        "POST /checkout/",
        "POST /v1/charges",
        "the money moved",
        "200",
        "here we knew",
        "303",
        "charge.succeeded",
    )


def test_the_summary_says_when_the_money_moved_and_what_told_us(hanako, webhooks) -> None:
    story = Story.of(pay(hanako, "modern"))

    (told_by,) = story.told_by
    assert told_by.title == "GET /success/"
    assert abs(story.money_moved_at - story.payment.paid_at) < timedelta(seconds=2)
    assert (story.calls, story.webhooks) == (story.payment.messages.filter(kind="call").count(), 0)


def test_a_declined_payment_has_no_money_moving(hanako) -> None:
    story = Story.of(pay(hanako, "legacy", DECLINED))

    assert (story.money_moved_at, story.took, story.told_by) == (None, None, [])
    assert "402" in labels(story)


def test_the_list_says_all_that_the_diagram_says(hanako, mike) -> None:
    payment = pay(mike, "legacy")

    page = mike.get(addresses(payment)[0]).text

    drawn, listed = page.split("</svg>", 1)
    anchors = set(re.findall(r'href="#(m\d+)" tabindex="-1"', drawn))
    assert anchors == set(re.findall(r'<li id="(m\d+)"', listed)) != set()
    for words in ("the card, in Stripe&#x27;s dialog", "the money moved", "here we knew"):
        assert words in drawn
        assert words in listed


def test_every_message_is_there_with_its_json_and_ids(hanako, mike) -> None:
    payment = pay(mike, "modern")
    call = payment.messages.get(kind="call", method="POST")

    page = mike.get(addresses(payment)[0]).text

    assert call.request_id in page
    assert call.idempotency_key in page
    assert '"line_items[0][price_data][unit_amount]": "2000"' in page
    assert '"object": "checkout.session"' in page
    assert "the visitor: ✔ Paid ¥2,000" in page


def test_the_parameters_of_both_sides_stand_beside_each_other(mike) -> None:
    legacy, modern = Story.of(pay(mike, "legacy")), Story.of(pay(mike, "modern"))

    rows = {(row.left_name, row.right_name): row.kind for row in differences(legacy, modern)[0].rows}

    assert rows["amount", "line_items[0][price_data][unit_amount]"] == "renamed"
    assert rows["currency", "line_items[0][price_data][currency]"] == "renamed"
    assert rows["metadata[payment]", "metadata[payment]"] == "changed"
    assert rows["source", ""] == "left"
    assert rows["", "mode"] == "right"
    same = {row.kind for row in differences(legacy, legacy)[0].rows}
    assert same == {"same"}


def test_two_payments_are_shown_side_by_side(mike) -> None:
    legacy, modern = pay(mike, "legacy"), pay(mike, "modern")

    answer = mike.get(reverse("compare:wire_pair", args=[legacy.pk, modern.pk]))

    assert answer.status_code == 200
    assert answer.text.count('<svg class="sequence wire-diagram"') == 2
    assert "What each side sent to Stripe" in answer.text


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_nothing_private_is_on_the_page_in_the_json_or_in_the_mermaid_text(hanako, shop, flow: str) -> None:
    signatures = []

    def post(body: bytes, headers: dict[str, str]) -> int:
        signatures.append(headers["Stripe-Signature"])
        return hanako.http.post(f"{shop}/webhook/", body, headers=headers).status_code

    order = hanako.see_order()
    payment = pay(hanako, flow)
    testing.deliver(post)

    for address in addresses(payment):
        shown = unescape(re.sub(r"<aside.*?</aside>", "", hanako.get(address).text, flags=re.DOTALL))
        # The page's own forms have their CSRF tokens, and the sandbox's notice its test card; neither is recorded.
        shown = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", shown)
        shown = re.sub(r"\d[\d.,]* ms|\d\d:\d\d:\d\d[.\d]*|[+]?[\d.]+ s", "", shown)
        assert_nothing_private(shown, hanako, order, *signatures, *(s.rpartition("=")[2] for s in signatures))
        assert payment.token == "" or payment.token not in shown


@pytest.fixture
def private(hanako: Visitor, settings) -> Payment:
    """A payment recorded where not everybody may see it."""
    settings.RECORD_PUBLIC = False
    return pay(hanako, "legacy")


def test_a_visitor_sees_their_own_payment_and_nobody_elses(hanako, mike, private) -> None:
    mine = pay(mike, "legacy")

    for address in addresses(private):
        assert hanako.get(address).status_code == 200
        assert mike.get(address).status_code == 404
        assert Client().get(address).status_code == 404
    assert mike.get(reverse("compare:wire_pair", args=[mine.pk, private.pk])).status_code == 404
    assert str(private.pk) not in mike.get(reverse("compare:wire_index")).text
    assert str(private.pk) in hanako.get(reverse("compare:wire_index")).text


def test_staff_see_every_payment_and_other_users_do_not(private, client) -> None:
    users = get_user_model().objects
    client.force_login(users.create_user("customer"))
    assert [client.get(address).status_code for address in addresses(private)] == [404] * 3

    client.force_login(users.create_user("clerk", is_staff=True))
    assert [client.get(address).status_code for address in addresses(private)] == [200] * 3
    assert f'href="{private.get_absolute_url()}"' not in client.get(addresses(private)[0]).content.decode()


def test_a_demo_payment_is_everybodys_who_knows_its_address(hanako, mike) -> None:
    payment = pay(hanako, "legacy")

    assert [mike.get(address).status_code for address in addresses(payment)] == [200] * 3
    assert f'href="{payment.get_absolute_url()}"' not in mike.get(addresses(payment)[0]).text


def test_a_payment_recorded_in_private_is_not_opened_by_switching_the_sandbox_on(private, mike, settings) -> None:
    settings.RECORD_PUBLIC = True

    assert mike.get(addresses(private)[0]).status_code == 404
    WireMessage.objects.all().delete()
    assert mike.get(addresses(private)[0]).status_code == 404


def test_a_demo_payment_is_closed_when_the_demo_ends(hanako, mike, settings) -> None:
    payment = pay(hanako, "legacy")
    settings.RECORD_PUBLIC = False

    assert mike.get(addresses(payment)[0]).status_code == 404


def test_there_is_nothing_at_the_address_of_no_payment(mike) -> None:
    assert mike.get("/compare/wire/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/").status_code == 404
    assert mike.get("/compare/wire/nonsense/").status_code == 404


def test_a_payment_beside_itself_is_one_payment(mike) -> None:
    payment = pay(mike, "legacy")

    assert mike.get(reverse("compare:wire_pair", args=[payment.pk, payment.pk])).url.endswith(addresses(payment)[0])


def test_a_page_that_asks_since_what_it_shows_gets_nothing_until_there_is_news(mike, webhooks) -> None:
    payment = pay(mike, "legacy")
    version = re.search(r'data-version="([^"]+)"', mike.get(addresses(payment)[0]).text)[1]

    assert mike.get(f"{addresses(payment)[0]}?since={version}").status_code == 204
    webhooks()
    assert mike.get(f"{addresses(payment)[0]}?since={version}").status_code == 200


def test_a_page_looks_for_news_only_while_there_may_be_some(mike) -> None:
    payment = pay(mike, "legacy")
    assert "data-live" in mike.get(addresses(payment)[0]).text

    Payment.objects.update(created_at=timezone.now() - wire.LIVE)
    assert "data-live" not in mike.get(addresses(payment)[0]).text


def test_the_export_has_every_message_in_order_as_it_is_stored(mike, webhooks) -> None:
    payment = pay(mike, "modern")
    webhooks()

    record = mike.get(addresses(payment)[1]).json()

    assert record["payment"]["reference"] == str(payment.pk)
    stored = list(payment.messages.all())
    assert [message["order"] for message in record["messages"]] == list(range(1, len(stored) + 1))
    for exported, message in zip(record["messages"], stored, strict=True):
        assert (exported["address"], exported["answer"]) == (message.address, message.answer)
        assert exported["milliseconds"] == message.milliseconds


def test_the_mermaid_text_is_a_sequence_diagram(mike) -> None:
    payment = pay(mike, "modern")

    lines = mike.get(addresses(payment)[2]).text.splitlines()

    assert lines[:4] == [
        "sequenceDiagram",
        "  participant you as you",
        "  participant us as us",
        "  participant stripe as Stripe",
    ]
    assert "  you->>us: POST /checkout/" in lines
    assert "  us->>stripe: POST /v1/checkout/sessions" in lines
    pattern = r"  (you|us|stripe)--?>>(you|us|stripe): [^;#]+|  Note over [a-z,]+: [^;#]+|  participant .+"
    assert [line for line in lines[1:] if not re.fullmatch(pattern, line)] == []


@pytest.fixture
def crowded(mike: Visitor, webhooks) -> tuple[Payment, Payment]:
    """Two payments with as many and as long messages as there can be."""
    pair = pay(mike, "legacy"), pay(mike, "modern")
    webhooks()
    body = {"object": "list", "data": [{"id": f"ch_{n}", "description": "<b>&日本語" * 9} for n in range(60)]}
    for payment in pair:
        message = payment.messages.filter(kind="call", method="POST").last()
        for _ in range(450):
            message.pk, message.answer = None, body
            message.save(force_insert=True)
    return pair


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_page_is_over_a_hundred_kilobytes(mike, crowded, language: str) -> None:
    one, other = crowded
    mike.http.headers["Accept-Language"] = language

    for address in (*(addresses(p)[0] for p in crowded), reverse("compare:wire_pair", args=[one.pk, other.pk])):
        page = mike.get(address)
        assert len(page.content) < 100_000
        assert f'<html lang="{language}">' in page.text
        assert page.text.count("<summary>") == wire.STEPS
    assert page.text.count('class="table table-sm wire-differences"') == 1


def test_the_same_look_again_and_again_is_told_once(mike) -> None:
    payment = pay(mike, "legacy")
    for _ in range(4):
        mike.get(payment.get_absolute_url())

    assert labels(Story.of(payment)).count("GET /payments/…/ × 5") == 1


def test_markup_in_a_message_is_shown_as_text() -> None:
    written = pretty({"a": "<script>&", "b": None, "c": [], "d": 0}, 1000)

    assert written == '{\n  "a": "&lt;script&gt;&amp;",\n  "d": 0\n}'
    assert json.loads(unescape(written)) == {"a": "<script>&", "d": 0}
    assert pretty({"long": ["x" * 50] * 50}, 100).endswith("\n…")


def test_a_payment_without_a_record_says_so(mike) -> None:
    payment = pay(mike, "legacy")
    WireMessage.objects.all().delete()

    assert "Nothing was recorded of this payment" in mike.get(addresses(payment)[0]).text


def test_the_wire_asks_stripe_nothing_and_records_nothing(mike, caplog) -> None:
    payment = pay(mike, "legacy")
    before = WireMessage.objects.count()

    with caplog.at_level("INFO", "bbs.payments.client"):
        for address in (*addresses(payment), reverse("compare:wire_index")):
            mike.get(address)

    assert "stripe GET" not in caplog.text
    assert WireMessage.objects.count() == before


def test_the_receipt_leads_to_the_story(mike) -> None:
    payment = pay(mike, "legacy")

    assert f'href="{addresses(payment)[0]}"' in mike.get(payment.get_absolute_url()).text


def with_a_record(flow: str) -> list[Arrow]:
    return [arrow for arrow in arrows(flow) if arrow.record]


def led_to(visitor: Visitor, arrow: Arrow) -> str:
    return visitor.get(arrow.record, allow_redirects=False).headers["Location"]


ENDS = {"visit": {"you", "us"}, "call": {"us", "stripe"}, "webhook": {"stripe", "us"}}


@pytest.mark.parametrize("flow", ["legacy", "modern"])
def test_every_arrow_to_or_from_our_server_has_its_record(flow: str) -> None:
    ours = [arrow for arrow in arrows(flow) if "us" in (arrow.step.sender, arrow.step.receiver)]

    assert with_a_record(flow) == ours != []


@pytest.mark.parametrize(("flow", "other"), [("legacy", "modern"), ("modern", "legacy")])
def test_an_arrow_of_the_overview_leads_to_its_message_in_ones_latest_payment(
    mike, webhooks, flow: str, other: str
) -> None:
    pay(mike, flow)
    payment = pay(mike, flow)
    pay(mike, other)
    webhooks()
    page = mike.get(addresses(payment)[0]).text

    for arrow in with_a_record(flow):
        address, _, anchor = led_to(mike, arrow).partition("#")
        message = payment.messages.get(pk=anchor.removeprefix("m"))

        assert address == addresses(payment)[0]
        assert f'<li id="{anchor}"' in page
        assert ENDS[message.kind] == {arrow.step.sender, arrow.step.receiver}


def test_an_arrow_leads_past_a_payment_that_has_no_such_message(mike, webhooks) -> None:
    payment = pay(mike, "modern")
    webhooks()
    mike.post("/checkout/", {"order": mike.see_order()})
    pressed, *_, knew = [a for a in with_a_record("modern") if a.number == 1 or a.step.knows]

    assert led_to(mike, knew).startswith(addresses(payment)[0])
    assert led_to(mike, pressed).startswith(addresses(Payment.objects.latest("created_at"))[0])


def test_an_arrow_leads_to_the_list_where_one_has_not_paid_that_way(hanako, mike) -> None:
    pay(hanako, "legacy")

    assert {led_to(mike, arrow) for flow in ("legacy", "modern") for arrow in with_a_record(flow)} == {"/compare/wire/"}
    assert mike.get("/compare/wire/latest/legacy/1/").status_code == 404
    assert mike.get("/compare/wire/latest/neither/5/").status_code == 404


def test_where_nothing_is_recorded_no_page_says_that_it_is(mike, settings) -> None:
    said = {"/compare/": "/compare/wire/latest/", "/compare/wire/": "Every payment here is recorded"}
    assert all(words in mike.get(address).text for address, words in said.items())

    settings.RECORD_WIRE = False

    assert not any(words in mike.get(address).text for address, words in said.items())
    assert "Nothing is being recorded here" in mike.get("/compare/wire/").text
