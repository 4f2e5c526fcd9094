"""The report as a checklist in Markdown, to be pasted into an issue."""

from __future__ import annotations

from stripe_scan.catalogue import by_id
from stripe_scan.findings import Report
from stripe_scan.output.people import by_step
from stripe_scan.output.texts import SITE, link, of, say, step


def as_markdown(report: Report, name: str, lang: str, site: str = SITE) -> str:
    """Return a list with a box for each place; `site` is where the links lead to."""
    lines = ["# " + say("checklist", lang, name=name), ""]
    for title, rules in by_step(report.findings):
        lines += [f"## {step(title, lang)}", ""]
        for rule, findings in rules:
            pattern = by_id()[rule]
            lines += [f"### [{rule}]({link(rule, site)}) {of(pattern.title, lang)}", ""]
            lines += [f"{of(pattern.becomes, lang)}", ""] if pattern.becomes else []
            for finding in findings:
                detail = f" ({finding.detail})" if finding.detail else ""
                lines.append(f"- [ ] `{finding.file}:{finding.line}`{detail}")
            lines.append("")
    if report.errors:
        lines += ["## " + say("unread", lang), ""]
        lines += [f"- `{error.file}`: {error.reason}" for error in report.errors] + [""]
    lines.append(say("unseen", lang))
    return "\n".join(lines)
