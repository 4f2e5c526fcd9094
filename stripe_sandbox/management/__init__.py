"""The sandbox's commands."""

from __future__ import annotations
