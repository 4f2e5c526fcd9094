"""Cards: what each is, how one is typed, and how the API shows it."""

from __future__ import annotations
