"""What the sandbox alone keeps, and where."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from stripe_sandbox.alone import state


@pytest.fixture
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SECRET_KEY", raising=False)


@pytest.mark.parametrize(
    ("platform", "variables", "place"),
    [
        ("linux", {}, "home/.local/state/stripe-sandbox/sandbox.sqlite3"),
        ("linux", {"XDG_STATE_HOME": "{}/xdg"}, "xdg/stripe-sandbox/sandbox.sqlite3"),
        ("darwin", {}, "home/Library/Application Support/stripe-sandbox/sandbox.sqlite3"),
        ("win32", {}, "home/AppData/Local/stripe-sandbox/sandbox.sqlite3"),
        ("win32", {"LOCALAPPDATA": "{}/local"}, "local/stripe-sandbox/sandbox.sqlite3"),
    ],
)
def test_without_a_name_the_database_is_where_programs_of_this_user_keep_state(
    platform: str, variables: dict[str, str], place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp_path))

    assert state.default_database() == tmp_path / place


def test_the_folder_of_the_default_database_is_made_for_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    state.prepare(state.default_database())
    state.prepare(state.default_database())

    assert stat.S_IMODE((tmp_path / "stripe-sandbox").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["missing/sandbox.sqlite3", "."])
def test_a_named_database_needs_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="there is no folder for it"):
        state.prepare(tmp_path / name)

    assert list(tmp_path.iterdir()) == []


def test_a_default_folder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "stripe-sandbox").write_text("a file")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    with pytest.raises(CommandError, match=r"cannot be created \(File exists\): give --database"):
        state.prepare(state.default_database())


@pytest.mark.usefixtures("no_key")
def test_each_database_has_a_key_that_stays_and_that_no_other_user_reads(tmp_path: Path) -> None:
    first, again, other = (state.key(tmp_path / name) for name in ("a.sqlite3", "a.sqlite3", "b.sqlite3"))

    assert first == again != other
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "a.sqlite3.key").stat().st_mode) == 0o600


def test_a_key_that_is_given_is_used_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SECRET_KEY", " given ")

    assert state.key(tmp_path / "a.sqlite3") == "given"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_key")
def test_a_key_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"No key can be kept in .*\(No such file or directory\)"):
        state.key(tmp_path / "missing" / "a.sqlite3")


def test_the_webhook_secret_follows_from_the_key_and_does_not_show_it() -> None:
    secret = state.webhook_secret("a key")

    assert secret == state.webhook_secret("a key") != state.webhook_secret("another key")
    assert secret.startswith("whsec_")
    assert "a key" not in secret
