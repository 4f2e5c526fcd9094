"""Simulate Stripe offline: the part of its API, pages and webhooks that a one-time card payment needs."""

from __future__ import annotations
