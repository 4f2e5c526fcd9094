"""The comparison pages, each at its address."""

from __future__ import annotations

import pytest
from django.test import Client

from compare.content import content
from compare.pages.navigation import PAGES

# Pages with a form, which their own tests post.
FORMS = {"lab", "scan"}


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


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in FORMS], ids=lambda page: page.name)
def test_a_page_is_only_read(client: Client, page) -> None:
    assert client.post(page.url).status_code == 405
    if page.name != "wire_index":
        assert client.head(page.url).status_code == 200


@pytest.mark.parametrize("query", ["x" * 5_000, "<script>alert(1)</script>", "%"])
def test_whatever_is_searched_for_the_page_of_parameters_is_shown(client: Client, query: str) -> None:
    answer = client.get("/compare/parameters/", {"q": query})

    assert answer.status_code == 200
    assert answer.context["query"] == query[:100]
    assert "<script>alert" not in answer.content.decode()


def test_a_code_page_shows_two_files_side_by_side_or_one_alone(client: Client) -> None:
    both, alone = client.get("/compare/code/").context, client.get("/compare/code/ledger/").context

    assert (len(both["files"]), bool(both["rows"]), bool(both["blocks"])) == (2, True, False)
    assert (len(alone["files"]), bool(alone["rows"]), bool(alone["blocks"])) == (1, False, True)
