"""The content is read once, and what was read is final."""

from __future__ import annotations

import pytest
from msgspec.structs import fields

from compare.content import content, loader
from compare.content.schema import Content


def test_the_content_is_right_and_is_read_once() -> None:
    assert loader.load(loader.FOLDER) == content()
    assert content() is content()
    assert {file.stem for file in loader.FOLDER.glob("*.toml")} == {field.name for field in fields(Content)}


def test_what_was_read_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        content().glossary.terms[0].code = "x"
    assert hash(content().glossary.terms[0])
