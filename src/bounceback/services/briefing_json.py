"""The briefing under the contract's keys: plain values, ready for JSON.

Scores and share-axis means are on the exam's reported score scale; probabilities in [0, 1]. The
screen's own scale for Step 1 is equated percent correct, named under ``scale.shown``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from bounceback import facts
from bounceback.appraisal.first_week import FirstWeekStep
from bounceback.appraisal.models import Finding
from bounceback.appraisal.triggers import HelpTrigger
from bounceback.decision.fees import weighed
from bounceback.decision.models import Decision, Option, ResultBand, RuleCheck
from bounceback.errors import FactError, FactUnknown
from bounceback.forecast.prediction import Forecast
from bounceback.forecast.scoring import MODEL_VERSION
from bounceback.messages import render
from bounceback.messages.appraisal import evidence_sentence, message_text, say_all
from bounceback.messages.decision import no_single_result
from bounceback.messages.forecast import flag_words
from bounceback.messages.registry import Format, Locale
from bounceback.services.candidate_dates import LONGEST_WEEKS
from bounceback.services.full_briefing import Briefing, Lookback
from bounceback.vocabulary import BRIEFING_SCHEMA

PARTS: Final = {
    "brief": (),
    "forecast": ("standing", "areas", "forecast"),
    "plan": ("time_needed", "remediation", "plan", "ledger", "changes", "levers", "target"),
    "replan": ("time_needed", "remediation", "plan", "ledger", "changes", "levers", "target"),
    "decide": ("decision", "time_needed", "remediation", "help"),
    "appraise": ("appraisal", "look_within", "help"),
    "outlook": ("outlook",),
}
"""Which keys a single question answers, beside those that every answer carries."""

ALWAYS: Final = ("schema", "model_version", "as_of", "exam", "notes", "scale", "support", "sources")


_KINDS: Final = {
    "first-takers": "published first takers,",
    "attempt": "attempt",
    "earlier-exam": "attempt",
    "blocks": "blocks",
}
"""How ``standing.evidence`` names what is no practice test."""


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _p(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 4)


def forecast_keys(f: Forecast) -> dict[str, Any]:
    """One day of the forecast."""
    return {
        "date": f.on.isoformat(),
        "score_mean": round(f.score_mean, 2),
        "score_sd": round(f.score_sd, 2),
        "p_pass": _p(f.p_pass),
        "p_pass_low": _p(f.p_pass_low),
        "p_pass_high": _p(f.p_pass_high),
        "p_pass_if_followed": _p(f.p_pass_if_followed),
        "score_low": round(f.score_low, 2),
        "score_high": round(f.score_high, 2),
        "p_next_low": None if f.p_next_low is None else _p(f.p_next_low),
        "p_next_high": None if f.p_next_high is None else _p(f.p_next_high),
    }


def rule_keys(check: RuleCheck) -> dict[str, Any]:
    """One rule held against the day; ``holds`` is null where the record cannot tell."""
    return {
        "rule": render(check.rule),
        "holds": check.holds,
        "source": check.source,
        "kind": check.kind,
        "blocks": check.blocks,
    }


def scale_keys(b: Briefing) -> dict[str, Any]:
    """Which scale the screen shows, and the pass mark with its status."""
    mark = facts.pass_mark(b.record.exam.id, b.plan.test_date)
    epc = b.record.exam.id == "usmle-step-1"
    return {
        "shown": "equated percent correct" if epc else "reported score",
        "pass_mark": {
            "value": mark.value,
            "status": mark.status,
            "in_force_from": _day(mark.in_force_from),
        },
    }


def area_keys(b: Briefing) -> list[dict[str, Any]]:
    """Standing and planned minutes by area of the share axis, then the other axes of reports.

    Another axis carries no score of its own: ``mean`` and ``sd`` are null there.
    """
    exam = facts.exam(b.record.exam.id)
    out: list[dict[str, Any]] = [
        {
            "area": a.area,
            "axis": exam.share_axis,
            "mean": round(a.mean, 2),
            "sd": round(a.sd, 2),
            "exam_weight": round(a.exam_weight, 12),
            "planned_minutes": int(b.plan.planned_minutes.get(a.area, 0)),
        }
        for a in b.belief.area_standings()
    ]
    for axis in ("discipline", "task"):
        try:
            categories = facts.blueprint(b.record.exam.id, axis, b.plan.test_date)
        except (FactUnknown, FactError):
            continue
        for c in categories:
            middle = None if c.low is None else (c.low + (c.high or c.low)) / 200.0
            out.append(
                {
                    "area": c.name,
                    "axis": axis,
                    "mean": None,
                    "sd": None,
                    "exam_weight": None if middle is None else round(middle, 12),
                    "planned_minutes": None,
                }
            )
    return out


def source_keys(b: Briefing) -> list[dict[str, Any]]:
    """Every published number the answer rests on, with value, first day, source, confidence."""
    exam, group, on = b.record.exam.id, b.record.learner.group, b.plan.test_date
    out: list[dict[str, Any]] = []

    def add(fact_id: str, value: object, first: date | None, source: str, trust: str) -> None:
        out.append(
            {
                "id": fact_id,
                "value": str(value),
                "in_force_from": _day(first),
                "source": source,
                "confidence": trust,
            }
        )

    mark = facts.pass_mark(exam, on)
    add(mark.id, f"{mark.value:g}", mark.in_force_from, mark.source, mark.status)
    for kind in ("first", "repeat"):
        try:
            rate = facts.pass_rate(exam, group, kind, on.year)
        except FactUnknown:
            continue
        add(
            f"pass-rate.{exam}.{rate.group_published}.{kind}.{rate.period}",
            f"{rate.pass_percent:g} of 100 ({rate.period}; "
            + (f"{rate.n:,} sittings)" if rate.n else "the count is not held here)"),
            None,
            rate.source,
            rate.confidence,
        )
    release = facts.release(exam, on)
    add(
        f"release.{exam}",
        f"{release.typical_weeks:g} weeks typically, allow {release.plan_weeks:g}",
        release.in_force_from,
        release.source,
        release.confidence,
    )
    rules = facts.attempt_rules(exam, on)
    for fact in (rules.max_attempts, rules.max_in_12_months):
        if fact.value is not None:
            add(fact.id, fact.value, fact.in_force_from, fact.source, fact.confidence)
    for family in sorted({f.family for f in b.record.forms}):
        try:
            line = facts.conversion(family, exam, on)
        except FactUnknown:
            continue
        add(
            f"conversion.{family}.{exam}",
            f"{line.slope:g} points per unit, {line.intercept:g} at 0",
            line.in_force_from,
            line.source,
            line.confidence,
        )
    parameters = facts.parameters("forecast", exam)
    names = ["ceiling", "kappa", "score_sd", "sitting_sd", "forgetting_per_day", "adherence_mean"]
    names.append(f"rate_median.{group}" if f"rate_median.{group}" in parameters else "rate_median")
    for name in names:
        fact = parameters[name]
        add(f"forecast.{name}", fact.value, fact.in_force_from, fact.source, fact.confidence)
    return out


def finding_keys(finding: Finding) -> dict[str, str]:
    """One finding of the appraisal under the briefing's keys, as text."""
    change = finding.prescription
    return {
        "dimension": finding.dimension,
        "finding": say_all(finding.says),
        "confidence": finding.confidence,
        "said": say_all(finding.said),
        "measured": render(finding.measure.says) if finding.measure is not None else "",
        "prescription": f"{say_all(change.why)} {evidence_sentence(change.evidence)}".strip()
        if change is not None
        else "",
    }


