"""What a rule finds: one hit for each line and rule."""

from __future__ import annotations

from stripe_scan.findings import Hit, strongest


def test_the_surest_hit_of_a_line_and_rule_stays() -> None:
    hits = [Hit(2, "plan", "low"), Hit(1, "plan"), Hit(2, "plan", "medium"), Hit(2, "list-all")]

    assert strongest(hits) == [Hit(1, "plan"), Hit(2, "list-all"), Hit(2, "plan", "medium")]
