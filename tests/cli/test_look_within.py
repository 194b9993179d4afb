"""``bounceback appraise``: the first page, the findings, the reports side by side, the misses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.records.examples import examples

CASES = Path(__file__).resolve().parents[1] / "cases"


def shown(case: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["appraise", str(case), "--on", "2026-11-22"]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_after_a_failure_the_fears_are_answered_by_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = shown(CASES / "step1-us-md-wobbly.toml", capsys)
    for word in ("loans", "career", "match", "Now:"):
        assert word in text
    assert text.index("Now:") < text.index("Look back")
    assert "advisor" in text


def test_the_official_report_stands_beside_practice_with_the_areas_to_act_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = (CASES / "step1-us-md-wobbly.toml").read_text(encoding="utf-8")
    table = (
        'areas = { "Cardiovascular System" = { correct = 6, items = 20 }, '
        '"Gastrointestinal System" = { correct = 15, items = 20 }, '
        '"Multisystem Processes & Disorders" = { correct = 100, items = 160 } }'
    )
    changed = case.replace("score = 57\n", f"score = 57\n{table}\n")
    path = tmp_path / "case.toml"
    path.write_text(changed, encoding="utf-8")
    text = shown(path, capsys)
    assert "Score report and practice tests" in text
    assert "Cardiovascular System" in text[text.index("Score report and practice tests") :]


def test_causes_of_misses_are_counted_of_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = (CASES / "step1-us-md-wobbly.toml").read_text(encoding="utf-8")
    misses = "".join(
        f'\n[[misses]]\ndate = 2026-11-{10 + i}\ncause = "{cause}"\n'
        for i, cause in enumerate(["misread", "misread", "anchored"])
    )
    path = tmp_path / "case.toml"
    path.write_text(case + misses, encoding="utf-8")
    assert "2 of 3: Misread the question" in shown(path, capsys)


def test_every_example_can_look_within(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in examples().items():
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        assert "Look back" in shown(path, capsys)


def test_one_question_is_asked_with_the_line_that_keeps_its_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = (CASES / "step1-us-md-wobbly.toml").read_text(encoding="utf-8")
    path = tmp_path / "case.toml"
    path.write_text(case, encoding="utf-8")
    text = shown(path, capsys)
    line = re.search(r'One question .* ("[a-z.-]+" = \{ answer = 3, note = "" \})', text)
    assert line is not None
    kept = f"{line[1]}\n" if "[appraisal]" not in case else ""
    assert text.count("= { answer =") == 1, "one, never a wall"
    answered = case.replace("[appraisal]\n", f"[appraisal]\n{line[1]}\n")
    if kept:
        answered = f"{case}\n[appraisal]\n{kept}"
    path.write_text(answered, encoding="utf-8")
    assert line[1] not in shown(path, capsys), "answered, and the next one is asked"


def test_offered_drafts_can_be_read_and_the_meeting_has_its_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = (CASES / "step1-us-md-wobbly.toml").read_text(encoding="utf-8")
    contact = '\n[[checkins]]\ndate = 2026-10-25\ncontact = "my therapist"\n'
    contact += "".join(f"\n[[checkins]]\ndate = 2026-11-{day:02}\n" for day in range(2, 20))
    path = tmp_path / "case.toml"
    path.write_text(case + contact, encoding="utf-8")
    text = shown(path, capsys)
    assert "Draft to your advisor (edit it as you like): “You haven't heard from me" in text
    meeting = text[text.index("For your advisor meeting") :]
    assert "Test date. What would make us move the date" in meeting
    assert "therapist" not in meeting
    assert main(["brief", str(path), "--full", "--on", "2026-11-22"]) == 0
    assert "To read the drafts: `bounceback appraise`." in capsys.readouterr().out


def test_at_a_screen_above_its_cut_people_come_before_anything_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = (CASES / "step1-us-md-wobbly.toml").read_text(encoding="utf-8")
    path = tmp_path / "case.toml"
    path.write_text(f"{case}\n[[checkins]]\ndate = 2026-11-21\nphq2 = 5\n", encoding="utf-8")
    text = shown(path, capsys)
    people = (
        text.index("Are you safe right now?"),
        text.index("Emergency services (United States): 911"),
    )
    assert people[0] < people[1] < text.index("Look back")


def test_a_reason_that_is_not_written_yet_is_invited_with_two_quiet_minutes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = (CASES / "step1-us-md-wobbly.toml").read_text(encoding="utf-8")
    path = tmp_path / "case.toml"
    without = re.sub(r"(?m)^reason = .*$", "", case)
    path.write_text(without, encoding="utf-8")
    assert "What are you doing this for?" in shown(path, capsys)
    path.write_text(without.replace("[learner]", '[learner]\nreason = "My town."'), "utf-8")
    text = shown(path, capsys)
    assert "“My town.”" in text
    assert "fighting for" not in text
