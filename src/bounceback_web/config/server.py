"""Start the app on this machine: the data folder in order, then the server."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import multiprocessing
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from bounceback import isolated_python
from bounceback.errors import QuestionError
from bounceback.local_storage.data_dir import data_folder
from bounceback.local_storage.own_parameters import adopt_named
from bounceback_web.config import database_troubles, start_key, temporary_files
from bounceback_web.devices import phone_access


def refuse_other_machines(host: str) -> None:
    """Refuse an address that other machines could reach: there are no accounts to ask for.

    Raises:
        QuestionError: The host is not loopback.
    """
    name = host.strip("[]")
    try:
        near = ipaddress.ip_address(name).is_loopback
    except ValueError:
        near = name == "localhost"
    if not near:
        raise QuestionError(
            f"--host {host} can be reached from other machines; allowed: 127.0.0.1, localhost or "
            "::1, because the app has no accounts and whoever reaches it reads everything. Leave "
            "--host out."
        )


def make_ready() -> None:
    """Bring the database and the static files to this version; safe to repeat.

    Raises:
        FactError: ``BOUNCEBACK_PARAMETERS`` names no file of constants.
    """
    adopt_named()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bounceback_web.config.settings")
    import django
    from django.core.management import call_command

    temporary_files.sweep_at_start(data_folder())
    temporary_files.use(data_folder())
    if "BOUNCEBACK_DATABASE" not in os.environ:
        database_troubles.check_before_start(data_folder())
    django.setup()
    from django.conf import settings

    if "BOUNCEBACK_DATABASE" not in os.environ:
        database_troubles.check_version(data_folder())
    call_command("migrate", interactive=False, verbosity=0)
    collect_static(Path(settings.STATIC_ROOT))
    for path in Path(settings.HOME).glob("bounceback.sqlite3*"):
        path.chmod(0o600)


def collect_static(folder: Path) -> None:
    """Collect and compress the files of the pages, unless a note among them says that these were.

    Compressing takes most of a start. The note is written last: whoever is interrupted starts over.

    Args:
        folder: Where they are collected.
    """
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    from bounceback_web.config import static_files

    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            stat = path.stat()
            found.update(f"{path}\n{stat.st_size}\n{stat.st_mtime_ns}\n".encode())
    digest, note = found.hexdigest(), folder / "collected-from"
    is_known = note.exists() and note.read_text(encoding="ascii", errors="replace") == digest
    if is_known and (static_files.is_whole(folder) or not _has_list()):
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(digest, encoding="ascii")


def _has_list() -> bool:
    from django.conf import settings

    return str(settings.STORAGES["staticfiles"]["BACKEND"]).endswith("static_files.Storage")


def load_example(example: str) -> None:
    """Keep an example learner's record, unless this folder already holds a record."""
    from bounceback.records import parse_case
    from bounceback.records.examples import examples
    from bounceback_web.records import learner_store

    owner = learner_store.local_owner()
    if learner_store.find(owner) is None:
        record = parse_case(examples()[example]).record
        learner_store.begin(owner, record, "The example was loaded.", example=True)


WORKERS: Final = 2
"""Processes that answer pages."""

HEAD_MS: Final = 10_000
"""Longest time for the head of a request, in milliseconds."""

CONNECTIONS: Final = 1_024
"""Connections that each worker holds open; slow ones cost a worker no thread."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the app is served.

    Attributes:
        example: Name of an example learner to begin with; its pages need no key.
        day: Day to take as today; ``None``: the learner's own calendar day.
        phone: Let the home network in for paired devices.
        browser: Open a browser where one can be opened.
        restore_copy: First put the newest daily copy in the place of the database.
    """

    example: str | None = None
    day: date | None = None
    phone: bool = False
    browser: bool = False
    restore_copy: bool = False


