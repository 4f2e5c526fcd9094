"""Which patterns of old code a query chooses, and what their pages show."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from compare.content import content
from compare.pages import old_code
from compare.pages.old_code import Choice, chosen, places, steps
from compare.templatetags import compare as tags
from stripe_scan.catalogue import by_id, patterns, releases

PAGE = "/compare/old-code/"


def ids(**query: str) -> set[str]:
    return {pattern.id for _step, group in chosen(Choice.of(query)) for pattern in group}


def shown(query: dict[str, str], language: str = "en") -> set[str]:
    page = Client().get(PAGE, query, headers={"Accept-Language": language}).content.decode()
    return set(re.findall(r'<li id="([a-z0-9-]+)">', page))


def test_without_a_choice_every_pattern_is_shown_in_the_order_of_the_steps() -> None:
    groups = chosen(Choice())

    assert ids() == set(by_id())
    assert [step for step, _group in groups] == [step for step in steps() if step in {one.step for one in patterns()}]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_shows_what_was_asked_for_without_a_script(language: str) -> None:
    assert shown({}, language) == set(by_id())
    for query in (
        {"place": "req"},
        {"step": "webhooks"},
        {"auto": "A"},
        {"q": "トークン"},
        {"q": "KeyError", "place": "py"},
    ):
        assert shown(query, language) == ids(**query) != set()
        assert ids(**query) < set(by_id())


def test_a_place_a_step_and_a_way_to_change_it_choose_together() -> None:
    assert ids(place="test") == {"test-mock", "construct-from"}
    assert ids(place="req") == {"sdk-pin", "third-party-wrapper"}
    assert ids(place="py", step="webhooks", auto="A") == {"sig-header-index"}
    assert ids(place="py", q="xyzzy") == set()


def test_every_word_has_to_occur_in_either_language_or_in_code() -> None:
    assert "removed-module" in ids(q="ModuleNotFoundError UTIL")
    assert "card-alias" in ids(q="別名")
    assert ids(q="ModuleNotFoundError 別名") == set()


@pytest.mark.parametrize("query", [{"place": "perl"}, {"step": "8"}, {"auto": "B"}, {"q": "  "}, {"other": "x"}])
def test_what_does_not_exist_chooses_nothing(query: dict[str, str]) -> None:
    assert Choice.of(query).is_empty
    assert shown(query) == set(by_id())


@pytest.mark.parametrize("query", ["x" * 5_000, "<script>alert(1)</script>", "%"])
def test_whatever_is_searched_for_the_page_is_shown(client: Client, query: str) -> None:
    answer = client.get(PAGE, {"q": query})

    assert answer.status_code == 200
    assert answer.context["choice"].q == query[:100]
    assert "<script>alert" not in answer.content.decode()


def test_each_pattern_is_found_somewhere_and_has_labels() -> None:
    labels = content().labels

    assert [pattern.id for pattern in patterns() if not places(pattern)] == []
    for pattern in patterns():
        assert str(tags.label(pattern.step, "steps"))
        assert not pattern.auto or str(tags.label(pattern.auto, "autos"))
        assert all(str(tags.label(place, "places")) for place in places(pattern))
        assert all(str(tags.label(example.speaker, "speakers")) for example in pattern.example)
    assert set(old_code.PLACES) == set(labels.places.__struct_fields__)
    assert set(old_code.AUTOS) == set(labels.autos.__struct_fields__)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", list(by_id()))
def test_a_page_shows_its_pattern_in_the_language_asked_for(client: Client, name: str, language: str) -> None:
    pattern = by_id()[name]
    page = client.get(f"{PAGE}{name}/", headers={"Accept-Language": language}).content.decode()

    with translation.override(language):
        for text in (pattern.title, pattern.today, pattern.seen, pattern.becomes, pattern.elsewhere):
            assert text is None or tags.marked(text) in page
    assert escape(pattern.looks_like) in page
    assert all(f'href="{escape(source)}"' in page for source in pattern.sources)
    assert f'href="{PAGE}#{name}"' in page
    assert page.count("<h1") == 1
    assert len(page.encode()) < 100_000


def test_each_link_of_a_pattern_to_our_pages_leads_somewhere(client: Client) -> None:
    found = set()
    for name in by_id():
        page = client.get(f"{PAGE}{name}/", headers={"Accept-Language": "en"}).content.decode()
        found |= {address for address in re.findall(r'href="([^"]+)"', page) if address.startswith("/compare/")}

    assert len(found) > 20
    assert [address for address in found if client.get(address).status_code != 200] == []


def test_a_pattern_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get(f"{PAGE}none/").status_code == 404
    assert client.get(f"{PAGE}{'x' * 300}/").status_code == 404


def test_the_rows_of_other_pages_lead_to_their_patterns(client: Client) -> None:
    rows = [*content().parameters.rows, *content().capabilities.questions]
    linked = {name for row in rows for name in row.patterns}
    pages = "".join(client.get(f"/compare/{name}/").content.decode() for name in ("parameters", "capabilities"))

    assert len(linked) > 20
    assert [name for name in linked if f'href="{PAGE}{name}/"' not in pages] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_table_of_releases_shows_each_change(client: Client, language: str) -> None:
    page = client.get(f"{PAGE}releases/", headers={"Accept-Language": language}).content.decode()

    with translation.override(language):
        for release in releases():
            assert f'id="{release.major}-{len(release.change)}"' in page
            assert all(tags.marked(change.text) in page for change in release.change)
    assert len(page.encode()) < 100_000


def test_a_source_has_a_host_that_names_it() -> None:
    sources = [source for pattern in patterns() for source in pattern.sources]
    sources += [source for release in releases() for change in release.change for source in change.sources]

    assert [source for source in sources if urlsplit(source).scheme != "https" or not urlsplit(source).hostname] == []
