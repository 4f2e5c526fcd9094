"""What whole pages and whole payments show: what belongs to no single module."""

from __future__ import annotations
