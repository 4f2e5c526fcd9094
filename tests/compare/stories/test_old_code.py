"""What the lines of older tutorials do now, found out by running them."""

from __future__ import annotations

import ast
import inspect
import json
import re
import types
import warnings

import pytest
import stripe
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client
from django.utils import translation

from bbs import demo, payments
from bbs.models import Payment
from compare.content import content
from compare.content.entries import OldLine
from stripe_sandbox.testing import pay, signed_deliveries
from tests.compare.stage.samples import CARD, SESSION

pytestmark = pytest.mark.django_db(databases="__all__")


class World(dict):
    """What the old lines take for granted, each thing made when it is first named."""

    def __init__(self, api: stripe.StripeClient, client: Client) -> None:
        super().__init__(stripe=stripe, json=json, payments=payments, HttpResponseRedirect=HttpResponseRedirect)
        self.client = client
        self.update(stripe_client=api, secret=settings.STRIPE_WEBHOOK_SECRETS[0])
        self.update(secret_key=settings.STRIPE_SECRET_KEY)

    def __missing__(self, name: str) -> object:
        if not hasattr(self, f"make_{name}"):
            raise KeyError(name)
        self[name] = getattr(self, f"make_{name}")()
        return self[name]

    def make_visitor(self) -> Client:
        demo.load()
        self.client.get("/", headers={"Accept-Language": "en"})
        return self.client

    def make_session(self) -> stripe.checkout.Session:
        return self["stripe_client"].v1.checkout.sessions.create(params=SESSION)

    def make_paid(self) -> stripe.checkout.Session:
        session = self.make_session()
        pay(self.client.post, session.url)
        return self["stripe_client"].v1.checkout.sessions.retrieve(session.id)

    def make_charge(self) -> stripe.Charge:
        return stripe.Charge.create(amount=2000, currency="jpy", source="tok_visa")

    def make_token(self) -> str:
        return stripe.Token.create(card=CARD, api_key=settings.STRIPE_PUBLISHABLE_KEY).id

    make_fresh_token = make_token

    def make_payment(self) -> Payment:
        self["visitor"].post("/create-checkout-session/")
        return Payment.objects.get()

    def make_unpaid_id(self) -> str:
        return self["payment"].checkout_session_id

    def make_letter(self) -> tuple[bytes, dict[str, str]]:
        self.make_paid()
        return next(letter for letter in signed_deliveries() if b'"checkout.session.completed"' in letter[0])

    def make_body(self) -> bytes:
        return self["letter"][0]

    def make_signature(self) -> str:
        return self["letter"][1]["Stripe-Signature"]

    def make_request(self) -> types.SimpleNamespace:
        return types.SimpleNamespace(body=self["body"])

    def make_event(self) -> stripe.Event:
        return stripe.Webhook.construct_event(self["body"], self["signature"], self["secret"])


@pytest.fixture
def world(api: stripe.StripeClient, client: Client) -> World:
    return World(api, client)


def run(code: str, names: dict[str, object]) -> object:
    """Run lines as they stand on the page, and return the value of the last, or what it assigned."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "page", "exec"), {}, names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "page", "eval"), {}, names) if last else names.get("shown")  # noqa: S307


def answer_of(entry: OldLine, names: dict[str, object]) -> str:
    """Return what an old line answers, with ids shortened."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            value = run(entry.old, names)
        except (stripe.StripeError, AttributeError, ImportError, TypeError, KeyError, ValueError) as error:
            value = f"{type(error).__name__}: {getattr(error, 'user_message', None) or error}"
    if isinstance(value, HttpResponse):
        value = said_by_the_site(value)
    elif warned:
        value = f"{warned[0].category.__name__}: {warned[0].message}"
    return re.sub(r"\b(tok|cs_test|req|ch|pi|cus|evt)_\w+", r"\1_…", " ".join(str(value).split()))


def said_by_the_site(response: HttpResponse) -> str:
    said = f"HTTP {response.status_code}"
    if response.status_code == 302:
        said += f", and the order is {Payment.objects.get().status}"
    return said


ENTRIES = content().old_code.lines
RUN = [entry for entry in ENTRIES if entry.language == "python"]


@pytest.mark.parametrize("entry", RUN, ids=lambda entry: entry.id)
def test_an_old_line_answers_what_the_page_says(entry: OldLine, world: World) -> None:
    with translation.override("en"):
        assert answer_of(entry, world) == entry.answer


@pytest.mark.parametrize(
    "entry",
    [entry for entry in RUN if "Error: " in entry.answer and entry.speaker == "api"],
    ids=lambda entry: entry.id,
)
def test_words_that_stripe_does_not_publish_are_marked_and_no_others(entry: OldLine, world: World, mike) -> None:
    with warnings.catch_warnings(action="ignore"), pytest.raises(stripe.StripeError) as refused:
        run(entry.old, world)
    page = mike.get("/compare/old-code/").text
    _before, _id, article = page.partition(f'id="{entry.id}"')

    assert ("sandbox_assumption" in refused.value.json_body["error"]) is entry.assumed
    assert ('class="answer-by assumed"' in article.partition("</article>")[0]) is entry.assumed


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_the_fixed_line_works(entry: OldLine, world: World) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = run(entry.new, world)

    assert value is not False
    assert getattr(value, "status_code", 303) == 303


def test_a_line_that_cannot_be_run_shows_no_answer() -> None:
    assert [entry.id for entry in ENTRIES if entry not in RUN] == ["redirect-to-checkout"]
    assert [entry.answer for entry in ENTRIES if entry not in RUN] == [""]


def test_an_answer_names_the_major_version_of_the_sdk_that_gives_it() -> None:
    running = stripe.VERSION.partition(".")[0]

    assert [entry.id for entry in RUN if running not in {version.partition(".")[0] for version in entry.sdk}] == []
    assert {version for entry in ENTRIES for version in entry.api} == {stripe.api_version}


def test_the_attribute_works_where_the_import_does_not() -> None:
    assert stripe.error.CardError is stripe.CardError


@pytest.mark.parametrize("line", ["{**session}", "list(session)", "[key for key in session]", "session.items()"])
def test_an_object_cannot_be_taken_apart_like_a_dict(line: str, api: stripe.StripeClient) -> None:
    session = api.v1.checkout.sessions.create(params=SESSION)

    with pytest.raises((TypeError, AttributeError, KeyError)):
        run(line, {"session": session})


def test_charge_create_says_that_it_will_be_removed() -> None:
    assert "deprecated and will be removed soon" in stripe.Charge.create.__doc__


def test_a_decline_is_replayed_under_the_same_key(api: stripe.StripeClient) -> None:
    params = {"amount": 2000, "currency": "jpy", "source": "tok_visa_chargeDeclined"}
    declined = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as caught:
            api.v1.charges.create(params=params, options={"idempotency_key": "order-7"})
        declined.append(caught.value.error.charge)

    assert declined[0] == declined[1]
    assert len(api.v1.charges.list().data) == 1


def test_the_sdk_says_whose_messages_may_be_shown() -> None:
    assert "For card errors, these messages can be shown to your users" in inspect.getsource(stripe.ErrorObject)
