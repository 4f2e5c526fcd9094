"""How a project without a framework points itself to the sandbox."""

from __future__ import annotations

from importlib import metadata

import pytest
import stripe


def pytest_report_header():
    return f"stripe {metadata.version('stripe')}"


@pytest.fixture(autouse=True)
def stripe_account(stripe_sandbox, monkeypatch):
    monkeypatch.setattr(stripe, "api_base", stripe_sandbox.api_base)
    monkeypatch.setattr(stripe, "api_key", stripe_sandbox.secret_key)
    monkeypatch.setattr(stripe, "max_network_retries", 0)
    return stripe_sandbox
