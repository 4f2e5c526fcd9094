"""waitress on one address, as it serves the site and the sandbox."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from django.conf import settings
from django.core.management import CommandError
from waitress import wasyncore

from bbs import serving


@pytest.mark.parametrize("host", ["203.0.113.1", "a..b"])
def test_where_nobody_can_listen_is_said_in_a_sentence(host: str) -> None:
    with pytest.raises(CommandError, match=rf"\ACannot serve on {host}:0: [^()]*[^.]\.\Z"):
        serving.listen(host, 0)


@contextmanager
def served(application: Callable) -> Iterator[int]:
    """Serve an application as the site is served, in a thread; yields the port."""
    is_over = threading.Event()

    def loop() -> None:
        while not is_over.is_set():
            wasyncore.loop(timeout=0.05, map=server._map, count=1)

    with serving.listen("127.0.0.1", 0) as listening:
        server = serving.server_on(listening, application)
        thread = threading.Thread(target=loop)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            is_over.set()
            thread.join()
            server.task_dispatcher.shutdown()
            wasyncore.close_all(server._map)


@contextmanager
def connected(port: int) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        yield connection


def answer(connection: http.client.HTTPConnection, method: str = "GET", path: str = "/", **more: object) -> str:
    connection.request(method, path, **more)
    return connection.getresponse().read().decode()


def test_a_small_answer_does_not_wait_for_an_acknowledgement() -> None:
    """Head and body are two packets: with Nagle's algorithm the second waits up to 40 ms for a reply to the first."""

    def application(environ: dict, start_response: Callable) -> list[bytes]:
        connection = environ["waitress.client_disconnected"].__self__.socket
        start_response("200 OK", [])
        return [str(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)).encode()]

    with served(application) as port, connected(port) as connection:
        assert [answer(connection), answer(connection)] == ["1", "1"]


def test_a_proxys_headers_arrive_as_they_were_sent_and_none_in_disguise() -> None:
    def application(environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", [])
        names = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme")
        return [" ".join(environ.get(name, "-") for name in names).encode()]

    with served(application) as port, connected(port) as connection:
        sent = answer(connection, headers={"X-Forwarded-For": "198.51.100.1, 10.0.0.1", "X-Forwarded-Proto": "https"})
        disguised = answer(connection, headers={"X_Forwarded_For": "198.51.100.1"})

    assert sent == "127.0.0.1 198.51.100.1, 10.0.0.1 https http"
    assert disguised == "127.0.0.1 - - http"


def test_visitors_who_are_slow_and_connections_that_are_idle_take_no_thread() -> None:
    def read(environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0)))]

    with served(read) as port, ExitStack() as stack:
        idle = [stack.enter_context(connected(port)) for _ in range(serving.THREADS)]
        assert {answer(connection) for connection in idle} == {""}
        for part in (b"GET / HTTP/1.1\r\nHo", b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc"):
            for _ in range(serving.THREADS):
                stack.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(part)

        with connected(port) as connection:
            # In chunks too, of which Django would not know the length.
            assert answer(connection, "POST", body=iter([b"a", b"b"]), encode_chunked=True) == "ab"


def test_a_proxy_closes_an_idle_connection_before_the_server_does() -> None:
    """The other way round, the proxy may send a request by a connection that is just closed, and answer 502."""
    assert serving.IDLE_SECONDS > 60


def test_a_class_of_thirty_browsers_leaves_room_for_others() -> None:
    def application(environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", [])
        return [b"here"]

    with served(application) as port, ExitStack() as stack:
        browsers = [stack.enter_context(connected(port)) for _ in range(30 * 6)]
        assert {answer(connection) for connection in browsers} == {"here"}

        with connected(port) as connection:
            assert answer(connection) == "here"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(
    ("files", "most", "connections"),
    [(256, 4096, 500), (256, 256, 170), (1024, 4096, 500), (2048, 4096, 500)],
    ids=["macOS", "strict", "Linux", "many"],
)
def test_there_are_no_more_connections_than_files_for_them(files: int, most: int, connections: int) -> None:
    code = f"""if True:
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {most}))
        from bbs.serving import most_connections
        print(most_connections(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    """

    said = subprocess.check_output([sys.executable, "-c", code], cwd=settings.BASE_DIR, text=True)

    assert said.split() == [str(connections), str(max(files, min(1024, most)))]


def test_a_visitor_who_goes_away_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    asked, gone = threading.Event(), threading.Event()

    def wait(environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", [])
        asked.set()
        gone.wait(10)
        return [b"a" * 1_000_000]

    with served(wait) as port:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # ends with a reset
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert asked.wait(10)
        gone.set()

    assert [record.getMessage() for record in caplog.records if record.levelname != "INFO"] == []


def test_a_long_answer_arrives_whole_at_a_visitor_who_is_slow() -> None:
    """Beyond 16 MB the thread that computes it waits for the main one, which sends."""

    def talk(environ: dict, start_response: Callable) -> Iterator[bytes]:
        start_response("200 OK", [])
        return (b"a" * 1_000_000 for _ in range(20))

    with served(talk) as port, connected(port) as connection:
        connection.request("GET", "/")
        time.sleep(0.2)

        assert len(connection.getresponse().read()) == 20_000_000


@pytest.mark.parametrize(
    ("requests", "waiting", "will_close", "is_wanted"),
    [([], 0, False, 0), ([], 1, False, 1), ([1], 1, False, 0), ([1], 101, False, 101), ([1], 1, True, 1)],
)
def test_the_main_thread_sends_only_where_no_other_does(
    requests: list[int], waiting: int, will_close: bool, is_wanted: bool
) -> None:
    """It would ask again and again whether there is something to send, while the other thread is at it."""
    channel = object.__new__(serving.Channel)
    channel.adj = types.SimpleNamespace(outbuf_high_watermark=100)
    channel.requests, channel.total_outbufs_len, channel.will_close = requests, waiting, will_close

    assert channel.writable() == is_wanted


def test_a_head_gets_no_body_and_its_connection_is_kept() -> None:
    closed = []

    class Page(list):
        def close(self) -> None:
            closed.append(True)

    def talk(environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "5")])
        return Page([b"hello"])

    with served(talk) as port, connected(port) as connection:
        # A body would be taken for the beginning of the next answer.
        assert [answer(connection, "HEAD"), answer(connection), answer(connection, "HEAD")] == ["", "hello", ""]
    assert closed == [True] * 3


def test_what_is_far_too_long_is_refused_before_it_is_read() -> None:
    with served(lambda environ, start_response: pytest.fail("was asked")) as port, connected(port) as connection:
        connection.request("POST", "/", headers={"Content-Length": str(serving.LONGEST_BODY + 1)})

        assert connection.getresponse().status == 413
