"""The same code written otherwise is found on the same lines, and code about something else is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tests.stripe_scan.stage.cases import FOLDER, Case, cases, lines_of

ALL = [case for path in sorted(FOLDER.glob("*.txt")) for case in cases(path.stem)]
PYTHON = [case for case in ALL if case.path.endswith(".py") and case.path != "setup.py"]
SCRIPTS = [case for case in ALL if case.path.endswith(".js")]
PAGES = [case for case in ALL if case.path.endswith(".html")]
WITH_MODULE = [case for case in PYTHON if re.search(r"^import stripe$", case.text, re.MULTILINE)]
# Rules that go by texts and names, whatever module a file imports.
BY_TEXT = set(
    "hardcoded-key csp-stripe checkout-js stripe-button stripe-button-own token-field stripejs-v2 redirect-to-checkout "
    "stripejs-createtoken stripejs-v2-createtoken stripecheckout-configure amount-x100-js test-mock sig-header-index "
    "third-party-wrapper connect-account charge-no-webhook".split()
)


def lines(case: Case, text: str) -> tuple[int, ...]:
    return lines_of(case.rule, text, case.path)


def otherwise(chosen: Iterable[Case], rewrite: Callable[[str], str], later: int = 0) -> list[str]:
    """Return the cases that are found on other lines once they are rewritten, `later` lines further down."""
    return [
        str(case) for case in chosen if lines(case, rewrite(case.text)) != tuple(line + later for line in case.lines)
    ]


def aliased(text: str) -> str:
    renamed = re.sub(r"(?<![\w.\"'/-])stripe(?=\.[A-Za-z])", "payments", text)
    renamed = re.sub(r"(= |\()stripe(?=,|$)", r"\1payments", renamed, flags=re.MULTILINE)
    renamed = renamed.replace("import stripe\n", "import stripe as payments\n")
    renamed = re.sub(r"^from payments", "from stripe", renamed, flags=re.MULTILINE)
    return re.sub(r"^import payments\.", "import stripe.", renamed, flags=re.MULTILINE)


def windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def test_the_cases_are_many() -> None:
    assert min(len(WITH_MODULE), len(PYTHON) // 2, len(SCRIPTS) * 4, len(PAGES) * 6) > 100


# --- Python -----------------------------------------------------------------------------------------------


def test_under_an_alias() -> None:
    # A parameter called stripe is another name.
    chosen = [one for one in WITH_MODULE if one.rule not in BY_TEXT and "(stripe)" not in one.text]

    assert otherwise(chosen, aliased) == []


def test_with_the_line_ends_of_windows() -> None:
    assert otherwise(PYTHON, windows) == []


def test_after_a_mark_of_the_encoding_and_a_comment() -> None:
    assert otherwise(PYTHON, lambda text: f"\ufeff# -*- coding: utf-8 -*-\n{text}", later=1) == []


def test_after_a_line_that_this_python_cannot_parse() -> None:
    # A text at the begin is a docstring no longer, once a line is before it.
    chosen = [one for one in PYTHON if not one.text.startswith('"""')]

    assert otherwise(chosen, lambda text: f"print 'of Python 2'\n{text}", later=1) == []


def test_before_a_line_that_this_python_cannot_parse() -> None:
    assert otherwise(PYTHON, lambda text: f"{text}\nexec 'of Python 2' in {{}}\n") == []


def test_with_much_else_in_the_file() -> None:
    other = "".join(f"\n\ndef other_{number}(request):\n    return [{number}]\n" for number in range(10))

    assert otherwise(PYTHON, lambda text: text + other) == []


def test_a_comment_on_the_line_silences_it() -> None:
    left = []
    for case in PYTHON:
        code = case.text.split("\n")
        for number in case.lines:
            code[number - 1] += "  # stripe-scan: ignore"
        left += [case] if case.lines and lines(case, "\n".join(code)) else []

    # Only in a text of several lines it is no comment.
    assert [str(case) for case in left if '"""' not in case.text] == []


def test_a_comment_on_the_line_before_silences_it() -> None:
    left = []
    for case in PYTHON:
        if len(case.lines) == 1:
            code = case.text.split("\n")
            indent = code[case.lines[0] - 1][: -len(code[case.lines[0] - 1].lstrip()) or None]
            code.insert(case.lines[0] - 1, f"{indent}# stripe-scan: ignore[{case.rule}]")
            left += [case] if lines(case, "\n".join(code)) else []

    assert [str(case) for case in left if '"""' not in case.text] == []


def test_code_that_is_commented_out_is_not_found() -> None:
    chosen = [case for case in PYTHON if lines(case, "".join(f"# {line}\n" for line in case.text.splitlines()))]

    assert chosen == []


def test_code_about_something_else_is_not_found() -> None:
    chosen = [one for one in PYTHON if one.rule not in BY_TEXT]

    assert [str(case) for case in chosen if lines(case, re.sub("(?i)stripe", "paypal", case.text))] == []


# --- Scripts and pages ------------------------------------------------------------------------------------


def test_a_script_within_a_page() -> None:
    wrong = []
    for case in SCRIPTS:
        page = f"<!doctype html>\n<script>\n{case.text}</script>\n"
        found = lines_of(case.rule, page, "shop/pay.html")
        wrong += [] if found == tuple(line + 2 for line in case.lines) else [str(case)]

    assert wrong == []


def test_scripts_and_pages_with_the_line_ends_of_windows() -> None:
    assert otherwise([*SCRIPTS, *PAGES], windows) == []


def test_a_script_after_comments_and_other_code() -> None:
    before = "/* of the shop */\n// one\nvar other = function () { return `a ${1} b`; };\n"

    assert otherwise(SCRIPTS, lambda text: before + text, later=3) == []


def test_a_page_within_a_block_of_a_template() -> None:
    begin, end = "{% extends 'base.html' %}\n{% block pay %}\n", "{% endblock %}\n"

    assert otherwise(PAGES, lambda text: f"{begin}{text}{end}", later=2) == []


def test_a_page_beside_other_scripts_and_forms() -> None:
    before = "<script>\nvar a = '</div>';\n</script>\n<form><input name=q></form>\n"

    assert otherwise(PAGES, lambda text: before + text, later=4) == []


def test_a_file_for_machines_is_left_alone() -> None:
    wrong = []
    for case in [*SCRIPTS, *PAGES]:
        folder, _, name = case.path.rpartition("/")
        stem, _, suffix = name.rpartition(".")
        wrong += [str(case)] if lines_of(case.rule, case.text, f"{folder}/{stem}.min.{suffix}") else []

    assert wrong == []
