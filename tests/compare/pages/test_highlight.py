"""Code is highlighted by classes of our own, line by line."""

from __future__ import annotations

from django.conf import settings

from compare.pages import highlight


def test_every_class_of_the_highlighter_has_its_colour() -> None:
    styles = (settings.BASE_DIR / "compare/static/compare/compare.css").read_text(encoding="utf-8")

    assert [name for _, name in highlight.CLASSES if f".code .{name} {{ color: var(" not in styles] == []
