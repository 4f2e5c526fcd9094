"""One recorded message, as a page shows it."""

from __future__ import annotations

import json
from html import unescape

from compare.wire.step import pretty


def test_markup_in_a_message_is_shown_as_text() -> None:
    written = pretty({"a": "<script>&", "b": None, "c": [], "d": 0}, 1000)

    assert written == '{\n  "a": "&lt;script&gt;&amp;",\n  "d": 0\n}'
    assert json.loads(unescape(written)) == {"a": "<script>&", "d": 0}
    assert pretty({"long": ["x" * 50] * 50}, 100).endswith("\n…")
