"""A payment's story as a sequence diagram: a row for each request, each answer, and what happened between them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bbs.durations import offset
from compare.sequence import STRIPE, US, YOU, Diagram, Message, Scale, stack
from compare.wire.step import Step, actor_name
from compare.wire.story import Event, Story

SCALE = Scale(
    style="wire-diagram",
    width=360,
    lifelines={YOU: 30, US: 176, STRIPE: 330},
    top=34,
    row=25,
    line=12,
    actors_y=16,
    head=7,
    centred=False,
)
# A pause is worth a row when something happened meanwhile.
PAUSE = timedelta(seconds=1)


def draw(story: Story) -> Diagram:
    """Return a story's diagram, its rows in the order of time."""
    rows = stack(SCALE, messages(story), SCALE.top)
    actors = {actor: actor_name(actor) for actor in SCALE.lifelines}
    return Diagram(SCALE, actors, tuple(rows), SCALE.top + SCALE.row * len(rows) + SCALE.line)


def messages(story: Story) -> list[Message]:
    """Return what is drawn of a story: `kind` is request, answer, unseen, moved, known or pause."""
    found: list[Message] = []
    before = story.began_at
    for at, kind, entry in _in_order(story):
        if at - before >= PAUSE:
            found.append(Message("pause", offset(at - before)))
        before = max(before, at)
        found.append(_message(kind, entry))
    return found


def _in_order(story: Story) -> list[tuple[datetime, str, Step | Event]]:
    lines: list[tuple[datetime, str, Step | Event]] = [(event.at, event.kind, event) for event in story.events]
    for step in story.steps:
        lines += [(step.message.started_at, "request", step), (step.ends_at, "answer", step)]
    return sorted(lines, key=lambda line: line[0])


def _message(kind: str, entry: Step | Event) -> Message:
    if isinstance(entry, Event):
        if entry.sender == entry.receiver:
            return Message(kind, entry.text, entry.sender, entry.receiver, is_note=True)
        return Message(kind, entry.text, entry.sender, entry.receiver)
    if kind == "request":
        return Message(kind, entry.title, entry.sender, entry.receiver, f"#{entry.anchor}")
    return Message(kind, f"{entry.outcome} · {entry.duration}", entry.receiver, entry.sender, f"#{entry.anchor}")
