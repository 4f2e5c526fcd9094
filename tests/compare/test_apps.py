"""The teaching texts are read at the start, and a mistake in them stops it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps

from compare.content import content, loader
from compare.content.errors import ContentError
from tests.compare.stage.spoiled import replace


def test_the_site_does_not_start_with_a_mistake_in_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace(folder, "glossary.toml", 'era = "tokens"', 'era = "token"')
    monkeypatch.setattr("compare.content.FOLDER", folder)
    content.cache_clear()
    try:
        with pytest.raises(ContentError, match=r"glossary\.toml, token: era is 'token'"):
            apps.get_app_config("compare").ready()
    finally:
        monkeypatch.undo()
        content.cache_clear()
    assert content() == loader.load(loader.FOLDER)


def test_the_content_is_read_when_the_site_starts() -> None:
    content.cache_clear()

    apps.get_app_config("compare").ready()

    assert content.cache_info().currsize == 1
