"""The command line: forms, options and exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stripe_scan import cli
from stripe_scan.catalogue import by_id

CHARGE = "import stripe\nstripe.Charge.create(amount=1, currency='jpy', source=token)\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    (tmp_path / "views.py").write_text(CHARGE)
    return tmp_path


def test_it_returns_one_for_findings_and_nought_for_none(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([str(shop)]) == 1
    assert "views.py:2" in capsys.readouterr().out
    assert cli.main([str(shop), "--select", "plan"]) == 0
    assert "Nothing found; 1 files read." in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["/nowhere/at/all"], [], [".", "--explain", "plans"], [".", "--json", "--sarif"], [".", "--colour"]],
)
def test_it_exits_with_two_for_a_wrong_path_or_option(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)

    assert ended.value.code == 2


@pytest.mark.parametrize("option", ["--select", "--skip"])
def test_it_returns_two_for_an_unknown_rule(shop: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([str(shop), option, "charge-create,plans"]) == 2
    assert "no such rule: plans" in capsys.readouterr().err


def test_the_project_chooses_and_the_command_line_chooses_over_it(shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.stripe-scan]\nselect = ["plan"]\n')

    assert cli.main([str(shop)]) == 0
    assert cli.main([str(shop), "--select", "charge-create"]) == 1


def test_wrong_settings_of_the_project_are_an_error(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "pyproject.toml").write_text('[tool.stripe-scan]\nselect = "plan"\n')

    assert cli.main([str(shop)]) == 2
    assert "no list of texts" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["--json", "--sarif"])
def test_its_forms_for_programs_are_json(shop: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main([str(shop), form])

    assert json.loads(capsys.readouterr().out)


def test_a_checklist_has_the_name_of_the_project(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main([str(shop), "--markdown"])

    assert capsys.readouterr().out.startswith(f"# Old Stripe code in {shop.name}\n")


def test_it_lists_and_explains_the_rules_and_measures_them(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--list-rules"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(by_id())
    assert cli.main(["--explain", "charge-create"]) == 0
    assert "charge-create" in capsys.readouterr().out
    assert cli.main(["--coverage"]) == 0
    assert "39 public repositories" in capsys.readouterr().out


def test_progress_is_shown_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.progress("en")(1)
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(cli, "PATIENCE", -1.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    cli.progress("en")(7)
    assert "7 files read" in capsys.readouterr().err
