"""The options and fixtures that pytest gets: `stripe_sandbox` for a test, `stripe_sandbox_url` for a session."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from .account import Sandbox, SandboxError
from .server import NotStarted, Server, command

# Each may be given on the command line, in the environment (in capitals), and in pytest's settings; the first counts.
_OPTIONS = {
    "stripe_sandbox_command": "the command that starts the Stripe sandbox; by default stripe-sandbox, beside this "
    "Python or on the path",
    "stripe_sandbox_url": "the address of a Stripe sandbox that runs already; then none is started",
    "stripe_sandbox_deliveries": "manual (the default): a test takes the webhooks; or thread: the sandbox posts them",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, and the settings of the same names."""
    group = parser.getgroup("stripe sandbox", "the Stripe sandbox for tests")
    for name, text in _OPTIONS.items():
        group.addoption("--" + name.replace("_", "-"), dest=name, default="", help=text)
        parser.addini(name, text, default="")


def _given(config: pytest.Config, name: str) -> str:
    return config.getoption(name) or os.environ.get(name.upper(), "") or str(config.getini(name))


@pytest.fixture(scope="session")
def stripe_sandbox_url(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox for all tests of this process; with pytest-xdist each worker has one."""
    if url := _given(pytestconfig, "stripe_sandbox_url"):
        yield url.rstrip("/")
        return
    deliveries = _given(pytestconfig, "stripe_sandbox_deliveries") or "manual"
    why = ""
    try:
        words = command(_given(pytestconfig, "stripe_sandbox_command"))
        server = Server(words, tmp_path_factory.mktemp("stripe-sandbox"), deliveries)
    except NotStarted as error:
        why = str(error)
    if why:
        pytest.fail(why, pytrace=False)
    yield server.url
    server.stop()


@pytest.fixture
def stripe_sandbox(stripe_sandbox_url: str) -> Sandbox:
    """A fresh account in the sandbox: its `api_base`, keys and webhook secret, and ways to drive it."""
    try:
        return Sandbox.fresh(stripe_sandbox_url)
    except (OSError, SandboxError) as error:
        why = str(error)
    pytest.fail(f"The Stripe sandbox at {stripe_sandbox_url} does not serve: {why}", pytrace=False)
