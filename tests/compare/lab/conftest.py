"""A shop apart that all tests of the lab in one process share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compare.apart.process import Process


@pytest.fixture(scope="session")
def apart() -> Iterator[Process]:
    with Process("compare.lab.work:run") as process:
        yield process
