"""Functions of one name stand beside each other, and only what differs is marked."""

from __future__ import annotations

from compare.content.lines import line_number, spans
from compare.pages.files import FILES
from compare.pages.side_by_side import TWINS, Row, blocks, rows

LEGACY = "bbs/payments/legacy.py"
REFUND = "def refund(payment: Payment, amount: int, reason: RefundReason) -> stripe.Refund:"


def test_functions_of_one_name_stand_side_by_side() -> None:
    together = {row.legacy.name: row.modern.name for row in rows("") if row.legacy and row.modern}

    for name in ("head", "button", "checkout", "confirm", "refund", "captured", "PAID_EVENTS", "EVENTS", "_record"):
        assert together[name] == name
    assert together["_charge_changed"] == "_session_changed"
    assert together["_charge"] == "_create"


def test_what_is_called_alike_by_hand_exists_on_both_sides() -> None:
    names = {span.name for file in FILES for span in spans(file.path)}

    assert set(TWINS) | set(TWINS.values()) <= names


def test_only_what_differs_is_marked() -> None:
    head = next(row for row in rows("") if row.legacy and row.legacy.name == "refund")
    marked = {line.number for line in head.legacy.lines if line.differs}

    assert line_number(LEGACY, "refund", "charge=known(payment.charge_id),") in marked
    assert line_number(LEGACY, "refund", REFUND) not in marked


def test_a_file_that_stands_alone_is_shown_whole() -> None:
    shown = [line.number for block in blocks("bbs/payments/ledger.py") for line in block.lines]

    assert shown == sorted(shown)
    assert len(shown) > 100


def test_nothing_is_lost_or_shown_twice_where_two_files_are_side_by_side() -> None:
    for page in ("", "templates", "tests"):
        shown = rows(page)
        legacy, modern = (file for file in FILES if file.page == page)
        assert [row.legacy.name for row in shown if row.legacy] == [span.name for span in spans(legacy.path)]
        assert [row.modern.name for row in shown if row.modern] == [span.name for span in spans(modern.path)]


def test_what_is_on_one_side_alone_is_not_marked_line_by_line() -> None:
    alone = [row for row in rows("") if None in row.blocks]

    assert alone
    assert [line for row in alone for block in row.blocks if block for line in block.lines if line.differs] == []


def test_a_row_shows_the_legacy_flow_first() -> None:
    block = blocks("bbs/payments/ledger.py")[0]

    assert Row(block, None).blocks == (block, None)
    assert block.anchor == "ledger-head"
