"""What is read from the environment is checked at once, and refused in a sentence that says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from bbs_project import settings as site


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the settings read as the environment."""
    values: dict[str, str] = {}
    monkeypatch.setattr(site.env, "ENVIRON", values)
    return values


@pytest.mark.parametrize(
    ("written", "read"), [("on", True), ("Yes", True), ("1", True), ("off", False), ("FALSE", False), ("0", False)]
)
def test_a_switch_is_on_or_off(environment: dict[str, str], written: str, read: bool) -> None:
    environment["A_SWITCH"] = written

    assert site.switch("A_SWITCH", default=not read) is read


def test_a_switch_that_is_neither_is_refused(environment: dict[str, str]) -> None:
    environment["A_SWITCH"] = "maybe"

    with pytest.raises(ImproperlyConfigured, match="A_SWITCH is 'maybe': set it to on or off, or leave it out"):
        site.switch("A_SWITCH", default=True)


def test_a_number_is_a_whole_one(environment: dict[str, str]) -> None:
    environment["A_NUMBER"] = "12"

    assert site.number("A_NUMBER", default=10) == 12
    assert site.number("ANOTHER_NUMBER", default=10) == 10


@pytest.mark.parametrize("written", ["many", "-1", "1.5"])
def test_what_is_no_whole_number_is_refused(environment: dict[str, str], written: str) -> None:
    environment["A_NUMBER"] = written

    with pytest.raises(ImproperlyConfigured, match="set it to a whole number, or leave it out for 10"):
        site.number("A_NUMBER", default=10)


@pytest.mark.parametrize(
    ("written", "read"),
    [("a.example", ["a.example"]), (" a.example , [::1],, ", ["a.example", "[::1]"]), (" , ", ["us"]), ("", ["us"])],
)
def test_several_values_are_trimmed_at_the_commas(environment: dict[str, str], written: str, read: list[str]) -> None:
    environment["VALUES"] = written

    assert site.several("VALUES", default=["us"]) == read


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = site.local_secret(tmp_path / "secret")

    assert len(first) >= 50
    assert site.local_secret(tmp_path / "secret") == first
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert site.local_secret(tmp_path / "another") != first


@pytest.mark.parametrize(
    ("address", "origin"),
    [("https://js.stripe.com/v3/", "https://js.stripe.com"), ("/checkout.js", ""), ("", "")],
)
def test_an_origin_is_that_of_an_absolute_address(address: str, origin: str) -> None:
    assert site.origin(address) == origin


BREAK = """
import django
django.setup()
from django.test import Client
from bbs import views
views.Product = None
client = Client(raise_request_exception=False, SERVER_NAME="localhost")
assert client.get("/").status_code == 500
assert client.get("/", SERVER_NAME="another.example").status_code == 400
"""


def test_an_unhandled_error_and_a_refused_host_are_logged_without_any_setting(tmp_path: Path) -> None:
    ours = ("STRIPE_", "DJANGO_", "TEST_", "DATABASE_URL")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    own = {
        "DJANGO_SETTINGS_MODULE": "bbs_project.settings",
        "DJANGO_ENV_FILE": os.devnull,
        "DJANGO_SECRET_KEY": "a test's",
        "DATABASE_URL": f"sqlite:///{tmp_path}/a",
        "STRIPE_SANDBOX_DATABASE": str(tmp_path / "b"),
    }

    done = subprocess.run(
        [sys.executable, "-c", BREAK],
        cwd=site.BASE_DIR,
        env=clean | own,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Traceback (most recent call last)" in done.stderr
    assert "AttributeError: 'NoneType' object has no attribute 'objects'" in done.stderr
    assert "Invalid HTTP_HOST header: 'another.example'" in done.stderr
