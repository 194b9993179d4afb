"""Checks of a case against what is published: families, scales, areas, marks, attempt rules.

Each check looks the fact up on the entry's own day, and says nothing where the fact is unknown.
Area names in the tree are replaced by the official ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.reasons import reason
from bounceback.records.consistency_checks import entries
from bounceback.records.validation_report import (
    AUTHORITY,
    REFUSED,
    Findings,
    below,
    listed,
    nearest,
    refuse_unknown_key,
    shown,
)
from bounceback.vocabulary import RESOURCE_KINDS, STRAND_NAMES, STRANDS

OFFICIAL_REPORT: Final = "official"
BLUEPRINT: Final = "blueprint"
_SECTIONS_WITH_AREA: Final = ("misses", "study", "plan")
_SCALE_WORDS: Final = {
    "epc": "equated percent correct",
    "percent": "percent correct",
    "reported": "points of the exam's reported scale",
    "own": "points of the form's own scale",
}


def check(tree: dict[str, Any], findings: Findings) -> None:
    """Add a fault or note where published facts contradict a tree (see ``kinds``)."""
    exam_id = tree.get("exam", {}).get("id")
    _attempts(tree, findings)
    for at, resource in entries(tree, "resources"):
        _kind_of_resource(resource, at, findings)
    if exam_id is None:
        return
    _attempts_allowed(tree, exam_id, findings)
    _forms(tree, exam_id, findings)
    for at, block in entries(tree, "blocks"):
        if "areas" in block and "date" in block:
            _keys_resolved(block, "areas", at, exam_id, block["date"], BLUEPRINT, findings)
    for section in _SECTIONS_WITH_AREA:
        for at, entry in entries(tree, section):
            if entry.get("area", "").strip() and "date" in entry:
                name = _resolved(
                    entry["area"], f"{at}.area", exam_id, entry["date"], BLUEPRINT, findings
                )
                entry["area"] = name
    for at, session in entries(tree, "plan"):
        if session.get("areas") and "date" in session:
            session["areas"] = [
                name
                if name in STRANDS or name in STRAND_NAMES.values()
                else _resolved(
                    name, f"{at}.areas[{i}]", exam_id, session["date"], BLUEPRINT, findings
                )
                for i, name in enumerate(session["areas"])
                if name is not REFUSED
            ]
    for at, resource in entries(tree, "resources"):
        _catalog_entry(resource, at, findings)
        if resource.get("left_by_area"):
            day = _test_day(tree)
            if day is not None:
                _keys_resolved(resource, "left_by_area", at, exam_id, day, BLUEPRINT, findings)
    _clearance(tree["exam"], findings)
    _weights(tree, exam_id, findings)


def _test_day(tree: dict[str, Any]) -> date | None:
    """The day whose blueprint names what is left in a bank: that of the exam ahead, if known."""
    target = tree["exam"]
    day: date | None = (
        target.get("planned_date")
        or target.get("working_date")
        or target.get("eligibility", {}).get("last")
    )
    dated = (
        entry["date"]
        for section in ("plan", "attempts", "forms", "blocks", "study")
        for _, entry in entries(tree, section)
        if "date" in entry
    )
    return day or max(dated, default=None)


# Attempts


def _attempts(tree: dict[str, Any], findings: Findings) -> None:
    for at, attempt in entries(tree, "attempts"):
        if "exam" not in attempt or "date" not in attempt:
            continue
        exam, day = facts.exam(attempt["exam"]), attempt["date"]
        if attempt.get("profile"):
            _keys_resolved(attempt, "profile", at, exam.id, day, OFFICIAL_REPORT, findings)
        if "score" not in attempt:
            continue
        score = attempt["score"]
        try:
            mark = facts.pass_mark(exam.id, day)
        except FactUnknown:
            continue
        if not mark.number_reported:
            reported = facts.value(f"{exam.id}.number-reported", day)
            findings.refuse(
                f"{at}.score",
                f"{score:g} for {exam.short_name} on {day}",
                f"no score: since {reported.in_force_from} the board reports no number for it",
                "Remove it; a practice test goes into forms, and what the failing report's graphic "
                "shows into distance_below_pass.",
                _authority(reported.id, reported.source),
                reason("records.no-score-reported", exam=exam.short_name),
            )
        elif not exam.scale_low <= score <= exam.scale_high:
            findings.refuse(
                f"{at}.score",
                f"{score:g}",
                f"{exam.scale_low:g} to {exam.scale_high:g} points of {exam.name}",
                "Check the number; a practice test goes into forms.",
                _authority(exam.id, exam.source),
                reason(
                    "records.exam-score-range",
                    given=score,
                    exam=exam.short_name,
                    low=exam.scale_low,
                    high=exam.scale_high,
                ),
            )
        elif attempt.get("outcome") in ("fail", "pass"):
            passed = score >= mark.value
            if passed != (attempt["outcome"] == "pass"):
                findings.note(
                    f"{at}.score",
                    f"{score:g} is {'at or above' if passed else 'below'} that day's passing score "
                    f"({mark.value:g}, {mark.status}, {mark.source}), and the outcome is "
                    f"{attempt['outcome']}; check both.",
                )


def _attempts_allowed(tree: dict[str, Any], exam_id: str, findings: Findings) -> None:
    """Tell the board's limit where the record reaches it. It is an answer, not a fault."""
    attempts = [
        (at, entry["date"])
        for at, entry in entries(tree, "attempts")
        if entry.get("exam") == exam_id and "date" in entry
    ]
    if not attempts:
        return
    at, latest = attempts[-1]
    target = tree["exam"]
    eligibility = target.get("eligibility", {})
    on = max(target.get("planned_date") or eligibility.get("first") or latest, latest)
    try:
        limit = facts.attempt_rules(exam_id, on).max_attempts
    except FactError:
        return
    if isinstance(limit.value, int | float) and len(attempts) >= limit.value:
        exam = facts.exam(exam_id)
        since = f" since {limit.in_force_from}" if limit.in_force_from else ""
        findings.note(
            at,
            f"{len(attempts)} attempts at {exam.short_name} are in the case file. The rule{since}: "
            f"{limit.value:g} in all for each exam of {exam.board}, incomplete ones included "
            f"({limit.id}, {limit.source}, {limit.confidence}). A further attempt is not open "
            "under it; ask the board which exceptions it makes.",
        )


