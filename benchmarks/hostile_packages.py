"""Five hundred packages made by thought: how long a page waits for their cards, how much memory.

Each package holds a few cards that ask for too much in one way: nesting, repetition, conditionals,
clozes, sizes. Every one is imported like any other deck, its cards are reviewed in the pages, and
the longest page, the largest process and what is left over are printed. Run it by itself::

    python -m benchmarks.hostile_packages [COUNT] [SEED]

The random damage of bytes, zip entries and rows has a command of its own,
``tests/flashcards/anki/mutate.py``.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

PAGE_S: Final = 2.0
MEMORY_MB: Final = 1_000
CARDS_A_PACKAGE: Final = 4
Face = tuple[str, str, tuple[str, ...], bool]
"""Front, back, fields, and whether it is a cloze."""


def _size(chance: random.Random) -> int:
    """Return a size: small ones are ordinary cards, large ones are beyond every limit."""
    return int(10 ** chance.uniform(1.0, 5.3))


def _repeated(chance: random.Random) -> Face:
    times = min(_size(chance), 20_000)
    return (
        "{{A}}" * times,
        "{{FrontSide}}" * chance.randint(1, 50),
        ("x" * _size(chance), "b"),
        False,
    )


def _nested(chance: random.Random) -> Face:
    name = chance.choice(("div", "b", "span", "table", "ul", "font", "svg", "math", "p", "li"))
    end = f"</{name}>" if chance.random() < 0.5 else ""
    depth = _size(chance)
    return "{{A}}", "{{B}}", (f"<{name}>" * depth + "deep" + end * depth, "b"), False


def _conditionals(chance: random.Random) -> Face:
    depth, kind = min(_size(chance), 30_000), chance.choice("#^")
    field = chance.choice(("A", "B", "Missing"))
    if chance.random() < 0.5:
        section = f"{{{{{kind}{field}}}}}" * depth + "x" + f"{{{{/{field}}}}}" * depth
    else:
        section = f"{{{{{kind}{field}}}}}x{{{{/{field}}}}}" * depth
    return section, "{{A}}", ("a" * _size(chance), ""), False


def _unclosed(chance: random.Random) -> Face:
    piece = chance.choice(
        ("{{", "{{#A}}", "{{c1::", "<", "<!--", '<a href="', "&", "]]>", "\\(", "[latex]")
    )
    return "{{A}}" + piece * chance.randint(0, 500), "{{B}}", (piece * _size(chance), "b"), False


def _clozes(chance: random.Random) -> Face:
    depth = min(_size(chance), 20_000)
    number = chance.choice((1, 7, 499, 10**9))
    if chance.random() < 0.5:
        text = f"{{{{c{number}::" * depth + "x" + "}}" * depth
    else:
        text = "".join(f"{{{{c{n % 600 + 1}::x::{'h' * 20}}}}}" for n in range(depth))
    return "{{cloze:A}}", "{{cloze:A}}<br>{{B}}", (text, "b"), True


def _attributes(chance: random.Random) -> Face:
    many = _size(chance)
    tag = chance.choice(
        (
            "<img " + "a=1 " * many + ">",
            f'<img src="data:image/png;base64,{"A" * many}">',
            f'<a href="javascript:{"x" * many}">x</a>',
            f'<div style="{"a:b;" * many}">x</div>',
            f"<b title='{'&amp;' * many}'>x</b>",
        )
    )
    return "{{A}}", "{{FrontSide}}{{B}}", (tag, "b"), False


def _filters(chance: random.Random) -> Face:
    chain = ":".join(
        chance.choices(
            ("text", "hint", "type", "cloze", "furigana", "kana"), k=min(_size(chance), 5_000)
        )
    )
    return f"{{{{{chain}:A}}}}", "{{A}}", ("a[b]" * min(_size(chance), 50_000), "b"), False


def _marks(chance: random.Random) -> Face:
    mark = chance.choice(
        ("&#x0;", "&lt;", "\u202e", "\x9b", "\\(x\\)", "[sound:a.mp3]", "[anki:play:q:1]", "<br>")
    )
    return "{{A}}", "{{A}}{{B}}", (mark * _size(chance), mark), False


THOUGHTS: Final[tuple[Callable[[random.Random], Face], ...]] = (
    _repeated,
    _nested,
    _conditionals,
    _unclosed,
    _clozes,
    _attributes,
    _filters,
    _marks,
)


@dataclass
class Result:
    """What the packages did.

    Attributes:
        outcomes: How many were imported, refused, and for what reason cards were set aside.
        slowest_page_s: Longest page.
        slowest_import_s: Longest import, in seconds of CPU.
        memory_mb: Largest process, this one or a helper.
        left: Files that are left over.
        faults: What should not happen.
    """

    outcomes: Counter[str]
    slowest_page_s: float = 0.0
    slowest_import_s: float = 0.0
    memory_mb: float = 0.0
    left: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def _package(chance: random.Random, number: int, thought: Callable[[random.Random], Face]) -> Any:
    from bounceback.flashcards.anki.models import NoteType, Template
    from tests.flashcards.anki.builders import small_deck

    deck = small_deck(CARDS_A_PACKAGE, 1, guid=f"h{number}-", card_from=1_000 + 100 * number)
    kinds, notes = [], []
    for at, note in enumerate(deck.notes):
        front, back, fields, is_cloze = thought(chance)
        kind = 10_000 + 100 * number + at
        card = Template(name="Card 1", front=front, back=back)
        kinds.append(
            NoteType(id=kind, name=f"t{kind}", cloze=is_cloze, fields=("A", "B"), templates=(card,))
        )
        notes.append(
            replace(note, id=100_000 + 100 * number + at, note_type_id=kind, fields=fields, tags=())
        )
    cards = deck.cards.copy()
    cards["note_id"] = [one.id for one in notes]
    cards["type"] = cards["queue"] = 0
    return replace(
        deck,
        note_types=tuple(kinds),
        notes=tuple(notes),
        cards=cards,
        reviews=deck.reviews[:0],
        media=(),
    )


def measure(count: int, seed: int) -> Result:
    """Import and review the packages; a folder of its own is the data folder."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        os.environ.update(
            BOUNCEBACK_HOME=str(home),
            BOUNCEBACK_START_KEY="not-needed",
            BOUNCEBACK_DAY="2026-11-23",
        )
        from bounceback_web.config.server import load_example, make_ready

        make_ready()
        load_example("step-1")
        return _measure(home, Path(folder), count, random.Random(seed))


