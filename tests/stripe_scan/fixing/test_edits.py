"""Changes by range."""

from __future__ import annotations

import ast

import pytest

from stripe_scan.fixing.edits import Edit, Places, apply, encoding_of


def test_changes_that_overlap_an_earlier_one_wait() -> None:
    edits = [Edit(4, 6, "Z", 1, "b"), Edit(0, 2, "X", 1, "a"), Edit(1, 3, "Y", 1, "a"), Edit(0, 2, "X", 1, "a")]

    assert apply("abcdefg", edits) == ("XcdZg", 2)
    assert apply("abc", [Edit(0, 1, "a", 1, "a")]) == ("abc", 0)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"x", "utf-8"),
        (b"\xef\xbb\xbfx", "utf-8"),
        ("# coding: cp932\n円".encode("cp932"), "cp932"),
        (b"\xff", None),
        (b"# coding: nonsense\n", None),
        (b"# coding: utf-7\n+AGE-", None),
    ],
)
def test_an_encoding_gives_back_the_very_same_bytes(data: bytes, encoding: str | None) -> None:
    assert encoding_of(data, is_python=True) == encoding


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_node_is_found_whatever_ends_the_lines(end: str) -> None:
    text = f"é = 1{end}'円'; b = c{end}"
    places = Places(text)

    named = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]

    assert {places.source(node) for node in named} == {"é", "b", "c"}
