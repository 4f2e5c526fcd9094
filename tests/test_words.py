"""The verbs of Django's and Stripe's documentation in docstrings and texts, and one Japanese term for each thing."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import pofile
from django.conf import settings

CODE = [
    "bbs",
    "bbs_project",
    "compare",
    "pytest_stripe_sandbox",
    "stripe_sandbox",
    "stripe_scan",
    "run.py",
    "tests/__main__.py",
]
CATALOGUES = [
    "locale/ja/LC_MESSAGES/django.po",
    "compare/locale/ja/LC_MESSAGES/django.po",
    "stripe_sandbox/locale/ja/LC_MESSAGES/django.po",
]
# Figures of speech, of which each has an exact verb: notify, record, queue, fix, simulate, fetch.
FIGURES = re.compile(
    r"\b(told|tells?|telling|knew|owe[sd]?|mend(s|ed|ing)?|plays?|played|whoever|nobody|somebody|anybody|of ours"
    r"|(became|becomes?|came) of|at rest|afresh|set aside|any date ahead|in short|all in all|at the most)\b",
    re.IGNORECASE,
)
# The spellings that are not ours, each beside the one that is.
SPELLINGS = {
    "ブラウザー": "ブラウザ",
    "パラメータ(?!ー)": "パラメーター",
    "3-?Dセキュア|3-D セキュア": "3D セキュア",
    "異議申し立て": "不審請求の申し立て",
    "コンビニ払い": "コンビニ決済",
    "訪問者|利用者|あなた": "お客様",
    "[二三四五六七八]つ": "2つ, 3つ …",
    "申込": "注文",
    "のでしょうか": "a statement",
    "[ぁ-んァ-ヶー一-龠][:,](?!/)": "： 、",
}
# What Stripe calls so in Japanese; in code, and in the path of a menu, it is the English name.
ENGLISH = re.compile(r"(?<![\w/.`|\[-])(webhook|Dashboard)(?![\w/.`|-])")


def docstrings(place: Path) -> Iterator[tuple[str, str]]:
    """Yield each docstring below a file or a folder, with where it is."""
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                name = getattr(node, "name", "")
                yield f"{path.relative_to(settings.BASE_DIR)}:{name}", ast.get_docstring(node) or ""


def translations() -> Iterator[tuple[str, str]]:
    """Yield each text of the interface, English and Japanese."""
    for catalogue in CATALOGUES:
        with (settings.BASE_DIR / catalogue).open("rb") as file:
            for message in pofile.read_po(file, locale="ja"):
                if message.id:
                    yield str(message.id), str(message.string)


def texts(value: object, language: str) -> Iterator[str]:
    """Yield the teaching texts in one language, wherever they are nested."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == language and isinstance(inner, str) else texts(inner, language)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, language)


def taught(language: str) -> list[str]:
    folders = ("compare/content", "stripe_scan/catalogue")
    files = [file for folder in folders for file in sorted((settings.BASE_DIR / folder).glob("*.toml"))]
    return [text for file in files for text in texts(tomllib.loads(file.read_text(encoding="utf-8")), language)]


@pytest.mark.parametrize("place", CODE)
def test_a_docstring_has_no_figure_of_speech(place: str) -> None:
    found = list(docstrings(settings.BASE_DIR / place))

    assert any(text for _where, text in found)
    assert [(where, match[0]) for where, text in found if (match := FIGURES.search(text))] == []


def test_an_english_text_has_no_figure_of_speech() -> None:
    shown = [english for english, _japanese in translations()] + taught("en")

    assert len(shown) > 900
    assert [text for text in shown if FIGURES.search(text)] == []


def prose(*names: str) -> list[str]:
    """Return the lines of these files at the root, without their code."""
    texts = [(settings.BASE_DIR / name).read_text(encoding="utf-8") for name in names]
    return [line for text in texts for line in re.sub(r"(?ms)^```.*?^```$|^    .*?$|`[^`\n]+`", "", text).splitlines()]


def test_the_documents_have_the_same_words_as_the_pages() -> None:
    english, japanese = prose("README.md", "CONTRIBUTING.md", "SECURITY.md"), prose("README.ja.md")

    assert [line for line in english if FIGURES.search(line)] == []
    assert {ours: [line for line in japanese if re.search(other, line)] for other, ours in SPELLINGS.items()} == {
        ours: [] for ours in SPELLINGS.values()
    }


def test_a_japanese_text_has_one_term_for_each_thing() -> None:
    shown = [japanese for _english, japanese in translations()] + taught("ja")

    assert len(shown) > 900
    assert {ours: [text for text in shown if re.search(other, text)] for other, ours in SPELLINGS.items()} == {
        ours: [] for ours in SPELLINGS.values()
    }
    assert [text for text in shown if ENGLISH.search(text)] == []