def serve(
    host: str,
    port: int,
    *,
    example: str | None = None,
    day: date | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the app until it is stopped; see :func:`serve_with`."""
    serve_with(host, port, Options(example=example, day=day), say)


def serve_with(host: str, port: int, options: Options, say: Callable[[str], None]) -> None:
    """Serve the app until it is stopped.

    Args:
        host: A loopback address.
        port: Port; 0 is not supported by the printed address.
        options: How.
        say: Prints one line.

    Raises:
        QuestionError: The host is not loopback, the port is taken, or the data cannot be used.
        FactError: ``BOUNCEBACK_PARAMETERS`` names no file of constants.
    """
    refuse_other_machines(host)
    name = host.strip("[]")
    _refuse_taken_port(name, host, port)
    if options.day is not None:
        os.environ["BOUNCEBACK_DAY"] = options.day.isoformat()
    os.environ["BOUNCEBACK_PORT"] = str(port)
    key = _choose_key(needed=options.example is None)
    if options.restore_copy:
        home = data_folder()
        copy = database_troubles.put_newest_copy_back(home, temporary_files.folder(home))
        say(f"{copy} is back.")
    make_ready()
    if options.example is not None:
        load_example(options.example)
    from django.db import connections

    connections.close_all()
    home = data_folder()
    if options.phone:
        phone_access.open_now(home, datetime.now(UTC))
    else:
        phone_access.close(home)
    shown = f"[{name}]" if ":" in name else name
    address = f"http://{shown}:{port}/"
    with_key = f"{address}?key={key}" if key else address
    words = f"Bounceback is at {with_key} (Ctrl-C stops it). Nothing leaves this machine."

    def welcome() -> None:
        say(words)
        if options.browser:
            open_browser(with_key, temporary_files.folder(home))

    threading.Thread(target=_say_when_up, args=(name, port, welcome), daemon=True).start()
    server, loader = pages_server(name, port, workers=WORKERS)
    if hasattr(signal, "SIGHUP"):
        # A closed terminal hangs up. The server would read that as "load the worker again" and
        # go on unseen, holding its port.
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    beside = subprocess.Popen(
        isolated_python.command("bounceback_web.config.supervisor", str(port)),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        server.serve(target_loader=loader, wrap_loader=False)
    finally:
        phone_access.close(home)
        _end(beside)
        checkpoint(home)
        note_record_in_use(home)
        temporary_files.sweep(home)


def pages_server(address: str, port: int, *, workers: int) -> tuple[Any, Callable[[], Any]]:
    """Return a server of the pages, and what each of its workers loads."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    server = Granian(
        "bounceback_web.config.pages_application:application",
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MS, max_buffer_size=65_536),
        websockets=False,
        backpressure=CONNECTIONS,
        backlog=2 * CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
    )
    return server, load_pages


def load_pages() -> Any:
    """Return the application; granian's own loader would put the working folder on the path."""
    from bounceback_web.config.pages_application import application

    return application


def _refuse_taken_port(name: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((name, port))
        except OSError as error:
            raise QuestionError(
                f"port {port} on {host} cannot be used ({error.strerror}); another program holds "
                f"it, perhaps Bounceback itself. Try --port {port + 1}."
            ) from None


def _choose_key(*, needed: bool) -> str | None:
    """Choose this start's key and hand it to the workers through the environment."""
    if not needed:
        os.environ[start_key.VARIABLE] = start_key.NOT_NEEDED
        return None
    key = os.environ.get(start_key.VARIABLE) or start_key.new_key()
    os.environ[start_key.VARIABLE] = key
    return None if key == start_key.NOT_NEEDED else key


def open_browser(address: str, folder: Path) -> None:
    """Open a browser by itself, where this session can show one.

    Other people of this machine can read the arguments of our programs, so the browser gets a file
    of our own that leads on to the address with its key.
    """
    import html
    import webbrowser

    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return
    page = folder / "open-bounceback.html"
    page.touch(mode=0o600)
    page.write_text(
        f'<!doctype html><meta http-equiv="refresh" content="0;url={html.escape(address)}">'
        f'<p><a href="{html.escape(address)}">Open Bounceback</a></p>',
        "utf-8",
    )
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(page.as_uri())


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a helper by closing its standard input; wait until what it started has ended."""
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def note_record_in_use(home: Path) -> None:
    """Note that a record of a person is in the database, so that its loss is noticed."""
    path = home / database_troubles.FILE
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(path, timeout=5)) as connection,
    ):
        question = "SELECT count(*) FROM store_learnerrecord WHERE NOT is_example"
        if connection.execute(question).fetchone()[0]:
            database_troubles.note_in_use(home)


def checkpoint(home: Path) -> None:
    """Bring what was written last from the ``-wal`` files into the databases themselves.

    A copy of the main file alone is then a whole copy.
    """
    for name in ("bounceback.sqlite3", "cards.sqlite3"):
        path = home / name
        if path.exists() and path.stat().st_size:
            with (
                contextlib.suppress(sqlite3.Error),
                contextlib.closing(sqlite3.connect(path, timeout=5)) as connection,
            ):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def end_with_server() -> None:
    """End this worker once the server that began it is gone, however it went.

    A worker that outlives a killed server would hold the port and answer nobody. What it had
    acknowledged is in the database; what it had not is not. Where no server of ours began this
    process, nothing is watched.
    """
    server = multiprocessing.parent_process()
    if server is None:
        return

    def watch() -> None:
        server.join()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _say_when_up(host: str, port: int, say: Callable[[], None]) -> None:
    """Say so once the server listens: an address that refuses is a poor welcome."""
    for _try in range(600):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            say()
            return
