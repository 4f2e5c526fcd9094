"""The sandbox's commands, each named as its module."""

from __future__ import annotations
