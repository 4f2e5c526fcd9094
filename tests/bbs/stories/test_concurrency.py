"""Many processes at once, as on several machines: whatever they do together, it is done once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from bbs.models import Mail, Payment, Topic
from tests.stage import processes
from tests.stage.people import VISA, Visitor
from tests.stage.processes import Crowd
from tests.stage.stories import FLOWS, Delivery, Page, assert_each_once, pay, pay_unnoticed, reconcile, send, visit
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
CROWD = 4


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the crowd sends its mails."""
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, mails: Path) -> Iterator[Crowd]:
    with processes.crowd(CROWD, mails) as crowd:
        yield crowd


@pytest.fixture(autouse=True)
def _empty_folder(mails: Path) -> None:
    for file in mails.iterdir():
        file.unlink()


def all_of_it(turn: int, deliveries: list[Delivery], cookies: dict[str, str], pages: list[Page]) -> set:
    """Deliver, come back and reconcile, in an order of one's own."""
    errands = [
        lambda: send(deliveries),
        lambda: {visit(cookies, *page)[0] for page in pages},
        lambda: {reconcile() and 200},
    ]
    return {status for errand in errands[turn % 3 :] + errands[: turn % 3] for status in errand()}


@pytest.mark.parametrize("flow", FLOWS)
def test_the_same_events_pages_and_reconciliations_at_once_deliver_each_payment_once(
    settings, mike: Visitor, crowd: Crowd, mails: Path, mailoutbox, flow: str
) -> None:
    pages = [pay_unnoticed(mike, settings, flow) for _ in range(3)]
    deliveries = signed_deliveries(ahead=60)
    assert {payment.status for payment in Payment.objects.all()} == {"pending"}

    turns = list(range(CROWD))
    statuses = crowd.at_once(all_of_it, turns, [deliveries], [mike.cookies], [pages])

    assert set().union(*statuses) <= {200, 302, 303}
    assert_each_once(3, mails, mailoutbox)


@pytest.mark.parametrize("flow", FLOWS)
def test_coming_back_and_the_webhook_in_the_same_millisecond_deliver_once(
    settings, mike: Visitor, crowd: Crowd, mails: Path, mailoutbox, flow: str
) -> None:
    rounds = 5
    for _ in range(rounds):
        page = pay_unnoticed(mike, settings, flow)
        deliveries = signed_deliveries()

        crowd.at_once(come_back_or_deliver, [True, False], [mike.cookies], [page], [deliveries])

    assert_each_once(rounds, mails, mailoutbox)


def come_back_or_deliver(comes_back: bool, cookies: dict[str, str], page: Page, deliveries: list[Delivery]) -> None:
    if comes_back:
        assert visit(cookies, *page)[0] in (302, 303)
    else:
        assert send(deliveries) == {200}


@pytest.mark.parametrize("flow", FLOWS)
def test_the_same_form_from_many_tabs_at_once_is_one_payment(
    mike: Visitor, crowd: Crowd, mails: Path, mailoutbox, flow: str
) -> None:
    mike.switch_flow(flow)
    form = {"order": mike.see_order()} | (mike.enter_card(VISA) if flow == "legacy" else {})

    answers = crowd.at_once(visit, [mike.cookies], ["/checkout/"], [form])

    assert {status for status, _location in answers} == {303}
    assert len({location for _status, location in answers}) == 1
    assert Payment.objects.count() == 1
    if flow == "legacy":
        assert_each_once(1, mails, mailoutbox)
    else:
        assert len(stripe.checkout.Session.list().data) == 1


def test_different_tokens_for_one_order_at_once_charge_one_card(
    mike: Visitor, crowd: Crowd, mails: Path, mailoutbox
) -> None:
    mike.switch_flow("legacy")
    order = mike.see_order()
    forms = [{"order": order, **mike.enter_card(VISA)} for _ in range(CROWD)]

    answers = crowd.at_once(visit, [mike.cookies], ["/checkout/"], forms)

    assert {status for status, _location in answers} == {303}
    assert_each_once(1, mails, mailoutbox)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_refund_notified_several_times_at_once_is_recorded_once(
    mike: Visitor, crowd: Crowd, settings, flow: str
) -> None:
    pay_unnoticed(mike, settings, flow)
    reconcile()
    stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=300)
    stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=400)

    assert crowd.at_once(send, [signed_deliveries()]) == [{200}] * CROWD

    payment = Payment.objects.get()
    assert (payment.status, payment.amount_refunded) == ("partially_refunded", 700)
    assert list(payment.history.filter(kind="refunded").values_list("detail", flat=True)) == ["300 jpy", "400 jpy"]


@pytest.mark.parametrize("flow", FLOWS)
def test_a_failed_refund_notified_several_times_at_once_is_reported_once(
    mike: Visitor, crowd: Crowd, mails: Path, mailoutbox, flow: str
) -> None:
    pay(mike, flow, "4000000000005126")
    stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=300)
    stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=400)
    mailoutbox.clear()

    assert crowd.at_once(send, [signed_deliveries(ahead=60)]) == [{200}] * CROWD

    payment = Payment.objects.get()
    assert (payment.status, payment.amount_refunded) == ("paid", 0)
    assert sorted(payment.history.filter(kind="refund_failed").values_list("detail", flat=True)) == [
        "300 jpy",
        "400 jpy",
    ]
    assert sum(file.read_text().count("Message-ID:") for file in mails.iterdir()) + len(mailoutbox) == 2


@pytest.mark.parametrize("flow", FLOWS)
def test_an_inquiry_notified_several_times_while_it_is_escalated_is_a_dispute(
    mike: Visitor, crowd: Crowd, flow: str
) -> None:
    pay(mike, flow, "4000000000001976")
    opened = signed_deliveries(ahead=60)
    stripe.Dispute.modify(
        stripe.Dispute.list().data[0].id, evidence={"uncategorized_text": "escalate_inquiry_evidence"}, submit=True
    )

    assert crowd.at_once(send, [[*opened, *signed_deliveries(ahead=60)]]) == [{200}] * CROWD

    assert Payment.objects.get().status == "disputed"


def post_ten(cookies: dict[str, str]) -> list[int]:
    """Post ten comments, one after the other."""
    forms = [{"comment": "hello", "form_id": str(uuid.uuid4())} for _ in range(10)]
    return [visit(cookies, "/", form)[0] for form in forms]


def test_a_limit_holds_for_all_machines_together(mike: Visitor, crowd: Crowd) -> None:
    mike.get("/")
    before = Topic.objects.count()

    answers = crowd.at_once(post_ten, [mike.cookies])

    assert sorted(status for each in answers for status in each) == [302] * 10 + [429] * 30
    assert Topic.objects.count() - before == 10


def test_mails_that_waited_are_sent_once_by_many_reconciliations_at_once(
    settings, mike: Visitor, crowd: Crowd, mails: Path, mailoutbox
) -> None:
    for _ in range(3):
        pay_unnoticed(mike, settings, "modern")
    reconcile()
    Mail.objects.update(claimed_at=None, sent_at=None)  # as a mail server that was down leaves them
    mailoutbox.clear()

    crowd.at_once(reconcile)

    assert_each_once(3, mails, mailoutbox)
