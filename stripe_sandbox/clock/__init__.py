"""Time: what is planned, and the thread that does it."""

from __future__ import annotations
