"""What is wrong with the content is refused, all of it at once, with the file, the entry and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compare.content import content, loader
from tests.compare.stage.spoiled import mistakes, replace

MISTAKES = {
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
        f"overview.toml, new-accounts: title.en is '{'card ' * 11}card…: write a text of 1 to 1,000 characters.",
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
        "labels.toml: the table [people] is unknown: write one of actors, replacements, verdicts, speakers, bases, "
        "places, autos, steps, sights, confirmations, lab_verdicts.",
    ),
    "a wrong type": (
        "flows.toml",
        "confirms = true",
        'confirms = "yes"',
        "flows.toml, legacy-paid: confirms is 'yes': write true or false.",
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
