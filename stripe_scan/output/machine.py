"""The report for programs: JSON, and SARIF 2.1.0."""

from __future__ import annotations

import json
from urllib.parse import quote

from stripe_scan.catalogue import by_id
from stripe_scan.findings import Report
from stripe_scan.output.texts import SITE, link, message, of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"high": "warning", "medium": "warning", "low": "note"}


def as_json(report: Report, lang: str, site: str = SITE) -> str:
    """Return `{"findings": [{file, line, rule, confidence, message, link}], "errors": [{file, message}]}`.

    `site` is where the links lead to.
    """
    findings = [
        {
            "file": one.file,
            "line": one.line,
            "rule": one.rule,
            "confidence": one.confidence,
            "message": message(one.rule, one.detail, lang),
            "link": link(one.rule, site),
        }
        for one in report.findings
    ]
    errors = [{"file": error.file, "message": error.reason} for error in report.errors]
    return json.dumps({"findings": findings, "errors": errors}, ensure_ascii=False, indent=2)


def as_sarif(report: Report, lang: str) -> str:
    """Return a SARIF log with one run, the rules that were met, and a notification for each file that was not read."""
    rules = sorted({finding.rule for finding in report.findings})
    results = [
        {
            "ruleId": one.rule,
            "ruleIndex": rules.index(one.rule),
            "level": LEVELS[one.confidence],
            "message": {"text": message(one.rule, one.detail, lang)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(one.file, errors="replace"), "uriBaseId": "SRCROOT"},
                        "region": {"startLine": one.line},
                    }
                }
            ],
        }
        for one in report.findings
    ]
    notes = [{"level": "warning", "message": {"text": f"{error.file}: {error.reason}"}} for error in report.errors]
    run = {
        "tool": {"driver": {"name": "stripe-scan", "rules": [_rule(rule, lang) for rule in rules]}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(rule: str, lang: str) -> dict[str, object]:
    pattern = by_id()[rule]
    return {
        "id": rule,
        "shortDescription": {"text": of(pattern.title, lang)},
        "fullDescription": {"text": of(pattern.today, lang) or of(pattern.title, lang)},
        "help": {"text": of(pattern.becomes, lang) or of(pattern.title, lang)},
        "helpUri": link(rule),
    }
