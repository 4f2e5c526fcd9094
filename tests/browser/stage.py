"""What the stories in a browser share: how a visitor fills in Stripe's page and dialog, and what axe finds."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, expect

Visit = Callable[..., Page]
# A name of this machine that no browser takes for a secure origin.
CLASSROOM = "board.classroom.test"
# What moves the text on a page of a PDF: https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/pdfreference1.7old.pdf
PDF_OPERATION = re.compile(r"\b[qQ]\b|((?:[-.\d]+ ){6})(cm|Tm)\b")


def violations(page: Page | Frame) -> list[str]:
    """Return what axe finds, as rule and place."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def filled(page: Page) -> list[float]:
    """Return how far down each page is filled with text when this one is printed, as a share of its height."""
    pdf = page.pdf(format="A4")
    pages = re.findall(rb"/Type /Page\n.*?/MediaBox \[0 0 [\d.]+ ([\d.]+)\].*?/Contents (\d+) 0 R", pdf, re.DOTALL)
    return [1 - _lowest_text(_stream(pdf, int(number)), float(height)) / float(height) for height, number in pages]


def _stream(pdf: bytes, number: int) -> str:
    start = re.search(rb"\n%d 0 obj\n.*?stream\n" % number, pdf, re.DOTALL).end()
    is_empty = pdf.startswith(b"\nendstream", start)
    return "" if is_empty else zlib.decompressobj().decompress(pdf[start:]).decode("latin-1")


def _lowest_text(content: str, height: float) -> float:
    stack, scale, shift, lowest = [], 1.0, 0.0, height
    for operation in PDF_OPERATION.finditer(content):
        if operation[0] == "q":
            stack.append((scale, shift))
        elif operation[0] == "Q":
            scale, shift = stack.pop()
        else:
            factor, offset = map(float, operation[1].split()[3::2])
            if operation[2] == "cm":
                scale, shift = factor * scale, offset * scale + shift
            else:
                lowest = min(lowest, offset * scale + shift)
    return lowest


def fill_in_stripes_page(page: Page, number: str) -> None:
    page.fill("[name=email]", "hanako@example.com")
    page.fill("[name=cardNumber]", number)
    page.fill("[name=cardExpiry]", "12 / 40")
    page.fill("[name=cardCvc]", "123")
    page.fill("[name=billingName]", "HANAKO YAMADA")
    page.click("button[type=submit]")


def fill_in_stripes_dialog(page: Page, number: str) -> None:
    dialog = page.frame_locator("iframe.stripe_checkout_app")
    dialog.locator("#email").fill("hanako@example.com")
    dialog.locator("#card_number").fill(number)
    dialog.locator("#cc-exp").fill("12 / 40")
    dialog.locator("#cc-csc").fill("123")
    dialog.locator("button[type=submit]").click()


def switch_to_legacy(page: Page) -> None:
    page.click("button[name=flow][value=legacy]")
    expect(page.locator("button[name=flow][value=legacy]")).to_have_attribute("aria-pressed", "true")
