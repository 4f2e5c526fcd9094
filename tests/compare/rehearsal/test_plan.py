"""The mix is the same for the same seed, has every kind in each hundred, and no event is invented on its way."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from compare.rehearsal.plan import CARDS, KINDS, SHARES, Weather, plans, stage_of


def test_every_hundred_visitors_are_of_all_kinds_and_the_seed_decides_their_order() -> None:
    first = plans(250, seed=1)

    assert sum(KINDS.values()) == 100
    assert Counter(first[:100]) == Counter(first[100:200]) == KINDS
    assert len(first) == 250
    assert plans(250, seed=1) == first != plans(250, seed=2)
    assert {plan.card for plan in KINDS} == set(CARDS)


@pytest.mark.parametrize("visitors", [6, 7, 100, 500])
def test_every_share_has_visitors_in_the_order_in_which_they_come(visitors: int) -> None:
    stages = [stage_of(visitor, visitors) for visitor in range(visitors)]

    assert stages == sorted(stages)
    assert set(stages) == set(range(len(SHARES)))
    assert max(Counter(stages).values()) - min(Counter(stages).values()) <= 1


def test_each_event_arrives_unchanged_once_or_twice_or_late_or_never() -> None:
    weather = Weather(random.Random(1))
    sent = [(str(number).encode(), {"Stripe-Signature": str(number)}) for number in range(1000)]

    at_once = Counter(body for batch in range(0, 1000, 4) for body, _ in weather.passing(sent[batch : batch + 4]))
    late = Counter(body for body, _headers in weather.cleared())

    arrived = at_once + late
    assert set(arrived) < {body for body, _headers in sent}
    assert len(sent) - len(arrived) == weather.counts["lost"] > 0
    assert sum(count == 2 for count in arrived.values()) == weather.counts["twice"] > 0
    assert len(late) == weather.counts["late"] > 0
    assert not at_once.keys() & late.keys()
    assert weather.counts["out of order"] > 0
    assert weather.cleared() == []


def test_what_the_shop_could_not_take_comes_again() -> None:
    weather = Weather(random.Random(1))

    weather.keep((b"{}", {}))

    assert weather.counts == {"sent again": 1}
    assert weather.cleared() == [(b"{}", {})]
