"""Set the board up and serve it, or run every check: `python3 run.py`, `python3 run.py test`.

Standard library only; Linux, macOS and Windows. An older Python must get as far as the sentence that says so:
the syntax is what Python 3.7 reads.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import gettext
import hashlib
import importlib.util
import ipaddress
import json
import locale
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / os.environ.get("RUN_VENV", ".venv")
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
STAMP = VENV / "installed.json"
# Where the site answers by itself.
LOCAL = ("localhost", "127.0.0.1", "[::1]")
POSTGRESQL = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"


def _(text: str) -> str:
    """Return a text in the language of this machine, as far as it is one of our two."""
    spoken = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    spoken += [locale.getlocale()[0]] if os.name == "nt" else []
    language = next(filter(None, spoken), "")
    languages = ["ja"] if language.lower().startswith("ja") else []
    return gettext.translation("django", ROOT / "locale", languages, fallback=True).gettext(text)


def say(text: str, **values: object) -> None:
    print(text.format(**values), flush=True)


def fail(text: str, said: str = "", **values: object) -> NoReturn:
    """End with one sentence, under the last lines of what a program said: of a traceback, only its end."""
    if "Traceback (most recent call last)" in said:
        said = re.split(r"(?m)^  .*\n", said)[-1].strip() or said
    sys.exit("\n".join([*said.strip().splitlines()[-12:], text.format(**values)]))


# --- The programs we start --------------------------------------------------------------------------------

signals: list[int] = []  # received; a handler that raised could do so while a program is being started


def nap() -> None:
    """Let a moment pass, or raise KeyboardInterrupt on a signal to stop."""
    if signals:
        raise KeyboardInterrupt
    time.sleep(0.05)


def start(command: list[str], output: BinaryIO | None = None, **settings: str) -> subprocess.Popen:
    """Start a program, in a group of its own: Ctrl-C then reaches us alone, and no child complains of it."""
    group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # Windows
    apart = {"creationflags": group, "start_new_session": os.name != "nt"}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT} if output else {}
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", **settings}
    return subprocess.Popen(command, cwd=ROOT, env=env, **quiet, **apart)


def end(child: subprocess.Popen, gently: bool = False) -> None:
    """End a program and all that it started; one that is asked to stop ends those itself, in ten seconds at most."""
    if child.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "nt":
            child.send_signal(signal.CTRL_BREAK_EVENT)
        elif gently:
            child.send_signal(signal.SIGINT)
        else:
            os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill() if os.name == "nt" else os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def wait(child: subprocess.Popen, limit: float = float("inf"), gently: bool = False) -> int:
    """Return a program's exit code, once it has ended or `limit` seconds are over."""
    until = time.monotonic() + limit
    try:
        while child.poll() is None and time.monotonic() < until:
            nap()
    finally:
        end(child, gently)
    return child.returncode


def run(*command: str, limit: float = float("inf"), **settings: str) -> tuple[int, str]:
    """Run a program quietly; return its exit code and all that it said."""
    try:
        with tempfile.TemporaryFile() as file:
            code = wait(start(list(command), file, **settings), limit)
            file.seek(0)
            return code, file.read().decode(errors="replace")
    except OSError as error:  # there is no such program, or it is not for this machine
        return 1, str(error)


# --- The virtual environment ------------------------------------------------------------------------------


def wanted(names: list[str]) -> dict[str, str]:
    """Return what an environment made by this Python from these requirement files is known by."""
    hashes = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in names}
    return {"python": "{}.{}".format(*sys.version_info), **hashes}


