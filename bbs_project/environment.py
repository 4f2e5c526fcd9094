"""Readers of settings from the environment and `.env`: each refuses nonsense in a sentence that says what to do.

A value that may hold a password or a key is never quoted in that sentence.
"""

from __future__ import annotations

import os
import re
import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

env = environ.Env()

SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
MAIL_SERVERS = ("smtp", "smtps", "smtp+tls", "smtp+ssl")


def load(named: str | None, usual: Path) -> None:
    """Read a file of settings, the usual one unless another is named; a variable of the environment wins over its line.

    Raises ImproperlyConfigured for a named file that cannot be read, and for a line that sets nothing.
    """
    file = Path(named) if named else usual
    if named and not file.exists():
        raise ImproperlyConfigured(f"DJANGO_ENV_FILE is {named!r}: there is no such file.")
    if file.exists():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(f"{file} cannot be read: it must be a text file in UTF-8.") from None
        for number, line in enumerate(lines, start=1):
            if line and not re.match(r"#|(export )?\w+=", line):
                raise ImproperlyConfigured(f"{file}, line {number}: write NAME=value, without spaces around the name.")
        env.read_env(file)
    # An empty value means the default, and spaces around one mean nothing.
    env.ENVIRON = {name: value.strip() for name, value in os.environ.items() if value.strip()}


def text(name: str, *, default: str = "") -> str:
    """Read a setting as it is written: django-environ would take one that begins with $ for another's name."""
    return env.ENVIRON.get(name, default)


def switch(name: str, *, default: bool) -> bool:
    """Read a setting that is on or off. Raises ImproperlyConfigured for anything else."""
    value = text(name, default=str(default)).lower()
    if value not in (*env.BOOLEAN_TRUE_STRINGS, "false", "off", "no", "n", "0"):
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to on or off, or leave it out.")
    return value in env.BOOLEAN_TRUE_STRINGS


def number(name: str, *, default: int) -> int:
    """Read a whole number of nine digits at most. Raises ImproperlyConfigured for anything else."""
    value = text(name, default=str(default))
    if not value.isdecimal() or len(value) > 9:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a whole number, or leave it out for {default}.")
    return int(value)


def several(name: str, *, default: list[str]) -> list[str]:
    """Read values that are separated by commas; spaces around one, and one that is empty, mean nothing.

    Raises ImproperlyConfigured for commas alone.
    """
    written = text(name, default="")
    values = [value for part in written.split(",") if (value := part.strip())]
    if written and not values:
        raise ImproperlyConfigured(f"{name} is {written!r}, which names nothing: give values, or leave it out.")
    return values or default


def one_of(name: str, *, default: str, choices: list[str]) -> str:
    """Read one of some words. Raises ImproperlyConfigured for another."""
    value = text(name, default=default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to {' or '.join(choices)}, or leave it out.")
    return value


def time_zone(name: str, *, default: str) -> str:
    """Read a time zone. Raises ImproperlyConfigured for one that this machine does not have."""
    value = text(name, default=default)
    try:
        zoneinfo.ZoneInfo(value)
    except (LookupError, ValueError, OSError):  # the latter for the folder of a continent
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a time zone such as Asia/Tokyo.") from None
    return value


def sqlite_file(name: str, value: str) -> str:
    """Return the path of a SQLite file. Raises ImproperlyConfigured where SQLite could not make one."""
    path = Path(value)
    if value != ":memory:" and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise ImproperlyConfigured(f"{name} is to be the file {value!r}: there is no folder for it.")
    return value


def database(name: str, *, default: Path) -> dict[str, Any]:
    """Read a database's address; without one it is a SQLite file. Raises ImproperlyConfigured for what is none."""
    url = text(name, default="")
    if not url:
        return {"ENGINE": SQLITE, "NAME": str(default)}
    scheme, separator, _rest = url.partition("://")
    try:
        found = env.db_url_config(url) if separator and scheme in DATABASE_SCHEMES else {}
    except ValueError:
        found = {}
    if not found.get("NAME"):
        raise ImproperlyConfigured(
            f"{name} is not the address of a database: set it to sqlite:///file or "
            "postgres://user:password@host:port/name, or leave it out for a SQLite file."
        )
    if found["ENGINE"] == SQLITE:
        sqlite_file(name, str(found["NAME"]))
    return found


def email(name: str, *, default: str) -> dict[str, Any]:
    """Read how mail is sent, as Django's EMAIL_ settings. Raises ImproperlyConfigured for what is no address."""
    url = text(name, default=default)
    scheme = url.partition("://")[0]
    try:
        found = env.email_url_config(url) if scheme in env.EMAIL_SCHEMES else {}
    except ValueError:
        found = {}
    if not found or (scheme in MAIL_SERVERS and not found["EMAIL_HOST"]):
        raise ImproperlyConfigured(
            f"{name} does not say how mail is sent: set it to smtp+tls://user:password@host:587, "
            "or leave it out to print mails."
        )
    return found


def local_secret(path: Path) -> str:
    """Return the secret kept in `path`, made on first use: a demo needs no setting, and no two demos share one.

    Raises ImproperlyConfigured where it cannot be kept.
    """
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(
            f"DJANGO_SECRET_KEY is not set, and none can be kept in {path} ({error.strerror}): set it."
        ) from None
    return path.read_text(encoding="ascii")


def origin(url: str) -> str:
    """Return `scheme://host:port` of an absolute address; "" for a path of our own, and for what is no address."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises ValueError for a port that there cannot be)
    except ValueError:
        return ""
    is_one = parts.scheme in ("http", "https") and re.fullmatch(
        r"([\w.-]+|\[[\da-fA-F:.]+\])(:\d+)?", parts.netloc, re.ASCII
    )
    return f"{parts.scheme}://{parts.netloc}" if is_one else ""


def serves_this_machine_alone(command: list[str]) -> bool:
    """Return whether a command serves on a loopback address alone; what other servers listen on is not known here."""
    bound = [host for word in command[2:] if (host := re.match(r"(.+):\d+$", word))]
    is_loopback = all(re.fullmatch(r"localhost|127\.[\d.]+|\[::1\]", host[1]) for host in bound)
    return command[1:2] in (["serve"], ["runserver"]) and is_loopback
