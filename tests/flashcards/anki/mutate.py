"""Feed the reader thousands of damaged and hostile packages, under guards. A command of its own.

    python tests/flashcards/anki/mutate.py --count 5000 --seed 1

Every package is made from a fixture by one or more random changes (bytes of the file, entries of
the zip, bytes of the database, rows and settings in it). The reader may answer or refuse with
``UntrustedInputError``; anything else is a fault. Guards: address space, CPU seconds a package, and
an audit hook that notes every file opened for writing.
"""

import argparse
import contextlib
import io
import json
import os
import random
import resource
import signal
import sqlite3
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"
SOURCES = ("utc-latest.apkg", "utc-legacy2.colpkg", "genanki-legacy1.apkg", "utc-latest.colpkg")
ADDRESS_SPACE_BYTES = 512 * 1024 * 1024
CPU_SECONDS_A_PACKAGE = 30
JUNK = (
    None,
    -1,
    2**62,
    -(2**62),
    1e308,
    float("inf"),
    "",
    "text",
    "\x1f" * 50,
    "\ud800".encode("utf-8", "surrogatepass"),
    b"\x00\xff\xfe",
    b"\x08" * 40,
    "{" * 500,
    "[" * 100_000,
    '{"a":' * 40 + "1" + "}" * 40,
    "9" * 5000,
    "x" * 200_000,
    "<img src=" * 5000,
    "[sound:" * 5000,
)
NAMES = (
    "../evil",
    "/etc/evil",
    "..\\evil",
    "C:evil",
    "a\x00b",
    "con",
    "." * 3,
    "x" * 5000,
    "media",
)
STATEMENTS = (
    "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END",
    "CREATE VIEW v AS SELECT * FROM notes",
    "CREATE TABLE g (a, b AS (a || a))",
    "DROP TABLE revlog",
    "DROP TABLE notes",
    "DELETE FROM col",
    "UPDATE col SET ver = 15",
    "UPDATE col SET ver = 11",
    "UPDATE col SET ver = 18",
    "INSERT INTO notes SELECT id + 1, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data"
    " FROM notes",
    "UPDATE cards SET nid = 1",
    "UPDATE cards SET odid = 5, odue = 3",
    "ALTER TABLE notes RENAME TO other",
    "ALTER TABLE cards RENAME COLUMN due TO later",
)


def flipped(rng, raw):
    """Change, cut, double or insert a few bytes."""
    data = bytearray(raw)
    for _ in range(rng.choice((1, 1, 2, 5, 40))):
        if not data:
            break
        at = rng.randrange(len(data))
        kind = rng.randrange(5)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at] = rng.randrange(256)
        elif kind == 2:
            del data[at : at + rng.choice((1, 8, 512))]
        elif kind == 3:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 4, 64))))
        else:
            data[at : at + 4] = rng.choice((b"\xff" * 4, b"\x00" * 4, b"\x7f\xff\xff\xff"))
    if rng.random() < 0.1:
        del data[rng.randrange(len(data) + 1) :]
    return bytes(data)


def changed_rows(rng, raw):
    """Put junk into rows, settings and schema of a collection."""
    connection = sqlite3.connect(":memory:")
    connection.create_collation("unicase", lambda a, b: (a > b) - (a < b))
    try:
        connection.deserialize(raw)
        for _ in range(rng.choice((1, 1, 3))):
            with contextlib.suppress(sqlite3.Error):
                if rng.random() < 0.3:
                    connection.execute(rng.choice(STATEMENTS))
                    continue
                table = rng.choice(
                    ("notes", "cards", "revlog", "col", "decks", "notetypes", "config")
                )
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                if columns:
                    where = rng.choice(("", " WHERE rowid % 3 = 0", " WHERE rowid = 1"))
                    connection.execute(
                        f"UPDATE OR IGNORE {table} SET {rng.choice(columns)} = ?{where}",
                        (rng.choice(JUNK),),
                    )
        connection.commit()
        return connection.serialize()
    except sqlite3.Error:
        return raw
    finally:
        connection.close()


def mutant(rng, raw):
    """Return one damaged or hostile package made from a good one."""
    if rng.random() < 0.2:
        return flipped(rng, raw)
    import zstandard

    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(entries))
        name, content = entries[at]
        kind = rng.randrange(9)
        squeezed = content[:4] == b"\x28\xb5\x2f\xfd"
        if squeezed and kind < 6:
            with contextlib.suppress(zstandard.ZstdError):
                content = zstandard.ZstdDecompressor().decompress(content, 1 << 26)
        if kind < 3 and content[:6] == b"SQLite":
            content = changed_rows(rng, content)
        elif kind < 6:
            content = flipped(rng, content)
        elif kind == 6:
            name = rng.choice(NAMES)
        elif kind == 7:
            entries.append((rng.choice((name, *NAMES)), content))
        else:
            content = rng.choice(
                (
                    b"",
                    b"\x08\x04",
                    b"\x08" * 100,
                    b"\0" * (1 << 22),
                    json.dumps(dict(enumerate(NAMES))).encode(),
                )
            )
        if squeezed and kind < 6:
            content = zstandard.ZstdCompressor().compress(content)
        if rng.random() < 0.1:
            entries.pop(at)
        else:
            entries[at] = (name, content)
        if not entries:
            entries = [("meta", b"")]
    buffer = io.BytesIO()
    method = rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            with contextlib.suppress(ValueError, UnicodeError):
                archive.writestr(name, content)
    return buffer.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    import warnings

    import numpy  # noqa: F401  (loaded before the guard: its libraries reserve address space)
    import zstandard  # noqa: F401

    from bounceback.errors import UntrustedInputError
    from bounceback.flashcards import anki
    from bounceback.flashcards.anki import html

    warnings.simplefilter(
        "ignore", UserWarning
    )  # zipfile warns of doubled names while we make them
    sources = [(FIXTURES / name).read_bytes() for name in SOURCES]
    outcomes = Counter()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder) / "room"
        room.mkdir()
        tempfile.tempdir = str(room)
        path = Path(folder) / "mutant.apkg"
        anki.inspect(FIXTURES / SOURCES[0], 4, "America/New_York")
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        limit = used + ADDRESS_SPACE_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        outside = []

        def watch(event, arguments):
            if event == "open" and isinstance(arguments[0], str):
                writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
                if writes and not arguments[0].startswith(folder):
                    outside.append(arguments[0])

        sys.addaudithook(watch)

        def too_long(_number, _frame):
            raise TimeoutError("one package took too long")

        signal.signal(signal.SIGVTALRM, too_long)
        for index in range(given.count):
            rng = random.Random(f"{given.seed}:{index}")
            path.write_bytes(mutant(rng, rng.choice(sources)))
            signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS_A_PACKAGE)
            try:
                found = anki.inspect(path, 4, "America/New_York")
                json.dumps(found.to_json())
                whole = anki.read(path)
                for note in whole.notes[:5]:
                    for field in note.fields:
                        html.sanitise(field, [one.name for one in whole.media])
                outcomes["answered"] += 1
            except UntrustedInputError:
                outcomes["refused"] += 1
            except Exception:  # named with its seed, so that it can be made again, and raised
                print(f"fault at seed {given.seed}, package {index}", file=sys.stderr)
                raise
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            left = list(room.iterdir())
            assert not left, f"package {index} left {left}"
            assert not outside, f"package {index} wrote {outside}"
        status = Path("/proc/self/status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)
        assert peak * 1024 < ADDRESS_SPACE_BYTES, f"peak of {peak} kB"
    print(json.dumps({**outcomes, "peak_mb": round(peak / 1024)}))


if __name__ == "__main__":
    main()