def kept() -> dict[str, str]:
    """Return what the environment is known by: nothing, unless its last installation ended and it starts."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if run(PYTHON, "-c", "")[0] == 0 else {}


def is_uvs(python: str) -> bool:
    """Return whether uv has made the environment, with this Python and with pip: it is as good as our own."""
    with contextlib.suppress(OSError):
        made = re.search(r"(?m)^uv\b", (VENV / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace"))
        ask = "import importlib.util, sys; print(importlib.util.find_spec('pip') and '%d.%d' % sys.version_info[:2])"
        return made is not None and run(PYTHON, "-c", ask)[1].strip() == python
    return False


def make_venv() -> None:
    """Make the environment anew, in place of an older, broken or half-made one but of nothing else."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        fail(
            _("This Python cannot make virtual environments; on Debian and Ubuntu: apt install python{have}-venv"),
            have="{}.{}".format(*sys.version_info),
        )
    if VENV.exists() and not (VENV / "pyvenv.cfg").exists():
        fail(
            _("{folder} is in the way of the virtual environment: move it, or name another folder in RUN_VENV."),
            folder=VENV,
        )
    code, said = run(sys.executable, "-m", "venv", "--clear", str(VENV))
    if code:
        fail(_("`{step}` failed: see the lines above."), said, step="python3 -m venv")


def prepare(*names: str) -> None:
    """Bring the environment to what these requirement files name: nothing to do while they are unchanged."""
    try:
        with tempfile.TemporaryFile(dir=ROOT):
            goal, stamp = wanted(list(names)), kept()
    except OSError as error:
        fail(
            _("{folder} cannot be written to ({why}): copy the project to a folder of your own."),
            folder=ROOT,
            why=error.strerror,
        )
    if goal.items() <= stamp.items():
        return
    say(_("Installing what {names} names (about a minute the first time)…"), names=" + ".join(names))
    if stamp.get("python") != goal["python"] and not is_uvs(goal["python"]):
        make_venv()
    STAMP.unlink(missing_ok=True)
    options = ["--quiet", "--no-input", "--disable-pip-version-check"]
    files = [word for name in names for word in ("-r", name)]
    code, said = run(PYTHON, "-m", "pip", "install", *options, *files)
    if code and re.search("(NewConnection|ConnectTimeout|ReadTimeout|NameResolution|Proxy)Error", said):
        fail(_("The package index cannot be reached: go online (or set HTTPS_PROXY) and run this again."))
    if code:
        fail(_("`{step}` failed: see the lines above."), said, step=" ".join(["pip install", *files]))
    STAMP.write_text(json.dumps(goal), encoding="utf-8")


# --- Serving ----------------------------------------------------------------------------------------------


