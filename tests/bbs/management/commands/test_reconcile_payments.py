"""`manage.py reconcile_payments`: what it finds out, what it says, and its exit code."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from bbs.models import Mail, Payment
from tests.stage.people import VISA, Visitor
from tests.stage.stories import run, thanks

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_what_no_webhook_confirmed_is_found_and_settled(settings, mike: Visitor, flow: str) -> None:
    mike.switch_flow(flow)
    order = mike.see_order()
    if flow == "legacy":
        card = mike.enter_card(VISA)
        settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.AnswerLost"
        assert mike.post("/checkout/", {"order": order, **card}).status_code == 503
        settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    else:
        page = mike.post("/checkout/", {"order": order})
        mike.http.max_redirects = 0
        with pytest.raises(Exception, match="Exceeded 0 redirects"):
            mike.pay_on_stripes_page(page, VISA)
    assert Payment.objects.get().status == "pending"
    with pytest.raises(CommandError, match="differ on 1 payments"):
        run("check_books")

    assert "would be checked" in run("reconcile_payments", "--dry-run")
    assert Payment.objects.get().status == "pending"
    assert "1 paid" in run("reconcile_payments")

    assert thanks() == 1
    assert Mail.objects.filter(sent_at__isnull=False).count() == 2
    assert "The books agree." in run("check_books")
    assert "none open" in run("reconcile_payments")


def test_stripe_being_away_is_reported_by_the_exit_code_and_loses_nothing(settings, mike: Visitor) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    with pytest.raises(CommandError, match="2 of these failed, as named above; the next run tries again"):
        run("reconcile_payments")
    with pytest.raises(CommandError, match="books could not be read: APIConnectionError"):
        run("check_books")

    assert Payment.objects.get().status == "pending"
