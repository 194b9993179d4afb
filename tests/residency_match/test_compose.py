"""The outlook of a learner: what it shows, in which order, and what it never does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from bounceback import facts
from bounceback import residency_match as room
from bounceback.records.models import Attempt, Checkin, ExamTarget, Record
from bounceback.residency_match import Outlook, outlook
from bounceback.residency_match.compose import applicant_types
from bounceback.vocabulary import GROUPS, Group
from tests.residency_match.learners import (
    SPECIALTIES,
    TODAY,
    any_days,
    any_records,
    failed_step_1,
    learner,
    passed_step_2,
    senior,
    worst_case,
)

SNAPSHOT = Path(__file__).parent / "worst_case.txt"
ENGINE = Path(room.__file__).parents[1]


def told(found: Outlook) -> str:
    """The whole text of what a face shows, once asked."""
    lines = []
    for section in found.sections():
        lines.append(f"## {section.title}")
        if section.words:
            lines.append(section.words)
        lines += [entry.text for entry in section.entries]
    return "\n".join([*lines, *found.notes]) + "\n"


def everybody() -> Iterator[Record]:
    for group in GROUPS:
        for exam in ("usmle-step-1", "usmle-step-2-ck", "usmle-step-3", "comlex-level-1"):
            for degree, apply in ((None, None), (2025, 2027), (2028, 2027), (2026, None)):
                for score in (None, 205.0, 231.0, 244.0, 280.0):
                    yield learner(
                        failed_step_1(),
                        passed_step_2(score),
                        group=group,
                        exam=exam,
                        degree_year=degree,
                        apply_year=apply,
                        specialties=SPECIALTIES,
                    )


# --- the worst case -------------------------------------------------------------------------------


def test_the_worst_case_reads_as_agreed() -> None:
    """A change of these words is a decision: read the file anew, aloud, before accepting it."""
    assert told(outlook(worst_case(), TODAY, asked=True)) == SNAPSHOT.read_text(encoding="utf-8")


FALSE_COMFORT = re.compile(
    r"don.t worry|will be fine|you will match|you.ll match|guarante|certainly|sure to|everything "
    r"will|no problem|easily",
    re.IGNORECASE,
)
CLOSED_DOOR = re.compile(
    r"impossible|hopeless|no chance|cannot match|can.t match|will not match|won.t match|is closed "
    r"to|out of reach|never match|rule(d|s)? out|end of the road|not an option",
    re.IGNORECASE,
)


def test_the_worst_case_has_a_next_step_a_person_no_comfort_and_no_closed_door() -> None:
    found = outlook(worst_case(), TODAY, asked=True)
    text = told(found)
    assert found.first is not None
    assert "the last one the board allows" in found.first.text
    assert found.sections()[0].id == "first"
    assert found.sections()[-1].words.startswith("Today: the next session of your plan.")
    assert "A person for this: the student affairs office" in found.sections()[-1].words
    assert "support lines" in found.sections()[-1].words
    assert FALSE_COMFORT.findall(text) == []
    assert CLOSED_DOOR.findall(text) == []


def test_sittings_used_up_lead_to_the_board_and_the_dean_and_not_to_an_end() -> None:
    used = learner(*(failed_step_1(date(2024, m, 1)) for m in (1, 5, 9, 12)))
    found = outlook(used, TODAY)
    first = found.first
    assert first is not None
    assert "exception" in found.next_step
    assert "session" not in found.next_step
    assert "Only the board can make an exception" in first.text
    assert "your dean" in first.do


@pytest.mark.parametrize("text", ["You will match.", "don’t worry"])
def test_the_list_of_false_comfort_finds_what_it_is_for(text: str) -> None:
    assert FALSE_COMFORT.search(text)


# --- words over everybody -------------------------------------------------------------------------

BLAME = (
    "only", "just", "should have", "behind", "overdue", "failed to", "lazy", "laziness", "excuse",
    "your fault", "peers", "classmates", "give up", "gave up", "weak", "must", "disappointing",
    "poor", "bad", "loser", "hopeless", "incapable", "cancel", "uncompetitive", "red flag",
)  # fmt: skip
BLAMING = re.compile(r"\b(" + "|".join(map(re.escape, BLAME)) + r")\b", re.IGNORECASE)
SENTENCES = sorted(
    {
        text
        for record in everybody()
        for found in (outlook(record, TODAY, asked=True),)
        for text in (
            *(
                part
                for e in found.entries
                for part in (e.title, e.do, *(s.text for s in e.sentences))
            ),
            *found.notes,
            found.next_step,
            found.contact,
            *(section.title for section in found.sections()),
        )
        if text
    }
)


def test_there_is_something_to_read() -> None:
    assert len(SENTENCES) > 200


def test_no_sentence_blames_shouts_or_gives_a_percentage() -> None:
    assert [s for s in SENTENCES if BLAMING.search(s)] == []
    assert [s for s in SENTENCES if "!" in s or re.search(r"%|\bpercent", s)] == []


def test_no_sentence_gives_the_learner_a_chance_of_matching() -> None:
    """Counts are of others: none stands beside "you", and none is called a chance."""
    for s in SENTENCES:
        if re.search(r"\b(chance|odds|probab\w+|likel\w+)\b", s, re.IGNORECASE):
            assert s in ("Your own chance of matching",) or s.startswith("The odds of an interview")
        if re.search(r"\d+ of \d+|\bOf [\d,]+", s) and "match" in s:
            assert not re.search(r"\byou(r|rs)?\b", s, re.IGNORECASE), s


def test_no_sentence_holds_a_figure_without_source_and_year() -> None:
    for record in everybody():
        for entry in outlook(record, TODAY).entries:
            for s in entry.sentences:
                numbers = re.findall(r"\d+", re.sub(r"(Step|Level) \d", "", s.text))
                if s.figures:
                    assert re.search(r"\([^()]+, \d{4}[^()]*\)\.$", s.text), s.text
                elif s.text.startswith("Your "):  # the learner's own score
                    assert len(numbers) <= 1
                else:
                    # A name that the learner typed may hold a digit.
                    assert numbers == [] or "Underwater Medicine 3" in s.text, s.text


def test_every_figure_is_a_cell_of_the_facts_that_may_be_shown() -> None:
    seen = set()
    for record in everybody():
        for entry in outlook(record, TODAY).entries:
            for figure in entry.figures:
                seen.add(figure.cell)
                table, *key, column = figure.cell.split("|")
                rows = [r for r in facts.table(table) if all(k in r.values() for k in key)]
                assert len(rows) == 1, figure.cell
                (row,) = rows
                assert row["confidence"] == figure.confidence
                assert figure.confidence in ("official", "reported")
                assert row["source"] == figure.source
                assert facts.source(figure.source.split(";")[0]).publisher
                if figure.value is not None and table == "evidence":
                    assert f"{figure.value:,.0f}" in row["statement"]
                elif figure.value is not None:
                    assert float(row[column]) == figure.value
                    assert row.get("year", row.get("season", str(figure.year))) == str(figure.year)
    assert len(seen) > 60


# --- any learner ----------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(any_records(), any_days)
def test_any_learner_on_any_day_gets_an_outlook_that_keeps_its_rules(
    record: Record, as_of: date
) -> None:
    found = outlook(record, as_of, asked=True)
    types = set(found.applicant_types)
    for entry in found.entries:
        for s in entry.sentences:
            for name in ("applicant_type", "metric", "regime", "year"):
                assert len({getattr(f, name) for f in s.figures}) <= 1
            for f in s.figures:
                assert f.year <= as_of.year + 1
                if f.cell.startswith(("match_rates", "match_medians")):
                    assert f.applicant_type in types or entry.id == "timing"
                    assert f.regime == "step-1-pass-fail"
                    assert f.edition in ("current", "one-edition-old")
    sections = found.sections()
    assert sections[-1].id == "next"
    assert sections[-1].words
    keys = found.to_briefing()
    assert {"change", "explain", "past", "not_published"} <= set(keys)
    for name in ("change", "explain", "past", "not_published"):
        for item in keys[name]:
            assert {"text", "source", "year"} <= set(item)
            assert item["text"]
            assert (item["source"] is None) == (item["year"] is None)
    assert outlook(record, as_of, asked=True) == found


@settings(max_examples=60, deadline=None)
@given(any_records(), any_days)
def test_evidence_after_the_day_changes_nothing(record: Record, as_of: date) -> None:
    earlier = replace(record, attempts=tuple(a for a in record.attempts if a.date <= as_of))
    assert outlook(record, as_of) == outlook(earlier, as_of)


@settings(max_examples=60, deadline=None)
@given(any_records(), any_days, any_days)
def test_a_planned_date_moves_nothing_here(record: Record, as_of: date, planned: date) -> None:
    """The outlook neither reads nor offers a day for the exam."""
    moved = replace(record, exam=ExamTarget(id=record.exam.id, planned_date=planned))
    assert outlook(moved, as_of) == outlook(record, as_of)


def test_nothing_that_chooses_a_date_imports_the_outlook() -> None:
    for name in ("decision", "plan", "forecast", "appraisal", "record", "facts"):
        for path in (ENGINE / name).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                named = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not [n for n in named if n.startswith("bounceback.residency_match")], path


# --- who, and when --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("degree", "apply", "types"),
    [
        (2028, 2027, ("us-md-senior",)),
        (2027, 2027, ("us-md-prior-graduate",)),
        (2025, 2027, ("us-md-prior-graduate",)),
        (2025, None, ("us-md-prior-graduate",)),
        (2028, None, ("us-md-senior",)),
        (2026, None, ("us-md-senior", "us-md-prior-graduate")),
        (None, 2027, ("us-md-senior", "us-md-prior-graduate")),
    ],
)
def test_a_senior_applies_before_the_degree_and_a_graduate_after_it(
    degree: int | None, apply: int | None, types: tuple[str, ...]
) -> None:
    assert applicant_types(learner(degree_year=degree, apply_year=apply), TODAY) == types


@pytest.mark.parametrize("exam", ["usmle-step-3", "comlex-level-3"])
@pytest.mark.parametrize("group", ["us-md", "us-do"])
def test_a_resident_hears_of_the_programme_and_of_no_match_that_is_made(
    group: str, exam: str
) -> None:
    failed = Attempt(exam=exam, date=date(2026, 9, 20), outcome="fail")  # type: ignore[arg-type]
    resident = learner(failed, group=group, exam=exam, specialties=("Psychiatry",))
    found = outlook(resident, TODAY, asked=True)
    text = told(found)
    assert [f for e in found.entries for f in e.figures if f.cell.startswith("match_")] == []
    for word in ("senior", "clerkship", "SOAP", "dean"):
        assert word not in text
    assert "program director" in text
    assert "the year you apply" in found.notes[0]
    applying = learner(failed, group=group, exam=exam, apply_year=2027)
    ahead = outlook(applying, TODAY, asked=True)
    assert ahead.applicant_types == (f"{group}-prior-graduate",)
    assert ahead.rates


@pytest.mark.parametrize("group", ["us-img", "non-us-img"])
def test_a_graduate_abroad_with_step_3_before_the_match_is_sent_to_the_school(group: str) -> None:
    failed = Attempt(exam="usmle-step-3", date=date(2026, 9, 20), outcome="fail")
    text = told(outlook(learner(failed, group=group, exam="usmle-step-3"), TODAY, asked=True))
    assert "Decide with your dean" in text
    assert "your program director" not in text


def test_seniors_cells_are_not_shown_to_a_graduate() -> None:
    found = outlook(worst_case(), TODAY)
    assert found.position == ()
    assert any("Family Medicine" in e.title for e in found.not_published)
    assert all("senior" not in f.applicant_type for e in found.entries for f in e.figures
               if f.cell.startswith("match_"))  # fmt: skip


def test_the_timing_sets_senior_beside_graduate_in_sentences_of_their_own() -> None:
    (card,) = outlook(senior(), TODAY).timing
    kinds = list(dict.fromkeys(f.applicant_type for f in card.figures))
    assert kinds == ["us-md-senior", "us-md-prior-graduate"]
    assert "decide with your dean" in card.do
    assert "selection" in card.text


# --- order ----------------------------------------------------------------------------------------


def test_passing_next_comes_first_until_it_is_passed() -> None:
    waiting = learner(failed_step_1())
    assert outlook(waiting, TODAY, asked=True).sections()[0].id == "first"
    passed = replace(
        waiting,
        attempts=(
            *waiting.attempts,
            Attempt(exam="usmle-step-1", date=date(2026, 11, 1), outcome="pass"),
        ),
    )
    assert outlook(passed, TODAY).first is None
    assert outlook(passed, TODAY).levers[0].id == "lever-step-2-ck"


def test_the_three_columns_stand_in_their_order_and_the_hard_fact_is_not_last() -> None:
    ids = [s.id for s in outlook(senior(240), TODAY, asked=True).sections()]
    assert ids.index("change") < ids.index("explain") < ids.index("past")
    found = outlook(senior(240), TODAY, asked=True)
    pair = next(s for s in found.sections() if s.id == "facts")
    assert [e.id for e in pair.entries] == ["hard", "hopeful"]
    assert pair.entries[1].figures


def test_each_of_the_fourteen_factors_stands_in_one_column() -> None:
    for record in (senior(), worst_case(), learner(group="non-us-img")):
        found = outlook(record, TODAY)
        ids = [e.id for e in (*found.change, *found.explain, *found.past)]
        assert sorted(i for i in ids if i.startswith("factor-")) == sorted(
            f"factor-{n}" for n in range(1, 15)
        )
        places = [e.id for e in found.change if e.id.startswith("factor-")]
        assert places == sorted(places, key=lambda i: int(i.split("-")[1]))


def test_the_failure_is_past_and_its_recovery_is_not() -> None:
    found = outlook(worst_case(), TODAY)
    assert "factor-2" in [e.id for e in found.past]
    assert "story" in [e.id for e in found.explain]
    assert "recovery" in [e.id for e in found.change]


def test_a_clerkship_grade_is_past_for_a_graduate() -> None:
    assert "factor-5" in [e.id for e in outlook(worst_case(), TODAY).past]
    assert "factor-5" in [e.id for e in outlook(senior(), TODAY).change]


def test_what_has_ended_is_never_something_to_work_on() -> None:
    for record in (senior(), worst_case(), learner(group="non-us-img", exam="usmle-step-2-ck")):
        found = outlook(record, TODAY)
        assert not [e for e in (*found.change, *found.levers) if "Step 2 CS" in e.text]


def test_levers_stand_by_effect_and_research_is_last() -> None:
    ids = [e.id for e in outlook(learner(failed_step_1(), group="non-us-img"), TODAY).levers]
    assert ids == [
        "lever-pass",
        "lever-step-2-ck",
        "lever-programmes",
        "lever-letters",
        "lever-interviews",
        "lever-parallel",
        "lever-soap",
        "lever-research",
    ]


def test_research_shows_equal_medians_to_graduates_abroad_and_no_cell_to_others() -> None:
    abroad = outlook(learner(group="non-us-img"), TODAY).levers[-1]
    assert [f.value for f in abroad.figures] == [3, 3]
    assert outlook(learner(), TODAY).levers[-1].figures == ()


# --- position -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "where"),
    [(205, "below"), (232, "below"), (233, "within"), (254, "within"), (255, "above")],
)
def test_a_score_stands_below_within_or_above_the_middle_half(score: float, where: str) -> None:
    (entry,) = outlook(senior(score, "Family Medicine"), TODAY).position
    assert f"Your {score:g} stands {where} that middle half" in entry.text
    assert "how many of them had a failed attempt is not published" in entry.text
    assert "1,148" in entry.text


def test_where_quartiles_are_missing_the_middle_alone_is_named() -> None:
    record = learner(passed_step_2(233), group="non-us-img", specialties=("Internal Medicine",))
    (entry,) = outlook(record, TODAY).position
    assert "Your 233 stands below that middle" in entry.text
    assert "the middle half is not published here" in entry.text


def test_where_the_score_does_not_separate_it_is_said_and_the_rank_list_stands_beside() -> None:
    record = learner(passed_step_2(233), group="non-us-img", specialties=("FM",))
    (entry,) = outlook(record, TODAY).position
    assert "does not tell them apart" in entry.text
    assert "3 programs of the specialty" in entry.text


def test_a_practice_score_or_a_failing_one_is_not_placed() -> None:
    failing = Attempt(exam="usmle-step-2-ck", date=date(2026, 8, 1), outcome="fail", score=210)
    found = outlook(learner(failing, specialties=("FM",)), TODAY)
    assert "Your 210" not in told(outlook(learner(failing, specialties=("FM",)), TODAY, asked=True))
    assert "unknown-own-score" in [e.id for e in found.not_published]


@pytest.mark.parametrize("group", ["us-do", "us-img"])
def test_groups_without_cells_are_told_so(group: str) -> None:
    record = learner(passed_step_2(240), group=group, specialties=("Psychiatry",))
    found = outlook(record, TODAY)
    assert found.position == ()
    (missing,) = [e for e in found.not_published if "Psychiatry" in e.title]
    assert "Not published here" in missing.text


# --- consent --------------------------------------------------------------------------------------


def test_nothing_is_shown_before_it_is_asked_for() -> None:
    (section,) = outlook(senior(240), TODAY).sections()
    assert section.entries == ()
    assert not re.search(r"\d", section.words)


def test_it_closes_and_people_come_where_a_screen_asks_for_it() -> None:
    heavy = learner(failed_step_1(), checkins=(Checkin(date=TODAY, phq2=6),))
    found = outlook(heavy, TODAY, asked=True)
    assert [s.id for s in found.sections()] == ["people", "next"]
    assert "support lines" in found.contact
    assert found.to_briefing()["past"] == []
    light = learner(failed_step_1(), checkins=(Checkin(date=TODAY, phq2=0),))
    assert outlook(light, TODAY, asked=True).closed == ""


def test_tables_past_their_day_say_so() -> None:
    assert not [n for n in outlook(senior(), TODAY).notes if "read again" in n]
    assert [n for n in outlook(senior(), date(2027, 12, 1)).notes if "read again" in n]


@pytest.mark.parametrize(
    ("group", "counted"),
    [
        ("us-md", "Of 20,934 US MD seniors who took part, about 94 of 100 matched"),
        ("us-do", "Of 8,503 US DO seniors who took part, about 93 of 100 matched"),
        ("us-img", "Of 4,210 "),
        ("non-us-img", "Of 11,944 "),
    ],
)
def test_national_rates_name_how_many_they_count_with_source_and_year(
    group: Group, counted: str
) -> None:
    record = senior()
    (card,) = outlook(replace(record, learner=replace(record.learner, group=group)), TODAY).rates
    first = card.sentences[0].text
    assert first.startswith(counted)
    assert first.endswith("2026).")
    assert "the counts are not held here" in card.sentences[1].text, "unknown stays unknown"
