"""The shop taken alone, for a project that needs neither the comparison pages nor the sandbox in its tree."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests
from django.apps import apps

from tests.bbs_project.stage import Fork, Server, free_port
from tests.stage.people import VISA, Visitor

pytestmark = pytest.mark.fork

# What the comparison pages record has had both names.
OTHERS_TABLES = {"bbs_wiremessage", "compare_wiremessage"}


@pytest.fixture(scope="module")
def site(fork: Fork) -> Iterator[str]:
    """The address of the shop, set up and served as its README says."""
    environment = fork.site(DATABASE_URL=f"sqlite:///{fork.folder}/served.sqlite3", PAYMENT_FLOW_SWITCHER="on")
    fork.run(environment, "manage.py", "setup")
    port = free_port()
    server = Server.start(fork.folder, environment, "Serving", "serve", f"127.0.0.1:{port}")
    # Not 127.0.0.1, where the sandbox is: a browser does not distinguish the cookies of two ports.
    yield f"http://localhost:{port}"
    server.stop()


def test_it_holds_nothing_of_the_others(fork: Fork) -> None:
    assert (fork.folder / "bbs").is_dir()
    assert [name for name in ("compare", "stripe_sandbox") if (fork.folder / name).exists()] == []


def test_its_settings_pass_every_check(fork: Fork) -> None:
    assert "no issues" in fork.run(fork.site(), "manage.py", "check")


def test_it_keeps_the_house_rules_once_the_contracts_of_the_others_are_out(fork: Fork) -> None:
    project = fork.folder / "pyproject.toml"
    head, *contracts = project.read_text(encoding="utf-8").split("[[tool.importlinter.contracts]]\n")
    kept = [each for each in contracts if each.startswith(('id = "shop-layers"', 'id = "twins"', 'id = "no-circles"'))]
    text = "[[tool.importlinter.contracts]]\n".join([head, *kept])
    text = re.sub(r"(?m)^(root_packages|ancestors) = .*", r'\1 = ["bbs"]', text)
    project.write_text(text, encoding="utf-8")

    assert "All checks passed" in fork.run(fork.site(), "-m", "ruff", "check", ".")
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    assert "3 kept, 0 broken" in fork.run(fork.site(), "-c", lint, "--no-cache")


def test_it_lacks_no_migration(fork: Fork) -> None:
    assert "No changes" in fork.run(fork.site(), "manage.py", "makemigrations", "--check", "--dry-run")


def test_a_fresh_database_has_no_table_of_the_others(fork: Fork) -> None:
    fork.run(fork.site(), "manage.py", "migrate", "--verbosity=0")

    with closing(sqlite3.connect(fork.folder / "db.sqlite3")) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    models = [model for app in ("compare", "stripe_sandbox") for model in apps.get_app_config(app).get_models()]
    assert "bbs_payment" in tables
    assert tables & (OTHERS_TABLES | {model._meta.db_table for model in models}) == set()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_it_takes_a_payment_and_its_webhooks(fork: Fork, sandbox: Server, site: str, flow: str) -> None:
    visitor = Visitor(site, "en", fork.stripe)
    visitor.switch_flow(flow)
    order = visitor.see_order()

    if flow == "legacy":
        receipt = visitor.post("/checkout/", {"order": order, **visitor.enter_card(VISA)})
    else:
        receipt = visitor.pay_on_stripes_page(visitor.post("/checkout/", {"order": order}), VISA)

    assert "Paid ¥2,000" in receipt.text
    assert receipt.url.startswith(f"{site}/payments/")
    assert set(deliver(fork, sandbox, site)) == {200}
    assert "New order: T-shirt." in visitor.get("/").text


def deliver(fork: Fork, sandbox: Server, site: str) -> list[int]:
    """Bring Stripe's events to the site, and return how each was answered."""
    headers = {"Authorization": f"Bearer {sandbox.value('secret key')}"}
    url = f"{fork.stripe}/sandbox/control/deliveries/"
    form = headers | {"Content-Type": "application/x-www-form-urlencoded"}
    found = requests.post(url, "", headers=form, timeout=30).json()["deliveries"]
    return [
        requests.post(f"{site}/webhook/", each["body"].encode(), headers=each["headers"], timeout=30).status_code
        for each in found
    ]


# In two parts, so that two workers can share them.
@pytest.mark.parametrize("part", [["tests/bbs/stories"], ["tests/bbs", "--ignore=tests/bbs/stories"]], ids=" ".join)
def test_its_own_tests_pass(fork: Fork, part: list[str]) -> None:
    environment = fork.environment(TEST_STRIPE_API_BASE=fork.stripe, TEST_STRIPE_WEBHOOK_SECRET=fork.secret)

    said = fork.run(environment, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", *part)

    assert " passed" in said
    assert "skipped" not in said
