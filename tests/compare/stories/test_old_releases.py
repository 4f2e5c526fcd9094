"""What the lines of older tutorials do with older releases of stripe-python, found out by running them.

pip installs these from its index, which takes a while: only with `run.py test --all`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stripe_scan.catalogue import patterns, releases

# Do not import on Pythons newer than 3.11.
OLDEST = ("1.", "2.", "3.")
EXAMPLES = [(pattern, example) for pattern in patterns() for example in pattern.example]
# The name of a case, a line, releases, and what it answers with each of them.
LINES = [
    (f"{pattern.id} {' '.join(version.sdk)}", example.before, version.sdk, version.answer)
    for pattern, example in EXAMPLES
    for version in example.version
    if version.sdk
]
BREAKS = [
    (f"{release.major} {' '.join(versions)}", change.old, versions, message)
    for release in releases()
    for change in release.change
    for versions, message in ((change.sdk, change.message), (change.before, ""))
    if versions
]
# Stripe is an address at which no server answers: a line that gets as far as a call works.
SCRIPT = """
import json, sys, warnings
warnings.simplefilter("ignore")
import stripe
DEFAULT_RETRIES = getattr(stripe, "max_network_retries", None)
stripe.api_key, stripe.api_base, stripe.max_network_retries = "sk_test_x", "http://127.0.0.1:9", 0
made = {"id": "cs_1", "object": "checkout.session", "metadata": {}}
names = {
    "stripe": stripe,
    "json": json,
    "DEFAULT_RETRIES": DEFAULT_RETRIES,
    "event": stripe.Event.construct_from({"id": "evt_1", "object": "event", "data": {"object": made}}, "sk_test_x"),
    "charge": stripe.Charge.construct_from({"id": "ch_1", "object": "charge"}, "sk_test_x"),
}
if hasattr(stripe, "checkout"):
    names["session"] = stripe.checkout.Session.construct_from(made, "sk_test_x")
if hasattr(stripe, "StripeClient"):
    names["stripe_client"] = stripe.StripeClient("sk_test_x", base_addresses={"api": "http://127.0.0.1:9"})
try:
    exec(sys.argv[1], names)
except (AttributeError, ImportError, TypeError, LookupError, ValueError, AssertionError) as error:
    print(f"{type(error).__name__}: {error}")
except Exception as error:
    assert type(error).__name__ == "APIConnectionError", error
"""


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what installs a release of stripe-python into a folder of its own, once."""
    root = tmp_path_factory.mktemp("releases")

    def install(version: str) -> Path:
        if not (root / version).exists():
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-compile"]
            subprocess.run([*pip, "--no-deps", f"--target={root / version}", f"stripe=={version}"], check=True)
        return root / version

    return install


@pytest.mark.matrix
@pytest.mark.parametrize("case", LINES + BREAKS, ids=lambda case: case[0])
def test_an_old_line_answers_what_the_page_says_of_older_releases(
    case: tuple[str, str, tuple[str, ...], str], install: Callable[[str], Path]
) -> None:
    _name, line, named, answer = case
    versions = [each for each in named if not each.startswith(OLDEST) or sys.version_info < (3, 12)]
    answers = {}

    for version in versions:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, line],
            env={"PYTHONPATH": str(install(version)), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        answers[version] = done.stdout.strip()

    assert answers == dict.fromkeys(versions, answer), json.dumps(answers)


def test_a_release_says_what_is_run_and_what_is_from_the_changelog() -> None:
    changes = [change for release in releases() for change in release.change]

    assert {change.basis for change in changes} == {"run", "changelog"}
    assert len([change for change in changes if change.basis == "run"]) > 15