def help_keys(offer: HelpTrigger) -> dict[str, Any]:
    """One offer of help; ``message`` is the draft, null where the act is none."""
    return {
        "trigger": offer.trigger,
        "why": say_all(offer.why),
        "offer": render(offer.offer),
        "act": offer.act,
        "to": render(offer.to),
        "message": {
            "to": render(offer.to),
            "subject": render(offer.subject),
            "text": message_text(offer),
        }
        if offer.has_message
        else None,
    }


def _step_keys(step: FirstWeekStep) -> dict[str, str]:
    return {"do": render(step.do), "who": render(step.who)}


def support_keys(b: Briefing) -> list[dict[str, Any]]:
    """Support lines, the learner's country first; all where the country is not known."""
    return [
        {
            "service": line.service,
            "contact": line.contact,
            "country": line.country,
            "checked": line.checked.isoformat(),
        }
        for line in facts.support_lines(b.record.learner.country)
    ]


def at_work_keys(b: Briefing) -> list[dict[str, Any]]:
    """The plan changes at work, each with the day it began and that of its next look."""
    return [
        {
            "dimension": w.finding.dimension,
            "parameter": w.prescription.parameter,
            "value": w.prescription.value,
            "unit": w.prescription.unit,
            "why": say_all(w.prescription.why),
            "since": w.since.isoformat(),
            "next_look": w.next_look.isoformat(),
            "last_look": say_all(w.why),
        }
        for w in b.at_work
    ]


