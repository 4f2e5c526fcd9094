"""Rules that are data: the table `match` of an entry of the catalogue.

`calls`: what a Python file calls, such as `stripe.Charge.create`, or `stripe.Plan.*` for all of a class; with
`keyword`, only with that argument. `names`: what it refers to or imports. `modules`: what it imports or lists as an
app. `packages`: what a requirement file names. `methods`: what a script calls on an object. `confidence`: of its hits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.catalogue import patterns
from stripe_scan.findings import Hit
from stripe_scan.reading.javascript import Script
from stripe_scan.reading.python import PythonFile
from stripe_scan.reading.requirements import Requirements
from stripe_scan.rules import finds

KEYS = ("calls", "keyword", "names", "modules", "packages", "methods", "confidence")


def table(key: str) -> dict[str, list[str]]:
    """Return what the entries list under a key, by what is listed."""
    found: dict[str, list[str]] = {}
    for pattern in patterns():
        listed = pattern.match.get(key, ())
        for one in listed if isinstance(listed, list) else ():
            found.setdefault(str(one), []).append(pattern.id)
    return found


SURE = {pattern.id: str(pattern.match.get("confidence", "high")) for pattern in patterns()}
KEYWORDS = {pattern.id: str(pattern.match["keyword"]) for pattern in patterns() if "keyword" in pattern.match}
CALLS, NAMES, MODULES = table("calls"), table("names"), table("modules")
PACKAGES, METHODS = table("packages"), table("methods")


def ids(*tables: dict[str, list[str]]) -> list[str]:
    return [one for each in tables for found in each.values() for one in found]


@finds("python", *ids(CALLS))
def calls(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls:
        every = f"{call.path.rpartition('.')[0]}.*"
        for rule in (*CALLS.get(call.path, ()), *CALLS.get(every, ())):
            keyword = KEYWORDS.get(rule)
            if keyword is None:
                yield Hit(call.line, rule, SURE[rule])
            elif keyword in call.keywords:
                yield Hit(call.line_of(keyword), rule, SURE[rule])


@finds("python", *ids(NAMES, MODULES))
def names(file: PythonFile) -> Iterator[Hit]:
    last_names = {name.rpartition(".")[2] for name in NAMES}
    for node in file.of(ast.Attribute):
        if node.attr in last_names:
            yield from (Hit(node.lineno, rule, SURE[rule]) for rule in NAMES.get(file.kind(node), ()))
    for node in file.of(ast.ImportFrom):
        for alias in node.names if not node.level else ():
            yield from (Hit(node.lineno, rule, SURE[rule]) for rule in NAMES.get(f"{node.module}.{alias.name}", ()))
        yield from of_module(node.lineno, "" if node.level else node.module or "")
    for node in file.of(ast.Import):
        for alias in node.names:
            yield from of_module(node.lineno, alias.name)
    for node in file.strings():
        if node.value in MODULES and isinstance(file.parents.get(id(node)), ast.List | ast.Tuple):
            yield from of_module(node.lineno, node.value)


def of_module(line: int, module: str) -> Iterator[Hit]:
    """Yield the hits of an imported module, which may be in a listed one."""
    for listed, rules in MODULES.items():
        if module == listed or module.startswith(f"{listed}."):
            yield from (Hit(line, rule, SURE[rule], module) for rule in rules)


@finds("requirements", *ids(PACKAGES))
def packages(file: Requirements) -> Iterator[Hit]:
    for package in file.packages:
        yield from (Hit(package.line, rule, SURE[rule], package.name) for rule in PACKAGES.get(package.name, ()))


@finds("script", *ids(METHODS))
def methods(script: Script) -> Iterator[Hit]:
    for place, token in enumerate(script.tokens):
        if token.text in METHODS and script.at(place - 1) == ".":
            yield from (Hit(token.line, rule, script.confidence) for rule in METHODS[token.text])
