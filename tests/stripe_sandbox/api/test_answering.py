"""From a call to its answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from stripe_sandbox import accounts, conf
from stripe_sandbox.api import current
from stripe_sandbox.models import LoggedRequest, StripeObject
from tests.stripe_sandbox.stage.calls import call

FORM = "amount=2000&currency=jpy&source=tok_visa"


@pytest.mark.django_db(databases="__all__")
def test_a_json_body_is_refused_with_stripes_advice() -> None:
    status, body, _ = call("POST", "/v1/charges", '{"amount": 1}', Content_Type="application/json")

    assert status == 400
    assert body["error"]["message"].startswith("Invalid request (check that your POST content type is")


@pytest.mark.django_db(databases="__all__")
def test_a_charge_is_one_transaction_of_few_statements(settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": ""}
    accounts.default()

    # As within a request, which knows the visitor's address.
    with current.answering(origin="http://localhost"), CaptureQueriesContext(connections[conf.DATABASE]) as queries:
        status, *_ = call("POST", "/v1/charges", FORM, Idempotency_Key="k")

    assert status == 200
    # Whose key is it, and is there a fault? In the transaction, which the test's own makes a savepoint: is the
    # idempotency key known? The charge and its balance transaction. Who wants the event? The event, the key, the log.
    words = " ".join(query["sql"].partition(" ")[0] for query in queries)
    assert words == "SELECT SAVEPOINT SELECT INSERT INSERT SELECT INSERT INSERT INSERT RELEASE"


@pytest.mark.django_db(databases="__all__")
def test_of_a_refused_call_only_the_log_is_kept() -> None:
    status, *_ = call("POST", "/v1/charges", f"{FORM}&expand[]=nonsense", Idempotency_Key="k")
    again, _, headers = call("POST", "/v1/charges", f"{FORM}&expand[]=nonsense", Idempotency_Key="k")

    assert (status, again) == (400, 400)
    assert "Idempotent-Replayed" not in headers
    assert not StripeObject.objects.exclude(kind="webhook_endpoint").exists()
    assert [(logged.status, logged.params["amount"]) for logged in LoggedRequest.objects.all()] == [(400, "2000")] * 2
