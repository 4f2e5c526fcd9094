"""A scan in a process of its own: it answers, or it is ended, and nothing of it is left."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time

import pytest

from stripe_scan import apart, archives, scanning
from stripe_scan.apart import MOST_FINDINGS, Refused, scan_archive, scan_text
from stripe_scan.files import NOT_A_TEXT
from tests.stage.uploads import CHARGE, packed

ONLY_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")


@pytest.fixture(autouse=True)
def _busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for what takes little of the processor's time, however many other tests take it meanwhile."""
    monkeypatch.setattr(apart, "START", 60)


def answered(data: bytes, **order: object) -> dict[str, object]:
    """Return what the process would answer, without one."""
    return apart.answer({"archive": False, "name": "", **order}, data, time.process_time())


def test_a_text_and_an_archive_are_scanned() -> None:
    text = scan_text(CHARGE.encode(), "shop/views.py")
    archive = scan_archive(packed({"shop/views.py": CHARGE, "data.py": b"stripe\0", "../x.py": "stripe"}))

    assert (text.name, archive.name) == ("views.py", "")
    assert {(one.file, one.line) for one in text.report.findings} == {("views.py", 2)}
    assert {one.file for one in archive.report.findings} == {"shop/views.py"}
    assert [(one.file, one.reason) for one in archive.report.errors] == [
        ("../x.py", archives.OUTSIDE),
        ("data.py", NOT_A_TEXT),
    ]
    assert archive.report.files == 2


@pytest.mark.parametrize(
    ("data", "is_archive", "reason"),
    [
        (b"no zip", True, "no-archive"),
        (packed({"bomb.py": b"\0" * 2_000_000}), True, "too-large"),
        (b"stripe\0", False, "no-text"),
        (b"import stripe\n" + b"x = stripe.Charge.all()\n" * (MOST_FINDINGS + 1), False, "findings"),
    ],
    ids=["no zip", "bomb", "binary", "findings"],
)
def test_what_is_refused_says_why(data: bytes, is_archive: bool, reason: str) -> None:
    assert answered(data, archive=is_archive) == {"refused": reason}
    assert reason in apart.REASONS


def test_a_refusal_of_the_process_is_raised_here() -> None:
    with pytest.raises(Refused) as refused:
        scan_archive(b"no zip")

    assert refused.value.reason == "no-archive"


def test_files_that_there_is_no_time_for_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LAST_START", -1)

    found = answered(packed({"a.py": CHARGE, "b.py": CHARGE}), archive=True)

    assert found["errors"] == [("a.py", scanning.OUT_OF_TIME), ("b.py", scanning.OUT_OF_TIME)]
    assert found["findings"] == []


def instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the process do something else than scanning."""
    monkeypatch.setattr(apart, "COMMAND", f"{apart.COMMAND.rpartition(';')[0]}; from stripe_scan import apart; {code}")


@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "apart.limit()\nwhile True: pass"])
def test_what_takes_too_long_is_ended_and_leaves_no_process(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(apart, "START", 0)
    monkeypatch.setattr(apart, "SECONDS", 0.3)
    started: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen.__init__

    def noted(process: subprocess.Popen[bytes], *args: object, **kwargs: object) -> None:
        started.append(process)
        begin(process, *args, **kwargs)

    monkeypatch.setattr(subprocess.Popen, "__init__", noted)
    instead(monkeypatch, code)

    with pytest.raises(Refused) as refused:
        scan_text(b"x")

    assert refused.value.reason == "time"
    [process] = started
    assert process.returncode is not None


def test_where_python_starts_slowly_what_was_found_until_then_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    late = apart.SECONDS * apart.LAST_START
    instead(monkeypatch, f"import time\nwhile time.process_time() < {late}: pass\napart.main()")

    found = scan_archive(packed({"a.py": CHARGE, "b.py": CHARGE})).report

    assert {one.reason for one in found.errors} >= {scanning.OUT_OF_TIME}
    assert found.findings == []


@ONLY_POSIX
def test_the_processors_time_is_limited_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, "apart.SECONDS = 1; apart.limit()\nwhile True: pass")

    with pytest.raises(Refused) as refused:
        scan_text(b"x")

    assert refused.value.reason == "time"


@ONLY_POSIX
@pytest.mark.parametrize(
    "code", ["apart.limit(); b'x' * 5_000_000_000", "import os; os.abort()", "raise SystemExit(3)"]
)
def test_a_process_that_breaks_breaks_nothing_else(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    instead(monkeypatch, code)

    with pytest.raises(Refused) as refused:
        scan_text(b"x")

    assert refused.value.reason == "broken"


def test_the_process_gets_no_key_of_the_environment_and_no_open_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_secret")
    monkeypatch.setenv("LD_LIBRARY_PATH", os.environ.get("LD_LIBRARY_PATH", ""))
    said = "import os, json, sys; print(json.dumps({'refused': ' '.join(os.environ) + '|' + repr(sys.flags.isolated)}))"
    instead(monkeypatch, said)

    with pytest.raises(Refused) as refused:
        scan_text(b"x")

    names, _, isolated = refused.value.reason.partition("|")
    assert set(names.split()) <= {*apart.KEPT, "LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    assert isolated == "1"


def test_the_parent_and_the_process_speak_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    order = json.dumps({"archive": False, "name": "views.py"}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(order + b"\n" + CHARGE.encode())))
    monkeypatch.setattr(apart, "limit", lambda: None)

    apart.main(time.process_time())

    assert json.loads(capsys.readouterr().out)["findings"][0] == ["views.py", 2, "charge-create", "high", ""]
