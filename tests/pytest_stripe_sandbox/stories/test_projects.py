"""Small legacy projects test themselves with the plugin, on the stripe-python and Django of this environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tests.pytest_stripe_sandbox.stage import COMMAND, PYTEST, environment, outcomes, project, run

# The arguments of pytest, by project: one of them shares its tests out to workers, each of which has a sandbox.
OPTIONS = {"plain": [], "board": ["-p", "xdist", "-n", "2"]}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_project_passes_its_tests(name: str, tmp_path: Path) -> None:
    variables = environment(tmp_path, settings.BASE_DIR, STRIPE_SANDBOX_COMMAND=COMMAND)
    command = [*PYTEST, "-p", "pytest_stripe_sandbox.plugin", *OPTIONS[name]]

    done = run(*command, folder=project(name, tmp_path), **variables)

    assert set(outcomes(done.stdout)) == {"passed"}, done.stdout
