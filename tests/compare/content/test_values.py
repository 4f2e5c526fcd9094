"""The values that a field may have."""

from __future__ import annotations

import msgspec

from compare.content.text import Text


def test_a_text_of_the_greatest_length_is_read() -> None:
    text = {"en": "a" * 1_000, "ja": "あ" * 1_000}

    assert msgspec.convert(text, Text).en == text["en"]
