"""The site in another process, on settings of its own, whatever this machine and this run of the tests have set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.stage import stripe_side

OURS = (
    "STRIPE_",
    "PAYMENT_",
    "DJANGO_",
    "LEGACY_",
    "BOARD_",
    "ORDERS_",
    "CARD_",
    "RECORD_",
    "COMPARE_",
    "DATABASE_URL",
    "EMAIL_URL",
    "TEST_",
    "PYTEST_",
)
PATIENCE = 120  # seconds that a command may take


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a site on its defaults, but with its databases in `folder`, and these settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    own = {
        "DJANGO_ENV_FILE": os.devnull,
        "DJANGO_SECRET_KEY": "a test's",
        "DJANGO_SETTINGS_MODULE": "bbs_project.settings",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
    }
    return clean | own | stripe_side.environment(folder) | more


def python(folder: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Run Python in the tree; return its exit code, and all that it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment(folder, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout


def manage(folder: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Run `manage.py`; return its exit code, and all that it printed."""
    return python(folder, "manage.py", *arguments, **more)
