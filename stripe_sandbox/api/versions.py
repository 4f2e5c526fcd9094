"""The version of Stripe's API that a call is written in: `data/versions.toml`, with its sources.

An older version is read as it was, as far as the sandbox has to refuse what was removed since, and is answered in the
shape of the newest. https://docs.stripe.com/api/versioning
"""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from stripe_sandbox import conf, errors
from stripe_sandbox.errors import ApiError

from . import current
from .calls import Call

HEADER = "Stripe-Version"
# Says in which version an answer is, where that is not the one that was asked for.
SHAPE_HEADER = "Sandbox-Answer-Version"
_FILE = Path(__file__).parent / "data" / "versions.toml"
_LONGEST = 100


def of(call: Call) -> str:
    """Return the version that a call names, or else the newest, which is that of each account here."""
    return call.headers.get(HEADER) or conf.API_VERSION


def check(version: str) -> None:
    """Raise `ApiError`: Stripe's 400 for what is no version, the sandbox's limit for one that is not known here."""
    if version == conf.API_VERSION or version in known():
        return
    if not _is_well_formed(version):
        raise ApiError(f"Invalid Stripe API version: {version[:_LONGEST]}")
    raise errors.unsupported(f"the API version {version[:_LONGEST]}")


def _is_well_formed(version: str) -> bool:
    """Return whether it is a day, perhaps with a name: 2020-08-27, 2026-10-28.endive, 2020-08-27; some_beta=v1."""
    day, rest = version[:10], version[10:]
    try:
        datetime.date.fromisoformat(day)
    except ValueError:
        return False
    if day[4] != "-" or day[7] != "-":
        return False
    return not rest or rest[0] == ";" or (rest[0] == "." and rest[1:].partition(";")[0].isalnum())


def headers(call: Call) -> dict[str, str]:
    """Return what an answer says of its version: the one asked for, as at Stripe, and where another, its own."""
    asked = of(call).encode("ascii", "replace").decode()[:_LONGEST]
    return {HEADER: asked} if asked == conf.API_VERSION else {HEADER: asked, SHAPE_HEADER: conf.API_VERSION}


def still_has(name: str) -> bool:
    """Return whether the call is in a version from before a removal, by its name in the data."""
    version = current.request().version or conf.API_VERSION
    return version < removals()[name]["version"]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def known() -> frozenset[str]:
    """Return every version that Stripe has published."""
    return frozenset(_data()["known"])


def removals() -> dict[str, dict[str, Any]]:
    """Return what was removed, by name: the `version` that removed it, its `parameters`, and the `source`."""
    return _data()["removed"]
