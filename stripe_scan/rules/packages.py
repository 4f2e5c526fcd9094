"""Requirement files: the release of stripe-python, and packages that wrap it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.python import PythonFile
from stripe_scan.reading.requirements import Requirements
from stripe_scan.rules import finds

# The first major release that the guide speaks of.
SPOKEN_OF = 16
WRAPPERS = set(
    "dj-stripe pinax-stripe pinax-stripe-light django-stripe-payments django-payments django-zebra django-oscar-stripe "
    "djangoshop-stripe django-stripe django-shop-stripe django-oscar-stripe-sca drf-stripe-subscription "
    "django-stripe-python django-aa-stripe django-pinax-stripe flask-stripe".split()
)
MODULES = set("djstripe pinax.stripe zebra oscar_stripe shop_stripe aa_stripe drf_stripe payments.stripe".split())


def newest_major(versions: str) -> int | None:
    """Return the newest major release that a condition allows, None for any: `>=2,<3` is 2, `^5.4` is 5."""
    newest = None
    for part in versions.replace(" ", "").split(","):
        number = part.lstrip("=<>~^!v")
        major = number.partition(".")[0]
        if not major.isdecimal() or len(major) > 6 or part.startswith((">", "!=")):
            continue
        is_round = not any(map(int_or_none, number.split(".")[1:]))
        is_below = part.startswith("<") and not part.startswith("<=") and is_round
        one = int(major) - is_below
        newest = one if newest is None else min(newest, one)
    return newest


def int_or_none(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


@finds("requirements", "sdk-pin", "third-party-wrapper")
def packages(file: Requirements) -> Iterator[Hit]:
    for package in file.packages:
        if package.name == "stripe":
            newest = newest_major(package.versions)
            if newest is not None and newest < SPOKEN_OF:
                yield Hit(package.line, "sdk-pin", detail=f"stripe{package.versions}")
            elif not package.versions and file.path.endswith(".txt"):
                # The next installation raises it.
                yield Hit(package.line, "sdk-pin", "medium", "stripe")
        elif package.name in WRAPPERS:
            yield Hit(package.line, "third-party-wrapper", detail=package.name)


@finds("python", "third-party-wrapper")
def imported(file: PythonFile) -> Iterator[Hit]:
    for node in file.of(ast.Import):
        for alias in node.names:
            if is_wrapper(alias.name):
                yield Hit(node.lineno, "third-party-wrapper", detail=alias.name)
    for node in file.of(ast.ImportFrom):
        if not node.level and is_wrapper(node.module or ""):
            yield Hit(node.lineno, "third-party-wrapper", detail=node.module or "")
    for node in file.strings():
        if node.value in MODULES and isinstance(file.parents.get(id(node)), ast.List | ast.Tuple):
            yield Hit(node.lineno, "third-party-wrapper", detail=node.value)


def is_wrapper(module: str) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in MODULES)
