"""The report for programs."""

from __future__ import annotations

import json

from stripe_scan.findings import Finding, Report, Unread
from stripe_scan.output.machine import as_json, as_sarif

REPORT = Report([Finding("a b.py", 3, "charge-create", "medium")], [Unread("c.js", "not a text")])


def test_json_has_findings_and_errors() -> None:
    said = json.loads(as_json(REPORT, "en"))

    (finding,) = said["findings"]
    assert finding.keys() == {"file", "line", "rule", "confidence", "message", "link"}
    assert (finding["file"], finding["line"], finding["rule"]) == ("a b.py", 3, "charge-create")
    assert finding["confidence"] == "medium"
    assert said["errors"] == [{"file": "c.js", "message": "not a text"}]


def test_a_name_that_is_no_text_is_written_too() -> None:
    report = Report([Finding("a\udcff.py", 3, "charge-create")])

    assert json.loads(as_json(report, "en"))["findings"]
    assert json.loads(as_sarif(report, "en"))["runs"]


def test_sarif_has_what_the_standard_requires() -> None:
    log = json.loads(as_sarif(REPORT, "ja"))

    (run,) = log["runs"]
    (result,) = run["results"]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "charge-create"
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a%20b.py", "uriBaseId": "SRCROOT"}, "region": {"startLine": 3}}
    assert result["message"]["text"]
    assert result["level"] in ("none", "note", "warning", "error")
    assert run["invocations"][0]["executionSuccessful"] is True
    assert "c.js" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
