"""An unhandled error leaves its traceback on stderr, without any setting, under whatever server."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import requests

from stripe_sandbox.webhooks.signing import header
from tests.bbs_project.stage import SERVERS, served
from tests.stripe_sandbox.stage.server import until

SECRET = "whsec_1"
EVENT = b'{"id": "evt_1", "type": "x", "api_version": null, "livemode": false, "data": {"object": {}}}'
SANDBOX_FAILED = "The sandbox's database cannot be used (no such table: stripe_sandbox_"


@pytest.mark.parametrize("server", SERVERS)
def test_a_page_and_a_webhook_that_fail_leave_their_tracebacks(tmp_path: Path, server: str) -> None:
    signature = {"Stripe-Signature": header(EVENT, [SECRET], int(time.time()))}

    with served(tmp_path, server, STRIPE_WEBHOOK_SECRET=SECRET) as (site, printed):
        page = requests.get(site, timeout=10)
        webhook = requests.post(f"{site}/webhook/", EVENT, headers=signature, timeout=10)
        until(lambda: SANDBOX_FAILED in printed.read_text())  # its thread looks when it gets to it

    assert (page.status_code, webhook.status_code) == (500, 500)
    assert "The error is in our log." in page.text
    said = printed.read_text()
    for address, table in (("/", "bbs_product"), ("/webhook/", "bbs_webhookevent")):
        assert said.count(f"Internal Server Error: {address}\n") == 1
        # Each is raised from the database's own error of the same text.
        assert said.count(f"OperationalError: no such table: {table}\n") == 2
    assert SANDBOX_FAILED in said
