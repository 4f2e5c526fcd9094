"""`--fix`: by range, in the file's own bytes, and never a file that it would break."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from stripe_scan import cli, files, fixing
from stripe_scan.catalogue import patterns
from stripe_scan.scanning import Options

OLD = "import stripe\ntry:\n    pay('円')\nexcept stripe.error.CardError:\n    pass\n"
NEW = OLD.replace("stripe.error.", "stripe.")
SOURCE = files.Source(Path("a.py"), "a.py", ("python",))


@pytest.mark.parametrize(
    ("mark", "coding", "end"),
    [
        (b"", "utf-8", "\n"),
        (b"\xef\xbb\xbf", "utf-8", "\r\n"),
        (b"", "cp932", "\r\n"),
        (b"", "euc-jp", "\n"),
    ],
)
def test_every_other_byte_stays(mark: bytes, coding: str, end: str) -> None:
    head = f"# -*- coding: {coding} -*-\n"
    before, after = (mark + (head + text).replace("\n", end).encode(coding) for text in (OLD, NEW))

    assert fixing.fixed(SOURCE, before, Options()) == (after, 1)
    assert fixing.fixed(SOURCE, after, Options()) == (after, 0)


def test_rules_that_are_not_chosen_change_nothing() -> None:
    options = Options(skip=frozenset({"stripe-error-attr"}))

    assert fixing.fixed(SOURCE, OLD.encode(), options) == (OLD.encode(), 0)


def test_a_change_that_a_change_uncovers_is_made_too() -> None:
    code = b"import stripe\nstripe.error.X(stripe.Charge.all(stripe.error.Y))\n"

    assert fixing.fixed(SOURCE, code, Options()) == (b"import stripe\nstripe.X(stripe.Charge.list(stripe.Y))\n", 3)


def test_a_link_and_what_does_not_parse_are_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(OLD)
    project = tmp_path / "project"
    project.mkdir()
    (project / "link.py").symlink_to(outside)
    (project / "old.py").write_text(OLD + "print 'x'\n")
    (project / "binary.py").write_bytes(OLD.encode() + b"\0")

    assert list(fixing.rewritten(project, Options())) == []


def test_a_diff_shows_and_changes_nothing_and_a_fix_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    file = tmp_path / "views.py"
    file.write_text(OLD)

    assert cli.main([str(tmp_path), "--fix", "--diff"]) == 1
    shown = capsys.readouterr()
    assert "-except stripe.error.CardError:\n+except stripe.CardError:\n" in shown.out
    assert "1 places in 1 files would be rewritten" in shown.err
    assert file.read_text() == OLD

    assert cli.main([str(tmp_path), "--fix"]) == 0
    assert "1 places rewritten in 1 files, for stripe-python 16." in capsys.readouterr().err
    assert file.read_text() == NEW
    assert cli.main([str(tmp_path), "--diff"]) == 0


def test_a_diff_says_where_a_file_has_no_last_line_end() -> None:
    change = fixing.Rewritten(Path("a.py"), "a.py", b"a", b"b", 1)

    assert fixing.diff(change).endswith("-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n")


def test_every_pattern_marked_a_has_a_change() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "stripe_scan/fixing").glob("*.py"))

    assert [pattern.id for pattern in patterns() if pattern.auto == "A" and f'"{pattern.id}"' not in code] == []
