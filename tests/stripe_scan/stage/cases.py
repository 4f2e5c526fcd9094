"""Pieces of code with what the scanner finds in them: `== RULE FILE LINES` begins one, `!= RULE FILE` a near miss."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stripe_scan import files
from stripe_scan.rules.project import Project
from stripe_scan.scanning import hits_in

FOLDER = Path(__file__).with_suffix("")


@dataclass(frozen=True)
class Case:
    """A piece of a file, and the lines on which a rule finds something: none for a near miss."""

    rule: str
    path: str
    lines: tuple[int, ...]
    text: str

    def __str__(self) -> str:
        return f"{self.rule} {'near miss' if not self.lines else ''} {self.path}"

    def found(self, with_low: bool = False) -> tuple[int, ...]:
        return lines_of(self.rule, self.text, self.path, with_low)


def hits(text: str | bytes, path: str = "shop/views.py") -> list[tuple[int, str, str]]:
    """Return line, rule and confidence of all that is found in a file."""
    data = text.encode() if isinstance(text, str) else text
    source = files.Source(Path(path), path, files.kinds(path) or ("page",))
    return [(hit.line, hit.rule, hit.confidence) for hit in hits_in(source, data, Project())]


def lines_of(rule: str, text: str, path: str = "shop/views.py", with_low: bool = False) -> tuple[int, ...]:
    return tuple(line for line, name, sure in hits(text, path) if name == rule and (with_low or sure != "low"))


def cases(module: str) -> list[Case]:
    """Return the cases of a module of rules."""
    found: list[Case] = []
    blocks = f"\n{(FOLDER / f'{module}.txt').read_text(encoding='utf-8')}".replace("\n!= ", "\n== !").split("\n== ")
    for block in blocks[1:]:
        head, _, text = block.partition("\n")
        rule, path, *lines = head.split()
        found.append(Case(rule.lstrip("!"), path, tuple(map(int, lines)), text.rstrip("\n") + "\n"))
    return found
