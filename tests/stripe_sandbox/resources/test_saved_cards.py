"""A customer's saved cards, as sources and as payment methods."""

from __future__ import annotations

import pytest
import stripe

from tests.stripe_sandbox.stage.calls import call

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def holder(api: stripe.StripeClient) -> str:
    """Return a customer with three cards, of which the last one saved is from Mastercard."""
    customer = api.v1.customers.create(params={"source": "tok_visa"})
    for token in ("tok_jcb", "tok_mastercard"):
        api.v1.customers.update(customer.id, params={"source": token})
    return customer.id


@pytest.mark.parametrize("address", ["sources", "cards"])
def test_saved_cards_are_listed_newest_first_and_found_one_by_one(address: str, holder: str) -> None:
    _, listed, _ = call("GET", f"/v1/customers/{holder}/{address}")

    assert [card["brand"] for card in listed["data"]] == ["MasterCard", "JCB", "Visa"]
    assert (listed["url"], listed["has_more"]) == (f"/v1/customers/{holder}/{address}", False)
    for card in listed["data"]:
        assert call("GET", f"/v1/customers/{holder}/{address}/{card['id']}")[:2] == (200, card)


@pytest.mark.parametrize(("kind", "number"), [("card", 3), ("bank_account", 0)])
def test_the_only_sources_are_cards(kind: str, number: int, holder: str) -> None:
    assert len(call("GET", f"/v1/customers/{holder}/sources", f"object={kind}")[1]["data"]) == number


def test_a_saved_card_is_a_payment_method_too(api: stripe.StripeClient, holder: str) -> None:
    cards = [card.id for card in api.v1.customers.payment_sources.list(holder).data]
    listed = api.v1.payment_methods.list(params={"customer": holder, "type": "card", "expand": ["data.customer"]})
    of_customer = api.v1.customers.payment_methods.list(holder)

    assert [method.id for method in listed] == [method.id for method in of_customer] == cards
    assert {method.customer.id for method in listed} == {holder}
    assert of_customer.data[0].card.brand == "mastercard"
    assert api.v1.payment_methods.retrieve(cards[1]).to_dict() == of_customer.data[1].to_dict()
    assert api.v1.customers.payment_methods.retrieve(holder, cards[1]).id == cards[1]


@pytest.mark.parametrize("wanted", ["type=konbini", "allow_redisplay=always"])
def test_a_customers_payment_methods_are_filtered(wanted: str, holder: str) -> None:
    assert call("GET", f"/v1/customers/{holder}/payment_methods", wanted)[1]["data"] == []


@pytest.mark.parametrize("path", ["sources", "payment_methods"])
def test_pages_are_as_long_as_asked_in_both_directions(path: str, holder: str) -> None:
    url = f"/v1/customers/{holder}/{path}"
    every = [one["id"] for one in call("GET", url)[1]["data"]]

    def page(query: str) -> tuple[list[str], bool]:
        body = call("GET", url, query)[1]
        return [one["id"] for one in body["data"]], body["has_more"]

    assert page("limit=2") == (every[:2], True)
    assert page(f"limit=2&starting_after={every[1]}") == (every[2:], False)
    assert page(f"limit=1&ending_before={every[2]}") == ([every[1]], True)
    assert page(f"ending_before={every[0]}") == ([], False)
    assert call("GET", url, f"starting_after={every[0]}&ending_before={every[2]}")[0] == 400
    status, body, _ = call("GET", url, "starting_after=card_nope")
    assert (status, body["error"]["code"], body["error"]["param"]) == (400, "resource_missing", "starting_after")


def test_all_payment_methods_of_the_account_are_listed(api: stripe.StripeClient) -> None:
    made = [api.v1.payment_methods.retrieve("pm_card_jcb").id for _ in range(3)]

    assert [one.id for one in api.v1.payment_methods.list(params={"limit": 2}).auto_paging_iter()] == made[::-1]
    assert api.v1.payment_methods.list(params={"type": "konbini"}).data == []
    assert api.v1.payment_methods.list(params={"allow_redisplay": "always"}).data == []


