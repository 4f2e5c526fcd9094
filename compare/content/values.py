"""The values that a field may have. The description of a type is what an error asks the author to write."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from msgspec import Meta

from stripe_scan.catalogue.entries import Step

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
# An arrow is of an era that a flow of this site shows.
ArrowEra = Literal["tokens", "url"]
Flow = Literal["legacy", "modern"]
Actor = Literal["you", "us", "stripe"]
Language = Literal["python", "html", "javascript"]
# What replaces an old parameter, and an era's answer to a question.
Replacement = Literal["parameter", "code", "setting", "removed"]
Verdict = Literal["yes", "no", "conditions", "plain"]
# The outcome of a run in the lab: what the visitor saw last, what confirmed the payment, and the verdict.
Sight = Literal[
    "nothing",
    "gone",
    "error",
    "message",
    "board",
    "page",
    "stripe",
    "paid",
    "pending",
    "processing",
    "failed",
    "expired",
]
Confirmation = Literal["answer", "return-page", "webhook", "check", "never", "nothing"]
LabVerdict = Literal["right", "held", "lost", "twice", "given", "early", "overcharged", "unpaid", "unnoticed", "misled"]
# The steps of the migration guide, in their order; saved cards come in between, for shops that keep them.
GUIDE_STEPS: tuple[str, ...] = get_args(Step)
FLOW_OF_ERA: dict[str, Flow] = {"tokens": "legacy", "url": "modern"}

Date = Annotated[str, Meta(pattern=r"\A\d{4}-\d{2}(-\d{2})?\Z", description="a month or a day, as 2019-04")]
