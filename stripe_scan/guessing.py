"""What kind of file a pasted text is, when its name does not say so."""

from __future__ import annotations

import ast
import re
import warnings

from stripe_scan import files

# Letters that are looked at: a file shows early what it is.
LOOKED_AT = 5_000
LONGEST_LINE = 200
PHP = re.compile(r"<\?php\b")
RUBY = re.compile(r"^ *(?:require ['\"]|end$|def \w+[?!]?$|(?:# )?Stripe::|puts )", re.MULTILINE)
PAGE = re.compile(r"<(?:!doctype|html|head|body|form|script|div|input|template)\b|\{%", re.IGNORECASE)
SCRIPT = re.compile(
    r"^ *(?://|function\b|(?:var|let|const) \w|\$\(|import [^\n]{1,200} from ['\"]|export |\}\)?;)|=>|\); *(?://.*)?$"
    r"|\bdocument\.|\bwindow\.",
    re.MULTILINE,
)
PYTHON = re.compile(
    r"^ *(?:import [\w.]+|from [\w.]+ import\b|def \w+\(|class \w+[(:]|(?:if|for|while|with|elif) [^{\n]*:$"
    r"|(?:else|try|finally):$|except\b.*:$|@\w|raise\b|print )",
    re.MULTILINE,
)
PACKAGE = re.compile(r"[\w.\[\],-]+ *(?:(?:[=<>~!]=|[<>]).*)?")
STYLE = re.compile(r"^ *[.#][\w-]+[^;{}()\n]*\{", re.MULTILINE)
# Tables that one file of a project has, by what its lines are.
TABLES = {
    "[project]": "pyproject.toml",
    "[build-system]": "pyproject.toml",
    "[[package]]": "poetry.lock",
    "[packages]": "Pipfile",
    "[dev-packages]": "Pipfile",
}


def name_for(text: str, given: str = "") -> str:
    """Return the name under which a text is read: the given one where it says what it is, or else a guess."""
    name = given.replace("\\", "/").rstrip("/").rpartition("/")[2].strip()
    name = "".join(sign for sign in name if sign.isprintable())[:100]
    return name if files.kinds(name) else _guess(_begin(text))


def _begin(text: str) -> str:
    """Return the first lines, none of them cut."""
    if len(text) <= LOOKED_AT:
        return text
    cut = text[:LOOKED_AT]
    return cut[: cut.rfind("\n") + 1] or cut


def _guess(text: str) -> str:
    lines = [line.partition(" #")[0].strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if PHP.search(text):
        return "pasted.php"
    for line in lines:
        if line in TABLES:
            return TABLES[line]
        if line.startswith("[tool."):
            return "pyproject.toml"
    if _is_list(lines):
        return "requirements.txt"
    if 2 * sum(line.endswith(";") for line in lines) <= len(lines) and _is_python(text):
        return "pasted.py"
    if text.lstrip().startswith("<") or "{%" in text:
        return "pasted.html"
    counts = {
        "pasted.py": len(PYTHON.findall(text)),
        "pasted.js": len(SCRIPT.findall(text)),
        "pasted.html": len(PAGE.findall(text)),
        "pasted.rb": len(RUBY.findall(text)),
        "pasted.css": len(STYLE.findall(text)),
    }
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "pasted.html"


def _is_list(lines: list[str]) -> bool:
    """Return whether every line is a package, and one of them has a version or is Stripe's."""
    packages = all(PACKAGE.fullmatch(line[:LONGEST_LINE]) for line in lines)
    return packages and any(line == "stripe" or "=" in line for line in lines)


def _is_python(text: str) -> bool:
    """Return whether this Python takes the text, and it is more than words or a call that other languages have too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    telling = (
        ast.Import,
        ast.ImportFrom,
        ast.FunctionDef,
        ast.ClassDef,
        ast.Assign,
        ast.With,
        ast.Try,
        ast.If,
        ast.For,
    )
    calls = [one for one in tree.body if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call)]
    return bool(calls) or any(isinstance(one, telling) for one in tree.body)
