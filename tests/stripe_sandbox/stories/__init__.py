"""Stories that belong to no single module."""

from __future__ import annotations
