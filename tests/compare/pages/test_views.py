"""The comparison pages, each at its address."""

from __future__ import annotations

from django.test import Client

from compare.content import content


def test_each_word_is_named_in_both_languages_and_has_its_address() -> None:
    page = Client().get("/compare/glossary/", headers={"Accept-Language": "ja"}).content.decode()

    for term in content().glossary.terms:
        assert f'id="{term.id}"' in page
        assert term.word.ja in page
        assert term.word.en in page


def test_trying_it_is_offered_only_where_no_money_moves(client: Client, settings) -> None:
    assert "Try it here" in client.get("/compare/capabilities/", headers={"Accept-Language": "en"}).content.decode()

    settings.NOTICE_TEMPLATE = ""
    assert "Try it here" not in client.get("/compare/capabilities/", headers={"Accept-Language": "en"}).content.decode()
