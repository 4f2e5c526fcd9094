"""Each fact about Stripe and each figure of the READMEs has a source or a test, or the line of code that it is of."""

from __future__ import annotations

import argparse
import ast
import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import resolve

from compare import urls
from compare.content import content
from pytest_stripe_sandbox.plugin import _OPTIONS
from stripe_sandbox.dashboard import control
from stripe_scan import catalogue, cli

# What both READMEs say, in English and in Japanese, and what shows it: a source of the comparison pages by its id, a
# test, or a file with the text in it that decides.
CLAIMS = [
    ("× 10 posts", "10倍", "tests/bbs/test_limits.py::test_an_address_may_do_ten_times_as_much_as_a_visitor"),
    ("× 10 comments", "10倍", "tests/bbs/test_limits.py::test_an_address_may_do_ten_times_as_much_as_a_visitor"),
    (
        "30 and of 90 minutes",
        "30分と90分",
        "tests/compare/stories/test_teaching.py::test_a_lesson_lasts_as_long_as_it_says",
    ),
    ("as stripe-python 16 has it", "stripe-python 16 の", "requirements.txt: stripe>=16"),
    ("39 public repositories", "公開リポジトリ 39 件", "stripe_scan/output/rules.py: repositories=39"),
    ("for 30 days", "30日間", "tests/bbs/test_receipt_links.py::test_it_is_good_for_thirty_days"),
    ("for seven days", "7日間", "https://docs.stripe.com/cli/sandbox"),
    ("16 threads", "16スレッド", "bbs/serving.py: THREADS = 16"),
    ("500 connections", "最大500本", "bbs/serving.py: CONNECTIONS = 500"),
    (
        "for 65 seconds",
        "65秒",
        "tests/bbs/test_serving.py::test_a_proxy_closes_an_idle_connection_before_the_server_does",
    ),
    ("every five minutes", "5分ごと", "deploy/compose.yaml: sleep 300"),
    (
        "will be removed soon",
        "will be removed soon",
        "tests/compare/stories/test_old_code.py::test_charge_create_says_that_it_will_be_removed",
    ),
    (
        "has reached end of\nlife",
        "has reached end of life",
        "tests/stripe_sandbox/resources/test_card_tokens.py: has reached end of life",
    ),
    ("since 30 June 2025", "2025年6月30日以降", "japan-three-d-secure"),
    ("closes it to new integrations", "accept-a-payment-charges", "charges-closed"),
    ("can still enable them", "API", "api-policies"),
    ("of the last seven days", "直近7日", "tests/bbs/management/test_since.py::test_without_one_a_week_is_looked_at"),
    ("24 or more letters", "24文字以上", "stripe_sandbox/api/auth.py: _SHORTEST_TAIL = 24"),
    ("1,000 are kept", "1,000アカウント", "stripe_sandbox/accounts.py: MOST = 1_000"),
    ("from 2.76 to 16.1", "2.76 から 16.1", "tests/pytest_stripe_sandbox/stories/test_matrix.py: 2.76.0"),
    ("removed from the API in 2026-09-30.endive", "2026-09-30.endive で API から削除", "method-types-session"),
    ("from 2025-09-30.clover on", "2025-09-30.clover 以降", "redirect-removed"),
    ("null for guests since 2022-08-01", "2022-08-01 以降", "customer-if-required"),
    (
        "fails since stripe-python 13",
        "stripe-python 13 以降",
        "stripe_scan/catalogue/errors.toml: went with stripe-python 13",
    ),
    ("removed in 2022-08-01", "2022-08-01 で削除", "line-items-replaced"),
    ("in November 2026", "2026年11月", "bench/board.py: beside the article"),
    (
        "0, 10, 50, 100, back to 10, and 100",
        "0、10、50、100、10、100",
        "compare/rehearsal/plan.py: SHARES = (0, 10, 50, 100, 10, 100)",
    ),
    ("64 visitors", "64人", "bench/load.py: default=64"),
    ("10,000 odd requests", "1万件", "bench/fuzz.py: default=10_000"),
]
# A date, a release or a number of something.
FACT = re.compile(
    r"\b20\d\d-\d\d-\d\d\b|(?:since|in|from) (?:\w+ )?20\d\d\b|stripe-python \d|\d[\d,]* are kept"
    r"|\b(?:\d[\d,]*|five|seven) (?:\w+ )?"
    r"(?:seconds|minutes|days|threads|connections|letters|repositories|visitors|posts|comments|requests)\b"
)


