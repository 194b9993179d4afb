"""The encrypted backup holds everything, and the daily copies bring a lost database back.

Drilled with real files: a record with its history, a deck of 5,000 cards with reviews and pictures.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.errors import UntrustedInputError
from bounceback_web.config import database_troubles
from bounceback_web.exports import backup, snapshot

CARDS = 5_000
WORDS = "four quiet words here"

BEGIN = f"""
from pathlib import Path
from django.conf import settings
from bounceback_web.config.server import load_example, make_ready
make_ready()
load_example("step-1")
from bounceback_web.cards import collection_access
from bounceback.local_storage.deck_import import import_deck
home = Path(settings.HOME)
deck = home / "deck.txt"
deck.write_text("".join(f"front {{n}}\\tback {{n}}\\n" for n in range({CARDS})), "utf-8")
with collection_access.opened(make=True) as cards:
    import_deck(cards, deck, 1_790_000_000)
    for n in range(20):
        content = b"picture %d" % n
        import hashlib
        sha1 = hashlib.sha1(content).hexdigest()
        place = home / "media" / sha1[:2] / sha1
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
deck.unlink()
from bounceback_web.records import learner_store
from bounceback_web.records.models import LearnerRecord
learner_store.amend(None, lambda case: case["learner"].update(reason="my sister"), "A reason.")
LearnerRecord.objects.update(is_example=False, shows_numbers=False)
(home / "forecasts.jsonl").write_text('{{"kind": "test"}}\\n')
"""

RUN = """
import sys
from pathlib import Path
from bounceback_web.config.server import make_ready
make_ready()
from django.conf import settings
from bounceback_web.jobs import queue, runner
from bounceback_web.exports import work
kind, words, file = sys.argv[1:]
queue.wake = lambda pk: None
job = queue.prepare(None, kind, {"owner": None} if kind != "daily-copy" else {})
folder = queue.folder_of(job.pk)
folder.mkdir(parents=True)
if words:
    (folder / work.SECRET).write_text(words)
if kind == "restore":
    (folder / work.UPLOAD).write_bytes(Path(file).read_bytes())
queue.release(job)
runner.run_here(job.pk)
job.refresh_from_db()
assert job.state == "done", job.note
if kind == "backup":
    Path(file).write_bytes(queue.file_of(job).read_bytes())
