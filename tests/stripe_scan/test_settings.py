"""`[tool.stripe-scan]` of the scanned project."""

from __future__ import annotations

from pathlib import Path

import pytest

from stripe_scan.settings import Settings, WrongSettings, read


def test_a_project_selects_skips_and_excludes(tmp_path: Path) -> None:
    table = '[tool.stripe-scan]\nselect = ["plan"]\nskip = ["list-all"]\nexclude = ["old/*"]\n'
    (tmp_path / "pyproject.toml").write_text(table)

    assert read(tmp_path) == Settings(select=("plan",), skip=("list-all",), exclude=("old/*",))


@pytest.mark.parametrize("text", ["", "[tool.other]\n", "[[[", "tool = 1\n", "\udcff"])
def test_a_project_without_settings_or_with_a_broken_file_has_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(text.encode(errors="surrogateescape"))

    assert read(tmp_path) == Settings()
    assert read(tmp_path / "nothing") == Settings()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('select = "plan"', "no list of texts"),
        ("skip = [1]", "no list of texts"),
        ('skip = ["plans"]', "no such rule: plans"),
        ('colour = ["red"]', "no setting"),
    ],
)
def test_wrong_settings_are_refused_with_the_reason(tmp_path: Path, line: str, why: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.stripe-scan]\n{line}\n")

    with pytest.raises(WrongSettings, match=why):
        read(tmp_path)


def test_settings_are_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nstripe-scan = 1\n")

    with pytest.raises(WrongSettings, match="no table"):
        read(tmp_path)
