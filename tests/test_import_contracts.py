"""Which part may import which: the contracts of `pyproject.toml` hold, and each of them notices when it is broken."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

CONTRACTS = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
# For each contract, a module and an import in it that it must refuse.
BROKEN = [
    ("shop", "bbs/money.py", "import compare.apps"),
    ("shop", "bbs/checks.py", "import stripe_sandbox.conf"),
    ("shop", "bbs/forms.py", "import stripe_scan.catalogue"),
    ("school", "compare/pages/views.py", "import stripe_sandbox.testing"),
    ("sandbox", "stripe_sandbox/models.py", "from bbs import models as shop"),
    ("sandbox", "stripe_sandbox/conf.py", "import compare.content"),
    ("plugin", "pytest_stripe_sandbox/server.py", "import stripe_sandbox.conf"),
    ("scanner", "stripe_scan/catalogue/entries.py", "import django.conf"),
    ("scanner", "stripe_scan/catalogue/reading.py", "import compare.content"),
    ("plugin-layers", "pytest_stripe_sandbox/web.py", "import pytest_stripe_sandbox.account"),
    ("shop-layers", "bbs/models/payment.py", "import bbs.payments.ledger"),
    ("twins", "bbs/payments/legacy.py", "import bbs.payments.modern"),
    ("school-layers", "compare/pages/views.py", "import compare.wire.story"),
    ("sandbox-layers", "stripe_sandbox/cards/__init__.py", "import stripe_sandbox.dashboard"),
    ("no-circles", "compare/wire/story.py", "import compare.wire.diagram"),
    ("no-circles", "stripe_sandbox/webhooks/posting.py", "import stripe_sandbox.webhooks.deliveries"),
]


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    named = [word for contract in contracts for word in ("--contract", contract)]
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", *named]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The Python of the three parts, and their contracts, to be broken."""
    for package in CONTRACTS["root_packages"]:
        for module in (settings.BASE_DIR / package).rglob("*.py"):
            there = tmp_path / module.relative_to(settings.BASE_DIR)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(module, there)
    shutil.copy(settings.BASE_DIR / "pyproject.toml", tmp_path)
    return tmp_path


def test_each_contract_is_broken_on_purpose_below() -> None:
    assert {contract["id"] for contract in CONTRACTS["contracts"]} == {contract for contract, *_ in BROKEN}


def test_the_contracts_hold() -> None:
    assert f"Contracts: {len(CONTRACTS['contracts'])} kept, 0 broken." in lint(settings.BASE_DIR).stdout


@pytest.mark.parametrize(("contract", "module", "line"), BROKEN)
def test_a_contract_notices_an_import_that_breaks_it(copy: Path, contract: str, module: str, line: str) -> None:
    with (copy / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")

    broken = lint(copy, contract)

    assert broken.returncode == 1, broken.stdout
    assert "1 broken" in broken.stdout


def test_no_line_of_the_shop_names_the_comparison_pages_or_the_sandbox() -> None:
    code = [path for folder in ("bbs", "templates") for path in (settings.BASE_DIR / folder).rglob("*.*")]
    texts = {path: path.read_text(encoding="utf-8") for path in code if path.suffix in {".py", ".html", ".js", ".css"}}

    assert len(texts) > 50
    words = ("stripe_sandbox", "sandbox_enabled", "installed_apps", "is_installed", "get_app_config")
    for word in (*words, "compare:", "compare/", "compare_enabled", "recorder"):
        assert [path.name for path, text in texts.items() if word in text.lower()] == []


def test_only_the_payments_package_reads_the_flow_setting_and_only_the_client_the_secret_key() -> None:
    readers = {"PAYMENT_FLOW": set(), "STRIPE_SECRET_KEY": set()}
    for path in (settings.BASE_DIR / "bbs").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in readers and path.name != "checks.py":
                readers[node.attr].add(path.relative_to(settings.BASE_DIR / "bbs").as_posix())

    assert readers == {
        "PAYMENT_FLOW": {"payments/__init__.py", "management/commands/welcome.py"},
        "STRIPE_SECRET_KEY": {"payments/client.py"},
    }
