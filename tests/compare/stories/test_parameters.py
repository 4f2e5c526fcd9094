"""Each parameter's example does what its row says, and no parameter is left out."""

from __future__ import annotations

import inspect
import re
import types

import pytest
import stripe
from django.conf import settings
from django.test import Client
from stripe.params import ChargeCreateParams
from stripe.params.checkout import SessionCreateParams, _session_create_params

from compare.content import content
from compare.content.entries import Parameter
from stripe_sandbox.testing import pay
from tests.compare.stage.samples import SESSION

pytestmark = pytest.mark.django_db(databases="__all__")

CHARGE = {"amount": 2000, "currency": "jpy", "source": "tok_visa"}
ROWS = [(row.group, row) for row in content().parameters.rows]
EXECUTED = [(group, row) for group, row in ROWS if row.shows]
NOT_PLAYED = [(group, row) for group, row in ROWS if row.new and not row.shows]


def ids(rows: list[tuple[str, Parameter]]) -> list[str]:
    return [f"{group}: {row.name}" for group, row in rows]


def merged(base: object, more: object) -> object:
    """Return `base` with what an example says put over it, inside of dicts and lists too."""
    if isinstance(base, dict) and isinstance(more, dict):
        return base | {name: merged(base.get(name), value) for name, value in more.items()}
    if isinstance(base, list) and isinstance(more, list) and len(base) == len(more):
        return [merged(one, other) for one, other in zip(base, more, strict=True)]
    return more


def run(code: str, **names: object) -> object:
    """Return the value of an example as it stands on the page."""
    return eval(code, {}, names)  # noqa: S307


def new_params(row: Parameter, **names: object) -> dict[str, object]:
    return merged(SESSION, run(f"{{{row.new}}}", **names))


@pytest.mark.parametrize(("group", "row"), EXECUTED, ids=ids(EXECUTED))
def test_an_example_is_accepted_and_does_what_it_says(
    group: str, row: Parameter, api: stripe.StripeClient, client: Client
) -> None:
    sessions = api.v1.checkout.sessions
    customer = api.v1.customers.create(params={"source": "tok_visa"})
    names = {"customer": customer}
    if group == "charge-create":
        charged = CHARGE | run(f"dict({row.old})", **names)
        if row.name == "customer":
            del charged["source"]
        names["charge"] = api.v1.charges.create(params=charged)
    names["session"] = sessions.create(params=new_params(row, **names))
    lines = sessions.line_items.list(names["session"].id, params={"expand": ["data.price.product"]})
    names["item"] = lines.data[0]
    if any("paid." in statement for statement in row.shows):
        pay(client.post, names["session"].url)
        expand = {"expand": ["payment_intent.latest_charge"]}
        names["paid"] = sessions.retrieve(names["session"].id, params=expand)

    assert [statement for statement in row.shows if not run(statement, **names)] == []