# Forms


def _forms(tree: dict[str, Any], exam_id: str, findings: Findings) -> None:
    for section in ("forms", "ledger"):
        for at, form in entries(tree, section):
            if "family" not in form or not _serves(form["family"], exam_id, at, findings):
                continue
            if section == "forms":
                _scores(form, exam_id, at, findings)
                if form.get("areas") and "date" in form:
                    _keys_resolved(
                        form, "areas", at, exam_id, form["date"], form["family"], findings
                    )


def _serves(family_id: str, exam_id: str, at: str, findings: Findings) -> bool:
    """Refuse a family that is unknown, or that belongs to another exam."""
    own = facts.form_families(exam_id)
    if family_id in own:
        return True
    if family_id in facts.form_families():
        family = facts.form_family(family_id)
        exams = " and ".join(facts.exam(exam).name for exam in family.exams)
        findings.refuse(
            f"{at}.family",
            f"{shown(family_id)}, a practice test for {exams}",
            listed(own),
            f"The exam ahead is {facts.exam(exam_id).name}; leave this test out, or correct "
            "family or exam.id.",
            _authority(family_id, family.source),
            reason("records.test-of-another-exam", exams=exams, exam=facts.exam(exam_id).name),
        )
        return False
    guess = nearest(family_id, own)
    remedy = f'Write "{guess}".' if guess else 'A test of the school\'s own is "school".'
    findings.refuse(
        f"{at}.family",
        shown(family_id),
        listed(own),
        remedy,
        "fact form_families",
        reason("records.choice"),
    )
    return False


