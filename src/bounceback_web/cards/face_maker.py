"""Faces of cards, made by a helper process so that no card can hold or end a page's worker."""

from __future__ import annotations

import atexit
import json
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from queue import Empty, Queue
from typing import Any, Final

from bounceback import isolated_python
from bounceback.services.anki_decks import Note, NoteType

SECONDS: Final = 1.5
"""Longest time for one card: the largest that is allowed takes a fifth of it."""

START_SECONDS: Final = 30.0
"""Longest time until a new helper is ready, on a busy machine."""


class CardNotShownError(Exception):
    """A card asks for more than a card needs; the message says of what."""


class FaceMaker:
    """A helper process that is started when it is needed, and again when a card ended it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._answers: Queue[str] = Queue()
        self._names: Sequence[str] | None = None
        self._is_new = True

    def make(
        self,
        note_type: NoteType,
        note: Note,
        template: int,
        *,
        deck: str,
        names: Sequence[str],
        address: str,
    ) -> tuple[str, str]:
        """Return question and answer of a card, safe to stand in a page.

        Args:
            note_type: Type of the note.
            note: The note.
            template: From 0.
            deck: Full name of the card's deck.
            names: Names of the deck's media.
            address: What stands before a picture's name in its address.

        Raises:
            CardNotShownError: The card cannot be shown.
        """
        asked = {
            "kind": asdict(note_type),
            "note": asdict(note),
            "template": template,
            "deck": deck,
            "address": address,
        }
        with self._lock:
            try:
                answer = self._ask(asked, names)
            except (OSError, Empty, ValueError):
                self.end()
                with suppress(OSError):
                    self._start()  # ready for the next card, which then need not wait for it
                raise CardNotShownError("it takes too long or too much memory") from None
        if "refused" in answer:
            raise CardNotShownError(answer["refused"])
        return answer["front"], answer["back"]

    def _ask(self, asked: dict[str, Any], names: Sequence[str]) -> dict[str, str]:
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._start()
        assert self._process is not None
        assert self._process.stdin is not None
        if self._is_new:
            self._answers.get(timeout=START_SECONDS)
            self._is_new = False
        if names != self._names:
            self._process.stdin.write(json.dumps({"names": list(names)}) + "\n")
            self._names = names
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = self._answers.get(timeout=SECONDS)
        answer: dict[str, str] = json.loads(line)
        return answer

    def _start(self) -> None:
        process = subprocess.Popen(
            isolated_python.command("bounceback_web.cards.face_process"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        answers: Queue[str] = Queue()
        self._process, self._answers, self._names, self._is_new = process, answers, None, True

        def read() -> None:
            assert process.stdout is not None
            with suppress(ValueError):  # closed while it was read
                for line in process.stdout:
                    answers.put(line)
            answers.put("")  # it has ended: nobody waits for nothing

        threading.Thread(target=read, daemon=True).start()

    def end(self) -> None:
        """End the helper."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


MAKER: Final = FaceMaker()
atexit.register(MAKER.end)
