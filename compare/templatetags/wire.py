"""What the wire pages' templates need."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template

from compare.pages.call_graph import Use
from compare.wire import code as wire_code
from compare.wire.step import Step
from compare.wire.story import Story

register = template.Library()


@register.filter
def since_start(story: Story, at: datetime) -> timedelta:
    """Return how long after the start of a story something was."""
    return at - story.began_at


@register.filter
def code_behind(step: Step) -> list[Use]:
    """Return the functions that send or answer a message."""
    return wire_code.code_behind(step)
