"""The server under clients that are slow, endless, too large or too many."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bounceback_web.config import request_gate
from tests.web_browser.conftest import STORY_DAY
from tests.web_browser.serving import PATIENCE_S, App

SLOW = 200
"""Connections that begin a request and never end it."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    running = App(tmp_path_factory.mktemp("home"), STORY_DAY, "step-1").start()
    yield running
    running.stop()


def ask(app: App, method: str, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=PATIENCE_S)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()}
    finally:
        connection.close()


def begun(app: App, head: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", app.port), timeout=PATIENCE_S)
    connection.sendall(head.encode("ascii"))
    return connection


def test_slow_heads_and_bodies_harm_nobody(app: App) -> None:
    host = f"Host: 127.0.0.1:{app.port}\r\n"
    body = f"POST /today/ HTTP/1.1\r\n{host}Content-Length: 1000\r\n\r\na"
    with ExitStack() as stack:
        for number in range(SLOW):
            head = body if number % 2 else f"GET / HTTP/1.1\r\n{host}X-Slow: "
            stack.enter_context(begun(app, head))
        for _again in range(5):
            status, page, _headers = ask(app, "GET", "/")
            assert status == 200
            assert b"</html>" in page


def test_a_body_that_never_ends_is_cut_off(app: App) -> None:
    host = f"Host: 127.0.0.1:{app.port}\r\n"
    with begun(app, f"POST /today/ HTTP/1.1\r\n{host}Content-Length: 1000\r\n\r\na") as slow:
        answer = slow.makefile("rb").read()
    assert b" 408 " in answer.split(b"\r\n", 1)[0]


def test_a_foreign_form_is_refused_and_closed_before_its_body(app: App) -> None:
    host = f"Host: 127.0.0.1:{app.port}\r\nOrigin: https://evil.example\r\n"
    size = request_gate.BODY_BYTES - 1
    with begun(app, f"POST /today/ HTTP/1.1\r\n{host}Content-Length: {size}\r\n\r\n") as foreign:
        answer = foreign.makefile("rb").read()  # ends: the connection is closed, nothing was sent
    assert b" 403 " in answer.split(b"\r\n", 1)[0]


def test_a_body_without_a_length_is_counted(app: App) -> None:
    host = f"Host: 127.0.0.1:{app.port}\r\nTransfer-Encoding: chunked\r\n"
    piece = b"%x\r\n" % 1_000_000 + b"a" * 1_000_000 + b"\r\n"
    with begun(app, f"POST /today/ HTTP/1.1\r\n{host}\r\n") as endless:
        try:
            for _piece in range(40):
                endless.sendall(piece)
        except OSError:
            return  # closed while we sent
        assert b" 413 " in endless.makefile("rb").readline()


@pytest.mark.parametrize("path", ["/%2e%2e/secret-key", "/static/../secret-key", "/%00", "/\\x"])
def test_odd_paths_lead_nowhere(app: App, path: str) -> None:
    status, _page, _headers = ask(app, "GET", path)
    assert status in (400, 404)


def test_a_download_is_whole_and_a_job_made_it(app: App) -> None:
    status, pdf, headers = ask(app, "GET", "/you/export/meeting.pdf")
    assert status == 200
    assert headers["content-type"] == "application/pdf"
    assert pdf.startswith(b"%PDF-")
    assert not list((app.home / "incoming").glob("*")) if (app.home / "incoming").exists() else True


def test_the_head_of_a_page_is_that_of_the_page(app: App) -> None:
    status, nothing, headers = ask(app, "HEAD", "/")
    assert (status, nothing) == (200, b"")
    assert int(headers["content-length"]) > 1000
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_the_port_of_another_host_is_no_address_of_ours(app: App) -> None:
    assert ask(app, "GET", "/", Host="evil.example")[0] == 400


def test_a_stopped_server_leaves_everything_in_the_main_file(app: App) -> None:
    import signal
    import sqlite3

    assert app.process is not None
    app.process.send_signal(signal.SIGINT)
    app.process.wait(timeout=PATIENCE_S)
    app.process = None
    wal = Path(app.home, "bounceback.sqlite3-wal")
    assert not wal.exists() or wal.stat().st_size == 0
    copied = app.home.with_name("copied.sqlite3")
    copied.write_bytes(Path(app.home, "bounceback.sqlite3").read_bytes())
    with sqlite3.connect(copied) as database:
        assert database.execute("SELECT count(*) FROM store_learnerrecord").fetchone() == (1,)
    assert list(Path(app.home, "temporary").iterdir()) == []
