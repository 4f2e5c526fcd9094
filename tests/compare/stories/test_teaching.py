"""What the page for teachers promises."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as site_settings
from django.test import Client

from compare.content import content


def test_a_lesson_lasts_as_long_as_it_says() -> None:
    data, minutes = content().teach, 0

    for lesson in data.lessons:
        for exercise in data.exercises_in(lesson):
            (said,) = {int(re.sub(r"\D", "", text)) for text in (exercise.minutes.en, exercise.minutes.ja)}
            minutes += said
        assert lesson.title.en.startswith(f"{minutes} minutes:")
        assert lesson.title.ja.startswith(f"{minutes}分：")

    assert minutes == 90


def test_what_a_room_meets_is_a_setting_of_this_site() -> None:
    data = content().teach
    known = re.findall(r"^#(\w+)=", (site_settings.BASE_DIR / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    given = re.findall(r"^(\w+)=", data.environment, re.MULTILINE)

    assert {*given, *(limit.setting for limit in data.limits)} <= set(known)
    assert set(given) < {limit.setting for limit in data.limits}


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("exercise", content().teach.exercises, ids=lambda exercise: exercise.id)
def test_an_exercise_is_done_at_an_address_that_is_there(client: Client, exercise) -> None:
    assert client.get(exercise.at).status_code == 200


def test_what_belongs_to_the_sandbox_is_led_to_where_there_is_one(client: Client, settings) -> None:
    page = client.get("/compare/teach/").content.decode()
    settings.STRIPE_SANDBOX_ENABLED = False
    without = client.get("/compare/teach/").content.decode()

    for led_to in ('href="/sandbox/faults/"', 'action="/compare/reset/"'):
        assert (led_to in page, led_to in without) == (True, False)
