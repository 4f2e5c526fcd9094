"""The catalogue of old Stripe code: what it looks like, what it does today, and what it becomes.

One TOML file for each subject, and one for the releases of stripe-python. `entries` declares the fields, and `reading`
checks them.
"""

from __future__ import annotations

import functools
from pathlib import Path

from stripe_scan.catalogue.entries import Catalogue, Pattern, Release
from stripe_scan.catalogue.reading import read

FOLDER = Path(__file__).resolve().parent


@functools.cache
def catalogue() -> Catalogue:
    """Return the entries of the files, read once. Raises CatalogueError for any mistake in them."""
    return read(FOLDER)


def patterns() -> tuple[Pattern, ...]:
    """Return the patterns in the order of the files."""
    return catalogue().patterns


def releases() -> tuple[Release, ...]:
    """Return the major releases of stripe-python since 2, the oldest first."""
    return catalogue().releases


@functools.cache
def by_id() -> dict[str, Pattern]:
    """Return the patterns by their ids."""
    return {pattern.id: pattern for pattern in patterns()}


def coverage(chosen: tuple[Pattern, ...] | None = None) -> float:
    """Return the share of these patterns (all) that are covered, each weighted by the repositories that have it."""
    counted = patterns() if chosen is None else chosen
    total = sum(pattern.repositories for pattern in counted)
    return sum(pattern.repositories for pattern in counted if pattern.covered) / total if total else 1.0


def coverage_inside() -> float:
    """Return the coverage of the patterns inside our part: one-time payments by Charges and by Checkout."""
    return coverage(tuple(pattern for pattern in patterns() if pattern.inside))
