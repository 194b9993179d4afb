"""Help, answers and errors of the terminal in the words of the product."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.cli.command_table import COMMANDS
from bounceback.records.examples import examples
from tests.golden.golden_cases import nothing_remembered
from tests.messages.word_list import OWN_STATEMENTS, TONE, hits

EXAMPLE = examples()["step-1-again"]
SUBCOMMANDS = {
    "case": ("new", "check", "example"),
    "log": ("form", "block", "study", "miss", "look", "checkin"),
    "cards": ("inspect", "import", "export", "review", "write", "workload", "areas", "fit"),
    "facts": ("show", "list", "check"),
}
ANSWERS = (
    "brief CASE", "brief CASE --full", "forecast CASE", "plan CASE", "decide CASE",
    "lookback CASE", "appraise CASE", "outlook CASE", "case check CASE", "support",
    "support --country US", "facts list usmle-step-1", "facts show usmle-step-1.pass-mark",
    "cards workload --until 2027-01-08 --case CASE",
)  # fmt: skip
ERRORS = (
    "", "frcast CASE", "forecast nosuch.toml", "forecast CASE --on 2026-13-01",
    "forecast BROKEN", "case check BROKEN", "facts show usmle-step-1.nosuch",
    "log study CASE --minutes 30h --activity questions", "log form CASE --family nbme-cbsa",
    "log block CASE --bank uworld --items 40 --correct 50", "cards review", "lookback FIRST",
    "replan CASE --from nosuch.json", "cards import nosuch.apkg", "read nosuch.pdf",
    "read nosuch.pdf --exam usmle-step-1", "plan", "case new",
)  # fmt: skip
BROKEN = EXAMPLE.replace('planned_date = "', 'planed_date = "').replace("score = ", "score = 9", 1)
FIRST = """schema = 1
[learner]
group = "us-md"
time_zone = "America/New_York"
[exam]
id = "usmle-step-1"
"""


def said(words: str, folder: Path) -> str:
    """What a command prints on both streams, without the student's own words."""
    for name, text in (("CASE", EXAMPLE), ("BROKEN", BROKEN), ("FIRST", FIRST)):
        path = folder / f"{name.lower()}.toml"
        path.write_text(text, encoding="utf-8")
        words = words.replace(name, str(path))
    out = io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
        contextlib.suppress(SystemExit),
    ):
        main(words.split())
    text = out.getvalue().replace(str(folder), "")
    own = [one for one in re.findall(r'"([^"\n]*)"', EXAMPLE) if " " in one]
    flat = re.sub(r"\n| {2,}", " | ", text)
    for one in [*own, *OWN_STATEMENTS]:
        flat = flat.replace(" ".join(one.split()), " ")
    # Keys of the case file and ids of facts are spelled as they are, and are no words.
    return re.sub(r"\[learner\]|\blearner\.\w+|\b[\w-]+\.weights\b", " ", flat)


def every_help() -> list[str]:
    names = [command.name for command in COMMANDS]
    below = [f"{name} {action}" for name, actions in SUBCOMMANDS.items() for action in actions]
    return ["--help", *(f"{name} --help" for name in [*names, *below])]


@pytest.mark.parametrize("words", [*every_help(), *ANSWERS, *ERRORS])
def test_the_terminal_speaks_the_words_of_the_product(words: str) -> None:
    with nothing_remembered() as folder:
        text = said(words, folder)
    assert text
    assert hits(text) == []
    assert TONE.findall(text) == []
