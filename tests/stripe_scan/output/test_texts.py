"""The scanner's sentences, in both languages."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path

import pytest
from django.urls import reverse

from stripe_scan.catalogue import by_id
from stripe_scan.output import texts


@pytest.mark.parametrize(("spoken", "lang"), [("ja_JP.UTF-8", "ja"), ("en_US", "en"), ("C", "en"), ("de_DE", "en")])
def test_the_language_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch, spoken: str, lang: str) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", spoken)

    assert texts.language() == lang


def pairs(table: dict[str, object]) -> list[tuple[str, str]]:
    if isinstance(table.get("en"), str):
        return [(table["en"], table["ja"])]
    return [pair for inner in table.values() for pair in pairs(inner)]


def test_each_sentence_has_both_languages_with_the_same_values() -> None:
    file = Path(texts.__file__).with_suffix(".toml")
    found = pairs(tomllib.loads(file.read_text(encoding="utf-8")))

    def values(text: str) -> set[str]:
        return {name for _text, name, _form, _how in string.Formatter().parse(text) if name}

    assert len(found) > 20
    assert [english for english, japanese in found if values(english) != values(japanese)] == []


def test_each_step_of_the_guide_has_a_name() -> None:
    assert all(texts.step(step, lang) for step in texts.STEPS for lang in ("en", "ja"))


def test_a_message_has_the_title_and_what_is_masked() -> None:
    said = texts.message("hardcoded-key", "sk_live_…p7dc", "en")

    assert texts.of(by_id()["hardcoded-key"].title, "en") in said
    assert "(sk_live_…p7dc)" in said


def test_a_link_leads_to_the_rules_page_of_the_board() -> None:
    assert texts.link("plan") == texts.SITE + reverse("compare:old_code_pattern", args=["plan"])
    assert texts.link() == texts.SITE + reverse("compare:old_code")
    assert texts.of(None, "en") == ""
