"""A sequence diagram as numbers for a template to draw: three lifelines, an arrow for each request and answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bbs.templatetags.board import offset
from compare.wire.step import STRIPE, US, YOU, Step, actor_name
from compare.wire.story import Event, Story

WIDTH = 360
X = {YOU: 30, US: 176, STRIPE: 330}
TOP, ROW = 34, 25
# A pause is worth a line when somebody did something meanwhile.
PAUSE = timedelta(seconds=1)


@dataclass(frozen=True)
class Mark:
    """One line of the diagram. `kind` is request, answer, unseen, moved, known or pause."""

    kind: str
    y: int
    label: str
    anchor: str = ""
    sender: str = ""
    receiver: str = ""

    @property
    def path(self) -> str:
        """The arrow with its head."""
        start, end = X[self.sender], X[self.receiver]
        head = -7 if end > start else 7
        return f"M{start} {self.y}H{end}m0 0l{head}-3.5v7z"

    @property
    def x(self) -> int:
        """Where the label begins, ends or is centred, as `side` says."""
        if self.side == "middle":
            return X[self.sender] if self.sender == self.receiver == US else WIDTH // 2
        return X[YOU] + 5 if self.side == "start" else X[STRIPE] - 5

    @property
    def side(self) -> str:
        ends = {self.sender, self.receiver}
        if ends == {YOU, US}:
            return "start"
        return "end" if ends == {US, STRIPE} or ends == {STRIPE} else "middle"

    @property
    def text_y(self) -> int:
        return self.y - 4


@dataclass(frozen=True)
class Diagram:
    """All lines of a story, and how high they are together."""

    marks: list[Mark]

    @classmethod
    def of(cls, story: Story) -> Diagram:
        """Lay a story out, one line below the other in the order of time."""
        marks: list[Mark] = []
        before = story.began_at
        for at, kind, entry in _in_order(story):
            if at - before >= PAUSE:
                marks.append(Mark("pause", _next(marks), offset(at - before)))
            before = max(before, at)
            marks.append(_mark(kind, _next(marks), entry))
        return cls(marks)

    @property
    def height(self) -> int:
        return _next(self.marks)

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH} {self.height}"

    @property
    def actors(self) -> list[tuple[int, str]]:
        return [(x, actor_name(actor)) for actor, x in X.items()]


def _in_order(story: Story) -> list[tuple[datetime, str, Step | Event]]:
    lines: list[tuple[datetime, str, Step | Event]] = [(event.at, event.kind, event) for event in story.events]
    for step in story.steps:
        lines += [(step.message.started_at, "request", step), (step.ends_at, "answer", step)]
    return sorted(lines, key=lambda line: line[0])


def _mark(kind: str, y: int, entry: Step | Event) -> Mark:
    if isinstance(entry, Event):
        return Mark(kind, y, entry.text, "", entry.sender, entry.receiver)
    if kind == "request":
        return Mark(kind, y, entry.title, entry.anchor, entry.sender, entry.receiver)
    return Mark(kind, y, f"{entry.outcome} · {entry.duration}", entry.anchor, entry.receiver, entry.sender)


def _next(marks: list[Mark]) -> int:
    return marks[-1].y + ROW if marks else TOP + ROW // 2
