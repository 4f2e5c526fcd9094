"""Stripe's objects: for each its parameters, its addresses and what they do."""

from __future__ import annotations
