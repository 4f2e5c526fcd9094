"""Errands in, answers out: a line each."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from compare.apart.__main__ import serve


def count(to: int) -> Iterator[dict[str, Any]]:
    for number in range(to):
        yield {"number": 10 // (2 - number)}


def test_each_errand_is_done_and_one_that_fails_says_why_and_ends_no_other() -> None:
    errands, answers = io.StringIO('{"to": 1}\n{"to": 3}\n{"by": 1}\n{"to": 0}\n'), io.StringIO()

    serve(count, errands, answers)

    messages = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert messages[:4] == [{"answer": {"number": 5}}, {"done": True}, *[{"answer": {"number": n}} for n in (5, 10)]]
    assert "ZeroDivisionError" in messages[4].pop("failed")
    assert "TypeError" in messages[5].pop("failed")
    assert messages[4:] == [{}, {}, {"done": True}]