def misses_keys(b: Briefing) -> dict[str, Any]:
    """What misses and blocks say beyond their causes: reasoning, repeats, pairs, pace, changes."""
    from bounceback.appraisal import (
        answer_changes,
        confusion_pairs,
        load_thresholds,
        pacing_by_quarter,
        reasoning_trend,
        repeated_options,
        rules_of,
    )

    record, t = b.record, load_thresholds(b.record.exam.id)
    reasoning = reasoning_trend(record.misses, t, as_of=b.as_of)
    on = record.exam.planned_date or b.as_of
    changed = answer_changes(record.blocks, t)
    rules = rules_of(record.misses, record.looks, t)
    return {
        "reasoning": "" if reasoning is None else render(reasoning.says),
        "repeated": [
            {"item": r.item, "chosen": r.chosen, "times": r.times, "area": r.area}
            for r in repeated_options(record.misses)
        ],
        "pairs": [
            {"names": list(p.names), "times": p.times} for p in confusion_pairs(record.misses)
        ],
        "pacing": [
            {
                "items_per_block": p.items_per_block,
                "blocks": p.blocks,
                "quarters": [
                    {"items": q.items, "correct": q.correct, "blank": q.blank} for q in p.quarters
                ],
                "drop_points": p.drop_points,
                "drop_low": p.drop_low,
                "drop_high": p.drop_high,
            }
            for p in pacing_by_quarter(record.blocks, record.exam.id, on, t)
        ],
        "rules": {
            "open": len(rules.open_rules),
            "due": [{"rule": r.text, "area": r.area} for r in rules.due(b.as_of)],
            "closed": len(rules.rules) - len(rules.open_rules),
        },
        "answer_changes": {"changes": changed.changes, "to_right": changed.to_right}
        if changed.enough
        else None,
    }


def meeting_keys(b: Briefing) -> dict[str, Any]:
    """The agenda of a meeting with the adviser today; check-ins and notes never enter it."""
    from bounceback.appraisal import agenda

    found = agenda(b.record, b.as_of, b.appraisal, triggers=b.help_offers)
    return {
        "summary": [render(line) for line in found.summary],
        "points": [
            {
                "title": i.title if isinstance(i.title, str) else render(i.title),
                "ask": say_all(i.ask),
            }
            for i in found.items
        ],
        "agreed_last_time": render(found.agreed_last_time) if found.agreed_last_time else "",
        "next_date": found.next_date.isoformat(),
    }


def look_within_keys(b: Briefing) -> dict[str, Any]:
    """What stands around the findings: first page, reports, misses, changes at work, meeting."""
    from bounceback.appraisal import (
        cause_table,
        cause_trend,
        compare_reports,
        first_page,
        load_thresholds,
        question_of_the_day,
        silence_note,
    )

    page = first_page(b.record, b.as_of) if b.belief.retaker else None
    reports = compare_reports(b.record, b.as_of)
    table = cause_table(b.record.misses)
    thresholds = load_thresholds(b.record.exam.id)
    causes = []
    for cause, count in sorted(table.by_cause().items(), key=lambda entry: -entry[1]):
        if count:
            trend = cause_trend(b.record.misses, cause, thresholds, as_of=b.as_of)
            words = "" if trend is None else render(trend.says)
            causes.append({"cause": cause, "misses": count, "of": table.total, "trend": words})
    question = question_of_the_day(b.record, on=b.as_of)
    note = silence_note(b.record, b.as_of, thresholds)
    return {
        "first": None
        if page is None
        else {
            "opening": render(page.opening),
            "not_alone": render(page.not_alone),
            "fears": [
                {"name": render(f.name), "answer": say_all(f.answer), "ask": render(f.ask)}
                for f in page.fears
            ],
            "first_week": [_step_keys(step) for step in page.first_week],
            "now": [_step_keys(step) for step in page.now],
        },
        "reports": None
        if reports is None
        else {
            "sitting": reports.sitting.isoformat(),
            "words": render(reports.says),
            "areas": [
                {
                    "area": a.area,
                    "official": a.official,
                    "practice": a.practice,
                    "agreement": a.agreement,
                    "words": render(a.says),
                }
                for a in reports.areas
            ],
        },
        "causes": causes,
        "question": None
        if question is None
        else {
            "key": question.key,
            "title": render(question.title),
            "statement": render(question.statement),
            "ask": render(question.ask) if question.ask is not None else "",
        },
        "at_work": at_work_keys(b),
        "misses": misses_keys(b),
        "meeting": meeting_keys(b),
        "silence": render(note) if note is not None else "",
    }


