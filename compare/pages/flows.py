"""Both flows as sequence diagrams on one time axis, and the same arrows as a list."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from compare.content import content, entries
from compare.content.text import Text
from compare.pages.files import address_of_line
from compare.sequence import STRIPE, US, YOU, Band, Diagram, Message, Row, Scale, stack

# Both flows fit a screen beside each other: each label above its arrow, its code below.
SCALE = Scale(
    style="flow-diagram",
    width=400,
    lifelines={YOU: 34, US: 200, STRIPE: 366},
    top=42,
    row=33,
    line=20,
    actors_y=16,
    head=10,
    centred=False,
)
TITLE, GAP = 13, 9  # the height of a phase's title, and the space between two phases


@dataclass(frozen=True)
class Arrow:
    """One arrow of a flow. `url` leads to its line of code, `record` to what was recorded of it; empty without one."""

    number: int
    step: entries.Arrow
    url: str
    record: str

    @property
    def actors(self) -> list[Text]:
        """Its sender and receiver, or the one that does something by itself."""
        return [_actor(name) for name in dict.fromkeys((self.step.sender, self.step.receiver))]

    @property
    def message(self) -> Message:
        label = f"{self.number} {self.step.text}"
        return Message(
            kind="arrow confirms" if self.step.confirms else "arrow",
            label=f"{label} ← {_('payment confirmed here')}" if self.step.confirms else label,
            sender=self.step.sender,
            receiver=self.step.receiver,
            url=self.url,
            detail=self.step.code,
            record=self.record if settings.RECORD_WIRE else "",
        )


def arrows(flow: str) -> list[Arrow]:
    """Return a flow's arrows, phase by phase."""
    flows = content().flows
    steps = [step for phase in flows.phases for step in flows.arrows_in(phase, flow)]
    return [
        Arrow(
            number,
            step,
            address_of_line(step),
            reverse("compare:wire_latest", args=[flow, number]) if step.wire else "",
        )
        for number, step in enumerate(steps, start=1)
    ]


def draw(flow: str) -> Diagram:
    """Return a flow's diagram; both have the same bands at the same heights."""
    flows, moments = content().flows, [closing.id for closing in content().overview.closings]
    rest, rows, bands, y = arrows(flow), list[Row](), list[Band](), SCALE.top
    for phase in flows.phases:
        height = TITLE + SCALE.row * max(len(flows.arrows_in(phase, each)) for each in ("legacy", "modern"))
        bands.append(Band(str(phase.title), y, height, moments.index(phase.closing) + 1 if phase.closing else 0))
        count = len(flows.arrows_in(phase, flow))
        rows += stack(SCALE, [arrow.message for arrow in rest[:count]], y + TITLE)
        del rest[:count]
        y += height + GAP
    names = {name: str(_actor(name)) for name in SCALE.lifelines}
    return Diagram(SCALE, names, tuple(rows), y, tuple(bands))


def _actor(name: str) -> Text:
    return getattr(content().labels.actors, name)
