"""Measure how the time of each regular expression grows with the text it reads.

    python bench/patterns.py [--n 1000]

Every expression of the code that sees text from outside is found by reading the code, and run over texts that are made
to keep it busy, of n, 2n, 4n and 8n characters, as if nothing had cut them. Shown is the text that took longest, in
microseconds, with each time's ratio to the one before: about 2 is linear, 4 is quadratic. What comes from outside is
cut before, as `tests/test_patterns.py` proves: the last column is the time of the longest text that any of them reads.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from tests.stage.patterns import Found, found  # noqa: E402
from tests.test_patterns import FROM_INSIDE, LATER, MOST  # noqa: E402

PIECES = [
    "http://",
    "a",
    "A",
    "0",
    " ",
    "-",
    ".",
    "@",
    "/",
    "[",
    "]",
    "][",
    "\n",
    "a@",
    "a.",
    "@a.",
    "0 ",
    "0-",
    "a ",
    "x_",
    "あ",
]
BEFORE, AFTER = ["", "1", "a@", "http://"], ["", "!", "@", "\x00", "]", " x"]


def texts(one: Found) -> Iterator[tuple[str, str, str]]:
    """Yield what texts are made of: a beginning, a piece to repeat, and an end on which a match fails late."""
    words = re.findall(r"[A-Za-z_]{2,}(?:://|=)?", one.pattern)
    yield from itertools.product(BEFORE, dict.fromkeys([*PIECES, *words, *(f"{word}a" for word in words)]), AFTER)


def microseconds(one: Found, text: str) -> float:
    """Return the shortest of three runs."""
    pattern, taken = re.compile(one.pattern, one.flags), []
    for _ in range(3):
        began = time.perf_counter()
        for function in one.functions:
            if function.startswith("sub"):
                pattern.sub("", text)
            else:
                getattr(pattern, function)(text)
        taken.append(time.perf_counter() - began)
    return min(taken) * 1_000_000


def made(parts: tuple[str, str, str], length: int) -> str:
    before, piece, after = parts
    return before + (piece * length)[: max(0, length - len(before) - len(after))] + after


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1000, help="characters of the shortest text")
    n = parser.parse_args().n
    print(f"{'µs at':<46}{n:>9,}{2 * n:>9,}{4 * n:>9,}{8 * n:>9,}  {'ratios':<18}{'longest':>16}")
    for one in found():
        if str(one.path) in FROM_INSIDE:
            continue
        worst = max(texts(one), key=lambda parts: microseconds(one, made(parts, 4 * n)))
        taken = [microseconds(one, made(worst, n * times)) for times in (1, 2, 4, 8)]
        ratios = " ".join(f"{after / before:.1f}" for before, after in itertools.pairwise(taken))
        last = microseconds(one, made(worst, LATER.get(str(one.path), MOST)))
        print(
            f"{f'{one.path}:{one.line}':<46}"
            + "".join(f"{us:>9,.0f}" for us in taken)
            + f"  {ratios:<18}{last:>16,.0f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
