"""Checks between entries of one case, which need no published fact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bounceback.reasons import reason
from bounceback.records.field_types import MINUTES_PER_DAY
from bounceback.records.models import ClockWindow
from bounceback.records.validation_report import Findings, below, shown
from bounceback.vocabulary import WEEKDAYS


def check(tree: dict[str, Any], findings: Findings) -> None:
    """Add a fault or note for each contradiction in a tree (see ``kinds``); absent is unknown."""
    _exam(tree.get("exam", {}), findings)
    _attempts(tree, findings)
    _forms(tree, findings)
    _blocks(tree, findings)
    _availability(tree.get("availability", {}), findings)
    _resources(tree, findings)
    _once(tree, "ledger", ("family", "form"), findings)
    _once(tree, "plan", ("id",), findings)
    _grants(tree, findings)


def entries(tree: dict[str, Any], section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield path and tree of each entry of a section."""
    for i, entry in enumerate(tree.get(section, [])):
        yield f"{section}[{i}]", entry


def _once(tree: dict[str, Any], section: str, names: tuple[str, ...], findings: Findings) -> None:
    """Refuse a second entry with the same values under ``names``."""
    seen: dict[tuple[Any, ...], str] = {}
    for at, entry in entries(tree, section):
        if any(name not in entry for name in names):
            continue
        key = tuple(entry[name] for name in names)
        if key in seen:
            given = ", ".join(shown(part) for part in key)
            findings.refuse(
                f"{at}.{names[-1]}",
                f"{given}, as in {seen[key]}",
                f"each {' and '.join(names)} once",
                "Remove one of the two, or correct it.",
                why=reason("records.twice"),
            )
        else:
            seen[key] = at


def _exam(exam: dict[str, Any], findings: Findings) -> None:
    eligibility = exam.get("eligibility", {})
    first, last = eligibility.get("first"), eligibility.get("last")
    if first and last and last < first:
        findings.refuse(
            "exam.eligibility.last",
            f"{last}, before the first day {first}",
            f"a day from {first}",
            "Exchange the two, or check the year.",
            why=reason("records.period-order", first=first, last=last),
        )
        return
    planned = exam.get("planned_date")
    if planned and ((first and planned < first) or (last and planned > last)):
        findings.note(
            "exam.planned_date",
            f"{planned} lies outside the days on which you may sit ({first} to {last}). "
            "It is kept; the eligible days are the ones forecast.",
        )


def _attempts(tree: dict[str, Any], findings: Findings) -> None:
    latest, latest_at = None, ""
    passed: dict[str, tuple[str, Any]] = {}
    for at, attempt in entries(tree, "attempts"):
        day, exam, outcome = attempt.get("date"), attempt.get("exam"), attempt.get("outcome")
        if day and latest and day < latest:
            findings.refuse(
                f"{at}.date",
                f"{day}, before {latest_at} ({latest})",
                "attempts in the order of their days, oldest first",
                "Move it up, or check the year.",
                why=reason("records.attempts-order", day=day, before=latest),
            )
        elif day:
            latest, latest_at = day, at
        if outcome == "pass" and "distance_below_pass" in attempt:
            findings.refuse(
                f"{at}.distance_below_pass",
                f"{shown(attempt['distance_below_pass'])} with outcome pass",
                "a distance below the passing score on a failing report",
                "Remove it, or check the outcome.",
                why=reason("records.distance-with-a-pass"),
            )
        _result(at, attempt, findings)
        if exam in passed and day:
            earlier_at, earlier = passed[exam]
            findings.note(
                at, f"this attempt at {exam} is dated {day}, after a pass on {earlier} "
                f"({earlier_at}); check both."
            )  # fmt: skip
        if exam and outcome == "pass" and exam not in passed:
            passed[exam] = (at, day)
    _once(tree, "attempts", ("exam", "date"), findings)
    exam = tree.get("exam", {}).get("id")
    if exam in passed:
        at, day = passed[exam]
        findings.note(
            at,
            f"{exam} was passed on {day}, and is also the exam ahead; a pass is rarely sat again.",
        )


