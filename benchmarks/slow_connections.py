"""Two hundred connections that send heads or bodies a byte at a time, and a person beside them.

Half of them never finish the head of a request, half never the body of a form. Pages are asked for
meanwhile, one after the other; they are printed beside those without slow connections. Run it by
itself::

    python -m benchmarks.slow_connections
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from benchmarks.web_pages import DAY
from tests.web_browser.serving import App

CONNECTIONS: Final = 200
SECONDS: Final = 15.0
SLOWEST_TIMES: Final = 3.0
"""Times that the 95th of 100 pages may take beside the slow connections, against alone."""


def _pages(port: int, seconds: float) -> list[float]:
    taken = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        began = time.perf_counter()
        connection.request("GET", "/chances/")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"a page answered {answer.status}")
        taken.append(1000.0 * (time.perf_counter() - began))
    return taken


def _dribble(port: int, stop: threading.Event) -> None:
    """Keep the connections open and send each a byte in turn; open those anew that were closed."""

    def opened(number: int) -> socket.socket:
        one = socket.create_connection(("127.0.0.1", port), timeout=10)
        host = f"Host: 127.0.0.1:{port}\r\n"
        if number % 2:
            head = f"POST /study/add/ HTTP/1.1\r\n{host}Content-Length: 100000\r\n\r\n"
        else:
            head = f"GET / HTTP/1.1\r\n{host}X-Slow: "
        one.sendall(head.encode("ascii"))
        return one

    held = [opened(number) for number in range(CONNECTIONS)]
    while not stop.wait(0.2):
        for number, one in enumerate(held):
            try:
                one.sendall(b"a")
            except OSError:
                one.close()
                with contextlib.suppress(OSError):
                    held[number] = opened(number)
    for one in held:
        one.close()


def measure() -> tuple[list[float], list[float]]:
    """Return the milliseconds of pages alone and beside the slow connections."""
    with tempfile.TemporaryDirectory() as folder:
        app = App(Path(folder) / "home", DAY, "step-1", key="not-needed").start()
        try:
            _pages(app.port, 3.0)
            alone = _pages(app.port, SECONDS)
            stop = threading.Event()
            slow = threading.Thread(target=_dribble, args=(app.port, stop))
            slow.start()
            time.sleep(1.0)
            beside = _pages(app.port, SECONDS)
            stop.set()
            slow.join()
        finally:
            app.stop()
    return alone, beside


def main() -> int:
    """Print both; 1 where somebody is harmed."""
    alone, beside = measure()
    for name, taken in (("alone", alone), (f"beside {CONNECTIONS}", beside)):
        late = statistics.quantiles(taken, n=20)[18]
        print(
            f"{name}: {len(taken)} pages, median {statistics.median(taken):.1f} ms, "
            f"95th of 100 {late:.1f} ms, slowest {max(taken):.0f} ms"
        )
    late, usual = (statistics.quantiles(taken, n=20)[18] for taken in (beside, alone))
    return 0 if late <= SLOWEST_TIMES * max(usual, 10.0) else 1


if __name__ == "__main__":
    sys.exit(main())
