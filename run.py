"""Set the board up and serve it, run every check, or scan a project: `run.py`, `run.py test`, `run.py scan PATH`.

Standard library only; Linux, macOS and Windows. The syntax is that of Python 3.7, which is refused with a sentence.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import gettext
import hashlib
import importlib.util
import io
import ipaddress
import json
import locale
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any, NoReturn

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / os.environ.get("RUN_VENV", ".venv")
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
STAMP = VENV / "installed.json"
LOCAL = ("localhost", "127.0.0.1", "[::1]")  # where the site answers by itself


def _(text: str) -> str:
    """Return a text in the language of this machine, as far as it is one of our two."""
    spoken = [*map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG")), locale.getlocale()[0] if os.name == "nt" else ""]
    languages = ["ja"] if next(filter(None, spoken), "").lower().startswith("ja") else []
    return gettext.translation("django", ROOT / "locale", languages, fallback=True).gettext(text)


def say(text: str, **values: object) -> None:
    print(text.format(**values), flush=True)


def fail(text: str, said: str = "", **values: object) -> NoReturn:
    """End with one sentence, under the last lines of what a program said: of a traceback, only its end."""
    if "Traceback (most recent call last)" in said:
        said = re.split(r"(?m)^  .*\n", said)[-1].strip() or said
    sys.exit("\n".join([*said.strip().splitlines()[-12:], text.format(**values)]))


signals: list[int] = []  # received; a handler that raised could do so while a program is being started


def heed() -> None:
    """Record signals to stop, except those that are ignored already."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: signals.append(number))


def nap() -> None:
    """Let a moment pass, or raise KeyboardInterrupt on a signal to stop."""
    if signals:
        raise KeyboardInterrupt
    time.sleep(0.05)


def start(command: list[str], output: IO[bytes] | None = None, **settings: str) -> subprocess.Popen:
    """Start a program, in a group of its own: Ctrl-C then reaches us alone, and no child complains of it."""
    how: dict[str, Any] = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}  # Windows
    if output:
        how.update(stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", **settings}
    return subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=os.name != "nt", **how)


def end(child: subprocess.Popen, gently: bool = False) -> None:
    """End a program and all that it started; one that is asked to stop ends those itself, in ten seconds at most."""
    if child.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "nt" or gently:
            child.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
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


def wanted(names: list[str]) -> dict[str, str]:
    """Return what an environment made by this Python from these requirement files is known by."""
    hashes = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in names}
    return {"python": "{}.{}".format(*sys.version_info), **hashes}


def kept() -> dict[str, str]:
    """Return what the environment is known by: nothing, unless its last installation ended and it starts."""
    with contextlib.suppress(OSError, ValueError):
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return stamp if run(PYTHON, "-c", "")[0] == 0 else {}
    return {}


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
        lacks = _("This Python cannot make virtual environments; on Debian and Ubuntu: apt install python{have}-venv")
        fail(lacks, have="{}.{}".format(*sys.version_info))
    if VENV.exists() and not (VENV / "pyvenv.cfg").exists():
        taken = _("{folder} is in the way of the virtual environment: move it, or name another folder in RUN_VENV.")
        fail(taken, folder=VENV)
    code, said = run(sys.executable, "-m", "venv", "--clear", str(VENV))
    if code:
        fail(_("`{step}` failed: see the lines above."), said, step="python3 -m venv")


