"""Fifty clients at once while a deck is imported and PDFs are made: requests a second, and p99.

The promise is for two cores and two workers: 250 requests a second, 400 ms at the 99th percentile,
no error. Clients, server, import and PDFs share the two cores. The record holds a year of entries.
Each client asks for seven pages in turn on one connection, the next as soon as the last has come.
Loopback alone, bounded in time and in the number of clients. Run by itself, with ``--write`` to let
somebody log minutes every two seconds, after which every page is made anew::

    python -m benchmarks.web_load [--write]
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from benchmarks.measuring import Row
from benchmarks.web_pages import A_YEAR, DAY
from tests.web_browser.serving import App

CLIENTS: Final = 50
SECONDS: Final = 30.0
PAGES: Final = ("/", "/plan/", "/cards/", "/chances/", "/you/", "/you/log/", "/support/")
"""Every client asks for these in turn, each beginning elsewhere."""
RATE, P99_MS = 250.0, 400.0
CARDS: Final = 5_000

IMPORT = f"""
from pathlib import Path
from django.conf import settings
from bounceback_web.config.server import make_ready
make_ready()
from bounceback_web.cards import importing
from bounceback_web.cards.models import Import
from bounceback_web.records import learner_store
row = Import.objects.create(record=learner_store.find(None).row, name="deck.txt", bytes=1)
path = importing.place(row.pk, row.name)
path.parent.mkdir(parents=True)
path.write_text("".join(f"front {{n}}\\tback {{n}}\\n" for n in range({CARDS})), "utf-8")
importing.start(row.pk)
"""


async def _client(port: int, pages: tuple[str, ...], end: float, taken: list[float]) -> int:
    """Ask for pages on one connection until the end; return how many were not answered well."""
    faults = 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    number = 0
    while time.perf_counter() < end:
        path = pages[number % len(pages)]
        number += 1
        started = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode("ascii"))
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        await reader.readexactly(length)
        taken.append(1000.0 * (time.perf_counter() - started))
        faults += b" 200 " not in lines[0]
    writer.close()
    return faults


async def _load(port: int) -> tuple[list[float], int]:
    taken: list[float] = []
    end = time.perf_counter() + SECONDS
    turned = [PAGES[n % len(PAGES) :] + PAGES[: n % len(PAGES)] for n in range(CLIENTS)]
    clients = [_client(port, pages, end, taken) for pages in turned]
    return taken, sum(await asyncio.gather(*clients))


def _make_pdfs(port: int, until: float, made: list[int]) -> None:
    while time.perf_counter() < until:
        address = f"http://127.0.0.1:{port}/you/export/meeting.pdf"
        with urllib.request.urlopen(address, timeout=120) as answer:
            made.append(answer.status)
        time.sleep(1.0)


WRITE_EVERY_S: Final = 2.0


def _log_minutes(port: int, until: float, done: list[int]) -> None:
    """Log minutes from time to time, as a person on another tab does."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    while time.perf_counter() < until:
        page = opener.open(f"http://127.0.0.1:{port}/you/log/", timeout=120).read().decode()
        form = page[page.index('action="/study/add/"') :]
        fields = {
            name: form.partition(f'name="{name}" value="')[2].partition('"')[0]
            for name in ("csrfmiddlewaretoken", "once")
        }
        fields |= {"date": str(DAY), "minutes": "10", "activity": "reading"}
        address = f"http://127.0.0.1:{port}/study/add/"
        with opener.open(address, urlencode(fields).encode(), timeout=120) as answer:
            done.append(answer.status)
        time.sleep(WRITE_EVERY_S)


def measure(*, write: bool = False) -> tuple[float, float, float, int, int, int]:
    """Return requests a second, median and p99 in milliseconds, faults, PDFs, entries logged."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        environment = {**os.environ, "BOUNCEBACK_HOME": str(home), "BOUNCEBACK_DAY": str(DAY)}
        subprocess.run([sys.executable, "-c", A_YEAR], env=environment, check=True)
        app = App(home, DAY, key="not-needed").start()
        try:
            for page in PAGES:
                urllib.request.urlopen(f"{app.url}{page}", timeout=120).close()
            subprocess.run([sys.executable, "-c", IMPORT], env=environment, check=True)
            made: list[int] = []
            until = time.perf_counter() + SECONDS
            pdfs = threading.Thread(target=_make_pdfs, args=(app.port, until, made))
            logged: list[int] = []
            until_log = until if write else 0.0
            log = threading.Thread(target=_log_minutes, args=(app.port, until_log, logged))
            pdfs.start()
            log.start()
            taken, faults = asyncio.run(_load(app.port))
            pdfs.join()
            log.join()
        finally:
            app.stop()
    late = statistics.quantiles(taken, n=100)[98]
    return len(taken) / SECONDS, statistics.median(taken), late, faults, len(made), len(logged)


def rows() -> list[Row]:
    """Return the rate and the 99th percentile beside their limits."""
    rate, _median, late, faults, _made, _logged = measure()
    if faults:
        raise RuntimeError(f"{faults} requests were not answered")
    name = f"{CLIENTS} clients, a deck imported, PDFs made"
    return [
        Row(f"{name}: ms for each request", 1000.0 / rate, 1000.0 / RATE, "limit", 1.0, "ms"),
        Row(f"{name}: 99th of 100", late, P99_MS, "limit", 1.0, "ms"),
    ]


if __name__ == "__main__":
    rate, median, late, faults, made, logged = measure(write="--write" in sys.argv[1:])
    print(
        f"{rate:.0f} requests a second, median {median:.0f} ms, 99th of 100 {late:.0f} ms, "
        f"{faults} faults, {made} PDFs, {logged} entries logged"
    )
