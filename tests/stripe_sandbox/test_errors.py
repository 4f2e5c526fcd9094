"""What Stripe refuses is refused in Stripe's words: type, code, parameter, message and address of the explanation."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

import pytest
import stripe

from stripe_sandbox.models import StripeObject
from tests.stripe_sandbox.stage.calls import PUBLISHABLE, call

pytestmark = pytest.mark.django_db(databases="__all__")


class Row(NamedTuple):
    """One refusal: the call, and the error that answers it."""

    call: str
    form: str
    message: str
    code: str | None = None
    param: str | None = None
    status: int = 400
    type: str = "invalid_request_error"


CHARGES, SESSIONS, INTENTS = "POST /v1/charges", "POST /v1/checkout/sessions", "POST /v1/payment_intents"
PAID = "amount=2000&currency=jpy&source=tok_visa"


PRICE = "line_items[0][price_data][currency]=jpy&line_items[0][price_data][unit_amount]=2000"


ITEM = f"{PRICE}&line_items[0][price_data][product_data][name]=T&line_items[0][quantity]=1"


OPEN = "mode=payment&success_url=https://shop.example/"


UNSET = (
    "You passed an empty string for '{0}'. We assume empty values are an attempt to unset a parameter; however '{0}'"
)


AT_LEAST = "The Checkout Session's total amount due must add up to at least"


def card(number: str = "4242424242424242", month: object = 12, year: object = 2040, cvc: str = "123") -> str:
    return f"card[number]={number}&card[exp_month]={month}&card[exp_year]={year}&card[cvc]={cvc}"


def declined(source: str, message: str, code: str, param: str | None = None) -> Row:
    return Row(CHARGES, f"amount=2000&currency=jpy&source={source}", message, code, param, 402, "card_error")


def mistyped(form: str, message: str, code: str, param: str) -> Row:
    return Row("POST /v1/tokens", form, message, code, param, 402, "card_error")


ROWS = {
    "unknown": Row(CHARGES, f"{PAID}&foo=1", "Received unknown parameter: foo", "parameter_unknown", "foo"),
    "two unknown": Row(CHARGES, f"{PAID}&a=1&b=2", "Received unknown parameters: a, b", "parameter_unknown", "a"),
    "unknown inside": Row(
        SESSIONS,
        f"{OPEN}&{ITEM}&line_items[0][colour]=red",
        "Received unknown parameter: line_items[0][colour]",
        "parameter_unknown",
        "line_items[0][colour]",
    ),
    "missing": Row(CHARGES, "currency=jpy", "Missing required param: amount.", "parameter_missing", "amount"),
    "missing inside": Row(
        SESSIONS,
        f"{OPEN}&{ITEM.replace('[name]', '[description]')}",
        "Missing required param: line_items[0][price_data][product_data][name].",
        "parameter_missing",
        "line_items[0][price_data][product_data][name]",
    ),
    "nothing to charge": Row(
        CHARGES, "amount=2000&currency=jpy", "Must provide source or customer.", "parameter_missing", None
    ),
    "float": Row(
        CHARGES,
        PAID.replace("2000", "20.0"),
        "Invalid integer: 20.0",
        "parameter_invalid_integer",
        "amount",
    ),
    "zero": Row(
        CHARGES,
        PAID.replace("2000", "0"),
        "This value must be greater than or equal to 1.",
        "parameter_invalid_integer",
        "amount",
    ),
    "boolean": Row(CHARGES, f"{PAID}&capture=True", "Invalid boolean: True", None, "capture"),
    "empty": Row(CHARGES, PAID.replace("jpy", ""), UNSET.format("currency"), "parameter_invalid_empty", "currency"),
    "currency": Row(CHARGES, PAID.replace("jpy", "yen"), "Invalid currency: yen. Stripe currently", None, "currency"),
    "hash for text": Row(CHARGES, f"{PAID}&description[a]=b", 'Invalid string: {"a"=>"b"}', None, "description"),
    "text for hash": Row(CHARGES, f"{PAID}&metadata=a", "Invalid object", None, "metadata"),
    "text for array": Row(CHARGES, f"{PAID}&expand=customer", "Invalid array", None, "expand"),
    "both at once": Row(CHARGES, f"{PAID}&metadata=a&metadata[b]=c", "Invalid object", None, "metadata"),
    "long text": Row(
        CHARGES,
        f"{PAID}&description={'oai-' * 1251}",
        "Invalid string: oai-...oai-; must be at most 5000 characters",
        None,
        "description",
    ),
    "metadata key": Row(
        CHARGES,
        f"{PAID}&metadata[{'k' * 41}]=v",
        "Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters.",
        None,
        "metadata",
    ),
    "metadata value": Row(
        CHARGES,
        f"{PAID}&metadata[k]={'v' * 501}",
        "Metadata values can have up to 500 characters, but you passed in a value that is 501 characters.",
        None,
        "metadata[k]",
    ),
    "metadata count": Row(
        CHARGES,
        PAID + "".join(f"&metadata[{n}]=v" for n in range(51)),
        "Metadata can have up to 50 keys.",
        None,
        "metadata",
    ),
    "expand nothing": Row(
        CHARGES, f"{PAID}&expand[]=colour", "This property cannot be expanded (colour).", None, "expand"
    ),
    "expand metadata": Row(
        "POST /v1/products",
        "name=T&metadata[object]=price&expand[]=metadata.tiers",
        "This property cannot be expanded (metadata.tiers)",
        param="expand",
    ),
    "expand too deep": Row(
        "GET /v1/charges",
        "expand[]=data.a.b.c.d",
        "You cannot expand more than 4 levels of a property. Property: data.a.b.c.d",
        "property_expansion_max_depth",
        "expand",
    ),
    "too small, yen": Row(
        CHARGES, PAID.replace("2000", "49"), "Amount must be at least ¥50 jpy", "amount_too_small", "amount"
    ),
    "too small, dollars": Row(
        CHARGES,
        "amount=49&currency=usd&source=tok_visa",
        "Amount must be at least $0.50 usd",
        "amount_too_small",
        "amount",
    ),
    "too large": Row(
        CHARGES,
        PAID.replace("2000", "100000000"),
        "Amount must be no more than ¥99,999,999 jpy",
        "amount_too_large",
        "amount",
    ),
    "too large, three decimals": Row(
        CHARGES,
        "amount=100000000&currency=kwd&source=tok_visa",
        "Amount must be no more than KWD\N{NO-BREAK SPACE}99,999.999 kwd",
        "amount_too_large",
        "amount",
    ),
    "half a shilling": Row(
        CHARGES,
        "amount=1050&currency=ugx&source=tok_visa",
        "Invalid amount. Currency UGX has become effectively zero-decimal and charged amounts must be evenly divisible",
        "invalid_charge_amount_no_decimal_compatible",
        "amount",
    ),
    "a thousandth": Row(
        CHARGES,
        "amount=1234&currency=kwd&source=tok_visa",
        "Invalid amount. Currency KWD has three decimals, and the last digit must be 0.",
        None,
        "amount",
    ),
    "price too large": Row(
        "POST /v1/prices",
        "unit_amount=100000000&currency=usd&product_data[name]=T",
        "This value must be less than or equal to 99999999.",
        "parameter_invalid_integer",
        "unit_amount",
    ),
    "no such charge": Row("GET /v1/charges/ch_x", "", "No such charge: 'ch_x'", "resource_missing", "id", status=404),
    "no such intent": Row(
        "GET /v1/payment_intents/pi_x", "", "No such payment_intent: 'pi_x'", "resource_missing", "intent", status=404
    ),
    "no such session": Row(
        "GET /v1/checkout/sessions/cs_x",
        "",
        "No such checkout.session: 'cs_x'",
        "resource_missing",
        "session",
        status=404,
    ),
    "no such token": Row(
        CHARGES, PAID.replace("tok_visa", "tok_x"), "No such token: 'tok_x'", "resource_missing", "source"
    ),
    "no such customer": Row(
        CHARGES, f"{PAID}&customer=cus_x", "No such customer: 'cus_x'", "resource_missing", "customer"
    ),
    "no such cursor": Row(
        "GET /v1/charges", "starting_after=ch_x", "No such charge: 'ch_x'", "resource_missing", "starting_after"
    ),
    "limit": Row(
        "GET /v1/charges",
        "limit=-1",
        "This value must be greater than or equal to 0.",
        "parameter_invalid_integer",
        "limit",
    ),
    "refund nothing": Row("POST /v1/refunds", "", "One of the following params should be", None),
    "no mode": Row(
        SESSIONS, f"success_url=https://a.example/&{ITEM}", "Missing required param: mode.", "parameter_missing", "mode"
    ),
    "no success_url": Row(
        SESSIONS, f"mode=payment&{ITEM}", "Missing required param: success_url.", "parameter_missing", "success_url"
    ),
    **{
        f"success_url {url}": Row(
            SESSIONS, f"mode=payment&success_url={quote(url)}&{ITEM}", "Not a valid URL", "url_invalid", "success_url"
        )
        for url in (
            "http://[",
            "http://[x]/",
            "http://]x/",
            "http://℀.com/",
            "http://a／b/",
            "http://a:65536/",
            "http://",
        )
    },
    "bad success_url": Row(
        SESSIONS, f"mode=payment&success_url=/done&{ITEM}", "Not a valid URL", "url_invalid", "success_url"
    ),
    "no line items": Row(
        SESSIONS, OPEN, "The `line_items` parameter is required in payment mode.", "parameter_missing", "line_items"
    ),
    "too many line items": Row(
        SESSIONS,
        OPEN + "".join(f"&line_items[{n}][price]=p" for n in range(101)),
        "Array line_items contains too many elements",
        None,
        "line_items",
    ),
    "no quantity": Row(
        SESSIONS,
        f"{OPEN}&{ITEM.partition('&line_items[0][quantity]')[0]}",
        "Quantity is required.",
        "parameter_missing",
        "line_items[0][quantity]",
    ),
    "old line items": Row(
        SESSIONS,
        f"{OPEN}&line_items[0][name]=T&line_items[0][amount]=5&line_items[0][currency]=jpy&line_items[0][quantity]=1",
        "You cannot use `line_items.amount`, `line_items.currency`, `line_items.name`",
        None,
        "line_items[0][amount]",
    ),
    "payment_method_types on a session": Row(
        SESSIONS,
        f"{OPEN}&{ITEM}&payment_method_types[]=card",
        "The `payment_method_types` parameter is no longer supported",
        "payment_method_types_no_longer_supported",
        "payment_method_types",
    ),
    "payment_method_types on an intent": Row(
        INTENTS,
        "amount=2000&currency=jpy&payment_method_types[]=card",
        "The `payment_method_types` parameter is no longer supported",
        "payment_method_types_no_longer_supported",
        "payment_method_types",
    ),
    "old ui_mode": Row(
        SESSIONS, f"{OPEN}&{ITEM}&ui_mode=hosted", "The value `hosted` of `ui_mode` was renamed", None, "ui_mode"
    ),
    "wrong ui_mode": Row(
        SESSIONS,
        f"{OPEN}&{ITEM}&ui_mode=modal",
        "Invalid ui_mode: must be one of elements, embedded_page, form, or hosted_page",
        None,
        "ui_mode",
    ),
    "wrong locale": Row(
        SESSIONS, f"{OPEN}&{ITEM}&locale=xx", "Invalid locale: must be one of auto, bg,", None, "locale"
    ),
    "wrong mode": Row(
        SESSIONS,
        f"{OPEN}&{ITEM}&mode=buy",
        "Invalid mode: must be one of payment, setup, or subscription",
        None,
        "mode",
    ),
    "two currencies": Row(
        SESSIONS,
        f"{OPEN}&{ITEM}&{ITEM.replace('[0]', '[1]').replace('jpy', 'usd')}",
        "All prices on a Checkout Session must be in the same currency",
        None,
        "line_items",
    ),
    "session too small": Row(
        SESSIONS, f"{OPEN}&{ITEM.replace('2000', '49')}", f"{AT_LEAST} ¥50 jpy", "amount_too_small"
    ),
    "session too large": Row(
        SESSIONS,
        f"{OPEN}&{ITEM.replace('2000', '99999999').replace('[quantity]=1', '[quantity]=2')}",
        "The Checkout Session's total amount due must be no more than ¥99,999,999 jpy",
        "amount_too_large",
    ),
    "customer twice": Row(
        SESSIONS,
        f"{OPEN}&{ITEM}&customer=cus_x&customer_email=a@b.example",
        "You may only specify one of these parameters: customer, customer_email.",
        None,
        "customer",
    ),
    "bad e-mail": Row(
        SESSIONS, f"{OPEN}&{ITEM}&customer_email=a", "Invalid email address: a", "email_invalid", "customer_email"
    ),
    "not played": Row(
        SESSIONS,
        f"{OPEN}&{ITEM}&discounts[0][coupon]=x",
        "The sandbox does not support the parameter 'discounts'",
        "sandbox_limit",
        "discounts",
    ),
    "other mode": Row(
        SESSIONS,
        f"{OPEN.replace('payment', 'subscription')}&{ITEM}",
        "The sandbox does not support `subscription` as `mode`.",
        "sandbox_limit",
        "mode",
    ),
    "token of nothing": Row(
        "POST /v1/tokens", "", "You must supply either a card, customer, PII data", "parameter_missing"
    ),
    "luhn": mistyped(card("4242424242424241"), "Your card number is incorrect.", "incorrect_number", "number"),
    "month": mistyped(card(month=13), "Your card's expiration month is invalid.", "invalid_expiry_month", "exp_month"),
    "year": mistyped(card(year=95), "Your card's expiration year is invalid.", "invalid_expiry_year", "exp_year"),
    "cvc": mistyped(card(cvc="99"), "Your card's security code is invalid.", "invalid_cvc", "cvc"),
    "real card": mistyped(
        card("4111111111111111"), "Your card was declined. Your request was in test mode", "card_declined", "number"
    ),
    "declined": declined("tok_chargeDeclined", "Your card was declined.", "card_declined"),
    "no funds": declined(
        "tok_visa_chargeDeclinedInsufficientFunds", "Your card has insufficient funds.", "card_declined"
    ),
    "expired": declined("tok_chargeDeclinedExpiredCard", "Your card has expired.", "expired_card", "exp_month"),
    "wrong cvc": declined(
        "tok_chargeDeclinedIncorrectCvc", "Your card's security code is incorrect.", "incorrect_cvc", "cvc"
    ),
    "processing": declined(
        "tok_chargeDeclinedProcessingError", "An error occurred while processing", "processing_error"
    ),
    "3-D Secure": declined(
        "tok_authenticationRequired",
        "Your card was declined. This transaction requires authentication.",
        "authentication_required",
    ),
    "an address out of the sandbox's part": Row(
        "GET /v1/subscriptions",
        "",
        "The sandbox does not support the address GET /v1/subscriptions.",
        "sandbox_limit",
        status=404,
    ),
    "unknown address": Row("GET /v1/payment", "", "Unrecognized request URL (GET: /v1/payment).", status=404),
    "an empty id": Row(
        "GET /v1/charges/", "", "Unrecognized request URL (GET: /v1/charges/). If you are trying to list", status=404
    ),
    "wrong method": Row("DELETE /v1/charges", "", "Unrecognized request URL (DELETE: /v1/charges).", status=404),
    "a type of event that there is not": Row(
        "POST /v1/webhook_endpoints",
        "url=https://a.example/&enabled_events[]=charge.payed",
        "Invalid enabled_events[0]: must be one of *, account.application.authorized,",
        None,
        "enabled_events[0]",
    ),
    "bad UTF-8": Row(CHARGES, "description=%ff", "Invalid UTF-8 in your request"),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_it_is_refused_as_stripe_refuses_it(row: Row) -> None:
    method, _, path = row.call.partition(" ")

    status, body, headers = call(method, path, row.form)
    error = body["error"]

    assert error["message"].startswith(row.message), error
    assert (status, error["type"], error.get("code"), error.get("param")) == (row.status, row.type, row.code, row.param)
    if row.code and row.code != "sandbox_limit":
        assert error["doc_url"] == f"https://stripe.com/docs/error-codes/{row.code.replace('_', '-')}"
    assert headers["request-id"].startswith("req_")
    kept = {"event", "charge", "balance_transaction", "webhook_endpoint"} if row.status == 402 else set()
    assert set(StripeObject.objects.values_list("kind", flat=True)) <= kept


@pytest.mark.parametrize(
    ("key", "status", "message"),
    [
        ("", 401, "You did not provide an API key."),
        ("nonsense", 401, "Invalid API Key provided: ****ense"),
        ("sk_test_another0000", 401, "Invalid API Key provided: sk_test_*******0000"),
        ("sk_live_sandbox", 401, "Invalid API Key provided: sk_live_***dbox"),
        (PUBLISHABLE, 403, "This API call cannot be made with a publishable API key."),
    ],
)
def test_only_the_secret_key_opens_the_api(key: str, status: int, message: str) -> None:
    answered, body, headers = call("GET", "/v1/charges", key=key)

    assert answered == status
    assert body["error"]["message"].startswith(message)
    assert ("WWW-Authenticate" in headers) == (status == 401)


def test_a_token_is_good_for_one_charge_even_a_declined_one(
    api: stripe.StripeClient, browser_api: stripe.StripeClient
) -> None:
    number = {"number": "4000000000000002", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    token = browser_api.v1.tokens.create(params={"card": number})
    params = {"amount": 2000, "currency": "jpy", "source": token.id}
    with pytest.raises(stripe.CardError) as first:
        api.v1.charges.create(params=params)

    with pytest.raises(stripe.InvalidRequestError) as second:
        api.v1.charges.create(params=params)

    assert api.v1.charges.retrieve(first.value.error.charge).status == "failed"
    assert second.value.code == "token_already_used"
    assert second.value.user_message == f"You cannot use a Stripe token more than once: {token.id}."
