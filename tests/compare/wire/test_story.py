"""The story of a payment: who said what, when the money moved, and when we knew."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import translation

from compare.wire.diagram import messages
from compare.wire.story import Story
from tests.people import DECLINED
from tests.stage.recorded import pay

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


def test_the_same_look_again_and_again_is_told_once(mike) -> None:
    payment = pay(mike, "legacy")
    for _ in range(4):
        mike.get(payment.get_absolute_url())

    assert labels(Story.of(payment)).count("GET /payments/…/ × 5") == 1
