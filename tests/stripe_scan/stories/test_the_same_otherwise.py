"""The same code written otherwise is found on the same lines, and code about something else is not."""

from __future__ import annotations

import re

import pytest

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


@pytest.mark.parametrize("case", [one for one in WITH_MODULE if one.rule not in BY_TEXT], ids=str)
def test_under_an_alias(case: Case) -> None:
    renamed = re.sub(r"(?<![\w.\"'/-])stripe(?=\.[A-Za-z])", "payments", case.text)
    renamed = re.sub(r"= stripe$", "= payments", renamed, flags=re.MULTILINE)
    renamed = renamed.replace("import stripe\n", "import stripe as payments\n")
    renamed = re.sub(r"^from payments", "from stripe", renamed, flags=re.MULTILINE)
    renamed = re.sub(r"^import payments\.", "import stripe.", renamed, flags=re.MULTILINE)

    assert lines(case, renamed) == case.lines


@pytest.mark.parametrize("case", PYTHON, ids=str)
def test_with_the_line_ends_of_windows(case: Case) -> None:
    assert lines(case, case.text.replace("\n", "\r\n")) == case.lines


@pytest.mark.parametrize("case", PYTHON, ids=str)
def test_after_a_mark_of_the_encoding_and_a_comment(case: Case) -> None:
    assert lines(case, f"\ufeff# -*- coding: utf-8 -*-\n{case.text}") == tuple(line + 1 for line in case.lines)


@pytest.mark.parametrize("case", [one for one in PYTHON if not one.text.startswith('"""')], ids=str)
def test_after_a_line_that_this_python_cannot_parse(case: Case) -> None:
    assert lines(case, f"print 'of Python 2'\n{case.text}") == tuple(line + 1 for line in case.lines)


@pytest.mark.parametrize("case", [one for one in PYTHON if one.lines], ids=str)
def test_a_comment_of_the_line_or_of_the_line_before_silences_it(case: Case) -> None:
    code = case.text.split("\n")
    beside = [f"{line}  # stripe-scan: ignore" if "\\" not in line else line for line in code]
    for number in case.lines:
        if lines(case, "\n".join([*code[: number - 1], beside[number - 1], *code[number:]])) == case.lines:
            # The comment is inside of a text of several lines: it belongs before the statement.
            assert '"""' in case.text or "'''" in case.text


@pytest.mark.parametrize("case", [one for one in PYTHON if one.lines], ids=str)
def test_code_that_is_commented_out_is_not_found(case: Case) -> None:
    assert lines(case, "".join(f"# {line}\n" for line in case.text.splitlines())) == ()


@pytest.mark.parametrize("case", [one for one in PYTHON if one.rule not in BY_TEXT and one.lines], ids=str)
def test_code_about_something_else_is_not_found(case: Case) -> None:
    other = re.sub("stripe", "paypal", case.text, flags=re.IGNORECASE)

    assert lines(case, other) == ()


@pytest.mark.parametrize("case", SCRIPTS, ids=str)
def test_a_script_within_a_page(case: Case) -> None:
    page = f"<!doctype html>\n<script>\n{case.text}</script>\n"

    assert lines_of(case.rule, page, "shop/pay.html") == tuple(line + 2 for line in case.lines)


@pytest.mark.parametrize("case", SCRIPTS, ids=str)
def test_a_script_with_the_line_ends_of_windows(case: Case) -> None:
    assert lines(case, case.text.replace("\n", "\r\n")) == case.lines


@pytest.mark.parametrize("case", PAGES, ids=str)
def test_a_page_with_the_line_ends_of_windows(case: Case) -> None:
    assert lines(case, case.text.replace("\n", "\r\n")) == case.lines


@pytest.mark.parametrize("case", PAGES, ids=str)
def test_a_page_within_a_block_of_a_template(case: Case) -> None:
    page = f"{{% extends 'base.html' %}}\n{{% block pay %}}\n{case.text}{{% endblock %}}\n"

    assert lines(case, page) == tuple(line + 2 for line in case.lines)


@pytest.mark.parametrize("case", [one for one in [*SCRIPTS, *PAGES] if one.lines], ids=str)
def test_a_file_for_machines_is_left_alone(case: Case) -> None:
    folder, _, name = case.path.rpartition("/")
    stem, _, suffix = name.rpartition(".")

    assert lines_of(case.rule, case.text, f"{folder}/{stem}.min.{suffix}") == ()
