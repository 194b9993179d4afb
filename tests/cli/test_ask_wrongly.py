"""Words that make no question, and faults of our own: one calm line each, never a traceback."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

import pytest

from bounceback.cli import command_table, main
from bounceback.cli.arguments import add_case, add_json, add_on
from bounceback.cli.console import Screen
from bounceback.errors import CaseError, FactUnknown, Fault

Answer = Callable[[argparse.Namespace, Screen], int]


class Asked:
    """A command of the tests: takes a case, a day and --json, and answers as it is told."""

    __doc__ = "A question of the tests."

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def load(self) -> Asked:
        return self

    name = "ask"
    summary = "a question of the tests"

    def configure(self, parser: argparse.ArgumentParser) -> None:
        add_case(parser)
        add_on(parser)
        add_json(parser)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    def install(answer: Answer) -> None:
        monkeypatch.setitem(command_table.BY_NAME, "ask", Asked(answer))  # type: ignore[arg-type]

    return install


def fail_with(error: BaseException) -> Answer:
    def answer(arguments: argparse.Namespace, screen: Screen) -> int:
        screen.line("half an answer")
        raise error

    return answer


def test_an_unknown_command_is_answered_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["suport"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "Did you mean support?" in err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["ask"], "CASE"),
        (["ask", "a.toml", "--on", "2027-02-30"], "2027-02-30"),
        (["ask", "a.toml", "--on", "tomorrow"], "tomorrow"),
        (["ask", "a.toml", "--on", "0001-01-01"], "1980-01-01"),
        (["ask", "a.toml", "--on", "2100-01-01"], "2099-12-31"),
        (["ask", "a.toml", "--jso"], "--jso"),
        (["ask", "a.toml", "b.toml"], "b.toml"),
    ],
)
def test_a_wrong_word_is_named_in_one_line_with_where_to_look(
    words: list[str],
    named: str,
    ask: Callable[[Answer], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    ask(lambda arguments, screen: 0)
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert named in line
    assert "bounceback ask --help" in line


@pytest.mark.parametrize("command", [["brief", "a.toml"], ["simulate", "--learners", "2"]])
@pytest.mark.parametrize("given", ["-1", "1.5", "x"])
def test_a_seed_that_is_no_whole_number_is_refused_in_one_line(
    command: list[str], given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, f"--seed={given}"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert "whole number from 0" in line


def test_every_fault_of_a_case_is_one_line_and_nothing_stands_on_standard_output(
    ask: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    faults = [
        Fault("forms[0].score", "187", "0 to 100", "nbme-cbssa.scale", "Write percent correct."),
        Fault("exam.id", "'step 1'", "usmle-step-1, …", "case file, schema 1", "Name one."),
    ]
    ask(fail_with(CaseError(faults)))
    assert main(["ask", "a.toml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [str(fault) for fault in faults]


def test_what_is_not_published_is_said_in_one_line(
    ask: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    ask(fail_with(FactUnknown("No pass mark\nis published.")))
    assert main(["ask", "a.toml"]) == 2
    assert capsys.readouterr() == ("", "No pass mark is published.\n")


def test_a_file_that_cannot_be_opened_is_named(
    ask: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    ask(lambda arguments, screen: len(arguments.case.read_text()))
    assert main(["ask", "no-such-file.toml"]) == 2
    assert capsys.readouterr() == ("", "Can't find no-such-file.toml. Check the name and folder.\n")


def test_a_fault_of_our_own_is_owned_in_one_line_with_status_1(
    ask: Callable[[Answer], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BOUNCEBACK_DEBUG", raising=False)
    ask(fail_with(ZeroDivisionError("division\nby zero")))
    assert main(["ask", "a.toml"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert "division by zero" in line
    assert "BOUNCEBACK_DEBUG=1" in line


def test_the_traceback_is_shown_to_those_who_ask_for_it(
    ask: Callable[[Answer], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOUNCEBACK_DEBUG", "1")
    ask(fail_with(ZeroDivisionError("division by zero")))
    assert main(["ask", "a.toml"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_stops_quietly(
    ask: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    ask(fail_with(KeyboardInterrupt()))
    assert main(["ask", "a.toml"]) == 130
    assert capsys.readouterr() == ("", "\n")


def test_the_day_asked_for_reaches_the_command(
    ask: Callable[[Answer], None], capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(arguments: argparse.Namespace, screen: Screen) -> int:
        screen.json({"on": arguments.on, "unknown": None})
        return 0

    ask(answer)
    assert main(["ask", "a.toml", "--on", "2027-02-10", "--json"]) == 0
    assert capsys.readouterr().out == '{\n  "on": "2027-02-10",\n  "unknown": null\n}\n'
    assert date.fromisoformat("2027-02-10") == date(2027, 2, 10)
