"""What is read from the environment is checked at once, and refused in a sentence that says what to do."""

from __future__ import annotations

import os
from pathlib import Path

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from bbs_project import environment


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the readers take for the environment."""
    values: dict[str, str] = {}
    monkeypatch.setattr(environment.env, "ENVIRON", values)
    return values


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The real environment, of which nothing stays that a test adds."""
    monkeypatch.setattr(os, "environ", values := {})
    monkeypatch.setattr(environ.Env, "ENVIRON", values)
    monkeypatch.setattr(environment.env, "ENVIRON", {})
    return values


def test_a_file_adds_to_the_environment_which_wins(loaded: dict[str, str], tmp_path: Path) -> None:
    loaded["ONE"], file = " given ", tmp_path / "settings"
    file.write_text("# a comment\n\nONE=written\nexport TWO='two'\nTHREE=\n", encoding="utf-8")

    environment.load(str(file), tmp_path / ".env")

    assert [environment.text(name, default="-") for name in ("ONE", "TWO", "THREE")] == ["given", "two", "-"]


def test_the_usual_file_need_not_be_there_and_a_named_one_must(loaded: dict[str, str], tmp_path: Path) -> None:
    environment.load(None, tmp_path / ".env")

    with pytest.raises(ImproperlyConfigured, match="DJANGO_ENV_FILE is '/none': there is no such file"):
        environment.load("/none", tmp_path / ".env")


@pytest.mark.parametrize("line", ["STRIPE_SECRET_KEY sk_live_1", "STRIPE_SECRET_KEY = sk_live_1", " A=sk_live_1", "-"])
def test_a_line_that_sets_nothing_is_named_by_its_number(loaded: dict[str, str], tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"ONE=1\n{line}\n")

    with pytest.raises(ImproperlyConfigured, match=r"\.env, line 2: write NAME=value") as refused:
        environment.load(None, tmp_path / ".env")

    assert "sk_live" not in str(refused.value)


def test_a_file_that_is_no_text_is_refused(loaded: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe")

    for file in (tmp_path / ".env", tmp_path):
        with pytest.raises(ImproperlyConfigured, match="cannot be read: it must be a text file in UTF-8"):
            environment.load(str(file), file)


def test_a_text_is_taken_as_it_is_written(given: dict[str, str]) -> None:
    given["DJANGO_SECRET_KEY"] = "$ecret"

    assert environment.text("DJANGO_SECRET_KEY") == "$ecret"
    assert environment.text("ANOTHER") == ""


@pytest.mark.parametrize(
    ("written", "read"), [("on", True), ("Yes", True), ("1", True), ("off", False), ("FALSE", False), ("0", False)]
)
def test_a_switch_is_on_or_off(given: dict[str, str], written: str, read: bool) -> None:
    given["A_SWITCH"] = written

    assert environment.switch("A_SWITCH", default=not read) is read


def test_a_switch_that_is_neither_is_refused(given: dict[str, str]) -> None:
    given["A_SWITCH"] = "maybe"

    with pytest.raises(ImproperlyConfigured, match="A_SWITCH is 'maybe': set it to on or off, or leave it out"):
        environment.switch("A_SWITCH", default=True)


def test_a_number_is_a_whole_one(given: dict[str, str]) -> None:
    given["A_NUMBER"] = "12"

    assert environment.number("A_NUMBER", default=10) == 12
    assert environment.number("ANOTHER_NUMBER", default=10) == 10


@pytest.mark.parametrize("written", ["many", "-1", "1.5", "9" * 5000])
def test_what_is_no_whole_number_is_refused(given: dict[str, str], written: str) -> None:
    given["A_NUMBER"] = written

    with pytest.raises(ImproperlyConfigured, match="set it to a whole number, or leave it out for 10"):
        environment.number("A_NUMBER", default=10)


@pytest.mark.parametrize(
    ("written", "read"),
    [("a.example", ["a.example"]), (" a.example , [::1],, ", ["a.example", "[::1]"]), ("", ["us"])],
)
def test_several_values_are_trimmed_at_the_commas(given: dict[str, str], written: str, read: list[str]) -> None:
    given["VALUES"] = written

    assert environment.several("VALUES", default=["us"]) == read


def test_commas_alone_name_nothing(given: dict[str, str]) -> None:
    given["VALUES"] = " , ,"

    with pytest.raises(ImproperlyConfigured, match="VALUES is ' , ,', which names nothing"):
        environment.several("VALUES", default=["us"])


def test_a_word_is_one_of_some(given: dict[str, str]) -> None:
    given["A_WORD"] = "later"

    assert environment.one_of("ANOTHER", default="now", choices=["now", "soon"]) == "now"
    with pytest.raises(ImproperlyConfigured, match="A_WORD is 'later': set it to now or soon, or leave it out"):
        environment.one_of("A_WORD", default="now", choices=["now", "soon"])


@pytest.mark.parametrize("written", ["Mars/Olympus", "America", "../etc", "9" * 5000])
def test_a_time_zone_is_one_of_this_machines(given: dict[str, str], written: str) -> None:
    assert environment.time_zone("ANOTHER", default="Asia/Tokyo") == "Asia/Tokyo"

    given["A_ZONE"] = written
    with pytest.raises(ImproperlyConfigured, match=r"A_ZONE is .*: set it to a time zone such as Asia/Tokyo"):
        environment.time_zone("A_ZONE", default="Asia/Tokyo")


def test_a_sqlite_file_is_in_a_folder(tmp_path: Path) -> None:
    for good in (str(tmp_path / "new.sqlite3"), ":memory:", "here.sqlite3"):
        assert environment.sqlite_file("A_FILE", good) == good
    for bad in (str(tmp_path / "none" / "new.sqlite3"), str(tmp_path)):
        with pytest.raises(ImproperlyConfigured, match=r"A_FILE is to be the file .*: there is no folder for it"):
            environment.sqlite_file("A_FILE", bad)


def test_without_an_address_the_database_is_a_file_whatever_its_folder_is_called(given: dict[str, str]) -> None:
    found = environment.database("A_DATABASE", default=Path("/my+shop %41/db.sqlite3"))

    assert found == {"ENGINE": "django.db.backends.sqlite3", "NAME": "/my+shop %41/db.sqlite3"}


def test_a_database_is_read_from_its_address(given: dict[str, str]) -> None:
    given["A_DATABASE"] = "postgres://board:s%2Fcret@db.example:5433/board?conn_max_age=60"

    found = environment.database("A_DATABASE", default=Path("x"))

    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.postgresql", "board")
    assert (found["HOST"], found["PORT"], found["PASSWORD"]) == ("db.example", 5433, "s/cret")
    assert found["CONN_MAX_AGE"] == 60


@pytest.mark.parametrize(
    "written",
    ["hunter2", "//u:hunter2@h/d", "postgres://u:hunter2@h:x/d", "postgres://[hunter2", "mysql://u:hunter2@h/d"],
)
def test_what_is_no_address_of_a_database_is_refused_and_not_shown(given: dict[str, str], written: str, capfd) -> None:
    given["A_DATABASE"] = written

    with pytest.raises(ImproperlyConfigured, match="A_DATABASE is not the address of a database: set it to") as refused:
        environment.database("A_DATABASE", default=Path("x"))

    assert "hunter2" not in str(refused.value) + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "written", ["hunter2", "smtp://", "smtp://u:hunter2@[", "smtp://u:hunter2@h:x", "foo://hunter2"]
)
def test_what_does_not_say_how_mail_is_sent_is_refused_and_not_shown(given: dict[str, str], written: str) -> None:
    given["MAIL"] = written

    with pytest.raises(ImproperlyConfigured, match="MAIL does not say how mail is sent: set it to") as refused:
        environment.email("MAIL", default="consolemail://")

    assert "hunter2" not in str(refused.value)


