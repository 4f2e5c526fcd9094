"""The options and the fixtures, in a pytest of its own."""

from __future__ import annotations

import textwrap
from pathlib import Path

from django.conf import settings

from pytest_stripe_sandbox.server import Server
from tests.pytest_stripe_sandbox.stage import COMMAND, PYTEST, environment, outcomes, run

TESTS = """
keys = set()

def test_first(stripe_sandbox, stripe_sandbox_url):
    assert stripe_sandbox.api_base == stripe_sandbox_url
    keys.add(stripe_sandbox.secret_key)

def test_second(stripe_sandbox):
    keys.add(stripe_sandbox.secret_key)
    assert len(keys) == 2
"""


def passed_with(folder: Path, *options: str, ini: str = "", **variables: str) -> str:
    """Run two tests that use the fixture; returns what pytest printed."""
    (folder / "test_it.py").write_text(TESTS)
    (folder / "pytest.ini").write_text(f"[pytest]\n{ini}")
    found = environment(folder, settings.BASE_DIR, **variables)
    return run(*PYTEST, "-p", "pytest_stripe_sandbox.plugin", *options, folder=folder, **found).stdout


def test_the_command_may_be_named_in_pytests_settings(tmp_path: Path) -> None:
    assert outcomes(passed_with(tmp_path, ini=f"stripe_sandbox_command = {COMMAND}")) == {"passed": 2}


def test_the_environment_counts_before_the_settings_and_the_command_line_before_both(tmp_path: Path) -> None:
    ini = "stripe_sandbox_command = /from/ini"
    variables = {"STRIPE_SANDBOX_COMMAND": "/from/environment"}

    by_variable = passed_with(tmp_path, ini=ini, **variables)
    by_option = passed_with(tmp_path, "--stripe-sandbox-command=/from/option", ini=ini, **variables)

    assert "There is no command '/from/environment'" in by_variable
    assert "There is no command '/from/option'" in by_option
    assert outcomes(by_option) == {"errors": 2}
    assert "Traceback" not in by_variable + by_option


def test_a_sandbox_that_runs_already_is_used(tmp_path: Path, started: Server) -> None:
    printed = passed_with(tmp_path, f"--stripe-sandbox-url={started.url}/", STRIPE_SANDBOX_COMMAND="/not/used")

    assert outcomes(printed) == {"passed": 2}


def test_one_that_does_not_answer_is_said(tmp_path: Path) -> None:
    printed = passed_with(tmp_path, STRIPE_SANDBOX_URL="http://127.0.0.1:1")

    assert "The Stripe sandbox at http://127.0.0.1:1 does not serve: " in printed
    assert outcomes(printed) == {"errors": 2}


def test_the_sandbox_may_post_the_webhooks_itself(tmp_path: Path) -> None:
    ini = f"stripe_sandbox_command = {COMMAND}\nstripe_sandbox_deliveries = thread"
    test = """
    import pytest
    from pytest_stripe_sandbox import SandboxError

    def test_it(stripe_sandbox):
        stripe_sandbox.post_webhooks_to("http://127.0.0.1:1/")
        with pytest.raises(SandboxError):
            stripe_sandbox.webhooks()
    """
    (tmp_path / "test_posting.py").write_text(textwrap.dedent(test))

    assert outcomes(passed_with(tmp_path, ini=ini)) == {"passed": 3}


def test_pytest_describes_the_options(tmp_path: Path) -> None:
    printed = passed_with(tmp_path, "--help")

    for name in ("command", "url", "deliveries"):
        assert f"--stripe-sandbox-{name}" in printed
        assert f"stripe_sandbox_{name}" in printed
