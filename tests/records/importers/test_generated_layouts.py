"""Of generated reports and lists hardly a number is taken wrongly, and none that is marked high."""

from __future__ import annotations

import os

from bounceback.records.importers import read_reports

from .report_layouts import ON, Tally, compare, layouts

NUMBER = int(os.environ.get("GENERATED_LAYOUTS", "2000"))
"""Layouts; a larger run sets the variable."""


def test_wrong_numbers_are_rare_and_never_marked_high() -> None:
    tally = Tally()
    for layout in layouts(NUMBER, seed=2026):
        compare(layout, read_reports(layout.text, layout.exam, ON), tally)
    shown = [
        f"{sort}: {name} {value} for {wanted}\n{text}"
        for sort, name, value, wanted, text in tally.wrong
    ]
    assert tally.taken > 4 * NUMBER  # it is no reader that takes nothing
    assert len(tally.wrong) <= 0.005 * tally.taken, "\n\n".join(shown[:5])
    assert tally.high_wrong <= 0.01 * tally.high
    assert tally.high_wrong == 0, "\n\n".join(shown[:5])
    assert tally.high > NUMBER


def test_scores_that_stand_there_are_mostly_found() -> None:
    tally = Tally()
    for layout in layouts(400, seed=7):
        compare(layout, read_reports(layout.text, layout.exam, ON), tally)
    assert tally.scores_taken >= 0.9 * tally.scores_there


def test_every_line_with_a_number_is_used_or_listed() -> None:
    for layout in layouts(300, seed=11):
        reading = read_reports(layout.text, layout.exam, ON)
        listed = {one.line for one in reading.unused}
        used = {
            found.line
            for test in reading.tests
            for found in (*test.fields.values(), *test.areas.values())
        }
        for number, line in enumerate(layout.text.splitlines(), 1):
            for comparison in ("average", "mean", "previous", "last", "goal"):
                if comparison in line.casefold() and any(c.isdigit() for c in line):
                    assert number in listed or number in used
