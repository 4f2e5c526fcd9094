"""A task that has come due is done once, or not at all."""

from __future__ import annotations

import pytest

from stripe_sandbox import errors, store
from stripe_sandbox.clock import schedule, tasks
from stripe_sandbox.models import StripeObject, Task

pytestmark = pytest.mark.django_db(databases="__all__")


def write(subject: str) -> None:
    store.add({"id": subject, "object": "x"})


def refuse(subject: str) -> None:
    write(subject)
    raise errors.no_such("charge", subject, "id")


def crash(subject: str) -> None:
    write(subject)
    raise ZeroDivisionError


EFFECTS = {"write": write, "refuse": refuse, "crash": crash}


def test_the_earliest_is_done_first_and_none_before_its_time() -> None:
    for subject, due in (("b", 20.0), ("a", 10.0), ("c", 30.0)):
        schedule.at("write", subject, due)

    done = [tasks.do_next(25.0, EFFECTS) for _ in range(3)]

    assert done == [True, True, False]
    assert [stored.sid for stored in StripeObject.objects.order_by("seq")] == ["a", "b"]
    assert tasks.next_due() == 30.0


def test_without_a_task_nothing_is_due() -> None:
    assert tasks.next_due() is None
    assert tasks.do_next(10.0, EFFECTS) is False


def test_one_that_came_too_late_is_over_and_leaves_no_trace() -> None:
    schedule.at("refuse", "a", 1.0)

    assert tasks.do_next(2.0, EFFECTS) is True

    assert not Task.objects.exists()
    assert not StripeObject.objects.exists()


def test_one_that_breaks_is_kept_and_undone() -> None:
    schedule.at("crash", "a", 1.0)

    with pytest.raises(ZeroDivisionError):
        tasks.do_next(2.0, EFFECTS)

    assert Task.objects.get().subject == "a"
    assert not StripeObject.objects.exists()