def read(name: str) -> str:
    return (settings.BASE_DIR / name).read_text(encoding="utf-8")


def passages(name: str) -> list[str]:
    """Return the paragraphs, list items and table rows of a README, without its code."""
    text = re.sub(r"(?ms)^```.*?^```$|^    .*?$", "", read(name))
    return [passage for part in text.split("\n\n") for passage in re.split(r"\n(?=\||\d\. )", part)]


def test_each_passage_with_a_date_a_release_or_a_number_has_evidence() -> None:
    stated = [passage for passage in passages("README.md") if FACT.search(passage)]

    assert len(stated) > 15
    assert [passage for passage in stated if not any(claim in passage for claim, _ja, _evidence in CLAIMS)] == []


@pytest.mark.parametrize(("english", "japanese", "evidence"), CLAIMS)
def test_what_shows_a_claim_is_there_and_both_readmes_make_it(english: str, japanese: str, evidence: str) -> None:
    assert english in read("README.md")
    assert japanese in read("README.ja.md")
    path, is_test, name = evidence.partition("::")
    file, is_line, line = evidence.partition(": ")
    if is_test:
        tree = ast.parse(read(path))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    elif is_line and Path(settings.BASE_DIR, file).is_file():
        assert line in read(file)
    elif evidence.startswith("https://"):
        assert evidence in read("README.md")
    else:
        assert evidence in {page.id for page in content().sources.pages}


# What is counted in the READMEs, in English and in Japanese, with what is counted.
COUNTED: list[tuple[str, str, Callable[[], int]]] = [
    ("two commands", "2つのコマンド", lambda: len(re.findall(r"(?m)^\| `python3 run\.py", read("README.md")))),
    ("three eras", "3つの時代", lambda: len(content().overview.eras)),
    ("eight differences", "8つの違い", lambda: len(content().overview.differences)),
    # 7b is a part of 7.
    ("eleven steps", "11のステップ", lambda: len({re.sub(r"\D", "", step.number) for step in content().migrate.steps})),
    ("71 patterns", "71のパターン", lambda: len(catalogue.patterns())),
    ("five templates", "5つのテンプレート", lambda: len([*Path("bbs/templates/bbs/extras").glob("*.html")])),
    (
        "two web processes",
        "2つの web プロセス",
        lambda: int(re.findall(r"replicas: (\d+)", read("deploy/compose.yaml"))[0]),
    ),
]
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
COUNTABLE = "commands|eras|differences|steps|patterns|templates|processes|stories|rungs"
COUNT = re.compile(rf"\b(?:{'|'.join(WORDS[2:])}|\d+) (?:\w+ )?(?:{COUNTABLE})\b")


@pytest.mark.parametrize(("english", "japanese", "count"), COUNTED)
def test_what_is_counted_is_so_many(english: str, japanese: str, count: Callable[[], int]) -> None:
    number, _, _what = english.partition(" ")
    japanese_number = re.match(r"\d+", japanese)

    assert count() == int(number if number.isdigit() else WORDS.index(number))
    assert japanese_number
    assert int(japanese_number[0]) == count()
    assert english in read("README.md").lower()
    assert japanese in read("README.ja.md")


