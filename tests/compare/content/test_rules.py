"""The patterns that an old line may name."""

from __future__ import annotations

import msgspec

from compare.content.rules import RULES
from compare.content.values import Kebab


def test_each_rule_has_an_id_as_the_content_writes_them() -> None:
    assert len(RULES) > 60
    assert msgspec.convert(sorted(RULES), list[Kebab]) == sorted(RULES)
