"""A Python file with its scopes."""

from __future__ import annotations

import ast

from stripe_scan.reading.python import read


def test_a_call_has_the_line_of_its_keywords() -> None:
    file = read("a.py", "import stripe\nk = {'source': t}\nstripe.Charge.create(\n    amount=1,\n    **k)\n")

    (call,) = file.calls_of("stripe.Charge.create")

    assert call.line == 3
    assert call.line_of("amount") == 4
    assert call.line_of("source") == 3


def test_methods_of_any_object_are_found() -> None:
    file = read("a.py", "import stripe\nc = stripe.Customer.retrieve('cus_1')\nc.save()\nother.save()\n")

    assert [call.line for call in file.calls_of("<*>.save")] == [3]


def test_docstrings_are_no_texts() -> None:
    file = read("a.py", '"""a"""\nclass B:\n    "b"\n    def c(self):\n        "c"\n        return "d"\n')

    assert [text for _node, text in file.strings()] == ["d"]


def test_it_is_known_what_a_file_is_and_what_a_node_is_in() -> None:
    file = read("shop/tests/test_views.py", "def f():\n    x = 1\n")
    (constant,) = file.of(ast.Constant)

    assert file.is_test
    assert not file.is_migration
    assert read("shop/migrations/0001_initial.py", "").is_migration
    assert not read("shop/views.py", "").is_test
    assert file.function(constant).name == "f"
    assert file.is_whole
    assert not read("a.py", "x = = 1").is_whole


def test_functions_that_call_stripe_are_known_by_name() -> None:
    code = "import stripe\ndef pay():\n    stripe.Charge.create()\ndef show():\n    pay()\nstripe.Charge.list()\n"

    assert read("a.py", code).callers == {"pay"}


def test_what_a_node_is_in_comes_from_the_inside_out() -> None:
    file = read("a.py", "class A:\n    def f(self):\n        return [1]\n")
    (constant,) = file.of(ast.Constant)

    assert [type(node).__name__ for node in file.above(constant)] == [
        "List",
        "Return",
        "FunctionDef",
        "ClassDef",
        "Module",
    ]


def test_nodes_of_several_types_come_one_type_after_the_other() -> None:
    file = read("a.py", "a = 1\nb()\nc = 2\n")

    assert [type(node).__name__ for node in file.of(ast.Call, ast.Assign)] == ["Call", "Assign", "Assign"]


def test_a_place_in_an_f_string_is_known() -> None:
    file = read("a.py", "a = f'{b}'\nc = d\n")
    names = {node.id: file.in_f_string(node) for node in file.of(ast.Name)}

    assert names == {"a": False, "b": True, "c": False, "d": False}


def test_a_deep_tree_is_walked_without_recursion() -> None:
    read("a.py", "import stripe\nx = " + "-" * 500 + "1\n")
    read("a.py", "import stripe\nx = " + " + ".join(["a"] * 5000))
