"""The first six questions: what each screen's answers mean, and the record that they make."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import QueryDict

from bounceback.errors import CaseError, FactError, FactUnknown
from bounceback.messages import first_questions as words
from bounceback.messages import practice_tests as test_words
from bounceback.messages.registry import Format
from bounceback.records import Record, from_case
from bounceback.services import published_facts as facts
from bounceback.services.values import CatalogEntry
from bounceback.vocabulary import CASE_SCHEMA, DISTANCES, EXAM_IDS, GROUPS, WEEKDAYS
from bounceback_web.pages import form_data, study_hours

STEPS: Final = ("attempts", "school", "test", "bank", "hours", "date")
FIELDS: Final = {
    "attempts": ("exam", "times", "date1", "date2", "date3", "date4", "outcome", "read",
                 "distance", "score"),
    "school": ("group",),
    "test": ("family", "form", "tested", "testscore", "scale"),
    "bank": ("bank", "used", "units"),
    "hours": ("free", "cap"),
    "date": ("planned", "last", "zone"),
}  # fmt: skip
"""Fields of each screen."""
MOST_ATTEMPTS: Final = 4
BANKS_SHOWN: Final = 4
MOST_REPORT: Final = 20_000
"""Characters of a read report that a form carries."""
CAPS: Final = ("1", "2", "3", "4", "6", "8")
"""Most hours a day, as chips."""
NO_BANK: Final = "none"
OTHER_BANK: Final = "other"

Faults = dict[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """What was sent so far, with what is needed to judge it.

    Attributes:
        post: Fields of all screens.
        zone: Time zone of the browser, or of this machine where it gave none.
        today: The student's day.
        fmt: How dates are written.
    """

    post: QueryDict
    zone: str
    today: date
    fmt: Format

    def text(self, name: str) -> str:
        """Return one field, without blanks around it."""
        return str(self.post.get(name, "")).strip()

    @property
    def exam(self) -> str:
        """The exam ahead; "" until it is chosen."""
        found = self.text("exam")
        return found if found in EXAM_IDS else ""

    @property
    def times(self) -> int | None:
        """How often the exam was taken; ``None`` until it is said."""
        found = self.text("times")
        return int(found) if found in words.TIMES else None

    def day(self, name: str) -> date | None:
        """Return a date that was given; ``None`` if it is none."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None

    def report(self, name: str) -> dict[str, Any]:
        """Return an entry that was read from a report; empty without one."""
        raw = self.text(name)
        if not raw or len(raw) > MOST_REPORT:
            return {}
        try:
            found = json.loads(raw)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def steps_of(given: Given) -> list[str]:
    """Return the screens to show: a practice test that was read from its report is not asked."""
    return [s for s in STEPS if not (s == "test" and given.report("test_report"))]


def families(exam: str) -> list[Any]:
    """Return the practice tests of an exam, by family."""
    return [facts.form_family(f, exam) for f in facts.form_families(exam)] if exam else []


def banks(exam: str, today: date) -> list[CatalogEntry]:
    """Return the question banks of an exam that are named first."""
    if not exam:
        return []
    found = [e for e in facts.resource_catalog(exam, today) if e.kind == "questions"]
    return found[:BANKS_SHOWN]


def short_name(entry: CatalogEntry) -> str:
    """Return what students call a resource: "UWorld", "AMBOSS", "Pathoma"."""
    first = entry.name.split(" (")[0].split(",")[0]
    if entry.kind == "book":
        return first.split(" for the")[0]
    for tail in (" USMLE", " COMLEX", " Qbank", " QBank", " Qmax", " Step Deck"):
        first = first.split(tail)[0]
    return first


def reports_number(exam: str, today: date) -> bool:
    """Whether the board reports a number for an exam taken now."""
    try:
        return facts.pass_mark(exam, today).number_reported
    except FactUnknown:
        return True


# --- what each screen needs ---------------------------------------------------------------------


def _past(given: Given, name: str) -> str:
    """Why a date of something past can't stand; "" if it can."""
    if not given.text(name):
        return words.date_needed()
    day = given.day(name)
    if day is None:
        return words.not_a_date(given.text(name))
    return words.in_the_future(day, given.fmt) if day > given.today else ""


def _attempts(given: Given) -> Faults:
    found: Faults = {}
    if not given.exam:
        found["exam"] = words.CHOOSE
    if given.times is None:
        found["times"] = words.CHOOSE
    for n in range(1, (given.times or 0) + 1):
        if fault := _past(given, f"date{n}"):
            found[f"date{n}"] = fault
            continue
        later, own = given.day(f"date{n - 1}") if n > 1 else None, given.day(f"date{n}")
        if later is not None and own is not None and own >= later:
            found[f"date{n}"] = words.not_before(later, given.fmt)
    if not given.times:
        return found
    last, read = given.day("date1"), given.day("read")
    if given.text("read") and given.text("outcome") != "awaiting":
        if read is None or read > given.today:
            found["read"] = _past(given, "read")
        elif last is not None and read < last:
            found["read"] = words.read_too_early(last, given.fmt)
    if given.text("score") and given.exam:
        exam, score = facts.exam(given.exam), form_data.number(given.text("score"))
        if isinstance(score, str) or not exam.scale_low <= score <= exam.scale_high:
            found["score"] = words.score_outside(
                exam.scale_low, exam.scale_high, given.text("score")
            )
    return found


def _school(given: Given) -> Faults:
    return {} if given.text("group") in GROUPS else {"group": words.CHOOSE}


