"""The guide's small shop: every state passes its own tests against the sandbox, and each patch leads to the next."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from compare.content.values import GUIDE_STEPS
from compare.migrate import states
from tests.pytest_stripe_sandbox.stage import environment, outcomes, pip, run

# The states whose tests mock stripe-python: Django runs them, and no sandbox is asked.
MOCKED = ("start", "take-stock", "raise-sdk")
# Each state's tests are its predecessor's and a few more: on other versions of Python and Django these are enough.
SAMPLE = (states.START, "tests", states.OPTIONAL, GUIDE_STEPS[-1])
STATES = [
    pytest.param(state, marks=[] if state in SAMPLE else pytest.mark.once) for state in (states.START, *GUIDE_STEPS)
]
PLUGINS = ["-p", "pytest_django.plugin", "-p", "pytest_stripe_sandbox.plugin", "-p", "no:cacheprovider"]
LIVE = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], Path]:
    """Return what writes a state into a folder of its own."""

    def write(state: str) -> Path:
        folder = tmp_path / "my-shop"
        for path, text in states.files(state).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        return folder

    return write


def pinned(state: str) -> str:
    """Return the one release of stripe-python that a state names; empty where it takes newer ones, as they are here."""
    lines = states.files(state)["requirements.txt"].splitlines()
    return next((line for line in lines if line.startswith("stripe==")), "")


def own_tests(folder: Path, sandbox: str, *packages: Path) -> tuple[dict[str, int], str]:
    """Run a state's own tests, with these folders of packages; return how many passed, failed, and what was printed."""
    variables = environment(folder, *packages, settings.BASE_DIR, STRIPE_SANDBOX_URL=sandbox)
    if (folder / "pytest.ini").exists():
        done = run(sys.executable, "-m", "pytest", *PLUGINS, folder=folder, **variables)
        # A Django that is newer than the shop warns of what it is about to change.
        counts = {name: count for name, count in outcomes(done.stdout).items() if not name.startswith("warning")}
        return counts, done.stdout
    done = run(sys.executable, "manage.py", "test", folder=folder, **variables)
    return {"passed" if done.returncode == 0 else "failed": done.stdout.count("... ok") or 1}, done.stdout


@LIVE
@pytest.mark.parametrize("state", STATES)
def test_a_state_passes_its_own_tests(state: str, project: Callable[[str], Path], site: str) -> None:
    found, printed = own_tests(project(state), site)

    assert set(found) == {"passed"}, printed


@LIVE
@pytest.mark.matrix
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the oldest release imports on Python 3.11 and older alone")
@pytest.mark.parametrize("state", [state for state in (states.START, *GUIDE_STEPS) if pinned(state)])
def test_a_state_passes_its_own_tests_on_the_release_that_it_names(
    state: str, project: Callable[[str], Path], site: str, tmp_path: Path
) -> None:
    folder, library = project(state), tmp_path / "library"
    pip("install", "--no-deps", f"--target={library}", pinned(state))
    ask = run(
        sys.executable, "-c", "import stripe; print(stripe.version.VERSION)", folder=folder, PYTHONPATH=str(library)
    )

    found, printed = own_tests(folder, site, library)

    assert f"stripe=={ask.stdout.strip()}" == pinned(state)
    assert set(found) == {"passed"}, printed


def test_the_oldest_release_is_that_of_the_states_before_it_is_raised() -> None:
    assert [state for state in (states.START, *GUIDE_STEPS) if pinned(state)] == [states.START, "take-stock"]


@pytest.mark.parametrize("state", [states.START, "columns", "refunds"])
def test_a_state_has_the_migrations_of_its_models(state: str, project: Callable[[str], Path]) -> None:
    folder = project(state)

    done = run(
        sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", folder=folder, **environment(folder)
    )

    assert done.returncode == 0, done.stdout


@LIVE
def test_mocks_pass_on_the_newer_release_while_the_refund_fails(project: Callable[[str], Path], site: str) -> None:
    folder = project("take-stock")
    assert set(own_tests(folder, site)[0]) == {"passed"}

    for path, text in states.files("tests").items():
        if path in ("conftest.py", "pytest.ini", "shop/tests.py"):
            (folder / path).write_text(text, encoding="utf-8")
    found, printed = own_tests(folder, site)

    assert found == {"failed": 1, "passed": 2}
    assert "AttributeError: refund" in printed


@pytest.mark.parametrize("step", GUIDE_STEPS)
def test_the_patch_of_a_step_leads_to_its_state(step: str, project: Callable[[str], Path]) -> None:
    folder = project(states.before(step))
    patch = "".join(f"{line}\n" for file in states.differences(step) for line in file.lines)

    subprocess.run(["git", "apply", "--unsafe-paths", "-"], cwd=folder, input=patch, text=True, check=True)

    found = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert patch
    assert found == states.files(step)


def test_a_shop_with_saved_cards_goes_on_with_the_same_patches() -> None:
    touched = {file.path for file in states.differences(states.OPTIONAL)}
    later = GUIDE_STEPS[GUIDE_STEPS.index(states.OPTIONAL) + 1 :]

    assert touched.isdisjoint(file.path for step in later for file in states.differences(step))


def test_a_difference_counts_its_lines_and_marks_them() -> None:
    (file,) = states.differences("take-stock")

    assert (file.path, file.added, file.removed) == ("shop/views.py", 1, 1)
    assert [kind for kind, _line in file.marked if kind] == ["place"] * 3 + ["minus", "plus"]
