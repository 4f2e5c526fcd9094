"""Run every check: what `python3 run.py test` runs in its environment, `python -m tests` with arguments for pytest."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from run import _, heed, run, say, start, wait

# Where the PostgreSQL is that part of the tests is run on as well, or "off".
POSTGRESQL = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
# What reads the sources alone, which is the same on every version of Python and Django: not done again with --once.
SOURCES = [
    "-m ruff check .",
    "-m ruff format --check .",
    "lint-imports --no-cache",
    "-m mypy",
]
STEPS = [
    "-m pytest --collect-only -q",  # pytest compiles the tests for the processes that run them, once instead of in each
    "manage.py makemigrations --check --dry-run",
    "manage.py check --fail-level WARNING",
]
# Where no compiled code is kept, pytest and each process that a test starts would compile everything anew.
KEPT: dict[str, Any] = {"PYTHONDONTWRITEBYTECODE": ""}
FAILED, PASSED, UNKNOWN = "FAILED", "ok    ", "      "
AUDIT_LIMIT = 15  # seconds
NOTHING_CHOSEN = 5  # pytest's code when the arguments choose no test, as those for one file elsewhere do


def browsers() -> Iterator[str]:
    """Yield where a Chromium may be, cheapest first: the last two are installed when no other will do."""
    # The same browser without a window of its own comes first: the tests look into none, and take half the time in it.
    names = "chromium-headless-shell google-chrome google-chrome-stable chromium chromium-browser chrome microsoft-edge"
    names += " msedge"
    yield from (shutil.which(name) or "" for name in names.split())
    for app in ("Google Chrome", "Chromium", "Microsoft Edge"):
        yield f"/Applications/{app}.app/Contents/MacOS/{app}"
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        for program in (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe"):
            yield os.environ.get(variable, "") + "\\" + program
    ask = "from playwright.sync_api import *\nwith sync_playwright() as p: print(p.chromium.executable_path)"
    playwrights = run(sys.executable, "-c", ask, limit=60)[1].strip()
    yield playwrights
    say(_("No Chromium found; trying to install one (some minutes at most)…"))
    run(sys.executable, "-m", "playwright", "install", "--no-shell", "chromium", limit=300)
    yield playwrights
    if shutil.which("apt-get") and os.geteuid() == 0:
        run("apt-get", "update", limit=120)
        for name in ("chromium-headless-shell", "chromium"):
            packages = [name, "fonts-liberation", "fonts-ipafont-gothic"]
            install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
            run(*install, limit=300, DEBIAN_FRONTEND="noninteractive")
            yield shutil.which(name) or ""


def starts(browser: str) -> bool:
    """Return whether a browser is there and runs: some systems have a script in its place that only fails."""
    if not Path(browser).is_file():
        return False
    if os.name == "nt":  # where --version opens a window
        return True
    code, said = run(browser, "--version", limit=30)
    return code == 0 and re.search("Chrom|Edge", said) is not None


def find_browser() -> dict[str, str]:
    """Return the setting that names a browser for the tests, or why there is none."""
    named = os.environ.get("BROWSER_PATH")
    found = next((path for path in ([named] if named else browsers()) if starts(path)), None)
    return (
        {"BROWSER_PATH": found}
        if found
        else {
            "BROWSER_MISSING": _(
                "no Chromium starts here and none could be installed: install one, or name it in BROWSER_PATH"
            )
        }
    )


def missing_postgresql() -> str:
    """Return why the tests cannot have a PostgreSQL, or nothing when they can."""
    ask = "import psycopg, sys\ntry: psycopg.connect(sys.argv[1], connect_timeout=5).close()"
    ask += "\nexcept psycopg.Error as error: sys.exit(str(error).split('\\n')[0])"
    code, said = run(sys.executable, "-c", ask, POSTGRESQL, limit=30)
    return (said.strip().splitlines() or ["it does not answer"])[-1] if code else ""


def audit() -> tuple[str, str]:
    """Return what is known against the installed packages, and what kept them from being audited, or not all of them.

    pip-audit asks a database in the network, and counts a package without an entry as a good one.
    """
    with tempfile.TemporaryDirectory() as folder:
        frozen, report = Path(folder, "frozen.txt"), Path(folder, "report.json")
        installed = run(sys.executable, "-m", "pip", "freeze")[1].splitlines()
        frozen.write_text("\n".join(line for line in installed if "==" in line), encoding="utf-8")
        options = ["--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json", "--output", str(report)]
        code, said = run(sys.executable, "-m", "pip_audit", *options, "--requirement", str(frozen), limit=AUDIT_LIMIT)
        try:
            packages = json.loads(report.read_text(encoding="utf-8"))["dependencies"]
        except (OSError, ValueError, KeyError):
            why = _("no answer in time") if code < 0 else said.strip().rpartition("\n")[2]
            return "", _("the audit database cannot be reached ({why})").format(why=why)
    lines = [
        "{} {}: {}".format(each["name"], each["version"], ", ".join(known["id"] for known in each["vulns"]))
        for each in packages
        if each.get("vulns")
    ]
    unknown = sum("vulns" not in each for each in packages)
    why = _("the audit database has no entry for {unknown} of {all} packages").format(
        unknown=unknown, all=len(packages)
    )
    return "\n".join(lines), why if unknown else ""


def run_step(step: str) -> tuple[str, str]:
    """Return how a step ended, as the first word of its line, and what it said if it failed."""
    name, *rest = step.split()
    program = [sys.executable, name] if name in ("-m", "manage.py") else [str(Path(sys.executable).with_name(name))]
    # The database may be "off", and mypy reads the tests' settings.
    code, said = run(*program, *rest, TEST_DATABASE_URL="", **KEPT)
    return (FAILED, said.rstrip()) if code else (PASSED, "")


def run_audit(_step: str) -> tuple[str, str]:
    vulnerable, why = audit()
    said = [f"{UNKNOWN} " + _("not audited: {why}").format(why=why)] if why else []
    return FAILED if vulnerable else UNKNOWN if why else PASSED, "\n".join([*said, *vulnerable.splitlines()])


def run_pytest(arguments: list[str]) -> tuple[int, list[str]]:
    """Run the tests on SQLite, and those of the database on PostgreSQL; return pytest's code and what was not run."""
    browser: dict[str, Any] = {} if "not browser" in " ".join(arguments) else find_browser()
    # Tests wait for answers now and then: with three processes, two cores are idle for a third of the time.
    arguments = ["-n", "4", *arguments]
    print(UNKNOWN, "pytest", *arguments, flush=True)
    command = [sys.executable, "-m", "pytest", *arguments]
    code = wait(start(command, TEST_DATABASE_URL="", **KEPT, **browser), gently=True)
    if POSTGRESQL == "off":
        print(UNKNOWN, _("not run on PostgreSQL, because TEST_DATABASE_URL is off"), flush=True)
        return code, []
    if why := missing_postgresql():
        said = _("not run on PostgreSQL, because {why}: start one, or name it in TEST_DATABASE_URL").format(why=why)
        print(UNKNOWN, said, flush=True)
        return code, [said] if os.environ.get("CI") else []
    print(UNKNOWN, "pytest on PostgreSQL", *arguments, flush=True)
    again = wait(start(command, TEST_DATABASE_URL=POSTGRESQL, **KEPT), gently=True)
    return code or (0 if again == NOTHING_CHOSEN else again), []


def main(arguments: list[str]) -> int:
    """Run every check, cheap ones first and all of them whatever fails; return 0 when every one passed."""
    heed()
    steps = STEPS if "--once" in arguments else [*SOURCES, *STEPS]
    checks = dict.fromkeys(steps, run_step) | ({"pip-audit": run_audit} if os.environ.get("CI") else {})
    failed = []
    with ThreadPoolExecutor(2) as pool:
        outcomes = {step: pool.submit(check, step) for step, check in checks.items()}
        for step, outcome in outcomes.items():
            mark, said = outcome.result()
            print(mark, step.replace("-m ", ""), flush=True)
            if said:
                print(said, flush=True)
            failed += [step] if mark == FAILED else []
    code, missing = run_pytest(arguments)
    for step in [*failed, *missing]:
        print(FAILED, step.replace("-m ", ""), flush=True)
    return code or len(failed + missing)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
