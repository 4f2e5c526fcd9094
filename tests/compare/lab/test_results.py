"""A result on the page: amounts as money, a time where there is one to tell apart, and the messages in their order."""

from __future__ import annotations

import pytest

from compare.content import content
from compare.lab.results import documented, found, money, outcome_of
from tests.compare.stage.lab import finished_run

pytestmark = pytest.mark.django_db


def test_amounts_are_money_each_for_itself() -> None:
    assert money([30000, 500]) == "¥30,000 + ¥500"
    assert money([]) == "nothing"


def test_a_result_is_compared_with_what_is_documented() -> None:
    scenario, run = content().lab.scenario("tab-closed"), finished_run()

    columns = found(run.results)

    assert [column.outcome for column in columns] == [
        column.outcome for column in documented(scenario, [column.rung.id for column in columns])
    ]
    assert outcome_of(run.results[0] | {"took": [1]}) != columns[0].outcome


def test_a_column_says_how_long_the_confirmation_took_where_it_was_another_request_than_the_payment() -> None:
    legacy, _shop, lost, modern = found(finished_run().results)

    assert (legacy.outcome.confirmed, legacy.after) == ("answer", "")
    assert (modern.outcome.confirmed, modern.after) == ("webhook", "250 ms")
    assert [column.is_good for column in (legacy, lost, modern)] == [True, False, True]
    assert [column.title for column in (legacy, modern)] == ["the article's code", "this site's shop"]


def test_a_documented_column_has_no_words_and_no_time() -> None:
    column = documented(content().lab.scenario("tab-closed"), ["modern-4"])[0]

    assert (column.said, column.after, column.title) == ("", "", "")


def test_the_story_of_a_run_has_its_messages_and_is_drawn() -> None:
    column = found(finished_run().results)[3]

    assert [step.name for step in column.story.steps] == ["POST /checkout/", "POST /v1/charges", "charge.succeeded"]
    assert {event.kind for event in column.story.events} >= {"moved", "known"}
    assert len(column.diagram.rows) >= 2 * len(column.story.steps)
