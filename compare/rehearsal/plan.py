"""What each visitor of a rehearsal will do and meet: a mix that is the same for the same seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

# The percentages of visitors who get the modern flow, one after the other: up, back once, and up again.
SHARES = (0, 10, 50, 100, 10, 100)

VISA = "4242424242424242"
# https://docs.stripe.com/testing
CARDS = {
    "visa": VISA,
    "declined": "4000000000000002",
    "no funds": "4000000000009995",
    "3-D Secure": "4000002760003184",
    "disputed": "4000000000000259",
    "inquiry": "4000000000001976",
    "refund pending": "4000000000007726",
    "refund fails": "4000000000005126",
}


@dataclass(frozen=True)
class Plan:
    """One visitor; an empty text is what this visitor does not meet.

    `card` is a key of CARDS. `konbini` is how an e-mail address begins that decides whether a voucher is paid, for
    visitors who are offered one; in the legacy flow the card is used instead.
    """

    card: str = "visa"
    konbini: str = ""
    gives_up: bool = False  # after a decline; others try another card
    fails_challenge: bool = False  # of 3-D Secure
    tab: str = ""  # when it is closed: "before" the payment, or "after" it
    presses_twice: bool = False
    waits: bool = False  # keeps the form open until the share has changed
    fault: str = ""  # of Stripe's API while the order is sent: a value of its header Sandbox-Fault
    staff: str = ""  # what staff does later: "refund", "part", or "dashboard", which is Stripe's own


# A hundred visitors: how many of each kind. Nobody's figures; chosen so that each kind is there in a hundred.
KINDS: dict[Plan, int] = {
    Plan(): 36,
    Plan(presses_twice=True): 4,
    Plan(waits=True): 6,
    Plan(tab="before"): 5,
    Plan(tab="after"): 7,
    Plan(card="declined"): 4,
    Plan(card="no funds", gives_up=True): 3,
    Plan(card="3-D Secure"): 6,
    Plan(card="3-D Secure", fails_challenge=True): 2,
    Plan(card="3-D Secure", fails_challenge=True, gives_up=True): 2,
    Plan(konbini="succeed_immediately"): 2,
    Plan(konbini="kumiko"): 2,
    Plan(konbini="fill_never"): 2,
    Plan(fault="timeout_after"): 4,
    Plan(fault="timeout_after", tab="after"): 2,
    Plan(fault="timeout_before"): 1,
    Plan(fault="500"): 1,
    Plan(card="disputed"): 2,
    Plan(card="inquiry"): 1,
    Plan(staff="refund"): 3,
    Plan(staff="part"): 2,
    Plan(staff="dashboard"): 1,
    Plan(card="refund pending", staff="refund"): 1,
    Plan(card="refund fails", staff="refund"): 1,
}


def plans(visitors: int, seed: int) -> list[Plan]:
    """Return what each visitor does, in the order in which they come; every hundred holds all kinds."""
    chance = random.Random(f"{seed} visitors")  # noqa: S311  (no secret)
    found: list[Plan] = []
    while len(found) < visitors:
        hundred = [plan for plan, count in KINDS.items() for _ in range(count)]
        chance.shuffle(hundred)
        found += hundred
    return found[:visitors]


def stage_of(visitor: int, visitors: int) -> int:
    """Return in which of the stages, from 0, this visitor comes."""
    return visitor * len(SHARES) // visitors


@dataclass
class Weather:
    """What happens to Stripe's events on their way: each is delivered as Stripe signed it, or not at all."""

    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    late: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    def passing(self, deliveries: list[tuple[bytes, dict[str, str]]]) -> Iterator[tuple[bytes, dict[str, str]]]:
        """Yield the deliveries that arrive now, in their order of arrival; `late` keeps those that come afterwards."""
        if len(deliveries) > 1 and self.chance.random() < 0.2:
            self.counts["out of order"] += 1
            self.chance.shuffle(deliveries)
        for delivery in deliveries:
            luck = self.chance.random()
            if luck < 0.05:
                self.counts["lost"] += 1
            elif luck < 0.10:
                self.counts["late"] += 1
                self.late.append(delivery)
            else:
                yield delivery
                if luck > 0.93:
                    self.counts["twice"] += 1
                    yield delivery

    def keep(self, delivery: tuple[bytes, dict[str, str]]) -> None:
        """Keep a delivery that the shop could not take: Stripe sends it again later."""
        self.counts["sent again"] += 1
        self.late.append(delivery)

    def cleared(self) -> list[tuple[bytes, dict[str, str]]]:
        """Return what was kept back, and keep it no longer."""
        late, self.late = self.late, []
        return late
