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


@finds("python", *ids(NAMES))
def names(file: PythonFile) -> Iterator[Hit]:
    last_names = {name.rpartition(".")[2] for name in NAMES}
    for node in file.of(ast.Attribute):
        if node.attr in last_names:
            yield from (Hit(node.lineno, rule, SURE[rule]) for rule in NAMES.get(file.kind(node), ()))
    for one in file.of(ast.ImportFrom):
        for alias in one.names if not one.level else ():
            yield from (Hit(one.lineno, rule, SURE[rule]) for rule in NAMES.get(f"{one.module}.{alias.name}", ()))


@finds("python", *ids(MODULES))
def modules(file: PythonFile) -> Iterator[Hit]:
    """Yield the first use of each listed module in a file that is no part of it."""
    seen: set[str] = set()
    for line, module in sorted(used_modules(file)):
        for listed, rules in MODULES.items():
            is_own = listed.partition(".")[0] in file.path.split("/")
            if (module == listed or module.startswith(f"{listed}.")) and listed not in seen and not is_own:
                seen.add(listed)
                yield from (Hit(line, rule, SURE[rule], module) for rule in rules)


def used_modules(file: PythonFile) -> Iterator[tuple[int, str]]:
    """Yield what a file imports and what it lists, as settings list apps, with the lines."""
    for node in file.of(ast.Import):
        yield from ((node.lineno, alias.name) for alias in node.names)
    for one in file.of(ast.ImportFrom):
        if not one.level and one.module:
            yield one.lineno, one.module
    if file.path.lower().rpartition("/")[2] == "setup.py":  # the package's own parts
        return
    for item, text in file.strings():
        if text in MODULES and isinstance(file.parents.get(id(item)), ast.List | ast.Tuple):
            yield item.lineno, text


@finds("requirements", *ids(PACKAGES))
def packages(file: Requirements) -> Iterator[Hit]:
    for package in file.packages:
        yield from (Hit(package.line, rule, SURE[rule], package.name) for rule in PACKAGES.get(package.name, ()))


@finds("script", *ids(METHODS))
def methods(script: Script) -> Iterator[Hit]:
    for place, token in enumerate(script.tokens):
        if token.text in METHODS and script.at(place - 1) == ".":
            yield from (Hit(token.line, rule, script.confidence) for rule in METHODS[token.text])
