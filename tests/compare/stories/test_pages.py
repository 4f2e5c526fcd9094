"""What every comparison page owes its readers. None of these tests may use the database: the pages do not either."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from compare.content import content
from compare.migrate.states import START
from compare.pages.files import FILES
from compare.pages.navigation import PAGES
from tests.compare.stage.links import Links

pytestmark = pytest.mark.filterwarnings("error")

COURSE = [page.url for page in PAGES]
OF_OLD_CODE = [f"/compare/old-code/{name}/" for name in ("charge-create", "stripeobject-dict", "plan", "releases")]
STEPS = [f"/compare/migrate/{START}/", *(step.url for step in content().migrate.steps)]
ADDRESSES = sorted({*COURSE, *OF_OLD_CODE, *STEPS, *(file.url for file in FILES)})
LANGUAGES = ["en", "ja"]
# Which show what is in the database: their own tests open them.
OF_ROWS = {reverse("compare:status"), reverse("compare:rehearsal")}


@cache
def fetched(address: str, language: str) -> str:
    response = Client().get(address, headers={"Accept-Language": language}, follow=True)
    assert response.status_code == 200, address
    return response.content.decode()


@cache
def linked(address: str) -> Links:
    return Links(fetched(address, "en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_shown_in_both_languages_without_a_database(address: str, language: str) -> None:
    page = fetched(address, language)

    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_smaller_than_100_kilobytes(address: str, language: str) -> None:
    assert len(fetched(address, language).encode()) < 100_000


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_holds_no_inline_script_or_style(address: str) -> None:
    page = fetched(address, "en")

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_within_the_site_leads_somewhere(address: str) -> None:
    page = linked(address)
    wrong = []
    for link in page.links:
        parts = urlsplit(urljoin(address, link))
        if parts.netloc or not parts.path.startswith("/compare/"):
            continue
        if parts.path in OF_ROWS:
            continue
        there = linked(f"{parts.path}?{parts.query}" if parts.query else parts.path)
        if parts.fragment and parts.fragment not in there.ids:
            wrong.append(link)

    assert wrong == []
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_it_has_the_way_back_the_way_on_and_a_way_to_try_it(address: str, language: str) -> None:
    page = fetched(address, language)

    assert 'class="breadcrumb-item"><a href="/">' in page
    assert 'aria-current="page"' in page.partition("</ol>")[0]
    assert 'rel="prev"' in page or address == COURSE[0]
    assert 'rel="next"' in page or address == COURSE[-1]
    for flow in ("legacy", "modern"):
        assert len(re.findall(rf'<button class="btn flow-{flow}" name="flow" value="{flow}"', page)) == 2
    assert 'href="/compare/glossary/"' in page


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_row_and_every_line_of_code_can_be_linked_to(address: str) -> None:
    page = fetched(address, "en")
    body = "".join(re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL))
    ids = re.findall(r'<tr[^>]* id="([^"]+)"', body) + re.findall(r'<div class="l[^"]*" id="([^"]+)"', page)

    assert len(ids) == body.count("<tr") + page.count('<div class="l')
    assert [name for name in ids if f'href="#{name}"' not in page] == []


def test_the_pages_are_a_course_from_the_first_to_the_last() -> None:
    visited, address = [], COURSE[0]
    while address:
        visited.append(address)
        found = re.search(r'rel="next"[^>]*href="([^"]+)"', fetched(address, "en"))
        address = found and found[1]

    assert visited == COURSE
    assert len(visited) == len(set(visited))


@pytest.mark.parametrize("address", ["/compare/code/none/", "/compare/none/"])
def test_a_page_that_is_none_is_not_found(address: str) -> None:
    assert Client().get(address).status_code == 404