def _test(given: Given) -> Faults:
    family = _family(given)
    if family is None:
        return {}
    found: Faults = {}
    if not given.text("form"):
        found["form"] = test_words.no_form()
    if fault := _past(given, "tested"):
        found["tested"] = fault
    score = form_data.number(given.text("testscore")) if given.text("testscore") else None
    if score is None:
        found["testscore"] = words.test_needs("score")
    elif isinstance(score, str):
        found["testscore"] = test_words.not_a_number(score)
    elif family.id != "school" and not family.low <= score <= family.high:
        name = facts.exam(given.exam).short_name
        found["testscore"] = test_words.score_off_scale(score, family, name)
    if family.id == "school" and given.text("scale") not in ("percent", "reported"):
        found["scale"] = words.CHOOSE
    return found


def _family(given: Given) -> Any:
    named = given.text("family")
    return next((f for f in families(given.exam) if f.id == named), None)


def _bank(given: Given) -> Faults:
    units = given.text("units")
    if units and not units.replace(",", "").isdecimal():
        return {"units": words.count_needed(units)}
    return {}


def _hours(given: Given) -> Faults:
    return {}


def _date(given: Given) -> Faults:
    found: Faults = {}
    for name in ("planned", "last"):
        if not given.text(name):
            continue
        day = given.day(name)
        if day is None:
            found[name] = words.not_a_date(given.text(name))
        elif day < given.today:
            found[name] = words.in_the_past(day, given.fmt)
    planned, last = given.day("planned"), given.day("last")
    if not found and planned and last and last < planned:
        found["last"] = words.last_before_planned()
    return found


CHECKS: Final[dict[str, Callable[[Given], Faults]]] = {
    "attempts": _attempts,
    "school": _school,
    "test": _test,
    "bank": _bank,
    "hours": _hours,
    "date": _date,
}


# --- the record ---------------------------------------------------------------------------------


def first_record(given: Given) -> Record:
    """Return the record that the answers make.

    Raises:
        CaseError: Answers contradict each other; each fault names its key.
    """
    return from_case(_case(given)).record


def step_of_fault(error: CaseError) -> tuple[str, Faults]:
    """Return the screen that a refused answer belongs to, and what is wrong by field."""
    by_key = {"attempts": "attempts", "forms": "test", "resources": "bank", "availability": "hours",
              "exam.planned_date": "date", "exam.eligibility": "date"}  # fmt: skip
    first = error.faults[0]
    step = next((s for key, s in by_key.items() if first.key.startswith(key)), "attempts")
    return step, {"": f"{first.given[:1].upper()}{first.given[1:]}. {first.remedy}"}


def _case(given: Given) -> dict[str, Any]:
    data: dict[str, Any] = {
        "schema": CASE_SCHEMA,
        "learner": {"group": given.text("group"), "time_zone": given.zone},
        "exam": {"id": given.exam, "planned_date": given.text("planned") or None},
    }
    data["exam"] = {k: v for k, v in data["exam"].items() if v}
    if last := given.day("last"):
        data["exam"]["eligibility"] = {
            "first": given.today.isoformat(), "last": last.isoformat()
        }  # fmt: skip
    if attempts := _attempt_entries(given):
        data["attempts"] = attempts
    if form := _form_entry(given):
        data["forms"] = [form]
    if bank := _bank_entry(given):
        data["resources"] = [bank]
    if availability := _availability(given):
        data["availability"] = availability
    return data


def _attempt_entries(given: Given) -> list[dict[str, Any]]:
    times = given.times or 0
    entries: list[dict[str, Any]] = [
        {"exam": given.exam, "date": given.text(f"date{n}"), "outcome": "fail"}
        for n in range(times, 0, -1)
    ]
    if not entries:
        return []
    last = {**given.report("report"), **entries[-1]}
    outcome = given.text("outcome")
    last["outcome"] = outcome if outcome in words.OUTCOMES else "fail"
    read, score = given.day("read"), form_data.number(given.text("score") or "-")
    if last["outcome"] != "awaiting" and read is not None:
        last["result_read"] = read.isoformat()
    if last["outcome"] == "fail":
        if given.text("score") and not isinstance(score, str):
            last["score"] = score
        elif given.text("distance") in DISTANCES:
            last["distance_below_pass"] = given.text("distance")
    else:
        last.pop("score", None)
    return [*entries[:-1], last]


def _form_entry(given: Given) -> dict[str, Any]:
    if read := given.report("test_report"):
        return read
    family = _family(given)
    if family is None:
        return {}
    entry: dict[str, Any] = {
        "family": family.id,
        "form": given.text("form"),
        "date": given.text("tested"),
        "score": form_data.number(given.text("testscore")),
    }
    return entry | ({"scale": given.text("scale")} if family.id == "school" else {})


def _bank_entry(given: Given) -> dict[str, Any]:
    chosen = given.text("bank")
    if chosen in ("", NO_BANK):
        return {}
    typed = given.text("units").replace(",", "")
    units = int(typed) if typed.isdecimal() else None
    entry: dict[str, Any] = {"name": "Question bank", "kind": "questions"}
    if chosen != OTHER_BANK:
        try:
            bank = facts.catalog_entry(chosen)
        except FactError:
            return {}
        entry |= {"name": short_name(bank), "catalogue": bank.id}
        if units is None:
            units = bank.plannable_units
    if units:
        used = form_data.number(given.text("used") or "0")
        share = 0.0 if isinstance(used, str) else min(max(used, 0), 100) / 100
        entry |= {"units": units, "done": round(units * share)}
    return entry


def _availability(given: Given) -> dict[str, object]:
    cells = set(given.post.getlist("free"))
    hours: dict[str, list[int]] = {}
    for day in WEEKDAYS:
        for part, (first, last) in study_hours.PARTS.items():
            if f"{day}-{part}" in cells:
                hours.setdefault(day, []).extend(range(first, last))
    if not hours:
        return {}
    cap = given.text("cap")
    return study_hours.from_hours(hours, 60 * int(cap) if cap in CAPS else None)
