"""K, M and X: content by foundation, cards, strands beside the areas, the state of waiting."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Final

from bounceback_lab.plan_criteria.plan_view import PlanView
from bounceback_lab.plan_criteria.registry import Finding, criterion, holds, not_applicable

CONTENT: Final = ("reading", "video")
CONTENT_SHARE: Final = {
    "fundamental-gap": (0.20, 0.50),
    "wobbly": (0.05, 0.35),
    "mostly-solid": (0.0, 0.20),
}
CARDS_SHARE: Final = 0.20
CARDS_PIECE: Final = 45
CARDS_DAY: Final = 60
CCS_SHARE: Final = 0.15
CDM_SHARE: Final = 0.08
OMM_SHARE: Final = 0.08
OMM_DAYS_A_WEEK: Final = 2
OUT_OF_TIME_SHARE: Final = 0.40
FEWEST_MISSES: Final = 5
TIMED_IN_FIRST_FORTNIGHT: Final = 6
WAITING_MINUTES: Final = 75
WAITING_DAYS: Final = 5
FORTNIGHT: Final = 14


@criterion("K1", 3, "content by foundation")
def content_share(view: PlanView) -> Finding:
    """Reading and video: gap 20-50 % of the first half, some gaps 5-35 %, close at most 20 %."""
    if view.level not in CONTENT_SHARE:
        return not_applicable("level not known")
    low, high = CONTENT_SHARE[view.level]
    if low and not view.owns_content:
        return not_applicable("no book or video listed")
    over = view.in_half(view.study, 0) if view.is_gap else view.study
    total = sum(s.minutes for s in over)
    if not total:
        return not_applicable("no study")
    content = sum(s.minutes for s in over if s.activity in CONTENT and view.strand_of(s) is None)
    return holds(low <= content / total <= high, f"{content / total:.0%} content")


@criterion("K2", 3, "what is to be rebuilt is what the plan holds")
def rebuilt_areas(view: PlanView) -> Finding:
    """The areas that the way back names are the plan's top areas, and have content."""
    way_back = view.briefing.get("remediation")
    if not way_back:
        return not_applicable("no way back")
    text = " ".join(f"{s.get('what', '')} {s.get('why', '')}" for s in way_back.get("steps", ()))
    named = {a for a in view.weights if a.casefold() in text.casefold()}
    named |= {a for a in way_back.get("areas", ()) if a in view.weights}
    if not named:
        return holds(False, "no area named")
    minutes: Counter[str] = Counter()
    content: Counter[str] = Counter()
    for s in view.study:
        for area, share in view.spread(s).items():
            minutes[area] += s.minutes * share  # type: ignore[assignment]
            if s.activity in CONTENT:
                content[area] += s.minutes * share  # type: ignore[assignment]
    top = {area for area, _ in minutes.most_common(len(named))}
    good = named == top
    if view.owns_content:
        good = good and all(content[area] > 0 for area in named)
    return holds(good, f"{len(named & top)} of {len(named)} are the top areas")


@criterion("M1", 2, "cards stay small")
def cards_small(view: PlanView) -> Finding:
    """At most 20 % of study, no piece above 45 minutes, at most 60 minutes a day."""
    cards = [s for s in view.work if s.activity == "cards"]
    if not cards or not view.study_minutes:
        return not_applicable("no cards")
    share = sum(s.minutes for s in cards) / view.study_minutes
    piece = max(s.minutes for s in cards)
    by_day: Counter[object] = Counter()
    for s in cards:
        by_day[s.date] += s.minutes
    most = max(by_day.values())
    return holds(
        share <= CARDS_SHARE and piece <= CARDS_PIECE and most <= CARDS_DAY,
        f"{share:.0%} of study, piece {piece} min, day {most} min",
    )


def _is_said(view: PlanView, *words: str) -> bool:
    return any(word in view.said for word in words)


