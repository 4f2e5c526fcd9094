"""The contract of the two flows, and who decides between them."""

from __future__ import annotations

import ast
import inspect
import re

import pytest
import stripe
from django.conf import settings
from django.test import RequestFactory

from bbs import payments
from bbs.models import Flow, Payment
from bbs.payments import legacy, modern, refunds_and_disputes
from tests.stage.people import DECLINED, Visitor
from tests.stage.stories import pay_unnoticed, reconcile, send
from tests.stage.stripe_side import signed_deliveries
from tests.stage.transports import Meanwhile, Noting

NAMES = ["button", "checkout", "confirm", "refund", "captured", "PAID_EVENTS", "EVENTS"]
transactional = pytest.mark.django_db(databases="__all__", transaction=True)
FLOWS = pytest.mark.parametrize("flow", [legacy, modern], ids=["legacy", "modern"])


@FLOWS
def test_a_flow_has_the_names_of_the_contract_in_its_order(flow) -> None:
    source = inspect.getsource(flow)
    starts = [rf"^(def {name}\(|{name}(: .*)? = )" for name in NAMES]
    places = [re.search(start, source, re.MULTILINE).start() for start in starts]

    assert places == sorted(places)


@pytest.mark.parametrize("name", [name for name in NAMES if callable(getattr(legacy, name))])
def test_the_flows_are_called_alike(name: str) -> None:
    one, other = (list(inspect.signature(getattr(flow, name)).parameters) for flow in (legacy, modern))

    assert len(one) == len(other)
    assert one[:1] == other[:1] or name == "captured"


@FLOWS
def test_what_is_believed_of_an_event_is_waited_for(flow) -> None:
    assert set(flow.PAID_EVENTS) <= flow.EVENTS.keys()


@pytest.mark.parametrize(
    ("switcher", "chosen", "flow"),
    [
        (True, "legacy", "legacy"),
        (True, "telepathy", "modern"),
        (True, None, "modern"),
        (False, "legacy", "modern"),
        (False, None, "modern"),
    ],
)
def test_a_visitors_choice_counts_only_where_there_is_one(settings, switcher: bool, chosen, flow: str) -> None:
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_SWITCHER = "modern", switcher
    request = RequestFactory().get("/")
    request.COOKIES = {payments.FLOW_COOKIE: chosen} if chosen else {}

    assert payments.flow_for(request) == flow


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_what_an_event_left_out_is_asked_for_once_and_the_mails_are_sent_once(
    mike: Visitor, settings, mailoutbox
) -> None:
    pay_unnoticed(mike, settings, "modern")
    send(signed_deliveries())
    payment = Payment.objects.get()
    assert (payment.payment_method, payment.card_last4, len(mailoutbox)) == ("card", "4242", 2)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Noting"
    Noting.calls.clear()

    assert payments.complete_and_send.func(str(payment.pk)) == 0

    assert Noting.calls == []
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("amount", [0, -1, 1501])
def test_no_more_than_is_left_is_given_back(amount: int) -> None:
    payment = Payment(amount=2000, amount_refunded=500, currency="jpy", paid_at="2026-11-26")

    with pytest.raises(ValueError, match="cannot be refunded; the most is ¥1,500"):
        payments.refund(payment, amount)


def test_nothing_is_given_back_of_what_was_not_paid() -> None:
    with pytest.raises(ValueError, match="Nothing is left to refund"):
        payments.refund(Payment(amount=2000, currency="jpy"))


@transactional
@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_refund_that_stripe_made_is_one_though_stripe_cannot_be_asked_about_it(
    mike: Visitor, settings, flow: str
) -> None:
    pay_unnoticed(mike, settings, flow)
    reconcile()
    payment = Payment.objects.get()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Meanwhile"
    lost = "tests.stage.transports.Unreachable"
    Meanwhile.happens.append(lambda: setattr(settings, "STRIPE_HTTP_CLIENT", lost))

    made = payments.refund(payment, 500)

    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    reconcile()
    payment.refresh_from_db()
    assert (made.amount, payment.amount_refunded, payment.status) == (500, 500, "partially_refunded")


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_events_that_are_waited_for_are_those_that_are_to_be_registered(settings, name: str) -> None:
    readme = (settings.BASE_DIR / name).read_text(encoding="utf-8")
    (listed,) = [part for part in readme.split("\n\n") if "`charge.dispute.created`" in part]

    waited_for = {*legacy.EVENTS, *modern.EVENTS, *refunds_and_disputes.EVENTS}
    assert set(re.findall(r"`([a-z_]+\.[a-z_.]+)`", listed)) == waited_for


