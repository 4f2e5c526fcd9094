"""The commands of `deploy/`, in the order of `compose.yaml`: paid orders on two web processes, one of them killed."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml
from django.conf import settings

from compare.pages.files import FILES
from tests.stage import sites
from tests.stage.people import VISA, Visitor
from tests.stripe_sandbox.stage.server import Endpoint, Server, serve, until

DEPLOY = settings.BASE_DIR / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
# The services of the site's own image, and not what comes from elsewhere.
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


class Proxy:
    """One address before several processes, in place of nginx: to each in turn, without those that do not answer."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.answered: list[int] = []
        turns = itertools.count()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:
                body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
                turn = next(turns) % len(self.ports)
                for port in self.ports[turn:] + self.ports[:turn]:
                    try:
                        return self._pass_on(handler, port, body)
                    except ConnectionRefusedError:
                        continue
                return handler.send_error(502)

            do_POST = do_GET

            def log_message(handler, *args: object) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def _pass_on(self, handler: BaseHTTPRequestHandler, port: int, body: bytes) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        forwarded = {"X-Forwarded-For": handler.client_address[0], "X-Forwarded-Proto": "http", "Connection": "close"}
        connection.request(handler.command, handler.path, body, dict(handler.headers) | forwarded)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        self.answered.append(port)
        handler.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "server", "date"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def command(service: str, port: int = 0) -> list[str]:
    """Return a service's command as it is run on this machine: the same Python, and an address of this machine."""
    words = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in SERVICES[service]["command"]]
    return [sys.executable if word == "python" else word for word in words]


def once(service: str, environment: dict[str, str]) -> None:
    """Run a service's command to its end."""
    subprocess.run(command(service), cwd=settings.BASE_DIR, env=environment, check=True, timeout=sites.PATIENCE)


@contextmanager
def running(service: str, environment: dict[str, str], port: int = 0) -> Iterator[subprocess.Popen]:
    """Run a service's command until the block ends, and end it then as Docker does."""
    process = subprocess.Popen(command(service, port), cwd=settings.BASE_DIR, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    server, name = os.environ["TEST_DATABASE_URL"], f"test_deploy_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_image_holds_all_that_its_own_steps_need(tmp_path: Path) -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    ignored = (settings.BASE_DIR / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY ")]
    for name in copied:
        source = settings.BASE_DIR / name
        assert f"!{name}" in ignored
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path)
    (step,) = (line.removeprefix("RUN ") for line in lines if "manage.py" in line and line.startswith("RUN "))

    own = shlex.split(step)
    values = dict(word.split("=", 1) for word in own[: own.index("python")])
    done = subprocess.run(
        [sys.executable, *own[own.index("python") + 1 :]],
        cwd=tmp_path,
        env=sites.environment(tmp_path) | values,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "staticfiles/bbs/site.js").exists()
    assert [file.path for file in FILES if not (tmp_path / file.path).is_file()] == []


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    proxy = Proxy()
    yield proxy
    proxy.close()


@pytest.fixture
def stripe(proxy: Proxy, tmp_path: Path) -> Iterator[Server]:
    """A sandbox of its own, whose events go to the one address."""
    server = serve(tmp_path / "stripe.sqlite3", Endpoint(url=f"{proxy.url}/webhook/"))
    yield server
    server.process.kill()
    server.process.communicate()


@pytest.fixture
def environment(database: str, proxy: Proxy, stripe: Server, tmp_path: Path) -> dict[str, str]:
    """The settings of each process: those of the example and of `compose.yaml`, at this machine's addresses."""
    lines = (DEPLOY / "site.env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    here = {
        "DATABASE_URL": database,
        "DJANGO_SECRET_KEY": "a test's",
        "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_CSRF_TRUSTED_ORIGINS": proxy.url,
        "DJANGO_HTTPS": "off",
        "EMAIL_URL": f"filemail:///{tmp_path}/mails",
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": stripe.secret,
        "STRIPE_API_BASE": stripe.url,
        "PAYMENT_FLOW_SWITCHER": "on",
    }
    return sites.environment(tmp_path, **example | OURS["web"]["environment"] | here)


@pytest.mark.skipif(not os.environ.get("TEST_DATABASE_URL"), reason="several machines need PostgreSQL")
def test_two_web_processes_take_payments_and_one_of_them_is_killed_in_between(
    environment: dict[str, str], proxy: Proxy, stripe: Server, tmp_path: Path
) -> None:
    once("migrate", environment)
    # A shop's own products are made in the admin.
    samples = "import django; django.setup(); from bbs import demo; demo.load()"
    assert sites.python(tmp_path, "-c", samples, **environment) == (0, "")
    with ExitStack() as stack:
        ports = [free_port() for _ in range(SERVICES["web"]["deploy"]["replicas"])]
        webs = [stack.enter_context(running("web", environment, port)) for port in ports]
        stack.enter_context(running("worker", environment))
        for port in ports:
            until(lambda port=port: answers(port))
        proxy.ports = ports

        receipts = [pay(proxy.url, stripe.url, flow) for flow in ("modern", "legacy")]
        assert set(proxy.answered) == set(ports)
        webs[0].kill()
        webs[0].wait()
        proxy.answered.clear()
        receipts += [pay(proxy.url, stripe.url, flow) for flow in ("modern", "legacy")]
        assert set(proxy.answered) == {ports[1]}

        for receipt in receipts:
            until(receipt)
        # One mail to each of four customers, and one about each to the staff.
        until(lambda: len(sent(tmp_path / "mails")) == 8)
        inner = re.search(r"python .*?(?=;)", SERVICES["reconcile"]["command"][-1])[0]
        assert sites.python(tmp_path, *shlex.split(inner)[1:], **environment)[0] == 0
        assert sites.manage(tmp_path, "check_books", **environment)[0] == 0
        assert len(sent(tmp_path / "mails")) == 8


def pay(url: str, stripe: str, flow: str) -> Callable[[], bool]:
    """Pay for a sample in a flow, and return a function that says whether the receipt shows it by now."""
    visitor = Visitor(url, "en", stripe)
    visitor.switch_flow(flow)
    order = {"order": visitor.see_order()}
    if flow == "legacy":
        receipt = visitor.post("/checkout/", order | visitor.enter_card(VISA))
    else:
        receipt = visitor.pay_on_stripes_page(visitor.post("/checkout/", order), VISA)
    assert "/payments/" in receipt.url, receipt.text
    return lambda: "Paid" in visitor.get(receipt.url).text


def sent(mails: Path) -> list[str]:
    """Return the subjects of all mails that were sent."""
    texts = [path.read_text(encoding="utf-8") for path in mails.glob("*")]
    return [subject for text in texts for subject in re.findall(r"(?m)^Subject: (.*)$", text)]
