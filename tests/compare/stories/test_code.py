"""The code pages show the code that runs: all of it, in its order, with notes that hold to their lines."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from compare.content import content
from compare.content.entries import Note
from compare.content.lines import spans
from compare.pages import highlight
from compare.pages.files import FILES

LEGACY, MODERN = "bbs/payments/legacy.py", "bbs/payments/modern.py"


@cache
def code_page(page: str) -> str:
    address = f"/compare/code/{page}/" if page else "/compare/code/"
    return Client().get(address, headers={"Accept-Language": "en"}).content.decode()


def shown_lines(slug: str, page: str = "") -> dict[int, str]:
    """Return the lines of a file as a visitor reads them, by their numbers."""
    found = re.findall(rf'id="{slug}-L(\d+)"><a [^>]*>\d+</a><code>(.*?)</code></div>', code_page(page))
    return {int(number): unescape(re.sub(r"<[^>]+>", "", line)) for number, line in found}


@pytest.mark.parametrize("note", content().notes.notes, ids=lambda note: note.id)
def test_a_note_is_shown_under_the_line_it_names(note: Note) -> None:
    file = next(file for file in FILES if file.path == note.path)
    line = shown_lines(file.slug, file.page)[note.number]
    below = code_page(file.page).partition(f'id="{file.slug}-L{note.number}"')[2].partition("</div>")[2]

    assert line.partition("  # ")[0].strip() == note.line
    with translation.override("en"):
        assert below.startswith(f'<p class="note">{note.text.html}')


@pytest.mark.parametrize("path", [LEGACY, MODERN])
def test_what_is_shown_is_what_runs(path: str) -> None:
    shown = shown_lines(Path(path).stem)
    text = "\n".join(shown.get(number, "") for number in range(1, max(shown) + 1))
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    running = {
        name: function.__code__
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__
    }

    compiled = compile(text, path, "exec", dont_inherit=True)

    assert len(running) > 8
    assert {each.co_name: each for each in compiled.co_consts if inspect.iscode(each)} == running


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.slug)
def test_every_line_of_a_file_is_shown_as_it_is(file) -> None:
    shown = [unescape(re.sub(r"<[^>]+>", "", line)) for line in highlight.lines(file.source, file.language)]

    assert shown == (settings.BASE_DIR / file.path).read_text(encoding="utf-8").splitlines()
    assert spans(file.path)[0].first == 1
    assert [span.first for span in spans(file.path)[1:]] == [span.last + 1 for span in spans(file.path)[:-1]]


@pytest.mark.parametrize("path", [LEGACY, MODERN])
def test_what_a_flow_takes_from_the_modules_around_it_has_a_page(path: str) -> None:
    around = {
        f"{node.module}.{alias.name}" if node.module == "bbs.payments" else node.module
        for node in ast.parse((settings.BASE_DIR / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bbs.payments")
        for alias in node.names
    }

    assert len(around) > 5
    shown = {file.path for file in FILES if file.page == file.slug}
    assert {f"{module.replace('.', '/')}.py" for module in around} <= shown