def _scores(form: dict[str, Any], exam_id: str, at: str, findings: Findings) -> None:
    """Refuse scores off the family's scale, telling scales apart that are often confused."""
    family = facts.form_family(form["family"], exam_id)
    exam = facts.exam(exam_id)
    low, high, scale, source = family.low, family.high, str(family.scale), family.source
    if family.id == "school":
        if "scale" not in form:
            if findings.names_below(f"{at}.scale"):
                return
            findings.refuse(
                f"{at}.scale",
                "missing",
                "percent | reported",
                "Say whether the school's score is a percentage or on the exam's own scale.",
                why=reason("records.scale-missing"),
            )
            return
        scale = form["scale"]
        if scale == "reported":
            low, high, source = exam.scale_low, exam.scale_high, exam.source
        else:
            low, high = 0.0, 100.0
    elif "scale" in form:
        findings.refuse(
            f"{at}.scale",
            shown(form["scale"]),
            "no scale: that of the family is published",
            'Remove it; only a "school" form needs one.',
            why=reason("records.scale-known"),
        )
    name = _short_name(family.name)
    for key in ("score", "predicted"):
        score = form.get(key)
        if score is None:
            continue
        where = f"{at}.{key}"
        allowed = f"{low:g} to {high:g} {_SCALE_WORDS[scale]}"
        authority = _authority(family.id, source)
        if scale in ("epc", "percent") and score > high:
            findings.refuse(
                where,
                f"{score:g} looks like a three-digit score",
                allowed,
                f"A {name} report shows {_SCALE_WORDS[scale].removeprefix('equated ')}, such as "
                "57; enter that number.",
                authority,
                reason("records.three-digit-score", given=score, exam=exam.short_name),
            )
        elif scale in ("epc", "percent") and 0 < score < 1:
            findings.refuse(
                where,
                f"{score:g} looks like a fraction",
                allowed,
                f"Write {score * 100:.6g}.",
                authority,
                reason("records.fraction", given=score),
            )
        elif not low <= score <= high:
            findings.refuse(
                where,
                f"{score:g}",
                allowed,
                "Enter the number as the report prints it.",
                authority,
                reason("records.score-range", given=score, test=name, low=low, high=high),
            )
        elif scale == "reported" and score <= 100 < high - low < 400:
            findings.note(
                where,
                f"{score:g} looks like percent correct; a {name} report shows {allowed}. Check it.",
            )


def _short_name(name: str) -> str:
    """Return the abbreviation a family is known by: CBSSA, UWSA; else its name."""
    found = re.search(r"\(([A-Za-z0-9 ]+)\)", name)
    return found.group(1) if found else name


# Areas


def _keys_resolved(
    entry: dict[str, Any],
    key: str,
    at: str,
    exam_id: str,
    on: date,
    context: str,
    findings: Findings,
) -> None:
    """Replace the area names that are keys of a table by the official ones."""
    resolved: dict[str, Any] = {}
    given_as: dict[str, str] = {}
    for name, value in entry[key].items():
        where = below(f"{at}.{key}", name)
        official = _resolved(name, where, exam_id, on, context, findings)
        if official in resolved:
            findings.refuse(
                where,
                f"{shown(name)}, the same area as {shown(given_as[official])}",
                "each area once",
                "Keep one of the two.",
                why=reason("records.area-twice", area=official),
            )
        resolved[official] = value
        given_as[official] = name
    entry[key] = resolved


def _resolved(name: str, at: str, exam_id: str, on: date, context: str, findings: Findings) -> str:
    """Return the official name, with a note on another spelling, or a fault with the list."""
    try:
        match = facts.resolve_area(name, exam_id, on, context=context)
    except FactUnknown:
        findings.note(at, f"the areas of {exam_id} on {on} are not published; kept as written.")
        return name
    except FactError:
        findings.refuse(
            at,
            shown(name, most=200),
            _area_list(exam_id, on, context),
            _belongs_elsewhere(name, exam_id, on) or "Write the name as the report prints it.",
            f"areas of the {_context_words(context)} of {facts.exam(exam_id).name} on {on}",
            reason("records.area-unknown"),
        )
        return name
    if match.name != name:
        findings.note(at, f"{shown(name, most=200)} is read as {shown(match.name, most=200)}.")
    elif not match.exact:
        findings.note(
            at,
            f"the {_context_words(context)} is not known to list {shown(name, most=200)}; it is "
            "taken as that area of the blueprint.",
        )
    return match.name


