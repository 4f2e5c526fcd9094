"""What the wire pages' templates need."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template

from bbs.compare.wire_story import Story

register = template.Library()


@register.filter
def since_start(story: Story, at: datetime) -> timedelta:
    """Return how long after the start of a story something was."""
    return at - story.began_at
