"""The wire pages in a real browser: two real payments, shown and compared, while they happen and afterwards."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bbs.models import Payment
from tests.browser.stage import Visit, fill_in_stripes_dialog, fill_in_stripes_page, switch_to_legacy
from tests.stage.people import VISA

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]

STORY = {"ja": "通信の記録をすべて見る", "en": "see every request"}
BOTH = {"ja": "2つの決済を並べて比べる", "en": "Compare your two payments side by side"}
SENT = {"ja": "それぞれが Stripe に送ったパラメーター", "en": "What each side sent to Stripe"}
KNEW = {"ja": "ここで支払いを確認", "en": "payment confirmed here"}


def pay_legacy(page: Page) -> None:
    page.goto("/")
    switch_to_legacy(page)
    page.locator("button.stripe-button-el").click()
    fill_in_stripes_dialog(page, VISA)
    page.wait_for_url("**/payments/**")


def pay_modern(page: Page) -> None:
    page.goto("/")
    page.click("button[name=flow][value=modern]")
    page.locator("form[data-pay] .pay-button").click()
    page.wait_for_url("**/c/pay/**")
    fill_in_stripes_page(page, VISA)
    page.wait_for_url("**/payments/**")


def messages(page: Page, kind: str) -> int:
    return page.locator(f"li.wire-{kind}").count()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_two_payments_made_here_are_compared_from_the_receipt_in_one_click(visit: Visit, language: str) -> None:
    page = visit(language)
    pay_legacy(page)
    pay_modern(page)

    page.get_by_role("link", name=BOTH[language]).click()

    expect(page.locator("svg.wire-diagram")).to_have_count(2)
    expect(page.locator("section.flow-modern li.wire-known")).to_have_count(1)
    expect(page.locator("section.flow-legacy li.wire-known")).to_contain_text(KNEW[language])
    table = page.get_by_role("region", name=SENT[language], exact=True)
    expect(table).to_contain_text("line_items[0][price_data][unit_amount]")
    expect(table).to_contain_text("receipt_email")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_message_opens_and_shows_what_was_sent_and_answered(visit: Visit, scripts: bool) -> None:
    page = visit("en", scripts=scripts, phone=True)
    page.locator(".pay-button").click()
    page.wait_for_url("**/c/pay/**")
    page.goto(f"/compare/wire/{Payment.objects.get().pk}/")

    call = page.locator("li.wire-call", has_text="POST /v1/checkout/sessions")
    expect(call.locator("pre").first).not_to_be_visible()
    call.locator("summary").click()

    expect(call.locator("pre").first).to_contain_text('"mode": "payment"')
    expect(call.locator("pre").last).to_contain_text('"payment_status": "unpaid"')
    expect(call).to_contain_text("Idempotency-Key")


def test_an_arrow_leads_to_its_message_and_opens_it(visit: Visit) -> None:
    page = visit("en")
    pay_legacy(page)
    page.get_by_role("link", name=STORY["en"]).click()

    page.locator("svg.wire-diagram a", has_text="POST /v1/charges").click()

    opened = page.locator("li.wire-call details[open]")
    expect(opened).to_contain_text("POST /v1/charges")
    expect(opened.locator("pre").first).to_be_visible()


def test_the_story_grows_while_one_looks_and_what_was_opened_stays_open(visit: Visit) -> None:
    page = visit("en")
    page.locator(".pay-button").click()
    page.wait_for_url("**/c/pay/**")
    hosted = page.url
    story = page.context.new_page()
    story.goto(f"/compare/wire/{Payment.objects.get().pk}/")
    story.locator("li.wire-call summary").first.click()
    assert (messages(story, "webhook"), messages(story, "known")) == (0, 0)

    page.goto(hosted)
    fill_in_stripes_page(page, VISA)
    page.wait_for_url("**/payments/**")

    expect(story.locator("li.wire-known")).to_have_count(1)
    expect(story.locator("li.wire-webhook", has_text="checkout.session.completed")).to_be_visible(timeout=15_000)
    expect(story.locator("li.wire-call details").first).to_have_attribute("open", "")


def test_the_export_is_downloaded_as_json_and_as_mermaid(visit: Visit) -> None:
    page = visit("en")
    pay_legacy(page)
    page.get_by_role("link", name=STORY["en"]).click()

    for name, ending in (("JSON", ".json"), ("Mermaid", ".mmd")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename.endswith(ending)
