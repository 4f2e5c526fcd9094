"""What the lines of older tutorials do now, found out by running them."""

from __future__ import annotations

import ast
import inspect
import json
import re
import warnings

import pytest
import stripe
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client
from django.utils import translation

from bbs import demo, payments
from bbs.models import Payment, Product
from stripe_sandbox.testing import pay, signed_deliveries
from stripe_scan.catalogue import patterns
from stripe_scan.catalogue.entries import Example
from tests.compare.stage.samples import CARD, SESSION

pytestmark = pytest.mark.django_db(databases="__all__")


class World(dict):
    """What the old lines take for granted, each thing made when it is first named."""

    def __init__(self, api: stripe.StripeClient, client: Client) -> None:
        super().__init__(stripe=stripe, json=json, payments=payments, HttpResponseRedirect=HttpResponseRedirect)
        self.update(Product=Product)
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

    def make_request(self) -> HttpRequest:
        request = HttpRequest()
        request._body = self["body"]
        return request

    def make_posted(self) -> dict[str, str]:
        demo.load()
        return {"amount": "50", "product": str(Product.objects.earliest("pk").pk)}

    def make_customer(self) -> stripe.Customer:
        return stripe.Customer.create(source=self.make_token())

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


def answer_of(example: Example, names: dict[str, object]) -> str:
    """Return what an old line answers, with ids shortened."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            value = run(example.before, names)
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


EXAMPLES = {
    f"{pattern.id}-{number}": example
    for pattern in patterns()
    for number, example in enumerate(pattern.example, start=1)
}
RUN = {name: example for name, example in EXAMPLES.items() if example.answer}
# Python that is shown and not run: Stripe's own answer is not the sandbox's (raw numbers, an alias that no document
# has), and a test that mocks stripe.
NOT_RUN = {"token-create-raw-card-1", "card-alias-1", "test-mock-1"}


@pytest.mark.parametrize("name", RUN)
def test_an_old_line_answers_what_the_page_says(name: str, world: World) -> None:
    with translation.override("en"):
        assert answer_of(RUN[name], world) == RUN[name].answer


@pytest.mark.parametrize(
    "name", [name for name, each in RUN.items() if "Error: " in each.answer and each.speaker == "api"]
)
def test_words_that_stripe_does_not_publish_are_marked_and_no_others(name: str, world: World, mike) -> None:
    with warnings.catch_warnings(action="ignore"), pytest.raises(stripe.StripeError) as refused:
        run(RUN[name].before, world)
    page = mike.get(f"/compare/old-code/{name.rpartition('-')[0]}/").text

    assert ("sandbox_assumption" in refused.value.json_body["error"]) is RUN[name].assumed
    assert ('class="answer-by assumed"' in page) is RUN[name].assumed


@pytest.mark.parametrize(
    "name", [name for name, each in EXAMPLES.items() if each.after_language == "python" and not each.unsupported]
)
def test_the_line_to_write_instead_works(name: str, world: World) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = run(EXAMPLES[name].after, world)

    assert value is not False
    assert getattr(value, "status_code", 303) == 303


@pytest.mark.parametrize("name", [name for name, each in EXAMPLES.items() if each.unsupported])
def test_what_the_sandbox_does_not_support_is_its_limit_and_no_mistake(name: str, world: World) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        run(EXAMPLES[name].after, world)

    assert refused.value.code == "sandbox_limit"


def test_each_line_of_python_is_run() -> None:
    assert {name for name, each in EXAMPLES.items() if each.before_language == "python"} - RUN.keys() == NOT_RUN
    assert {name for name, each in RUN.items() if each.before_language != "python"} == set()


def test_an_answer_names_the_major_version_of_the_sdk_that_gives_it() -> None:
    running = stripe.VERSION.partition(".")[0]
    by_sdk = {name: each for name, each in RUN.items() if each.speaker != "python"}

    assert [name for name, each in by_sdk.items() if running not in {one.partition(".")[0] for one in each.sdk}] == []
    assert {version for each in RUN.values() for version in each.api} == {stripe.api_version}


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
