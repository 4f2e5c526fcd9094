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

from compare.content import content
from compare.content.entries import OldLine, Variant

# Does not import on Pythons newer than 3.11.
OLDEST = "2.76.0"
RUN = [(line, each) for line in content().old_code.lines for each in line.variant if each.sdk]
# Stripe is an address at which no server answers: a line that gets as far as a call works.
SCRIPT = """
import json, sys, warnings
warnings.simplefilter("ignore")
import stripe
stripe.api_key, stripe.api_base, stripe.max_network_retries = "sk_test_x", "http://127.0.0.1:9", 0
made = {"id": "cs_1", "object": "checkout.session", "metadata": {}}
names = {
    "stripe": stripe,
    "json": json,
    "session": stripe.checkout.Session.construct_from(made, "sk_test_x"),
    "event": stripe.Event.construct_from({"id": "evt_1", "object": "event", "data": {"object": made}}, "sk_test_x"),
    "charge": stripe.Charge.construct_from({"id": "ch_1", "object": "charge"}, "sk_test_x"),
}
if hasattr(stripe, "StripeClient"):
    names["stripe_client"] = stripe.StripeClient("sk_test_x", base_addresses={"api": "http://127.0.0.1:9"})
try:
    exec(sys.argv[1], names)
except (AttributeError, ImportError, TypeError, LookupError, ValueError) as error:
    print(f"{type(error).__name__}: {error}")
except Exception as error:
    assert type(error).__name__ == "APIConnectionError", error
"""


def ids(case: tuple[OldLine, Variant]) -> str:
    return f"{case[0].id} {' '.join(case[1].sdk)}"


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
@pytest.mark.parametrize("case", RUN, ids=ids)
def test_an_old_line_answers_what_the_page_says_of_older_releases(
    case: tuple[OldLine, Variant], install: Callable[[str], Path]
) -> None:
    line, variant = case
    versions = [each for each in variant.sdk if each != OLDEST or sys.version_info < (3, 12)]
    answers = {}

    for version in versions:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, line.old],
            env={"PYTHONPATH": str(install(version)), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        answers[version] = done.stdout.strip()

    assert answers == dict.fromkeys(versions, variant.answer), json.dumps(answers)


def test_what_was_not_run_shows_an_answer_only_where_others_report_one() -> None:
    variants = [each for line in content().old_code.lines for each in line.variant]

    assert {each.basis for each in variants} == {"run", "changelog", "reported"}
    assert [each for each in variants if each.answer and each.basis == "changelog"] == []
    assert [each for each in variants if bool(each.sdk) != (each.basis == "run")] == []


def test_a_line_that_has_stopped_working_says_what_it_did_before() -> None:
    stopped = [line for line in content().old_code.lines if line.until]

    assert [line.id for line in stopped if not line.variant] == []