def plan_keys(b: Briefing) -> dict[str, Any]:
    """The plan with the day the learner planned and the one advised, if any, when it was made."""
    advised = b.decision.date if b.decision.advice in ("sit", "move") else None
    return {
        **b.plan.to_briefing(),
        "planned_date": _day(b.record.exam.planned_date),
        "advised": _day(advised),
        "moves": b.decision.moves,
    }


def remediation_keys(b: Briefing) -> dict[str, Any] | None:
    """The next steps and the checkpoint test as text; null where none are advised."""
    if b.remediation is None:
        return None
    locale = Locale(country=b.record.learner.country or "US", today=b.as_of)
    retest = b.remediation.retest
    return {
        "steps": [
            {
                "what": render(step.what, locale),
                "who": render(step.who, locale),
                "by": step.by.isoformat(),
                "why": render(step.why, locale),
            }
            for step in b.remediation.steps
        ],
        "areas": list(b.remediation.areas),
        "retest": None
        if retest is None
        else {
            "family": retest.family,
            "form": retest.form,
            "date": retest.date.isoformat(),
            "score": retest.score,
            "why": render(retest.why, locale),
        },
    }


def target_keys(b: Briefing) -> dict[str, Any] | None:
    """The cheapest changes that reach the target chance; null where none is set."""
    if b.target is None:
        return None
    return {
        "p_pass_wanted": b.record.exam.target_p_pass,
        "changes": list(b.target.changes),
        "date": b.target.date.isoformat(),
        "p_pass": _p(b.target.p_pass),
        "reached": b.target.reached,
    }


def standing_keys(b: Briefing) -> dict[str, Any]:
    """Where the learner stands, and the share of information of each piece of evidence."""
    return {
        "score_mean": round(b.belief.score_mean, 2),
        "score_sd": round(b.belief.score_sd, 2),
        "p_pass_if_today": _p(b.p_pass_if_today),
        "evidence": [
            {
                "what": f"{e.subject} {e.label}".strip()
                if e.kind == "practice-test"
                else f"{_KINDS[e.kind]} {e.subject}",
                "kind": e.kind,
                "date": _day(e.on),
                "weight": round(e.weight, 12),
                "flag": flag_words(e.flags) or None,
            }
            for e in b.belief.evidence
        ],
    }


def option_keys(o: Option) -> dict[str, Any]:
    """One way to go on, in the same detail as every other."""
    return {
        "kind": o.kind,
        "date": _day(o.date),
        "p_pass": None if o.p_pass is None else _p(o.p_pass),
        "weeks": None if o.weeks is None else round(o.weeks, 1),
        "result_usual": _day(o.result_usual),
        "result_latest": _day(o.result_latest),
        "deadlines": [
            {"what": d.what, "date": d.date.isoformat(), "met": d.met} for d in o.deadlines
        ],
        "fee_now_usd": o.fee_now_usd,
        "fee_if_moved_later_usd": o.fee_if_moved_later_usd,
        "attempts_left_if_failed": o.attempts_left_if_failed,
        "earliest_next": _day(o.earliest_next),
        "points_from_mark": None if o.points_from_mark is None else round(o.points_from_mark, 2),
    }


_SHARE_STEPS: Final = 10**6
"""Shares are written in millionths."""


def bands_keys(bands: Sequence[ResultBand]) -> list[dict[str, Any]]:
    """What the results of the next practice test would mean; the written shares sum to 1."""
    ends = [0]
    total = 0.0
    for band in bands:
        total += band.share
        ends.append(round(total * _SHARE_STEPS))
    shares = [(b - a) / _SHARE_STEPS for a, b in pairwise(ends)]
    return [band_keys(band, share) for band, share in zip(bands, shares, strict=True)]


def band_keys(band: ResultBand, share: float) -> dict[str, Any]:
    """What one band of results of the next practice test would mean.

    Args:
        band: The band.
        share: Its share, as it is written.
    """
    return {
        "score_low": round(band.score_low, 1),
        "score_high": round(band.score_high, 1),
        "share": share,
        "advice": band.advice,
        "date": _day(band.date),
        "p_pass": None if band.p_pass is None else _p(band.p_pass),
        "kept": None if band.kept is None else _p(band.kept),
    }


