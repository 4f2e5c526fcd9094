"""Teaching texts are content: the Python of `compare` holds no prose longer than a sentence, docstrings apart."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.conf import settings

# The migration guide's small shop is another project: what it says, it says to its own visitors.
SHOP = settings.BASE_DIR / "compare/migrate/shop"
MODULES = sorted(path for path in (settings.BASE_DIR / "compare").rglob("*.py") if not path.is_relative_to(SHOP))
# The end of a sentence with more after it; a full stop within an address, a number or a name is none.
NEXT_SENTENCE = re.compile(r"[.!?][”\"')]*\s+\S|[。！？][」)]*\s*\S")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
WORD = re.compile(r"(?<!\S)[a-zA-Z]{2,}[,;:]?(?!\S)")  # between spaces: not a name in a pattern
MOST_WORDS = 30


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """Return the docstrings, and the strings that stand alone and are never used."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def strings(code: str) -> Iterator[tuple[int, str]]:
    """Yield each string of a module with its line: adjacent pieces are one, and {…} is what is put into it."""
    tree = ast.parse(code)
    left_out = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= set(node.values)
            pieces = [part.value if isinstance(part, ast.Constant) else "{…}" for part in node.values]
            yield node.lineno, "".join(pieces)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left_out:
            yield node.lineno, node.value


def prose_in(code: str) -> list[tuple[int, str]]:
    """Return the strings that are longer than a sentence, or in Japanese."""
    return [
        (line, text)
        for line, text in strings(code)
        if NEXT_SENTENCE.search(text.strip()) or JAPANESE.search(text) or len(WORD.findall(text)) > MOST_WORDS
    ]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix())
def test_a_module_holds_no_prose(module) -> None:
    assert prose_in(module.read_text(encoding="utf-8")) == []


def test_every_module_is_read() -> None:
    names = {path.relative_to(settings.BASE_DIR).as_posix() for path in MODULES}

    assert {"compare/apps.py", "compare/content/loader.py", "compare/pages/views.py", "compare/wire/step.py"} <= names


@pytest.mark.parametrize(
    "code",
    [
        'x = "One sentence. And another."',
        'x = "One sentence. " "And another."',
        'x = f"One {word}. And another."',
        'x = _("One sentence. And another.")',
        'x = {"a": ["One sentence! And another"]}',
        'x = "これは文です"',
        'x = "One sentence (in brackets.) And another"',
        f'x = "{"word " * 31}"',
    ],
)
def test_prose_is_noticed(code: str) -> None:
    assert prose_in(code)


@pytest.mark.parametrize(
    "code",
    [
        '"""One sentence. And another."""',
        'def f():\n    """One sentence. And another."""',
        'x = "One sentence."',
        'x = _("One sentence of the interface.")',
        'x = f"One {word}."',
        'x = "compare/pages/views.py holds 16.1 of them."',
    ],
)
def test_a_sentence_a_name_and_a_docstring_are_no_prose(code: str) -> None:
    assert not prose_in(code)
