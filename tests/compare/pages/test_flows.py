"""Both flows as diagrams on one time axis, and as lists."""

from __future__ import annotations

import pytest

from compare.pages.flows import Arrow, arrows


def with_a_record(flow: str) -> list[Arrow]:
    return [arrow for arrow in arrows(flow) if arrow.record]


@pytest.mark.parametrize("flow", ["legacy", "modern"])
def test_every_arrow_to_or_from_our_server_has_its_record(flow: str) -> None:
    ours = [arrow for arrow in arrows(flow) if "us" in (arrow.step.sender, arrow.step.receiver)]

    assert with_a_record(flow) == ours != []
