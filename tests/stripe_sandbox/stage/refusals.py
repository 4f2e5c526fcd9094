"""Calls that the sandbox refuses, a row each in `refusals.txt`, and what has to be there for them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from django.test import Client

from stripe_sandbox.models import StripeObject
from stripe_sandbox.testing import pay, signed_deliveries
from stripe_sandbox.webhooks import endpoints
from tests.stripe_sandbox.stage.calls import SECRET, call

_FILE = Path(__file__).with_suffix(".txt")
_CARD = "card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2040"
_YEN = "currency=jpy"
_ITEM = "line_items[0][quantity]=1&line_items[0][price_data][currency]=jpy&line_items[0][price_data][unit_amount]=2000"
# The parameters of a Checkout Session.
SALE = f"mode=payment&success_url=https://shop.example/&{_ITEM}&line_items[0][price_data][product_data][name]=Mug"
# What a visitor types on the hosted page, but for the card's number.
TYPED = {"email": "a@b.example", "billingName": "Hanako", "cardExpiry": "12/40", "cardCvc": "123"}
_INTENT = f"amount=2000&{_YEN}"
_NO_REDIRECT = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never"


# How the table writes an empty parameter.
EMPTY = '""'


class Row(NamedTuple):
    """One call, as it is written in the table, and the answer: its status, code and parameter, and its words.

    The words of an answer begin with `says`; those of a page contain it.
    """

    line: int
    call: str
    form: str
    answer: str
    says: str


def rows() -> Iterator[Row]:
    """Yield the rows of the table."""
    for number, text in enumerate(_FILE.read_text(encoding="utf-8").splitlines(), 1):
        if text.strip() and not text.startswith("#"):
            yield Row(number, *(part.strip() for part in text.split("|", 3)))


def answer_of(row: Row, things: Things) -> tuple[str, str]:
    """Make the call of a row and return its answer: status, code and parameter, and the words or the page."""
    called, *given = (part.strip() for part in row.call.format_map(things).split(";"))
    method, path = called.split(" ")
    form = row.form.format_map(things)
    headers = {name: text.strip() for name, text in (header.split(":", 1) for header in given)}
    if path.startswith("/v1/"):  # in process; `http:/v1/…` comes to the server
        status, body, _ = call(method, path, form, key=headers.pop("Key", SECRET), **headers)
    else:
        status, body = _page(method, path.removeprefix("http:"), form, headers)
    if isinstance(body, str) or "error" not in body:
        return str(status), str(body)
    error = body["error"]
    return f"{status} {error.get('code', '-')} {error.get('param', '-') or EMPTY}", error["message"]


def _page(method: str, path: str, form: str, headers: dict[str, str]) -> tuple[int, str | dict[str, object]]:
    """Call an address of the server; `Key: …` is a call with this key."""
    if key := headers.pop("Key", ""):
        headers["Authorization"] = f"Bearer {key}"
    kind = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    client = Client(raise_request_exception=False, headers=headers)
    response = client.generic(method, path, form, content_type=kind)
    text = response.headers.get("Location", "") + response.content.decode()
    return response.status_code, json.loads(text) if response.headers.get(
        "Content-Type"
    ) == "application/json" else text


class Things(dict[str, str]):
    """The ids that rows name in braces, each made when it is first asked for."""

    def __missing__(self, name: str) -> str:
        self[name] = _THINGS[name]()
        return self[name]


def made(path: str, form: str = "") -> str:
    """Make an object and return its id."""
    return str(call("POST", path, form)[1]["id"])


def _charge(source: str = "tok_visa", more: str = "") -> str:
    error_or_charge = call("POST", "/v1/charges", f"amount=2000&{_YEN}&source={source}&{more}")[1]
    return str(error_or_charge.get("id") or error_or_charge["error"]["charge"])


def _used_token() -> str:
    token = made("/v1/tokens", _CARD)
    _charge(token)
    return token


def _old_token() -> str:
    token = made("/v1/tokens", _CARD)
    StripeObject.objects.filter(sid=token).update(created=int(time.time()) - 24 * 3600)
    return token


def _refunded(charge: str) -> str:
    made("/v1/refunds", f"charge={charge}")
    return charge


def _intent(more: str = "") -> str:
    return made("/v1/payment_intents", f"{_INTENT}&{more}")


def _canceled() -> str:
    intent = _intent()
    made(f"/v1/payment_intents/{intent}/cancel")
    return intent


def _of_checkout(number: str = "4000000000000002") -> str:
    """Return the intent of a session whose visitor's card was declined, or waits for its bank."""
    opened = made("/v1/checkout/sessions", SALE)
    pay(Client().post, f"/c/pay/{opened}", cardNumber=number)
    return str(call("GET", f"/v1/checkout/sessions/{opened}")[1]["payment_intent"])


def _expired() -> str:
    opened = made("/v1/checkout/sessions", SALE)
    return made(f"/v1/checkout/sessions/{opened}/expire")


