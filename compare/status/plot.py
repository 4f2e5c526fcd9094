"""The paid orders of each day as a picture: a bar for each flow, with its number on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT, GAP = 22, 120, 6  # of one bar, of the tallest one, between days; in the units of the picture


@dataclass(frozen=True)
class Bar:
    """A flow's paid orders of a day."""

    flow: str
    count: int
    x: int
    height: float

    @property
    def y(self) -> float:
        return HEIGHT - self.height


@dataclass(frozen=True)
class Day:
    """A day, with a bar for each flow."""

    day: date
    x: int
    bars: tuple[Bar, ...]


def plot(last: date, days: int, counts: Mapping[str, Mapping[date, int]]) -> list[Day]:
    """Return the `days` days up to `last`, oldest first; `counts` has the paid orders of each day, by flow."""
    dates = [last - timedelta(days=ago) for ago in reversed(range(days))]
    most = max([1, *(by_day.get(day, 0) for by_day in counts.values() for day in dates)])
    found = []
    for number, day in enumerate(dates):
        x = number * (len(counts) * WIDTH + GAP)
        bars = (
            Bar(flow, count := by_day.get(day, 0), x + place * WIDTH, round(HEIGHT * count / most, 1))
            for place, (flow, by_day) in enumerate(counts.items())
        )
        found.append(Day(day, x, tuple(bars)))
    return found
