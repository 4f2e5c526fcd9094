"""Every text has its Japanese, and the compiled catalogue is the one of the texts."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages import mofile, pofile
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUES = [
    (("bbs", "bbs_project", "run.py", "templates", "tests/__main__.py"), "locale/ja/LC_MESSAGES/django"),
    (("compare",), "compare/locale/ja/LC_MESSAGES/django"),
    (("stripe_sandbox",), "stripe_sandbox/locale/ja/LC_MESSAGES/django"),
]
# Folders of what others wrote, and of the migration guide's small shop, which has one language.
NOT_OURS = {"vendor", "shop"}
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "ngettext_lazy": (1, 2),
}


def texts_in(place: Path) -> set[str]:
    """Return the msgids that a file uses, or a folder's Python code and templates."""
    found = set()
    for path in place.rglob("*") if place.is_dir() else [place]:
        if path.suffix not in {".py", ".html", ".txt"} or NOT_OURS & {*path.parts}:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = templatize(source)
        for _line, message, _comments, _context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found - {""}


@pytest.mark.parametrize(("folders", "catalogue"), CATALOGUES)
def test_every_text_has_its_japanese_and_none_is_left_over(folders: tuple[str, ...], catalogue: str) -> None:
    with (settings.BASE_DIR / f"{catalogue}.po").open("rb") as file:
        translated = {
            message.id if isinstance(message.id, str) else message.id[0]: message.string and not message.fuzzy
            for message in pofile.read_po(file, locale="ja")
            if message.id
        }

    used = set().union(*(texts_in(settings.BASE_DIR / folder) for folder in folders))

    assert sorted(used - translated.keys()) == []
    assert sorted(translated.keys() - used) == []
    assert [text for text, japanese in translated.items() if not japanese] == []


@pytest.mark.parametrize(("_folders", "catalogue"), CATALOGUES)
def test_the_compiled_catalogue_is_up_to_date(_folders: tuple[str, ...], catalogue: str) -> None:
    with (
        (settings.BASE_DIR / f"{catalogue}.po").open("rb") as po,
        (settings.BASE_DIR / f"{catalogue}.mo").open("rb") as mo,
    ):
        wanted = {message.id: message.string for message in pofile.read_po(po, locale="ja") if message.id}
        compiled = {message.id: message.string for message in mofile.read_mo(mo) if message.id}

    assert compiled == wanted


@pytest.mark.parametrize(("_folders", "catalogue"), CATALOGUES)
def test_japanese_has_japanese_colons(_folders: tuple[str, ...], catalogue: str) -> None:
    with (settings.BASE_DIR / f"{catalogue}.po").open("rb") as po:
        said = [message.string for message in pofile.read_po(po, locale="ja") if message.id]

    assert [text for text in said if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]:", str(text))] == []


@pytest.mark.parametrize(("_folders", "catalogue"), CATALOGUES)
def test_both_languages_say_the_same_values(_folders: tuple[str, ...], catalogue: str) -> None:
    with (settings.BASE_DIR / f"{catalogue}.po").open("rb") as po:
        texts = [(message.id, message.string) for message in pofile.read_po(po, locale="ja") if message.id]

    def values_in(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)\w|%[ds]|\{\w+\}", text))

    assert [english for english, japanese in texts if values_in(str(english)) != values_in(str(japanese))] == []


def templates() -> list[tuple[str, str]]:
    """Return the name and the source of each template that has two languages."""
    folders = [settings.BASE_DIR / name for name in ("bbs", "compare", "stripe_sandbox", "templates")]
    paths = [path for folder in folders for kind in ("html", "txt") for path in folder.rglob(f"*.{kind}")]
    found = [(path.name, path.read_text(encoding="utf-8")) for path in paths if not NOT_OURS & {*path.parts}]
    assert len(found) > 50
    return found


def test_a_translated_sentence_has_its_punctuation_within() -> None:
    after = re.compile(r"(?:endblocktranslate|translate \"[^\"]*\") %\}[.,:;]")

    assert [name for name, source in templates() if after.search(source)] == []


def test_what_stands_between_two_values_is_translated_or_of_no_language() -> None:
    translated = re.compile(r"(?s)\{% blocktrans.*?%\}.*?\{% endblocktrans\w* %\}|style=\"[^\"]*\"")
    between = re.compile(r"(?:\}\}(?:</\w+>)?|%\})[:,;] (?!<)|join:\"[,;:] ?\"")

    assert [name for name, source in templates() if between.search(translated.sub("", source))] == []
