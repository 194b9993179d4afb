"""The seven questions of the method, each read in the record, sub-questions kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bounceback.appraisal import core_indicators, record_queries
from bounceback.appraisal.findings import Case, above, below, judge
from bounceback.appraisal.models import Finding, Measure, Prescription, Span
from bounceback.appraisal.prescriptions import (
    extra_form,
    hours_cap,
    prescribe,
    usual_cap,
    weak_floor,
)


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
        f"You remember about {record_queries.hours_words(remembered * 60)} a day before the sitting."  # noqa: E501
        if remembered is not None
        else ""
    )
    logged_before = (
        core_indicators.hours_per_study_day(record, case.before, t).value
        if case.before is not None
        else None
    )
    differs = (
        remembered is not None
        and logged_before is not None
        and abs(remembered - logged_before) >= t["hours_words_gap"]
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
    words = "Your days are long; past some hours one more gives little."
    if drop.value is not None and drop.value >= t["overwork_drop_points"]:
        words = f"Your days are long, and their last block pays least. {drop.words}"
    findings = [
        judge(
            case,
            "effort",
            hours,
            severity,
            part="hours",
            words=words,
            # "1 of 5" may mean too few hours as well as too many: a cap needs days that are long.
            prescription=hours_cap(
                t,
                min(hours.value or 0.0, usual_cap(record)) - t["hours_cap_step"],
                "Fewer, clearer hours.",
                "overwork",
            )
            if severity > 0
            else _short_sessions(case),
            evidence="overwork" if severity > 0 else "design",
            earlier=before,
            earlier_severity=over(before) if before else 0.0,
            said_extra=said_extra,
            differs=differs,
        )
    ]
    if hours.value is None and remembered is not None and remembered >= t["overwork_hours"]:
        findings[0] = _remembered_long_days(case, hours, remembered, said_extra)
    elif severity == 0 and differs and remembered is not None and logged_before is not None:
        findings[0] = _remembered_other_hours(case, findings[0], remembered, logged_before)

    rest, old_rest = case.newest(lambda s: core_indicators.rest_days_per_week(record, s, t))
    need = t["rest_days_per_week_min"]
    low_rest = below(rest.value, need) if rest.value is not None else 0.0
    findings.append(
        judge(
            case,
            "effort",
            rest,
            low_rest * 0.6,
            part="rest",
            words="No full day off in most weeks.",
            prescription=prescribe(
                "rest_days_per_week", need, "days", "One day in seven is free, by plan.", "sleep"
            ),
            evidence="sleep",
            earlier=old_rest,
            well="Your weeks have a free day.",
        )
    )
    done, _ = case.newest(lambda s: core_indicators.done_share(record, case.as_of, s, t))
    # One week that went otherwise says nothing of the sessions: the week before must say it, too.
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
                "effort",
                done,
                below(done.value, t["effort_done_share_min"]),
                part="done",
                kind="effort",
                words="The plan asked for more than the days could give; smaller steps fit better.",
                prescription=prescribe(
                    "session_minutes",
                    t["prescribed_session_minutes"],
                    "minutes",
                    "Sessions are cut to a length that is easy to begin.",
                )
                if lasts
                else None,
                well="Most of what was planned was done.",
            )
        )
    uneven, _ = case.newest(lambda s: core_indicators.daily_variation(record, s, t))
    if uneven.value is not None and uneven.value > t["erratic_cv"]:
        findings.append(
            judge(
                case,
                "effort",
                uneven,
                above(uneven.value, t["erratic_cv"], 2 * t["erratic_cv"]) * 0.7,
                part="even",
                kind="effort",
                words="Days differ much in length; the same small start each day would even them.",
                prescription=prescribe(
                    "start_questions_per_day",
                    t["prescribed_even_questions"],
                    "questions",
                    "Each day begins with the same twenty questions.",
                ),
            )
        )
    return findings


def _remembered_long_days(
    case: Case, hours: Measure, remembered: float, said_extra: str
) -> Finding:
    """Long days that are remembered and not logged: words alone."""
    t = case.t
    answer = case.answer("effort")
    said = said_extra
    if answer is not None:
        said = f"You gave effort with rest {answer.answer} of 5. {said_extra}"
    severity = above(remembered, t["overwork_hours"], t["overwork_day_hours"])
    return Finding(
        dimension="effort",
        part="hours",
        state="held-back",
        kind="load",
        finding="As you remember them, the days before the sitting were long. This rests on your "
        "words alone.",
        confidence="low",
        said=said,
        measured=hours.words,
        prescription=hours_cap(
            t,
            min(remembered, usual_cap(case.record)) - t["hours_cap_step"],
            "Fewer, clearer hours.",
            "overwork",
        ),
        evidence="",
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
        finding=f"You remember about {record_queries.hours_words(remembered * 60)} a day; "
        f"the log shows about {record_queries.hours_words(logged * 60)}. Which is nearer?",
        severity=above(gap, case.t["hours_words_gap"], 3 * case.t["hours_words_gap"]),
        prescription=_short_sessions(case),
    )


def _short_sessions(case: Case) -> Prescription:
    """Short sessions: what tells too few hours from too many."""
    return prescribe(
        "session_minutes",
        case.t["prescribed_session_minutes"],
        "minutes",
        "Short sessions with a tick each show where the hours go.",
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
            "weaknesses",
            share,
            low(share),
            part="time",
            words="Your weakest areas have had less time than their share of the exam.",
            prescription=weak_floor(t, "Weakest first.", case.weak_weight),
            evidence="weaknesses",
            earlier=before,
            earlier_severity=low(before) if before else 0.0,
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
            "weaknesses",
            gap,
            severity,
            part="put-off",
            words=f"{area} waits." if area else "",
            prescription=weak_floor(
                t, f"{area or 'The weakest area'} opens tomorrow, 25 minutes.", case.weak_weight
            ),
            evidence="weaknesses",
            well="No weak area has waited long.",
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
        "One bank, one reference, one deck, one series of tests; a new one needs a swap.",
        "resources",
    )
    most = t["resources_max"]
    over = above(many.value, most + 1, 2 * most)
    bank = core_indicators.second_bank(record)
    open_bank = below(bank.value, t["bank_done_share"], t["bank_done_share"] / 4)
    return [
        judge(
            case,
            "resources",
            many,
            over,
            part="many",
            words="More resources are open than one plan can finish.",
            prescription=freeze,
            evidence="resources",
        ),
        judge(
            case,
            "resources",
            bank,
            open_bank * 0.9,
            part="finished",
            words="A second question bank is open while the first is unfinished.",
            prescription=freeze,
            evidence="resources",
            well="One question bank carries the work.",
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
            "assessment",
            gap,
            long_gap(gap),
            part="used",
            words="Weeks of study passed without a practice test to steer them.",
            prescription=prescribe(
                "form_spacing_days",
                t["prescribed_form_spacing_days"],
                "days",
                "Tests come closer together, the first in small steps.",
                "assessment",
            ),
            evidence="assessment",
            earlier=before,
            earlier_severity=long_gap(before) if before else 0.0,
        )
    ]
    baseline = core_indicators.forms_since_failure(record, case.as_of)
    if baseline.value == 0:
        findings.append(
            judge(
                case,
                "assessment",
                baseline,
                t["baseline_severity"],
                part="baseline",
                words="A first practice test since the sitting is missing; until it is in, nobody "
                "can say where you stand.",
                prescription=extra_form(t, "A baseline comes first: timed, in one sitting."),
                evidence="assessment",
            )
        )
    soft, _ = case.newest(lambda s: core_indicators.soft_forms(record, s, t))
    findings.append(
        judge(
            case,
            "assessment",
            soft,
            above(soft.value, t["forms_soft_share_max"], 1.0) * 0.9,
            part="conditions",
            words="Practice tests were taken under easier conditions than the exam's, so they say "
            "less.",
            prescription=extra_form(t, "One more unseen test, timed and in one sitting."),
            evidence="assessment",
            well="Your practice tests were taken under exam conditions.",
        )
    )
    change, _ = case.newest(lambda s: core_indicators.change_after_forms(record, s, t))
    findings.append(
        judge(
            case,
            "assessment",
            change,
            below(change.value, t["adapt_change_min"]) * 0.8,
            part="adapted",
            words="After a practice test the week stayed as it was.",
            prescription=weak_floor(t, "Time follows the newest test.", case.weak_weight),
            evidence="assessment",
            well="After practice tests your weeks changed.",
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
        "The week keeps room for half an hour with your adviser.",
        "help",
    )

    def long_gap(measure: Measure) -> float:
        return above(measure.value, t["contact_gap_days"], 2 * t["contact_gap_days"])

    return [
        judge(
            case,
            "help",
            alone,
            long_gap(alone),
            part="asked",
            words="These weeks were carried alone.",
            prescription=meeting,
            evidence="help",
            earlier=before,
            earlier_severity=long_gap(before) if before else 0.0,
        ),
        judge(
            case,
            "help",
            right,
            long_gap(right) * 0.8 if not long_gap(alone) else 0.0,
            part="right-person",
            words="You talk with people; one who can change the plan, the date or the access is "
            "not among them yet.",
            prescription=meeting,
            evidence="help",
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
            "cards",
            chosen,
            heavy(chosen),
            part="use",
            words="Cards take more than a quarter of the time; questions teach more of what the "
            "exam asks.",
            prescription=prescribe(
                "new_cards_per_day",
                t["prescribed_new_cards"],
                "cards",
                "No new cards for now; the time goes to mixed questions.",
                "cards",
            ),
            evidence="cards",
            earlier=before,
            earlier_severity=heavy(before) if before else 0.0,
        ),
        judge(
            case,
            "cards",
            kept,
            above(kept.value, t["not_recalled_share"], 2 * t["not_recalled_share"]),
            part="retention",
            words="Much of what you miss was known once and not at hand.",
            prescription=prescribe(
                "new_cards_per_day",
                t["prescribed_new_cards_decay"],
                "cards",
                "Due cards come first each day, and new ones are made from your misses.",
                "weaknesses",
            ),
            evidence="weaknesses",
            well="What you learned mostly stays.",
        ),
    ]


def timeline(case: Case) -> list[Finding]:
    """Timeline and date: what the last tests said, and what the new date asks."""
    t, record = case.t, case.record
    findings: list[Finding] = []
    retest = extra_form(
        t,
        "One more full test inside the last two weeks; the date stands on it.",
        "timeline",
    )
    rush = core_indicators.rush_ratio(record, case.as_of, case.since, t)
    if rush.value is not None:
        findings.append(
            judge(
                case,
                "timeline",
                rush,
                above(rush.value, t["rushed_ratio"], 3 * t["rushed_ratio"]),
                part="ahead",
                words="The planned date asks for more points a week than your tests have gained so "
                "far.",
                prescription=retest,
                evidence="timeline",
                well="The planned date fits your measured gain.",
            )
        )
    if case.before is None:
        return findings
    findings.append(
        judge(
            case,
            "timeline",
            Measure(
                name="who_chose_the_date",
                value=None,
                unit="",
                n=0,
                counted="entries",
                words="not enough recorded yet: a record does not hold who chose a date",
            ),
            0.0,
            part="who-chose",
            words="",
            prescription=prescribe(
                "buffer_share",
                t["prescribed_buffer_share"],
                "share of a week",
                "The week keeps room to choose the date with your adviser.",
                "help",
            ),
        )
    )
    chance = core_indicators.printed_chance_before_sitting(record, case.before, t)
    gap = core_indicators.last_form_before_sitting(record, case.before, t)
    findings.append(
        judge(
            case,
            "timeline",
            chance,
            below(chance.value, t["printed_chance_low"]),
            part="on-what",
            words="The date came before the practice tests were ready for it.",
            prescription=retest,
            evidence="timeline",
        )
    )
    findings.append(
        judge(
            case,
            "timeline",
            gap,
            above(gap.value, t["last_form_days"] + 1, 3 * t["last_form_days"]) * 0.8,
            part="last-test",
            words="The last practice test was too old to say where you stood on the day.",
            prescription=retest,
            evidence="timeline",
            well="A recent practice test came before the sitting.",
        )
    )
    return findings
