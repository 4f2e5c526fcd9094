"""The tables of the sandbox's database, as they came to be."""

from __future__ import annotations
