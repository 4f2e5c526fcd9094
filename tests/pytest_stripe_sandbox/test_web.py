"""HTTP with the standard library, against a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pytest_stripe_sandbox import web


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.reply(302 if self.path == "/moved" else 200, self.headers.get("Cookie", ""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.reply(402 if self.path == "/declined" else 200, f"{self.headers['Authorization']} {body}")

    def reply(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Location", "/elsewhere" if status == 302 else "")
        self.send_header("Set-Cookie", "seen=once")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_form_is_posted_with_the_key(address: str) -> None:
    answer = web.form(f"{address}/", {"a": 1, "b": "é&"}, key="sk_test_x")

    assert answer == web.Answer(200, "Basic c2tfdGVzdF94Og== a=1&b=%C3%A9%26", "")


def test_a_refusal_and_a_redirect_are_answers(address: str) -> None:
    assert web.send(f"{address}/declined", b"").status == 402
    assert web.send(f"{address}/moved").location == "/elsewhere"


def test_a_browser_keeps_its_cookies_and_another_has_none(address: str) -> None:
    browser = web.browser()

    texts = [web.send(address, by=browser).text, web.send(address, by=browser).text, web.send(address).text]

    assert texts == ["", "seen=once", ""]


def test_a_proxy_of_the_environment_is_not_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert web.send(address).status == 200


def test_no_file_is_read(tmp_path) -> None:
    with pytest.raises(ValueError, match="no address of the web"):
        web.send((tmp_path / "x").as_uri())


def test_a_server_that_is_not_there_raises() -> None:
    with pytest.raises(OSError, match="refused"):
        web.send("http://127.0.0.1:1/")
