"""Sequence diagrams: messages between lifelines, as numbers for `compare/sequence.html` to draw.

Two pages draw with it: the overview (what each flow does, in phases on one time axis) and the request log (what was
recorded of one payment). A row is as high as its scale says, and the rows follow each other in the order of time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

YOU, US, STRIPE = "you", "us", "stripe"


@dataclass(frozen=True)
class Scale:
    """The measures of a drawing, in its own units; `line` is how far below the top of its row an arrow is.

    `centred` puts a label over the middle of its arrow, and not beside the outer one of its lifelines.
    """

    style: str  # the drawing's CSS class
    width: int
    lifelines: Mapping[str, int]
    top: int
    row: int
    line: int
    actors_y: int
    head: int
    centred: bool


@dataclass(frozen=True)
class Message:
    """A row of a drawing: an arrow, or a note where sender and receiver are one, or text across where neither is.

    `kind` is its CSS class. `url` is where it leads; `detail` is written below it, and `record` is where that leads.
    """

    kind: str
    label: str
    sender: str = ""
    receiver: str = ""
    url: str = ""
    detail: str = ""
    record: str = ""
    is_note: bool = False


@dataclass(frozen=True)
class Row:
    """A message in its place; `y` is the height of its arrow."""

    message: Message
    scale: Scale
    y: int

    @property
    def is_loop(self) -> bool:
        """Whether the arrow comes back to the lifeline it starts from."""
        return bool(self.message.sender) and self.message.sender == self.message.receiver and not self.message.is_note

    @property
    def is_arrow(self) -> bool:
        return bool(self.message.sender) and not self.message.is_note

    @property
    def shaft(self) -> str:
        start, end = self._x(self.message.sender), self._x(self.message.receiver)
        return f"M{start} {self.y - 6}h22v14h-16" if self.is_loop else f"M{start} {self.y}H{end}"

    @property
    def head(self) -> str:
        start, tip = self._x(self.message.sender), self._x(self.message.receiver)
        y = self.y + 8 if self.is_loop else self.y
        back = tip + self.scale.head if self.is_loop or tip < start else tip - self.scale.head
        half = self.scale.head // 2
        return f"{tip},{y} {back},{y - half} {back},{y + half}"

    @property
    def side(self) -> str:
        """Where its label begins (start) or ends (end) beside an outer lifeline; empty where it is centred."""
        ends = {self.message.sender, self.message.receiver}
        if self.scale.centred or (not self.is_arrow and ends != {STRIPE}):
            return ""
        if ends == {YOU, US}:
            return "start"
        return "end" if STRIPE in ends and YOU not in ends else ""

    @property
    def x(self) -> int:
        if not self.message.sender:
            return self.scale.width // 2
        if self.side == "start":
            return self._x(YOU) + self.scale.head + 2
        if self.side == "end":
            return self._x(STRIPE) - self.scale.head - 2
        start, end = self._x(self.message.sender), self._x(self.message.receiver)
        return start - 62 if self.is_loop else (start + end) // 2

    @property
    def label_y(self) -> int:
        return self.y - (6 if self.scale.centred else 4)

    @property
    def detail_y(self) -> int:
        return self.y + 11

    def _x(self, actor: str) -> int:
        return self.scale.lifelines[actor]


@dataclass(frozen=True)
class Band:
    """A phase behind its rows; `moment` is the number of what is marked below it, 0 for nothing."""

    title: str
    y: int
    height: int
    moment: int = 0

    @property
    def title_y(self) -> int:
        return self.y + 13

    @property
    def moment_y(self) -> int:
        return self.y + self.height + 4


@dataclass(frozen=True)
class Diagram:
    """All rows of a drawing, and how high they are together."""

    scale: Scale
    actors: Mapping[str, str]
    rows: tuple[Row, ...]
    height: int
    bands: tuple[Band, ...] = ()

    @property
    def view_box(self) -> str:
        return f"0 0 {self.scale.width} {self.height}"

    @property
    def lifelines(self) -> list[tuple[int, str]]:
        return [(x, self.actors[actor]) for actor, x in self.scale.lifelines.items()]

    @property
    def moment_x(self) -> int:
        return self.scale.width - 11


def stack(scale: Scale, messages: Iterable[Message], top: int) -> list[Row]:
    """Return messages as rows below each other, the first one's row beginning at `top`."""
    return [Row(message, scale, top + scale.row * index + scale.line) for index, message in enumerate(messages)]
