"""The parameters of two payments beside each other, call by call."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from compare.models import WireMessage
from compare.wire.step import Step
from compare.wire.story import Story

# Where the modern call has what the legacy one names otherwise; its amount is that of one piece.
_MODERN_NAMES = {
    "amount": "line_items[0][price_data][unit_amount]",
    "currency": "line_items[0][price_data][currency]",
    "description": "line_items[0][price_data][product_data][name]",
}


@dataclass(frozen=True)
class Row:
    """One parameter on both sides; an empty name means that this side has no such thing."""

    left_name: str
    left: object
    right_name: str
    right: object

    @property
    def kind(self) -> str:
        """Return same, renamed, changed, left or right: what is to be said of it, and never by colour alone."""
        if not self.right_name:
            return "left"
        if not self.left_name:
            return "right"
        if self.left != self.right:
            return "changed"
        return "same" if self.left_name == self.right_name else "renamed"


@dataclass(frozen=True)
class Difference:
    """What two calls at the same place in two stories sent."""

    left: Step | None
    right: Step | None

    @property
    def rows(self) -> list[Row]:
        lefts = dict(self.left.message.parameters) if self.left else {}
        rights = dict(self.right.message.parameters) if self.right else {}
        rows = []
        for name, value in lefts.items():
            other = _counterpart(name, rights)
            rows.append(Row(name, value, other, rights.pop(other, "")))
        return rows + [Row("", "", name, value) for name, value in rights.items()]


def differences(left: Story, right: Story) -> list[Difference]:
    """Compare the calls by which each side made something at Stripe, the first with the first."""
    return [Difference(*pair) for pair in zip_longest(_creating(left), _creating(right))]


def _creating(story: Story) -> list[Step]:
    """Return the first of each kind: another attempt sends the same again, but for its token."""
    firsts: dict[str, Step] = {}
    for step in story.steps:
        if step.message.kind == WireMessage.Kind.CALL and step.message.method == "POST":
            firsts.setdefault(step.name, step)
    return list(firsts.values())


def _counterpart(name: str, others: dict[str, object]) -> str:
    if name in others:
        return name
    names = _MODERN_NAMES | {modern: legacy for legacy, modern in _MODERN_NAMES.items()}
    return other if (other := names.get(name, "")) in others else ""
