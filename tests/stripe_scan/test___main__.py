"""`python -m stripe_scan`, as a process: it needs the standard library alone and imports nothing of the project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

CHARGE = "import stripe\nstripe.Charge.create(amount=1, currency='jpy', source=token)\n"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # -I: no packages of the environment, -S: not even site-packages.
    code = f"import sys; sys.path.insert(0, {str(settings.BASE_DIR)!r}); import runpy; "
    code += "runpy.run_module('stripe_scan', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-I", "-S", "-c", code, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_it_needs_the_standard_library_alone(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(CHARGE)

    done = run(tmp_path, ".", "--json")

    assert done.returncode == 1, done.stderr
    assert {one["rule"] for one in json.loads(done.stdout)["findings"]} >= {"charge-create"}


def test_it_imports_nothing_of_the_folder_that_it_is_run_in(tmp_path: Path) -> None:
    for name in ("argparse", "json", "tomllib", "stripe", "django", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n")
    environment = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}

    command = [sys.executable, "-m", "stripe_scan", ".", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)

    assert "imported" not in done.stdout + done.stderr
    assert json.loads(done.stdout) == {"findings": [], "errors": []}


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(CHARGE * 4000)
    command = [sys.executable, "-m", "stripe_scan", str(tmp_path), "--json"]

    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()

    assert said == b""


def test_an_older_python_gets_the_sentence_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from stripe_scan import __main__

    monkeypatch.setattr(sys, "version_info", (3, 8, 0))

    with pytest.raises(SystemExit, match=r"needs Python 3\.11"):
        __main__.main()
