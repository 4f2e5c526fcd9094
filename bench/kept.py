"""Measure a second request on a kept connection beside a first one on a new connection, on both of our servers.

    python bench/kept.py [--rounds 300]

Each is the median of its rounds; what is printed is the ratio. The first one also has to connect.
"""

from __future__ import annotations

import argparse
import http.client
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from serving import ROOT, databases, environment, row

ROUNDS = 300


def ratios(rounds: int = ROUNDS) -> dict[str, float]:
    """Return the ratio of each server, by its command."""
    with databases("SQLite") as urls, environment(urls["SQLite"]) as environ:
        subprocess.run([sys.executable, "manage.py", "setup", "--verbosity", "0"], cwd=ROOT, env=environ, check=True)
        with served(environ, "Serving at", "serve", "127.0.0.1:{port}") as port:
            board = ratio(port, "/", rounds)
        with served(environ, "dashboard", "sandbox", "--port={port}") as port:
            sandbox = ratio(port, "/v1/charges", rounds, Authorization="Bearer sk_test_sandbox")
    return {"run.py": board, "manage.py sandbox": sandbox}


@contextmanager
def served(environ: dict[str, str], until: str, *command: str) -> Iterator[int]:
    """Serve with a command that prints a line with this text once it listens; yield the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-u", "manage.py", *(word.format(port=port) for word in command)]
    with subprocess.Popen(words, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as server:
        try:
            if not any(until in line for line in server.stdout):
                sys.exit(f"manage.py {command[0]} does not start")
            yield port
        finally:
            server.terminate()


def ratio(port: int, path: str, rounds: int, **headers: str) -> float:
    """Return how long a second request takes, of a first one together with the connection that it needs."""
    first: list[float] = []
    second: list[float] = []
    for _ in range(rounds):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            for times in (first, second):
                began = time.perf_counter()
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                answer.read()
                times.append(time.perf_counter() - began)
                assert (answer.status, answer.will_close) == (200, False)
    return statistics.median(second) / statistics.median(first)


def table(rounds: int = ROUNDS) -> bool:
    """Print a row for each server; return whether every aim was met."""
    found = ratios(rounds)
    met = [row(f"second request on a kept connection, {name}", each, 1, most=True) for name, each in found.items()]
    return all(met)


def main() -> int:
    """Print the table; return 1 if an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return not table(parser.parse_args().rounds)


if __name__ == "__main__":
    sys.exit(main())
