"""Make the sides of cards in a process of its own, under limits; one JSON line a card.

``python -m`` of this module answers each line of standard input with one of standard output. A card
can at most end this process; ``face_maker`` then starts another.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any, Final
from urllib.parse import quote

from bounceback.services.anki_decks import FaceTooLargeError, Names, Note, NoteType, Template, faces
from bounceback_web.cards.face_markup import safe

MEMORY_BYTES: Final = 512 * 1024 * 1024
_RULE: Final = re.compile(r"^\s*(<hr[^>]*>\s*)?")


def made(asked: dict[str, Any], names: Names) -> dict[str, str]:
    """Return both sides of a card, or why it cannot be shown.

    Args:
        asked: What ``face_maker`` wrote.
        names: Names of the deck's media.
    """
    kind, note = asked["kind"], asked["note"]
    templates = tuple(Template(**template) for template in kind["templates"])
    note_type = NoteType(**{**kind, "fields": tuple(kind["fields"]), "templates": templates})
    value = Note(**{**note, "fields": tuple(note["fields"]), "tags": tuple(note["tags"])})

    def address(name: str) -> str:
        return f"{asked['address']}{quote(name)}"

    try:
        try:
            front, back = faces(note_type, value, asked["template"], asked["deck"])
        except FaceTooLargeError:
            raise
        except ValueError:  # the deck does not say how to show it: its fields, plainly
            front, back = value.fields[0], "<br>".join(value.fields[1:])
        # Most backs begin with the front, which stands above already.
        rest = _RULE.sub("", back.removeprefix(front)) if front else back
        return {
            "front": safe(front, names, address),
            "back": safe(rest or back, names, address),
        }
    except FaceTooLargeError as error:
        return {"refused": str(error)}


def _bound() -> None:
    try:
        import resource
    except ImportError:  # Windows; whoever asks bounds the time
        return
    if sys.platform != "darwin":  # there the limit is refused for a running process
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Say that this process is ready, then answer until standard input ends."""
    _bound()
    names = Names(())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        if "names" in asked:
            names = Names(asked["names"])
            continue
        sys.stdout.write(json.dumps(made(asked, names)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
