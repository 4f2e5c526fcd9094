"""Every text is in both languages, and every claim is shown by something that exists."""

from __future__ import annotations

import ast
import re

from django.conf import settings

from compare.content import content
from compare.content.entries import Entry
from compare.content.text import Claim, Text
from compare.pages.files import address_of_test
from tests.compare.stage.everything import all_of, statements

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def test_every_text_is_written_in_both_languages() -> None:
    texts = all_of(Text)
    words = [text for text in texts if " " in text.en.strip()]

    assert len(texts) > 100
    assert [text for text in texts if bool(text.en.strip()) != bool(text.ja.strip())] == []
    assert [text for text in words if JAPANESE.search(text.en)] == []
    # A short name may be the same in both; a sentence may not.
    said = [(text, re.sub(r"`[^`]+`", "", text.en)) for text in words]
    assert [text for text, words in said if len(words) > 25 and not JAPANESE.search(text.ja)] == []


def test_a_sentence_ends_alike_in_both_languages() -> None:
    wrong = [
        text for text in all_of(Text) if text.en.rstrip("”").endswith((".", "?")) != text.ja.endswith(("。", "。)"))
    ]

    assert wrong == []


def test_code_is_the_same_in_both_languages() -> None:
    code = re.compile(r"`([^`]+)`")

    assert [text for text in all_of(Text) if set(code.findall(text.en)) != set(code.findall(text.ja))] == []


def test_every_claim_carries_a_source_or_a_test() -> None:
    claims = statements()

    assert len(claims) > 190
    assert [claim for claim in claims if not (claim.sources or claim.tests)] == []


def test_a_source_is_one_of_those_we_have_read_and_each_is_cited() -> None:
    known = content().sources.pages

    assert [page.url for page in known if not page.url.startswith(("https://", "http://arches.io/"))] == []
    assert len({page.url for page in known}) == len(known)
    cited = {source for each in [*all_of(Entry), *all_of(Claim)] for source in each.sources}
    assert cited == {page.id for page in known}


def functions_in(path: str) -> set[str]:
    """Return the tests of a file, as `function` and as `Class::function`."""
    found = set()
    for node in ast.parse((settings.BASE_DIR / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    return found


def test_a_test_that_shows_something_exists() -> None:
    named = {test for each in [*all_of(Entry), *all_of(Claim)] for test in each.tests}

    assert len(named) > 60
    assert [test for test in named if test.partition("::")[2] not in functions_in(test.partition("::")[0])] == []


def test_a_test_that_shows_something_can_be_read_here() -> None:
    unread = {test for claim in statements() for test in claim.tests if not address_of_test(test)}

    # Its page would be over 100 KB.
    assert {test.partition("::")[0] for test in unread} == {"tests/stripe_sandbox/test_errors.py"}


def test_a_word_that_is_linked_is_in_the_glossary() -> None:
    linked = {term for text in all_of(Text) for term in re.findall(r"\[\[([^|]+)\|", text.en + text.ja)}

    assert linked <= {term.id for term in content().glossary.terms}
