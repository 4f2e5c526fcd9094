"""`manage.py rehearse_migration` shows the report, and ends with 1 where something is left."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from compare.rehearsal import rehearsing
from compare.rehearsal.rehearsing import Broken, Progress
from compare.rehearsal.report import Report
from tests.compare.stage.reports import report


def run(monkeypatch: pytest.MonkeyPatch, *args: str, ends: Report | BaseException) -> str:
    def rehearse(visitors: int, **how: object) -> Iterator[Progress | Report]:
        assert (visitors, how) == (6, {"seed": 7, "processes": 3, "server": ""})
        yield Progress(6, 6, 100)
        if isinstance(ends, BaseException):
            raise ends
        yield ends

    monkeypatch.setattr(rehearsing, "rehearse", rehearse)
    out = io.StringIO()
    try:
        call_command("rehearse_migration", "--visitors=6", "--seed=7", "--processes=3", *args, stdout=out)
    finally:
        written = out.getvalue()
    return written


def test_books_at_zero_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "The books are at zero, and every payment is final." in run(monkeypatch, ends=report())


def test_anything_that_is_left_ends_it_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="The books are not at zero"):
        run(monkeypatch, ends=report(open=1))


def test_what_broke_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"(?s)ended before its end.*as ordered"):
        run(monkeypatch, ends=Broken("as ordered"))


def test_ctrl_c_ends_it_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Stopped") as stopped:
        run(monkeypatch, ends=KeyboardInterrupt())

    assert stopped.value.returncode == 130


@pytest.mark.parametrize("wrong", ["--visitors=0", "--visitors=many", "--visitors=5001", "--processes=17"])
def test_a_number_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(CommandError, match="whole number from 1 to"):
        call_command("rehearse_migration", wrong)


def test_with_keys_it_is_refused(settings) -> None:
    settings.STRIPE_SANDBOX_ENABLED = False

    with pytest.raises(CommandError, match="has the keys of a Stripe account"):
        call_command("rehearse_migration")
