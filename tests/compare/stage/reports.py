"""The report of a rehearsal, as it would be with nothing left."""

from __future__ import annotations

from compare.rehearsal.report import CHECKS, TROUBLES, Balance, Report, Stage


def report(**checks: int) -> Report:
    return Report(
        visitors=6,
        seed=7,
        processes=3,
        database="SQLite",
        seconds=1.5,
        repaired=0,
        stages=[Stage(share=0, visitors=6, legacy=6, modern=0, paid=5, unpaid=1)],
        books=[Balance("jpy", 2000, 2000, "legacy")],
        balance=[Balance("jpy", 2000, 2000)],
        troubles=dict.fromkeys(TROUBLES, 2),
        checks=dict.fromkeys(CHECKS, 0) | checks,
        complaints=[],
    )
