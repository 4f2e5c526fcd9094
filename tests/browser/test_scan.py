"""Scanning in a real browser: by keyboard alone, without scripts, on a phone, and axe on what is found."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from stripe_scan import apart
from tests.browser.stage import Visit, violations
from tests.stage.uploads import CHARGE, packed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(autouse=True)
def _busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for what takes little of the processor's time, however many other tests take it meanwhile."""
    monkeypatch.setattr(apart, "START", 60)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_pasted_by_keyboard_and_its_findings_lead_to_the_catalogue(visit: Visit, scripts: bool) -> None:
    page = visit("en", scripts=scripts, phone=True)
    page.goto("/compare/scan/")

    page.get_by_label("File name").focus()
    page.keyboard.type("shop/views.py")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(CHARGE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Scan the text")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Findings")).to_be_visible()
    expect(page.get_by_text("views.py:2").first).to_be_visible()
    assert page.evaluate(WIDTH) <= page.viewport_size["width"]
    page.get_by_role("link", name="Charge.create", exact=True).click()
    expect(page).to_have_url("/compare/old-code/charge-create/")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_zip_is_uploaded_and_axe_finds_nothing_in_its_findings(visit: Visit, language: str) -> None:
    page = visit(language, phone=True)
    page.goto("/compare/scan/")
    data = packed({f"{'deep/' * 30}views{number}.py": CHARGE for number in range(20)} | {"../x.py": CHARGE})

    page.set_input_files("#scan-zip", {"name": "shop.zip", "mimeType": "application/zip", "buffer": data})
    page.locator("button[name=upload]").click()

    expect(page.locator("#findings")).to_be_visible()
    assert page.evaluate(WIDTH) <= page.viewport_size["width"]
    assert violations(page) == []


def test_a_refusal_is_read_out(visit: Visit) -> None:
    page = visit("en")
    page.goto("/compare/scan/")

    page.set_input_files("#scan-zip", {"name": "shop.zip", "mimeType": "application/zip", "buffer": b"no zip"})
    page.locator("button[name=upload]").click()

    expect(page.get_by_role("alert")).to_contain_text("This is not a zip file that can be read")
    assert violations(page) == []