_OF_A_RESULT = ("score", "distance_below_pass", "profile", "result_read")
"""What is known of an attempt only once its result is out."""


def _result(at: str, attempt: dict[str, Any], findings: Findings) -> None:
    """Refuse a result beside ``awaiting``, and one that was read before the exam."""
    if attempt.get("outcome") == "awaiting":
        for key in _OF_A_RESULT:
            if attempt.get(key):
                findings.refuse(
                    f"{at}.{key}",
                    f"{key} with outcome awaiting",
                    "an attempt without a result until it is out",
                    "Write what the report says as outcome, or remove it.",
                    why=reason("records.result-before-it-is-out"),
                )
        return
    read, day = attempt.get("result_read"), attempt.get("date")
    if read and day and read < day:
        findings.refuse(
            f"{at}.result_read",
            f"{read}, before the exam on {day}",
            f"a day from {day}",
            "Check the year.",
            why=reason("records.read-before-the-exam", day=day),
        )


def _grants(tree: dict[str, Any], findings: Findings) -> None:
    for at, grant in entries(tree, "grants"):
        first, last = grant.get("from"), grant.get("until")
        if first and last and last < first:
            findings.refuse(
                f"{at}.until",
                f"{last}, before the first day {first}",
                f"a day from {first}",
                "Exchange the two, or check the year.",
                why=reason("records.period-order", first=first, last=last),
            )


def _area_results(at: str, areas: dict[str, Any], findings: Findings) -> None:
    for name, result in areas.items():
        where = below(f"{at}.areas", name)
        correct, items, percent = (result.get(key) for key in ("correct", "items", "percent"))
        if correct is not None and percent is not None:
            findings.refuse(
                f"{where}.percent",
                f"{percent:g} percent beside {correct} correct",
                "a count (correct, items), or percent with items",
                "Keep what the report prints.",
                why=reason("records.count-and-percent"),
            )
        elif findings.names_below(where):
            pass  # what could not be read is named already; it is not missing
        elif correct is not None and items is None:
            findings.refuse(
                f"{where}.items",
                "missing",
                "the number of questions",
                "Add items = …",
                why=reason("records.items-missing"),
            )
        elif correct is not None and items is not None and correct > items:
            findings.refuse(
                f"{where}.correct",
                f"{correct} correct of {items}",
                f"0 to {items}",
                "Exchange the two, or correct one.",
                why=reason("records.correct-above-items", correct=correct, items=items),
            )
        elif correct is None and percent is None:
            findings.refuse(
                where,
                "no result",
                "correct and items, or percent",
                "Add the result.",
                why=reason("records.area-without-result", area=name),
            )


def _forms(tree: dict[str, Any], findings: Findings) -> None:
    taken: dict[tuple[str, str], str] = {}
    for at, form in entries(tree, "forms"):
        _area_results(at, form.get("areas", {}), findings)
        if "family" in form and "form" in form:
            key = (form["family"], form["form"])
            if key in taken and not form.get("repeat"):
                findings.note(
                    at,
                    f"{key[0]} {key[1]} is also {taken[key]}; the later one needs repeat = true.",
                )
            taken.setdefault(key, at)
    _once(tree, "forms", ("family", "form", "date"), findings)
    for at, owned in entries(tree, "ledger"):
        key = (owned.get("family", ""), owned.get("form", ""))
        if key in taken:
            findings.note(at, f"{key[0]} {key[1]} is also {taken[key]}, and counts as used.")


