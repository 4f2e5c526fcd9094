"""Sandboxes that the plugin's own code has started: one that hands events out, and one that posts them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_stripe_sandbox import Sandbox
from pytest_stripe_sandbox.server import Server, command
from tests.pytest_stripe_sandbox.stage import COMMAND


@pytest.fixture(scope="package")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(command(COMMAND), tmp_path_factory.mktemp("manual"))
    yield server
    server.stop()


@pytest.fixture
def sandbox(started: Server) -> Sandbox:
    """A fresh account, whose events are handed out."""
    return Sandbox.fresh(started.url)


@pytest.fixture
def posting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A fresh account, whose events are posted by the sandbox itself."""
    server = Server(command(COMMAND), tmp_path_factory.mktemp("thread"), "thread")
    yield Sandbox.fresh(server.url)
    server.stop()
