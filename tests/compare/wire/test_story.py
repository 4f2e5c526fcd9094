"""The story of a payment: who said what, when the money moved, and when we knew."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from bbs.models import Payment
from compare.models import WireMessage
from compare.wire.diagram import messages
from compare.wire.story import Story
from tests.compare.stage.messages import START, message, payment_in, steps
from tests.compare.stage.recorded import pay
from tests.stage.people import DECLINED

LIVE = pytest.mark.django_db(databases="__all__", transaction=True)


def labels(story: Story) -> list[str]:
    """Return what the arrows of a diagram say, without how long each took."""
    with translation.override("en"):
        drawn = messages(story)
    return [re.sub(r" · .*|^\d+:\d+:\d+: ", "", message.label) for message in drawn if message.kind != "pause"]


def in_order(found: list[str], *wanted: str) -> bool:
    """Whether these follow one another, with whatever between them."""
    rest = iter(found)
    return all(label in rest for label in wanted)


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_the_story_of_a_modern_payment_has_the_money_moving_before_we_know(hanako, webhooks) -> None:
    payment = pay(hanako, "modern")
    webhooks()

    shown = labels(Story.of(payment))

    assert in_order(
        shown,
        "POST /checkout/",
        "POST /v1/checkout/sessions",
        "303",
        "the card, on Stripe's page",
        "payment at Stripe",
        "GET /success/",
        "payment confirmed here",
        "GET /payments/…/",
        "checkout.session.completed",
    )


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_the_story_of_a_legacy_payment_has_the_money_moving_inside_of_our_call(hanako, webhooks) -> None:
    payment = pay(hanako, "legacy")
    webhooks()

    shown = labels(Story.of(payment))

    assert in_order(
        shown,
        "the card, in Stripe's dialog",
        "a token for the card",
        "POST /checkout/",
        "POST /v1/charges",
        "payment at Stripe",
        "200",
        "payment confirmed here",
        "303",
        "charge.succeeded",
    )


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_the_summary_says_when_the_money_moved_and_what_confirmed_it(hanako, webhooks) -> None:
    story = Story.of(pay(hanako, "modern"))

    (settling_request,) = story.settling_requests
    assert settling_request.title == "GET /success/"
    assert abs(story.money_moved_at - story.payment.paid_at) < timedelta(seconds=2)
    assert (story.calls, story.webhooks) == (story.payment.messages.filter(kind="call").count(), 0)


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_a_declined_payment_has_no_money_moving(hanako) -> None:
    story = Story.of(pay(hanako, "legacy", DECLINED))

    assert (story.money_moved_at, story.confirmed_within, story.settling_requests) == (None, None, [])
    assert "402" in labels(story)


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_the_same_look_again_and_again_is_shown_once(mike) -> None:
    payment = pay(mike, "legacy")
    for _ in range(4):
        mike.get(payment.get_absolute_url())

    assert labels(Story.of(payment)).count("GET /payments/…/ × 5") == 1


CHARGE = {"object": "charge", "paid": True, "created": int(START.timestamp())}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_story_begins_with_the_pay_button_also_where_the_row_came_later() -> None:
    payment = payment_in("legacy", created_at=at(0.1), paid_at=at(2))
    pressed = message(payment, "visit POST /checkout/")

    assert Story(payment, steps(pressed)).began_at == START
    assert Story(payment, []).began_at == at(0.1)


def test_we_knew_while_answering_the_requests_that_were_open_then() -> None:
    payment = payment_in("modern", paid_at=at(5.05))
    _early, return_page, webhook, _call, _late = shown = steps(
        message(payment, "visit POST /checkout/", 0),
        message(payment, "visit GET /success/", 5),
        message(payment, "webhook POST /webhook/", 5.01),
        message(payment, "call GET /v1/checkout/sessions/cs_1", 5.02),
        message(payment, "visit GET /payments/1/", 6),
    )

    assert Story(payment, shown).settling_requests == [return_page, webhook]


def test_the_money_moved_at_the_first_paid_charge_wherever_it_is_in_an_answer() -> None:
    payment = payment_in("modern")
    later = CHARGE | {"created": CHARGE["created"] + 9}
    not_yet = CHARGE | {"paid": False, "created": 1}
    story = Story(
        payment,
        steps(
            message(payment, "call GET /v1/charges", answer={"data": [not_yet, later]}),
            message(payment, "webhook POST /webhook/", parameters={"data": {"object": {"latest_charge": CHARGE}}}),
        ),
    )

    assert story.money_moved_at == START
    assert Story(payment, story.steps[:0]).money_moved_at is None


@pytest.mark.parametrize("created", [-1, 0, 1, 8], ids=lambda seconds: f"{seconds:+} s")
def test_the_money_never_moves_before_our_call_or_after_we_know(created: int) -> None:
    """Stripe's clock counts whole seconds, and may be another's."""
    payment = payment_in("legacy", paid_at=at(0.9))
    charge = CHARGE | {"created": CHARGE["created"] + created}
    story = Story(payment, steps(message(payment, "call POST /v1/charges", 0.4, answer=charge)))

    (moved,) = [event for event in story.events if event.kind == "moved"]

    assert at(0.4) < moved.at < payment.paid_at


@pytest.mark.parametrize(
    ("flow", "created", "within"),
    [
        ("modern", 0, (100, 1100)),  # the second that Stripe's clock leaves open
        ("modern", 1, (0, 100)),
        ("modern", 2, (0, 0)),  # Stripe's clock is ahead of ours
        ("legacy", 0, (300, 700)),  # inside of our call
        ("legacy", 5, (300, 700)),  # and not where another clock says
        ("legacy", -1, (300, 700)),
    ],
)
def test_confirmation_is_counted_from_the_payment_at_stripe_in_both_flows(
    flow: str, created: int, within: tuple[int, int]
) -> None:
    payment = payment_in(flow, paid_at=at(1.1))
    charge = CHARGE | {"created": CHARGE["created"] + created}
    charging = "call POST /v1/charges" if flow == "legacy" else "call GET /v1/checkout/sessions/cs_1"
    story = Story(payment, steps(message(payment, charging, 0.4, milliseconds=400, answer=charge)))

    assert story.confirmed_within == tuple(timedelta(milliseconds=each) for each in within)


def test_steps_and_events_are_in_the_order_in_which_they_began() -> None:
    payment = payment_in("legacy", paid_at=at(1.5))
    paying = message(payment, "visit POST /checkout/", 1, milliseconds=900, parameters={"stripeToken": "tok_•••"})
    story = Story(payment, steps(paying, message(payment, "call POST /v1/charges", 1.1, answer=CHARGE)))

    kinds = [entry.message.kind if hasattr(entry, "message") else entry.kind for entry in story.entries]

    assert kinds == ["unseen", "unseen", "visit", "call", "moved", "known"]


def test_a_story_has_as_many_steps_as_a_page_can_hold_and_counts_the_others(payment: Payment) -> None:
    for seconds in range(5):
        message(payment, f"call GET /v1/{seconds}", seconds).save()

    story = Story.of(payment, most=3)

    assert ([step.name for step in story.steps], story.left_out) == (["GET /v1/0", "GET /v1/1", "GET /v1/2"], 2)
    assert Story.of(payment).left_out == 0


@pytest.mark.parametrize(
    ("changed", "count"),
    [({}, 1), ({"answer": {"page": "other"}}, 2), ({"status": 500}, 2), ({"method": "POST"}, 2), ({"kind": "call"}, 2)],
)
def test_only_the_same_look_again_is_shown_once(payment: Payment, changed: dict[str, object], count: int) -> None:
    message(payment, "visit GET /payments/1/").save()
    again = message(payment, "visit GET /payments/1/", 1)
    for name, value in changed.items():
        setattr(again, name, value)
    again.save()

    assert len(Story.of(payment).steps) == count
    assert sum(Story.of(payment).counted(kind) for kind in WireMessage.Kind) == 2


def test_a_version_is_another_when_there_is_something_new(payment: Payment) -> None:
    def version() -> str:
        return Story.of(payment, most=2).version

    versions = [version(), version()]
    for seconds in range(3):
        message(payment, "visit GET /payments/1/", seconds).save()
        versions.append(version())
    for seconds in range(3, 6):
        message(payment, "call GET /v1/charges", seconds).save()
        versions.append(version())
    payment.status = "failed"
    versions.append(version())

    assert versions[0] == versions[1]
    assert len(set(versions)) == len(versions) - 1


def test_stripe_is_waited_for_as_long_as_its_calls_took() -> None:
    payment = payment_in("legacy")
    story = Story(
        payment, steps(*(message(payment, f"{kind} GET /", milliseconds=70) for kind in ("call", "call", "visit")))
    )

    assert (story.calls, story.webhooks, story.stripes_milliseconds) == (2, 0, 140)


def test_money_whose_move_was_observed_is_where_it_was_or_after_the_call_that_took_it() -> None:
    payment = payment_in("modern", paid_at=at(1))
    page = message(payment, "visit POST /checkout/", 0)
    (moved,) = [event for event in Story(payment, steps(page), moved_at=at(300)).events if event.kind == "moved"]
    assert moved.at == at(300)  # after the confirmation: the goods went out too early

    declined, charged = [
        message(payment, "call POST /v1/charges", n, status=status) for n, status in ((0, 402), (1, 200))
    ]
    (moved,) = [
        event for event in Story(payment, steps(declined, charged), moved_at=at(2)).events if event.kind == "moved"
    ]
    assert at(1) < moved.at < at(1.1)
