"""The pages of the ladder."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from compare.content import content
from compare.lab.results import GOOD

LADDER = content().ladder


@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_rung_is_reached_and_says_what_it_fails(client: Client, language: str) -> None:
    page = client.get("/compare/ladder/", headers={"Accept-Language": language}).text

    for rung in LADDER.rungs:
        assert f'href="{rung.url}"' in page
        alone = client.get(rung.url, headers={"Accept-Language": language}).text
        assert len(alone) < 100_000
        for story in LADDER.stories:
            title = getattr(story.title, language).replace("'", "&#x27;")
            if story.id in rung.fails:
                assert f"✖</span> {title}" in alone
                assert f'href="{story.scenario_url}"' in alone


def test_what_a_rung_fails_it_fails_in_the_lab_too() -> None:
    stories = {story.id: story for story in LADDER.stories}

    failed = [(rung.id, stories[story].scenario) for rung in LADDER.rungs for story in rung.fails]

    assert failed
    assert [
        (rung, scenario)
        for rung, scenario in failed
        if content().lab.scenario(scenario).outcome_on(rung).verdict in GOOD
    ] == []


def test_the_table_has_a_mark_for_each_story_on_each_rung(client: Client) -> None:
    page = client.get("/compare/ladder/", headers={"Accept-Language": "en"}).text

    for flow, table in zip(("legacy", "modern"), re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL), strict=True):
        rungs, stories = LADDER.rungs_of(flow), LADDER.stories_of(flow)
        assert table.count("<tr id=") == len(stories)
        assert table.count(">fails</span>") == sum(len(rung.fails) for rung in rungs)
        assert table.count("</td>") == len(stories) * len(rungs)


def test_a_rung_shows_its_whole_file_and_what_changed_since_the_one_below(client: Client) -> None:
    page = client.get("/compare/ladder/modern/2/", headers={"Accept-Language": "en"}).text

    shown = re.sub(r"<[^>]+>", "", page)
    assert "Retrieves the session" in shown
    assert "+     session = stripe.checkout.Session.retrieve(" in shown
    assert "-     Order.objects.create(amount=30000, paid_at=now())" in shown
    assert "The rung below did not fail this." not in shown


def test_what_a_care_opens_is_said(client: Client) -> None:
    page = client.get("/compare/ladder/legacy/3/", headers={"Accept-Language": "en"}).text

    assert "Other money names the order" in page.partition("The rung below did not fail this.")[0].rpartition("<li>")[2]


@pytest.mark.parametrize(
    "address", ["legacy/0/", "legacy/6/", "modern/7/", "redirect/1/", f"modern/{10**30}/", "modern/-1/", "modern/x/"]
)
def test_there_are_no_other_rungs(client: Client, address: str) -> None:
    assert client.get(f"/compare/ladder/{address}").status_code == 404
