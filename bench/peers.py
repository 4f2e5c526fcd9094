"""Measure the sandbox beside localstripe, in one run: how many charges a second each makes over HTTP.

    python bench/peers.py [--rounds 15] [--charges 100]

Four kept connections to each, in turns. localstripe keeps its objects in memory, and at every call writes all of them
to a file: it is emptied before each of its turns, and ours is not. It is installed into an environment of its own, from
the package index, and is gone afterwards.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from serving import ROOT, environment, rate, ratios, request, row

PEER = "localstripe==1.15"
LEFT_BEHIND = Path("/tmp/localstripe.pickle")  # noqa: S108  (localstripe's own choice)
AIM = 0.5
ROUNDS, CHARGES = 15, 100
HEADERS = {"Authorization": "Bearer sk_test_sandbox", "Content-Type": "application/x-www-form-urlencoded"}
CARD = {"number": "4242424242424242", "exp_month": 11, "exp_year": 2040, "cvc": "123"}


def charge(port: int, source: str, count: int) -> float:
    """Return how many charges are made in a second."""
    body = urlencode({"amount": 2000, "currency": "jpy", "source": source}).encode()
    return rate([port], [request("POST", "/v1/charges", body, **HEADERS)] * count, connections=4)


@contextmanager
def sandbox() -> Iterator[int]:
    """Serve the sandbox alone, on a new database; yield the port."""
    command = [sys.executable, "manage.py", "sandbox", "--port=0"]
    with (
        environment("") as environ,
        subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server,
    ):
        try:
            # The first line that it prints ends with its address.
            yield urlsplit(server.stdout.readline().split()[-1]).port
        finally:
            server.terminate()


@contextmanager
def localstripe() -> Iterator[int]:
    """Install localstripe and serve it; yield the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        venv.create(folder, with_pip=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", PEER], check=True, stderr=subprocess.DEVNULL)
        command = [f"{folder}/bin/localstripe", f"--port={port}", "--from-scratch"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                while not answers(port):
                    if server.poll() is not None:
                        sys.exit("localstripe does not start")
                    time.sleep(0.1)
                yield port
            finally:
                server.terminate()
                LEFT_BEHIND.unlink(missing_ok=True)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def emptied(port: int) -> str:
    """Delete all that localstripe has; return a card to charge, since it has no `tok_visa`."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("DELETE", "/_config/data", headers=HEADERS)
        connection.getresponse().read()
        card = {"type": "card"} | {f"card[{name}]": value for name, value in CARD.items()}
        connection.request("POST", "/v1/payment_methods", urlencode(card), HEADERS)
        return json.load(connection.getresponse())["id"]


def table(rounds: int = ROUNDS, charges: int = CHARGES) -> bool:
    """Print the row; return whether the aim was met."""
    with ExitStack() as stack:
        peer, ours = stack.enter_context(localstripe()), stack.enter_context(sandbox())
        measures = {
            "localstripe": lambda: charge(peer, emptied(peer), charges),
            "sandbox": lambda: charge(ours, "tok_visa", charges),
        }
        found = ratios(rounds, measures)
    return row(f"sandbox POST /v1/charges, of {PEER.replace('==', ' ')}", found["sandbox"], AIM)


def main() -> int:
    """Print the table; return 1 if the aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--charges", type=int, default=CHARGES, help="in each round")
    options = parser.parse_args()
    return not table(options.rounds, options.charges)


if __name__ == "__main__":
    sys.exit(main())
