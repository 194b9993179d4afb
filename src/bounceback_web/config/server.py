"""Start the app on this machine: the data folder in order, then the server."""

from __future__ import annotations

import hashlib
import ipaddress
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bounceback.errors import QuestionError
from bounceback.local_storage.own_parameters import adopt_named


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

    django.setup()
    from django.conf import settings

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

    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            stat = path.stat()
            found.update(f"{path}\n{stat.st_size}\n{stat.st_mtime_ns}\n".encode())
    digest, note = found.hexdigest(), folder / "collected-from"
    if note.exists() and note.read_text(encoding="ascii") == digest:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(digest, encoding="ascii")


def load_example(example: str) -> None:
    """Keep an example learner's record, unless this folder already holds a record."""
    from bounceback.records import parse_case
    from bounceback.records.examples import examples
    from bounceback_web.records import learner_store

    owner = learner_store.local_owner()
    if learner_store.find(owner) is None:
        record = parse_case(examples()[example]).record
        learner_store.begin(owner, record, "The example was loaded.", example=True)


def serve(
    host: str,
    port: int,
    *,
    example: str | None = None,
    day: date | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the app until it is stopped.

    Args:
        host: A loopback address.
        port: Port; 0 is not supported by the printed address.
        example: Name of an example learner to begin with.
        day: Day to take as today; ``None``: the learner's own calendar day.
        say: Prints one line.

    Raises:
        QuestionError: The host is not loopback, or the port is taken.
        FactError: ``BOUNCEBACK_PARAMETERS`` names no file of constants.
    """
    refuse_other_machines(host)
    name = host.strip("[]")
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
    if day is not None:
        os.environ["BOUNCEBACK_DAY"] = day.isoformat()
    make_ready()
    if example is not None:
        load_example(example)
    from django.db import connections

    connections.close_all()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    shown = f"[{name}]" if ":" in name else name
    words = (
        f"Bounceback is at http://{shown}:{port}/ (Ctrl-C stops it). Nothing leaves this machine."
    )
    threading.Thread(
        target=_say_when_up, args=(name, port, lambda: say(words)), daemon=True
    ).start()
    server = Granian(
        "bounceback_web.config.wsgi:application",
        address=name,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=1,
        log_level=LogLevels.warning,
    )
    if hasattr(signal, "SIGHUP"):
        # A closed terminal hangs up. The server would read that as "load the worker again" and
        # go on unseen, holding its port.
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    server.serve()


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
