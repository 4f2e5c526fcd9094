"""A rehearsal is started with the keyboard, and the page follows it to its report."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from compare.rehearsal import rehearsing
from compare.rehearsal.rehearsing import Progress
from compare.rehearsal.report import Report
from tests.browser.stage import Visit, violations
from tests.compare.stage.reports import report

pytestmark = pytest.mark.browser
PAGE = "/compare/migrate/rehearsal/"
WORDS = {
    "en": {"begin": "Start the rehearsal", "half": "30 of 60 visitors", "good": "The books are at zero"},
    "ja": {"begin": "予行演習を始める", "half": "60 人中 30 人", "good": "帳簿の差額は 0 で"},
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_follows_a_rehearsal_that_the_keyboard_started(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    half_seen = threading.Event()
    chosen: list[int] = []

    def rehearse(visitors: int) -> Iterator[Progress | Report]:
        chosen.append(visitors)
        yield Progress(30, visitors, 50)
        half_seen.wait(30)
        yield report()

    monkeypatch.setattr(rehearsing, "rehearse", rehearse)
    words, page = WORDS[language], visit(language=language, phone=True)
    page.goto(PAGE)
    page.locator("#visitors").focus()
    page.keyboard.press("ArrowUp")  # from 200 to 60
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=words["begin"])).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text(words["half"])).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "30")
    assert violations(page) == []
    half_seen.set()
    expect(page.get_by_text(words["good"])).to_be_visible()
    expect(page.get_by_role("status").last).not_to_be_empty()
    assert violations(page) == []
    assert chosen == [60]
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
