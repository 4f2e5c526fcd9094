"""The sequence diagrams: steps as data in, places on a drawing out. Both flows are drawn on one time axis."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from compare.content import content, entries
from compare.content.text import Text
from compare.pages.files import address_of_line

# An arrow takes a row: its label above its line, its code below. Both flows fit a screen beside each other.
WIDTH, TOP, ROW, HEAD, GAP, LINE = 540, 42, 33, 13, 9, 20
LIFELINES = {"you": 50, "us": 270, "stripe": 490}


@dataclass(frozen=True)
class Arrow:
    """A step in its place. `y` is the height of its line.

    `url` leads to its line of code and `record` to what was recorded of it; empty where there is none.
    """

    number: int
    step: entries.Arrow
    y: int
    url: str
    record: str

    @property
    def x1(self) -> int:
        return LIFELINES[self.step.sender]

    @property
    def x2(self) -> int:
        return LIFELINES[self.step.receiver]

    @property
    def middle(self) -> int:
        return (self.x1 + self.x2) // 2 if self.x1 != self.x2 else self.x1 - 62

    @property
    def points(self) -> str:
        """The arrow's head."""
        tip, back = self.x2, self.x2 + (9 if self.x2 < self.x1 else -9)
        return f"{tip},{self.y} {back},{self.y - 5} {back},{self.y + 5}"

    @property
    def own_points(self) -> str:
        """The head of an arrow that comes back to its own lifeline."""
        tip, y = self.x2, self.y + 8
        return f"{tip},{y} {tip + 9},{y - 5} {tip + 9},{y + 5}"

    @property
    def is_own(self) -> bool:
        return self.x1 == self.x2

    @property
    def label_y(self) -> int:
        return self.y - 6

    @property
    def code_y(self) -> int:
        return self.y + 11

    @property
    def actors(self) -> tuple[Text, Text]:
        return _label(self.step.sender), _label(self.step.receiver)


@dataclass(frozen=True)
class Band:
    """A phase in its place; `closing` is the number of the moment after it at which the tab may close."""

    phase: entries.Phase
    y: int
    height: int
    closing: int

    @property
    def title_y(self) -> int:
        return self.y + 13

    @property
    def closing_y(self) -> int:
        return self.y + self.height + GAP // 2

    @property
    def moment_y(self) -> int:
        return self.closing_y + 4


@dataclass(frozen=True)
class Diagram:
    """One flow, drawn."""

    flow: str
    bands: tuple[Band, ...]
    arrows: tuple[Arrow, ...]

    width = WIDTH
    actors_y = 16
    moment_x = WIDTH - 11

    @property
    def height(self) -> int:
        return self.bands[-1].y + self.bands[-1].height + GAP

    @property
    def actors(self) -> list[tuple[int, Text]]:
        return [(x, _label(name)) for name, x in LIFELINES.items()]


def draw(flow: str) -> Diagram:
    """Return a flow's diagram; both have the same bands at the same heights."""
    bands, arrows, y = [], [], TOP
    flows, moments = content().flows, [closing.id for closing in content().overview.closings]
    for phase in flows.phases:
        height = HEAD + ROW * max(len(flows.arrows_in(phase, each)) for each in ("legacy", "modern"))
        closing = moments.index(phase.closing) + 1 if phase.closing else 0
        bands.append(Band(phase, y, height, closing))
        for row, step in enumerate(flows.arrows_in(phase, flow)):
            number = len(arrows) + 1
            record = reverse("compare:wire_latest", args=[flow, number]) if step.wire else ""
            arrows.append(Arrow(number, step, y + HEAD + ROW * row + LINE, address_of_line(step), record))
        y += height + GAP
    return Diagram(flow, tuple(bands), tuple(arrows))


def _label(actor: str) -> Text:
    return getattr(content().labels.actors, actor)
