"""Serving: one command makes the folder ready, prints the address, answers, and stops when told."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bounceback.cli import main
from bounceback_web.config import server
from tests.web_browser.serving import (
    PATIENCE_S,
    free_port,
    wait_until_free,
    wait_until_listening,
)


def ask(demo: tuple[subprocess.Popen[str], int, Path], path: str) -> tuple[int, str]:
    """Ask once the server listens; it may take its time, but must not have ended."""
    process, port, _folder = demo
    wait_until_listening(port, process)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bounceback.cli", "demo", "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    yield process, port, tmp_path
    if process.poll() is None:
        process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_one_command_serves_the_example_and_leaves_nothing_behind(
    demo: tuple[subprocess.Popen[str], int, Path],
) -> None:
    process, port, folder = demo
    assert process.stdout is not None
    assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
    status, page = ask(demo, "/")
    assert status == 200
    assert "An example student" in page
    assert ask(demo, "/chances/")[0] == 200
    (home,) = folder.glob("bounceback-demo-*")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    kept = [home / "secret-key", home / "bounceback.sqlite3"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in kept] == [0o600, 0o600]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE_S) == 0
    assert list(folder.glob("bounceback-demo-*")) == []


def test_a_form_too_large_is_answered_with_words(
    demo: tuple[subprocess.Popen[str], int, Path],
) -> None:
    process, port, _folder = demo
    wait_until_listening(port, process)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    pasted = "text=" + 24_000_000 * "a"
    form = "application/x-www-form-urlencoded"
    headers = {"Content-Type": form, "Sec-Fetch-Site": "same-origin"}
    connection.request("POST", "/bring/", pasted, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    assert answer.status == 413
    assert "Nothing was changed" in page
    assert ask(demo, "/health") == (200, "up\n")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("how", ["SIGHUP", "SIGKILL"])
def test_nothing_goes_on_unseen_once_the_terminal_is_closed_or_the_server_killed(
    demo: tuple[subprocess.Popen[str], int, Path], how: str
) -> None:
    process, port, folder = demo
    assert ask(demo, "/health")[0] == 200
    process.send_signal(getattr(signal, how))
    process.wait(timeout=PATIENCE_S)
    wait_until_free(port)
    if how == "SIGHUP":
        assert process.returncode == 0
        assert list(folder.glob("bounceback-demo-*")) == []


def test_the_files_of_the_pages_are_served_compressed_and_small(
    demo: tuple[subprocess.Popen[str], int, Path],
) -> None:
    _process, port, _folder = demo
    _status, page = ask(demo, "/")
    assets = [
        part.split('"')[0]
        for part in page.replace('src="', 'href="').split('href="')[1:]
        if part.startswith("/static/")
    ]
    assert len(assets) >= 3
    total = 0
    for address in ["/", *sorted(set(assets))]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("GET", address, headers={"Accept-Encoding": "br, gzip"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status == 200
        total += len(body)
    assert total < 100_000


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7"])
def test_an_address_that_others_reach_is_refused_in_one_line(
    host: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BOUNCEBACK_HOME", str(tmp_path))
    assert main(["serve", "--host", host]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "no accounts" in said.err


def test_a_port_that_is_taken_is_said_with_another(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BOUNCEBACK_HOME", str(tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert f"--port {port + 1}" in capsys.readouterr().err


def test_an_example_that_is_not_there_is_refused_by_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["demo", "--example", "step-9"]) == 2
    assert "step-1" in capsys.readouterr().err


BEGIN_A_DAY = """
from bounceback_web.config.server import load_example, make_ready
make_ready()
load_example("step-1")
import bounceback_web.config.wsgi  # reads the first page ahead
from bounceback_web.records.models import Shown
print(Shown.objects.get().model_version)
"""


def test_an_institution_s_own_constants_win_in_the_app_too(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    header = "name,exam,value,unit,first,source,locator,confidence,note"
    own.write_text(f"{header}\nadherence_mean,*,0.9,share,2026-01-01,x,x,inferred,\n", "utf-8")

    # Each in a folder of its own: one database for both would keep what the first has shown.
    own_machine = {k: v for k, v in os.environ.items() if k != "BOUNCEBACK_DATABASE"}

    def version(name: str, **named: str) -> str:
        given = {"BOUNCEBACK_HOME": str(tmp_path / name), "BOUNCEBACK_DAY": "2026-11-23", **named}
        done = subprocess.run(
            [sys.executable, "-c", BEGIN_A_DAY],
            env={**own_machine, **given},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    shipped = version("shipped")
    assert version("own", BOUNCEBACK_PARAMETERS=str(own)).startswith(f"{shipped}+own-")


def test_constants_that_cannot_be_read_stop_the_app_before_it_serves(tmp_path: Path) -> None:
    named = {"BOUNCEBACK_HOME": str(tmp_path), "BOUNCEBACK_PARAMETERS": str(tmp_path / "none.csv")}
    done = subprocess.run(
        [sys.executable, "-m", "bounceback.cli", "serve", "--port", str(free_port())],
        env={**os.environ, **named},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "none.csv" in done.stderr


def test_the_files_of_the_pages_are_collected_once_and_again_where_one_has_changed(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()

    def write(words: str, at: int) -> None:
        (ours / "page.css").write_text(words, encoding="utf-8")
        os.utime(ours / "page.css", (at, at))

    write("a {}", at=1_000_000_000)
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [ours]
    settings.STATIC_ROOT = tmp_path / "static"

    collected = settings.STATIC_ROOT / "page.css"
    server.collect_static(settings.STATIC_ROOT)
    assert collected.read_text(encoding="utf-8") == "a {}"
    collected.unlink()
    server.collect_static(settings.STATIC_ROOT)
    assert not collected.exists()  # nothing was done

    write("a { color: red }", at=4_000_000_000)
    server.collect_static(settings.STATIC_ROOT)
    assert collected.read_text(encoding="utf-8") == "a { color: red }"

    def interrupted(*_given: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    write("a { color: plum }", at=4_000_000_001)
    with monkeypatch.context() as m:
        m.setattr("django.core.management.call_command", interrupted)
        with pytest.raises(KeyboardInterrupt):
            server.collect_static(settings.STATIC_ROOT)
    server.collect_static(settings.STATIC_ROOT)
    assert collected.read_text(encoding="utf-8") == "a { color: plum }"
