"""The control addresses: a test elsewhere clears the sandbox, collects deliveries and orders faults over HTTP."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests
import stripe
from django.conf import settings
from django.test import Client

from stripe_sandbox.dashboard.control import deliveries
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Delivery, Fault, LoggedRequest, Stored
from tests.stripe_sandbox.stage.calls import CHARGE, PUBLISHABLE, SECRET
from tests.stripe_sandbox.stage.server import Server, listen, serve

database = pytest.mark.django_db(databases=["default", "stripe_sandbox"])
ACTIONS = ("clear", "deliveries", "faults")
FORM = "application/x-www-form-urlencoded"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def control(action: str, body: str = "", headers: dict[str, str] | None = None) -> tuple[int, dict]:
    """POST to a control address without any cookie, and return status and JSON."""
    headers = bearer(SECRET) if headers is None else headers
    answer = Client(enforce_csrf_checks=True).post(f"/sandbox/control/{action}/", body, FORM, headers=headers)
    return answer.status_code, answer.json()


@database
def test_clear_forgets_everything(api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE)

    assert control("clear") == (200, {"cleared": True})

    assert not Stored.objects.exists()
    assert not LoggedRequest.objects.exists()
    assert not Delivery.objects.exists()


@database
def test_deliveries_are_signed_and_count_as_answered(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE)

    _, content = control("deliveries")

    (delivery,) = content["deliveries"]
    event = stripe.Webhook.construct_event(
        delivery["body"], delivery["headers"]["Stripe-Signature"], settings.STRIPE_SANDBOX["WEBHOOK_SECRET"]
    )
    assert (event.type, event.data.object.id) == ("charge.succeeded", charge.id)
    assert Delivery.objects.get().state == Delivery.State.SUCCEEDED
    assert control("deliveries") == (200, {"deliveries": []})


@database
@pytest.mark.parametrize(("ahead", "events"), [("", 1), ("ahead=0.5", 1), ("ahead=1.5", 2)])
def test_time_passes_as_far_as_it_is_asked_to(ahead: str, events: int, api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE | {"source": "tok_createDisputeInquiry"})

    _, content = control("deliveries", ahead)

    assert len(content["deliveries"]) == events


@database
def test_events_that_a_thread_posts_are_not_taken_from_it(api: stripe.StripeClient, settings) -> None:
    api.v1.charges.create(params=CHARGE)
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"DELIVERIES": "thread"}

    with pytest.raises(ApiError, match="--deliveries manual"):
        deliveries()

    assert Delivery.objects.get().state == "pending"


@database
@pytest.mark.parametrize(
    ("origin", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
def test_a_page_of_another_origin_cannot_drive_it(origin: str, status: int) -> None:
    assert control("clear", headers=bearer(SECRET) | {"Sec-Fetch-Site": origin})[0] == status


@database
def test_a_fault_meets_the_next_calls() -> None:
    assert control("faults", "effect=500&times=2") == (200, {"effect": "500", "times": 2})

    assert [(fault.effect, fault.remaining) for fault in Fault.objects.all()] == [("500", 2)]


@database
def test_a_fault_happens_once_unless_told_otherwise() -> None:
    control("faults", "effect=lose")

    assert [(fault.effect, fault.remaining) for fault in Fault.objects.all()] == [("lose", 1)]


@database
@pytest.mark.parametrize(
    ("action", "body", "message", "param"),
    [
        (
            "faults",
            "effect=explode",
            "Invalid effect: must be one of 500, 429, timeout_before, timeout_after, drop, delay, double, reorder, "
            "tamper, or lose",
            "effect",
        ),
        ("faults", "", "Missing required param: effect.", "effect"),
        ("faults", "effect[a]=500", 'Invalid string: {"a"=>"500"}', "effect"),
        ("faults", "effect=500&times=0", "This value must be greater than or equal to 1.", "times"),
        ("faults", "effect=500&times=1000", "This value must be less than or equal to 999.", "times"),
        ("faults", "effect=500&times=many", "Invalid integer: many", "times"),
        ("deliveries", "ahead=-1", "This value must be between 0 and 31622400 seconds.", "ahead"),
        ("deliveries", "ahead=1e999", "This value must be between 0 and 31622400 seconds.", "ahead"),
        ("deliveries", "ahead=NaN", "Invalid decimal: NaN", "ahead"),
        ("deliveries", "ahead=soon", "Invalid decimal: soon", "ahead"),
        ("deliveries", "later=5", "Received unknown parameter: later", "later"),
        ("clear", "really=1", "Received unknown parameter: really", "really"),
    ],
)
def test_what_makes_no_sense_is_refused(action: str, body: str, message: str, param: str) -> None:
    status, content = control(action, body)

    assert (status, content["error"]["message"], content["error"]["param"]) == (400, message, param)


@database
@pytest.mark.parametrize("action", ACTIONS)
def test_json_is_refused(action: str) -> None:
    answer = Client().post(f"/sandbox/control/{action}/", "{}", "application/json", headers=bearer(SECRET))

    assert answer.status_code == 400
    assert "content type" in answer.json()["error"]["message"]


@database
@pytest.mark.parametrize("action", [*ACTIONS, "unknown"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), (bearer("sk_test_other"), 401), (basic("sk_test_other"), 401), (bearer(PUBLISHABLE), 403)],
)
def test_only_the_secret_key_opens_it(action: str, headers: dict[str, str], status: int) -> None:
    answered, content = control(action, "effect=500" if action == "faults" else "", headers)

    assert (answered, content["error"]["type"]) == (status, "invalid_request_error")
    assert not Fault.objects.exists()


@database
def test_the_key_may_come_as_basic_authentication() -> None:
    assert control("clear", headers=basic(SECRET)) == (200, {"cleared": True})


@database
@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
@pytest.mark.parametrize("action", ACTIONS)
def test_only_a_post_does_anything(method: str, action: str, api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE)

    answer = getattr(Client(), method)(f"/sandbox/control/{action}/", headers=bearer(SECRET))

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert Stored.objects.filter(kind="charge").exists()


@database
def test_another_action_is_a_404_in_json() -> None:
    status, content = control("explode")

    assert (status, content["error"]["message"]) == (
        404,
        "There is no control action 'explode', only clear, deliveries, faults.",
    )


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A sandbox that delivers nothing by itself."""
    endpoint, http = listen()
    server = serve(tmp_path_factory.mktemp("sandbox") / "manual.sqlite3", endpoint, "--deliveries=manual")
    yield server
    server.process.kill()
    server.process.communicate()
    http.shutdown()
    http.server_close()


