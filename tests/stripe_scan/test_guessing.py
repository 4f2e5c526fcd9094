"""As what a pasted text is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripe_scan import files
from stripe_scan.guessing import name_for
from tests.stripe_scan.stage.cases import FOLDER, cases


@pytest.mark.parametrize(
    ("given_name", "read_as"),
    [
        ("views.py", "views.py"),
        (" shop/views.py ", "views.py"),
        ("C:\\shop\\views.py", "views.py"),
        ("../../etc/views.py", "views.py"),
        ("pay.html", "pay.html"),
        ("requirements-dev.txt", "requirements-dev.txt"),
        ("notes", "pasted.py"),
        ("notes.docx", "pasted.py"),
        ("", "pasted.py"),
        ("x" * 200 + ".py", "pasted.py"),
        ("a\x1b\u202e.py", "a.py"),
    ],
)
def test_a_name_that_says_what_it_is_counts(given_name: str, read_as: str) -> None:
    assert name_for("import stripe\n", given_name) == read_as


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("import stripe\nstripe.api_key = 1\n", "pasted.py"),
        ("try:\n    pay()\nexcept stripe.error.CardError, e:\n    print e\n", "pasted.py"),
        (
            "    charge = stripe.Charge.create(\n        amount=1,\n    )\n    if charge.paid:\n        done(\n",
            "pasted.py",
        ),
        ("stripe.Charge.create(amount=1)\n", "pasted.py"),
        ("{% load static %}\n<form method=post></form>\n", "pasted.html"),
        ("<script src='https://checkout.stripe.com/checkout.js' class='stripe-button'></script>\n", "pasted.html"),
        ("<!doctype html>\n<script>var a = 1;</script>\n", "pasted.html"),
        ("var handler = StripeCheckout.configure({\n  key: 'pk',\n});\n", "pasted.js"),
        ("const stripe = Stripe('pk');\nstripe.redirectToCheckout({sessionId}).then((r) => r);\n", "pasted.js"),
        ("$('#pay').on('click', function (e) {\n  handler.open({});\n});\n", "pasted.js"),
        ("stripe==2.42.0\n", "requirements.txt"),
        ("# payments\nDjango>=2.2,<3\nstripe==2.42.0  # old\nrequests\n", "requirements.txt"),
        ('[project]\ndependencies = ["stripe==2"]\n', "pyproject.toml"),
        ("<?php\n\\Stripe\\Charge::create([]);\n", "pasted.php"),
        ("require 'stripe'\n\ndef pay\n  Stripe::Charge.create(amount: 1)\nend\n", "pasted.rb"),
        (".stripe-button-el {\n  display: none;\n}\n", "pasted.css"),
        ("Dear all, we take payments with Stripe.", "pasted.html"),
        ("", "pasted.html"),
    ],
)
def test_without_a_name_it_is_guessed(text: str, read_as: str) -> None:
    assert name_for(text) == read_as


ALL = [case for path in sorted(FOLDER.glob("*.txt")) for case in cases(path.stem)]


def test_nine_in_ten_of_the_cases_are_read_as_what_they_are() -> None:
    kinds = [(files.kinds(case.path), files.kinds(name_for(case.text))) for case in ALL if files.kinds(case.path)]

    assert sum(own == guessed for own, guessed in kinds) / len(kinds) > 0.9


@given(st.text(), st.text())
def test_any_text_has_a_name_that_the_scanner_reads(text: str, name: str) -> None:
    found = name_for(text, name)

    assert files.kinds(found)
    assert "/" not in found
    assert found.isprintable()


@pytest.mark.parametrize("text", ["(" * 30_000, "-" * 30_000, "{%" * 20_000, "a=" * 20_000, "\0" * 100])
def test_a_nasty_text_has_one_too(text: str) -> None:
    assert files.kinds(name_for(text))
