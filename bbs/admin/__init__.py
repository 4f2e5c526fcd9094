"""Django's admin for the people who run the board."""

from __future__ import annotations

from bbs.admin import payment, shop

__all__ = ["payment", "shop"]
