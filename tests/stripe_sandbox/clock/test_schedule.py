"""What happens later is planned in the database."""

from __future__ import annotations

import time

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from stripe_sandbox.clock import schedule
from stripe_sandbox.models import Task

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_task_is_planned_for_a_time_or_after_a_while() -> None:
    schedule.at("session_expires", "cs_1", 5.0)
    schedule.later("charge_updated", "ch_1", 60)

    planned = {(task.name, task.subject): task.due for task in Task.objects.all()}
    assert planned["session_expires", "cs_1"] == 5.0
    assert planned["charge_updated", "ch_1"] == pytest.approx(time.time() + 60, abs=5)


def test_a_canceled_task_is_forgotten_and_no_other() -> None:
    for subject in ("cs_1", "cs_2"):
        schedule.at("session_expires", subject, 5.0)

    schedule.cancel("session_expires", "cs_1")

    assert [task.subject for task in Task.objects.all()] == ["cs_2"]


def test_the_bell_rings_once_the_task_is_committed(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    schedule.bell.clear()

    with django_capture_on_commit_callbacks(using="stripe_sandbox", execute=True):
        schedule.later("session_expires", "cs_1", 60)
        early = schedule.bell.is_set()

    assert (early, schedule.bell.is_set()) == (False, True)