def prepare(*names: str) -> None:
    """Bring the environment to what these requirement files name: nothing to do while they are unchanged."""
    try:
        with tempfile.TemporaryFile(dir=ROOT):
            goal, stamp = wanted(list(names)), kept()
    except OSError as error:
        closed = _("{folder} cannot be written to ({why}): copy the project to a folder of your own.")
        fail(closed, folder=ROOT, why=error.strerror)
    if goal.items() <= stamp.items():
        return
    say(_("Installing what {names} names (about a minute the first time)…"), names=" + ".join(names))
    if stamp.get("python") != goal["python"] and not is_uvs(goal["python"]):
        make_venv()
    STAMP.unlink(missing_ok=True)
    files = [word for name in names for word in ("-r", name)]
    code, said = run(PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", *files)
    if code and re.search("(NewConnection|ConnectTimeout|ReadTimeout|NameResolution|Proxy)Error", said):
        fail(_("The package index cannot be reached: go online (or set HTTPS_PROXY) and run this again."))
    if code:
        fail(_("`{step}` failed: see the lines above."), said, step=" ".join(["pip install", *files]))
    STAMP.write_text(json.dumps(goal), encoding="utf-8")


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
        no = _("Port {port} is taken by another program: end that one, or choose another, such as --port {other}.")
        if getattr(error, "errno", 0) != errno.EADDRINUSE:
            no = _("Cannot serve on {host}, port {port} ({why}): choose another --host or --port.")
        fail(no, host=host, port=port, other=port % 65535 + 1, why=getattr(error, "strerror", error))
    return str(place[0])


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
        found += [str(info[4][0]) for info in socket.getaddrinfo(name, None, family)]
    return [one for one in dict.fromkeys(found) if not one.startswith(("127.", "::1", "fe80:"))]


def let_in(host: str, address: str, port: int) -> dict[str, str]:
    """Return the setting that lets the site answer at `host`, unless it is given; print how others reach it."""
    place = ipaddress.ip_address(address)
    names = [in_url(name) for name in (own_names(address) if place.is_unspecified else [host])]
    if not place.is_loopback:
        addresses = "  ".join(f"http://{name}:{port}/" for name in names)
        say(_("Other machines reach this one at {addresses}"), addresses=addresses)
    elif in_url(host) in LOCAL:
        return {}
    file = ROOT / os.environ.get("DJANGO_ENV_FILE", ".env")
    given = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    is_given = "DJANGO_ALLOWED_HOSTS" in os.environ or re.search(r"(?m)^(export )?\s*DJANGO_ALLOWED_HOSTS\b", given)
    return {} if is_given else {"DJANGO_ALLOWED_HOSTS": ",".join([*LOCAL, *names])}


def answers(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def serve(host: str, port: int, flow: str | None) -> int:
    """Set up and serve until Ctrl-C, which is how serving ends well."""
    address = free(host, port)
    prepare("requirements.txt")
    settings: dict[str, Any] = {"PAYMENT_FLOW": flow} if flow else {}
    say(_("Preparing the databases…"))
    code, said = run(PYTHON, "manage.py", "setup", **settings)
    if code:
        fail(_("`{step}` failed: see the lines above."), said, step="manage.py setup")
    settings.update(let_in(host, address, port))
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104
    server = start([PYTHON, "manage.py", "serve", f"{in_url(address)}:{port}"], **settings)
    try:
        while server.poll() is None and not answers(here, port):
            nap()
        if server.poll() is None:
            wait(start([PYTHON, "manage.py", "welcome", "--host", in_url(here), "--port", str(port)], **settings))
        wait(server)
    except KeyboardInterrupt:
        say(_("Stopped."))
        return 0
    finally:
        end(server)
    fail(_("`{step}` failed: see the lines above."), step="manage.py serve")


def port_number(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 65535")


def main(arguments: list[str]) -> int:
    for stream in (each for each in (sys.stdout, sys.stderr) if isinstance(each, io.TextIOWrapper)):
        stream.reconfigure(errors="replace")  # for a console without our letters
    if sys.version_info[:2] < OLDEST:
        needs = _("Python {oldest} or newer is needed, and this is {have}: get one from python.org to run this with.")
        fail(needs, oldest="{}.{}".format(*OLDEST), have="{}.{}".format(*sys.version_info))
    if arguments[:1] == ["scan"]:  # without an environment; -P: nothing is imported from the folder that this is run in
        command = [sys.executable, "-P", "-m", "stripe_scan", *arguments[1:]]
        return subprocess.call(command, env={**os.environ, "PYTHONPATH": str(ROOT)})
    heed()
    if arguments[:1] == ["test"] and arguments[1:] not in (["-h"], ["--help"]):
        prepare("requirements.txt", "requirements-dev.txt")
        return wait(start([PYTHON, "-m", "tests", *arguments[1:]]), gently=True)
    parser = argparse.ArgumentParser(
        usage="%(prog)s [--host HOST] [--port PORT] [--flow FLOW] | %(prog)s test [FOR PYTEST] | %(prog)s scan PATH",
        description="Set up what the board needs, in .venv, and serve it until Ctrl-C.",
        epilog="`run.py scan PATH` finds old Stripe code in a project (`run.py scan --help`). `run.py test` runs every "
        "check; with --all, also what takes long. In the environment, RUN_VENV names another folder than .venv, "
        "BROWSER_PATH the tests' browser and TEST_DATABASE_URL their PostgreSQL, or off; .env.example lists the rest.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other machines in")
    parser.add_argument("--port", default=8000, type=port_number, help="default: 8000")
    parser.add_argument("--flow", choices=["modern", "legacy"], help="how the pay button takes money")
    options = parser.parse_args(["--help"] if arguments[:1] == ["test"] else arguments)
    return serve(options.host.strip("[]"), options.port, options.flow)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say(_("Stopped."))
        sys.exit(130)
