"""The twelve dimensions that the evidence adds to the seven questions."""

from __future__ import annotations

from dataclasses import replace

from bounceback import facts
from bounceback.appraisal import core_indicators, evidence_indicators, record_queries
from bounceback.appraisal.findings import Case, above, below, judge
from bounceback.appraisal.models import Finding, Measure
from bounceback.appraisal.prescriptions import (
    extra_form,
    hours_cap,
    prescribe,
    usual_cap,
    weak_floor,
)
from bounceback.errors import FactError


def active_passive(case: Case) -> list[Finding]:
    """Answering from memory against reading and watching."""
    t, record = case.t, case.record
    share, before = case.newest(lambda s: evidence_indicators.retrieval_share(record, s, t))
    least = t["retrieval_share_min"]
    return [
        judge(
            case,
            "active-passive",
            share,
            below(share.value, least),
            words="More than half of the time goes to reading and watching.",
            prescription=prescribe(
                "retrieval_share_min",
                t["retrieval_share_target"],
                "share of minutes",
                "Twenty questions first, then the video on what was missed.",
                "active-passive",
            ),
            evidence="active-passive",
            earlier=before,
            earlier_severity=below(before.value, least) if before else 0.0,
        )
    ]


def misconceptions(case: Case) -> list[Finding]:
    """The same wrong option again, and misses that felt sure."""
    t, record = case.t, case.record
    same, _ = case.newest(lambda s: evidence_indicators.same_wrong_again(record, s, t))
    sure, _ = case.newest(lambda s: evidence_indicators.sure_and_wrong(record, s, t))
    again = above(same.value, t["misinformed_share"], 1.0)
    felt = above(sure.value, t["sure_wrong_share"], 1.0)
    measure, severity = (same, again) if same.value is not None and again >= felt else (sure, felt)
    if measure.value is None and same.value is not None:
        measure, severity = same, again
    return [
        judge(
            case,
            "misconceptions",
            measure,
            severity,
            words="What you miss is often something learned in another form: the same option pulls "
            "again."
            if measure is same
            else "Many misses felt sure: a belief to correct, more than a gap to fill.",
            prescription=prescribe(
                "start_questions_per_day",
                t["prescribed_rule_questions"],
                "questions",
                "Ten fresh questions a day make room for one-line rules, met again after 2 and 7 "
                "days.",
                "misconceptions",
            ),
            evidence="misconceptions",
        )
    ]


def calibration(case: Case) -> list[Finding]:
    """Own guesses before a test against its result."""
    t, record = case.t, case.record
    gap, _ = case.newest(lambda s: evidence_indicators.guess_gap(record, s, t))
    value = gap.value
    over, under = above(value, 1.0, 3.0), above(None if value is None else -value, 1.0, 3.0)
    return [
        judge(
            case,
            "calibration",
            gap,
            max(over, under) * 0.8,
            words="Your guesses before a test are higher than its results."
            if over
            else "Your results are better than you expect of yourself.",
            prescription=extra_form(
                t, "One more test with a guess written down before it.", "calibration"
            )
            if over or value is None
            else None,
            evidence="calibration",
        )
    ]


def pacing(case: Case) -> list[Finding]:
    """Accuracy at the end of a block, misses for lack of time, and how long misses took."""
    t, record = case.t, case.record
    drop, _ = case.newest(lambda s: evidence_indicators.late_block_drop(record, s, t))
    late, _ = case.newest(lambda s: record_queries.cause_share(record, s, "out-of-time", t))
    slow, _ = case.newest(lambda s: evidence_indicators.miss_times(record, s, case.as_of, t)[1])
    blank, _ = case.newest(lambda s: evidence_indicators.unanswered(record, s, t))
    hurried, _ = case.newest(lambda s: evidence_indicators.miss_times(record, s, case.as_of, t)[0])
    minutes, pace = _train_the_end(case)
    train = prescribe("session_minutes", minutes, "minutes", pace, "pacing")
    end = "Points are lost at the end of a block, to the clock more than to knowledge."
    limits = (
        (drop, t["pacing_drop_points"], end, train),
        (
            blank,
            t["unanswered_share"],
            "Questions stayed blank when the time was over; a guess on each of them earns some.",
            train,
        ),
        (late, t["out_of_time_share"], end, train),
        (
            slow,
            t["slow_misses_share"],
            "Many misses took longer than the exam gives a question; the time they took is missing "
            "elsewhere.",
            train,
        ),
        (
            hurried,
            t["hurried_misses_share"],
            "Many misses were answered in a hurry, with time left to read to the last line.",
            prescribe(
                "start_questions_per_day",
                t["prescribed_reading_questions"],
                "questions",
                "Fewer questions, each read to its last line before an answer is marked.",
                "hurried",
            ),
        ),
    )
    known = [row for row in limits if row[0].value is not None]
    measure, limit, words, change = max(
        known or limits[:1], key=lambda row: above(row[0].value, row[1], 3 * row[1])
    )
    return [
        judge(
            case,
            "pacing",
            measure,
            above(measure.value, limit, 3 * limit),
            words=words,
            prescription=change,
            evidence="hurried" if measure is hurried else "pacing",
        )
    ]


