"""The report as a checklist."""

from __future__ import annotations

from stripe_scan.findings import Finding, Report, Unread
from stripe_scan.output.checklist import as_markdown


def test_each_place_has_a_box_under_its_rule() -> None:
    report = Report([Finding("a.py", 3, "charge-create"), Finding("b.txt", 1, "sdk-pin", detail="stripe==2.0")])
    report.errors.append(Unread("c.js", "not a text"))

    said = as_markdown(report, "my-shop", "en")

    assert said.startswith("# Old Stripe code in my-shop\n")
    assert "- [ ] `a.py:3`\n" in said
    assert "- [ ] `b.txt:1` (stripe==2.0)\n" in said
    assert "- `c.js`: not a text" in said
    assert said.index("sdk-pin") < said.index("charge-create")
