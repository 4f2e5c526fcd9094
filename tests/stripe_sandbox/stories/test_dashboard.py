"""The dashboard: everything on it is reached by links and forms, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import stripe
from playwright.sync_api import Page, expect

from tests.stripe_sandbox.stage.browser import Open
from tests.stripe_sandbox.stage.server import Server, until

pytestmark = pytest.mark.browser
CHARGE = {"amount": 2000, "currency": "jpy", "source": "tok_visa", "description": "A shirt"}


def test_a_payment_is_followed_from_the_list_to_its_payload_and_refunded(server: Server, browse: Open) -> None:
    charge = server.api.v1.charges.create(params=CHARGE, options={"idempotency_key": "dashboard"})
    page = browse(java_script_enabled=False)
    page.goto(f"{server.url}/sandbox/")
    page.click(f"text={charge.id}")
    page.click("text=Refund")
    expect(page.locator("h1")).to_contain_text("refunded")
    page.click(".timeline a >> text=charge.refunded")

    expect(page.locator("pre").last).to_contain_text('"amount_refunded": 2000')
    refunded = page.url.rstrip("/").rpartition("/")[2]
    until(lambda: server.api.v1.events.retrieve(refunded).pending_webhooks == 0)
    assert len(server.endpoint.about(refunded)) == 1
    page.get_by_role("button", name=re.compile("Send again")).click()
    until(lambda: len(server.endpoint.about(refunded)) == 2)

    def types() -> list[str]:
        events = {event.id: event.type for event in server.endpoint.events(server.secret, about=charge.id)}
        return sorted(events.values())

    # Two of them come a second later, when the refund has its reference.
    until(lambda: "refund.updated" in types() and "charge.refund.updated" in types())
    assert types() == [
        "charge.refund.updated",
        "charge.refunded",
        "charge.succeeded",
        "refund.created",
        "refund.updated",
    ]


def test_the_request_log_finds_a_call_and_shows_it_as_curl(server: Server, browse: Open) -> None:
    made = server.api.v1.charges.create(params=CHARGE, options={"idempotency_key": "log-7"})
    page = browse()
    page.goto(f"{server.url}/sandbox/requests/?method=POST&status=2&path=/v1/charges")
    page.click(f"text={made.last_response.headers['Request-Id']}")

    shown = page.inner_text("main")
    assert f"curl {server.url}/v1/charges" in shown
    assert "-H 'Idempotency-Key: log-7'" in shown
    assert "-d amount=2000" in shown


def test_faults_are_ordered_and_cancelled(server: Server, browse: Open) -> None:
    page = browse()
    page.goto(f"{server.url}/sandbox/faults/")
    page.select_option("select[name=effect]", "500")
    page.fill("input[name=times]", "2")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("main ul")).to_contain_text("500 × 2")

    with pytest.raises(stripe.APIError):
        server.api.v1.charges.list()
    page.reload()
    expect(page.locator("main ul")).to_contain_text("500 × 1")
    page.click("text=Cancel all")
    expect(page.locator("main ul")).to_have_count(0)
    assert server.api.v1.charges.list().object == "list"


def test_it_is_japanese_and_dark_for_those_who_want_it_so(
    server: Server, browse: Open, accessible: Callable[[Page], None]
) -> None:
    page = browse("ja", color_scheme="dark")
    page.goto(f"{server.url}/sandbox/faults/")

    assert page.locator("html").get_attribute("lang") == "ja"
    expect(page.locator("h1")).to_have_text("障害")
    accessible(page)


def test_another_site_cannot_post_to_the_dashboard(server: Server, browse: Open) -> None:
    form = f'<form method="post" action="{server.url}/sandbox/clear/"><button>win</button></form>'
    server.endpoint.pages["/evil"] = form
    server.api.v1.charges.create(params=CHARGE)
    page = browse()
    page.goto(f"{server.endpoint.shop}/evil")
    with page.expect_navigation() as answered:
        page.click("text=win")

    assert answered.value.status == 403
    assert page.url == f"{server.url}/sandbox/clear/"
    assert server.api.v1.charges.list().data
