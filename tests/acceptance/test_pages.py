"""What a tired person reads: every page fits, says counts, and hurts nobody. JSON says the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.cli.command_table import COMMANDS
from bounceback.records import read_case
from bounceback.records.examples import examples
from bounceback.services import briefing, to_json
from tests.services.builders import CASES, TODAY

JOURNEY = ("brief", "forecast", "plan", "decide", "appraise")
ON = TODAY.isoformat()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The three cases and the six examples as files."""
    folder = tmp_path_factory.mktemp("cases")
    found = dict(CASES)
    for name, text in examples().items():
        found[f"example {name}"] = folder / f"{name}.toml"
        found[f"example {name}"].write_text(text, encoding="utf-8")
    return found


NAMES = [*CASES, *(f"example {name}" for name in examples())]
HURTS = re.compile(
    r"\b(only|just|should have|behind|overdue|failed to|fail|failure|lazy|unfortunately|poor|"
    r"sorry|must|unable|you need to|too late)\b",
    re.IGNORECASE,
)
IDS = re.compile(r"nbme-|free-120|timed-mixed|us-md\b.*(?:parts)|too-early|not-|\bNone\b|\bnan\b")


@pytest.mark.parametrize("command", JOURNEY)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_eighty_columns_and_opens_with_the_way_to_people(
    name: str, command: str, files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(files[name]), "--on", ON]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "bounceback support" in "\n".join(lines[:3])
    assert not any(line != line.rstrip() for line in lines)
    assert err == ""


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_the_answer_hurts(
    name: str, files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    own = read_case(files[name]).record
    assert main(["decide", str(files[name]), "--on", ON]) == 0
    page = " ".join(capsys.readouterr().out.split())
    for words in filter(None, (own.learner.reason, own.decision.pact and own.decision.pact.rule)):
        page = page.replace(" ".join(str(words).split()), "")
    page = re.sub("“[^”]*”", "", page)  # a quoted report or person
    assert HURTS.findall(page) == []
    assert IDS.findall(page) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_chance_is_a_count_with_a_range(
    name: str, files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forecast", str(files[name]), "--on", ON]) == 0
    page = capsys.readouterr().out
    assert re.search(r"about \d+ in 10", page)
    assert re.search(r"\bP\(|probab|0\.\d\d", page) is None
    first_count = re.search(r"\d+ in 10", page)
    group = re.search(r"For context: \d+%|No one publishes", page)
    assert first_count is not None
    assert group is not None
    assert first_count.start() < group.start(), "your own number comes first"
    assert "Likely level" in page, "the range stands on the score"


def test_step_1_is_never_shown_a_three_digit_score(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("brief", "forecast", "decide"):
        assert main([command, str(files["step1-us-md-wobbly"]), "--on", ON]) == 0
        page = capsys.readouterr().out
        assert "% correct" in page or command == "decide"
        assert re.search(r"(?<![\d,])(19\d|2[0-4]\d)\b(?! (more )?sessions| more)", page) is None


def test_a_failed_sitting_is_said_to_be_on_record_with_what_it_does(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forecast", str(files["step1-us-md-wobbly"]), "--on", ON]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "Your failed attempt (September 20, 2026)" in page
    assert "a retaker's pace" in page


@pytest.mark.parametrize(
    ("zone", "first", "others"),
    [
        ("America/Chicago", "911", ("Canada", "Kingdom", "country you are in")),
        ("Etc/UTC", "the emergency number of the country you are in", ("Canada", "Kingdom")),
    ],
)
def test_without_a_country_the_lines_are_those_of_the_time_zone_else_those_that_hold_anywhere(
    zone: str,
    first: str,
    others: tuple[str, ...],
    files: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = files["level1-us-do-gap"].read_text(encoding="utf-8")
    assert "America/Chicago" in case
    path = tmp_path / "case.toml"
    path.write_text(case.replace("America/Chicago", zone), encoding="utf-8")
    # The week in which the report of the second failure comes.
    assert main(["decide", str(path), "--on", "2026-10-14"]) == 0
    page = capsys.readouterr().out
    people = " ".join(page[page.index("Talk to someone") : page.index("Your test date")].split())
    assert first in people
    assert "988" in people or zone == "Etc/UTC"
    assert not [name for name in others if name in people]


# --- the same words and numbers ---------------------------------------------------------------


@pytest.mark.parametrize("command", JOURNEY)
@pytest.mark.parametrize("name", NAMES)
def test_the_command_line_answers_what_python_answers(
    name: str, command: str, files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(files[name]), "--on", ON, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    case = read_case(files[name])
    ours = to_json(briefing(case.record, TODAY, notes=case.notes), command)
    assert printed == json.loads(json.dumps(ours))


def test_json_holds_no_colour_and_no_number_that_is_none(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for path in files.values():
        assert main(["brief", str(path), "--on", ON, "--json"]) == 0
        text = capsys.readouterr().out
        assert "\x1b" not in text
        assert not re.search(r"\b(NaN|Infinity)\b", text)


# --- bad input --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [*JOURNEY, "lookback"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema = 1\n", "learner"),
        ("not toml at all", "TOML"),
        (
            'schema = 1\n[learner]\ngroup = "us-md"\ntime_zone = "UTC"\n[exam]\n'
            'id = "usmle-step-1"\n[[forms]]\nfamily = "nbme-cbssa"\nform = "31"\n'
            "date = 2026-11-15\nscore = 187\n",
            "three-digit",
        ),
    ],
)
def test_a_faulty_case_is_refused_by_every_question_with_an_empty_answer(
    command: str, text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "me.toml"
    path.write_text(text, encoding="utf-8")
    for more in ([], ["--json"]):
        assert main([command, str(path), *more]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert "Traceback" not in err


@pytest.mark.parametrize("command", [c.name for c in COMMANDS])
def test_help_fits_eighty_columns_and_teaches(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    page = capsys.readouterr().out
    assert max(map(len, page.splitlines())) <= 80
    assert f"bounceback {command}" in page


def test_a_plan_that_had_to_move_says_so_before_the_days(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = CASES["step1-us-md-wobbly"].read_text(encoding="utf-8") + (
        '\n[[plan]]\nid = "2026-11-18-1"\ndate = 2026-11-18\nminutes = 60\n'
        'activity = "questions"\narea = "Cardiovascular System"\n'
    )
    path = tmp_path / "me.toml"
    path.write_text(text, encoding="utf-8")
    for command in ("brief", "plan"):
        assert main([command, str(path), "--on", ON]) == 0
        page = capsys.readouterr().out
        assert page.casefold().index("what changed") < page.index("Monday, November 23")
