"""What the comparison pages' templates call a source, a test and a verdict."""

from __future__ import annotations

import pytest

from compare.content import content
from compare.templatetags import compare as tags


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.example.com/a?b", "example.com"),
        ("https://docs.stripe.com/", "docs.stripe.com"),
        ("http://arches.io/posts/", "arches.io"),
        ("https://wwwhat.example", "wwwhat.example"),
    ],
)
def test_a_source_is_named_by_its_host(address: str, host: str) -> None:
    assert tags.host(address) == host


def test_every_source_has_its_address_by_its_id() -> None:
    assert [tags.source_address(source.id) for source in content().sources.pages] == [
        source.url for source in content().sources.pages
    ]


def test_a_test_leads_to_its_code_page_or_nowhere() -> None:
    assert tags.test_address("tests/compare/stories/test_parameters.py::test_x") == (
        "/compare/code/parameters-test/#parameters-test-test_x"
    )
    assert tags.test_address("tests/test_run.py::test_x") == ""


def test_each_value_has_its_label_and_each_verdict_its_sign() -> None:
    for row in content().parameters.rows:
        assert str(tags.label(row.replacement, "replacements"))
    verdicts = {cell.verdict for each in content().capabilities.questions for cell in (each.tokens, each.url)}
    for verdict in verdicts - {"plain"}:
        assert str(tags.label(verdict, "verdicts"))
        assert tags.sign(verdict)
    assert tags.sign("plain") == ""


def test_code_is_highlighted_and_escaped() -> None:
    assert tags.code("x = '<b>'") == 'x = <span class="s">&#x27;&lt;b&gt;&#x27;</span>'
    assert tags.code("<b>", "text") == "&lt;b&gt;"