def next_test_note(b: Briefing, fmt: Format) -> str | None:
    """Say where no result of the next test alone keeps the date, and what would; else null."""
    bands, planned = b.if_next_test, b.record.exam.planned_date
    if not bands or planned is None or b.decision.about != planned or bands[0].advice == "sit":
        return None
    return no_single_result(planned, [band.kept for band in bands], fmt)


def next_test_keys(d: Decision) -> dict[str, Any] | None:
    """The practice test that decides next; null without one."""
    if d.next_test is None:
        return None
    return {
        "family": d.next_test.family,
        "form": d.next_test.form,
        "date": d.next_test.on.isoformat(),
    }


def decision_keys(b: Briefing) -> dict[str, Any]:
    """The advice with its reasons, rules, priorities, fees and the ways to go on."""
    d, record, as_of = b.decision, b.record, b.as_of
    counted = weighed(record, as_of)
    locale = Locale(country=record.learner.country or "US", today=as_of)
    return {
        "advice": d.advice,
        "date": _day(d.date),
        "p_pass": None if d.p_pass is None else _p(d.p_pass),
        "p_pass_low": None if d.p_pass_low is None else _p(d.p_pass_low),
        "p_pass_high": None if d.p_pass_high is None else _p(d.p_pass_high),
        "headline": render(d.headline, locale),
        "reasons": [render(r, locale) for r in d.reasons],
        "rules": [rule_keys(c) for c in d.rules],
        "next_test": next_test_keys(d),
        "if_next_test": bands_keys(b.if_next_test),
        "if_next_test_note": next_test_note(b, Format(locale)),
        "options": [option_keys(o) for o in b.options],
        "evidence_grade": d.evidence.grade,
        "conditions": [render(r, locale) for r in d.conditions],
        "pact": render(d.pact, locale) if d.pact is not None else "",
        "kept": None if d.kept is None else _p(d.kept),
        "moves": d.moves,
        "attempt_number": d.attempt_number,
        "last_attempt": d.last_attempt,
        "opens": _day(d.opens),
        "about": _day(d.about),
        "weights": d.weights,
        "fees": [
            {
                "kind": fee.kind,
                "condition": fee.condition,
                "amount_usd": fee.amount_usd,
                "source": fee.source,
                "confidence": fee.confidence,
                "weighed": fee in counted,
            }
            for fee in facts.fees(record.exam.id, d.date or as_of)
        ],
    }


def to_json(b: Briefing, question: str = "brief") -> dict[str, Any]:
    """The briefing, or the part of it that answers one question, under the contract's keys."""
    answers: dict[str, Callable[[], Any]] = {
        "schema": lambda: BRIEFING_SCHEMA,
        "model_version": lambda: MODEL_VERSION,
        "as_of": lambda: b.as_of.isoformat(),
        "exam": lambda: b.record.exam.id,
        "notes": lambda: list(b.notes),
        "scale": lambda: scale_keys(b),
        "standing": lambda: standing_keys(b),
        "areas": lambda: area_keys(b),
        "forecast": lambda: [
            # A period that opens beyond is shown by its first day on the page, and decided on.
            forecast_keys(f)
            for f in b.forecasts
            if f.on <= b.as_of + timedelta(weeks=LONGEST_WEEKS)
        ],
        "decision": lambda: decision_keys(b),
        "time_needed": lambda: b.time_needed.to_briefing(),
        "remediation": lambda: remediation_keys(b),
        "appraisal": lambda: [finding_keys(f) for f in b.appraisal.largest],
        "look_within": lambda: look_within_keys(b),
        "plan": lambda: plan_keys(b),
        "ledger": lambda: [e.to_briefing() for e in b.plan.ledger],
        "changes": lambda: [c.to_briefing() for c in b.plan.changes],
        "levers": lambda: [lever.to_briefing() for lever in b.levers],
        "target": lambda: target_keys(b),
        "help": lambda: [help_keys(offer) for offer in b.help_offers],
        "support": lambda: support_keys(b),
        "outlook": lambda: b.outlook,
        "sources": lambda: source_keys(b),
    }
    wanted = PARTS[question] or answers
    return {key: read() for key, read in answers.items() if key in wanted or key in ALWAYS}


def lookback_to_json(found: Lookback) -> dict[str, Any]:
    """The briefing of the day before the failed sitting, and beside it what was decided."""
    return {
        **to_json(found.then),
        "decided": {
            "date": found.sitting.isoformat(),
            "outcome": found.outcome,
            "what": [render(line) for line in found.seen.decided],
        },
        "evidence_then": [render(m.says) for m in found.seen.indicators],
    }