"""


def python(home: Path, code: str, *arguments: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "BOUNCEBACK_DATABASE"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**environment, "BOUNCEBACK_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def rows(path: Path, tables: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as database:
        return {
            table: sorted(database.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in tables
        }


RECORD_TABLES = ("store_form", "store_attempt", "store_block", "store_resource", "store_shown")
CARD_TABLES = ("note", "card", "review", "deck", "note_type", "setting")


def state(home: Path) -> dict[str, object]:
    record = home / snapshot.RECORD
    with sqlite3.connect(record) as database:
        once = database.execute(
            "SELECT reason, shows_numbers, is_example, exam FROM store_learnerrecord"
        ).fetchall()
        words = [row[0] for row in database.execute("SELECT words FROM store_change ORDER BY id")]
    return {
        "record": rows(record, RECORD_TABLES),
        "once": once,
        "history": [word for word in words if word != "A backup was restored."],
        "cards": rows(home / snapshot.CARDS, CARD_TABLES),
        "media": sorted(path.name for path in (home / "media").glob("??/*")),
        "forecasts": (home / snapshot.FORECASTS).read_text("utf-8"),
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "home"
    python(folder, BEGIN)
    return folder


def test_everything_comes_back_on_another_machine_and_over_what_is_there(
    home: Path, tmp_path: Path
) -> None:
    before = state(home)
    assert len(before["cards"]["card"]) == CARDS  # type: ignore[index]
    locked = tmp_path / "backup.age"
    python(home, RUN, "backup", WORDS, str(locked))
    assert list((home / "temporary").glob("**/*.zip")) == []
    assert b"front 17" not in locked.read_bytes()

    other = tmp_path / "other"
    python(other, RUN, "restore", WORDS, str(locked))
    assert state(other) == before

    with sqlite3.connect(other / snapshot.RECORD) as database:
        database.execute("UPDATE store_learnerrecord SET reason = 'another', version = 900")
        database.execute("DELETE FROM store_form")
    with sqlite3.connect(other / snapshot.CARDS) as database:
        database.execute("DELETE FROM card WHERE id % 2")
    python(other, RUN, "restore", WORDS, str(locked))
    assert state(other) == before
    with sqlite3.connect(other / snapshot.RECORD) as database:
        (version,) = database.execute("SELECT version FROM store_learnerrecord").fetchone()
    assert version > 900  # no process takes what it had ready for what came back


def test_a_lost_database_is_said_and_the_newest_copy_brings_it_back(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    folder = tmp_path / "home"
    shutil.copytree(home, folder)
    before = state(folder)
    python(folder, RUN, "daily-copy", "", "")
    (copy,) = (folder / "daily-copies").glob("*.zip")
    with zipfile.ZipFile(copy) as archive:
        assert {snapshot.RECORD, snapshot.CARDS} <= set(archive.namelist())
    database_troubles.note_in_use(folder)
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    monkeypatch.delenv("BOUNCEBACK_DATABASE", raising=False)
    for damage in ("missing", "empty", "damaged"):
        path = folder / snapshot.RECORD
        for ending in ("-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
        if damage == "missing":
            path.unlink()
        elif damage == "empty":
            path.write_bytes(b"")
        else:
            path.write_bytes(path.read_bytes()[:5_000] + b"\0" * 60_000)
        assert main(["serve", "--port", "1"]) == 2
        message = capsys.readouterr().err
        assert str(path) in message
        if damage != "damaged":
            assert damage in message
        assert str(copy) in message
        assert "--restore-copy" in message
        database_troubles.put_newest_copy_back(folder, tmp_path)
        assert state(folder)["record"] == before["record"]


def test_a_database_of_a_newer_version_is_refused_by_name(home: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "home"
    shutil.copytree(home, folder)
    with sqlite3.connect(folder / snapshot.RECORD) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('store', '0999_of_next_year', '2027-01-01')"
        )
    done = subprocess.run(
        [sys.executable, "-m", "bounceback.cli", "serve", "--port", "1"],
        env={**os.environ, "BOUNCEBACK_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert "store.0999_of_next_year" in done.stderr
    assert "newer version" in done.stderr


def test_a_large_backup_is_two_age_files_and_opens_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "IN_MEMORY", 1_000)
    plain, locked, again = tmp_path / "plain", tmp_path / "locked", tmp_path / "again"
    plain.write_bytes(b"PK" + os.urandom(50_000))
    assert backup.lock_file(plain, locked, WORDS) == ".zip"
    assert backup.unlock_file(locked, again, WORDS) is None
    assert again.read_bytes() == plain.read_bytes()
    with pytest.raises(UntrustedInputError):
        backup.unlock_file(locked, again, "other words")


@pytest.mark.parametrize(
    "names", [["../evil"], ["media/../../evil"], ["manifest.json", "secret-key"], []]
)
def test_a_zip_that_is_no_backup_changes_nothing(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    with pytest.raises(UntrustedInputError), snapshot.opened(path):
        pass


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_large_backup_whose_key_is_damaged_is_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(backup.KEY_ENTRY, "a" * 9_000)
        archive.writestr(backup.CONTENT_ENTRY, "b" * 9_000)
    content = bytearray(path.read_bytes())
    begin = 30 + len(backup.KEY_ENTRY)
    for place in range(begin + 5, begin + 15):
        content[place] ^= 0x5A
    path.write_bytes(content)
    with pytest.raises(UntrustedInputError, match="damaged"):
        backup.unlock_file(path, tmp_path / "again", WORDS)


def test_a_full_disk_is_not_taken_for_a_damaged_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "IN_MEMORY", 1_000)
    plain, locked = tmp_path / "plain", tmp_path / "locked"
    plain.write_bytes(b"PK" + os.urandom(5_000))
    backup.lock_file(plain, locked, WORDS)
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a device that is always full")
    target = tmp_path / "again"
    target.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        backup.unlock_file(locked, target, WORDS)