def test_each_count_is_checked() -> None:
    found = {
        match[0].lower() for passage in passages("README.md") for match in COUNT.finditer(" ".join(passage.split()))
    }

    assert {count for count in found if not any(english in count for english, _ja, _count in COUNTED)} == set()


# --- What the READMEs name exists --------------------------------------------------------------------------

READMES = ["README.md", "README.ja.md"]
DOCUMENTS = [*READMES, "CONTRIBUTING.md", "SECURITY.md"]
# What is said of a placeholder in one language: the other has it in its own.
PLACEHOLDER = re.compile(r" ?(?:RULE|REFERENCE|ルール|注文番号)(?:,…)?|<\w+>|(?<=\w)\(.*\)|^500$")
# Options of programs that are not ours.
FOREIGN_OPTIONS = {"--forward-to", "--no-location", "--no-wrap"}
# Files that a running site makes, and those of the articles and of other projects.
MADE = {".env", ".venv", "db.sqlite3", "stripe_sandbox.sqlite3", "stripe_sandbox_alone.sqlite3"}
ELSEWHERE = {"checklist.md", "checkout.js", "main.js"}
# Where a file that is named without its folder lies.
FOLDERS = ["", "bbs", "bbs/payments", "bbs_project", "bench", "compare", "deploy", "stripe_sandbox", "stripe_scan"]
FOLDERS += ["tests", "tests/bbs"]


def spans(name: str) -> list[str]:
    """Return what a README has in backticks, and the lines of its code without their comments."""
    text = read(name)
    blocks = re.findall(r"(?ms)^```(?:sh|python|js)$(.*?)^```$", text)
    text = re.sub(r"(?ms)^```.*?^```$", "", text)
    lines = [*re.findall(r"(?m)^    (\S.*)$", text), *"".join(blocks).splitlines()]
    prose = re.sub(r"(?m)^    .*?$", "", text)
    return [*re.findall(r"`([^`\n]+)`", prose), *(line.partition("#")[0].strip() for line in lines)]


def named(name: str, pattern: str) -> set[str]:
    """Return what a pattern finds in the code of a README."""
    return {found for span in spans(name) for found in re.findall(pattern, span)}


def options(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings}


def plugin() -> str:
    return "".join(file.read_text() for file in Path(settings.BASE_DIR, "pytest_stripe_sandbox").glob("*.py"))


def options_of_command(name: str) -> set[str]:
    return options(load_command_class(get_commands()[name], name).create_parser("manage.py", name))


def test_both_readmes_name_the_same_things() -> None:
    english, japanese = ({PLACEHOLDER.sub("", span) for span in spans(name)} for name in READMES)

    assert len(english) > 300
    assert (english - japanese, japanese - english) == (set(), set())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_setting_exists(name: str) -> None:
    places = [".env.example", "bbs_project/settings.py", "run.py", "tests/settings.py", "tests/conftest.py"]
    places += ["tests/stage/stripe_side.py", "tests/stripe_sandbox/test_recorded.py"]
    known = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", "".join(map(read, places)) + plugin()))

    found = named(name, r"\b[A-Z]+(?:_[A-Z]+)+\b")

    assert len(found) > 25 or name not in READMES
    assert found - known == set()


@pytest.mark.parametrize("name", READMES)
def test_each_command_exists_and_has_its_options(name: str) -> None:
    commands = named(name, r"manage\.py ([a-z_]+)")
    rows = [(row, set(re.findall(r"manage\.py ([a-z_]+)", row))) for row in passages(name)]
    said = {command: set(re.findall(r"--[a-z-]+", row)) for row, [command] in ((r, c) for r, c in rows if len(c) == 1)}

    assert len(commands) > 8
    assert {command for command in commands if command not in get_commands()} == set()
    assert {command: left for command, its in said.items() if (left := its - options_of_command(command))} == {}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_option_is_one_of_a_program(name: str) -> None:
    known = set().union(*map(options_of_command, named(name, r"manage\.py ([a-z_]+)")), options(cli.parser()))
    ours = "".join(map(read, ["run.py", "tests/conftest.py"])) + plugin()
    known |= {"--help"} | FOREIGN_OPTIONS | set(re.findall(r"\"(--[a-z-]+)\"", ours))
    known |= {"--" + name.replace("_", "-") for name in _OPTIONS}

    assert named(name, r"(?<![\w-])--[a-z][a-z-]+") - known == set()