def _context_words(context: str) -> str:
    return {OFFICIAL_REPORT: "score report", BLUEPRINT: "blueprint"}.get(
        context, f"{context} report"
    )


def _area_list(exam_id: str, on: date, context: str) -> str:
    names: Callable[[], Any] = (
        (lambda: facts.area_names(exam_id, on))
        if context == BLUEPRINT
        else (lambda: facts.report_areas(context, exam_id, on))
    )
    try:
        return listed(names())
    except FactError:
        return listed(facts.area_names(exam_id, on))


def _belongs_elsewhere(name: str, exam_id: str, on: date) -> str | None:
    """Say where the content of another version's or exam's area lies now, if that is known."""
    try:
        shares = facts.map_area(name, exam_id, on)
    except FactError:
        return None
    return (
        "It is an area of another version, report or exam; its content lies in "
        f"{listed(list(shares)[:4])}."
    )


# Resources


def _kind_of_resource(resource: dict[str, Any], at: str, findings: Findings) -> None:
    """Take the kind from the catalog where the case leaves it out; without an entry, ask for it."""
    if "kind" in resource or findings.names_below(f"{at}.kind"):
        return
    given = resource.get("catalogue")
    try:
        resource["kind"] = facts.catalog_entry(given if isinstance(given, str) else "").kind
    except FactError:
        if not isinstance(given, str):
            findings.refuse(
                f"{at}.kind",
                "missing",
                listed(RESOURCE_KINDS),
                "Add kind: what its units are. Or add catalogue: its entry in the catalog.",
            )


def _catalog_entry(resource: dict[str, Any], at: str, findings: Findings) -> None:
    """Refuse an entry that the catalog does not have; tell a kind that differs from its own."""
    given = resource.get("catalogue")
    if not isinstance(given, str):
        return
    try:
        entry = facts.catalog_entry(given)
    except FactError:
        near = facts.nearest_entries(given)
        remedy = (
            f'Write "{near[0]}", or remove it and give units and minutes_per_unit.'
            if near
            else "Remove it, and give units and minutes_per_unit."
        )
        allowed = listed(near) if near else "an id of the catalog of resources"
        why = reason("records.choice")
        findings.refuse(f"{at}.catalogue", shown(given), allowed, remedy, "fact resources", why)
        return
    kind = resource.get("kind")
    if isinstance(kind, str) and kind != entry.kind:
        findings.note(
            f"{at}.kind",
            f"{kind}, and {entry.id} counts {entry.kind}. Its size is not taken from the catalog.",
        )


# Preferences


def _clearance(target: dict[str, Any], findings: Findings) -> None:
    given = target.get("clearance")
    if given is None or given == "none":
        return
    rules = {rule.id: rule for rule in facts.clearance_rules()}
    if given not in rules:
        guess = nearest(given, rules)
        remedy = f'Write "{guess}".' if guess else 'Write "none" if the school has no such rule.'
        findings.refuse(
            "exam.clearance",
            shown(given),
            listed(["none", *rules]),
            remedy,
            "fact clearance_rules",
            reason("records.choice"),
        )
    elif rules[given].exam != target.get("id"):
        findings.note(
            "exam.clearance",
            f"{given} is a rule for {facts.exam(rules[given].exam).name}, another exam than the "
            "one ahead.",
        )


_WEIGHT_UNIT: Final = "utility"


def _weights(tree: dict[str, Any], exam_id: str, findings: Findings) -> None:
    weights = tree.get("decision", {}).get("weights", {})
    if not weights:
        return
    known = [
        name
        for name, value in facts.parameters("decision", exam_id).items()
        if value.unit == _WEIGHT_UNIT
    ]
    for name in weights:
        if name not in known:
            refuse_unknown_key(name, known, below("decision.weights", name), findings)


def _authority(fact_id: str, source: str) -> str:
    return f"fact {fact_id}, source {source}" if source else AUTHORITY
