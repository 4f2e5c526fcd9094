"""The address at which this server is visited is in what the API answers."""

from __future__ import annotations

import pytest
import stripe
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from stripe_sandbox.api import origin
from stripe_sandbox.middleware import SandboxMiddleware
from tests.stripe_sandbox.stage.calls import CHARGE, SECRET

pytestmark = pytest.mark.django_db(databases="__all__")
FORM = "application/x-www-form-urlencoded"


def receipt_seen_at(host: str, client: Client, **more: object) -> str:
    headers = {"Authorization": f"Bearer {SECRET}", "Host": host}
    answer = client.post("/v1/charges", "amount=2000&currency=jpy&source=tok_visa", FORM, headers=headers, **more)
    return answer.json()["receipt_url"]


def test_a_link_leads_to_the_server_that_was_asked(client: Client) -> None:
    assert receipt_seen_at("localhost:8001", client).startswith("http://localhost:8001/sandbox/receipts/ch_")
    assert receipt_seen_at("127.0.0.1", client, secure=True).startswith("https://127.0.0.1/sandbox/receipts/ch_")


def test_outside_of_a_request_a_link_leads_where_the_server_was_last_seen(
    api: stripe.StripeClient, client: Client
) -> None:
    client.get("/sandbox/", headers={"Host": "localhost:8002"})

    charge = api.v1.charges.create(params=CHARGE)

    assert charge.receipt_url.startswith("http://localhost:8002/")


OWN, OTHER = "http://testserver", "https://elsewhere.example"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        # Libraries and command lines.
        ("POST", "/v1/tokens", {}, 402),
        # Pages of its own, the card dialog among them, and what a person types.
        ("POST", "/v1/tokens", {"Sec-Fetch-Site": "same-origin", "Origin": OWN}, 402),
        ("POST", "/v1/tokens", {"Origin": OWN}, 402),
        ("GET", "/v1/charges", {"Sec-Fetch-Site": "none"}, 200),
        # Pages of another origin, of the same site or not, and those that keep theirs to themselves.
        ("POST", "/v1/tokens", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", "/v1/tokens", {"Sec-Fetch-Site": "same-site"}, 403),
        ("POST", "/v1/tokens", {"Origin": OTHER}, 403),
        ("POST", "/v1/tokens", {"Origin": "null"}, 403),
        ("OPTIONS", "/v1/tokens", {"Origin": OTHER}, 403),
        ("GET", "/v1/charges", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, 403),
        ("GET", "/v1/charges", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, 403),
        ("POST", "/sandbox/control/clear/", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "document"}, 403),
        ("POST", "/sandbox/clear/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, 403),
        ("POST", "/sandbox/clear/", {"Origin": OTHER}, 403),
        ("GET", "/sandbox/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "empty"}, 403),
        ("GET", "/sandbox/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}, 403),
        ("GET", "/sandbox/", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", "/c/pay/cs_x", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}, 403),
        # What they may do: follow a link, load the script, show the dialog.
        ("GET", "/sandbox/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, 200),
        ("GET", "/c/pay/cs_x", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "document"}, 404),
        ("GET", "/checkout.js", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "script"}, 200),
        ("GET", "/checkout.js", {"Origin": OTHER}, 200),
        ("GET", "/sandbox/checkout-dialog/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}, 200),
        ("POST", "/checkout.js", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "script"}, 403),
    ],
)
def test_a_page_of_another_origin_may_only_do_what_it_may_with_stripes(
    method: str, path: str, headers: dict[str, str], status: int, client: Client
) -> None:
    card = "card[number]=4242424242424241&card[exp_month]=12&card[exp_year]=2040"
    key = {"Authorization": f"Bearer {SECRET}"}

    answer = client.generic(method, path, card if method == "POST" else "", FORM, headers=key | headers)

    assert answer.status_code == status


def test_the_refusal_is_json_where_an_answer_would_be(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    refused = client.post("/v1/charges", headers=headers)
    shown = client.get("/sandbox/", headers=headers)

    assert refused.json()["error"]["message"] == "This address is not open to web pages of another origin."
    assert shown.content.decode() == "This address is not open to web pages of another origin."
    assert "Refused a POST of /v1/charges by a page of another origin." in caplog.messages


def test_the_site_beside_the_sandbox_is_not_concerned(client: Client) -> None:
    assert client.get("/healthz", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/charges", "/sandbox/", "/sandbox/control/clear/", "/checkout.js"])
def test_a_name_that_another_website_points_here_is_refused(path: str, client: Client) -> None:
    headers = {"Authorization": f"Bearer {SECRET}", "Host": "another.example", "Sec-Fetch-Site": "same-origin"}

    assert client.get(path, headers=headers).status_code == 400


@pytest.mark.parametrize("host", ["localhost:65536", "localhost:99999999", f"localhost:{'0' * 300}80", "evil.example"])
def test_a_host_that_cannot_be_is_refused_in_stripes_shape_and_not_remembered(client: Client, host: str) -> None:
    answer = client.get("/v1/charges", headers={"Host": host, "Authorization": f"Bearer {SECRET}"})

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert origin.visitor() != f"http://{host}"


@pytest.mark.parametrize("address", ["/v1", "/v1/charges", "/sandbox/control/clear/"])
def test_what_the_server_refuses_before_the_api_sees_it_has_stripes_shape(client: Client, address: str) -> None:
    answer = client.get(address, headers={"Content-Type": "text/html; charset=shift_jis"})

    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "message": "The sandbox could not answer this call: 400 Bad Request.",
        "type": "invalid_request_error",
    }


def test_pages_are_refused_with_a_page(client: Client) -> None:
    answer = client.get("/sandbox/", headers={"Content-Type": "text/html; charset=shift_jis"})

    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/html")


def test_an_address_of_any_length_is_refused_before_it_is_looked_up() -> None:
    with pytest.raises(BadRequest, match="too long"):
        SandboxMiddleware(lambda request: HttpResponse())(RequestFactory().get(f"/v1/{'a' * 3000}"))


@pytest.mark.parametrize("host", ["localhost:65536", f"localhost:{'0' * 300}80"])
def test_a_host_that_cannot_be_is_refused_where_the_sandbox_runs_alone(host: str, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    with pytest.raises(BadRequest, match="no such host"):
        SandboxMiddleware(lambda request: HttpResponse())(RequestFactory().get("/", headers={"Host": host}))
