"""A card that is sent where none belongs is nowhere to be found: not in the answer, the database or the log."""

from __future__ import annotations

import json
import logging
import unicodedata
from urllib.parse import quote, urlencode

import pytest
import stripe
from django.apps import apps
from django.test import Client

from stripe_sandbox import masking
from stripe_sandbox.models import LoggedRequest
from tests.stripe_sandbox.stage.calls import SECRET

NUMBER, CODE = "4000056655665556", "918"
# The number as people type it.
TYPED = [
    NUMBER,
    "4000 0566 5566 5556",
    "4000-0566-5566-5556",
    "４０００ ０５６６ ５５６６ ５５５６",
    "４０００－０５６６－５５６６－５５５６",
    " 4000.0566.5566.5556 ",
]
HASH = {"source[object]": "card", "source[number]": "{n}", "source[exp_month]": "12", "source[cvc]": CODE}
CARD = {"card[number]": NUMBER, "card[exp_month]": "12", "card[exp_year]": "2040", "card[cvc]": CODE}
CHARGE = {"amount": "2000", "currency": "jpy", "source": "tok_visa"}
SHAPES: dict[str, tuple[str, dict[str, str]]] = {
    "a hash for a text": ("POST /v1/charges", CHARGE | HASH | {"source": ""}),
    "a hash in a hash": ("POST /v1/charges", {"source[card][number]": "{n}", "source[card][cvc]": CODE}),
    "an array for a number": ("POST /v1/tokens", CARD | {"card[number]": "", "card[number][0]": "{n}"}),
    "an array for a code": ("POST /v1/tokens", CARD | {"card[cvc]": "", "card[cvc][]": CODE}),
    "a code too long": ("POST /v1/tokens", CARD | {"card[number]": "{n}", "card[cvc]": f"{CODE}12345678{CODE}"}),
    "a number for a month": ("POST /v1/tokens", CARD | {"card[exp_month]": "{n}"}),
    "a wrong card": ("POST /v1/tokens", CARD | {"card[number]": "{n}", "card[exp_month]": "13"}),
    "a number too long": ("POST /v1/tokens", CARD | {"card[number]": "{n}" * 3}),
    "unknown names": ("POST /v1/tokens", CARD | {"cardNumber": "{n}", "card[cvv]": CODE, "security_code": CODE}),
    "a name": ("POST /v1/charges", CHARGE | {"{n}": "1"}),
    "a name in a name": ("POST /v1/tokens", CARD | {"card[{n}]": "1"}),
    "a code as a name": ("POST /v1/tokens", CARD | {f"card[cvc][{CODE}]": "1", "card[cvc]": ""}),
    "too deep": ("POST /v1/charges", {"cvc[" + CODE + "]" + "[{n}]" * 12: "1"}),
    "an id": ("POST /v1/charges", CHARGE | {"source": "{n}"}),
    "an id of a kind": ("POST /v1/charges", CHARGE | {"source": "tok_{n}"}),
    "an amount": ("POST /v1/charges", CHARGE | {"amount": "{n}"}),
    "a currency": ("POST /v1/charges", CHARGE | {"currency": "{n}"}),
    "an address": ("POST /v1/checkout/sessions", {"mode": "payment", "success_url": "{n}"}),
    "an e-mail address": ("POST /v1/checkout/sessions", {"mode": "payment", "customer_email": "{n}"}),
    "metadata": ("POST /v1/customers", {"metadata[{n}{n}{n}]": "1"}),
    "long metadata": ("POST /v1/customers", {"metadata[card]": "x" * 70 + " {n} " + "x" * 500}),
    "an expansion": ("GET /v1/charges", {"expand[]": "{n}"}),
    "a cursor": ("GET /v1/charges", {"starting_after": "{n}"}),
    "a limit": ("GET /v1/charges", {"limit": "{n} or so"}),
    "a query": ("GET /v1/tokens", {"card[number]": "{n}", "card[cvc]": CODE}),
    "a path": ("GET /v1/charges/{n}", {}),
    "an unknown path": ("POST /v1/cards/{n}", CARD),
    "a fault": ("POST /v1/charges", CHARGE | {"Sandbox-Fault": "{n}"}),
}


