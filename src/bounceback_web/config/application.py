"""What the server runs: bodies are taken in here under limits, then Django answers in a thread.

The event loop reads bodies, so a slow client holds no thread. A request that is refused by its head
costs nothing further: its body is not read and its connection is closed.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

from bounceback_web.config import request_gate
from bounceback_web.config.request_gate import Refusal

THREADS: Final = 4
"""Threads that answer, in each worker; most of the time they wait for the disk."""

MOST_WAITING: Final = 256
"""Requests that may wait for a thread in one worker before one more is turned away."""

SILENCE_S: Final = 10.0
"""Longest time between two pieces of a body."""

BODY_S: Final = 20.0
"""Longest time for a whole body, besides a second for each ``BYTES_A_SECOND``."""

BYTES_A_SECOND: Final = 100_000
"""Slowest speed at which a large file may come, about that of a weak wireless network."""

IN_MEMORY_BYTES: Final = 1_000_000
"""A longer body waits on the disk, in the folder of temporary files."""

DISK_LEFT_BYTES: Final = 64 * 1024 * 1024
"""Bytes of the disk that a body leaves free."""

DRAINED_BYTES: Final = 32_000_000
"""Bytes taken off the line and thrown away so that a page of ours can show why it was refused."""

WHOLE_BYTES: Final = 262_144
"""A response up to this size is sent in one piece."""


class Answer(NamedTuple):
    """A response of Django: ``content`` in one piece, or ``pieces`` one after the other."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes
    pieces: Iterator[bytes] | None
    close: Callable[[], None]


class BodyRefusedError(Exception):
    """The body broke a limit while it came in."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))


class Application:
    """The pages behind their limits, as granian calls them (RSGI).

    Args:
        wsgi: Django's application.
        folder: Folder for bodies that do not fit in memory.
        refuse: From a WSGI environment without a body to a response; shows why it was refused.
    """

    def __init__(self, wsgi: Any, folder: str, refuse: Callable[[dict[str, Any], Refusal], Any]):
        self._wsgi = wsgi
        self._folder = folder
        self._refuse = refuse
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._waiting = 0

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(403)
            return
        headers = {name: scope.headers.get(name) for name in set(scope.headers.keys())}
        if scope.authority and "host" not in headers:
            headers["host"] = scope.authority
        refused = request_gate.refusal(scope.method, scope.path, scope.query_string, headers)
        environ = _environ(scope, headers)
        if refused is None and self._waiting >= MOST_WAITING:
            refused = Refusal(503, "busy")
        if refused is not None:
            await self._send_refusal(protocol, environ, headers, refused)
            return
        try:
            body = await self._body(scope, protocol, headers)
        except BodyRefusedError as error:
            reason = "too-large" if error.status == 413 else "slow"
            await self._send_refusal(protocol, environ, headers, Refusal(error.status, reason))
            return
        environ["wsgi.input"] = body
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._pool, _answer, self._wsgi, environ)
            await self._send(protocol, answer)
        finally:
            self._waiting -= 1
            body.close()

    async def _body(self, scope: Any, protocol: Any, headers: dict[str, str]) -> IO[bytes]:
        """Take the body in, within its limits.

        Raises:
            BodyRefusedError: It is too large or too slow, or ended before its time.
        """
        has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        if scope.method in ("GET", "HEAD") or not has_body:
            return io.BytesIO()
        limit = request_gate.body_limit(scope.path)
        announced = int(headers.get("content-length") or 0)
        if announced > IN_MEMORY_BYTES:
            limit = min(limit, shutil.disk_usage(self._folder).free - DISK_LEFT_BYTES)
        if announced > limit:
            raise BodyRefusedError(413)
        body: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115  # closed after the answer
            IN_MEMORY_BYTES, dir=self._folder
        )
        try:
            await _receive(protocol, body, limit)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body

    async def _send_refusal(
        self, protocol: Any, environ: dict[str, Any], headers: dict[str, str], refused: Refusal
    ) -> None:
        """Say why, and close the connection; a page of ours is first allowed to finish sending."""
        if refused.reason == "too-large" and request_gate.is_same_origin(headers):
            with suppress(TimeoutError, BodyRefusedError, OSError, RuntimeError):
                async with asyncio.timeout(SILENCE_S):
                    await _receive(protocol, None, DRAINED_BYTES)
        environ["CONTENT_LENGTH"] = "0"
        response = self._refuse(environ, refused)
        listed = [(name.lower(), value) for name, value in response.items()]
        protocol.response_bytes(
            refused.status, [*listed, ("connection", "close")], response.content
        )

    async def _send(self, protocol: Any, answer: Answer) -> None:
        if answer.pieces is None:
            protocol.response_bytes(answer.status, answer.headers, answer.content)
            return
        loop = asyncio.get_running_loop()
        transport = protocol.response_stream(answer.status, answer.headers)
        try:
            if answer.content:
                await transport.send_bytes(answer.content)
            while piece := await loop.run_in_executor(self._pool, next, answer.pieces, b""):
                await transport.send_bytes(piece)
        except RuntimeError:
            return  # the client went away
        finally:
            await loop.run_in_executor(self._pool, answer.close)


async def _receive(protocol: Any, body: IO[bytes] | None, limit: int) -> None:
    pieces = aiter(protocol)
    started, received = time.monotonic(), 0
    while True:
        allowed = BODY_S + received / BYTES_A_SECOND - (time.monotonic() - started)
        if allowed <= 0:
            raise BodyRefusedError(408)
        try:
            async with asyncio.timeout(min(SILENCE_S, allowed)):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise BodyRefusedError(408) from None
        except (OSError, RuntimeError):
            raise BodyRefusedError(400) from None
        received += len(piece)
        if received > limit:
            raise BodyRefusedError(413)
        if body is not None:
            try:
                body.write(piece)
            except OSError:
                raise BodyRefusedError(413) from None


def _environ(scope: Any, headers: dict[str, str]) -> dict[str, Any]:
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name in headers:
        joined = ("; " if name == "cookie" else ",").join(_all(scope.headers, name, headers[name]))
        key = name.upper().replace("-", "_")
        if name in ("content-type", "content-length"):
            environ[key] = joined
        elif "_" not in name and name != "proxy":
            environ[f"HTTP_{key}"] = joined
    return environ


def _all(given: Any, name: str, first: str) -> list[str]:
    listed = getattr(given, "get_all", None)
    return list(listed(name)) if listed is not None else [first]


def _answer(wsgi: Any, environ: dict[str, Any]) -> Answer:
    """Let Django answer, in a thread."""
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
        started[:] = [int(status[:3]), [(name.lower(), value) for name, value in headers]]

    if "CONTENT_LENGTH" not in environ and environ.get("HTTP_TRANSFER_ENCODING"):
        body = environ["wsgi.input"]
        environ["CONTENT_LENGTH"] = str(body.seek(0, os.SEEK_END))
        body.seek(0)
    response = wsgi(environ, start_response)
    status, headers = started
    if not getattr(response, "streaming", False):
        content = b"".join(response)
        response.close()
        return Answer(status, headers, content, None, response.close)
    pieces = iter(response)
    content = b""
    for piece in pieces:
        content += piece
        if len(content) > WHOLE_BYTES:
            return Answer(status, headers, content, pieces, response.close)
    response.close()
    return Answer(status, headers, content, None, response.close)
