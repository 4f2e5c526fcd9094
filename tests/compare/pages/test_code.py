"""The code pages show the code that runs: all of it, in its order, with notes that hold to their lines."""

from __future__ import annotations

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
from compare.content.lines import line_number, spans
from compare.pages import highlight
from compare.pages.call_graph import uses
from compare.pages.files import FILES
from compare.pages.side_by_side import TWINS, blocks, rows

LEGACY, MODERN = "bbs/payments/legacy.py", "bbs/payments/modern.py"
REFUND = "def refund(payment: Payment, amount: int, reason: str) -> None:"


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


def test_a_line_that_is_not_there_or_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"occurs 0 times in all of bbs/payments/modern\.py"):
        line_number(MODERN, "", "no such line")
    with pytest.raises(ValueError, match="occurs 0 times in refund of"):
        line_number(MODERN, "refund", "if session and session.url:")
    with pytest.raises(ValueError, match="occurs 2 times in success of"):
        line_number("bbs/views.py", "success", "if is_own:")
    with pytest.raises(ValueError, match="occurs 0 times"):
        line_number(MODERN, "checkout", "if session and")


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


def test_functions_of_one_name_stand_side_by_side() -> None:
    together = {row.legacy.name: row.modern.name for row in rows("") if row.legacy and row.modern}

    for name in ("head", "button", "checkout", "confirm", "refund", "taken", "PAID_EVENTS", "EVENTS", "_record"):
        assert together[name] == name
    assert together["_charge_changed"] == "_session_changed"
    assert together["_charge"] == "_create"


def test_what_is_called_alike_by_hand_exists_on_both_sides() -> None:
    names = {span.name for file in FILES for span in spans(file.path)}

    assert set(TWINS) | set(TWINS.values()) <= names


def test_only_what_differs_is_marked() -> None:
    head = next(row for row in rows("") if row.legacy and row.legacy.name == "refund")
    marked = {line.number for line in head.legacy.lines if line.differs}

    assert line_number(LEGACY, "refund", "charge=payment.charge_id,") in marked
    assert line_number(LEGACY, "refund", REFUND) not in marked


def test_each_function_leads_to_those_that_use_it() -> None:
    found = {key: [use.label for use in users] for key, users in uses().items()}

    assert "payments.checkout" in found[LEGACY, "checkout"]
    assert "payments.checkout" in found[MODERN, "checkout"]
    assert "modern.checkout" in found[MODERN, "_create"]
    assert "legacy.EVENTS" in found[LEGACY, "_charge_changed"]
    assert "views._board" in found[MODERN, "button"]


def test_no_function_of_a_flow_is_used_by_nobody() -> None:
    unused = [
        (path, span.name)
        for path in (LEGACY, MODERN)
        for span in spans(path)
        if span.name != "head" and (path, span.name) not in uses()
    ]

    assert unused == []


def test_every_class_of_the_highlighter_has_its_colour() -> None:
    styles = (settings.BASE_DIR / "compare/static/compare/compare.css").read_text(encoding="utf-8")

    assert [name for _, name in highlight.CLASSES if f".code .{name} {{ color: var(" not in styles] == []


def test_a_file_that_stands_alone_is_shown_whole() -> None:
    shown = [line.number for block in blocks("bbs/payments/ledger.py") for line in block.lines]

    assert shown == sorted(shown)
    assert len(shown) > 100
