"""Reading the comparison pages in a real browser: both languages, both themes, a phone, and without scripts."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from compare.content.lines import source
from compare.pages.navigation import PAGES
from tests.browser.stage import CLASSROOM, Visit, filled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]

ADDRESSES = [*(page.url for page in PAGES), "/compare/code/templates/", "/compare/code/tests/", "/compare/code/ledger/"]


WORDS = {
    "en": ("See both flows side by side", "Overview", "Pay the legacy way", "Compare"),
    "ja": ("2つのフローを並べて見る", "全体像", "legacy で支払ってみる", "比較"),
}


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_board_leads_to_the_comparison_and_the_comparison_back_to_paying(
    visit: Visit, language: str, scripts: bool
) -> None:
    page, (side_by_side, overview, pay, compare) = visit(language, scripts=scripts), WORDS[language]

    expect(page.get_by_role("navigation").get_by_role("link", name=compare)).to_have_attribute("href", "/compare/")
    page.get_by_role("link", name=side_by_side).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(overview)
    page.get_by_role("button", name=pay).click()

    expect(page.locator("body")).to_have_attribute("data-flow", "legacy")
    expect(page.locator("#shop")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_one_side_is_shown_and_can_be_switched(visit: Visit, scripts: bool) -> None:
    page = visit("en", scripts=scripts, phone=True)
    page.goto("/compare/code/")

    expect(page.locator("#modern-checkout")).to_be_visible()
    expect(page.locator("#legacy-checkout")).to_be_hidden()
    page.locator("label[for=side-legacy]").click()

    expect(page.locator("#legacy-checkout")).to_be_visible()
    expect(page.locator("#modern-checkout")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_arrow_leads_to_its_line_of_code_on_whichever_side_that_is(visit: Visit, scripts: bool) -> None:
    page = visit("en", scripts=scripts, phone=True)
    page.goto("/compare/")

    page.get_by_text("The same steps as a list").click()
    page.get_by_role("link", name="charge it").click()

    line = page.locator(".l:target")
    expect(line).to_contain_text("stripe.Charge.create(")
    expect(line).to_be_in_viewport()


def test_a_function_is_copied_as_it_is_written(visit: Visit) -> None:
    page = visit("en")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/compare/code/")

    page.locator("#modern-button .copy").click()

    expect(page.locator("#modern-button .copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("def button(order: Order)")
    assert copied.endswith("return {}\n")


# The lower edge of the first place at which the smallest migration has a text.
BOTTOM_OF = """words => {
  const texts = document.createTreeWalker(document.querySelector(".smallest"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (range.toString().includes(words) && range.getClientRects().length) return range.getBoundingClientRect().bottom;
  }
}"""


def test_the_smallest_migration_is_on_the_first_screen_and_is_copied_whole(visit: Visit) -> None:
    page, phone = visit("en"), visit("ja", phone=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/compare/")
    phone.goto("/compare/")

    for words in ("stripe.Charge.create(", "redirect(session.url)", "webhook"):
        assert page.evaluate(BOTTOM_OF, words) <= 800
    assert phone.evaluate(BOTTOM_OF, "Webhook") <= 844
    page.click("[data-copy=smallest-modern]")
    expect(page.locator("[data-copy=smallest-modern]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == source("compare/smallest/modern.py")


def test_copying_works_in_a_classroom_too(visit: Visit, settings) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, CLASSROOM]
    page = visit("en")
    pages = {"/compare/code/": "#modern-button .copy", "/sandbox/cards/": "[data-sandbox-copy] + button"}
    copied = []

    for address, button in pages.items():
        page.goto(f"http://{CLASSROOM}:{urlsplit(page.url).port}{address}")
        assert page.evaluate("[isSecureContext, typeof navigator.clipboard]") == [False, "undefined"]
        page.evaluate("document.addEventListener('copy', () => { window.copied = `${getSelection()}`; })")
        page.locator(button).first.click()
        expect(page.locator(button).first).to_have_text("Copied")
        expect(page.locator(button).first).to_be_focused()
        copied.append(page.evaluate("window.copied"))

    assert copied[0].startswith("def button(order: Order)")
    assert copied[0].endswith("return {}\n")
    assert copied[1] == "4242424242424242"


def test_without_scripts_there_is_no_button_that_does_nothing(visit: Visit) -> None:
    page = visit("en", scripts=False)
    page.goto("/compare/code/")

    expect(page.locator(".copy:visible")).to_have_count(0)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_both_drawings_of_the_overview_fit_one_screen(visit: Visit, language: str) -> None:
    page = visit(language)
    page.goto("/compare/")

    title, *drawings = page.locator("#steps, svg.sequence").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().toJSON())"
    )

    assert [drawing["top"] for drawing in drawings] == [drawings[0]["top"]] * 2
    assert drawings[0]["bottom"] - title["top"] <= page.viewport_size["height"]


GROUNDS = """all => all.map((each) => getComputedStyle(each).backgroundColor.match(/[0-9]+/g).map(Number))"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_code_is_as_wide_as_any_page_and_each_side_has_its_flows_colour(visit: Visit, dark: bool) -> None:
    page = visit("en", dark=dark)
    page.goto("/compare/code/")

    column, twins = (page.locator(each).bounding_box() for each in (".compare", "#twins"))
    legacy, modern = (page.locator(f".side-{flow} .l.x").evaluate_all(GROUNDS) for flow in ("legacy", "modern"))

    assert (twins["x"], twins["width"]) == (column["x"], column["width"])
    assert {red > blue for red, _, blue in legacy} == {True}
    assert {blue > red for red, _, blue in modern} == {True}


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_what_the_drawings_say_is_large_enough_to_read_and_all_of_it_is_visible(visit: Visit, phone: bool) -> None:
    page = visit("en", phone=phone)
    page.goto("/compare/")

    heights = page.locator("svg.sequence :is(a, g) > text").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect().height)"
    )

    assert len(heights) >= 20
    assert min(heights) >= 12
    boxes = page.locator("svg.sequence text").evaluate_all("all => all.map((e) => e.getBoundingClientRect().toJSON())")
    assert min(box["left"] for box in boxes) >= 0
    assert max(box["right"] for box in boxes) <= page.viewport_size["width"]


