"""Where this server is, for visitors and for this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stripe_sandbox.api import current, origin

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def _seen_as_before() -> Iterator[None]:
    before = origin.visitor(), origin.loopback()
    yield
    origin.seen(*before)


def test_it_is_where_it_was_last_seen() -> None:
    origin.seen("https://shop.example", "http://127.0.0.1:8001")
    origin.seen("https://other.example", "")

    assert (origin.visitor(), origin.loopback()) == ("https://other.example", "http://127.0.0.1:8001")


def test_while_a_request_is_answered_it_is_where_that_came_to() -> None:
    origin.seen("https://shop.example", "")

    with current.answering(origin="http://localhost:8001"):
        assert origin.visitor() == "http://localhost:8001"

    assert origin.visitor() == "https://shop.example"