@pytest.mark.parametrize("name", READMES)
def test_the_options_of_the_scanner_are_those_of_its_help(name: str) -> None:
    table = read(name).partition("`--explain")[2].partition("\n\n")[0]

    assert set(re.findall(r"--[a-z-]+", "--explain" + table)) == options(cli.parser()) - {"-h", "--help"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_file_exists(name: str) -> None:
    paths = named(name, r"^(?:diff .* )?((?:[\w.-]+/)*[\w.-]*\.(?:py|md|js|html|toml|yaml|txt|sqlite3)|(?:[\w.-]+/)+)$")

    def exists(path: str) -> bool:
        if path in MADE | ELSEWHERE or any(Path(settings.BASE_DIR, folder, path).exists() for folder in FOLDERS):
            return True
        return path.endswith(".html") and any(Path(settings.BASE_DIR).glob(f"**/templates/**/{path}"))

    assert len(paths) > 60 or name not in READMES
    assert {path for path in paths if not exists(path)} == set()


@pytest.mark.parametrize("name", READMES)
def test_each_address_leads_somewhere(name: str) -> None:
    addresses = named(name, r"^(?:GET |POST )?(/[^ ?…]*)(?:\?\w+=)?$") - {"/sandbox/faults/…"}
    values = {"<uuid>": str(uuid.uuid4()), "<payment>": str(uuid.uuid4()), "<決済>": str(uuid.uuid4())}
    values |= dict.fromkeys(["<a>", "<b>"], str(uuid.uuid4())) | dict.fromkeys(["<signature>", "<署名>"], "x:y")

    assert len(addresses) > 25
    for address in addresses - {"/compare/", "/healthz"}:  # the second is answered before any address is looked at
        for placeholder, value in values.items():
            address = address.replace(placeholder, value)
        assert resolve(address)


@pytest.mark.parametrize("name", READMES)
def test_the_table_of_pages_has_every_comparison_page(name: str) -> None:
    shown = {re.sub(r"<\w+>", "x", address) for address in named(name, r"^(/compare/[^ …]*)$")}
    pages = {f"/compare/{page.pattern!s}" for page in urls.urlpatterns if "<" not in str(page.pattern)}

    assert pages - shown == {
        "/compare/old-code/releases/",
        "/compare/migrate/checklist.md",
        "/compare/migrate/rehearsal.txt",
    }


@pytest.mark.parametrize("name", READMES)
def test_the_table_of_control_addresses_is_whole(name: str) -> None:
    assert named(name, r"^POST /sandbox/control/(\w+)/$") == set(control._ACTIONS)


@pytest.mark.parametrize("name", READMES)
def test_the_table_of_limits_has_the_defaults(name: str) -> None:
    rows = dict(re.findall(r"(?m)^\| `([A-Z_]+)` \| (\d+) \|", read(name)))

    assert len(rows) == 5
    assert rows.items() <= set(re.findall(r"(?m)^#([A-Z_]+)=(\d+)$", read(".env.example")))


@pytest.mark.parametrize("name", READMES)
def test_a_table_has_as_many_cells_in_each_row(name: str) -> None:
    without_code = re.sub(r"`[^`\n]*`", "code", read(name))
    tables = re.findall(r"(?m)(?:^\|.*\n)+", without_code)

    assert len(tables) > 10
    for table in tables:
        assert len({row.count("|") for row in table.splitlines()}) == 1
        assert all(row.startswith("| ") and not row.startswith("||") for row in table.splitlines()[2:])