@pytest.mark.parametrize(
    ("path", "query", "status", "param"),
    [
        ("/v1/customers/cus_nope/sources", "", 404, "id"),
        ("/v1/customers/cus_nope/payment_methods", "", 404, "id"),
        ("/v1/payment_methods", "customer=cus_nope", 400, "customer"),
        ("/v1/customers/{holder}/sources/card_nope", "", 404, "id"),
        ("/v1/customers/{holder}/payment_methods/pm_nope", "", 404, "payment_method"),
        ("/v1/payment_methods/card_nope", "", 404, "payment_method"),
    ],
)
def test_what_is_missing_is_named(path: str, query: str, status: int, param: str, holder: str) -> None:
    answered, body, _ = call("GET", path.format(holder=holder), query)

    assert (answered, body["error"]["code"], body["error"]["param"]) == (status, "resource_missing", param)


NEVER = {"enabled": True, "allow_redirects": "never"}
INTENT: dict = {"amount": 900, "currency": "jpy", "confirm": True, "automatic_payment_methods": NEVER}


def test_a_saved_card_pays_for_its_customer_without_a_token(api: stripe.StripeClient, holder: str) -> None:
    card = api.v1.customers.retrieve(holder).default_source
    intent = api.v1.payment_intents.create(
        params=INTENT | {"customer": holder, "payment_method": card, "off_session": True, "expand": ["latest_charge"]}
    )

    assert (intent.status, intent.payment_method, intent.amount_received) == ("succeeded", card, 900)
    assert (intent.latest_charge.customer, intent.latest_charge.payment_method) == (holder, card)
    assert len(api.v1.customers.payment_methods.list(holder).data) == 3


@pytest.mark.parametrize("whose", ["", "cus_of_another"])
def test_a_saved_card_pays_for_no_other_customer(whose: str, api: stripe.StripeClient, holder: str) -> None:
    card = api.v1.customers.retrieve(holder).default_source
    another = {"customer": api.v1.customers.create().id} if whose else {}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.v1.payment_intents.create(params=INTENT | another | {"payment_method": card})

    assert refused.value.param == "payment_method"
    assert f"belongs to the customer {holder}" in str(refused.value)


def test_a_bank_that_asks_for_3d_secure_declines_a_saved_card_while_its_owner_is_away(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create(params={"source": "tok_authenticationRequired"})
    params = INTENT | {"customer": customer.id, "payment_method": customer.default_source}

    with pytest.raises(stripe.CardError) as declined:
        api.v1.payment_intents.create(params=params | {"off_session": True})
    present = api.v1.payment_intents.create(params=params)

    assert declined.value.code == "authentication_required"
    assert present.status == "requires_action"


@pytest.mark.parametrize("usage", ["off_session", "on_session"])
def test_a_method_is_kept_once_it_has_paid(usage: str, api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create().id
    params = INTENT | {"customer": customer, "setup_future_usage": usage}

    with pytest.raises(stripe.CardError):
        api.v1.payment_intents.create(params=params | {"payment_method": "pm_card_chargeDeclined"})
    assert api.v1.customers.payment_methods.list(customer).data == []
    intent = api.v1.payment_intents.create(params=params | {"payment_method": "pm_card_jcb"})

    (kept,) = api.v1.customers.payment_methods.list(customer).data
    assert (kept.id, kept.customer, intent.setup_future_usage) == (intent.payment_method, customer, usage)
    assert [event.data.object.id for event in api.v1.events.list(params={"type": "payment_method.attached"})] == [
        kept.id
    ]
    again = INTENT | {"customer": customer, "payment_method": kept.id, "off_session": True}
    assert api.v1.payment_intents.create(params=again).status == "succeeded"
    assert len(api.v1.events.list(params={"type": "payment_method.attached"}).data) == 1


@pytest.mark.parametrize("more", [{}, {"setup_future_usage": "off_session"}])
def test_without_a_customer_or_the_wish_no_method_is_kept(more: dict, api: stripe.StripeClient) -> None:
    asked = more or {"customer": api.v1.customers.create().id}
    intent = api.v1.payment_intents.create(params=INTENT | asked | {"payment_method": "pm_card_visa"})

    assert api.v1.payment_methods.retrieve(intent.payment_method).customer is None
