"""The dashboard: what the sandbox has seen and done. Plain pages, which work without scripts."""

from __future__ import annotations
