"""The site's own settings, on databases of the tests' own, whatever this machine's environment and `.env` say.

Stripe is simulated by the sandbox in this process; or, with TEST_STRIPE_API_BASE and TEST_STRIPE_WEBHOOK_SECRET, by a
`manage.py sandbox --deliveries manual` that runs elsewhere, and that no other test run uses meanwhile.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_LEFT_OVER = ("STRIPE_", "PAYMENT_", "LEGACY_", "DJANGO_", "RECORD_", "COMPARE_", "DATABASE_URL", "EMAIL_URL")
_LEFT_OVER += ("BOARD_", "ORDERS_", "CARD_")
for name in [name for name in os.environ if name.startswith(_LEFT_OVER)]:
    if name != "DJANGO_SETTINGS_MODULE":
        del os.environ[name]
os.environ["DJANGO_ENV_FILE"] = os.devnull
os.environ["DJANGO_SECRET_KEY"] = "the tests' own"
os.environ["PAYMENT_FLOW_SWITCHER"] = "on"
os.environ["DJANGO_TASKS"] = "immediate"  # what a test looks for was done when the answer is there
for name in ("STRIPE_API_BASE", "STRIPE_WEBHOOK_SECRET"):
    os.environ[name] = os.environ.get(f"TEST_{name}", "")

from bbs_project.environment import env  # noqa: E402
from bbs_project.settings import *  # noqa: E402, F403
from bbs_project.settings import (  # noqa: E402
    DATABASES,
    POSTGRESQL_OPTIONS,
    SQLITE_OPTIONS,
    STRIPE_HTTP_CLIENT,
    STRIPE_SANDBOX_ENABLED,
)

if url := os.environ.get("TEST_DATABASE_URL"):
    # A power cut may have the tests' data: no commit waits for the disk.
    _options = POSTGRESQL_OPTIONS | {"options": "-c synchronous_commit=off"}
    DATABASES["default"] = env.db_url_config(url) | {"OPTIONS": _options}

# A process that a test starts works on the databases of that test: see `tests.stage.processes`.
_names = json.loads(os.environ.get("TEST_DATABASES", "{}"))
if not _names:
    # Databases in files, as in real life: a server's threads and the tests then have connections of their own.
    _folder = Path(tempfile.mkdtemp(prefix="board-tests-"))
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _alias, _database in DATABASES.items():
    _kind = _database["ENGINE"].rpartition(".")[2]
    _is_file = _kind == "sqlite3"
    if _kind in ("sqlite3", "postgresql"):
        _database["ENGINE"] = f"tests.stage.{_kind}"
    if _is_file:
        # A power cut may have the tests' data.
        _unsafe = f"{SQLITE_OPTIONS['init_command']}; PRAGMA synchronous=OFF"
        _database["OPTIONS"] = SQLITE_OPTIONS | {"init_command": _unsafe}
    if _names:
        _database["NAME"] = _names[_alias]
    else:
        # Two runs at once do not meet in one database.
        _name = _folder / f"{_alias}.sqlite3" if _is_file else f"test_board_{os.getpid()}"
        _database["TEST"] = {"NAME": str(_name)}

if not (STRIPE_SANDBOX_ENABLED or os.environ["STRIPE_API_BASE"]):
    raise ImproperlyConfigured(
        "There is no Stripe for the tests: start `manage.py sandbox --deliveries manual` where the sandbox is, and "
        "give its address as TEST_STRIPE_API_BASE and the webhook secret that it prints as TEST_STRIPE_WEBHOOK_SECRET."
    )
# Where Stripe is, if not at the site's own address, and how the site reaches it: see `tests.stage.stripe_side`.
TEST_STRIPE_API_BASE = "" if STRIPE_SANDBOX_ENABLED else STRIPE_API_BASE  # noqa: F405
TEST_STRIPE_CLIENT = STRIPE_HTTP_CLIENT or "stripe.RequestsClient"
if STRIPE_SANDBOX_ENABLED:
    STRIPE_SANDBOX |= {"DELIVERIES": "manual", "CONSOLE": False}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
