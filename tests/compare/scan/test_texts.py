"""Every reason has a sentence."""

from __future__ import annotations

from compare.scan.texts import BY_COMMAND_LINE, REFUSALS, STATUS, UNREAD
from stripe_scan import apart, archives


def test_every_refusal_and_every_unread_file_has_a_sentence() -> None:
    assert set(apart.REASONS) <= REFUSALS.keys()
    assert set(archives.REASONS) <= UNREAD.keys()
    assert STATUS.keys() <= REFUSALS.keys()
    assert REFUSALS.keys() >= BY_COMMAND_LINE
