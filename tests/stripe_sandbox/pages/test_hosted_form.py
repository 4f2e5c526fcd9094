"""The hosted page's form, as it is posted."""

from __future__ import annotations

import pytest
import stripe
from django.conf import settings
from django.test import Client

from stripe_sandbox.testing import pay, signed_deliveries
from tests.stripe_sandbox.stage.calls import session


@pytest.mark.django_db(databases="__all__")
def test_a_session_is_paid_once_however_often_its_form_is_sent(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    answers = [pay(client.post, made.url) for _ in range(3)]

    assert {answer["Location"] for answer in answers} == {f"https://shop.example/success?session_id={made.id}"}
    assert len(api.v1.charges.list().data) == 1
    assert client.get(f"/c/pay/{made.id}").status_code == 200
    assert b"cardNumber" not in client.get(f"/c/pay/{made.id}").content


@pytest.mark.django_db(databases="__all__")
def test_a_decline_on_the_page_leaves_the_session_open_for_the_next_card(
    api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session(locale="ja"))

    refused = pay(client.post, made.url, cardNumber="4000000000009995")
    event_types = [event.type for event in heard()]
    paid = pay(client.post, made.url)

    assert refused.status_code == 402
    assert "カードの残高が不足しています" in refused.content.decode()
    assert event_types == ["payment_intent.created", "payment_intent.payment_failed", "charge.failed"]
    assert paid.status_code == 303
    assert len(api.v1.payment_intents.list().data) == 1


def heard() -> list[stripe.Event]:
    """Return the events that are due at the endpoint now, verified."""
    secret = settings.STRIPE_SANDBOX["WEBHOOK_SECRET"]
    return [
        stripe.Webhook.construct_event(body, sent["Stripe-Signature"], secret) for body, sent in signed_deliveries()
    ]


@pytest.mark.django_db(databases="__all__")
def test_a_saved_customers_address_stands_on_the_page(api: stripe.StripeClient, client: Client) -> None:
    customer = api.v1.customers.create(params={"email": "saved@b.example"})
    made = api.v1.checkout.sessions.create(params=session(customer=customer.id))

    page = client.get(f"/c/pay/{made.id}").content.decode()
    pay(client.post, made.url)

    assert "saved@b.example" in page
    assert 'name="email"' not in page
    assert api.v1.checkout.sessions.retrieve(made.id).customer == customer.id


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("expiry", "number", "cvc"),
    [
        ("12/34", "4242-4242-4242-4242", "123"),
        ("1234", "4242 4242 4242 4242", " 123 "),
        ("12-2034", " ４２４２　４２４２　４２４２　４２４２", "１２３"),
        ("１２／２０３４", "４２４２－４２４２－４２４２－４２４２", "１２３"),
        ("１２・３４", "４２４２ー４２４２ー４２４２ー４２４２", "１ ２ ３"),
    ],
)
def test_a_form_is_read_as_people_type_it(
    expiry: str, number: str, cvc: str, api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    answer = pay(
        client.post, made.url, cardNumber=number, cardExpiry=expiry, cardCvc=cvc, email="ｈ＠ｂ．ｅｘａｍｐｌｅ"
    )

    assert answer.status_code == 303
    card = api.v1.charges.list().data[0].payment_method_details.card
    assert (card.exp_month, card.exp_year, card.last4) == (12, 2034, "4242")
    assert api.v1.checkout.sessions.retrieve(made.id).customer_details.email == "h@b.example"


@pytest.mark.django_db(databases="__all__")
def test_each_wrong_field_is_named_and_what_was_right_is_shown_again(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session(locale="en"))
    card = {"cardNumber": "4242424242424241", "cardExpiry": "1/34", "cardCvc": "12345"}

    page = pay(client.post, made.url, **card, billingCountry="US", billingPostalCode="９４１０３").content.decode()

    assert 'value="hanako@example.com"' in page
    assert 'value="Hanako"' in page
    assert 'value="01 / 34"' in page
    assert '<option value="US" data-name="United States" data-postal="card" selected>' in page
    assert 'value="94103"' in page
    assert page.count('aria-invalid="true"') == 2
    assert all(f'id="{name}-error"' in page for name in ("cardNumber", "cardCvc"))
    assert not any(typed in page for typed in ("4242424242424241", "12345"))


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("field", ["email", "billingName", "cardExpiry", "cardCvc", "billingPostalCode"])
def test_a_card_number_is_never_shown_again_not_even_from_the_wrong_field(
    field: str, api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    typed = {"cardNumber": "", "billingCountry": "US", field: "4242 4242 4242 4242"}

    page = pay(client.post, made.url, **typed).content.decode().partition("<form")[2].partition('class="hint')[0]

    assert "4242" not in page


@pytest.mark.django_db(databases="__all__")
def test_the_country_of_the_card_is_in_the_customers_details(api: stripe.StripeClient, client: Client) -> None:
    silent, american, british = (api.v1.checkout.sessions.create(params=session()) for _ in range(3))

    pay(client.post, silent.url)
    pay(client.post, american.url, billingCountry="US", billingPostalCode="94103")
    refused = pay(client.post, british.url, billingCountry="GB")
    pay(client.post, british.url, billingCountry="DE", billingPostalCode="from before")

    details = [api.v1.checkout.sessions.retrieve(one.id).customer_details for one in (silent, american, british)]
    assert [(one.address.country, one.address.postal_code) for one in details] == [
        ("JP", None),
        ("US", "94103"),
        ("DE", None),
    ]
    assert refused.status_code == 422
    assert 'id="billingPostalCode-error"' in refused.content.decode()
    assert {charge.billing_details.address.country for charge in api.v1.charges.list().data} == {"JP", "US", "DE"}


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("code", ["", "jp", "ZZ", "Japan", "\x00", "J" * 5000])
def test_a_country_that_does_not_exist_is_refused(code: str, api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session(locale="en"))

    page = pay(client.post, made.url, billingCountry=code)

    assert page.status_code == 422
    assert '<span class="error" id="billingCountry-error">Please choose a country.</span>' in page.content.decode()


@pytest.mark.django_db(databases="__all__")
def test_a_convenience_store_needs_no_country(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    pay(client.post, made.url, paymentMethod="konbini", billingCountry="US")

    assert api.v1.checkout.sessions.retrieve(made.id).customer_details.address.country is None


@pytest.mark.django_db(databases="__all__")
def test_an_address_that_is_asked_for_is_required(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session(billing_address_collection="required"))
    where = {"billingAddressLine1": "1-2-3", "billingLocality": "Chiyoda", "billingPostalCode": "100-0001"}

    for name in where:
        refused = pay(client.post, made.url, **where | {name: " "})
        assert f'id="{name}-error"' in refused.content.decode()
    # Hong Kong has no postal codes.
    pay(client.post, made.url, **where | {"billingPostalCode": ""}, billingCountry="HK")

    address = api.v1.checkout.sessions.retrieve(made.id).customer_details.address
    assert (address.line1, address.city, address.country) == ("1-2-3", "Chiyoda", "HK")


@pytest.mark.django_db(databases="__all__")
def test_a_form_is_checked_without_being_paid(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session(locale="en"))
    address = f"/c/pay/{made.id}/check/"

    right, wrong = pay(client.post, address), pay(client.post, address, cardExpiry="13/34")
    api.v1.checkout.sessions.expire(made.id)
    late, unknown = pay(client.post, address, email=""), pay(client.post, "/c/pay/cs_test_none/check/")

    assert [one.status_code for one in (right, wrong, late, unknown)] == [204, 200, 204, 204]
    assert (
        'id="cardExpiry-error">The expiry date is not valid, or it has passed. Use MM / YY.<' in wrong.content.decode()
    )
    assert api.v1.charges.list().data == []
    assert client.get(address).status_code == 405
