"""What cannot start ends with one sentence that says what to do; anything else keeps its traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError

from bbs_project.startup import check_settings, one_sentence
from tests.stage import sites


@pytest.mark.parametrize("error", [ImproperlyConfigured("Set it to on."), CommandError("Set it to on.")])
def test_a_wrong_setting_is_said_in_a_sentence(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, one_sentence():
        raise error

    assert ended.value.code == 3
    assert capsys.readouterr().err == "Set it to on.\n"


@pytest.mark.django_db(databases="__all__", transaction=True)
@pytest.mark.parametrize("error", [KeyError("x"), DatabaseError("deadlock"), OperationalError("disk I/O error")])
def test_any_other_error_keeps_its_traceback(error: Exception) -> None:
    with pytest.raises(type(error)), one_sentence():
        raise error


def test_whoever_asks_for_tracebacks_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["manage.py", "check", "--traceback"])

    with pytest.raises(ImproperlyConfigured), one_sentence():
        raise ImproperlyConfigured


def test_wrong_settings_stop_an_application_server(settings) -> None:
    check_settings()
    settings.PAYMENT_FLOW = "telepathy"

    with pytest.raises(CommandError, match="PAYMENT_FLOW is 'telepathy'"):
        check_settings()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "sqlite:///{folder}/empty.sqlite3",
            "lacks tables (no such table: bbs_payment): run `manage.py migrate` first",
        ),
        ("postgres://board:hunter2@127.0.0.1:1/board", "does not answer: connection failed"),
    ],
)
def test_a_command_says_what_the_database_lacks(tmp_path: Path, url: str, sentence: str) -> None:
    code, said = sites.manage(tmp_path, "reconcile_payments", DATABASE_URL=url.format(folder=tmp_path))

    assert code == 3
    assert f"The database 'default' {sentence}" in said
    assert "Traceback" not in said
    assert "hunter2" not in said


def test_a_queue_without_its_table_stops_a_server_before_any_payment_needs_it(tmp_path: Path) -> None:
    sites.manage(tmp_path, "migrate", "--verbosity", "0")  # before it was set

    code, said = sites.python(tmp_path, "-c", "import bbs_project.wsgi", DJANGO_TASKS="database")

    assert code == 3
    assert said.endswith("DJANGO_TASKS=database needs tables that are missing: run `manage.py migrate` first.\n")
    sites.manage(tmp_path, "migrate", "--verbosity", "0", DJANGO_TASKS="database")
    assert sites.python(tmp_path, "-c", "import bbs_project.wsgi", DJANGO_TASKS="database")[0] == 0
