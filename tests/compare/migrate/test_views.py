"""The migration guide's pages and its checklist."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from compare.content import content
from compare.content.values import GUIDE_STEPS
from compare.migrate import states


def page(address: str, language: str = "en") -> str:
    response = Client().get(address, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_the_guide_has_every_step_of_the_catalogues_in_their_order() -> None:
    assert tuple(step.id for step in content().migrate.steps) == GUIDE_STEPS
    assert [step.number for step in content().migrate.steps] == "1 2 3 4 5 6 7 7b 8 9 10 11".split()

    shown = re.findall(r'<li id="([a-z-]+)">', page("/compare/migrate/"))
    assert tuple(shown) == GUIDE_STEPS


def test_the_overview_leads_to_the_guide_before_its_code() -> None:
    above = page("/compare/").partition('class="smallest"')[0]

    assert above.count('href="/compare/migrate/"') == 2  # of the course, and of the first screen


@pytest.mark.parametrize("step", GUIDE_STEPS)
def test_a_step_shows_its_difference_as_it_is_copied(step: str) -> None:
    shown = page(f"/compare/migrate/{step}/")

    patches = re.findall(r'<code id="file-\d+" data-part>(.*?)</code>', shown, re.DOTALL)
    assert [text_of(patch) for patch in patches] == ["\n".join(file.lines) for file in states.differences(step)]


def test_what_can_go_wrong_in_a_step_is_tried_in_the_lab() -> None:
    for step in content().migrate.steps:
        page = Client().get(step.url).text
        assert [name for name in step.scenarios if f'href="/compare/lab/{name}/"' not in page] == []
    assert len({name for step in content().migrate.steps for name in step.scenarios}) > 12


def test_the_steps_lead_from_the_shop_to_the_last_and_back_to_the_guide() -> None:
    address, visited = "/compare/migrate/start/", []
    while address != "/compare/migrate/":
        visited.append(address)
        address = re.search(r'rel="next"[^>]*href="([^"]+)"', page(address))[1]

    assert visited == [reverse("compare:migrate_step", args=[step]) for step in (states.START, *GUIDE_STEPS)]


def test_the_shop_before_the_first_step_is_shown_whole() -> None:
    shown = text_of(page("/compare/migrate/start/"))

    assert [path for path, text in states.files(states.START).items() if text not in shown] == []


@pytest.mark.parametrize("step", ["none", "START", "start-2", "x" * 500])
def test_a_step_that_is_none_is_not_found(step: str) -> None:
    assert Client().get(f"/compare/migrate/{step}/").status_code == 404


@pytest.mark.parametrize(("language", "begins"), [("en", "# From checkout.js"), ("ja", "# checkout.js と Charge")])
def test_the_checklist_has_every_step_event_and_launch_in_the_visitors_language(language: str, begins: str) -> None:
    response = Client().get("/compare/migrate/checklist.md", headers={"Accept-Language": language})
    listed, data = response.content.decode(), content().migrate

    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="checklist.md"'
    assert listed.startswith(begins)
    assert listed.count("- [ ] ") == 2 * len(data.steps) + len(data.happenings) + len(data.launches)
    assert [each.id for each in data.steps if f"## {each.number} {getattr(each.title, language)}\n" not in listed] == []
    assert not re.search(r"\[\[|&(amp|quot|#x27|lt);", listed)


def test_the_guide_is_only_read() -> None:
    for address in ("/compare/migrate/", "/compare/migrate/tests/", "/compare/migrate/checklist.md"):
        assert Client().post(address).status_code == 405
