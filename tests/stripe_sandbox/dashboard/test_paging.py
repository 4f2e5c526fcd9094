"""Long lists come a page at a time."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from django.test import RequestFactory

from stripe_sandbox.dashboard.paging import PAGE, page
from stripe_sandbox.models import Note, Task

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def _tasks() -> None:
    Task.objects.bulk_create(Task(name="x", subject=str(n), due=n) for n in range(PAGE + 2))


def subjects(query: str) -> tuple[list[str], str]:
    found, older = page(RequestFactory().get(f"/?{query}"), Task.objects.all())
    return [task.subject for task in found], older


def test_the_newest_come_first_and_a_link_leads_to_the_older_ones() -> None:
    first, older = subjects("type=charge.failed&empty=")
    second, end = subjects(older)

    assert (first[0], first[-1]) == (str(PAGE + 1), "2")
    assert parse_qs(older).keys() == {"type", "before"}
    assert (second, end) == (["1", "0"], "")


@pytest.mark.parametrize("before", ["x", "-1", "1e3", "９", "9" * 30])
def test_a_place_that_makes_no_sense_is_the_beginning(before: str) -> None:
    assert subjects(f"before={before}")[0][0] == str(PAGE + 1)


def test_an_empty_list_is_a_page_too() -> None:
    assert page(RequestFactory().get("/"), Note.objects.none()) == ([], "")
