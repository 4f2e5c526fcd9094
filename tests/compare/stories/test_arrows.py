"""Each arrow of the two sequence diagrams leads to the line that it means, and that line runs when it should."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType

import pytest
import stripe
from django.conf import settings
from django.test import Client

from bbs.models import Payment, Product
from bbs.payments import FLOWS
from compare.content import content
from compare.content.entries import Arrow
from compare.pages.files import BY_PATH
from stripe_sandbox.models import LoggedRequest
from stripe_sandbox.testing import pay, signed_deliveries
from tests.compare.stage.samples import CARD
from tests.stage.people import field
from tests.stage.stories import send

LEGACY, MODERN, VIEWS = "bbs/payments/legacy.py", "bbs/payments/modern.py", "bbs/views.py"
BUTTON = "templates/payments/{}/button.html"
NONE = (None, "", "")

# Written by hand, from reading the code: where each arrow leads, in the order of the drawing.
LINES = {
    "legacy-script": (BUTTON.format("legacy"), "", '<script src="{{ button.src }}" class="stripe-button"'),
    "legacy-dialog": (BUTTON.format("legacy"), "", 'data-key="{{ button.key }}"'),
    "legacy-card": NONE,
    "legacy-token": NONE,
    "legacy-post": (LEGACY, "checkout", "card = CardForm.read(request.POST)"),
    "legacy-charge": (LEGACY, "_charge", "charge = stripe.Charge.create("),
    "legacy-paid": (LEGACY, "captured", "if not charge.paid:"),
    "legacy-receipt": (
        LEGACY,
        "checkout",
        "return HttpResponseRedirect(payment.get_absolute_url(), status=303)",
    ),
    "legacy-webhook": (LEGACY, "PAID_EVENTS", '"charge.succeeded",'),
    "modern-post": (
        BUTTON.format("modern"),
        "",
        """<form method="post" action="{% url 'bbs:checkout' %}" data-pay="{% url 'bbs:create_checkout_session' %}">""",
    ),
    "modern-create": (MODERN, "_create", "session = stripe_client().v1.checkout.sessions.create("),
    "modern-url": (MODERN, "checkout", "if session and session.url:"),
    "modern-leave": (MODERN, "checkout", "return HttpResponseRedirect(session.url, status=303)"),
    "modern-card": NONE,
    "modern-charge": NONE,
    "modern-webhook": (MODERN, "PAID_EVENTS", '"checkout.session.completed",'),
    "modern-success-url": (
        MODERN,
        "_create",
        """"success_url": f"{payment.origin}{reverse('bbs:success')}?session_id={{CHECKOUT_SESSION_ID}}",""",
    ),
    "modern-return": (VIEWS, "success", "def success(request: HttpRequest) -> HttpResponse:"),
    "modern-retrieve": (
        MODERN,
        "_retrieve",
        "return stripe_client().v1.checkout.sessions.retrieve"
        '(session_id, {"expand": ["payment_intent.latest_charge"]})',
    ),
    "modern-receipt": (VIEWS, "success", "return redirect(payment)"),
}
ARROWS = content().flows.arrows
TABLES = [arrow for arrow in ARROWS if arrow.function.isupper()]
Line = tuple[str, int]


def test_every_arrow_leads_to_the_line_that_was_chosen_for_it() -> None:
    assert {arrow.id: (arrow.path, arrow.function, arrow.line) for arrow in ARROWS} == LINES
    assert [arrow.id for arrow in ARROWS] == list(LINES)


def test_the_server_knows_at_one_arrow_of_each_flow() -> None:
    assert [arrow.id for arrow in ARROWS if arrow.confirms] == ["legacy-paid", "modern-webhook"]


@pytest.mark.parametrize("arrow", [arrow for arrow in ARROWS if arrow.path], ids=lambda arrow: arrow.id)
def test_the_drawing_links_to_the_number_that_the_line_has(arrow: Arrow) -> None:
    page = Client().get("/compare/", headers={"Accept-Language": "en"}).content.decode()
    text = (settings.BASE_DIR / arrow.path).read_text(encoding="utf-8").splitlines()

    assert text[arrow.number - 1].strip() == LINES[arrow.id][2]
    assert f'href="{BY_PATH[arrow.path].url}#{BY_PATH[arrow.path].slug}-L{arrow.number}"' in page


@contextmanager
def traced() -> Iterator[list[Line]]:
    """Collect each line of the shop's Python that runs here, in order; a call counts as running its `def`."""
    lines: list[Line] = []

    def trace(frame: FrameType, event: str, argument: object) -> Callable[..., object] | None:
        name = within_project(frame.f_code.co_filename)
        if not name.startswith("bbs/"):
            return None
        if event == "call":
            lines.append((name, definition_lines(name).get(frame.f_code.co_firstlineno, frame.f_lineno)))
        elif event == "line":
            lines.append((name, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lines
    finally:
        sys.settrace(before)


@cache
def within_project(path: str) -> str:
    """Return a path from the project's root; empty for a file that is elsewhere."""
    return path.removeprefix(f"{settings.BASE_DIR}/") if path.startswith(f"{settings.BASE_DIR}/") else ""


@cache
def definition_lines(path: str) -> dict[int, int]:
    """Return the line of each `def` by the line at which its code object begins: that of the first decorator."""
    found = {}
    for node in ast.walk(ast.parse((settings.BASE_DIR / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            found[min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])] = node.lineno
    return found


def order_on(client: Client, flow: str) -> tuple[str, list[object]]:
    """Choose a flow and look at the board; return the signed order and the templates that were rendered."""
    client.post("/flow/", {"flow": flow})
    page = client.get("/")
    return field(page, "order"), page.templates


def pay_once(client: Client, flow: str) -> tuple[list[object], list[Line]]:
    """Pay in a flow with the real sandbox, webhooks before the return; return the templates and the lines that ran."""
    order, templates = order_on(client, flow)
    form = {"order": order}
    if flow == "legacy":
        form["stripeToken"] = stripe.Token.create(card=CARD, api_key=settings.STRIPE_PUBLISHABLE_KEY).id
    with traced() as lines:
        leaving = client.post("/checkout/", form)
        if flow == "modern":
            pay(client.post, leaving["Location"])
        assert send(list(signed_deliveries())) == {200}
        if flow == "modern":
            client.get("/success/", {"session_id": Payment.objects.get().checkout_session_id})
    assert Payment.objects.get().status == "paid"
    return templates, lines


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("flow", ["legacy", "modern"])
def test_the_lines_of_the_arrows_run_in_their_order(client: Client, products: dict[str, Product], flow: str) -> None:
    """The Python line of each arrow that our server sends or receives runs, one after the other.

    A template has no lines that run: its line is in the source of a template that the board rendered. A table is read
    when its module is imported: `test_an_event_is_believed_because_its_line_is_in_the_table` holds those.
    """
    templates, lines = pay_once(client, flow)
    sources = {within_project(each.origin.name): each.source for each in templates}

    position = 0
    for arrow in (arrow for arrow in ARROWS if arrow.flow == flow and arrow.path and arrow not in TABLES):
        line = (arrow.path, arrow.number)
        if not arrow.path.endswith(".py"):
            assert arrow.line in [each.strip() for each in sources[arrow.path].splitlines()], arrow.id
        elif "us" in (arrow.sender, arrow.receiver):
            assert line in lines[position:], arrow.id
            position = lines.index(line, position) + 1
        else:
            # Stripe sends the visitor back, to the address that this line wrote before.
            assert line in lines, arrow.id


@pytest.mark.django_db(databases="__all__")
def test_a_line_that_does_not_run_is_noticed(client: Client, products: dict[str, Product]) -> None:
    _, lines = pay_once(client, "modern")
    text = (settings.BASE_DIR / MODERN).read_text(encoding="utf-8").splitlines()
    not_run = next(number for number, line in enumerate(text, start=1) if line.strip() == "ledger.expire(payment)")

    assert len(lines) > 100
    assert (MODERN, not_run) not in lines


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("arrow", TABLES, ids=lambda arrow: arrow.id)
@pytest.mark.parametrize("listed", [True, False])
def test_an_event_is_believed_because_its_line_is_in_the_table(
    client: Client,
    products: dict[str, Product],
    settings,
    monkeypatch: pytest.MonkeyPatch,
    arrow: Arrow,
    listed: bool,
) -> None:
    """With its line in the table an event settles the payment by itself; without it, Stripe is asked first."""
    event = ast.literal_eval(arrow.line.rstrip(","))
    table = getattr(FLOWS[arrow.flow], arrow.function)
    order, _ = order_on(client, arrow.flow)
    usual = settings.STRIPE_HTTP_CLIENT
    if arrow.flow == "legacy":  # so that the event is the first to say that it is paid
        settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.AnswerLost"
    leaving = client.post("/checkout/", {"order": order, "stripeToken": "tok_visa"})
    settings.STRIPE_HTTP_CLIENT = usual
    if arrow.flow == "modern":
        pay(client.post, leaving["Location"])
    assert Payment.objects.get().status == "pending"
    LoggedRequest.objects.all().delete()
    if not listed:
        monkeypatch.setattr(FLOWS[arrow.flow], arrow.function, [each for each in table if each != event])

    delivered = [each for each in signed_deliveries() if f'"type": "{event}"'.encode() in each[0]]
    assert send(delivered) == {200}

    assert Payment.objects.get().status == "paid"
    assert LoggedRequest.objects.filter(method="GET").exists() is not listed
