"""What the request log's templates say of a time and of the code behind a message."""

from __future__ import annotations

from datetime import timedelta

from compare.templatetags import wire as tags
from compare.wire.code import code_behind
from compare.wire.story import Story
from tests.compare.stage.messages import START, message, payment_in, steps


def test_a_time_is_counted_from_the_start_of_its_story() -> None:
    payment = payment_in("legacy", created_at=START + timedelta(seconds=1))
    story = Story(payment, steps(message(payment, "visit POST /checkout/")))

    assert tags.since_start(story, START + timedelta(seconds=3)) == timedelta(seconds=3)


def test_a_step_leads_to_the_code_behind_it() -> None:
    (step,) = steps(message(payment_in("legacy"), "call POST /v1/charges"))

    assert [use.label for use in tags.code_behind(step)] == ["legacy._charge"]
    assert tags.code_behind(step) == code_behind(step)
