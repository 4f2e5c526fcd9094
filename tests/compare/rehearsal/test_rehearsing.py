"""A rehearsal ends with books at zero, or says that they are not; and it touches nothing of the site's."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest
import stripe

from bbs.models import Payment
from compare.rehearsal import rehearsing
from compare.rehearsal.plan import SHARES
from compare.rehearsal.rehearsing import Broken, Progress, Refused, rehearse
from compare.rehearsal.report import Report

pytestmark = pytest.mark.django_db(databases="__all__")
SERVER = os.environ.get("TEST_DATABASE_URL", "")
SERVER = SERVER if SERVER.startswith("postgres") else ""


def watch(visitors: int, **how: object) -> tuple[list[Progress], Report]:
    *steps, report = rehearse(visitors, server=SERVER, **how)
    assert isinstance(report, Report)
    return [step for step in steps if isinstance(step, Progress)], report


@pytest.mark.parametrize(("visitors", "processes"), [(18, 2), pytest.param(100, 2, marks=pytest.mark.matrix)])
def test_the_books_are_at_zero_and_the_sites_own_are_as_they_were(visitors: int, processes: int) -> None:
    steps, report = watch(visitors, processes=processes)

    assert report.is_good, report.text
    assert [step.done for step in steps] == list(range(1, visitors + 1))
    assert {step.share for step in steps} == set(SHARES)
    assert [stage.share for stage in report.stages] == list(SHARES)
    assert sum(stage.visitors for stage in report.stages) == visitors
    assert (report.stages[0].modern, report.stages[3].legacy, report.stages[5].legacy) == (0, 0, 0)
    assert {each.flow for each in report.books} == {"legacy", "modern"}
    assert sum(report.troubles.values()) > 0
    assert (report.processes, report.database) == (processes, "PostgreSQL" if SERVER else "SQLite")
    assert not Payment.objects.exists()
    assert not stripe.Charge.list().data


def test_money_that_no_order_knows_of_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsing, "WORK", "tests.compare.stage.rehearsal:cheat")

    _steps, report = watch(6, processes=1)

    assert not report.is_good
    assert sum(each.difference for each in report.books) == -500
    assert report.checks["differences"] == 1
    assert [each.difference for each in report.balance] == [-500]


def test_what_breaks_says_why_and_leaves_no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(rehearsing, "WORK", "tests.compare.stage.rehearsal:die")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(Broken, match="RuntimeError: as ordered"):
        watch(6, processes=1)

    assert list(tmp_path.iterdir()) == []
    if SERVER:
        with psycopg.connect(SERVER) as connection:
            found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'board_rehearsal_%'")
            assert found.fetchall() == []


def test_it_is_refused_with_keys(settings) -> None:
    settings.STRIPE_SANDBOX_ENABLED = False

    with pytest.raises(Refused, match="has the keys of a Stripe account"):
        next(rehearse(6))


@pytest.mark.parametrize(
    ("server", "why"),
    [
        ("mysql://localhost/shop", "begins with postgres://"),
        ("postgres://nobody@127.0.0.1:1/shop", "cannot be reached"),
    ],
)
def test_a_server_that_is_none_is_refused(server: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        next(rehearse(6, server=server))
