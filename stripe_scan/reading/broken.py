"""Python that the running Python cannot parse: Python 2, newer syntax, and broken files, read as far as possible."""

from __future__ import annotations

import ast

# How often a file is parsed again without the line that the parser refuses.
MOST_TRIES = 12


def parse(text: str) -> ast.Module | None:
    """Return the tree of a text as it is, or None; raises nothing, whatever the text."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def parse_broken(text: str) -> ast.Module:
    """Return a tree of what can be understood, with the line numbers of the text."""
    lines = [modern(line) for line in text.split("\n")]
    return _without_bad_lines(lines) or _statement_by_statement(lines)


def modern(line: str) -> str:
    """Return a line of Python 2 in today's syntax, or the line itself."""
    code = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if code.startswith("except ") and code.endswith(":") and " as " not in code:
        types, comma, name = code[7:-1].rpartition(",")
        if comma and name.strip().isidentifier() and types.count("(") == types.count(")"):
            return f"{indent}except {types} as {name.strip()}:"
    if code.startswith("print ") and not code.startswith("print ("):
        values = code[6:].removeprefix(">>").rstrip(",")
        return f"{indent}print({values})"
    if code.startswith("raise ") and "," in code and "(" not in code:
        kind, _, value = code[6:].partition(",")
        return f"{indent}raise {kind}({value})"
    if code.startswith("exec ") and "(" not in code:
        return f"{indent}exec({code[5:]})"
    return line


def _without_bad_lines(lines: list[str]) -> ast.Module | None:
    """Return the tree of the lines without those that the parser names, if they are few."""
    lines = list(lines)
    for _try in range(MOST_TRIES):
        try:
            return ast.parse("\n".join(lines))
        except SyntaxError as error:
            number = (error.lineno or 0) - 1
            if not 0 <= number < len(lines):
                return None
            line = lines[number]
            indent = line[: len(line) - len(line.lstrip())]
            is_block = isinstance(error, IndentationError) or line.strip() in ("", "pass")
            lines[number] = "" if is_block else f"{indent}pass"
            if line == lines[number]:
                return None
        except (ValueError, RecursionError, MemoryError, OverflowError):
            return None
    return None


def _statement_by_statement(lines: list[str]) -> ast.Module:
    """Return a flat tree of the statements that can be parsed alone: all of them are in one scope."""
    body: list[ast.stmt] = []
    start = depth = 0
    for number, line in enumerate(lines):
        code = line.partition("#")[0]
        depth = max(0, depth + sum(map(code.count, "([{")) - sum(map(code.count, ")]}")))
        if depth and number - start < 60:
            continue
        body += _parse_alone(lines[start : number + 1], start)
        start, depth = number + 1, 0
    body += _parse_alone(lines[start:], start)
    return ast.Module(body=body, type_ignores=[])


def _parse_alone(lines: list[str], start: int) -> list[ast.stmt]:
    """Return the statements of some lines of which the first is `start`, counted from 0."""
    text = "\n".join(lines).strip()
    if not text or text.startswith(("#", "@")):
        return []
    for before in ("else", "elif", "except", "finally"):
        if text.startswith(before):
            text = text.partition(":")[2] if before in ("else", "finally") else "if " + text.removeprefix(before)
    tree = parse(text) or parse(f"{text} pass") or parse(text.partition(":")[2].strip())
    leading = next((number for number, line in enumerate(lines) if line.strip()), 0)
    return ast.increment_lineno(tree, start + leading).body if tree else []
