"""Appending: comments stay, two writers lose nothing, a killed one breaks nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bounceback.errors import CaseError
from bounceback.records import append, parse_case, read_case, write_case
from bounceback.records.models import Miss
from bounceback.records.schema import SECTIONS_OF_ENTRIES

CASES = Path(__file__).parents[1] / "cases"

ENTRIES = {
    "attempts": {"exam": "usmle-step-1", "date": "2026-12-20", "outcome": "incomplete"},
    "forms": {
        "family": "nbme-cbssa",
        "form": "32",
        "date": date(2026, 11, 22),
        "score": 60,
        "areas": {"Cardiovascular System": {"correct": 9, "items": 18}},
    },
    "blocks": {
        "date": "2026-11-22",
        "bank": "uworld",
        "items": 2,
        "correct": 1,
        "trace": [{"position": 1, "correct": True}, {"position": 2, "correct": False}],
    },
    "misses": {"date": "2026-11-22", "cause": "misread", "rule": 'read the "except" twice'},
    "looks": {"date": "2026-11-22", "rule": 'read the "except" twice', "recalled": True},
    "study": {"date": "2026-11-22", "minutes": 45.5, "activity": "questions"},
    "checkins": {"date": "2026-11-22", "sleep_hours": 7, "phq2": 0},
    "resources": {"name": "Pathoma", "kind": "video", "units": 35},
    "ledger": {"family": "uwsa", "form": "2"},
    "plan": {"id": "a", "date": "2026-11-23", "start": "08:00", "minutes": 60},
    "grants": {"to": "dr-a@school.example", "scopes": ["plan"], "until": "2027-03-01"},
    "meetings": {"date": "2026-12-01", "with": "adviser", "agreed": "two forms first"},
}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.toml"
    path.write_bytes((CASES / "step1-us-md-wobbly.toml").read_bytes())
    return path


def test_every_section_of_entries_is_tried_here() -> None:
    assert set(ENTRIES) == set(SECTIONS_OF_ENTRIES)


@pytest.mark.parametrize("section", SECTIONS_OF_ENTRIES)
def test_an_entry_comes_last_in_its_section_and_the_old_text_stays(
    case: Path, section: str
) -> None:
    old_text, old = case.read_text(), read_case(case).record
    record = append(case, section, ENTRIES[section])
    assert case.read_text().startswith(old_text)
    assert read_case(case).record == record
    assert getattr(record, section)[:-1] == getattr(old, section)
    assert len(getattr(record, section)) == len(getattr(old, section)) + 1


def test_a_json_case_takes_the_same_entries(tmp_path: Path, case: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(write_case(read_case(case).record, json=True))
    for section, entry in ENTRIES.items():
        assert append(path, section, entry) == append(case, section, entry)
    assert json.loads(path.read_text())["schema"] == 1


LISTS = {
    "empty": "study = []\n",
    "one line": 'study = [{ date = 2026-11-01, minutes = 5, activity = "cards" }]\n',
    "trailing comma and comment": (
        "study = [ # what I did, [roughly],\n"
        '  { date = 2026-11-01, minutes = 5, activity = "cards" }, # a ], b,\n]\n'
    ),
    "no trailing comma, comment ends with one": (
        'study = [\n  { date = 2026-11-01, minutes = 5, activity = "cards" } # well,\n]\n'
    ),
}
HEAD = """[learner]
group = "us-md"
time_zone = "UTC"
reason = '''
study = [ ]
'''
[exam]
id = "usmle-step-1"
"""


@pytest.mark.parametrize("name", LISTS)
def test_a_section_written_as_one_list_is_continued_with_its_comments(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "case.toml"
    path.write_text("# mine\nschema = 1\n" + LISTS[name] + HEAD)
    before = read_case(path).record
    record = append(path, "study", ENTRIES["study"])
    assert record.study[:-1] == before.study
    assert record.learner == before.learner
    assert read_case(path).record == record
    assert path.read_text().count("#") == 1 + LISTS[name].count("#")


def test_line_ends_and_byte_order_mark_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    text = ("schema = 1\n" + HEAD.replace("'''\nstudy = [ ]\n'''", '"x"')).replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    append(path, "blocks", ENTRIES["blocks"])
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_refused_entry_changes_nothing_and_names_its_place(case: Path) -> None:
    old = case.read_bytes()
    wrong = [
        ("forms", {**ENTRIES["forms"], "date": "yesterday"}, "forms[2].date"),
        ("blocks", {**ENTRIES["blocks"], "correct": 3}, "blocks[1].correct"),
        ("attempts", {**ENTRIES["attempts"], "date": "2020-01-01"}, "attempts[1].date"),
        ("learner", {}, "learner"),
        ("study", {**ENTRIES["study"], "minuts": 3}, "study[0].minuts"),
    ]
    for section, entry, key in wrong:
        with pytest.raises(CaseError) as caught:
            append(case, section, entry)
        assert key in [fault.key for fault in caught.value.faults]
    assert case.read_bytes() == old
    assert sorted(p.name for p in case.parent.iterdir()) == [".case.toml.lock", "case.toml"]


def test_an_absent_file_is_a_fault_and_leaves_no_lock_file(tmp_path: Path) -> None:
    with pytest.raises(CaseError):
        append(tmp_path / "absent.toml", "study", ENTRIES["study"])
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_followed_and_the_mode_is_kept(case: Path, tmp_path: Path) -> None:
    case.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(case)
    append(link, "study", ENTRIES["study"])
    assert link.is_symlink()
    assert len(read_case(case).record.study) == 1
    assert case.stat().st_mode & 0o777 == 0o640


WRITER = """
import sys
from bounceback.records import append
for i in range(25):
    append(sys.argv[1], "study", {"date": "2026-11-22", "minutes": int(sys.argv[2]) + i,
                                  "activity": "cards"})