def test_a_sandbox_in_another_process_is_driven_over_http(manual: Server) -> None:
    def act(action: str, **form: object) -> dict:
        url = f"{manual.url}/sandbox/control/{action}/"
        return requests.post(url, urlencode(form), headers=bearer(SECRET) | {"Content-Type": FORM}, timeout=10).json()

    manual.api.v1.charges.create(params=CHARGE | {"source": "tok_createDispute"})
    delivered = act("deliveries", ahead=60)["deliveries"]
    events = [
        stripe.Webhook.construct_event(each["body"], each["headers"]["Stripe-Signature"], manual.secret)
        for each in delivered
    ]
    act("faults", effect="429")
    with pytest.raises(stripe.RateLimitError):
        manual.api.v1.charges.list()

    assert [event.type for event in events] == [
        "charge.succeeded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
    ]
    assert manual.endpoint.got == []
    assert len(manual.api.v1.charges.list().data) == 1
    assert act("clear") == {"cleared": True}
    assert manual.api.v1.charges.list().data == []


def test_bytes_that_are_no_text_are_refused(manual: Server) -> None:
    headers = bearer(SECRET) | {"Content-Type": FORM}
    answer = requests.post(f"{manual.url}/sandbox/control/faults/", b"effect=\xff", headers=headers, timeout=10)

    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "Invalid UTF-8 in your request: please check its encoding.",
    )
