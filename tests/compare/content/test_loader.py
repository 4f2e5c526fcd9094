"""What is wrong with the content is refused, all of it at once, with the file, the entry and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from django.apps import apps
from msgspec.structs import fields

from compare.content import content, loader
from compare.content.errors import ContentError
from compare.content.schema import Content
from compare.content.text import Text
from tests.stage.spoiled import mistakes, replace


def test_the_content_is_right_and_is_read_once() -> None:
    assert loader.load(loader.FOLDER) == content()
    assert content() is content()
    assert {file.stem for file in loader.FOLDER.glob("*.toml")} == {field.name for field in fields(Content)}


def test_the_site_does_not_start_with_a_mistake_in_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace(folder, "glossary.toml", 'era = "tokens"', 'era = "token"')
    monkeypatch.setattr("compare.content.FOLDER", folder)
    content.cache_clear()
    try:
        with pytest.raises(ContentError, match=r"glossary\.toml, token: era is 'token'"):
            apps.get_app_config("compare").ready()
    finally:
        monkeypatch.undo()
        content.cache_clear()
    assert content() == loader.load(loader.FOLDER)


def test_what_was_read_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        content().glossary.terms[0].code = "x"
    assert hash(content().glossary.terms[0])


MISTAKES = {
    "an id twice": (
        "glossary.toml",
        'id = "charge"',
        'id = "token"',
        "glossary.toml, token: 2 entries have this id: give each its own.",
    ),
    "an id that is not kebab-case": (
        "glossary.toml",
        'id = "payment-intent"',
        'id = "PaymentIntent"',
        "glossary.toml, PaymentIntent: id is 'PaymentIntent': write lower-case letters and digits joined by hyphens.",
    ),
    "no id": (
        "glossary.toml",
        'id = "capture"',
        "",
        "glossary.toml, term 17: id is missing: write lower-case letters and digits joined by hyphens.",
    ),
    "an id that is no text": (
        "navigation.toml",
        'id = "overview"',
        "id = 1",
        "navigation.toml, page 1: id is 1: write lower-case letters and digits joined by hyphens.",
    ),
    "an unknown era": (
        "capabilities.toml",
        'era = "all"',
        'era = "both"',
        "capabilities.toml, three-d-secure: era is 'both': write one of tokens, redirect, url, all.",
    ),
    "an arrow of no flow": (
        "flows.toml",
        'era = "tokens"',
        'era = "redirect"',
        "flows.toml, legacy-script: era is 'redirect': write one of tokens, url.",
    ),
    "an old line of today": (
        "old_code.toml",
        'era = "redirect"',
        'era = "url"',
        "old_code.toml, payment-method-types: era is 'url': write one of tokens, redirect, all.",
    ),
    "an era under another id": (
        "overview.toml",
        'era = "tokens"',
        'era = "url"',
        "overview.toml, tokens: era is url, and this entry is an era: write tokens.",
    ),
    "a missing language": (
        "glossary.toml",
        re.compile(r"word\.ja = .*\n"),
        "",
        "glossary.toml, token: word.ja is missing: write a text of 1 to 1,000 characters.",
    ),
    "a blank text": (
        "capabilities.toml",
        re.compile(r"tokens\.text\.ja = .*"),
        'tokens.text.ja = "  "',
        "capabilities.toml, three-d-secure: tokens.text.ja is '  ': write a text of 1 to 1,000 characters.",
    ),
    "a text in no language": (
        "navigation.toml",
        re.compile(r"title\.en = .*\ntitle\.ja = .*"),
        'title = "Overview"',
        "navigation.toml, overview: title is 'Overview': write a table with en, ja.",
    ),
    "a huge text": (
        "overview.toml",
        re.compile(r"title\.en = .*"),
        f'title.en = "{"card " * 201}"',
        f"overview.toml, who-sees-the-card: title.en is '{'card ' * 11}card…: write a text of 1 to 1,000 characters.",
    ),
    "an unknown field": (
        "sources.toml",
        'url = "http://arches.io',
        'title = "Bold"\nurl = "http://arches.io',
        "sources.toml, launch-2013: title is unknown: write one of id, era, sources, tests, url.",
    ),
    "an unknown field of a claim": (
        "parameters.toml",
        "where.tests =",
        'where.who = "x"\nwhere.tests =',
        "parameters.toml, checkout-js-key: where.who is unknown: write one of text, sources, tests.",
    ),
    "an unknown language": (
        "labels.toml",
        "you.en =",
        'you.de = "Kundin"\nyou.en =',
        "labels.toml, actors: you.de is unknown: write one of en, ja.",
    ),
    "a label left out": (
        "labels.toml",
        re.compile(r"yes\.en = .*\nyes\.ja = .*\n"),
        "",
        "labels.toml, verdicts: yes is missing: write a table with en, ja.",
    ),
    "an unknown table": (
        "labels.toml",
        "\n[actors]",
        "\n[people]\n[actors]",
        "labels.toml: the table [people] is unknown: write one of actors, eras, fates, verdicts, speakers.",
    ),
    "a wrong type": (
        "flows.toml",
        "knows = true",
        'knows = "yes"',
        "flows.toml, legacy-paid: knows is 'yes': write true or false.",
    ),
    "a text for a list": (
        "parameters.toml",
        "shows = ['\"{CHECKOUT_SESSION_ID}\" in session.success_url']",
        'shows = "session"',
        "parameters.toml, checkout-js-token: shows is 'session': write a list in which each item is "
        "code of 1 to 2,000 characters.",
    ),
    "an unknown verdict": (
        "capabilities.toml",
        'tokens.verdict = "no"',
        'tokens.verdict = "never"',
        "capabilities.toml, three-d-secure: tokens.verdict is 'never': write one of yes, no, conditions, plain.",
    ),
    "an unknown step": (
        "old_code.toml",
        'step = "raise-sdk"',
        'step = "8"',
        "old_code.toml, payment-method-types: step is '8': write one of take-stock, raise-sdk, tests-without-mocks, "
        "rows-for-both-ids, webhooks-first, one-settlement, modern-switched-off, saved-cards, percentage, everybody, "
        "drain-and-remove, keep-refunding.",
    ),
    "an unknown way to change it": (
        "old_code.toml",
        'auto = "A"',
        'auto = "yes"',
        "old_code.toml, payment-method-types: auto is 'yes': write one of A, S, M.",
    ),
    "no date": (
        "old_code.toml",
        'until = "2026-09-30.endive"',
        'until = "endive"',
        "old_code.toml, payment-method-types: until is 'endive': write a date or an API version, as 2019-04 or "
        "2026-09-30.endive, or nothing where it is not certain.",
    ),
    "no version of the API": (
        "old_code.toml",
        'api = ["2026-10-28.endive"]',
        'api = ["endive"]',
        "old_code.toml, payment-method-types: api is ['endive']: write a list in which each item is "
        "an API version, as 2026-10-28.endive.",
    ),
    "no version of the SDK": (
        "old_code.toml",
        'sdk = ["16.1"]',
        "sdk = [16.1]",
        "old_code.toml, payment-method-types: sdk is [16.1]: write a list in which each item is "
        "a version of stripe-python, as 16.1.",
    ),
    "an unknown rule": (
        "old_code.toml",
        'rule = ["line-items-old"]',
        'rule = ["line-items"]',
        "old_code.toml, line-items-amount: rule is line-items, which does not exist: write one of amount-x100, ",
    ),
    "an unknown source": (
        "capabilities.toml",
        'tokens.sources = ["charges-migration"]',
        'tokens.sources = ["charge-migration"]',
        "capabilities.toml, three-d-secure: the source charge-migration is not in sources.toml: add it there.",
    ),
    "no address": (
        "sources.toml",
        'url = "http://arches.io/posts/bold-move-stripe/"',
        'url = "arches.io"',
        "sources.toml, launch-2013: url is 'arches.io': write an address that begins with https://.",
    ),
    "a test that is none": (
        "notes.toml",
        'tests = ["tests/',
        'tests = ["test/',
        "notes.toml, legacy-publishable-key: tests is ['test/",
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
        "overview.toml, tokens: the linked word tokens is not in glossary.toml: add it there.",
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
        'function = "taken"',
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
        'path = "bbs/payments/__init__.py"\nline = "FLOWS = {Flow.LEGACY: legacy, Flow.MODERN: modern}"\n',
        "",
        "notes.toml, both-flows: path and line belong together: write both.",
    ),
    "a file that no page shows": (
        "notes.toml",
        'path = "bbs/payments/__init__.py"',
        'path = "bbs/money.py"',
        "notes.toml, both-flows: bbs/money.py is shown on no page: add it to files.toml.",
    ),
    "a file that is not there": (
        "files.toml",
        'path = "bbs/payments/legacy.py"',
        'path = "bbs/payments/legacy"',
        "files.toml, legacy: path is 'bbs/payments/legacy': write the path of a file, from the project's root.",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_with_its_place_and_what_to_do(folder: Path, name: str) -> None:
    file, old, new, message = MISTAKES[name]
    replace(folder, file, old, new)

    found = mistakes(folder)

    assert [line for line in found if line.startswith(message)], found


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "glossary.toml: there is no entry [[term]]: add one."),
        (b"# no entry\n", "glossary.toml: there is no entry [[term]]: add one."),
        (b"term = 3", "glossary.toml: there is no entry [[term]]: add one."),
        (b"term = [3]", "glossary.toml, term 1: the entry is 3: write a table with id, era, word, meaning."),
        (b"[[term]]", "glossary.toml, term 1: word is missing: write a table with en, ja."),
        (b"[[term", "glossary.toml: the file is not TOML in UTF-8: "),
        (b"\xff", "glossary.toml: the file is not TOML in UTF-8: "),
        (None, "glossary.toml: the file is missing: add it."),
    ],
)
def test_a_file_without_entries_is_refused(folder: Path, body: bytes | None, message: str) -> None:
    path = folder / "glossary.toml"
    path.unlink() if body is None else path.write_bytes(body)

    assert [line for line in mistakes(folder) if line.startswith(message)]


def test_all_mistakes_of_all_files_are_reported_at_once(folder: Path) -> None:
    replace(folder, "glossary.toml", re.compile(r"word\.ja = .*"), 'colour = "red"')
    replace(folder, "glossary.toml", 'era = "tokens"', 'era = "token"')
    replace(folder, "capabilities.toml", '["charges-migration"]', '["charge-migration"]')
    (folder / "navigation.toml").unlink()
    (folder / "notes.toml").write_text("[[note", encoding="utf-8")

    found = mistakes(folder)

    assert sorted(line.partition(":")[0] for line in found) == [
        "capabilities.toml, three-d-secure",
        "glossary.toml, token",
        "glossary.toml, token",
        "glossary.toml, token",
        "navigation.toml",
        "notes.toml",
    ]


def test_an_entry_with_a_mistake_is_still_one_that_others_may_name(folder: Path) -> None:
    replace(folder, "sources.toml", 'url = "https://stripe.com/docs/legacy-checkout"', "url = 1")

    assert mistakes(folder) == ["sources.toml, legacy-checkout: url is 1: write an address that begins with https://."]


@pytest.mark.parametrize("file", sorted(loader.FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_a_file_that_is_missing_is_one_mistake(folder: Path, file: Path) -> None:
    (folder / file.name).unlink()

    assert mistakes(folder) == [f"{file.name}: the file is missing: add it."]


def test_content_of_any_length_is_read(folder: Path) -> None:
    more = "".join(
        f'\n[[term]]\nid = "word-{number}"\nera = "all"\nword.en = "word"\nword.ja = "語"\n'
        f'meaning.en = "A word."\nmeaning.ja = "語です。"\nsources = ["webhooks"]\n'
        for number in range(2_000)
    )
    with (folder / "glossary.toml").open("a", encoding="utf-8") as file:
        file.write(more)

    assert len(loader.load(folder).glossary.terms) == len(content().glossary.terms) + 2_000


def test_a_text_of_the_greatest_length_is_read() -> None:
    text = {"en": "a" * 1_000, "ja": "あ" * 1_000}

    assert msgspec.convert(text, Text).en == text["en"]
