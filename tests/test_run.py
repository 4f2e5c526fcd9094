"""What `run.py` promises, tried on a small project of its own: the real run.py, and stand-ins for what it starts."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

REPO = Path(__file__).resolve().parent.parent
Command = Callable[..., subprocess.Popen]

# What run.py starts, telling what it was started with.
MANAGE = """
import http.server, json, os, sys, time
if sys.argv[1] in os.environ.get("BREAKS", ""):
    raise RuntimeError("The database is on holiday.")
names = ["PAYMENT_FLOW", "DJANGO_ALLOWED_HOSTS"]
print(json.dumps({"argv": sys.argv[1:], **{name: os.environ.get(name) for name in names}}), flush=True)
if sys.argv[1] in os.environ.get("LINGERS", ""):
    open("lingers.pid", "w").write(str(os.getpid()))
    time.sleep(60)
if sys.argv[1] == "serve":
    open("lingers.pid", "w").write(str(os.getpid()))
    address, port = sys.argv[-1].rsplit(":", 1)
    http.server.HTTPServer((address, int(port)), http.server.BaseHTTPRequestHandler).serve_forever()
"""
# pytest's arguments before those of the caller.
WORKERS = ["-n", "4"]
# Stands in for mypy too, whose plugin reads the settings of the tests: they know no database named "off".
RUFF = """
import os, sys
sys.exit("A line is too long." if sys.argv[1:2] == [os.environ.get("BREAKS")] else os.environ["TEST_DATABASE_URL"] or 0)
"""
PYTEST = """
import json, os, sys, time
assert not sys.dont_write_bytecode
if "--collect-only" in sys.argv:
    sys.exit()
names = {name: os.environ[name] for name in ("BROWSER_PATH", "BROWSER_MISSING") if name in os.environ}
if "pytest" in os.environ.get("LINGERS", ""):
    open("lingers.pid", "w").write(str(os.getpid()))
    time.sleep(60)
if os.environ["TEST_DATABASE_URL"]:
    sys.exit(os.environ.get("CHOOSES", "0") == "nothing" and 5)
print(json.dumps({"argv": sys.argv[1:], **names}))
sys.exit("1 failed" if "pytest" in os.environ.get("BREAKS", "") else print("1 passed"))
"""
PIP = "print('WARNING: a newer pip is there', 'django==5.2', 'stripe==16.1.0', 'here @ file:///here', sep='\\n')"
PIP_AUDIT = """
import json, os, pathlib, sys, time
answer = os.environ.get("AUDIT", "")
print("WARNING: this is said before")
if answer == "hangs":
    sys.stdout.flush()
    time.sleep(60)
if not answer:
    sys.exit("ConnectionError: there is no network")
asked = pathlib.Path(sys.argv[sys.argv.index("--requirement") + 1]).read_text().splitlines()
report = pathlib.Path(sys.argv[sys.argv.index("--output") + 1])
assert asked == ["django==5.2", "stripe==16.1.0"], asked
known = {"good": [[], []], "bad": [[{"id": "CVE-2030-1"}, {"id": "PYSEC-2030-2"}], []], "unknown": [[]]}[answer]
found = [{"name": each[:-5], "version": "5.2", "vulns": vulns} for each, vulns in zip(asked, known)]
found += [{"name": "stripe", "skip_reason": "not found"}] * (2 - len(known))
report.write_text(json.dumps({"dependencies": found}))
sys.exit(answer == "bad")
"""
PSYCOPG = """
import os
class Error(Exception): ...
class connect:
    def __init__(self, url, connect_timeout):
        if "postgresql" in os.environ.get("BREAKS", ""):
            raise Error(f"nobody listens at {url}\\nand this line is left out")
    def close(self): ...
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copy(REPO / "run.py", tmp_path)
    shutil.copytree(REPO / "locale", tmp_path / "locale")
    (tmp_path / "tests").mkdir()
    shutil.copy(REPO / "tests/__main__.py", tmp_path / "tests")
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / "ruff.py").write_text(RUFF)
    (tmp_path / "mypy.py").write_text(RUFF)
    (tmp_path / "pytest.py").write_text(PYTEST)
    (tmp_path / "psycopg.py").write_text(PSYCOPG)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the project's run.py, imported."""
    monkeypatch.delenv("RUN_VENV", raising=False)
    return loaded("run_of_the_project", project / "run.py")