@pytest.mark.parametrize("scripts", [True, False])
def test_an_arrow_leads_to_its_recorded_request_in_the_visitors_own_payment(visit: Visit, scripts: bool) -> None:
    page = visit("en", scripts=scripts)
    page.locator("form[data-pay] .pay-button").click()
    page.wait_for_url("**/c/pay/**")
    page.goto("/compare/")

    page.get_by_text("The same steps as a list").click()
    page.locator("li", has_text="create a session").get_by_role("link", name="record 2").click()

    expect(page.locator("li.wire-call:target")).to_contain_text("POST /v1/checkout/sessions")


@pytest.mark.parametrize("width", [1200, 794], ids=["wide", "A4"])
def test_on_paper_nothing_is_cut_off_and_no_menu_is_printed(visit: Visit, width: int) -> None:
    page = visit("ja")
    page.set_viewport_size({"width": width, "height": 1120})
    page.emulate_media(media="print")

    for address in ADDRESSES:
        page.goto(address)
        cut = page.locator(".evidence, pre, .l code").evaluate_all(
            "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"
        )
        assert cut == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        assert page.locator("header, body > aside, nav.course, .do-it, .copy").locator("visible=true").count() == 0


def test_on_paper_no_page_is_nearly_empty(visit: Visit) -> None:
    page, nearly_empty = visit("en"), {}

    for address in ADDRESSES:
        page.goto(address)
        *full, last = filled(page)
        if last < 0.1 or any(share < 0.75 for share in full):
            nearly_empty[address] = [*full, last]

    assert nearly_empty == {}


@pytest.mark.parametrize("scripts", [True, False])
def test_the_rows_are_filtered_as_one_types_and_by_the_button_without_scripts(visit: Visit, scripts: bool) -> None:
    page = visit("en", scripts=scripts)

    def find(word: str) -> None:
        page.fill("#filter-q", word)
        if not scripts:
            page.get_by_role("button", name="Show").click()

    page.goto("/compare/parameters/?q=receipt")
    rows, headings = page.locator("tr[data-row]"), page.locator(".filtered h2")
    none = page.get_by_text("No row matches.")
    expect(rows.filter(visible=True)).to_have_count(2)
    expect(headings.filter(visible=True)).to_have_text(["Parameters of Charge.create"])

    find("住所")
    expect(page.locator("#checkout-js-zipCode")).to_be_visible()
    expect(page.locator("#charge-create-amount")).to_be_hidden()

    find("no such row")
    expect(headings.filter(visible=True)).to_have_count(0)
    expect(none).to_be_visible()
    expect(page.locator("[data-count-of]")).to_have_text("0 / 45")

    find("")
    expect(rows.filter(visible=True)).to_have_count(45)
    expect(none).to_be_hidden()
