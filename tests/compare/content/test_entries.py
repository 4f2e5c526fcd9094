"""What an entry says of itself: its flow, its addresses, and its line of code."""

from __future__ import annotations

import pytest

from compare.content.entries import File, Note, Page, Parameter, Term
from compare.content.lines import source
from compare.content.text import Claim, Text

WORD = Text("word", "語")


@pytest.mark.parametrize(("era", "flow"), [("tokens", "legacy"), ("url", "modern"), ("redirect", ""), ("all", "")])
def test_an_era_is_shown_by_a_flow_of_this_site_or_by_none(era: str, flow: str) -> None:
    assert Term(id="term", era=era, word=WORD, meaning=WORD).flow == flow


@pytest.mark.parametrize(
    ("name", "slug"), [("receipt_email", "receipt-email"), ("stripeBilling…", "stripeBilling"), ("zipCode", "zipCode")]
)
def test_the_anchor_of_a_parameter_has_neither_underscores_nor_dots(name: str, slug: str) -> None:
    row = Parameter(id="row", era="tokens", group="group", name=name, old="x", replacement="removed", where=Claim(WORD))

    assert row.slug == slug


def test_a_page_has_the_address_of_its_id() -> None:
    page = Page(id="old-code", era="all", title=WORD, question=WORD)

    assert (page.name, page.url) == ("old_code", "/compare/old-code/")


@pytest.mark.parametrize(
    ("path", "language"), [("bbs/views.py", "python"), ("templates/a.html", "html"), ("static/a.js", "javascript")]
)
def test_a_file_is_written_in_the_language_of_its_name(path: str, language: str) -> None:
    assert File(id="file", era="all", path=path, title=WORD).language == language


def test_a_file_is_on_its_page_or_on_that_of_the_two_flows() -> None:
    alone = File(id="views", era="all", path="bbs/views.py", page="views", title=WORD)
    flow = File(id="legacy", era="tokens", path="bbs/payments/legacy.py", title=WORD)

    assert (alone.url, alone.slug) == ("/compare/code/views/", "views")
    assert flow.url == "/compare/code/"
    assert "def views" not in flow.source
    assert "def index(" in alone.source


def test_an_entry_about_a_line_has_its_number() -> None:
    path = "bbs/payments/legacy.py"
    written = "def refund(payment: Payment, amount: int, reason: RefundReason) -> stripe.Refund:"
    note = Note(id="note", era="tokens", path=path, function="refund", line=written, text=WORD)

    assert source(path).splitlines()[note.number - 1] == written
