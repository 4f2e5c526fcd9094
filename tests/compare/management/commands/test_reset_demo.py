"""`manage.py reset_demo` asks, says what it does, and refuses."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from compare import reset
from tests.compare.stage.full import fill, rows_in_the_sandbox

pytestmark = pytest.mark.django_db(databases="__all__")
THERE = "6 posts, 1 payments, 1 events, 1 recorded messages"


def run(*args: str) -> list[str]:
    out = io.StringIO()
    call_command("reset_demo", *args, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("args", [["--no-input"], []])
def test_it_says_what_it_deletes(monkeypatch: pytest.MonkeyPatch, args: list[str]) -> None:
    fill()
    monkeypatch.setattr("builtins.input", lambda question: "yes")

    assert run(*args) == [
        f"Now there: {THERE}.",
        "Sandbox: account acct_1SandboxBoard0000 was emptied.",
        f"Board: {THERE} were deleted.",
        "Samples were loaded: 5 posts, 0 payments, 0 events, 0 recorded messages.",
    ]
    assert (reset.counts()["payments"], rows_in_the_sandbox()) == (0, 0)


@pytest.mark.parametrize("answer", ["y\n", ""])
def test_another_answer_deletes_nothing(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    fill()
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    with pytest.raises(CommandError, match="Nothing was deleted"):
        run()
    assert (reset.counts()["payments"], rows_in_the_sandbox() > 1) == (1, True)


def test_the_keys_of_an_account_at_stripe_are_refused(settings) -> None:
    fill()
    settings.STRIPE_SANDBOX_ENABLED, settings.STRIPE_SECRET_KEY = False, "sk_test_x"

    with pytest.raises(CommandError, match="keys of a Stripe account"):
        run("--no-input")
    assert (reset.counts()["payments"], rows_in_the_sandbox() > 1) == (1, True)
