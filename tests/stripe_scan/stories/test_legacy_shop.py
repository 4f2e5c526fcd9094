"""The whole report of a small shop of 2019, as people read it, and what --fix leaves of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stripe_scan import cli

STAGE = Path(__file__).parent.parent / "stage"
SHOP = STAGE / "legacy_shop"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")


def places(report: str) -> str:
    """Return a report without the texts of the catalogue, which have tests of their own."""
    return "\n".join(line for line in report.split("\n") if not line.startswith("      "))


def test_the_report_is_this(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([str(SHOP)]) == 1

    assert places(capsys.readouterr().out) == (STAGE / "legacy_shop.txt").read_text(encoding="utf-8")


def test_a_fix_leaves_less_and_the_second_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "shop"
    shutil.copytree(SHOP, copy)

    cli.main([str(copy), "--fix"])

    assert "7 places rewritten in 3 files," in capsys.readouterr().err
    kept = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    cli.main([str(copy), "--fix"])
    assert "0 places rewritten in 0 files," in capsys.readouterr().err
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == kept
    fixed = (copy / "shop" / "payments.py").read_text()
    assert "from stripe import CardError\n" in fixed
    assert "retrieve(order.charge_id, api_key=settings.STRIPE_SECRET_KEY)" in fixed
    for path in copy.rglob("shop/*.py"):
        compile(path.read_text(), str(path), "exec")