def free(host: str, port: int) -> str:
    """Return the address that `host` stands for, if no program serves on this port of it yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Windows' SO_REUSEADDR would share the port; elsewhere it only forgets connections that are over.
    option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    try:
        place = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)[0][4]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, option, 1)
            probe.bind(place)
            probe.listen()
    except (OSError, UnicodeError) as error:  # the latter for what cannot be a host's name, such as a..b
        if getattr(error, "errno", 0) == errno.EADDRINUSE:
            fail(
                _("Port {port} is taken by another program: end that one, or choose another, such as --port {other}."),
                port=port,
                other=port % 65535 + 1,
            )
        fail(
            _("Cannot serve on {host}, port {port} ({why}): choose another --host or --port."),
            host=host,
            port=port,
            why=getattr(error, "strerror", error),
        )
    return place[0]


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def own_names(address: str) -> list[str]:
    """Return what other machines may call this one when it serves on all its addresses."""
    family, far = (socket.AF_INET6, "2001:db8::1") if ":" in address else (socket.AF_INET, "192.0.2.1")
    name = socket.gethostname()
    found = [name, name.split(".")[0] + ".local"]
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((far, 9))  # sends nothing: it only picks the address we would send from
        found.insert(0, probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [info[4][0] for info in socket.getaddrinfo(name, None, family)]
    return [one for one in dict.fromkeys(found) if not one.startswith(("127.", "::1", "fe80:"))]


def let_in(host: str, address: str, port: int) -> dict[str, str]:
    """Return the setting that lets the site answer at `host`, unless it is given; print how others reach it."""
    others = own_names(address) if ipaddress.ip_address(address).is_unspecified else [host]
    names = [in_url(name) for name in others]
    if not ipaddress.ip_address(address).is_loopback:
        say(
            _("Other machines reach this one at {addresses}"),
            addresses="  ".join(f"http://{name}:{port}/" for name in names),
        )
    elif in_url(host) in LOCAL:
        return {}
    file = ROOT / os.environ.get("DJANGO_ENV_FILE", ".env")
    given = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    if "DJANGO_ALLOWED_HOSTS" in os.environ or re.search(r"(?m)^(export )?\s*DJANGO_ALLOWED_HOSTS\b", given):
        return {}
    return {"DJANGO_ALLOWED_HOSTS": ",".join([*LOCAL, *names])}


def answers(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def serve(host: str, port: int, flow: str | None) -> int:
    """Set up and serve until Ctrl-C, which is how serving ends well."""
    address = free(host, port)
    prepare("requirements.txt")
    settings = {"PAYMENT_FLOW": flow} if flow else {}
    say(_("Preparing the databases…"))
    code, said = run(PYTHON, "manage.py", "setup", **settings)
    if code:
        fail(_("`{step}` failed: see the lines above."), said, step="manage.py setup")
    settings.update(let_in(host, address, port))
    everywhere = ipaddress.ip_address(address).is_unspecified
    here = ("::1" if ":" in address else "127.0.0.1") if everywhere else address
    command = [PYTHON, "manage.py", "serve", f"{in_url(address)}:{port}"]
    server = start(command, **settings)
    try:
        while server.poll() is None and not answers(here, port):
            nap()
        if server.poll() is None:
            command = [PYTHON, "manage.py", "welcome", "--host", in_url(here), "--port", str(port)]
            wait(start(command, **settings))
        wait(server)
    except KeyboardInterrupt:
        say(_("Stopped."))
        return 0
    finally:
        end(server)
    fail(_("`{step}` failed: see the lines above."), step="manage.py serve")


# --- Checking ---------------------------------------------------------------------------------------------


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
    playwrights = run(PYTHON, "-c", ask, limit=60)[1].strip()
    yield playwrights
    say(_("No Chromium found; trying to install one (some minutes at most)…"))
    run(PYTHON, "-m", "playwright", "install", "--no-shell", "chromium", limit=300)
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


NOTHING_CHOSEN = 5  # pytest's code when the arguments choose no test, as those for one file elsewhere do


def missing_postgresql() -> str:
    """Return why the tests cannot have a PostgreSQL, or nothing when they can."""
    ask = "import psycopg, sys\ntry: psycopg.connect(sys.argv[1], connect_timeout=5).close()"
    ask += "\nexcept psycopg.Error as error: sys.exit(str(error).split('\\n')[0])"
    code, said = run(PYTHON, "-c", ask, POSTGRESQL, limit=30)
    return (said.strip().splitlines() or ["it does not answer"])[-1] if code else ""


AUDIT_LIMIT = 15  # seconds


def audit() -> tuple[str, str]:
    """Return what is known against the installed packages, and what kept them from being audited, or not all of them.

    pip-audit asks a database in the network, and counts a package without an entry as a good one.
    """
    with tempfile.TemporaryDirectory() as folder:
        frozen, report = Path(folder, "frozen.txt"), Path(folder, "report.json")
        installed = run(PYTHON, "-m", "pip", "freeze")[1].splitlines()
        frozen.write_text("\n".join(line for line in installed if "==" in line), encoding="utf-8")
        options = ["--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json", "--output", str(report)]
        code, said = run(PYTHON, "-m", "pip_audit", *options, "--requirement", str(frozen), limit=AUDIT_LIMIT)
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


def check(arguments: list[str]) -> int:
    """Run every check, cheap ones first and all of them whatever fails; return 0 when every one passed."""
    prepare("requirements.txt", "requirements-dev.txt")
    failed = []
    for step in (
        "-m ruff check .",
        "-m ruff format --check .",
        "lint-imports --no-cache",
        "manage.py makemigrations --check --dry-run",
        "manage.py check --fail-level WARNING",
    ):
        name, *rest = step.split()
        program = [PYTHON, name] if name in ("-m", "manage.py") else [str(Path(PYTHON).with_name(name))]
        code, said = run(*program, *rest)
        print("FAILED" if code else "ok    ", step.replace("-m ", ""), flush=True)
        if code:
            failed.append(step)
            print(said.rstrip(), flush=True)
    if os.environ.get("CI"):
        vulnerable, why = audit()
        print("FAILED" if vulnerable else "      " if why else "ok    ", "pip-audit", flush=True)
        if why:
            print("      ", _("not audited: {why}").format(why=why), flush=True)
        if vulnerable:
            failed.append("pip-audit")
            print(vulnerable, flush=True)
    browser = {} if "not browser" in " ".join(arguments) else find_browser()
    # Tests wait for answers now and then: with three processes, two cores are idle for a third of the time.
    arguments = ["-n", "4", *arguments]
    print("      ", "pytest", *arguments, flush=True)
    # Where no compiled code is kept, pytest and each process that a test starts would compile everything anew.
    kept = {"PYTHONDONTWRITEBYTECODE": ""}
    code = wait(start([PYTHON, "-m", "pytest", *arguments], TEST_DATABASE_URL="", **kept, **browser), gently=True)
    is_off = POSTGRESQL == "off"
    why = "" if is_off else missing_postgresql()
    if is_off:
        print("      ", _("not run on PostgreSQL, because TEST_DATABASE_URL is off"), flush=True)
    elif why:
        said = _("not run on PostgreSQL, because {why}: start one, or name it in TEST_DATABASE_URL").format(why=why)
        print("      ", said, flush=True)
        failed += [said] if os.environ.get("CI") else []
    else:
        print("      ", "pytest on PostgreSQL", *arguments, flush=True)
        again = wait(start([PYTHON, "-m", "pytest", *arguments], TEST_DATABASE_URL=POSTGRESQL, **kept), gently=True)
        code = code or (0 if again == NOTHING_CHOSEN else again)
    for step in failed:
        print("FAILED", step.replace("-m ", ""), flush=True)
    return code or len(failed)


# --- The command line -------------------------------------------------------------------------------------


def port_number(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 65535")


def read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        usage="%(prog)s [--host HOST] [--port PORT] [--flow FLOW] | %(prog)s test [FOR PYTEST]",
        description="Set up what the board needs, in .venv, and serve it until Ctrl-C.",
        epilog="`run.py test` runs every check instead; with --all, also the shop's tests in a copy of the shop alone, "
        "and the pytest plugin with old releases of stripe-python and Django. "
        "RUN_VENV in the environment names another folder than .venv, BROWSER_PATH the browser of the tests and "
        "TEST_DATABASE_URL their PostgreSQL, or off. .env.example lists the site's settings.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other machines in")
    parser.add_argument("--port", default=8000, type=port_number, help="default: 8000")
    parser.add_argument("--flow", choices=["modern", "legacy"], help="how the pay button takes money")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # for a console without our letters
    if sys.version_info[:2] < OLDEST:
        fail(
            _("Python {oldest} or newer is needed, and this is {have}: get one from python.org to run this with."),
            oldest="{}.{}".format(*OLDEST),
            have="{}.{}".format(*sys.version_info),
        )
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: signals.append(number))
    if arguments[:1] == ["test"] and arguments[1:] not in (["-h"], ["--help"]):
        return check(arguments[1:])
    options = read(["--help"] if arguments[:1] == ["test"] else arguments)
    return serve(options.host.strip("[]"), options.port, options.flow)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say(_("Stopped."))
        sys.exit(130)
