"""A line of code is found by what it says, exactly once."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from compare.content import lines
from compare.content.lines import line_number

MODERN = "bbs/payments/modern.py"


def test_a_line_that_is_not_there_or_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"occurs 0 times in all of bbs/payments/modern\.py"):
        line_number(MODERN, "", "no such line")
    with pytest.raises(ValueError, match="occurs 0 times in refund of"):
        line_number(MODERN, "refund", "if session and session.url:")
    with pytest.raises(ValueError, match="occurs 2 times in success of"):
        line_number("bbs/views.py", "success", "if is_own:")
    with pytest.raises(ValueError, match="occurs 0 times"):
        line_number(MODERN, "checkout", "if session and")


CODE = """\
\"\"\"A module.\"\"\"

import os

SHORT = 1
TABLE = {
    "a": 1,  # one
}


@decorated
def function():
    return 1  # why


class Class:
    def method(self):
        return 1
"""


@pytest.fixture
def module(tmp_path: Path) -> str:
    """The address of a module."""
    path = tmp_path / "module.py"
    path.write_text(CODE, encoding="utf-8")
    return str(path)


def test_a_module_is_cut_into_functions_classes_and_tables_without_a_gap(module: str) -> None:
    assert [(span.name, span.first, span.last) for span in lines.spans(module)] == [
        ("head", 1, 5),
        ("TABLE", 6, 10),
        ("function", 11, 15),
        ("Class", 16, 18),
    ]


def test_what_is_no_python_is_one_piece(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>\n</p>\n", encoding="utf-8")

    assert lines.spans(str(tmp_path / "page.html")) == (lines.Span("template", 1, 2),)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("def f(): ...", "f"),
        ("class C: ...", "C"),
        ("TABLE = (\n)", "TABLE"),
        ("TABLE: dict = {\n}", "TABLE"),
        ("SHORT = 1", ""),
        ("names = (\n)", ""),
        ("import os", ""),
        ("A.B = (\n)", ""),
    ],
)
def test_functions_classes_and_tables_of_several_lines_have_a_name(code: str, name: str) -> None:
    assert lines.name_of(ast.parse(code).body[0]) == name


@pytest.mark.parametrize(
    ("function", "line", "number"),
    [
        ("TABLE", '"a": 1,', 7),
        ("function", "@decorated", 11),
        ("function", "return 1", 13),
        ("Class", "return 1", 18),
        ("", "def function():", 12),
    ],
)
def test_a_line_is_found_without_its_indent_and_its_comment(module: str, function: str, line: str, number: int) -> None:
    assert lines.line_number(module, function, line) == number


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(OSError, match=r"nothing\.py"):
        lines.source("bbs/nothing.py")