def _train_the_end(case: Case) -> tuple[float, str]:
    """Session length and words for timed blocks in a row, then their review, at the exam's pace."""
    t, record = case.t, case.record
    blocks = t.count("pacing_blocks_in_a_row")
    longest = t["pacing_session_minutes_max"]
    try:
        rhythm = facts.block_rhythm(record.exam.id, record.exam.planned_date or case.as_of)
    except FactError:
        return longest, f"{blocks} timed blocks in a row, then their review."
    return (
        min(longest, (blocks + 1) * rhythm.minutes_per_block),
        f"{blocks} blocks in a row at the exam's pace ({rhythm.items_per_block} questions in "
        f"{rhythm.minutes_per_block:g} minutes), then their review.",
    )


def answer_changing(case: Case) -> list[Finding]:
    """Changed answers: the learner's own table, after enough of them. No blanket rule."""
    t, record = case.t, case.record
    changes, _ = case.newest(lambda s: evidence_indicators.answer_changes(record, s, t))
    few = below(changes.value, t["changes_right_share_low"]) * 0.5
    return [
        judge(
            case,
            "answer-changing",
            changes,
            few,
            words="Few of your changed answers ended right; before the next change, name the "
            "reason for it.",
            prescription=None,
            evidence="answer-changing",
        )
    ]


def anxiety(case: Case) -> list[Finding]:
    """Practice above the sitting, and the learner's words."""
    t, record = case.t, case.record
    gap = evidence_indicators.practice_minus_sitting(record, case.as_of, t)
    return [
        judge(
            case,
            "anxiety",
            gap,
            above(gap.value, t["anxiety_gap_reported"], 3 * t["anxiety_gap_reported"]),
            words="The day gave less than your practice tests did; the day itself is a thing to "
            "train, and a clinician can help with it.",
            prescription=extra_form(
                t, "One rehearsal of the whole day: place, breaks, timing.", "anxiety"
            ),
            evidence="anxiety",
        )
    ]


def sleep(case: Case) -> list[Finding]:
    """Hours of sleep over the last four weeks."""
    t, record = case.t, case.record
    hours, before = case.newest(lambda s: evidence_indicators.sleep_hours(record, s, t))
    low = t["sleep_hours_low"]
    return [
        judge(
            case,
            "sleep",
            hours,
            below(hours.value, low, low - 2.5),
            words="Nights are short, and the weeks before an exam are the ones that count.",
            prescription=prescribe(
                "latest_hour",
                t["prescribed_latest_hour"],
                "clock hour",
                f"Nothing is planned after {t.count('prescribed_latest_hour')}:00.",
                "sleep",
            ),
            evidence="sleep",
            earlier=before,
            earlier_severity=below(before.value, low, low - 2.5) if before else 0.0,
        )
    ]


def mood(case: Case) -> list[Finding]:
    """The newest short screen, as published; no risk is computed. Support comes before study."""
    t, record = case.t, case.record
    screen = evidence_indicators.newest_phq2(record, case.as_of, t)
    logged = core_indicators.hours_per_study_day(record, case.since, t).value
    usual = min(logged or 24.0, usual_cap(record))
    finding = judge(
        case,
        "mood",
        screen,
        above(screen.value, t["mood_screen_cut"], 6.0),
        words="These two weeks weigh on you. Support first, study second; a lighter plan or a "
        "later date are neutral options.",
        prescription=hours_cap(
            t, usual * t["mood_load_share"], "The load goes down by about a third.", "mood"
        ),
        evidence="mood",
    )
    if screen.value is not None and finding.state == "held-back":
        return [replace(finding, confidence="medium")]
    return [finding]


