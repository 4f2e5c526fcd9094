"""Before the migration: the article's view charges a token, and is all that ever knows."""

from __future__ import annotations

import pytest
import stripe
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from compare.content.lines import source
from compare.smallest.legacy import CheckoutView
from compare.smallest.models import Order

pytestmark = pytest.mark.django_db(databases="__all__")


def post(token: str) -> tuple[HttpRequest, int]:
    request = RequestFactory().post("/checkout/", {"stripeToken": token})
    request._messages = CookieStorage(request)
    return request, CheckoutView.as_view()(request).status_code


def test_a_token_is_charged_while_the_visitor_waits(orders: QuerySet[Order]) -> None:
    assert post("tok_visa")[1] == 302

    (charge,) = stripe.Charge.list().data
    assert (charge.amount, charge.currency, charge.paid) == (30000, "jpy", True)
    assert orders.get(paid_at__isnull=False).amount == 30000


def test_a_decline_is_shown_to_the_visitor_and_nothing_is_kept(orders: QuerySet[Order]) -> None:
    request, status = post("tok_chargeDeclined")

    assert (status, [str(message) for message in get_messages(request)]) == (302, ["Your card was declined."])
    assert not orders.exists()


def test_its_form_loads_stripes_script_and_the_other_one_is_a_button() -> None:
    forms = [engines["django"].from_string(source(f"compare/smallest/{flow}.html")) for flow in ("legacy", "modern")]

    before, after = (form.render({"publishable_key": "pk_1"}) for form in forms)

    assert 'data-key="pk_1"' in before
    assert 'action="/checkout/"' in before
    assert 'action="/checkout/"' in after
    assert "<script" not in after
