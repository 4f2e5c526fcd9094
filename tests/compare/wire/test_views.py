"""The wire pages: the true story, nothing private in it, and shown to those alone whom it concerns."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bbs.models import Payment
from compare.models import WireMessage
from compare.pages.flows import Arrow, arrows
from compare.wire import views as wire
from tests.compare.stage.links import Links
from tests.compare.stage.recorded import addresses, pay
from tests.stage.people import Visitor

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


def test_the_list_says_all_that_the_diagram_says(hanako, mike) -> None:
    payment = pay(mike, "legacy")

    page = mike.get(addresses(payment)[0]).text

    drawn, listed = page.split("</svg>", 1)
    anchors = set(re.findall(r'href="#(m\d+)" tabindex="-1"', drawn))
    assert anchors == set(re.findall(r'<li id="(m\d+)"', listed)) != set()
    for words in ("the card, in Stripe&#x27;s dialog", "payment at Stripe", "payment confirmed here"):
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


def test_the_order_of_events_is_explained_where_it_is_seen(mike) -> None:
    modern, legacy = (mike.get(addresses(pay(mike, flow))[0]).text for flow in ("modern", "legacy"))

    assert "does not guarantee the order of events" in modern
    assert "does not guarantee the order of events" not in legacy


def test_two_payments_are_shown_side_by_side(mike) -> None:
    legacy, modern = pay(mike, "legacy"), pay(mike, "modern")

    answer = mike.get(reverse("compare:wire_pair", args=[legacy.pk, modern.pk]))

    assert answer.status_code == 200
    assert answer.text.count('<svg class="sequence wire-diagram"') == 2
    assert "What each side sent to Stripe" in answer.text


def test_two_payments_are_picked_from_the_list_and_no_other_number_of_them(mike) -> None:
    legacy, modern, again = pay(mike, "legacy"), pay(mike, "modern"), pay(mike, "modern")
    assert mike.get("/compare/wire/").text.count('type="checkbox" name="payment"') == 3

    for number, chosen in enumerate([[], [modern], [legacy, modern, again]]):
        page = mike.get("/compare/wire/", params={"payment": [each.pk for each in chosen], "compare": "1"})
        assert page.status_code == 400
        assert f"Select exactly two payments to compare. Selected: {[0, 1, 3][number]}." in page.text
        assert page.text.count(" checked") == len(chosen)
    page = mike.get("/compare/wire/", params={"payment": [modern.pk, legacy.pk], "compare": "1"})
    assert page.url.endswith(f"/compare/wire/{legacy.pk}/{modern.pk}/")
    assert "From payment at Stripe to confirmation here" in page.text


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


def test_staff_who_may_see_payments_see_every_one_and_other_users_do_not(private, client) -> None:
    users, may_see = get_user_model().objects, Permission.objects.get(codename="view_payment")
    names = ("customer", "cleaner", "clerk")
    customer, cleaner, clerk = (users.create_user(name, is_staff=name != "customer") for name in names)
    for user in (customer, clerk):
        user.user_permissions.add(may_see)
    for user in (customer, cleaner):
        client.force_login(user)
        assert [client.get(address).status_code for address in addresses(private)] == [404] * 3

    client.force_login(clerk)
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


def test_the_receipt_leads_to_the_story_and_after_both_ways_to_both_payments(mike) -> None:
    legacy = pay(mike, "legacy")
    first = mike.get(legacy.get_absolute_url()).text
    modern = pay(mike, "modern")

    assert f'href="{addresses(legacy)[0]}"' in first
    assert "the next receipt leads to both payments side by side" in first
    assert "Times count from the order" in first
    for payment in (legacy, modern):
        receipt = mike.get(payment.get_absolute_url()).text
        assert f'href="/compare/wire/{legacy.pk}/{modern.pk}/"' in receipt
        assert "the next receipt leads" not in receipt


def with_a_record(flow: str) -> list[Arrow]:
    return [arrow for arrow in arrows(flow) if arrow.record]


def led_to(visitor: Visitor, arrow: Arrow) -> str:
    return visitor.get(arrow.record, allow_redirects=False).headers["Location"]


ENDS = {"visit": {"you", "us"}, "call": {"us", "stripe"}, "webhook": {"stripe", "us"}}


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
    pressed, *_, knew = [a for a in with_a_record("modern") if a.number == 1 or a.step.confirms]

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


def test_the_page_shows_the_code_in_each_message(mike) -> None:
    page = mike.get(f"/compare/wire/{pay(mike, 'legacy').pk}/").text

    assert '<a href="/compare/code/#legacy-_charge"><code>legacy._charge</code></a>' in page
    assert '<a href="/compare/code/views/#views-checkout"><code>views.checkout</code></a>' in page


def test_every_link_of_the_wire_pages_leads_somewhere(mike) -> None:
    legacy, modern = pay(mike, "legacy"), pay(mike, "modern")

    for address in (f"/compare/wire/{legacy.pk}/", f"/compare/wire/{modern.pk}/{legacy.pk}/"):
        page = Links(mike.get(address).text)
        assert len(page.ids) == len(set(page.ids))
        for link in sorted(page.links):
            if not urlsplit(link).netloc:
                there, _, anchor = urljoin(address, link).partition("#")
                answer = mike.get(there)
                assert answer.status_code == 200, link
                assert not anchor or anchor in Links(answer.text).ids, link