def reading(case: Case) -> list[Finding]:
    """Knowledge that is there untimed and not at the exam's pace: reading, language, access."""
    t, record = case.t, case.record
    gap, _ = case.newest(lambda s: evidence_indicators.untimed_minus_timed(record, s, t))
    limit = t["timing_gap_points"]
    asked = record.exam.accommodations in ("asked", "granted")
    words = "Untimed you know more than the clock lets you show."
    if not asked:
        words += (
            f" The accommodations conversation with your {case.people.house} comes before a date "
            "is fixed; a reading specialist can look at the cause."
        )
    return [
        judge(
            case,
            "reading",
            gap,
            min(1.0, above(gap.value, limit, 2.5 * limit) * 1.2),
            words=words,
            prescription=prescribe(
                "start_questions_per_day",
                t["prescribed_reading_questions"],
                "questions",
                "Fewer questions, last sentence first, then the stem once.",
                "reading",
            ),
            evidence="reading",
        )
    ]


def foundation(case: Case) -> list[Finding]:
    """How far below the mark, and how many areas are far below the rest."""
    t, record = case.t, case.record
    below_mark = evidence_indicators.sd_below_mark(record, case.as_of, t)
    areas = evidence_indicators.low_areas(record, case.as_of, t)
    gap = above(below_mark.value, t["foundation_gap_sd"], 2 * t["foundation_gap_sd"])
    many = above(areas.value, t["foundation_areas"], 2 * t["foundation_areas"])
    measure, severity = (
        (areas, many)
        if many > gap or (below_mark.value is None and areas.value is not None)
        else (below_mark, gap)
    )
    share = t["foundation_floor_share"]
    return [
        judge(
            case,
            "foundation",
            measure,
            severity,
            words="Several areas need building before mixed questions can pay: subject by subject, "
            f"with your {case.people.house} beside you. A date follows from the next test.",
            prescription=weak_floor(t, "Subjects are rebuilt one at a time.", least=share),
            evidence="foundation",
        )
    ]


def life_load(case: Case) -> list[Finding]:
    """Hours that are truly free against what a retake asks. Never coded as lack of will."""
    t, record = case.t, case.record
    free = evidence_indicators.hours_after_commitments(record, case.as_of)
    low = t["load_free_hours_low"]
    return [
        judge(
            case,
            "life-load",
            free,
            min(1.0, below(free.value, low) * 1.3),
            words="Life asks for many of the hours a retake needs. The plan can be made of the "
            f"free ones; a {case.people.head} can say what leave or other duties are possible.",
            # Availability already says which hours are free: a cap would cut the long day of a
            # full week, the one that holds a practice test.
            prescription=prescribe(
                "rotation_day_minutes",
                t["prescribed_rotation_day_minutes"],
                "minutes",
                "Sessions are short enough to fit between other duties; the longest free day stays "
                "whole for practice tests.",
                "life-load",
            ),
            evidence="life-load",
        )
    ]


def same_plan(case: Case) -> list[Finding]:
    """The new weeks against the weeks that led to the sitting."""
    t, record = case.t, case.record
    if case.before is None:
        measure = Measure(
            name="plan_likeness",
            value=None,
            unit="cosine",
            n=0,
            counted="days",
            words="not enough recorded yet: no failed sitting to compare with",
        )
    else:
        measure = evidence_indicators.plan_likeness(record, case.before, case.since, t)
    limit = t["same_plan_cosine"]
    severity = 0.0
    if measure.value is not None and measure.value > limit:
        severity = above(measure.value, limit, 1.0) * 0.8
    return [
        judge(
            case,
            "same-plan",
            measure,
            severity,
            words="The new weeks repeat the weeks before the sitting. Which two things change?",
            prescription=extra_form(
                t, "One change is a test early on, so that the plan can learn.", "same-plan"
            ),
            evidence="same-plan",
        )
    ]
