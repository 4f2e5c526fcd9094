"""The board and the sandbox know nothing of each other: settings alone bring them together."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings


def imported_packages(package: str) -> set[str]:
    """Return the top-level packages that a package's modules import, wherever in the module they do."""
    found = set()
    for path in (settings.BASE_DIR / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize(("package", "other"), [("bbs", "stripe_sandbox"), ("stripe_sandbox", "bbs")])
def test_neither_package_imports_the_other(package: str, other: str) -> None:
    imported = imported_packages(package)

    assert "django" in imported
    assert other not in imported


def test_no_line_of_the_board_asks_whether_it_is_the_sandbox() -> None:
    code = [path for folder in ("bbs", "templates") for path in (settings.BASE_DIR / folder).rglob("*.*")]
    questions = re.compile(r"sandbox_enabled|installed_apps|is_installed|get_app_config")

    def asks(path: Path) -> bool:
        is_code = path.suffix in {".py", ".html", ".js"} and "vendor" not in path.parts
        return is_code and bool(questions.search(path.read_text(encoding="utf-8").lower()))

    assert not [path.name for path in code if asks(path)]


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
