"""A task in the database: ours is the row that django-tasks-db writes, in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save, pre_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bbs.tasks import task

pytestmark = pytest.mark.django_db(transaction=True)

OURS, LIBRARYS = "bbs.database_tasks.DatabaseBackend", "django_tasks_db.DatabaseBackend"
Queue = Callable[..., Any]


@task()
def note(text: str, *, times: int = 1) -> None:
    """Do nothing: here no worker runs it."""


@pytest.fixture
def rows(tasks_app: None) -> Iterator[type]:
    """The queue's model, with its table."""
    from django_tasks_db.models import DBTaskResult

    with connection.schema_editor() as editor:
        editor.create_model(DBTaskResult)
    yield DBTaskResult
    with connection.schema_editor() as editor:
        editor.delete_model(DBTaskResult)


@pytest.fixture
def queue(rows: type, settings: Any) -> Queue:
    """Enqueue a task, and return its result: `queue("text", backend=LIBRARYS, changes={"priority": 7})`."""

    def enqueue(*args: Any, backend: str = OURS, changes: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        settings.TASKS = {"default": {"BACKEND": backend, "QUEUES": []}}
        return (note.using(**changes) if changes else note).enqueue(*args, **kwargs)

    return enqueue


LATER = timezone.now() + timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "args", "kwargs"),
    [
        pytest.param({}, ("a",), {}, id="as our tasks are"),
        pytest.param(
            {"priority": 7, "run_after": LATER, "queue_name": "slow"}, ("a",), {}, id="with all that a task has"
        ),
        pytest.param({}, ("', ?, %s, 寿司, \U0001f363, \\ \"",), {"times": 2}, id="odd arguments"),
    ],
)
def test_each_column_is_what_django_tasks_db_writes(
    rows: Any, queue: Queue, changes: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    results = [queue(*args, backend=backend, changes=changes, **kwargs) for backend in (LIBRARYS, OURS)]

    theirs, ours = (rows.objects.filter(pk=result.id).values().get() for result in results)
    assert timedelta(0) <= ours.pop("enqueued_at") - theirs.pop("enqueued_at") < timedelta(minutes=1)
    assert ours.pop("id") != theirs.pop("id")
    assert ours == theirs
    assert ours["args_kwargs"] == {"args": [*args], "kwargs": kwargs}


def test_the_result_is_found_again(queue: Queue) -> None:
    result = queue("a", times=3)

    assert (result.status, result.args, result.kwargs) == ("READY", ["a"], {"times": 3})
    assert note.get_result(result.id).args == ["a"]


def test_what_cannot_be_json_is_refused_and_nothing_is_written(rows: Any, queue: Queue) -> None:
    with pytest.raises(TypeError):
        queue(object())

    assert not rows.objects.exists()


def test_it_is_one_statement_and_goes_with_its_transaction(rows: Any, queue: Queue) -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        queue("a")
        transaction.set_rollback(True)

    assert [query["sql"].split()[0] for query in queries] == ["BEGIN", "INSERT", "ROLLBACK"]
    assert not rows.objects.exists()


def test_who_listens_to_saved_rows_is_called(rows: Any, queue: Queue) -> None:
    called: list[tuple[object, ...]] = []

    def listen(signal: object, instance: Any, using: str, created: bool | None = None, **kwargs: object) -> None:
        called.append((signal, instance.args_kwargs["args"], instance._state.adding, using, created))

    pre_save.connect(listen, sender=rows)
    post_save.connect(listen, sender=rows)
    try:
        queue("a")
    finally:
        pre_save.disconnect(listen, sender=rows)
        post_save.disconnect(listen, sender=rows)

    assert called == [(pre_save, ["a"], True, "default", None), (post_save, ["a"], False, "default", True)]
