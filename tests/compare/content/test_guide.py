"""The entries of the migration guide."""

from __future__ import annotations

from compare.content import content


def test_a_step_has_its_number_and_its_address() -> None:
    found = {step.id: (step.number, step.url) for step in content().migrate.steps}

    assert found["take-stock"] == ("1", "/compare/migrate/take-stock/")
    assert found["saved-cards"] == ("7b", "/compare/migrate/saved-cards/")
    assert found["refunds"][0] == "11"


def test_a_step_says_what_can_go_wrong() -> None:
    assert [step.id for step in content().migrate.steps if not step.wrong] == []
