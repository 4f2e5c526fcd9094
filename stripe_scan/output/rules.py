"""What the rules are: a list, one explained, and how much of real code they cover."""

from __future__ import annotations

from stripe_scan import rules
from stripe_scan.catalogue import by_id, patterns
from stripe_scan.catalogue.entries import Pattern
from stripe_scan.output.texts import labelled, link, of, say, step


def as_list(lang: str) -> str:
    """Return one line for each rule: its id, how it is changed (A, S, M), its step and title."""
    widest = max(len(pattern.id) for pattern in patterns())
    return "\n".join(
        f"{pattern.id:{widest}}  {pattern.auto or ' '}  {pattern.step:11}  {of(pattern.title, lang).replace('`', '')}"
        for pattern in patterns()
    )


def explained(rule: str, lang: str) -> str:
    """Return everything that the catalogue says of a rule."""
    pattern = by_id()[rule]
    lines = [f"{pattern.id}: {of(pattern.title, lang)}", "", _indented(pattern.looks_like), ""]
    for name, text in (("today", pattern.today), ("seen", pattern.seen), ("becomes", pattern.becomes)):
        if text:
            lines.append(labelled(name, of(text, lang), lang))
    for name, code in (("before", pattern.before), ("after", pattern.after)):
        if code:
            lines += ["", labelled(name, "", lang).rstrip(), _indented(code)]
    if pattern.elsewhere:
        lines.append(labelled("elsewhere", f"{of(pattern.elsewhere, lang)} {pattern.elsewhere.url}", lang))
    if pattern.sources:
        lines.append(labelled("sources", ", ".join(pattern.sources), lang))
    return "\n".join([*lines, "", f"{step(pattern.step, lang)}  {link(pattern.id)}"])


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.split("\n"))


def coverage(lang: str) -> str:
    """Return the share of the patterns that have a rule and an answer, weighted by the repositories that have them."""
    inside = [pattern for pattern in patterns() if pattern.inside]
    return say(
        "coverage",
        lang,
        repositories=39,
        all=share(list(patterns())),
        inside=share(inside),
        count=len(patterns()),
        count_inside=len(inside),
        missing=", ".join(pattern.id for pattern in patterns() if not is_covered(pattern)) or "-",
    )


def is_covered(pattern: Pattern) -> bool:
    return pattern.covered and pattern.id in rules.FOUND


def share(chosen: list[Pattern]) -> float:
    """Return how much of some patterns is covered, from 0 to 1."""
    total = sum(pattern.repositories for pattern in chosen)
    return sum(pattern.repositories for pattern in chosen if is_covered(pattern)) / total if total else 1.0
