"""The site's settings for a shop apart, whatever this machine's environment and `.env` say."""

from __future__ import annotations

import os
from pathlib import Path

_OURS = tuple("STRIPE_ PAYMENT_ LEGACY_ DJANGO_ RECORD_ COMPARE_ DATABASE_URL EMAIL_URL BOARD_ ORDERS_ CARD_".split())
for name in [name for name in os.environ if name.startswith(_OURS)]:
    if name != "DJANGO_SETTINGS_MODULE":
        del os.environ[name]
_folder = Path(os.environ["APART_FOLDER"])
os.environ |= {
    "DATABASE_URL": os.environ["APART_DATABASE_URL"] or f"sqlite:///{(_folder / 'site.sqlite3').as_posix()}",
    "STRIPE_SANDBOX_DATABASE": str(_folder / "sandbox.sqlite3"),
    "DJANGO_ENV_FILE": os.devnull,
    "DJANGO_SECRET_KEY": os.environ["APART_SECRET"],
    "DJANGO_PAGE_CACHE": "off",  # a page of one shop is no page of the next
    "DJANGO_TASKS": "immediate",  # when a request has been answered, all that it led to is done
    "EMAIL_URL": "dummymail://",
    "BOARD_POSTS_PER_MINUTE": "0",
    "ORDERS_PER_MINUTE": "0",
    "PAYMENT_FLOW_SWITCHER": "on",
    "RECORD_WIRE": "off",
}

from bbs_project.settings import *  # noqa: E402, F403
from bbs_project.settings import DATABASES, MIDDLEWARE, SQLITE_OPTIONS, STRIPE_SANDBOX  # noqa: E402

for _database in DATABASES.values():
    # Nothing here outlives the process: no commit waits for the disk.
    _unsafe = f"{SQLITE_OPTIONS['init_command']}; PRAGMA synchronous=OFF"
    _database["CONN_MAX_AGE"] = None
    if _database["ENGINE"].endswith("sqlite3"):
        _database["OPTIONS"] = SQLITE_OPTIONS | {"init_command": _unsafe}
MIDDLEWARE = [*MIDDLEWARE, "compare.apart.shop.other_addresses"]
STRIPE_SANDBOX |= {"DELIVERIES": "manual", "CONSOLE": False}
# What goes wrong here is what the work is about; an error of its own reaches the one that asked for it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"none": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["none"]},
    "loggers": {"django": {"handlers": []}},
}
