"""The rows of the page of parameters are found by words, in either language."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from compare.content import content
from compare.pages.parameters import matching, search_words


def shown_in(page: str) -> set[str]:
    return set(re.findall(r'<tr data-row data-words="[^"]*" id="([^"]+)"', page))


def test_the_filter_works_without_a_script(client: Client) -> None:
    page = client.get("/compare/parameters/?q=receipt", headers={"Accept-Language": "en"}).content.decode()

    assert shown_in(page) == {"charge-create-description", "charge-create-receipt-email"}
    assert "2 / 45" in page
    for language in ("en", "ja"):
        answer = client.get("/compare/parameters/", {"q": "住所"}, headers={"Accept-Language": language})
        assert shown_in(answer.content.decode()) > {"checkout-js-zipCode"}


def test_a_row_is_found_by_its_name_its_code_its_fate_and_both_languages() -> None:
    row = next(row for row in content().parameters.rows if row.new and row.pitfall)
    words = search_words(row)

    assert words == words.lower()
    for text in (row.name, row.old, row.new, row.where.text.en, row.where.text.ja, row.pitfall.text.ja):
        assert text.lower() in words


@pytest.mark.parametrize("query", ["", "  ", "　"])
def test_without_a_word_every_row_is_shown(query: str) -> None:
    assert matching(query) == {row.id for row in content().parameters.rows}


def test_every_word_of_a_query_must_be_there_in_any_order_and_case() -> None:
    assert matching("RECEIPT email") == matching("email receipt") != set()
    assert matching("receipt email") < matching("receipt")
    assert matching("receipt no-such-word") == set()
