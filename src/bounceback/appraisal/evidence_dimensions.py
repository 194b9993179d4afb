"""The twelve dimensions that the evidence adds to the seven questions."""

from __future__ import annotations

from dataclasses import replace

from bounceback import facts
from bounceback.appraisal import core_indicators, evidence_indicators, record_queries
from bounceback.appraisal.findings import Case, Reading, above, below, judge
from bounceback.appraisal.models import Finding, Measure
from bounceback.appraisal.prescriptions import (
    extra_form,
    hours_cap,
    prescribe,
    usual_cap,
    weak_floor,
)
from bounceback.errors import FactError
from bounceback.reasons import Reason, reason


def active_passive(case: Case) -> list[Finding]:
    """Answering from memory against reading and watching."""
    t, record = case.t, case.record
    share, before = case.newest(lambda s: evidence_indicators.retrieval_share(record, s, t))
    least = t["retrieval_share_min"]
    return [
        judge(
            case,
            Reading(
                dimension="active-passive",
                measure=share,
                severity=below(share.value, least),
                says=reason("appraisal.active-passive"),
                prescription=prescribe(
                    "retrieval_share_min",
                    t["retrieval_share_target"],
                    "share of minutes",
                    reason("appraisal.change-questions-before-video"),
                    "active-passive",
                ),
                evidence="active-passive",
                earlier=before,
                earlier_severity=below(before.value, least) if before else 0.0,
            ),
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
        measure, severity = (same, again)
    return [
        judge(
            case,
            Reading(
                dimension="misconceptions",
                measure=measure,
                severity=severity,
                says=reason("appraisal.misconceptions-same-option")
                if measure is same
                else reason("appraisal.misconceptions-felt-sure"),
                prescription=prescribe(
                    "start_questions_per_day",
                    t["prescribed_rule_questions"],
                    "questions",
                    reason("appraisal.change-takeaways"),
                    "misconceptions",
                ),
                evidence="misconceptions",
            ),
        )
    ]


def calibration(case: Case) -> list[Finding]:
    """Own guesses before a test against its result."""
    t, record = case.t, case.record
    gap, _ = case.newest(lambda s: evidence_indicators.guess_gap(record, s, t))
    value = gap.value
    over, under = (above(value, 1.0, 3.0), above(None if value is None else -value, 1.0, 3.0))
    return [
        judge(
            case,
            Reading(
                dimension="calibration",
                measure=gap,
                severity=max(over, under) * 0.8,
                says=reason("appraisal.calibration-too-high")
                if over
                else reason("appraisal.calibration-too-low"),
                prescription=extra_form(
                    t, reason("appraisal.change-guess-before-test"), "calibration"
                )
                if over or value is None
                else None,
                evidence="calibration",
            ),
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
    end = reason("appraisal.pacing-end-of-block")
    limits = (
        (drop, t["pacing_drop_points"], end, train),
        (
            blank,
            t["unanswered_share"],
            reason("appraisal.pacing-blank"),
            train,
        ),
        (late, t["out_of_time_share"], end, train),
        (
            slow,
            t["slow_misses_share"],
            reason("appraisal.pacing-slow"),
            train,
        ),
        (
            hurried,
            t["hurried_misses_share"],
            reason("appraisal.pacing-hurried"),
            prescribe(
                "start_questions_per_day",
                t["prescribed_reading_questions"],
                "questions",
                reason("appraisal.change-read-to-the-end"),
                "hurried",
            ),
        ),
    )
    known = [row for row in limits if row[0].value is not None]
    measure, limit, says, change = max(
        known or limits[:1], key=lambda row: above(row[0].value, row[1], 3 * row[1])
    )
    return [
        judge(
            case,
            Reading(
                dimension="pacing",
                measure=measure,
                severity=above(measure.value, limit, 3 * limit),
                says=says,
                prescription=change,
                evidence="hurried" if measure is hurried else "pacing",
            ),
        )
    ]


def _train_the_end(case: Case) -> tuple[float, Reason]:
    """Session length and reason for timed blocks in a row at the exam's pace, then their review."""
    t, record = case.t, case.record
    blocks = t.count("pacing_blocks_in_a_row")
    longest = t["pacing_session_minutes_max"]
    try:
        rhythm = facts.block_rhythm(record.exam.id, record.exam.planned_date or case.as_of)
    except FactError:
        return longest, reason("appraisal.change-timed-blocks", blocks=blocks)
    return (
        min(longest, (blocks + 1) * rhythm.minutes_per_block),
        reason(
            "appraisal.change-blocks-at-pace",
            blocks=blocks,
            items=rhythm.items_per_block,
            minutes=rhythm.minutes_per_block,
        ),
    )


def answer_changing(case: Case) -> list[Finding]:
    """Changed answers: the learner's own table, after enough of them. No blanket rule."""
    t, record = case.t, case.record
    changes, _ = case.newest(lambda s: evidence_indicators.answer_changes(record, s, t))
    few = below(changes.value, t["changes_right_share_low"]) * 0.5
    return [
        judge(
            case,
            Reading(
                dimension="answer-changing",
                measure=changes,
                severity=few,
                says=reason("appraisal.answer-changing"),
                prescription=None,
                evidence="answer-changing",
            ),
        )
    ]


def anxiety(case: Case) -> list[Finding]:
    """Practice above the sitting, and the learner's words."""
    t, record = case.t, case.record
    gap = evidence_indicators.practice_minus_sitting(record, case.as_of, t)
    return [
        judge(
            case,
            Reading(
                dimension="anxiety",
                measure=gap,
                severity=above(gap.value, t["anxiety_gap_reported"], 3 * t["anxiety_gap_reported"]),
                says=reason("appraisal.anxiety"),
                prescription=extra_form(t, reason("appraisal.change-rehearse-the-day"), "anxiety"),
                evidence="anxiety",
            ),
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
            Reading(
                dimension="sleep",
                measure=hours,
                severity=below(hours.value, low, low - 2.5),
                says=reason("appraisal.sleep"),
                prescription=prescribe(
                    "latest_hour",
                    t["prescribed_latest_hour"],
                    "clock hour",
                    reason("appraisal.change-latest-hour", hour=t.count("prescribed_latest_hour")),
                    "sleep",
                ),
                evidence="sleep",
                earlier=before,
                earlier_severity=below(before.value, low, low - 2.5) if before else 0.0,
            ),
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
        Reading(
            dimension="mood",
            measure=screen,
            severity=above(screen.value, t["mood_screen_cut"], 6.0),
            says=reason("appraisal.mood"),
            prescription=hours_cap(
                t, usual * t["mood_load_share"], reason("appraisal.change-lighter-load"), "mood"
            ),
            evidence="mood",
        ),
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
    says = [reason("appraisal.reading")]
    if not asked:
        says.append(reason("appraisal.reading-accommodations", place=case.place))
    return [
        judge(
            case,
            Reading(
                dimension="reading",
                measure=gap,
                severity=min(1.0, above(gap.value, limit, 2.5 * limit) * 1.2),
                says=tuple(says),
                prescription=prescribe(
                    "start_questions_per_day",
                    t["prescribed_reading_questions"],
                    "questions",
                    reason("appraisal.change-last-sentence-first"),
                    "reading",
                ),
                evidence="reading",
            ),
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
            Reading(
                dimension="foundation",
                measure=measure,
                severity=severity,
                says=reason("appraisal.foundation", place=case.place),
                prescription=weak_floor(
                    t, reason("appraisal.change-one-subject-at-a-time"), least=share
                ),
                evidence="foundation",
            ),
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
            Reading(
                dimension="life-load",
                measure=free,
                severity=min(1.0, below(free.value, low) * 1.3),
                says=reason("appraisal.life-load", place=case.place),
                prescription=prescribe(
                    "rotation_day_minutes",
                    t["prescribed_rotation_day_minutes"],
                    "minutes",
                    reason("appraisal.change-fit-between-duties"),
                    "life-load",
                ),
                evidence="life-load",
            ),
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
            says=reason("appraisal.no-attempt-to-compare"),
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
            Reading(
                dimension="same-plan",
                measure=measure,
                severity=severity,
                says=reason("appraisal.same-plan"),
                prescription=extra_form(t, reason("appraisal.change-early-test"), "same-plan"),
                evidence="same-plan",
            ),
        )
    ]
