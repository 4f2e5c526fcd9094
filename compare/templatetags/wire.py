"""What the wire pages' templates need."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template

from bbs.durations import length
from bbs.models import Payment
from compare.pages.call_graph import Use
from compare.wire import code as wire_code
from compare.wire import pairs
from compare.wire.step import Step
from compare.wire.story import Story

register = template.Library()
register.filter("length_of", length)


@register.simple_tag
def pair_url(payment: Payment) -> str:
    """Return where a paid payment is beside its visitor's latest one of the other flow; empty while there is none."""
    other = pairs.of_other_flow(payment)
    return pairs.url_of(payment, other) if other else ""


@register.filter
def since_start(story: Story, at: datetime) -> timedelta:
    """Return how long after the start of a story something was."""
    return at - story.began_at


@register.filter
def code_behind(step: Step) -> list[Use]:
    """Return the functions that send or answer a message."""
    return wire_code.code_behind(step)
