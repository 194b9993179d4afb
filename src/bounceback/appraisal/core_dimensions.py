"""The seven questions of the method, each read in the record, sub-questions kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bounceback.appraisal import core_indicators, record_queries
from bounceback.appraisal.findings import Case, Reading, above, below, judge, to_answer
from bounceback.appraisal.models import Finding, Measure, Prescription, Span
from bounceback.appraisal.prescriptions import (
    extra_form,
    hours_cap,
    prescribe,
    usual_cap,
    weak_floor,
)
from bounceback.reasons import Reason, reason


def effort(case: Case) -> list[Finding]:
    """Effort or overwork: hours and the day's end, rest, done against planned, even days."""
    t, record = case.t, case.record
    hours, before = case.newest(lambda s: core_indicators.hours_per_study_day(record, s, t))
    drop, _ = case.newest(lambda s: core_indicators.late_day_drop(record, s, t))
    remembered = None
    failure = record_queries.last_failure(record, case.as_of)
    if failure is not None:
        remembered = failure.hours_per_day
    said_extra = (
        (reason("appraisal.remembered-hours", minutes=remembered * 60),)
        if remembered is not None
        else ()
    )
    logged_before = (
        core_indicators.hours_per_study_day(record, case.before, t).value
        if case.before is not None
        else None
    )
    differs = (
        remembered is not None
        and logged_before is not None
        and (abs(remembered - logged_before) >= t["hours_words_gap"])
    )

    def over(measure: Measure) -> float:
        if measure.value is None:
            return 0.0
        long_day = above(measure.value, t["overwork_hours"], t["overwork_day_hours"])
        if drop.value is not None and drop.value < t["overwork_drop_points"]:
            return long_day / 2
        tired = drop.value is not None and drop.value >= t["overwork_drop_points"]
        return min(1.0, long_day * 1.5 + 0.3) if long_day and tired else long_day

    severity = over(hours)
    says: tuple[Reason, ...] = (reason("appraisal.effort-long-days"),)
    if drop.value is not None and drop.value >= t["overwork_drop_points"]:
        says = (reason("appraisal.effort-long-days-last-block"), drop.says)
    findings = [
        judge(
            case,
            Reading(
                dimension="effort",
                measure=hours,
                severity=severity,
                part="hours",
                says=says,
                # "1 of 5" may mean too few hours as well as too many: a cap needs long days.
                prescription=hours_cap(
                    t,
                    min(hours.value or 0.0, usual_cap(record)) - t["hours_cap_step"],
                    reason("appraisal.change-fewer-hours"),
                    "overwork",
                )
                if severity > 0
                else _short_sessions(case),
                evidence="overwork" if severity > 0 else "design",
                earlier=before,
                earlier_severity=over(before) if before else 0.0,
                said_extra=said_extra,
                differs=differs,
            ),
        )
    ]
    if hours.value is None and remembered is not None and (remembered >= t["overwork_hours"]):
        findings[0] = _remembered_long_days(case, hours, remembered, said_extra)
    elif severity == 0 and differs and (remembered is not None) and (logged_before is not None):
        findings[0] = _remembered_other_hours(case, findings[0], remembered, logged_before)
    rest, old_rest = case.newest(lambda s: core_indicators.rest_days_per_week(record, s, t))
    need = t["rest_days_per_week_min"]
    low_rest = below(rest.value, need) if rest.value is not None else 0.0
    findings.append(
        judge(
            case,
            Reading(
                dimension="effort",
                measure=rest,
                severity=low_rest * 0.6,
                part="rest",
                says=reason("appraisal.effort-rest"),
                prescription=prescribe(
                    "rest_days_per_week", need, "days", reason("appraisal.change-day-off"), "sleep"
                ),
                evidence="sleep",
                earlier=old_rest,
                well=reason("appraisal.effort-rest-well"),
            ),
        )
    )
    # One week that went otherwise says nothing of the sessions: the week before must say it, too.
    done, _ = case.newest(lambda s: core_indicators.done_share(record, case.as_of, s, t))
    week = timedelta(days=t.count("effort_window_days") // 2)
    earlier, _ = case.newest(
        lambda s: core_indicators.done_share(
            record, case.as_of, Span(first=s.first, last=s.last - week), t
        )
    )
    lasts = earlier.value is not None and earlier.value < t["effort_done_share_min"]
    if done.value is not None:
        findings.append(
            judge(
                case,
                Reading(
                    dimension="effort",
                    measure=done,
                    severity=below(done.value, t["effort_done_share_min"]),
                    part="done",
                    kind="effort",
                    says=reason("appraisal.effort-done"),
                    prescription=prescribe(
                        "session_minutes",
                        t["prescribed_session_minutes"],
                        "minutes",
                        reason("appraisal.change-shorter-sessions"),
                    )
                    if lasts
                    else None,
                    well=reason("appraisal.effort-done-well"),
                ),
            )
        )
    uneven, _ = case.newest(lambda s: core_indicators.daily_variation(record, s, t))
    if uneven.value is not None and uneven.value > t["erratic_cv"]:
        findings.append(
            judge(
                case,
                Reading(
                    dimension="effort",
                    measure=uneven,
                    severity=above(uneven.value, t["erratic_cv"], 2 * t["erratic_cv"]) * 0.7,
                    part="even",
                    kind="effort",
                    says=reason("appraisal.effort-even"),
                    prescription=prescribe(
                        "start_questions_per_day",
                        t["prescribed_even_questions"],
                        "questions",
                        reason("appraisal.change-same-start"),
                    ),
                ),
            )
        )
    return findings


def _remembered_long_days(
    case: Case, hours: Measure, remembered: float, said_extra: tuple[Reason, ...]
) -> Finding:
    """Long days that are remembered and not logged: words alone."""
    t = case.t
    answer = case.answer("effort")
    said = said_extra
    if answer is not None:
        said = (to_answer(answer, "effort"), *said_extra)
    severity = above(remembered, t["overwork_hours"], t["overwork_day_hours"])
    return Finding(
        dimension="effort",
        part="hours",
        state="held-back",
        kind="load",
        says=(
            reason("appraisal.effort-remembered-long-days"),
            reason("appraisal.your-answer-only"),
        ),
        confidence="low",
        said=said,
        prescription=hours_cap(
            t,
            min(remembered, usual_cap(case.record)) - t["hours_cap_step"],
            reason("appraisal.change-fewer-hours"),
            "overwork",
        ),
        evidence=None,
        severity=severity,
        measure=hours,
    )


def _remembered_other_hours(
    case: Case, finding: Finding, remembered: float, logged: float
) -> Finding:
    """Hours remembered against hours logged: both, without a verdict."""
    gap = abs(remembered - logged)
    return replace(
        finding,
        state="look-again",
        confidence="medium",
        says=(
            reason(
                "appraisal.effort-remembered-other-hours",
                remembered_minutes=remembered * 60,
                logged_minutes=logged * 60,
            ),
        ),
        severity=above(gap, case.t["hours_words_gap"], 3 * case.t["hours_words_gap"]),
        prescription=_short_sessions(case),
    )


def _short_sessions(case: Case) -> Prescription:
    """Short sessions: what tells too few hours from too many."""
    return prescribe(
        "session_minutes",
        case.t["prescribed_session_minutes"],
        "minutes",
        reason("appraisal.change-short-ticked-sessions"),
    )


def weaknesses(case: Case) -> list[Finding]:
    """Weaknesses faced: time on the weakest third against its share, and the one put off."""
    t, record = case.t, case.record
    share, before = case.newest(
        lambda s: core_indicators.weak_share_of_fair(record, case.as_of, s, case.weak, t)
    )

    def low(measure: Measure) -> float:
        return below(measure.value, t["weak_share_of_fair_min"])

    findings = [
        judge(
            case,
            Reading(
                dimension="weaknesses",
                measure=share,
                severity=low(share),
                part="time",
                says=reason("appraisal.weaknesses-time"),
                prescription=weak_floor(
                    t, reason("appraisal.change-weakest-first"), case.weak_weight
                ),
                evidence="weaknesses",
                earlier=before,
                earlier_severity=low(before) if before else 0.0,
            ),
        )
    ]
    target = case.since
    area, gap = core_indicators.longest_untouched(record, target, case.weak, t)
    if gap.value is None and case.before is not None:
        area, gap = core_indicators.longest_untouched(record, case.before, case.weak, t)
    severity = above(gap.value, t["weak_untouched_days"], 3 * t["weak_untouched_days"]) * 0.7
    findings.append(
        judge(
            case,
            Reading(
                dimension="weaknesses",
                measure=gap,
                severity=severity,
                part="put-off",
                says=reason("appraisal.weaknesses-put-off", area=area),
                prescription=weak_floor(
                    t, reason("appraisal.change-start-with-area", area=area), case.weak_weight
                ),
                evidence="weaknesses",
                well=reason("appraisal.weaknesses-put-off-well"),
            ),
        )
    )
    return findings


def resources(case: Case) -> list[Finding]:
    """Few resources: how many are open, and whether the main bank is finished."""
    t, record = case.t, case.record
    many = core_indicators.open_resources(record)
    freeze = prescribe(
        "resource_freeze",
        t["prescribed_resource_freeze"],
        "yes = 1",
        reason("appraisal.change-no-new-resources"),
        "resources",
    )
    most = t["resources_max"]
    over = above(many.value, most + 1, 2 * most)
    bank = core_indicators.second_bank(record)
    open_bank = below(bank.value, t["bank_done_share"], t["bank_done_share"] / 4)
    return [
        judge(
            case,
            Reading(
                dimension="resources",
                measure=many,
                severity=over,
                part="many",
                says=reason("appraisal.resources-many"),
                prescription=freeze,
                evidence="resources",
            ),
        ),
        judge(
            case,
            Reading(
                dimension="resources",
                measure=bank,
                severity=open_bank * 0.9,
                part="finished",
                says=reason("appraisal.resources-finished"),
                prescription=freeze,
                evidence="resources",
                well=reason("appraisal.resources-finished-well"),
            ),
        ),
    ]


def assessment(case: Case) -> list[Finding]:
    """Practice tests: used under exam conditions, and adapted to; two questions, kept apart."""
    t, record = case.t, case.record
    gap, before = case.newest(lambda s: core_indicators.days_without_form(record, s, t))

    def long_gap(measure: Measure) -> float:
        return above(measure.value, t["forms_gap_days"], 3 * t["forms_gap_days"])

    findings = [
        judge(
            case,
            Reading(
                dimension="assessment",
                measure=gap,
                severity=long_gap(gap),
                part="used",
                says=reason("appraisal.assessment-used"),
                prescription=prescribe(
                    "form_spacing_days",
                    t["prescribed_form_spacing_days"],
                    "days",
                    reason("appraisal.change-tests-closer"),
                    "assessment",
                ),
                evidence="assessment",
                earlier=before,
                earlier_severity=long_gap(before) if before else 0.0,
            ),
        )
    ]
    baseline = core_indicators.forms_since_failure(record, case.as_of)
    if baseline.value == 0:
        findings.append(
            judge(
                case,
                Reading(
                    dimension="assessment",
                    measure=baseline,
                    severity=t["baseline_severity"],
                    part="baseline",
                    says=reason("appraisal.assessment-baseline"),
                    prescription=extra_form(t, reason("appraisal.change-baseline-first")),
                    evidence="assessment",
                ),
            )
        )
    soft, _ = case.newest(lambda s: core_indicators.soft_forms(record, s, t))
    findings.append(
        judge(
            case,
            Reading(
                dimension="assessment",
                measure=soft,
                severity=above(soft.value, t["forms_soft_share_max"], 1.0) * 0.9,
                part="conditions",
                says=reason("appraisal.assessment-conditions"),
                prescription=extra_form(t, reason("appraisal.change-one-unseen-test")),
                evidence="assessment",
                well=reason("appraisal.assessment-conditions-well"),
            ),
        )
    )
    change, _ = case.newest(lambda s: core_indicators.change_after_forms(record, s, t))
    findings.append(
        judge(
            case,
            Reading(
                dimension="assessment",
                measure=change,
                severity=below(change.value, t["adapt_change_min"]) * 0.8,
                part="adapted",
                says=reason("appraisal.assessment-adapted"),
                prescription=weak_floor(
                    t, reason("appraisal.change-follow-newest-test"), case.weak_weight
                ),
                evidence="assessment",
                well=reason("appraisal.assessment-adapted-well"),
            ),
        )
    )
    return findings


def help_(case: Case) -> list[Finding]:
    """Asking for help: asked at all, and the person who can change something."""
    t, record = case.t, case.record
    alone, before = case.newest(lambda s: core_indicators.days_without_contact(record, s, t))
    right, _ = case.newest(
        lambda s: core_indicators.days_without_contact(record, s, t, right_person=True)
    )
    meeting = prescribe(
        "buffer_share",
        t["prescribed_buffer_share"],
        "share of a week",
        reason("appraisal.change-time-for-advisor"),
        "help",
    )

    def long_gap(measure: Measure) -> float:
        return above(measure.value, t["contact_gap_days"], 2 * t["contact_gap_days"])

    return [
        judge(
            case,
            Reading(
                dimension="help",
                measure=alone,
                severity=long_gap(alone),
                part="asked",
                says=reason("appraisal.help-asked"),
                prescription=meeting,
                evidence="help",
                earlier=before,
                earlier_severity=long_gap(before) if before else 0.0,
            ),
        ),
        judge(
            case,
            Reading(
                dimension="help",
                measure=right,
                severity=long_gap(right) * 0.8 if not long_gap(alone) else 0.0,
                part="right-person",
                says=reason("appraisal.help-right-person"),
                prescription=meeting,
                evidence="help",
            ),
        ),
    ]


def cards(case: Case) -> list[Finding]:
    """Cards: what share they take, and whether what was learned stays."""
    t, record = case.t, case.record
    share, before = case.newest(lambda s: core_indicators.cards_share(record, s, t))
    due = core_indicators.due_cards_share(record)
    most = t["cards_share_max"]

    def heavy(measure: Measure) -> float:
        return above(measure.value, most * 1.001, 2 * most)

    chosen = max((share, due), key=lambda m: (m.value is not None, heavy(m)))
    kept, _ = case.newest(lambda s: record_queries.cause_share(record, s, "not-recalled", t))
    return [
        judge(
            case,
            Reading(
                dimension="cards",
                measure=chosen,
                severity=heavy(chosen),
                part="use",
                says=reason("appraisal.cards-use"),
                prescription=prescribe(
                    "new_cards_per_day",
                    t["prescribed_new_cards"],
                    "cards",
                    reason("appraisal.change-no-new-cards"),
                    "cards",
                ),
                evidence="cards",
                earlier=before,
                earlier_severity=heavy(before) if before else 0.0,
            ),
        ),
        judge(
            case,
            Reading(
                dimension="cards",
                measure=kept,
                severity=above(kept.value, t["not_recalled_share"], 2 * t["not_recalled_share"]),
                part="retention",
                says=reason("appraisal.cards-retention"),
                prescription=prescribe(
                    "new_cards_per_day",
                    t["prescribed_new_cards_decay"],
                    "cards",
                    reason("appraisal.change-due-cards-first"),
                    "weaknesses",
                ),
                evidence="weaknesses",
                well=reason("appraisal.cards-retention-well"),
            ),
        ),
    ]


def timeline(case: Case) -> list[Finding]:
    """Timeline and date: what the last tests said, and what the new date asks."""
    t, record = case.t, case.record
    findings: list[Finding] = []
    retest = extra_form(t, reason("appraisal.change-test-in-last-two-weeks"), "timeline")
    rush = core_indicators.rush_ratio(record, case.as_of, case.since, t)
    if rush.value is not None:
        findings.append(
            judge(
                case,
                Reading(
                    dimension="timeline",
                    measure=rush,
                    severity=above(rush.value, t["rushed_ratio"], 3 * t["rushed_ratio"]),
                    part="ahead",
                    says=reason("appraisal.timeline-ahead"),
                    prescription=retest,
                    evidence="timeline",
                    well=reason("appraisal.timeline-ahead-well"),
                ),
            )
        )
    if case.before is None:
        return findings
    findings.append(
        judge(
            case,
            Reading(
                dimension="timeline",
                measure=Measure(
                    name="who_chose_the_date",
                    value=None,
                    unit="",
                    n=0,
                    counted="entries",
                    says=reason("appraisal.not-asked-who-chose"),
                ),
                severity=0.0,
                part="who-chose",
                says=None,
                prescription=prescribe(
                    "buffer_share",
                    t["prescribed_buffer_share"],
                    "share of a week",
                    reason("appraisal.change-choose-date-together"),
                    "help",
                ),
            ),
        )
    )
    chance = core_indicators.printed_chance_before_sitting(record, case.before, t)
    gap = core_indicators.last_form_before_sitting(record, case.before, t)
    findings.append(
        judge(
            case,
            Reading(
                dimension="timeline",
                measure=chance,
                severity=below(chance.value, t["printed_chance_low"]),
                part="on-what",
                says=reason("appraisal.timeline-on-what"),
                prescription=retest,
                evidence="timeline",
            ),
        )
    )
    findings.append(
        judge(
            case,
            Reading(
                dimension="timeline",
                measure=gap,
                severity=above(gap.value, t["last_form_days"] + 1, 3 * t["last_form_days"]) * 0.8,
                part="last-test",
                says=reason("appraisal.timeline-last-test"),
                prescription=retest,
                evidence="timeline",
                well=reason("appraisal.timeline-last-test-well"),
            ),
        )
    )
    return findings
