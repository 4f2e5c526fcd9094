"""Writing on the board, and what every page owes to everybody who opens it."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import Page, expect

from bbs.models import Topic
from tests.browser.stage import Visit, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]

POST = {"ja": "投稿する", "en": "Post"}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_comment_is_posted_and_shown_first(visit: Visit, language: str, scripts: bool) -> None:
    page = visit(language, scripts=scripts)

    page.fill("[name=comment]", "一行目\n二行目 <b>&")
    page.get_by_role("button", name=POST[language]).click()

    expect(page.locator(".topic-comment").first).to_have_text("一行目\n二行目 <b>&", use_inner_text=True)


def test_a_text_that_is_being_written_survives_choosing_a_product(visit: Visit) -> None:
    page = visit("en")
    page.fill("[name=comment]", "half a sent")

    page.get_by_label("Sunglass 101").check()
    expect(page.get_by_role("button", name="Pay $20.00")).to_be_visible()

    expect(page.locator("[name=comment]")).to_have_value("half a sent")
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".topic-comment").first).to_have_text("half a sent")
    expect(page.locator("[name=comment]")).to_have_value("")


def test_the_language_can_be_switched_in_the_header(visit: Visit) -> None:
    page = visit("en")

    page.get_by_role("button", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_board_can_be_used_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("en")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.locator("[name=comment]").focus()
    page.keyboard.type("typed")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Post")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(".topic-comment").first).to_have_text("typed")


def test_a_click_reaches_the_button_that_it_was_meant_for_while_the_keyboard_is_elsewhere(visit: Visit) -> None:
    page = visit("ja")
    pay = page.locator(".pay-button")
    before = pay.bounding_box()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()

    assert pay.bounding_box() == before
    pay.click()

    page.wait_for_url("**/c/pay/**")


def test_the_keyboard_stays_on_the_switch_that_it_pressed(visit: Visit) -> None:
    page = visit("en")

    page.locator("button[name=flow][value=modern]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-flow", "legacy")
    expect(page.locator("button[name=flow][value=legacy]")).to_be_focused()

    page.get_by_role("button", name="日本語").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.get_by_role("button", name="日本語")).to_be_focused()


WRITTEN_AT = datetime.datetime(2026, 7, 26, 13, 16, tzinfo=datetime.UTC)
ABSOLUTE = {"ja": "2026年7月26日 22:16 JST", "en": "July 26, 2026 10:16 p.m. JST"}


def write_one_post() -> None:
    Topic.objects.all().delete()
    Topic.objects.create(comment="hello")
    Topic.objects.update(created_at=WRITTEN_AT)


AGES = [-5, 59, 90, 3599, 5400, 170_000]
RELATIVE = {
    "ja": ["今", "今", "1 分前", "59 分前", "1 時間前", "1 日前"],
    "en": ["now", "now", "1 minute ago", "59 minutes ago", "1 hour ago", "1 day ago"],
}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_post_says_how_long_ago_it_was_while_the_page_stays_open(visit: Visit, language: str) -> None:
    page = visit(language)
    write_one_post()
    page.clock.install(time=WRITTEN_AT - datetime.timedelta(minutes=1))
    page.clock.pause_at(WRITTEN_AT - datetime.timedelta(seconds=15))
    page.goto("/")
    time = page.locator(".topic time")

    for age, ago in zip(AGES, RELATIVE[language], strict=True):
        page.clock.pause_at(WRITTEN_AT + datetime.timedelta(seconds=age))

        expect(time).to_have_text(ago)
        expect(time).to_have_attribute("title", ABSOLUTE[language])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_without_scripts_a_post_says_when_it_was_in_as_much_space(visit: Visit, language: str) -> None:
    page, with_scripts = visit(language, scripts=False, phone=True), visit(language, phone=True)
    write_one_post()
    page.goto("/")
    with_scripts.goto("/")

    expect(page.locator(".topic time")).to_have_text(ABSOLUTE[language])
    expect(with_scripts.locator(".topic time")).not_to_have_text(ABSOLUTE[language])
    height, with_scripts_height = (each.locator(".topic").bounding_box()["height"] for each in (page, with_scripts))
    assert height == with_scripts_height


def test_what_the_visitor_selected_stays_selected(visit: Visit) -> None:
    page = visit("en")
    write_one_post()
    page.clock.install(time=WRITTEN_AT)
    page.clock.pause_at(WRITTEN_AT + datetime.timedelta(seconds=70))
    page.goto("/")

    page.locator(".topic time").evaluate("element => getSelection().selectAllChildren(element)")
    page.clock.run_for(30_000)

    assert page.evaluate("getSelection().toString()") == "1 minute ago"


SPREADING = [
    "a" + "\u0301" * 1500,
    "a" + "\u0323" * 1500,
    "a\u0301\u0323\u20dd\u0489" * 150,
    "\u202eabc",
    "abc \u2067\u2066\u2068\u202d",
    "\u202c\u2069\u2069 abc",
]
TALL = ["a" + "\n" * 1998 + "b", "a\n" * 1000, "あ" * 2000]
WRITING = ["น้ำ ที่ ปู่", "Tie\u0302\u0301ng Vie\u0323\u0302t ế ậ", "नमस्ते दुनिया", "مَرْحَبًا بِكُمْ", "Åg"]


def show_between(page: Page, comment: str) -> list[bytes]:
    """Put a comment between two others; return how those look, and the header."""
    Topic.objects.all().delete()
    long_ago = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    for text in ("below gjpq", comment, "above ÅÉ"):
        Topic.objects.filter(pk=Topic.objects.create(comment=text).pk).update(created_at=long_ago)
    page.goto("/")
    topics = page.locator(".topic")
    expect(topics).to_have_count(3)
    return [each.screenshot() for each in (topics.nth(0), topics.nth(2), page.locator("header"))]


def test_a_comment_covers_and_turns_nothing_but_itself(visit: Visit) -> None:
    page = visit("en")
    usual = show_between(page, "abc")

    assert [comment for comment in SPREADING if show_between(page, comment) != usual] == []


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_a_comment_is_no_taller_than_the_board_allows_and_the_keyboard_reaches_its_end(
    visit: Visit, phone: bool
) -> None:
    page = visit("en", phone=phone)

    for comment in TALL:
        show_between(page, comment)
        above, tall, below = (page.locator(".topic").nth(number).bounding_box() for number in range(3))
        assert tall["height"] < 460
        assert above["y"] + above["height"] <= tall["y"] + 1
        assert tall["y"] + tall["height"] <= below["y"] + 1
        text = page.locator(".topic-comment").nth(1)
        text.focus()
        page.keyboard.press("End")
        expect(text).not_to_have_js_property("scrollTop", 0)
        assert violations(page) == []


def test_the_marks_of_real_writing_are_not_cut_off(visit: Visit) -> None:
    page, cut = visit("en"), []

    for text in WRITING:
        show_between(page, text)
        comment = page.locator(".topic-comment").nth(1)
        clipped = comment.screenshot()
        comment.evaluate("element => { element.style.overflow = 'visible'; }")
        cut += [text] if comment.screenshot() != clipped else []

    assert cut == []


def test_each_line_of_a_comment_has_its_own_direction(visit: Visit) -> None:
    page = visit("en")
    show_between(page, "latin\nשלום\nlatin")

    sides = (
        page.locator(".topic-comment")
        .nth(1)
        .evaluate(
            """element => {
          const box = element.getBoundingClientRect(), range = document.createRange();
          range.selectNodeContents(element);
          return [...range.getClientRects()].filter(line => line.width > 1).map(line => line.left - box.left < 2);
        }"""
        )
    )

    assert sides == [True, False, True]
