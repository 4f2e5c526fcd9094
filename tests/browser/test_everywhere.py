"""What every page of the site and of the sandbox owes to everybody who opens it."""

from __future__ import annotations

import pytest

from bbs.payments import FLOW_COOKIE
from tests.browser.everywhere import routes, walk
from tests.browser.stage import Visit, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]

# Each pair of language, width and theme: what is found depends on no more of them at once.
LOOKS = [
    {"language": "ja", "phone": True, "dark": True},
    {"language": "en", "phone": False, "dark": True},
    {"language": "ja", "phone": False, "dark": False},
    {"language": "en", "phone": True, "dark": False},
]
# Addresses that show no page of their own.
NO_PAGE = {
    "bbs": "checkout checkout_session config create_checkout_session healthz success switch_flow webhook",
    "compare": "migrate_checklist rehearsal_text wire_json wire_latest wire_mermaid",
    "stripe_sandbox": "api check checkout_js control dialog payment_act resend webhook webhook_url",
}


def turns(count: int) -> pytest.MarkDecorator:
    """Run a test once, and `count` times by `--all`: each page then comes in every look."""
    more = [pytest.param(turn, marks=pytest.mark.looks) for turn in range(1, count)]
    return pytest.mark.parametrize("turn", [0, *more])


# Faults of the markup of Django's own admin, which its style cannot fix.
DJANGOS = ("label:", "label-title-only:", "page-has-heading-one:")


def is_djangos(name: str, violation: str) -> bool:
    return name.startswith("admin:") and name != "admin:refund" and violation.startswith(DJANGOS)


