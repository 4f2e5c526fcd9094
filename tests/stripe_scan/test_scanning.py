"""One run over a folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stripe_scan.scanning import Options, may_have_something, scan, scan_texts

CHARGE = "import stripe\nstripe.Charge.create(amount=1, currency='jpy', customer=customer)\n"


def rules(folder: Path, options: Options) -> list[str]:
    return [finding.rule for finding in scan(folder, options).findings]


def test_rules_are_selected_and_skipped_and_low_confidence_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(CHARGE)

    assert rules(tmp_path, Options()) == ["charge-create", "charge-no-idempotency", "charge-no-webhook"]
    assert rules(tmp_path, Options(select=frozenset({"charge-create"}))) == ["charge-create"]
    assert rules(tmp_path, Options(skip=frozenset({"charge-create", "charge-no-webhook"}))) == ["charge-no-idempotency"]
    assert "charge-customer" in rules(tmp_path, Options(with_low=True))


def test_what_cannot_be_read_is_listed_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "bundle.js").write_bytes(b"stripe.createToken(card);" * 400_000)
    (tmp_path / "data.py").write_bytes(b"stripe\0\0\1")
    (tmp_path / "one_line.js").write_text("stripe.createToken(card);" * 30_000)
    (tmp_path / "views.py").write_text(CHARGE)
    (tmp_path / "nested.py").write_text("import stripe\nx = " + "(" * 5000 + ")" * 5000)
    begun = time.process_time()

    report = scan(tmp_path, Options(select=frozenset({"charge-create"})))

    assert [finding.file for finding in report.findings] == ["views.py"]
    assert {error.file for error in report.errors} == {"bundle.js", "data.py"}
    assert report.files == 5
    assert time.process_time() - begun < 2


def test_texts_in_memory_are_scanned_alike() -> None:
    texts = {
        "shop/views.py": CHARGE.encode(),
        "logo.png": b"stripe\0",
        "data.py": b"stripe\0",
        "requirements.txt": b"stripe==2.0",
    }

    report = scan_texts(texts, Options())

    assert [(one.file, one.rule) for one in report.findings][:2] == [
        ("requirements.txt", "sdk-pin"),
        ("shop/views.py", "charge-create"),
    ]
    assert [error.file for error in report.errors] == ["data.py"]
    assert report.files == 3


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(top: Path, onerror: Callable[[OSError], None], followlinks: bool) -> Iterator[tuple[str, list, list]]:
        onerror(PermissionError(13, "Permission denied", str(top / "private")))
        yield str(top), [], []

    monkeypatch.setattr("os.walk", walk)

    assert [(error.file, error.reason) for error in scan(tmp_path, Options()).errors] == [
        ("private", "Permission denied")
    ]


def test_progress_counts_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    (tmp_path / "b.py").write_text("")
    seen: list[int] = []

    scan(tmp_path, Options(), seen.append)

    assert seen == [1, 2]


def test_a_file_that_neither_names_stripe_nor_has_a_key_is_not_parsed() -> None:
    assert not may_have_something(b"import os")
    assert may_have_something(b"STRIPE = 1")
    assert may_have_something(b"key = 'sk_live_1'")
    assert may_have_something("stripe".encode("utf-16"))
