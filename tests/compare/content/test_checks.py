"""Entries that do not fit each other, or the code, are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compare.stage.spoiled import mistakes, replace

MISTAKES = {
    "an id twice": (
        "glossary.toml",
        'id = "charge"',
        'id = "token"',
        "glossary.toml, token: 2 entries have this id: give each its own.",
    ),
    "an era under another id": (
        "overview.toml",
        'id = "tokens"\nera = "tokens"',
        'id = "tokens"\nera = "url"',
        "overview.toml, tokens: era is url, and this entry is an era: write tokens.",
    ),
    "an unknown pattern of old code": (
        "capabilities.toml",
        'patterns = ["csp-stripe"]',
        'patterns = ["csp"]',
        "capabilities.toml, csp: pattern is csp, which does not exist: write one of amount-x100, ",
    ),
    "an unknown source": (
        "capabilities.toml",
        'tokens.sources = ["charges-migration", ',
        'tokens.sources = ["charge-migration", ',
        "capabilities.toml, three-d-secure: the source charge-migration is not in sources.toml: add it there.",
    ),
    "an entry that nothing shows": (
        "overview.toml",
        'sources = ["launch-2013"]\n',
        "",
        "overview.toml, tokens-2013-02: it has no source and no test: add one.",
    ),
    "a claim that nothing shows": (
        "overview.toml",
        'legacy.sources = ["legacy-checkout"]\n',
        "",
        "overview.toml, card: the claim “",
    ),
    "an unknown phase": (
        "flows.toml",
        'phase = "afterwards"',
        'phase = "later"',
        "flows.toml, legacy-webhook: phase is later, which does not exist: write one of afterwards, card, known, "
        "money, page, pay, receipt, token.",
    ),
    "an unknown closing": (
        "flows.toml",
        'closing = "form"',
        'closing = "end"',
        "flows.toml, pay: closing is end, which does not exist: write one of card, form, money.",
    ),
    "an unknown group": (
        "parameters.toml",
        'group = "checkout-js"',
        'group = "options"',
        "parameters.toml, checkout-js-key: group is options, which does not exist: write one of charge-create, "
        "checkout-js, form-fields.",
    ),
    "a link to an unknown word": (
        "overview.toml",
        "[[token|token]]",
        "[[tokens|token]]",
        "overview.toml, view: the linked word tokens is not in glossary.toml: add it there.",
    ),
    "a line that is not there": (
        "flows.toml",
        'line = "charge = stripe.Charge.create("',
        'line = "charge = stripe.Charge.create"',
        "flows.toml, legacy-charge: 'charge = stripe.Charge.create' occurs 0 times in _charge "
        "of bbs/payments/legacy.py: quote a line that occurs once.",
    ),
    "a line that is there twice": (
        "flows.toml",
        'line = "return redirect(payment)"',
        'line = "if is_own:"',
        "flows.toml, modern-receipt: 'if is_own:' occurs 2 times in success "
        "of bbs/views.py: quote a line that occurs once.",
    ),
    "a line of another function": (
        "flows.toml",
        'function = "captured"',
        'function = "refund"',
        "flows.toml, legacy-paid: 'if not charge.paid:' occurs 0 times in refund "
        "of bbs/payments/legacy.py: quote a line that occurs once.",
    ),
    "an arrow with half a line": (
        "flows.toml",
        'line = "if not charge.paid:"\n',
        "",
        "flows.toml, legacy-paid: path and line belong together: write both.",
    ),
    "a note without a line": (
        "notes.toml",
        'path = "bbs/payments/__init__.py"\n'
        'line = "FLOWS: dict[str, PaymentFlow] = {Flow.LEGACY: legacy, Flow.MODERN: modern}"\n',
        "",
        "notes.toml, both-flows: path and line belong together: write both.",
    ),
    "a file that no page shows": (
        "notes.toml",
        'path = "bbs/payments/__init__.py"',
        'path = "bbs/money.py"',
        "notes.toml, both-flows: bbs/money.py is shown on no page: add it to files.toml.",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_with_its_place_and_what_to_do(folder: Path, name: str) -> None:
    file, old, new, message = MISTAKES[name]
    replace(folder, file, old, new)

    found = mistakes(folder)

    assert [line for line in found if line.startswith(message)], found


def test_an_entry_with_a_mistake_is_still_one_that_others_may_name(folder: Path) -> None:
    replace(folder, "sources.toml", 'url = "https://stripe.com/docs/legacy-checkout"', "url = 1")

    assert mistakes(folder) == ["sources.toml, legacy-checkout: url is 1: write an address that begins with https://."]
