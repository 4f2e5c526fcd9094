"""A database file of an older version goes on with what was in it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ENDPOINT = (
    "INSERT INTO stripe_sandbox_stored VALUES ({seq}, '{sid}', 'webhook_endpoint', 1, '{{}}', '{{}}', 0, {columns})"
)
DELIVERY = (
    "INSERT INTO stripe_sandbox_delivery VALUES ({id}, 'evt_{id}', 'charge.succeeded', '{to}', '{state}', 5, 1, '')"
)


def migrate(database: Path, *to: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--database=stripe_sandbox", "--verbosity=0", *to]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "DJANGO_"))}
    environ = clean | {"DJANGO_ENV_FILE": os.devnull, "STRIPE_SANDBOX_DATABASE": str(database)}
    subprocess.run(command, check=True, cwd=settings.BASE_DIR, env=environ)


def test_deliveries_on_their_way_go_on_to_their_endpoints(tmp_path: Path) -> None:
    migrate(tmp_path / "old.sqlite3", "stripe_sandbox", "0001")
    with sqlite3.connect(tmp_path / "old.sqlite3") as old:
        for seq, sid in ((7, "we_a"), (9, "we_b")):
            old.execute(ENDPOINT.format(seq=seq, sid=sid, columns=", ".join(["''"] * 5)))
        for pk, to, state in ((1, "we_b", "pending"), (2, "we_a", "succeeded"), (3, "we_gone", "pending")):
            old.execute(DELIVERY.format(id=pk, to=to, state=state))
    old.close()

    migrate(tmp_path / "old.sqlite3")

    new = sqlite3.connect(tmp_path / "old.sqlite3")
    found = new.execute("SELECT account, event, endpoint_seq, state, due FROM stripe_sandbox_delivery ORDER BY id")
    assert found.fetchall() == [
        (1, "evt_1", 9, "pending", 5),
        (1, "evt_2", 7, "succeeded", 5),
        (1, "evt_3", 0, "failed", 5),
    ]
    new.close()
