"""What the sandbox alone keeps from one run to the next: its database, and the secret that signs its webhooks."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.crypto import salted_hmac


def default_database() -> Path:
    """Return the SQLite file that is used where none is named: in the folder where programs of this user keep state.

    https://specifications.freedesktop.org/basedir-spec/latest/ on Linux, the systems' own places elsewhere.
    """
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    return folder / "stripe-sandbox" / "sandbox.sqlite3"


def prepare(database: Path) -> None:
    """Create the folder of the default database. Raises CommandError where a named one has no folder to be in."""
    try:
        if database == default_database():
            database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CommandError(f"{database.parent} cannot be created ({error.strerror}): give --database.") from error
    if database.is_dir() or not database.absolute().parent.is_dir():
        raise CommandError(f"--database is to be the file {str(database)!r}: there is no folder for it.")


def key(database: Path) -> str:
    """Return DJANGO_SECRET_KEY, or the random key that belongs to a database, in a file beside it, made on first use.

    Raises CommandError where it cannot be kept.
    """
    if given := os.environ.get("DJANGO_SECRET_KEY", "").strip():
        return given
    file = database.with_name(f"{database.name}.key")
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    except OSError as error:
        raise CommandError(f"No key can be kept in {file} ({error.strerror}): give another --database.") from error
    made = secrets.token_hex(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(made)
    return made


def webhook_secret(secret_key: str) -> str:
    """Return the secret that signs webhooks, derived from a key as the site derives that of its sandbox."""
    return "whsec_" + salted_hmac("stripe_sandbox.webhook", "secret", secret_key, algorithm="sha256").hexdigest()
