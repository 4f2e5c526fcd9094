"""The catalogue holds each pattern that was counted in real projects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

from stripe_scan import catalogue
from stripe_scan.catalogue.entries import Text

# The patterns met in 39 public repositories in November 2026: in how many of them, and how often.
COUNTED = """
checkout-js 13 34
stripe-button 7 13
stripe-button-own 2 11
stripecheckout-configure 6 10
bitcoin-option 2 4
token-field 10 38
amount-x100-js 10 23
stripejs-v2 6 15
stripejs-v2-createtoken 3 5
stripejs-createtoken 8 9
handle-card 3 4
redirect-to-checkout 5 9
redirect-client-only 1 1
csp-stripe 4 17
charge-create 20 25
token-post 21 53
email-post 4 14
client-amount 6 6
amount-x100 24 80
charge-no-idempotency 18 21
charge-no-webhook 15 15
charge-customer 6 6
card-alias 5 9
token-create-raw-card 5 11
customer-source 11 15
customer-sources 8 28
capture-later 1 1
connect 2 3
connect-account 4 7
refund-by-charge 6 7
charge-refund-method 4 5
charge-source-read 2 2
balance-fee 6 29
schema-charge-id 10 18
stripe-error-attr 18 173
stripe-error-import 7 12
error-json-body 6 14
error-private-attr 3 6
str-error-shown 4 34
global-api-key 31 81
sdk-pin 23 25
api-version-pin 6 8
removed-module 2 6
removed-class 1 1
list-all 2 2
object-save 4 11
stripeobject-dict 5 45
positional-key 0 0
construct-from 4 7
test-mock 11 196
hardcoded-key 6 21
webhook-unsigned 6 6
event-refetch 5 5
sig-header-index 3 4
webhook-events 9 49
basil-fields 5 22
payment-method-types 7 10
line-items-old 1 1
session-by-get 3 6
success-as-proof 2 2
display-items 0 0
intent-charges 0 0
plan 6 16
subscription 6 18
source-create 1 1
other-language 5 5
third-party-wrapper 7 7"""


def test_each_pattern_that_was_counted_has_an_entry_with_its_counts() -> None:
    rows = [line.split() for line in COUNTED.strip().splitlines()]
    counted = {name: (int(repositories), int(sites)) for name, repositories, sites in rows}

    assert len(counted) == 67
    entries = {pattern.id: (pattern.repositories, pattern.sites) for pattern in catalogue.patterns()}
    assert {name: entries.get(name) for name in counted} == counted


def test_each_pattern_inside_our_part_is_covered_and_of_all_at_least_95_in_100() -> None:
    assert catalogue.coverage_inside() == 1.0
    assert catalogue.coverage() >= 0.95


def test_an_entry_is_found_by_its_id() -> None:
    assert catalogue.by_id()["charge-create"].title.en == "`Charge.create`"


def test_the_coverage_weighs_each_pattern_by_its_repositories() -> None:
    entry = catalogue.by_id()["charge-create"]
    one = replace(entry, repositories=1, today=entry.title, becomes=entry.title)
    outside = replace(one, inside=False, elsewhere=None)

    assert catalogue.coverage((one, replace(one, repositories=3, becomes=None))) == 0.25
    assert catalogue.coverage((one, outside)) == 0.5
    assert catalogue.coverage(()) == 1.0


def test_each_major_release_since_the_second_says_what_breaks() -> None:
    assert [release.major for release in catalogue.releases()] == list(range(2, 17))
    assert [release.major for release in catalogue.releases() if not release.change] == []


def texts(value: object) -> Iterator[Text]:
    """Yield every text of an entry, wherever it is nested."""
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts(inner)


def test_a_text_says_the_same_code_in_both_languages_and_ends_alike() -> None:
    code = re.compile(r"`([^`]+)`")
    every = list(texts((catalogue.patterns(), catalogue.releases())))

    assert len(every) > 300
    assert [text for text in every if set(code.findall(text.en)) != set(code.findall(text.ja))] == []
    ends = [(text.en.rstrip("”").endswith((".", "?", ":")), text.ja.endswith(("。", "。）", "："))) for text in every]
    assert [text for text, (english, japanese) in zip(every, ends, strict=True) if english != japanese] == []
