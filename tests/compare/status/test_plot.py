"""The picture of the paid orders."""

from __future__ import annotations

from datetime import date

from compare.status.plot import HEIGHT, plot

LAST = date(2026, 3, 1)


def test_the_tallest_bar_is_the_day_with_most_and_others_are_in_proportion() -> None:
    counts = {"legacy": {LAST: 4}, "modern": {date(2026, 2, 28): 1, date(2026, 2, 1): 99}}

    days = plot(LAST, 3, counts)

    assert [day.day.isoformat() for day in days] == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert [[(bar.flow, bar.count, bar.height) for bar in day.bars] for day in days[1:]] == [
        [("legacy", 0, 0), ("modern", 1, HEIGHT / 4)],
        [("legacy", 4, HEIGHT), ("modern", 0, 0)],
    ]
    assert [bar.y for bar in days[2].bars] == [0, HEIGHT]
    left = [bar.x for day in days for bar in day.bars]
    assert left == sorted(set(left))


def test_without_orders_there_is_no_bar() -> None:
    assert {bar.height for day in plot(LAST, 14, {"legacy": {}, "modern": {}}) for bar in day.bars} == {0}