@criterion("X1", 3, "case simulations have their share")
def cases_share(view: PlanView) -> Finding:
    """CCS 15 % from the first fortnight (Step 3), CDM 8 % (Level 3), or how to get them."""
    words: tuple[str, ...]
    if view.exam_id == "usmle-step-3":
        strand, least, words = "ccs", CCS_SHARE, ("ccs", "case simulation")
    elif view.exam_id == "comlex-level-3":
        strand, least, words = "cdm", CDM_SHARE, ("cdm", "decision-making", "decision making")
    else:
        return not_applicable("no cases in this exam")
    if not view.study_minutes:
        return not_applicable("no study")
    if view.is_waiting:
        return not_applicable("a result is awaited")
    share = view.strand_minutes(strand) / view.study_minutes
    until = view.as_of + timedelta(days=FORTNIGHT)
    early = view.strand_minutes(strand, [s for s in view.study if s.date < until])
    said = _is_said(view, *words)
    return holds((share >= least and early > 0) or said, f"{share:.0%}{', said' if said else ''}")


@criterion("X2", 3, "OMM has its share every week")
def omm_share(view: PlanView) -> Finding:
    """Named on two days a week and 8 % of study, of COMLEX exams."""
    if not view.exam_id.startswith("comlex"):
        return not_applicable("not a COMLEX exam")
    if view.is_waiting:
        return not_applicable("a result is awaited")
    if not view.study_minutes:
        return not_applicable("no study")
    share = view.strand_minutes("omm") / view.study_minutes
    # Weeks that study can fill: whole ones, without the last days before the exam.
    weeks = max(((view.test_date - view.as_of).days - 3) // 7, 1)
    named: dict[int, set[object]] = defaultdict(set)
    for s in view.study:
        if view.strand_minutes("omm", [s]):
            named[(s.date - view.as_of).days // 7].add(s.date)
    good_weeks = sum(len(named[w]) >= OMM_DAYS_A_WEEK for w in range(weeks))
    said = _is_said(view, "omm", "osteopathic")
    enough = share >= OMM_SHARE and good_weeks >= 0.8 * weeks
    return holds(enough, f"{share:.0%}, {good_weeks} of {weeks} weeks{', said' if said else ''}")


@criterion("X3", 1, "OMM reading is not filed under an organ")
def omm_apart(view: PlanView) -> Finding:
    """No session of a resource for OMM names an area of the blueprint."""
    own = {name for name, strand in view.strand_by_resource.items() if strand == "omm"}
    sessions = [s for s in view.work if s.resource in own]
    if not view.exam_id.startswith("comlex") or not sessions:
        return not_applicable("no OMM resource in the plan")
    wrong = sum(any(a in view.weights for a in s.areas) for s in sessions)
    return holds(wrong == 0, f"{wrong} of {len(sessions)} under an organ")


@criterion("X4", 3, "pacing is trained where time runs out")
def pacing_trained(view: PlanView) -> Finding:
    """Six timed sessions in the first two weeks, with the pace named."""
    misses = [m for m in view.record.misses if m.date <= view.as_of]
    late = sum(m.cause == "out-of-time" for m in misses)
    if len(misses) < FEWEST_MISSES or late / len(misses) < OUT_OF_TIME_SHARE:
        return not_applicable("time is not what runs out")
    if view.is_waiting:
        return not_applicable("a result is awaited")
    until = view.as_of + timedelta(days=FORTNIGHT)
    timed = [
        s for s in view.work if s.date < until and s.activity == "questions" and s.mode == "timed"
    ]
    paced = any(("second" in s.text or "min" in s.text) and "question" in s.text for s in timed)
    return holds(
        len(timed) >= TIMED_IN_FIRST_FORTNIGHT and paced,
        f"{len(timed)} timed in two weeks, pace {'named' if paced else 'not named'}",
    )


@criterion("X5", 3, "waiting for a result keeps fresh and no more")
def waiting_light(view: PlanView) -> Finding:
    """At most 75 minutes a day, five days a week, no practice test."""
    if not view.is_waiting:
        return not_applicable("no result awaited")
    longest = max(sum(s.minutes for s in day) for day in view.days.values())
    weeks: Counter[int] = Counter((on - view.as_of).days // 7 for on in view.days)
    most = max(weeks.values())
    tests = len(view.form_sittings)
    return holds(
        longest <= WAITING_MINUTES and most <= WAITING_DAYS and not tests,
        f"{longest} min, {most} days a week, {tests} practice tests",
    )