"""


def test_two_processes_at_once_lose_nothing(case: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(case), base]) for base in ("100", "200")
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    minutes = [entry.minutes for entry in read_case(case).record.study]
    assert sorted(minutes) == [*range(100, 125), *range(200, 225)]
    for base in (100, 200):  # and each writer's own entries stay in its order
        own = [m for m in minutes if base <= m < base + 25]
        assert own == sorted(own)


KILLED = """
import os, signal, sys
from bounceback.records import append
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[2], die)
append(sys.argv[1], "study", {"date": "2026-11-22", "minutes": 1, "activity": "cards"})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("step", ["fdopen", "fsync", "replace"])
def test_a_killed_writer_leaves_the_old_file_whole_and_the_next_one_goes_on(
    case: Path, step: str
) -> None:
    old = case.read_bytes()
    killed = subprocess.run([sys.executable, "-c", KILLED, str(case), step], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert case.read_bytes() == old
    assert len(list(case.parent.glob("*.new"))) == 1
    assert len(append(case, "study", ENTRIES["study"]).study) == 1
    assert sorted(case.parent.iterdir()) == sorted([case, case.with_name(f".{case.name}.lock")])


def test_text_that_looks_like_toml_is_written_as_text(case: Path) -> None:
    rule = "a.b." * 25 + '"""]] # \\ \t ü'
    append(case, "misses", {"date": "2026-11-22", "cause": "slip", "rule": rule})
    assert read_case(case).record.misses[0].rule == rule
    assert parse_case(case.read_text()).record.misses[0].rule == rule


RULE = "Nephrotic with normal light microscopy: minimal change, not membranous."


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("x" * 141, "text of 141 characters"),
        ("A 45-year-old woman comes in. " * 40, "text of 1199 characters"),
        ("Read the last line first.\nThen the rest.", "several lines"),
        ("A) minimal change B) membranous C) FSGS D) amyloid E) IgA", "reads like a question"),
        ("(a) renin (b) ACE (c) ADH (d) ANP", "reads like a question"),
        ("Which of the following is the most likely cause?", "reads like a question"),
    ],
)
def test_a_rule_written_anew_that_is_item_text_is_refused_with_the_reason(
    case: Path, rule: str, given: str
) -> None:
    before = case.read_bytes()
    entry = {"date": "2026-11-20", "cause": "misread", "rule": rule}
    with pytest.raises(CaseError) as refused:
        append(case, "misses", entry)
    (fault,) = refused.value.faults
    assert fault.key.endswith(".rule")
    assert given in fault.given
    assert "at most 140 characters" in fault.allowed
    assert "item text belongs to its publisher" in fault.remedy
    assert case.read_bytes() == before


@pytest.mark.parametrize("rule", [RULE, "x" * 140, "  " + "x" * 140 + "  ", "Vitamin A. Not E."])
def test_a_rule_of_ones_own_is_kept(case: Path, rule: str) -> None:
    entry = {"date": "2026-11-20", "cause": "misread", "rule": rule}
    assert append(case, "misses", entry).misses[-1].rule == rule


def test_a_longer_rule_of_an_older_record_is_read_kept_and_met_again(case: Path) -> None:
    long = "y" * 280
    old = Miss(date=date(2026, 11, 1), cause="misread", rule=long)
    older = replace(read_case(case).record, misses=(old,))
    case.write_text(write_case(older), encoding="utf-8")
    assert read_case(case).record.misses == (old,)
    look = {"date": "2026-11-20", "rule": long, "recalled": True}
    found = append(case, "looks", look)
    assert found.misses == (old,)
    assert found.looks[-1].rule == long


def test_a_pasted_question_is_named_beside_the_other_faults(case: Path) -> None:
    with pytest.raises(CaseError) as refused:
        append(case, "misses", {"date": "2026-11-20", "cause": "laziness", "rule": "z" * 300})
    assert {fault.key.rsplit(".", 1)[1] for fault in refused.value.faults} == {"cause", "rule"}
    assert len(refused.value.faults) == 2