def _blocks(tree: dict[str, Any], findings: Findings) -> None:
    for at, block in entries(tree, "blocks"):
        items, correct = block.get("items"), block.get("correct")
        if items is not None and correct is not None and correct > items:
            findings.refuse(
                f"{at}.correct",
                f"{correct} correct of {items}",
                f"0 to {items}",
                "Exchange the two, or correct one.",
                why=reason("records.correct-above-items", correct=correct, items=items),
            )
        _area_results(at, block.get("areas", {}), findings)
        for name, result in block.get("areas", {}).items():
            if items is not None and result.get("items", 0) > items:
                findings.refuse(
                    f"{below(f'{at}.areas', name)}.items",
                    f"{result['items']} questions in a block of {items}",
                    f"1 to {items}",
                    "Correct one of the two.",
                    why=reason("records.area-above-block", given=result["items"], items=items),
                )
        positions: set[int] = set()
        for i, step in enumerate(block.get("trace", [])):
            position = step.get("position")
            if position is None:
                continue
            if position in positions or (items is not None and position > items):
                given = f"{position}" + (" twice" if position in positions else "")
                findings.refuse(
                    f"{at}.trace[{i}].position",
                    given,
                    f"each place of the block once, 1 to {items if items is not None else '…'}",
                    "Correct the place.",
                )
            positions.add(position)


def _availability(availability: dict[str, Any], findings: Findings) -> None:
    minutes = availability.get("minutes", {})
    if minutes and len(minutes) < 7:
        absent = ", ".join(day for day in WEEKDAYS if day not in minutes)
        findings.note("availability.minutes", f"nothing is said of {absent}; write 0 for no study.")
    if minutes and 0 < max(minutes.values()) <= 24:
        most = max(minutes.values())
        findings.note(
            "availability.minutes",
            f"these are minutes; if you meant hours, write {most * 60} for {most} hours.",
        )
    for day, windows in availability.get("windows", {}).items():
        earlier: list[ClockWindow] = []
        for i, window in enumerate(windows):
            if not isinstance(window, ClockWindow):
                continue
            for other in earlier:
                if window.start < other.end and other.start < window.end:
                    findings.refuse(
                        f"availability.windows.{day}[{i}]",
                        f'"{window.start:%H:%M}-{window.end:%H:%M}" overlaps '
                        f'"{other.start:%H:%M}-{other.end:%H:%M}"',
                        "windows that do not overlap",
                        "Join the two, or correct one.",
                        why=reason(
                            "records.hours-overlap",
                            start=window.start,
                            end=window.end,
                            other_start=other.start,
                            other_end=other.end,
                        ),
                    )
                    break
            earlier.append(window)
    for i, commitment in enumerate(availability.get("commitments", [])):
        start, length = commitment.get("start"), commitment.get("minutes")
        if start and length and start.hour * 60 + start.minute + length > MINUTES_PER_DAY:
            findings.note(
                f"availability.commitments[{i}]",
                "it runs past midnight; write the part after midnight as a commitment of the "
                "next day.",
            )


def _resources(tree: dict[str, Any], findings: Findings) -> None:
    for at, resource in entries(tree, "resources"):
        units, done = resource.get("units"), resource.get("done")
        left = sum(resource.get("left_by_area", {}).values())
        if units is not None and left > units:
            findings.refuse(
                f"{at}.left_by_area",
                f"{left} unused questions of {units}",
                f"at most {units} in all",
                "Correct the numbers: each question counts once.",
                why=reason("records.left-above-units", left=left, units=units),
            )
        if left and resource.get("kind") not in (None, "questions"):
            findings.refuse(
                f"{at}.left_by_area",
                f"unused questions of kind {resource['kind']}",
                'kind "questions"',
                "Remove it, or check the kind.",
                why=reason("records.left-of-no-bank"),
            )
        if units is not None and done is not None and done > units:
            findings.refuse(
                f"{at}.done",
                f"{done} done of {units}",
                f"0 to {units}",
                "Correct one of the two; a second pass is not counted here.",
                why=reason("records.done-above-units", done=done, units=units),
            )
    _once(tree, "resources", ("name",), findings)
