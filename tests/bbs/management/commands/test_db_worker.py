"""`manage.py db_worker`: it works, or says what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.stage import sites


def test_without_its_setting_it_is_named() -> None:
    with pytest.raises(CommandError, match=r"Set DJANGO_TASKS=database, and run `manage.py migrate`"):
        call_command("db_worker")


def test_without_its_setting_its_options_are_no_matter(tmp_path: Path) -> None:
    code, said = sites.manage(tmp_path, "db_worker", "--batch")

    assert code != 0
    assert "Set DJANGO_TASKS=database" in said
    assert "Traceback" not in said


def test_without_its_tables_it_says_to_migrate(tmp_path: Path) -> None:
    code, said = sites.manage(tmp_path, "db_worker", "--batch", "--no-startup-delay", DJANGO_TASKS="database")

    assert code != 0
    assert "no such table: django_tasks_database_dbtaskresult): run `manage.py migrate` first" in said
    assert "Traceback" not in said