@pytest.mark.parametrize(
    ("flow", "kind", "waits"),
    [
        ("legacy", "charge.succeeded", True),
        ("legacy", "checkout.session.completed", False),
        ("modern", "checkout.session.completed", True),
        ("modern", "charge.succeeded", False),
        ("legacy", "charge.refunded", True),
        ("modern", "charge.dispute.closed", True),
        ("modern", "invoice.paid", False),
    ],
)
def test_each_flow_waits_for_its_own_events_and_both_for_those_of_the_money(flow: str, kind: str, waits: bool) -> None:
    event = stripe.Event.construct_from({"id": "evt_1", "type": kind}, key=None)

    assert payments.handles(Payment(flow=flow), event) is waits


@transactional
@pytest.mark.parametrize("status", ["failed", "expired"])
def test_visiting_an_order_of_which_nothing_was_taken_asks_stripe_nothing(mike: Visitor, settings, status: str) -> None:
    mike.switch_flow("legacy")
    mike.post("/checkout/", {"order": mike.see_order(), **mike.enter_card(DECLINED)})
    Payment.objects.update(status=status)
    receipt = Payment.objects.get().get_absolute_url()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Noting"
    Noting.calls.clear()

    pages = [mike.get(receipt), mike.post(receipt, {}), mike.get(f"/canceled/?payment={Payment.objects.get().pk}")]

    assert [page.url for page in pages] == [f"{mike.url}{receipt}"] * 3
    assert Noting.calls == []


@transactional
def test_a_charge_for_a_declined_order_is_found_by_reconciliation(mike: Visitor, settings) -> None:
    pay_unnoticed(mike, settings, "legacy")
    Payment.objects.update(status="failed")

    reconcile()

    assert Payment.objects.get().status == "paid"


BBS = settings.BASE_DIR / "bbs"
# Where a module may name a flow, and why.
NAMES_A_FLOW = {
    "payments/__init__.py": "it decides",
    "models/shop.py": "it defines the two",
    "payments/progress.py": "it counts both, legacy first",
    "checks.py": "it validates the setting",
    "management/commands/welcome.py": "it prints the setting",
}


def questions(tree: ast.AST) -> list[str]:
    """Return where code asks which flow it is: it names one, compares or looks up by one, or reads the setting."""
    return [ast.unparse(node) for node in ast.walk(tree) if names_a_flow(node) or any(map(is_flow, asked_of(node)))]


def names_a_flow(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in Flow.values
    return isinstance(node, ast.Attribute) and node.attr in ("LEGACY", "MODERN", "PAYMENT_FLOW")


def asked_of(node: ast.AST) -> list[ast.expr]:
    """Return the expressions on whose value this node's outcome depends."""
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Subscript):
        return [node.slice]
    return [node.subject] if isinstance(node, ast.Match) else []


def is_flow(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "flow"


def test_which_flow_it_is_is_asked_by_the_dispatcher_alone() -> None:
    paths = [path for path in BBS.rglob("*.py") if path.parent.name != "migrations"]
    asking = {str(path.relative_to(BBS)) for path in paths if questions(ast.parse(path.read_text(encoding="utf-8")))}

    assert asking == NAMES_A_FLOW.keys()


@pytest.mark.parametrize(
    "line",
    [
        "if payment.flow == Flow.LEGACY: pass",
        "payment.flow != other",
        "other == payment.flow",
        "payment.flow in others",
        "FLOWS[order.flow]",
        "Payment.objects.filter(flow='modern')",
        "settings.PAYMENT_FLOW",
        "match order.flow:\n    case _: pass",
    ],
)
def test_each_way_to_ask_for_the_flow_is_noticed(line: str) -> None:
    assert questions(ast.parse(line))


@pytest.mark.parametrize("line", ["f'payments/{order.flow}/button.html'", "flow_of(payment).confirm(payment)"])
def test_passing_a_flow_on_is_no_question(line: str) -> None:
    assert questions(ast.parse(line)) == []


PAYMENTS = list(BBS.glob("payments/*.py"))
# Where the signature is that of another: stripe-python's client, and a receiver of Django's signal.
ANOTHERS_SIGNATURE = {"request_with_retries", "_forget"}


def test_no_names_of_fields_travel_as_keywords_and_no_function_changes_anothers_variables() -> None:
    nodes = [node for path in PAYMENTS for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert {function.name for function in functions if function.args.kwarg} == ANOTHERS_SIGNATURE
    assert not [node for node in nodes if isinstance(node, ast.Nonlocal | ast.Global)]
