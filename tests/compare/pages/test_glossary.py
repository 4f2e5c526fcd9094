"""The words are explained, and each can be linked to."""

from __future__ import annotations

from django.test import Client

from compare.content import content


def test_each_word_is_named_in_both_languages_and_has_its_address() -> None:
    page = Client().get("/compare/glossary/", headers={"Accept-Language": "ja"}).content.decode()

    for term in content().glossary.terms:
        assert f'id="{term.id}"' in page
        assert term.word.ja in page
        assert term.word.en in page