@turns(len(LOOKS))
def test_every_page_is_accessible_and_fits(visit: Visit, shop: str, turn: int) -> None:
    places = walk(shop)
    pages = [visit(**look) for look in LOOKS]
    for number, page in enumerate(pages):
        flow = {"name": FLOW_COOKIE, "value": ["legacy", "modern"][number % 2], "url": shop}
        page.context.add_cookies([flow])
    found, wide = [], []

    for name, page in places.seen_on(pages, turn):
        found += [f"{name} {each}" for each in violations(page) if not is_djangos(name, each)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(name)
    page.goto("/")
    page.locator("form[data-draft] button").click()
    found += violations(page)

    assert found == []
    assert wide == []
    seen = {name.partition("/")[0] for name in places.addresses}
    assert {app: " ".join(sorted(routes(app) - seen)).replace(f"{app}:", "") for app in NO_PAGE} == NO_PAGE


# Takes down how each control looks with the focus and without. Of many controls of one kind the first two stay in the
# order of the Tab key; the others get the focus by script, which shows as the keyboard's does once that was used.
WATCH = """() => {
  const look = (element) => {
    const box = element.matches(".btn-check") ? element.labels[0] : element;
    const style = getComputedStyle(box);
    return { box, ring: style.outlineStyle === "none" ? "" : `${style.outlineWidth} ${style.outlineColor}` };
  };
  const kinds = {};
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((each) => each.tabIndex >= 0 && !each.disabled && each.type !== "hidden" && each.checkVisibility());
  const tabbed = all.filter((each) => {
    const parent = each.parentElement;
    const kind = [each.tagName, each.type, each.className, parent.className, parent.tagName].join();
    return (kinds[kind] = (kinds[kind] ?? 0) + 1) <= 2;
  });
  const active = document.activeElement;
  active.blur();
  const before = new Map(all.map((each) => [each, look(each).ring]));
  const seen = new Map();
  document.addEventListener("focusin", ({ target }) => seen.set(target, look(target)));
  const later = all.filter((each) => !tabbed.includes(each));
  later.forEach((each) => { each.dataset.order = each.getAttribute("tabindex") ?? ""; each.tabIndex = -1; });
  active.focus();
  window.watched = { all, before, later, seen };
  return tabbed.length;
}"""
# A ring is 2 pixels or more, is not there without the focus, and has a contrast of 3 with what is behind it.
FAINT = """() => {
  const { all, before, later, seen } = window.watched;
  later.forEach((each) => each.focus());
  const light = (color) => {
    const linear = (part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = color.match(/[0-9.]+/g).map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let each = element.parentElement; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      if (!/, 0\\)$/.test(color)) return color;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)";
  };
  const isRing = (each) => {
    const { box, ring } = seen.get(each);
    const [width, ...color] = ring.split(" ");
    if (parseFloat(width) < 2 || ring === before.get(each)) return false;
    const [low, high] = [light(color.join(" ")), light(ground(box))].sort((a, b) => a - b);
    return ring !== "" && (high + 0.05) / (low + 0.05) >= 3;
  };
  // The Tab key comes to one radio of a group.
  const isReachedIn = (each) => all.some((one) => one.name === each.name && seen.has(one));
  const missed = all.filter((each) => !seen.has(each) && !(each.type === "radio" && isReachedIn(each)));
  const name = (each) => `${each.outerHTML.slice(0, 120)} ${JSON.stringify(seen.get(each)?.ring)}`;
  return [missed.map(name), all.filter((each) => seen.has(each) && !isRing(each)).map(name)];
}"""


@turns(2)
def test_the_keyboard_comes_to_every_control_and_shows_it(visit: Visit, shop: str, turn: int) -> None:
    places = walk(shop)
    pages = [visit("en", dark=dark) for dark in (False, True)]
    unreached, faint = [], []

    for name, page in places.seen_on(pages, turn):
        for _ in range(page.evaluate(WATCH)):
            page.keyboard.press("Tab")
        missed, pale = page.evaluate(FAINT)
        unreached += [f"{name} {each}" for each in missed]
        faint += [f"{name} {each}" for each in pale]
    page.goto("/")
    page.locator("button.stripe-button-el").click()
    page.frame_locator("iframe.stripe_checkout_app").locator("#email").wait_for()
    dialog = next(frame for frame in page.frames if "checkout-dialog" in frame.url)
    for _ in range(dialog.evaluate(WATCH)):
        page.keyboard.press("Tab")
    missed, pale = dialog.evaluate(FAINT)

    assert violations(dialog) == []
    assert (missed, pale) == ([], [])
    assert unreached == []
    assert faint == []


# Text in a box so narrow that its lines are of one or two characters, and lines that begin with a mark which belongs to
# the line before. Only text in several lines is looked at character by character.
TORN = """() => {
  const column = [], starts = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const top = (node, at) => {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect().top;
  };
  const isHidden = (each) => !each.checkVisibility() || each.closest(".visually-hidden")
    || (each.closest("thead") && getComputedStyle(each.closest("thead")).clipPath !== "none");
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.data;
    if (!/[\\u3040-\\u30ff\\u4e00-\\u9fff]/.test(text) || isHidden(node.parentElement)) continue;
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((each) => each.width);
    const letters = text.trim().length, lines = new Set(rects.map((each) => Math.round(each.top))).size;
    if (lines < 2) continue;
    if (letters === lines || (lines > 2 && letters / lines < 3)) column.push(text.trim());
    for (const { index } of text.matchAll(/[ーぁぃぅぇぉっゃゅょァィゥェォッャュョ、。）」]/g))
      if (index && top(node, index) > top(node, index - 1) + 8) starts.push(text.slice(index - 6, index + 4));
  }
  return [column, starts];
}"""
# What is cut off sideways and does not show, by a shadow at its edge, that it can be scrolled.
CUT = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const style = getComputedStyle(each);
  return ["auto", "scroll"].includes(style.overflowX) && each.scrollWidth > each.clientWidth + 1
    && !style.backgroundAttachment.includes("local");
}).map((each) => each.outerHTML.slice(0, 120))"""

# Times without a time zone; those that say how long ago it was have it in their title.
UNZONED = """() => [...document.querySelectorAll("time")].map((each) => each.title || each.textContent)
  .filter((text) => !/[0-9.] [A-Z]{3,4}$/.test(text))"""


def test_a_phone_shows_whole_lines_times_with_their_zone_and_what_goes_on_sideways(visit: Visit, shop: str) -> None:
    places = walk(shop)
    page = visit("ja", phone=True)
    columns, starts, cut, unzoned = [], [], [], []

    for name, _page in places.seen_on([page]):
        narrow, torn = page.evaluate(TORN)
        columns += [f"{name} {each}" for each in narrow]
        starts += [f"{name} {each}" for each in torn]
        cut += [f"{name} {each}" for each in page.evaluate(CUT)]
        unzoned += [f"{name} {each}" for each in page.evaluate(UNZONED)]

    assert columns == []
    assert starts == []
    assert cut == []
    assert unzoned == []