def _measure(home: Path, folder: Path, count: int, chance: random.Random) -> Result:
    from django.test import Client

    from bounceback.errors import BouncebackError
    from bounceback.flashcards.anki.writing import write
    from bounceback.local_storage.deck_import import import_deck
    from bounceback_web.cards import collection_access

    found = Result(Counter())
    faults = []
    browser = Client(headers={"host": "127.0.0.1"})
    for number in range(count):
        thought = THOUGHTS[number % len(THOUGHTS)]
        path = folder / "hostile.apkg"
        write(_package(chance, number, thought), path)
        before = time.process_time()
        try:
            with collection_access.opened(make=True) as cards:
                import_deck(cards, path, 1_790_000_000)
            found.outcomes["imported"] += 1
        except BouncebackError:
            found.outcomes["refused"] += 1
            continue
        except Exception as error:  # whatever it is, it is what this looks for
            faults.append(f"{thought.__name__} {number}: {type(error).__name__}: {error}"[:200])
            continue
        finally:
            found.slowest_import_s = max(found.slowest_import_s, time.process_time() - before)
            path.unlink()
        _review(browser, found, faults, f"{thought.__name__} {number}")
        collection_access.delete_everything()
    from bounceback_web.cards.face_maker import MAKER

    MAKER.end()
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    found.memory_mb = max(resource.getrusage(who).ru_maxrss for who in both) / 1024
    usual = {"static", "temporary", "secret-key"}
    found.left = tuple(
        sorted(
            str(one.relative_to(home))
            for one in home.rglob("*")
            if one.is_file()
            and one.relative_to(home).parts[0] not in usual - {"temporary"}
            and not one.name.startswith("bounceback.sqlite3")
        )
    )
    found.faults = tuple(faults)
    return found


def _review(browser: Any, found: Result, faults: list[str], name: str) -> None:
    """Begin a session and look at every card; the pages that look ahead and list them, too."""
    from bounceback_web.records import idempotency

    browser.post("/cards/begin/", {"once": idempotency.new_key()})
    for _card in range(3 * CARDS_A_PACKAGE):
        for address in ("/cards/review/ahead/", "/cards/review/"):
            began = time.perf_counter()
            page = browser.get(address)
            taken = time.perf_counter() - began
            if taken > found.slowest_page_s:
                found.slowest_page_s = taken
                print(f"  {taken:.2f} s {address} {name}", flush=True)
            if page.status_code not in (200, 302):
                faults.append(f"{name}: {address} answered {page.status_code}")
        text = page.content.decode()
        found.outcomes["set aside"] += text.count("was set aside")
        if page.status_code == 302 and page["Location"].startswith("/cards/review"):
            continue
        if 'name="card" value="' not in text:
            break
        card = text.partition('name="card" value="')[2].partition('"')[0]
        shown = text.partition('name="shown" value="')[2].partition('"')[0]
        found.outcomes["shown"] += 1
        browser.post(
            "/cards/review/answer/",
            {"once": idempotency.new_key(), "card": card, "shown": shown, "rating": "4"},
        )
    for address in ("/cards/", "/cards/browse/"):
        began = time.perf_counter()
        page = browser.get(address)
        taken = time.perf_counter() - began
        if taken > found.slowest_page_s:
            found.slowest_page_s = taken
            print(f"  {taken:.2f} s {address} {name}", flush=True)
        if page.status_code != 200:
            faults.append(f"{name}: {address} answered {page.status_code}")


def main() -> int:
    """Print what the packages did; 1 where a promise is broken."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    found = measure(count, seed)
    print(f"{count} packages made by thought, seed {seed}")
    print(", ".join(f"{name} {number}" for name, number in sorted(found.outcomes.items())))
    print(f"slowest page {found.slowest_page_s:.2f} s (limit {PAGE_S:g})")
    print(f"slowest import {found.slowest_import_s:.2f} s of CPU")
    print(f"largest process {found.memory_mb:.0f} MB (limit {MEMORY_MB})")
    print(f"left over: {list(found.left)}")
    for fault in found.faults[:20]:
        print("FAULT", fault)
    good = found.slowest_page_s <= PAGE_S and found.memory_mb <= MEMORY_MB
    return 0 if good and not found.faults and not found.left else 1


if __name__ == "__main__":
    sys.exit(main())
