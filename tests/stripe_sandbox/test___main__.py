"""The command `stripe-sandbox`: the sandbox without the site, whatever the environment is meant for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from django.conf import settings

COMMAND = [sys.executable, "-u", "-m", "stripe_sandbox", "--port=0", "--until-stdin-ends"]
# A Django project that has keys of Stripe's, in whose shell the command is started.
ELSEWHERE = {
    "DJANGO_SETTINGS_MODULE": "their.settings",
    "STRIPE_SECRET_KEY": "sk_test_theirs",
    "STRIPE_API_BASE": "https://x",
}


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(settings.BASE_DIR), **more}


def started(folder: Path, *options: str, **more: str) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """Start it in a folder of a user's own; returns what it printed when it was ready, by name."""
    process = subprocess.Popen(
        [*COMMAND, *options],
        cwd=folder,
        env=environment(folder, **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    printed = {}
    for line in process.stdout:
        printed[line[:16].strip()] = line[16:].strip()
        if "dashboard" in printed:
            break
    return process, printed


def ended(process: subprocess.Popen[str]) -> int:
    """End its standard input, and return the exit code that comes of it."""
    process.stdin.close()
    process.stdout.close()
    return process.wait(timeout=30)


def test_it_serves_pages_styles_and_the_api_and_ends_with_its_standard_input(tmp_path: Path) -> None:
    process, printed = started(tmp_path, **ELSEWHERE)
    url = printed["Stripe sandbox"]
    charge = {"amount": 2000, "currency": "jpy", "source": "tok_visa"}

    dashboard = requests.get(f"{url}/sandbox/", headers={"Accept-Language": "ja"}, timeout=10)
    style = requests.get(f"{url}/static/stripe_sandbox/sandbox.css", timeout=10)
    script = requests.get(f"{url}/checkout.js", timeout=10)
    paid = requests.post(f"{url}/v1/charges", charge, auth=(printed["secret key"], ""), timeout=10)
    site = requests.get(f"{url}/compare/", timeout=10)

    assert "決済" in dashboard.text
    assert [each.status_code for each in (dashboard, style, script, paid, site)] == [200, 200, 200, 200, 404]
    assert ended(process) == 0
    assert (tmp_path / ".local/state/stripe-sandbox/sandbox.sqlite3").is_file()


def test_its_webhook_secret_is_the_same_the_next_time(tmp_path: Path) -> None:
    secrets = []
    for _ in range(2):
        process, printed = started(tmp_path, f"--database={tmp_path / 'own.sqlite3'}")
        secrets.append(printed["webhook secret"])
        assert ended(process) == 0

    assert secrets[0] == secrets[1]
    assert sorted(path.name for path in tmp_path.iterdir() if ".sqlite3-" not in path.name) == [
        "own.sqlite3",
        "own.sqlite3.key",
    ]


def test_manage_py_serves_it_beside_a_project_that_has_keys(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "manage.py", "sandbox", "--port=0", f"--database={tmp_path / 'x.sqlite3'}"]
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment(tmp_path, DJANGO_ENV_FILE=os.devnull, DJANGO_SECRET_KEY="a test's", **ELSEWHERE),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    first = process.stdout.readline()
    process.kill()
    process.communicate()

    assert first.startswith("Stripe sandbox   http://127.0.0.1:")


@pytest.mark.parametrize("package", ["django", "msgspec", "waitress"])
def test_without_its_packages_it_says_how_to_install_them(tmp_path: Path, package: str) -> None:
    # Python finds this before the package.
    (tmp_path / f"{package}.py").write_text(f"raise ModuleNotFoundError('No module', name='{package}')")
    found = environment(tmp_path, PYTHONPATH=f"{tmp_path}:{settings.BASE_DIR}")

    done = subprocess.run(COMMAND, cwd=tmp_path, env=found, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith(f"stripe-sandbox needs the package {package}: install it with its extra")
