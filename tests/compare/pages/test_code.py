"""The code pages show the code that runs: all of it, in its order, with notes that hold to their lines."""

from __future__ import annotations

import importlib
import inspect
import re
from html import unescape

import pytest
from django.conf import settings

from compare.pages import highlight
from compare.pages.call_graph import uses
from compare.pages.files import BY_PATH, FILES, line_of, spans
from compare.pages.notes import NOTES, TWINS, Note
from compare.pages.overview import PHASES
from compare.pages.side_by_side import blocks, rows

LEGACY, MODERN = "bbs/payments/legacy.py", "bbs/payments/modern.py"
EACH_NOTE = [(path, note) for path, notes in NOTES.items() for note in notes]


@pytest.mark.parametrize(("path", "note"), EACH_NOTE, ids=[f"{path}: {note.snippet}" for path, note in EACH_NOTE])
def test_a_note_stands_beside_code_that_is_there_once(path: str, note: Note) -> None:
    assert line_of(path, note.snippet)


@pytest.mark.parametrize("flow", ["legacy", "modern"])
def test_every_arrow_of_the_diagram_has_its_line_of_code(flow: str) -> None:
    steps = [step for phase in PHASES for step in getattr(phase, flow)]

    assert len(steps) >= 8
    assert all(line_of(step.path, step.snippet) for step in steps if step.snippet)
    assert [step for step in steps if step.knows][0:1]


def test_code_that_is_not_there_or_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="0 times"):
        line_of(MODERN, "no such line")
    with pytest.raises(ValueError, match="must be there once"):
        line_of(MODERN, "payment")


@pytest.mark.parametrize("path", [LEGACY, MODERN])
def test_what_is_shown_is_what_runs(path: str) -> None:
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))

    assert BY_PATH[path].source == inspect.getsource(module)


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

    assert line_of(LEGACY, "charge=payment.charge_id,") in marked
    assert line_of(LEGACY, "def refund(") not in marked


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
