"""The site in another process, on settings of its own, whatever this machine and this run of the tests have set."""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
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
# What a command of the site is made of, besides the project's own modules.
PACKAGES = """babel crispy_bootstrap5 crispy_forms csp django django_tasks django_tasks_db environ msgspec psycopg
psycopg_binary pygments requests stripe urllib3 waitress whitenoise""".split()


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
    return run(list(arguments), environment(folder, **more))


def manage(folder: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Run `manage.py`; return its exit code, and all that it printed."""
    return python(folder, "manage.py", *arguments, **more)


def run(arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run Python in the tree with this environment alone: code, a module or a file, as its command line names them."""
    if not hasattr(os, "fork") or arguments[0] not in ("-c", "-m", "manage.py"):
        return _started(arguments, environment)
    with tempfile.NamedTemporaryFile() as output:
        errand = {"arguments": arguments, "environment": environment, "output": output.name}
        print(json.dumps(errand), file=_warm().stdin, flush=True)
        if not select.select([_warm().stdout], [], [], PATIENCE)[0]:
            os.killpg(_warm().pid, signal.SIGKILL)
            _warm.cache_clear()
            raise subprocess.TimeoutExpired(arguments, PATIENCE)
        return int(_warm().stdout.readline()), output.read().decode()


def _started(arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout


@functools.cache
def _warm() -> subprocess.Popen[str]:
    """Start the process that forks, once for each process of the tests, and let it end with that one."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.stage.warm"],
        cwd=settings.BASE_DIR,
        env=environment(Path(), DJANGO_SETTINGS_MODULE=""),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    print(json.dumps([name for name in sys.modules if name.partition(".")[0] in PACKAGES]), file=process.stdin)
    atexit.register(process.communicate)
    return process