@pytest.mark.parametrize(("group", "row"), NOT_PLAYED, ids=ids(NOT_PLAYED))
def test_what_is_said_not_to_be_played_is_not(group: str, row: Parameter, api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.checkout.sessions.create(params=new_params(row))

    assert caught.value.code == "sandbox_limit"


def knows(params: type, example: object) -> bool:
    """Return whether the SDK's types know every name in an example."""
    if isinstance(example, list):
        return all(knows(params, part) for part in example)
    if not isinstance(example, dict) or params is dict:
        return True
    for name, value in example.items():
        if name not in params.__annotations__:
            return False
        inner = re.search(r"SessionCreateParams\w+", str(params.__annotations__[name]))
        if not knows(getattr(_session_create_params, inner[0]) if inner else dict, value):
            return False
    return True


@pytest.mark.parametrize(("group", "row"), ROWS, ids=ids(ROWS))
def test_where_a_parameter_went_is_one_that_the_sdk_knows(group: str, row: Parameter) -> None:
    example = run(f"{{{row.new}}}", customer=types.SimpleNamespace(id="cus_x"))

    assert knows(SessionCreateParams, example)
    assert bool(row.new) or row.replacement != "parameter" or row.name == "idempotency_key"
    assert not knows(SessionCreateParams, {"line_items": [{"amount": 2000}]})


@pytest.mark.parametrize(("group", "row"), ROWS, ids=ids(ROWS))
def test_what_is_gone_has_no_parameter_of_its_name(group: str, row: Parameter) -> None:
    kebab = re.sub(r"([A-Z])", r"_\1", row.name).lower()

    assert row.replacement != "removed" or kebab not in SessionCreateParams.__annotations__


def names_in(group: str) -> set[str]:
    return {row.name for each, row in ROWS if each == group}


def test_every_parameter_of_charge_create_has_its_row() -> None:
    options = set(stripe.RequestOptions.__annotations__)

    assert names_in("charge-create") - options == set(ChargeCreateParams.__annotations__) - options


def test_every_option_of_checkout_js_has_its_row() -> None:
    script = (settings.BASE_DIR / "stripe_sandbox/static/stripe_sandbox/checkout.js").read_text(encoding="utf-8")
    names = set(re.findall(r'"(\w+)"', re.search(r"const NAMES = \[(.*?)\]", script, re.DOTALL)[1]))

    assert names_in("checkout-js") == names | {"token", "label", "opened", "closed"}
    assert names_in("form-fields") >= {"stripeToken", "stripeTokenType", "stripeEmail"}


def test_a_sessions_metadata_is_not_copied_to_its_charge(api: stripe.StripeClient, client: Client) -> None:
    session = api.v1.checkout.sessions.create(params=SESSION | {"metadata": {"order": "7"}})
    pay(client.post, session.url)

    paid = api.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent.latest_charge"]})

    assert paid.metadata.to_dict() == {"order": "7"}
    assert paid.payment_intent.latest_charge.metadata.to_dict() == {}


def test_a_guest_who_has_paid_is_still_no_customer(api: stripe.StripeClient, client: Client) -> None:
    session = api.v1.checkout.sessions.create(params=SESSION)
    pay(client.post, session.url)

    paid = api.v1.checkout.sessions.retrieve(session.id)

    assert (paid.payment_status, paid.customer) == ("paid", None)


def refused(api: stripe.StripeClient, **more: object) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.checkout.sessions.create(params=merged(SESSION, more))
    return caught.value


def test_a_button_text_of_ones_own_is_refused(api: stripe.StripeClient) -> None:
    assert refused(api, submit_type="Buy it").param == "submit_type"


def test_an_address_and_a_customer_together_are_refused(api: stripe.StripeClient) -> None:
    assert refused(api, customer="cus_x", customer_email="a@example.com").param == "customer"


def test_a_price_without_a_currency_is_refused(api: stripe.StripeClient) -> None:
    price = {"unit_amount": 2000, "product_data": {"name": "T-shirt"}}
    with pytest.raises(stripe.InvalidRequestError, match="currency"):
        api.v1.checkout.sessions.create(params=SESSION | {"line_items": [{"price_data": price, "quantity": 1}]})


def test_payment_method_types_are_answered_and_not_taken(api: stripe.StripeClient) -> None:
    assert "card" in api.v1.checkout.sessions.create(params=SESSION).payment_method_types
    assert refused(api, payment_method_types=["card"]).param == "payment_method_types"
    assert "payment_method_types" not in SessionCreateParams.__annotations__


def test_line_items_are_there_only_when_they_are_asked_for(api: stripe.StripeClient) -> None:
    assert "line_items" not in api.v1.checkout.sessions.create(params=SESSION)


def test_the_same_key_makes_the_same_session(api: stripe.StripeClient) -> None:
    options = {"idempotency_key": "order-7"}
    made = {api.v1.checkout.sessions.create(params=SESSION, options=options).id for _ in range(2)}

    assert len(made) == 1


def test_a_session_has_a_place_for_the_shipping_address() -> None:
    assert "shipping_details" in stripe.checkout.Session.CollectedInformation.__annotations__
    assert "shipping_details" not in stripe.checkout.Session.__annotations__


def documented(params: type, name: str) -> str:
    """Return what the SDK's own documentation says of a parameter."""
    source = inspect.getsource(params)
    return re.search(rf'    {name}: NotRequired\[.*?\]\n    """(.*?)"""', source, re.DOTALL)[1]


def test_the_sdk_says_that_receipts_are_for_live_payments() -> None:
    assert "only sent for payments in live mode" in documented(ChargeCreateParams, "receipt_email")


def test_the_sdk_says_when_an_uncaptured_charge_expires() -> None:
    assert "7 by default" in documented(ChargeCreateParams, "capture")


def test_the_sdk_says_that_a_card_takes_only_the_suffix() -> None:
    intent = _session_create_params.SessionCreateParamsPaymentIntentData

    assert "for a card charge returns an error" in documented(intent, "statement_descriptor")
