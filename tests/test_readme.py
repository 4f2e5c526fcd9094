"""Each fact about Stripe and each figure of the READMEs has a source or a test, or the line of code that it is of."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from compare.content import content

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