def _disputed() -> str:
    charge = _charge("tok_createDispute")
    # The customer disputes it a moment later.
    for _delivery in signed_deliveries(ahead=60):
        pass
    return charge


def _lost() -> str:
    dispute = call("GET", "/v1/disputes", f"charge={_disputed()}")[1]["data"][0]["id"]
    return made(f"/v1/disputes/{dispute}/close")


def _product(more: str = "") -> str:
    return made("/v1/products", f"name=Mug&{more}")


def _price(more: str = "") -> str:
    return made("/v1/prices", f"{_YEN}&unit_amount=2000&product_data[name]=Mug&{more}")


def _priced_product() -> str:
    return str(call("GET", f"/v1/prices/{_price()}")[1]["product"])


def _orphan_price() -> str:
    """Return a price whose product is no longer sold."""
    price = _price()
    product = call("GET", f"/v1/prices/{price}")[1]["product"]
    made(f"/v1/products/{product}", "active=false")
    return price


def _holder() -> str:
    """Return a customer with a saved card."""
    return made("/v1/customers", "source=tok_visa")


def _failed_of_intent() -> str:
    form = f"{_INTENT}&confirm=true&payment_method=pm_card_chargeDeclined&{_NO_REDIRECT}"
    return str(call("POST", "/v1/payment_intents", form)[1]["error"]["charge"])


def _replayed() -> str:
    call("POST", "/v1/customers", "name=Hanako", Idempotency_Key="twice")
    return "twice"


_THINGS: dict[str, Callable[[], str]] = {
    "captured": _charge,
    "failed": lambda: _charge("tok_chargeDeclined"),
    "held": lambda: _charge(more="capture=false"),
    "held_dinars": lambda: made("/v1/charges", "amount=5000&currency=kwd&source=tok_visa&capture=false"),
    "released": lambda: _refunded(_charge(more="capture=false")),
    "refunded": lambda: _refunded(_charge()),
    "refund": lambda: made("/v1/refunds", f"charge={_charge()}"),
    "grouped": lambda: _charge(more="transfer_group=a"),
    "holder": _holder,
    "saved_card": lambda: str(call("GET", f"/v1/customers/{_holder()}")[1]["default_source"]),
    "failed_of_intent": _failed_of_intent,
    "whole_units": lambda: made("/v1/charges", "amount=20000&currency=isk&source=tok_visa"),
    "disputed": _disputed,
    "used_token": _used_token,
    "old_token": _old_token,
    "customer": lambda: made("/v1/customers"),
    "intent": _intent,
    "paid_intent": lambda: _intent(f"confirm=true&payment_method=pm_card_visa&{_NO_REDIRECT}"),
    "canceled_intent": _canceled,
    "declined_in_checkout": _of_checkout,
    "asked_in_checkout": lambda: _of_checkout("4000002760003184"),
    "intents_charge": lambda: str(
        call("GET", f"/v1/payment_intents/{_intent(f'confirm=true&payment_method=pm_card_visa&{_NO_REDIRECT}')}")[1][
            "latest_charge"
        ]
    ),
    "session": lambda: made("/v1/checkout/sessions", SALE),
    "expired_session": _expired,
    "lost_dispute": _lost,
    "product": _product,
    "priced_product": _priced_product,
    "inactive_price": lambda: _price("active=false"),
    "price": _price,
    "replayed": _replayed,
    "metadata_of_40": lambda: made("/v1/customers", "&".join(f"metadata[a{n}]=1" for n in range(40))),
    # Values that are too long to be written out.
    "long": lambda: "x" * 5001,
    "key_of_256": lambda: "k" * 256,
    "name_of_41": lambda: "n" * 41,
    "text_of_501": lambda: "t" * 501,
    "metadata_51": lambda: "&".join(f"metadata[k{n}]=1" for n in range(51)),
    "metadata_20": lambda: "&".join(f"metadata[b{n}]=1" for n in range(20)),
    "items_101": lambda: "&".join(f"line_items[{n}][price]=a" for n in range(101)),
    "fields_5001": lambda: "&".join(["a=1"] * 5001),
    "deep": lambda: "a" + "[b]" * 12,
    "in_10_minutes": lambda: str(int(time.time()) + 600),
    "in_2_days": lambda: str(int(time.time()) + 2 * 24 * 3600),
    "sale": lambda: SALE,
    "item": lambda: _ITEM,
    "new_card": lambda: _CARD,
    "shop": lambda: "mode=payment&success_url=https://shop.example/",
    "typed": lambda: urlencode(TYPED),
    "own_public": lambda: made("/v1/webhook_endpoints", "url=https://a.example/&enabled_events[]=*"),
    "own_endpoint": lambda: endpoints.CONFIGURED,
    "lookup_key": lambda: StripeObject.objects.get(sid=_price("lookup_key=mug")).body["lookup_key"],
    "orphan_price": _orphan_price,
    "yen": lambda: _INTENT,
    "no_redirect": lambda: _NO_REDIRECT,
}
