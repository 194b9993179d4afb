"""The one connection that the command line ever opens: to Anki, on this computer.

Plain HTTP to a loopback address, without proxies, redirects or cookies. It is opened when the
learner asks to pull or push, never otherwise.
"""

from __future__ import annotations

import http.client
import ipaddress
from typing import Any, Final
from urllib.parse import urlsplit

from bounceback.errors import QuestionError, UntrustedInputError
from bounceback.services.anki_decks import ankiconnect

_WAIT_S: Final = 60.0
"""Anki answers in its window's own time; a large deck may take it half a minute."""

_ANSWER_BYTES_MAX: Final = 256 * 1024 * 1024


class Anki:
    """A running Anki with the AnkiConnect add-on.

    Args:
        address: Where it listens; on this computer.
        key: The key set in the add-on, if any.

    Raises:
        UntrustedInputError: The address is not on this computer.
    """

    def __init__(self, address: str | None = None, key: str | None = None) -> None:
        self._address = ankiconnect.endpoint(address or ankiconnect.ADDRESS)
        self._key = key

    def ask(self, request: ankiconnect.Request) -> Any:
        """Send one request and return its result.

        Raises:
            QuestionError: Nothing answers there.
            UntrustedInputError: What answers is not the add-on, or Anki refused.
        """
        message = ankiconnect.Request(request.action, request.params, self._key)
        parts = urlsplit(self._address)
        assert parts.hostname is not None
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_WAIT_S)
        try:
            connection.connect()
            # A name may lead anywhere, even "localhost": what counts is where the line ends.
            if not ipaddress.ip_address(connection.sock.getpeername()[0]).is_loopback:
                raise UntrustedInputError(
                    f"{self._address} is on another computer. Nothing was sent. Use "
                    f"{ankiconnect.ADDRESS}"
                )
            connection.request(
                "POST", "/", message.body.encode(), {"Content-Type": "application/json"}
            )
            response = connection.getresponse()
            text = response.read(_ANSWER_BYTES_MAX + 1)
        except (OSError, http.client.HTTPException) as fault:
            raise QuestionError(
                f"Anki doesn't answer at {self._address} ({fault or type(fault).__name__}). Start "
                "Anki with the AnkiConnect add-on (2055492159) on this computer and try again. "
                "Nothing was changed."
            ) from fault
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise UntrustedInputError(
                f"{self._address} answered with status {response.status}, not 200. Check that no "
                "other program uses this port."
            )
        return ankiconnect.answer(text)
