"""Databases from before the comparison pages were an app of their own: nothing in them is lost, forwards and back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.compare.stage.upgrades.fill import PAYMENT
from tests.stage import sites

BEFORE = "tests.compare.stage.upgrades.settings"
NOW = "bbs_project.settings"
READ = """
import json, django
django.setup()
from django.contrib.auth.models import User
from bbs.models import Payment, Topic
from compare.models import WireMessage
payment = Payment.objects.get()
print(json.dumps({
    "payment": [str(payment.pk), payment.status, payment.amount, Topic.objects.filter(payment=payment).count()],
    "messages": [[m.address, m.parameters, m.answer] for m in payment.messages.order_by("address")],
    "hanako": sorted(User.objects.get(username="hanako").get_all_permissions()),
    "mike": sorted(User.objects.get(username="mike").get_all_permissions()),
}))
"""
WRITE = """
import django
django.setup()
from django.utils import timezone
from bbs.models import Payment
from compare.models import WireMessage
WireMessage.objects.create(
    payment=Payment.objects.get(), kind="visit", started_at=timezone.now(), milliseconds=1, method="GET",
    address="/later/", parameters={}, answer={},
)
"""
WORK = """
import json, django
django.setup()
from stripe_sandbox import testing
from stripe_sandbox.models import StripeObject, Task
list(testing.signed_deliveries())
print(json.dumps([Task.objects.count(), StripeObject.objects.get(sid="ch_1").body["refunded"]]))
"""


class Board:
    """A board on databases of its own, run by one version or another."""

    def __init__(self, folder: Path, url: str) -> None:
        self.sandbox = folder / "sandbox.sqlite3"
        self.url = url
        ours = ("STRIPE_", "DJANGO_", "TEST_", "RECORD_", "COMPARE_", "PAYMENT_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self._environment = clean | {
            "DJANGO_ENV_FILE": os.devnull,
            "DJANGO_SECRET_KEY": "a test's",
            "DATABASE_URL": url,
            "STRIPE_SANDBOX_DATABASE": str(self.sandbox),
        }

    def python(self, *arguments: str, version: str = NOW, **environment: str) -> str:
        own = self._environment | {"DJANGO_SETTINGS_MODULE": version} | environment
        code, said = sites.run(list(arguments), own)
        assert code == 0, said
        return said

    def migrate(self, *target: str, version: str = NOW, **environment: str) -> None:
        self.python("manage.py", "migrate", "--verbosity=0", *target, version=version, **environment)

    def fill(self) -> None:
        """Make the databases by the old migrations, and fill them."""
        self.python("-m", "tests.compare.stage.upgrades.fill", version=BEFORE)

    def ask(self, code: str) -> object:
        """Return what code prints last, of which the site's own log is apart."""
        return json.loads(self.python("-c", code).splitlines()[-1])

    def read(self) -> dict[str, object]:
        return self.ask(READ)

    def rows(self, query: str) -> list[tuple]:
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    @property
    def has_messages(self) -> bool:
        name = "name FROM sqlite_master" if self.url.startswith("sqlite") else "tablename AS name FROM pg_tables"
        return ("bbs_wiremessage",) in self.rows(f"SELECT {name}")

    @property
    def owner_of_messages(self) -> list[str]:
        return [app for (app,) in self.rows("SELECT app_label FROM django_content_type WHERE model = 'wiremessage'")]


@contextmanager
def empty_board(folder: Path, name: str, template: str = "template1") -> Iterator[Board]:
    """Yield a board without a database yet: a file, or a PostgreSQL database where the tests run on one."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield Board(folder, f"sqlite:///{folder / 'board.sqlite3'}")
        return
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield Board(folder, urlsplit(server)._replace(path=f"/{name}").geturl())
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A board as the older version left it, to be copied."""
    with empty_board(tmp_path_factory.mktemp("original"), f"test_original_{os.getpid()}") as board:
        board.fill()
        yield board


@pytest.fixture
def older(original: Board, tmp_path: Path) -> Iterator[Board]:
    """A board as the older version left it."""
    name = urlsplit(original.url).path.strip("/")
    with empty_board(tmp_path, f"test_upgrade_{os.getpid()}", name) as board:
        for file in original.sandbox.parent.iterdir():
            shutil.copy(file, tmp_path)
        yield board


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    """A board without a database yet."""
    with empty_board(tmp_path, f"test_upgrade_{os.getpid()}") as board:
        yield board


WHAT_WAS_THERE = {
    "payment": [str(PAYMENT), "paid", 2000, 1],
    "messages": [[f"/v1/charges/{n}", {"amount": "2000"}, {"id": "ch_1", "名前": "•••"}] for n in range(3)],
    "hanako": ["compare.view_wiremessage"],
    "mike": ["compare.delete_wiremessage"],
}


@pytest.mark.parametrize(
    "steps", [[()], [("--fake-initial",)], [("compare", "0001"), ()]], ids=["at once", "fake initial", "in two steps"]
)
def test_an_older_database_keeps_its_payments_its_messages_and_who_may_see_them(
    older: Board, steps: list[tuple[str, ...]]
) -> None:
    for step in steps:
        older.migrate(*step)

    assert older.read() == WHAT_WAS_THERE
    assert older.owner_of_messages == ["compare"]


def test_it_goes_back_to_the_older_version_and_forward_again_with_every_row(older: Board) -> None:
    older.migrate()
    older.python("-c", WRITE)

    older.migrate("compare", "zero")

    assert older.owner_of_messages == ["bbs"]
    assert older.rows("SELECT count(*) FROM bbs_wiremessage") == [(4,)]
    older.migrate(version=BEFORE)  # finds nothing to do, and everything it needs
    assert older.owner_of_messages == ["bbs"]

    older.migrate()

    read = older.read()
    assert read.pop("messages")[0][0] == "/later/"
    assert read == {name: value for name, value in WHAT_WAS_THERE.items() if name != "messages"}


def test_permissions_that_the_older_version_granted_meanwhile_are_kept_on_the_way_back(older: Board) -> None:
    older.migrate()
    # The older version makes its content type anew where the code went back and the database did not.
    older.migrate(version=BEFORE)
    assert sorted(older.owner_of_messages) == ["bbs", "compare"]

    older.migrate("compare", "zero")

    assert older.owner_of_messages == ["bbs"]
    granted = "SELECT codename FROM auth_permission JOIN {} ON permission_id = auth_permission.id"
    assert older.rows(granted.format("auth_group_permissions")) == [("view_wiremessage",)]
    assert older.rows(granted.format("auth_user_user_permissions")) == [("delete_wiremessage",)]


def test_a_fresh_database_has_the_table_only_where_the_pages_are_installed(board: Board) -> None:
    board.migrate(COMPARE_ENABLED="off")
    assert not board.has_messages
    assert board.owner_of_messages == []

    board.migrate()
    assert board.has_messages
    assert board.owner_of_messages == ["compare"]

    board.migrate("compare", "zero")
    assert not board.has_messages


def test_the_sandboxs_file_goes_on_with_what_it_had_planned(older: Board) -> None:
    older.migrate("--database=stripe_sandbox")

    assert older.ask(WORK) == [0, True]
