"""Which key opens what, and how it may be sent."""

from __future__ import annotations

import pytest
import requests

from stripe_sandbox import accounts
from stripe_sandbox.api import auth
from stripe_sandbox.models import Account, LoggedRequest
from tests.stripe_sandbox.stage.calls import CHARGE, OTHER, OTHER_PUBLISHABLE, call
from tests.stripe_sandbox.stage.server import Server

pytestmark = pytest.mark.django_db(databases="__all__")


def test_basic_auth_is_as_good_as_bearer() -> None:
    status, _, _ = call("GET", "/v1/charges", Authorization="Basic c2tfdGVzdF9zYW5kYm94Og==")

    assert status == 200


def test_the_basic_auth_that_curl_uses_is_understood(server: Server) -> None:
    answer = requests.post(f"{server.url}/v1/charges", auth=("sk_test_sandbox", ""), data=CHARGE, timeout=10)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("tail", ["a" * 24, "0" * 24, "51" + "Zz9" * 33])
def test_each_secret_key_of_stripes_form_opens_an_account_of_its_own(tail: str) -> None:
    status, account, _ = call("GET", "/v1/account", key=f"sk_test_{tail}")
    _, default, _ = call("GET", "/v1/account")

    assert (status, account["object"]) == (200, "account")
    assert account["id"] != default["id"]
    assert len(account["id"]) == len(default["id"])


@pytest.mark.parametrize(
    "key",
    [
        f"sk_test_{'a' * 23}",
        f"sk_test_{'a' * 23}_",
        f"sk_test_{'a' * 23}ä",
        f"sk_test_{'a' * 23}１",
        f"sk_test_{'a' * 24} ",
        f"sk_live_{'a' * 24}",
        f"rk_test_{'a' * 24}",
        f"whsec_{'a' * 24}",
        f"SK_TEST_{'a' * 24}",
        "sk_test_",
        "sk_test_sandbox2",
    ],
)
def test_anything_else_gets_stripes_401(key: str) -> None:
    with pytest.raises(auth.ApiError, match="Invalid API Key provided: ") as refused:
        auth.caller(key)

    assert refused.value.status == 401
    assert not Account.objects.exclude(pk=accounts.DEFAULT).exists()


def test_the_publishable_key_of_the_same_tail_is_the_same_accounts() -> None:
    card = "card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2040&card[cvc]=123"
    _, token, _ = call("POST", "/v1/tokens", card, key=OTHER_PUBLISHABLE)
    form = f"amount=2000&currency=jpy&source={token['id']}"

    elsewhere, refused, _ = call("POST", "/v1/charges", form)
    status, _, _ = call("POST", "/v1/charges", form, key=OTHER)

    assert (elsewhere, refused["error"]["message"]) == (400, f"No such token: '{token['id']}'")
    assert status == 200
    assert call("GET", "/v1/charges", key=OTHER_PUBLISHABLE)[0] == 403


def test_a_call_with_a_wrong_key_is_in_the_default_accounts_log() -> None:
    call("GET", "/v1/charges", key="sk_test_wrong")

    assert [(logged.path, logged.status) for logged in LoggedRequest.objects.all()] == [("/v1/charges", 401)]
