"""stripe-python in process, a record that is there at once, a payment, and a copy of the content."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from bbs.models import Payment, Product
from compare.apart.process import Process
from compare.content import loader
from compare.wire import middleware, recorder
from stripe_sandbox.transport import InProcessClient
from tests.compare.stage.messages import payment_in


@pytest.fixture
def api(db: None) -> stripe.StripeClient:
    """stripe-python's client with the secret key."""
    return stripe.StripeClient("sk_test_sandbox", http_client=InProcessClient())


@pytest.fixture
def stored_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store before the answer is sent, so that a test finds what it looks for."""
    monkeypatch.setattr(middleware, "store_after", lambda response, recorded: recorder.store(recorded))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content to spoil."""
    for file in loader.FOLDER.glob("*.toml"):
        shutil.copy(file, tmp_path)
    return tmp_path


@pytest.fixture
def payment(products: dict[str, Product]) -> Payment:
    """A payment that no visitor has made: its record is empty."""
    made = payment_in("modern", product=products["t-shirt"])
    made.save()
    return made


@pytest.fixture(scope="session")
def apart() -> Iterator[Process]:
    """A shop apart for scenarios of the lab, which all tests of this process share: it takes seconds to start."""
    with Process("compare.lab.work:run") as process:
        yield process
