"""The control addresses: a test elsewhere clears the sandbox, collects deliveries and orders faults over HTTP."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests
import stripe
from django.conf import settings
from django.test import Client

from stripe_sandbox import accounts, conf
from stripe_sandbox.api import auth
from stripe_sandbox.dashboard.control import deliveries, webhook
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Delivery, Fault, LoggedRequest, StripeObject
from stripe_sandbox.webhooks import endpoints
from tests.stripe_sandbox.stage.calls import CHARGE, OTHER, OTHER_PUBLISHABLE, PUBLISHABLE, SECRET, call, session
from tests.stripe_sandbox.stage.server import Server, listen, serve

database = pytest.mark.django_db(databases=["default", "stripe_sandbox"])
ACTIONS = ("account", "advance", "attempts", "card_tokens", "clear", "deliveries", "faults", "requests", "webhook")
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

    assert not StripeObject.objects.exists()
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
        deliveries(SECRET)

    assert Delivery.objects.get().state == "pending"


@database
@pytest.mark.parametrize(
    ("origin", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
def test_a_page_of_another_origin_cannot_drive_it(origin: str, status: int) -> None:
    assert control("clear", headers=bearer(SECRET) | {"Sec-Fetch-Site": origin})[0] == status


@database
def test_a_fault_meets_the_next_calls() -> None:
    assert control("faults", "effect=500&times=2") == (200, {"faults": [{"effect": "500", "times": 2}]})

    assert [(fault.effect, fault.remaining) for fault in Fault.objects.all()] == [("500", 2)]


@database
def test_faults_queue_up_and_are_taken_back_together() -> None:
    control("faults", "effect=500&times=2")
    call("GET", "/v1/charges")

    queued = control("faults", "effect=lose")
    cancelled = control("faults", "effect=none")

    assert queued == (200, {"faults": [{"effect": "500", "times": 1}, {"effect": "lose", "times": 1}]})
    assert cancelled == (200, {"faults": []})
    assert call("GET", "/v1/charges")[0] == 200


@database
def test_a_fault_happens_once_unless_more_are_ordered() -> None:
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
            "tamper, lose, or none",
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
        ("requests", "limit=0", "This value must be greater than or equal to 1.", "limit"),
        ("attempts", "limit=1001", "This value must be less than or equal to 1000.", "limit"),
        ("webhook", "url=/webhook/", "Not a valid URL", "url"),
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
    assert StripeObject.objects.filter(kind="charge").exists()


@database
def test_another_action_is_a_404_in_json() -> None:
    status, content = control("explode")

    assert (status, content["error"]["message"]) == (
        404,
        "There is no control action 'explode', only account, advance, attempts, card_tokens, clear, deliveries, "
        "faults, requests, webhook.",
    )


@database
def test_an_account_says_its_id_its_keys_and_its_secret() -> None:
    _, account = control("account", headers=bearer(OTHER))
    _, again = control("account", headers=bearer(OTHER))

    assert account == {
        "account": call("GET", "/v1/account", key=OTHER)[1]["id"],
        "api_version": stripe.api_version,
        "now": account["now"],
        "publishable_key": OTHER_PUBLISHABLE,
        "webhook_secret": again["webhook_secret"],
    }
    assert account["webhook_secret"].startswith("whsec_")
    assert abs(account["now"] - time.time()) < 10


@database
@pytest.mark.parametrize("shown", [True, False])
def test_the_default_accounts_secret_is_hidden_where_it_may_be_a_real_one(shown: bool, settings) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"SHOW_WEBHOOK_SECRET": shown}

    _, account = control("account")
    _, webhook = control("webhook")

    assert (account["account"], account["publishable_key"]) == (conf.get("ACCOUNT_ID"), PUBLISHABLE)
    expected = settings.STRIPE_SANDBOX["WEBHOOK_SECRET"] if shown else None
    assert account["webhook_secret"] == webhook["webhook_secret"] == expected


@database
def test_what_was_called_is_returned_in_order_and_masked() -> None:
    card = "card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2040&card[cvc]=123"
    call("POST", "/v1/tokens", card, key=OTHER_PUBLISHABLE)
    call("POST", "/v1/charges", "amount=2000&currency=jpy&source=tok_visa", key=OTHER, Idempotency_Key="k")
    call("GET", "/v1/charges/ch_nothing", key=OTHER)
    call("GET", "/v1/charges")

    _, content = control("requests", headers=bearer(OTHER))
    _, last = control("requests", "limit=1", bearer(OTHER))

    names = ("method", "path", "status", "idempotency_key", "replayed")
    assert [tuple(made[name] for name in names) for made in content["requests"]] == [
        ("POST", "/v1/tokens", 200, "", False),
        ("POST", "/v1/charges", 200, "k", False),
        ("GET", "/v1/charges/ch_nothing", 404, "", False),
    ]
    assert content["requests"][0]["params"]["card"]["number"] == "••••"
    assert all(made["request_id"].startswith("req_") and made["created"] > 0 for made in content["requests"])
    assert last["requests"] == content["requests"][-1:]


@database
def test_the_posts_of_events_are_returned_in_order(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE | {"source": "tok_createDispute"})
    control("deliveries", "ahead=60")

    _, content = control("attempts")
    _, last = control("attempts", "limit=1")

    assert [(made["type"], made["status"], made["url"]) for made in content["attempts"]] == [
        ("charge.succeeded", 200, ""),
        ("charge.dispute.created", 200, ""),
        ("charge.dispute.funds_withdrawn", 200, ""),
    ]
    assert {made["endpoint"] for made in content["attempts"]} == {endpoints.CONFIGURED}
    assert api.v1.events.retrieve(content["attempts"][0]["event"]).data.object.id == charge.id
    assert last["attempts"] == content["attempts"][-1:]


@database
@pytest.mark.parametrize("key", [SECRET, OTHER])
def test_an_accounts_events_go_where_it_says(key: str) -> None:
    where = "https://shop.example/hooks"

    status, set_to = control("webhook", f"url={where}", bearer(key))
    _, listed, _ = call("GET", "/v1/webhook_endpoints", key=key)
    nowhere = control("webhook", "url=", bearer(key))[1]["url"]
    _, back = control("webhook", "", bearer(key))

    assert (status, set_to["url"]) == (200, where)
    assert [endpoint["url"] for endpoint in listed["data"]] == [where]
    # With DELIVERIES "manual", events that are posted nowhere can be handed out all the same.
    assert nowhere == endpoints.HANDED_OUT
    assert back["url"] == (conf.get("WEBHOOK_URL") if key == SECRET else endpoints.HANDED_OUT)


@database
def test_nowhere_is_no_endpoint_where_a_thread_posts_events(settings) -> None:
    control("webhook", "url=https://shop.example/hooks", bearer(OTHER))
    # No request from here on: one would start the thread.
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"DELIVERIES": "thread"}

    with accounts.acting_for(auth.caller(OTHER).account):
        answer = webhook(OTHER, url=None)
    call("POST", "/v1/charges", "amount=2000&currency=jpy&source=tok_visa", key=OTHER)

    assert answer["url"] == ""
    assert call("GET", "/v1/webhook_endpoints", key=OTHER)[1]["data"] == []
    assert not Delivery.everywhere.exists()


@database
@pytest.mark.parametrize("key", [SECRET, OTHER])
def test_events_are_posted_into_no_private_network(key: str, settings) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_ALLOW": ["10.0.0.1"]}

    status, content = control("webhook", "url=http://10.0.0.2/", bearer(key))

    assert (status, content["error"]["param"]) == (400, "url")
    assert "10.0.0.2 is private" in content["error"]["message"]
    assert control("webhook", "url=http://10.0.0.1/", bearer(key))[0] == 200


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


@database
def test_card_tokens_are_chosen_for_the_account_of_the_key() -> None:
    form = "amount=2000&currency=jpy&source=tok_visa"

    assert control("card_tokens", "mode=ended", bearer(OTHER)) == (200, {"mode": "ended"})
    assert call("POST", "/v1/charges", form, key=OTHER)[0] == 400
    assert call("POST", "/v1/charges", form)[0] == 200
    assert control("card_tokens", "mode=", bearer(OTHER)) == (200, {"mode": "on"})
    assert call("POST", "/v1/charges", form, key=OTHER)[0] == 200
    assert control("card_tokens", "mode=perhaps", bearer(OTHER))[0] == 400


@database
def test_the_clock_is_advanced_and_what_happened_is_listed_in_order(api: stripe.StripeClient) -> None:
    made = [api.v1.checkout.sessions.create(params=session()) for _ in range(2)]

    status, answer = control("advance", "seconds=90000")

    assert status == 200
    assert answer["happened"] == [{"at": one.expires_at, "object": one.id, "task": "session_expires"} for one in made]
    assert (answer["count"], answer["ahead"]) == (2, 90_000)
    assert answer["now"] == pytest.approx(time.time() + 90_000, abs=10)
    assert control("account")[1]["now"] == pytest.approx(answer["now"], abs=5)
    control("clear")
    assert control("account")[1]["now"] == pytest.approx(time.time(), abs=5)


@database
@pytest.mark.parametrize(
    ("body", "says"),
    [("", "Missing required param"), ("seconds=-1", "between 0 and"), ("seconds=x", "Invalid decimal")],
)
def test_a_clock_is_advanced_by_seconds(body: str, says: str) -> None:
    status, answer = control("advance", body)

    assert status == 400
    assert says in answer["error"]["message"]
