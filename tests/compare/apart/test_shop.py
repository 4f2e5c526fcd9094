"""Each shop apart is new, and its account at Stripe too; neither meets the site's own."""

from __future__ import annotations

import os

import pytest
import stripe
from django.test import RequestFactory

from bbs.models import Topic
from compare.apart.process import Failed, Process
from compare.apart.shop import ADDRESSES, other_addresses


@pytest.mark.django_db(databases="__all__")
def test_a_shop_begins_with_the_samples_alone_has_keys_of_its_own_and_leaves_the_site_as_it_was() -> None:
    with Process("tests.compare.stage.apart:look") as apart:
        [first], [second] = apart.ask(PAYMENT_FLOW="legacy"), apart.ask()
        with pytest.raises(Failed, match="There is no control action 'nonsense'"):
            list(apart.ask(action="nonsense"))

    assert first["found"] == second["found"] == {"charges": 0, "topics": 5}
    assert (first["flow"], second["flow"]) == ("legacy", "modern")
    assert first["board"] == second["board"] == 200
    assert first["deliveries"] == ["t="]
    assert first["key"] != second["key"]
    assert first["process"] == second["process"] != os.getpid()
    assert not Topic.objects.exists()
    assert not stripe.Charge.list().data


def test_a_request_can_be_answered_with_the_addresses_of_another_module() -> None:
    asked = other_addresses(lambda request: getattr(request, "urlconf", None))

    assert asked(RequestFactory().get("/")) is None
    assert asked(RequestFactory().get("/", headers={ADDRESSES: "another"})) is None
    assert asked(RequestFactory().get("/", **{ADDRESSES: "another"})) == "another"
