"""Any bytes can be a file: none ends a run, and none takes longer than its length."""

from __future__ import annotations

import ast
import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_scan import files, fixing
from stripe_scan.rules.project import Project
from stripe_scan.scanning import Options, hits_in

PATHS = ("a.py", "a.html", "a.js", "a.css", "requirements.txt", "poetry.lock", "setup.py", "Pipfile", "a.php")
# What code is made of here, so that some of what is drawn goes deep.
WORDS = r"""
stripe Charge .create( ) error e str(e) request.POST [ ] 'stripeToken' * 100 = amount : , ** { } def f( return
import from as try: except finally: class self. <script > </script <!-- --> {% %} {{ }} {# #} " ' ` // /* */ #
\ é f' == 2.0
stripe-scan: ignore[ checkout.stripe.com data-bitcoin= bitcoin: true, payment_method_types=['card'] card=t .all()
stripe.checkout.Session.create( .retrieve(a,b) line_items=[
"""
PIECES = st.sampled_from(
    [*WORDS.split(), " ", "\n", "\n    ", "\r\n", "\t", "\0", "import stripe\n", "except stripe.error.E as e:"]
)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def scan(path: str, data: bytes) -> None:
    with contextlib.suppress(files.Unreadable):
        hits_in(source(path), data, Project())


def source(path: str) -> files.Source:
    return files.Source(Path(path), path, files.kinds(path))


@QUICK
@given(st.sampled_from(PATHS), st.binary(max_size=300))
def test_no_bytes_end_a_run(path: str, data: bytes) -> None:
    scan(path, b"stripe" + data)
    scan(path, data + b"stripe")


@QUICK
@given(st.sampled_from(PATHS), st.lists(PIECES, max_size=40))
def test_no_pieces_of_code_end_a_run(path: str, pieces: list[str]) -> None:
    scan(path, "stripe {}".format("".join(pieces)).encode())


@QUICK
@given(st.lists(PIECES, max_size=30).map("".join))
def test_a_fix_is_whole_and_is_the_last(text: str) -> None:
    data = f"import stripe\n{text}".encode()
    try:
        once, _count = fixing.fixed(source("a.py"), data, Options())
        again, count = fixing.fixed(source("a.py"), once, Options())
    except files.Unreadable:
        return

    assert (again, count) == (once, 0)
    if once != data:
        ast.parse(once)


LONG = [
    ("a.py", "import stripe\nx = " + "*".join(["100"] * 3000)),
    ("a.py", "import stripe\n" + "a" + ".b" * 3000),
    ("a.py", "import stripe\n" + "".join(f"x{n + 1} = {{**x{n}, **x{n}}}\n" for n in range(3000))),
    ("a.py", "import stripe\n" + "stripe.Charge.create(**k)\nk['a'] = 1\n" * 3000),
    ("a.py", "stripe\n" + "x = = 1\n" * 10_000),
    ("a.py", "stripe (" * 20_000),
    ("a.py", "import stripe\nx = " + "f(" * 90 + ")" * 90 + "\n" + "y = str(e)\n" * 5000),
    ("a.js", "stripe /*" + "*" * 200_000),
    ("a.js", "stripe\n" + "'" * 4000 + "\n" * 100_000),
    ("a.js", "stripe\n" + "amount * 100;\n" * 10_000),
    ("a.js", "stripe.x(" * 500 + "\n" + "redirectToCheckout(({[" * 200),
    ("a.html", "stripe\n" + "<a {{" * 30_000),
    ("a.html", "stripe\n" + "<script\n" * 30_000),
    ("a.html", "stripe\n" + "<a b='{%\n" * 30_000),
    ("a.html", "stripe\n" + "{% comment %}\n{#\n" * 20_000),
    ("requirements.txt", "stripe\n" + "=<>[](\n" * 50_000),
    ("poetry.lock", "stripe\n" + 'name = "stripe"\n' * 30_000),
]


@pytest.mark.parametrize(("path", "text"), LONG, ids=[f"{path}-{text[7:30]!r}" for path, text in LONG])
def test_a_long_file_takes_no_longer_than_its_length(path: str, text: str) -> None:
    begun = time.process_time()

    scan(path, text.encode())

    # No measurement: the longest takes a second, and with the square of its length it would take minutes.
    assert time.process_time() - begun < 30