def digits(text: str) -> str:
    """Return a text as the search sees it: plain digits, without what may group them."""
    plain = unicodedata.normalize("NFKC", text).replace("%20", "").replace("+", "")
    return "".join(char for char in plain if char not in " -._−")


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("number", [TYPED[0], TYPED[4]], ids=["plain", "wide"])
def test_no_refusal_shows_a_card(number: str, shape: str, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    address, fields = SHAPES[shape]
    method, path = address.replace("{n}", quote(number)).split(" ", 1)
    form = {name.replace("{n}", number): value.replace("{n}", number) for name, value in fields.items() if value}
    headers = {"Authorization": f"Bearer {SECRET}", "User-Agent": number.encode("ascii", "ignore").decode()}
    if fault := form.pop("Sandbox-Fault", ""):
        headers["Sandbox-Fault"] = fault.encode("ascii", "replace").decode()

    where = {"QUERY_STRING": urlencode(form)} if method == "GET" else {}
    body = "" if method == "GET" else urlencode(form)
    answer = client.generic(method, path, body, "application/x-www-form-urlencoded", headers=headers, **where)

    assert answer.status_code in (400, 402, 404), answer.content
    kept = json.dumps([_everything(), answer.json(), caplog.messages], ensure_ascii=False)
    assert NUMBER not in digits(kept)
    assert f'"{CODE}' not in kept
    assert f"[{CODE}" not in kept
    for logged in LoggedRequest.objects.all():
        page = client.get(f"/sandbox/requests/{logged.request_id}/").content.decode()
        assert NUMBER not in digits(page)
        assert CODE not in page.replace(logged.request_id, "")


def _everything() -> list[str]:
    """Return each row of each table of the sandbox."""
    return [str(row) for model in apps.get_app_config("stripe_sandbox").get_models() for row in model.objects.values()]


@pytest.mark.django_db(databases="__all__")
def test_other_parameters_under_one_idempotency_key_are_refused_without_them(api: stripe.StripeClient) -> None:
    key = {"idempotency_key": NUMBER}
    api.v1.customers.create(params={"description": "first"}, options=key)

    with pytest.raises(stripe.IdempotencyError) as refused:
        api.v1.customers.create(params={"description": f"card {NUMBER}", "cvc": CODE}, options=key)

    assert NUMBER not in str(refused.value)
    assert NUMBER not in str(LoggedRequest.objects.values())


@pytest.mark.django_db(databases="__all__")
def test_what_is_accepted_stays_as_it_was_sent(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create(params={"metadata": {"serial": NUMBER}})

    assert customer.metadata["serial"] == NUMBER
    assert NUMBER not in str(LoggedRequest.objects.get().params)


@pytest.mark.parametrize(
    "text",
    [
        "Invalid integer: 9999999999999999999",
        "2026-11-26 18:18:46",
        "http://192.168.100.100:12111/c/pay/cs_test_1",
        "req_Ab3kZ00012345678901",
        "3f250400-4123-4123-8123-41234567890a",
        "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        '{"exp_month": 12, "exp_year": 2040, "created": 1764182326}',
        '"cvc_check": "pass"',
    ],
)
def test_what_is_no_card_is_left_alone(text: str) -> None:
    assert masking.text(text) == text


@pytest.mark.parametrize("text", [NUMBER, f"番号{NUMBER}です", f"a{NUMBER}b", f"1 {NUMBER} 12/40", NUMBER * 4, *TYPED])
def test_a_number_is_masked_wherever_it_stands(text: str) -> None:
    assert NUMBER[:6] not in digits(masking.text(text))


@pytest.mark.parametrize("name", ["number", "card_number", "CardNumber", "CVC", "cvc2", "security-code"])
def test_these_names_hide_their_values(name: str) -> None:
    assert masking.is_secret(name)
    assert masking.params({"a": {name: {"b": "1"}}}) == {"a": {name: masking.MASK}}


@pytest.mark.parametrize("name", ["tracking_number", "phone", "exp_month"])
def test_these_do_not(name: str) -> None:
    assert not masking.is_secret(name)


def test_a_line_of_the_log_for_an_address_shows_no_card(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("django.server")
    monkeypatch.setattr(logger, "propagate", True)
    caplog.set_level(logging.INFO, "django.server")

    logger.info('"%s" %s', f"GET /v1/tokens?card%5Bnumber%5D={NUMBER}&card%5Bcvc%5D={CODE} HTTP/1.1", 404)

    assert caplog.messages[-1] == '"GET /v1/tokens?card%5Bnumber%5D=••••&card%5Bcvc%5D=•••• HTTP/1.1" 404'
