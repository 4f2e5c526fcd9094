"""Webhooks: events, the endpoints that want them, and their delivery."""

from __future__ import annotations