def loaded(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def installed(run: ModuleType) -> ModuleType:
    """Return run.py with an environment that needs nothing more: made without pip, since that takes seconds."""
    venv.create(run.VENV, symlinks=os.name != "nt")
    linter = Path(run.PYTHON).with_name("lint-imports")
    linter.write_text("#!/bin/sh\n")
    linter.chmod(0o755)
    (run.ROOT / "pip.py").write_text(PIP)
    (run.ROOT / "pip_audit.py").write_text(PIP_AUDIT)
    names = ["requirements.txt", "requirements-dev.txt"]
    run.STAMP.write_text(json.dumps(run.wanted(names)))
    return run


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def command(project: Path) -> Iterator[Command]:
    """Return what starts run.py with arguments and settings; none outlives its test."""
    started: list[subprocess.Popen] = []
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BROWSER", "RUN_"))}

    def start(*arguments: str, **settings: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "run.py", *arguments],
            cwd=project,
            env={**clean, "LC_ALL": "C.UTF-8", **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever starts the tests in the background may have them ignore Ctrl-C, and it would be inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.terminate()


def outcome(process: subprocess.Popen) -> tuple[int, str, str]:
    """Return a run's exit code and both of its outputs, in which there is never a traceback."""
    with process:
        try:
            out, err = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()  # or leaving this block would wait for it
            raise
    assert "Traceback" not in out + err
    return process.returncode, out, err


def wait_for(path: Path) -> str:
    """Return what a file holds, once it holds anything."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.02)
    raise TimeoutError(path)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def parsed(out: str) -> list[dict]:
    """Return what the stand-ins say they were started with."""
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


# --- The command line -------------------------------------------------------------------------------------


def test_an_old_python_reads_it() -> None:
    ast.parse((REPO / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_an_old_python_is_refused_with_the_version_it_needs(project: Path) -> None:
    """The Python of the tests only says that it is old; really old ones are asked too, where there are any."""
    pretend = "import runpy, sys; sys.version_info = (3, 10, 4, 'final', 0); runpy.run_path('run.py', None, '__main__')"
    commands = [[sys.executable, "-c", pretend]]
    for minor in range(7, 11):
        python = shutil.which(f"python3.{minor}") or "none"
        if shutil.which(python) and subprocess.run([python, "--version"], capture_output=True).returncode == 0:
            commands.append([python, "run.py"])

    for words in commands:
        ended = subprocess.run(words, cwd=project, capture_output=True, text=True)

        assert ended.returncode == 1
        assert re.fullmatch(r"Python 3\.11 or newer is needed, and this is 3\.\d+: .+\n", ended.stderr)
        assert ended.stdout == ""


@pytest.mark.parametrize("arguments", [["--help"], ["test", "--help"]])
def test_help_names_both_commands_and_installs_nothing(project: Path, arguments: list[str], command: Command) -> None:
    code, out, _ = outcome(command(*arguments))

    assert code == 0
    assert all(word in out for word in ("--host", "--port", "modern,legacy", "run.py test", "RUN_VENV"))
    assert not (project / ".venv").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--flow", "future"], "invalid choice: 'future'"),
        (["--port", "0"], "'0' is not a number from 1 to 65535"),
        (["--port", "70000"], "'70000' is not a number from 1 to 65535"),
        (["serve"], "unrecognized arguments: serve"),
    ],
)
def test_a_bad_argument_is_refused(arguments: list[str], complaint: str, command: Command) -> None:
    code, _, err = outcome(command(*arguments))

    assert code == 2
    assert complaint in err


def test_a_taken_port_is_reported_before_anything_is_installed(taken: int, command: Command) -> None:
    code, out, err = outcome(command("--port", str(taken)))

    assert (code, out) == (1, "")
    assert err.startswith(f"Port {taken} is taken by another program: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("host", ["203.0.113.1", "::ffff:1:2:3", "a..b"])
def test_an_address_that_is_not_of_this_machine_is_reported(port: int, host: str, command: Command) -> None:
    code, _, err = outcome(command("--host", host, "--port", str(port)))

    assert code == 1
    assert err.startswith(f"Cannot serve on {host}, port {port} (")
    assert err.count("\n") == 1


def test_speaks_japanese_where_the_machine_does(taken: int, command: Command) -> None:
    code, _, err = outcome(command("--port", str(taken), LC_ALL="ja_JP.UTF-8"))

    assert code == 1
    assert err.startswith(f"ポート {taken} は使われています。")


# --- The virtual environment ------------------------------------------------------------------------------


def test_makes_the_environment_and_reports_what_pip_could_not_install(
    project: Path, port: int, command: Command
) -> None:
    (project / "requirements.txt").write_text("--no-index\nno-such-package-of-ours==1\n")

    code, out, err = outcome(command("--port", str(port)))

    assert code == 1
    assert out.startswith("Installing what requirements.txt names")
    assert "No matching distribution found for no-such-package-of-ours==1" in err
    assert err.endswith("`pip install -r requirements.txt` failed: see the lines above.\n")
    assert not (project / ".venv/installed.json").exists()


def test_no_network_is_one_sentence(installed: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\nERROR: No matching distribution"
    monkeypatch.setattr(installed, "run", lambda *words, **_: (1, said) if "pip" in words else (0, ""))
    (installed.ROOT / "requirements.txt").write_text("idna\n")

    with pytest.raises(SystemExit, match=r"\AThe package index cannot be reached: [^\n]+\Z"):
        installed.prepare("requirements.txt")


def installs(run: ModuleType, monkeypatch: pytest.MonkeyPatch, *names: str) -> list[str]:
    """Return which of making the environment and installing `prepare` finds necessary."""
    steps = []
    really = run.run

    def watched(*words: str, **kept: object) -> tuple[int, str]:
        if "venv" in words or "pip" in words:
            steps.append("venv" if "venv" in words else "pip")
            return 0, ""
        return really(*words, **kept)

    monkeypatch.setattr(run, "run", watched)
    run.prepare(*names)
    return steps


def test_an_unchanged_file_installs_nothing(installed: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installs(installed, monkeypatch, "requirements.txt") == []


def test_a_changed_file_is_installed_once(installed: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    (installed.ROOT / "requirements.txt").write_text("idna\n")

    assert installs(installed, monkeypatch, "requirements.txt") == ["pip"]
    assert installs(installed, monkeypatch, "requirements.txt") == []


def test_what_the_tests_need_is_installed_for_the_tests_alone(
    installed: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installed.ROOT / "requirements-dev.txt").write_text("idna\n")

    assert installs(installed, monkeypatch, "requirements.txt") == []
    assert installs(installed, monkeypatch, "requirements.txt", "requirements-dev.txt") == ["pip"]
    assert installs(installed, monkeypatch, "requirements.txt") == []


@pytest.mark.parametrize("damage", ["half made", "another Python", "interpreter gone", "stamp cut off"])
def test_an_environment_that_will_not_do_is_made_anew(
    installed: ModuleType, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    stamp = installed.STAMP.read_text()
    match damage:
        case "half made":
            installed.STAMP.unlink()
        case "another Python":
            installed.STAMP.write_text(json.dumps({**json.loads(stamp), "python": "3.9"}))
        case "interpreter gone":
            Path(installed.PYTHON).unlink()
        case "stamp cut off":
            installed.STAMP.write_text(stamp[:20])

    assert installs(installed, monkeypatch, "requirements.txt") == ["venv", "pip"]


def test_an_environment_that_uv_made_is_taken_as_it_is(installed: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    installed.STAMP.unlink()
    with (installed.VENV / "pyvenv.cfg").open("a") as file:
        file.write("uv = 0.13.9\n")

    assert installs(installed, monkeypatch, "requirements.txt") == ["pip"]
    assert installs(installed, monkeypatch, "requirements.txt") == []


def test_one_of_uvs_without_pip_is_made_anew(installed: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    installed.STAMP.unlink()
    with (installed.VENV / "pyvenv.cfg").open("a") as file:
        file.write("uv = 0.13.9\n")
    (installed.ROOT / "pip.py").unlink()

    assert installs(installed, monkeypatch, "requirements.txt") == ["venv", "pip"]


def test_a_folder_that_is_no_environment_is_left_alone(run: ModuleType) -> None:
    run.VENV.mkdir()
    (run.VENV / "novel.txt").write_text("Call me Ishmael.")

    with pytest.raises(SystemExit, match="is in the way of the virtual environment"):
        run.prepare("requirements.txt")

    assert (run.VENV / "novel.txt").exists()


def test_a_python_without_venv_names_the_package(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)

    with pytest.raises(SystemExit, match=rf"apt install python3\.{sys.version_info[1]}-venv"):
        run.prepare("requirements.txt")


def test_a_read_only_folder_is_reported(run: ModuleType) -> None:
    root = os.geteuid() == 0
    run.ROOT.chmod(0o555)
    try:
        if root:  # whom no mode stops
            os.seteuid(65534)
        with pytest.raises(SystemExit, match=r"cannot be written to .* copy the project to a folder of your own"):
            run.prepare("requirements.txt")
    finally:
        if root:
            os.seteuid(0)
        run.ROOT.chmod(0o755)


# --- Serving ----------------------------------------------------------------------------------------------


def test_serves_with_the_flow_and_welcomes_once_it_answers(installed: ModuleType, port: int, command: Command) -> None:
    process = command("--port", str(port), "--flow", "legacy")
    out = [process.stdout.readline() for _ in range(3)]
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pid = int(wait_for(installed.ROOT / "lingers.pid"))

    process.send_signal(signal.SIGINT)
    code, rest, err = outcome(process)

    serving, welcome = parsed("".join(out))
    assert serving["argv"] == ["serve", f"127.0.0.1:{port}"]
    assert welcome["argv"] == ["welcome", "--host", "127.0.0.1", "--port", str(port)]
    assert serving["PAYMENT_FLOW"] == welcome["PAYMENT_FLOW"] == "legacy"
    assert (code, rest, err) == (0, "Stopped.\n", "")
    assert not is_alive(pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_cleanly_during_set_up(installed: ModuleType, port: int, number: signal.Signals, command: Command) -> None:
    process = command("--port", str(port), LINGERS="setup")
    pid = int(wait_for(installed.ROOT / "lingers.pid"))

    process.send_signal(number)
    code, out, err = outcome(process)

    assert (code, err) == (130, "")
    assert out.endswith("Stopped.\n")
    assert not is_alive(pid)


def test_a_set_up_that_fails_is_reported_without_its_traceback(
    installed: ModuleType, port: int, command: Command
) -> None:
    code, _, err = outcome(command("--port", str(port), BREAKS="setup"))

    assert code == 1
    assert err.splitlines() == [
        "RuntimeError: The database is on holiday.",
        "`manage.py setup` failed: see the lines above.",
    ]


def test_other_machines_are_let_in_by_every_name_of_this_one(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "own_names", lambda address: ["198.51.100.7", "2001:db8::7", "teacher.local"])

    setting = run.let_in("0.0.0.0", "0.0.0.0", 8000)  # noqa: S104

    expected = "localhost,127.0.0.1,[::1],198.51.100.7,[2001:db8::7],teacher.local"
    assert setting == {"DJANGO_ALLOWED_HOSTS": expected}
    assert "http://198.51.100.7:8000/" in capsys.readouterr().out


def test_this_machine_has_a_name_that_others_may_use(run: ModuleType) -> None:
    assert socket.gethostname() in run.own_names("0.0.0.0")  # noqa: S104
    assert not any(name.startswith("127.") for name in run.own_names("0.0.0.0"))  # noqa: S104


def test_serving_this_machine_alone_lets_nobody_else_in(run: ModuleType) -> None:
    assert run.let_in("localhost", "127.0.0.1", 8000) == {}
    assert run.let_in("::1", "::1", 8000) == {}


def test_another_address_of_this_machine_is_answered_and_called_no_other_machines(
    run: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.let_in("127.0.0.2", "127.0.0.2", 8000) == {"DJANGO_ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],127.0.0.2"}
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("line", ["DJANGO_ALLOWED_HOSTS=board.example\n", "export DJANGO_ALLOWED_HOSTS = a,b\n"])
def test_hosts_that_somebody_named_stay(run: ModuleType, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.delenv("DJANGO_ENV_FILE", raising=False)
    (run.ROOT / ".env").write_text("# mine\n" + line)

    assert run.let_in("198.51.100.7", "198.51.100.7", 8000) == {}


def test_a_scan_needs_no_environment_and_keeps_folder_arguments_and_exit_code(project: Path, command: Command) -> None:
    (project / "stripe_scan").mkdir()
    scanner = "import os, sys\nprint(sys.argv[1:], os.getcwd(), sys.flags.safe_path)\nsys.exit(2)\n"
    (project / "stripe_scan" / "__main__.py").write_text(scanner)

    code, out, err = outcome(command("scan", "../my shop", "--json"))

    assert (code, err) == (2, "")
    assert out == f"['../my shop', '--json'] {project} True\n"
    assert not (project / ".venv").exists()


# --- Checking ---------------------------------------------------------------------------------------------


@pytest.fixture
def browser(tmp_path: Path) -> str:
    script = tmp_path / "chromium"
    script.write_text("#!/bin/sh\necho Chromium 150\n")
    script.chmod(0o755)
    return str(script)


def test_runs_every_check_and_ends_with_the_line_of_pytest(
    installed: ModuleType, browser: str, command: Command
) -> None:
    process = command("test", "-k", "two words", CI="", BROWSER_PATH=browser, PYTHONDONTWRITEBYTECODE="1")
    code, out, err = outcome(process)

    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if not line.startswith("{")] == [
        "ok     ruff check .",
        "ok     ruff format --check .",
        "ok     lint-imports --no-cache",
        "ok     mypy",
        "ok     pytest --collect-only -q",
        "ok     manage.py makemigrations --check --dry-run",
        "ok     manage.py check --fail-level WARNING",
        "       pytest -n 4 -k two words",
        "1 passed",
        "       pytest on PostgreSQL -n 4 -k two words",
    ]
    assert parsed(out) == [{"argv": [*WORKERS, "-k", "two words"], "BROWSER_PATH": browser}]


def test_what_reads_the_sources_alone_is_not_done_again_on_another_version(
    installed: ModuleType, browser: str, command: Command
) -> None:
    code, out, _err = outcome(command("test", "--once", CI="", BROWSER_PATH=browser))

    assert code == 0
    assert re.findall("(?m)^ok +(.+)", out) == [
        "pytest --collect-only -q",
        "manage.py makemigrations --check --dry-run",
        "manage.py check --fail-level WARNING",
    ]


@pytest.mark.parametrize("step", ["format", "makemigrations", "pytest"])
def test_one_failed_check_fails_the_run_and_stops_no_other(
    installed: ModuleType, browser: str, step: str, command: Command
) -> None:
    process = command("test", BROWSER_PATH=browser, BREAKS=step)
    with process:
        out, err = process.communicate(timeout=60)

    assert process.returncode != 0
    assert len(re.findall("^(?:ok|FAILED) ", out, re.MULTILINE)) == (7 if step == "pytest" else 8)
    assert ("1 failed" in err) == (step == "pytest")
    assert ("1 passed" in out) == (step != "pytest")


def test_ctrl_c_reaches_pytest_and_the_run_ends_with_it(installed: ModuleType, browser: str, command: Command) -> None:
    process = command("test", CI="", BROWSER_PATH=browser, LINGERS="pytest")
    pid = int(wait_for(installed.ROOT / "lingers.pid"))

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert err.endswith("KeyboardInterrupt\n")  # pytest's own word, and the only one
    assert err.count("Traceback") == 1
    assert not is_alive(pid)


def test_the_tests_get_the_reason_why_there_is_no_browser(installed: ModuleType, command: Command) -> None:
    _, out, _ = outcome(command("test", BROWSER_PATH="/nowhere/chromium"))

    (pytests,) = parsed(out)
    assert "install one, or name it in BROWSER_PATH" in pytests["BROWSER_MISSING"]


def test_where_there_is_no_postgresql_it_is_said_and_only_without_anybody_there_it_is_a_failure(
    installed: ModuleType, browser: str, command: Command
) -> None:
    settings = {"BROWSER_PATH": browser, "BREAKS": "postgresql", "TEST_DATABASE_URL": "postgres://nowhere/"}
    said = "not run on PostgreSQL, because nobody listens at postgres://nowhere/: start one, or name it"

    code, out, _ = outcome(command("test", CI="", **settings))
    assert (code, f"       {said}" in out, f"FAILED {said}" in out) == (0, True, False)

    code, out, _ = outcome(command("test", CI="true", **settings))
    assert (code, f"       {said}" in out, f"FAILED {said}" in out) == (1, True, True)


@pytest.mark.parametrize(
    ("answer", "code", "lines"),
    [
        ("good", 0, ["ok     pip-audit"]),
        ("bad", 1, ["FAILED pip-audit", "django 5.2: CVE-2030-1, PYSEC-2030-2"]),
        ("unknown", 0, ["       pip-audit", "       not audited: the audit database has no entry for 1 of 2 packages"]),
        (
            *("", 0),
            [
                "       pip-audit",
                "       not audited: the audit database cannot be reached (ConnectionError: there is no network)",
            ],
        ),
    ],
)
def test_under_ci_the_installed_packages_are_audited_or_it_is_said_why_not(
    installed: ModuleType, browser: str, command: Command, answer: str, code: int, lines: list[str]
) -> None:
    ended, out, _ = outcome(command("test", CI="true", BROWSER_PATH=browser, TEST_DATABASE_URL="off", AUDIT=answer))

    assert ended == code
    assert "\n".join(lines) + "\n       pytest " in out


def test_an_audit_that_hangs_is_not_waited_for(installed: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "run", installed)
    checks = loaded("checks_of_the_project", installed.ROOT / "tests/__main__.py")
    monkeypatch.setattr(checks.sys, "executable", installed.PYTHON)
    monkeypatch.setattr(checks, "AUDIT_LIMIT", 0.5)
    monkeypatch.setenv("AUDIT", "hangs")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    assert checks.audit() == ("", "the audit database cannot be reached (no answer in time)")


def test_postgresql_can_be_left_to_another_run(installed: ModuleType, browser: str, command: Command) -> None:
    code, out, _ = outcome(command("test", CI="true", BROWSER_PATH=browser, TEST_DATABASE_URL="off"))

    assert code == 0
    assert "       not run on PostgreSQL, because TEST_DATABASE_URL is off\n" in out
    assert "pytest on PostgreSQL" not in out


def test_arguments_that_choose_no_test_of_the_database_are_no_failure(
    installed: ModuleType, browser: str, command: Command
) -> None:
    code, out, _ = outcome(command("test", "tests/test_run.py", BROWSER_PATH=browser, CHOOSES="nothing"))

    assert (code, "1 passed" in out) == (0, True)


def test_no_browser_is_looked_for_when_none_is_needed(installed: ModuleType, command: Command) -> None:
    _, out, _ = outcome(command("test", "-m", "not browser"))

    assert parsed(out) == [{"argv": [*WORKERS, "-m", "not browser"]}]


# --- The settings it names -------------------------------------------------------------------------------


def test_the_example_names_every_setting_and_changes_none() -> None:
    example = (REPO / ".env.example").read_text(encoding="utf-8")
    settings = (REPO / "bbs_project/settings.py").read_text(encoding="utf-8")

    named = re.findall(r"(?m)^#([A-Z_]+)=", example)
    read = re.findall(r"(?<![.\w])[a-z_]+\(\s*\"([A-Z_]+)\"", settings)
    assert sorted(named) == sorted(set(read))
    assert all(line.startswith("#") for line in example.splitlines() if line)
