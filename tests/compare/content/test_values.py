"""The values that a field may have."""

from __future__ import annotations

import msgspec
import pytest

from compare.content.text import Text
from compare.content.values import Date, Kebab, Path, TestPath, Url


def test_a_text_of_the_greatest_length_is_read() -> None:
    text = {"en": "a" * 1_000, "ja": "あ" * 1_000}

    assert msgspec.convert(text, Text).en == text["en"]


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (Kebab, ["a", "three-d-secure", "2013"], ["", "A", "a-", "a--b", "a_b", "a\n"]),
        (Url, ["https://stripe.com/", "http://arches.io"], ["stripe.com", "https://", "https://a b", "javascript:1"]),
        (
            TestPath,
            ["tests/a/test_b.py::test_c", "tests/a.py::C::d"],
            ["tests/a.py", "test_b.py::c", "tests/a.py::b c"],
        ),
        (Path, ["bbs/a.py", "templates/a-b.html", "a.js"], ["a.css", "../a.py", "a"]),
        (Date, ["2019-04", "2019-04-09"], ["", "2019", "2026-09-30.endive"]),
    ],
    ids="Kebab Url TestPath Path Date".split(),
)
def test_a_value_has_its_form_from_the_first_letter_to_the_last(kind: type, right: list[str], wrong: list[str]) -> None:
    assert [msgspec.convert(value, kind) for value in right] == right
    for value in wrong:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(value, kind)
