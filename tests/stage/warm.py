"""A Python that has imported the installed packages, and forks: to import them takes half of a command's time.

Run as `python -m tests.stage.warm`. Lines of JSON say what to import and then what to run, one after the other. It
imports nothing of this project: each fork reads the environment, the settings and the site as a new process does.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import sys


def main() -> None:
    """Fork for each errand on stdin, and print its exit code; a fork goes on as what it was asked for."""
    for name in json.loads(sys.stdin.readline()):
        # Whatever wants settings or apps fails as it would in any process without them: the forks import it.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        errand = json.loads(line)
        pid = os.fork()
        if not pid:
            become(**errand)
            break
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
        sys.stdout.flush()


def become(arguments: list[str], environment: dict[str, str], output: str) -> None:
    """Run what the command line of Python names, with this environment, and print into a file."""
    os.environ.clear()
    os.environ.update(environment)
    file = os.open(output, os.O_WRONLY | os.O_APPEND)
    for number in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(file, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    first, *sys.argv = arguments
    if first == "-c":
        code, *sys.argv[:1] = sys.argv[0], "-c"
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102  (a test's own)
    elif first == "-m":
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv.insert(0, first)
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    main()
