"""The process does what it is asked, one errand after the other, and whoever asks hears of every end that it takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from compare.apart import process
from compare.apart.process import Died, Failed, Process


def test_an_errand_that_fails_says_why_and_the_next_one_is_done() -> None:
    with Process("tests.compare.stage.apart:fail_or_not") as apart:
        answers = apart.ask(fail=True)
        assert next(answers) == {"step": 1}
        with pytest.raises(Failed, match="RuntimeError: as ordered"):
            next(answers)

        assert list(apart.ask(fail=False)) == [{"step": 1}]

        answers = apart.ask(fail=False)
        next(answers)
        answers.close()  # nobody reads on: what is still to come is no answer to the next errand
        with pytest.raises(Died):
            list(apart.ask(fail=False))


@pytest.mark.parametrize(("work", "patience"), [("die", 60), ("hang", 0.5)])
def test_a_process_that_dies_or_takes_too_long_is_not_waited_for_and_leaves_nothing(work: str, patience: float) -> None:
    with Process(f"tests.compare.stage.apart:{work}") as apart:
        with pytest.raises(Died):
            list(apart.ask(patience))
        with pytest.raises(Died):
            list(apart.ask())
        folder = apart._premises.folder
        assert folder.exists()

    assert not folder.exists()


def test_it_is_possible_where_the_sandbox_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert process.is_possible() == (settings.BASE_DIR / "stripe_sandbox").is_dir()

    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)

    assert not process.is_possible()
