"""The values that a field may have. The description of a type is what an error asks the author to write."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

Kebab = Annotated[
    str,
    Meta(pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", description="lower-case letters and digits joined by hyphens"),
]
Prose = Annotated[str, Meta(pattern=r"\S", max_length=1_000, description="a text of 1 to 1,000 characters")]
Code = Annotated[str, Meta(pattern=r"\S", max_length=2_000, description="code of 1 to 2,000 characters")]
Url = Annotated[str, Meta(pattern=r"\Ahttps?://\S+\Z", description="an address that begins with https://")]
TestPath = Annotated[str, Meta(pattern=r"\Atests/[\w/]+\.py(::\w+){1,2}\Z", description="a test as tests/….py::test_…")]
Path = Annotated[
    str, Meta(pattern=r"\A[\w/-]+\.(py|html|js)\Z", description="the path of a file, from the project's root")
]

# `all` is what holds for each of the three.
Era = Literal["tokens", "redirect", "url", "all"]
# An old line is of an era before today's, or of both; an arrow is of an era that a flow of this site shows.
OldEra = Literal["tokens", "redirect", "all"]
ArrowEra = Literal["tokens", "url"]
Flow = Literal["legacy", "modern"]
Actor = Literal["you", "us", "stripe"]
Language = Literal["python", "html", "javascript"]
# What replaces an old parameter, an era's answer to a question, and who answers an old line.
Replacement = Literal["parameter", "code", "setting", "removed"]
Verdict = Literal["yes", "no", "conditions", "plain"]
Speaker = Literal["sdk", "api", "site", "browser"]
# How an answer of other versions is known: run here, from Stripe's changelog, or from what others report.
Basis = Literal["run", "changelog", "reported"]
# Whether a tool may change an old line: automatically, semi-automatically (it asks), or a person changes it by hand.
Auto = Literal["A", "S", "M"]
# The steps of the migration guide, in their order; saved cards come in between, for shops that keep them.
GuideStep = Literal[
    "take-stock",
    "raise-sdk",
    "tests-without-mocks",
    "rows-for-both-ids",
    "webhooks-first",
    "one-settlement",
    "modern-switched-off",
    "saved-cards",
    "percentage",
    "everybody",
    "drain-and-remove",
    "keep-refunding",
]
FLOW_OF_ERA: dict[str, Flow] = {"tokens": "legacy", "url": "modern"}

Moment = Annotated[
    str,
    Meta(
        pattern=r"\A(\d{4}(-\d{2}(-\d{2}(\.[a-z]+)?)?)?)?\Z",
        description="a date or an API version, as 2019-04 or 2026-09-30.endive, or nothing where it is not certain",
    ),
]
Date = Annotated[str, Meta(pattern=r"\A\d{4}-\d{2}(-\d{2})?\Z", description="a month or a day, as 2019-04")]
SdkVersion = Annotated[str, Meta(pattern=r"\A\d+(\.\d+){1,2}\Z", description="a version of stripe-python, as 16.1")]
ApiVersion = Annotated[
    str, Meta(pattern=r"\A\d{4}-\d{2}-\d{2}(\.[a-z]+)?\Z", description="an API version, as 2026-10-28.endive")
]
