"""Write or check a case file, or see an example.

A case file is a text file (TOML) with your exam, results, practice tests and
study hours. Leave out what you don't know.

  bounceback case new me.toml                 asks you one question at a time
  bounceback case example step-1 > me.toml    an example student, to change
  bounceback case check me.toml               every error, with what to do
"""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Sized
from itertools import takewhile
from pathlib import Path

from bounceback.cli.arguments import UsageError, add_case
from bounceback.cli.console import COLUMNS, Screen
from bounceback.errors import CaseError


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done with a case file."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add_case(actions.add_parser("check", help="check a case file"))
    add_case(actions.add_parser("new", help="write a case file, one question at a time"))
    example = actions.add_parser("example", help="print the case file of an example student")
    example.add_argument(
        "exam", metavar="EXAM", nargs="?", help="which one, like step-1 (default: list them)"
    )


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Do one of the actions."""
    actions = {"check": _check, "new": _new, "example": _example}
    return actions[arguments.action](arguments, screen)


def _check(arguments: argparse.Namespace, screen: Screen) -> int:
    # A fault is raised as CaseError, with all the others.
    from bounceback import records as record
    from bounceback.cli import clock
    from bounceback.services.candidate_dates import within_reach

    case = record.read_case(arguments.case)
    held = case.record
    _, far = within_reach(held, clock.today(held.learner.time_zone))
    screen.line(f"{arguments.case}: no errors found.", "strong")
    holdings: list[tuple[str, Sized]] = [
        ("exam attempts", held.attempts),
        ("practice tests taken", held.forms),
        ("question blocks", held.blocks),
        ("missed questions", held.misses),
        ("study entries", held.study),
        ("practice tests left", held.ledger),
    ]
    screen.table([(name, str(len(entries))) for name, entries in holdings if entries])
    for note in (*case.notes, *far):
        screen.paragraph(f"Note: {note}", hanging=2)
    return 0


def _new(arguments: argparse.Namespace, screen: Screen) -> int:
    from bounceback.records import write_case
    from bounceback.records.case_file import is_json
    from bounceback.records.new_case_interview import new_case

    path: Path = arguments.case
    if path.exists():
        raise UsageError(f"{path} already exists. Choose another name.")
    if not os.access(path.parent, os.W_OK):  # said before the questions, so that none is in vain
        raise UsageError(f"Can't write to the folder {path.parent}. Choose another one.")
    try:
        record = new_case(_answers())
    except EOFError:
        raise UsageError("The answers ended before the questions did. Nothing was saved.") from None
    with path.open("x", encoding="utf-8") as file:  # never over a file that appeared meanwhile
        file.write(write_case(record, json=is_json(path)))
    screen.line(f"Saved {path}.", "strong")
    screen.paragraph(
        "It's plain text. Open it in any editor to add more. To check it, run: "
        f"bounceback case check {path}"
    )
    return 0


def _answers() -> dict[str, object]:
    """Ask until nothing is open; an answer that cannot stand is asked again with the remedy."""
    from bounceback.records.new_case_interview import next_question, read_answer

    _say("Press Ctrl-C to cancel. Nothing is saved then.")
    answers: dict[str, object] = {}
    while question := next_question(answers):
        _say("")
        _say(question.prompt)
        _say(question.help, indent=2)
        for number, (word, meaning) in enumerate(question.choices, start=1):
            _say(f"{number}  {word}: {meaning}", indent=2)
        if question.default is not None:
            _say(f"Press Enter for {question.default}.", indent=2)
        elif question.optional:
            _say("Press Enter if you don't know.", indent=2)
        print("> ", end="", file=sys.stderr, flush=True)
        try:
            answers[question.key] = read_answer(question, input(), answers)
        except CaseError as error:
            for fault in error.faults:
                _say(f"{fault.given}. Expected: {fault.allowed}. {fault.remedy}", indent=2)
    return answers


def _say(line: str, *, indent: int = 0) -> None:
    # Questions go to standard error, so that standard output holds the answer alone.
    margin = " " * indent
    wrapped = textwrap.wrap(
        line,
        COLUMNS,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
    print("\n".join(wrapped), file=sys.stderr)


def _example(arguments: argparse.Namespace, screen: Screen) -> int:
    from bounceback.records.examples import examples

    cases = examples()
    if arguments.exam is None:
        for name, text in cases.items():
            screen.line(name, "strong")
            # The remark at the head of each file says who the learner is.
            remark = takewhile(lambda line: line.startswith("#"), text.splitlines())
            screen.paragraph(" ".join(line.lstrip("# ") for line in remark), indent=2)
        return 0
    if arguments.exam not in cases:
        raise UsageError(f"{arguments.exam!r} isn't an example. Choose one of {', '.join(cases)}.")
    screen.line(cases[arguments.exam].rstrip("\n"))
    return 0