def test_mail_is_printed_or_sent(given: dict[str, str]) -> None:
    given["MAIL"] = "smtp+tls://board:secret@mail.example:587"

    assert environment.email("ANOTHER", default="consolemail://")["EMAIL_BACKEND"].endswith("console.EmailBackend")
    assert environment.email("MAIL", default="consolemail://")["EMAIL_HOST"] == "mail.example"


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = environment.local_secret(tmp_path / "secret")

    assert len(first) >= 50
    assert environment.local_secret(tmp_path / "secret") == first
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert environment.local_secret(tmp_path / "another") != first


def test_a_secret_that_cannot_be_kept_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"DJANGO_SECRET_KEY is not set, and none can be kept in .*: set it"):
        environment.local_secret(tmp_path / "none" / "secret")


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://js.stripe.com/v3/", "https://js.stripe.com"),
        ("http://127.0.0.1:12111", "http://127.0.0.1:12111"),
        ("http://[::1]:80/x", "http://[::1]:80"),
        *((address, "") for address in ("/checkout.js", "", "http://[", "http://h:99999", "ftp://h", "http://h;x")),
    ],
)
def test_an_origin_is_that_of_an_absolute_address(address: str, origin: str) -> None:
    assert environment.origin(address) == origin


@pytest.mark.parametrize(
    ("command", "alone"),
    [
        ("runserver", True),
        ("runserver 8080", True),
        ("runserver --noreload --skip-checks 127.0.0.1:8000", True),
        ("runserver localhost:8000", True),
        ("runserver [::1]:8000", True),
        ("runserver 0.0.0.0:8000", False),
        ("runserver 0:8000", False),
        ("runserver [::]:8000", False),
        ("runserver 192.168.1.5:8000", False),
        ("runserver 127.0.0.1.example:8000", False),
        ("serve", True),
        ("serve 8080", True),
        ("serve 127.0.0.1:8000", True),
        ("serve [::1]:8000", True),
        ("serve 0.0.0.0:8000", False),
        ("serve [::]:8000", False),
        ("serve 192.168.1.5:8000", False),
        ("serve 127.0.0.1:8000 0.0.0.0:8000", False),
        ("sandbox", False),
        ("", False),
    ],
)
def test_only_a_server_of_ours_on_a_loopback_address_serves_this_machine_alone(command: str, alone: bool) -> None:
    assert environment.serves_this_machine_alone(["manage.py", *command.split()]) is alone
