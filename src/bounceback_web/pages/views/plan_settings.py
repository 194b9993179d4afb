"""What the plan is made of: study hours to paint, days off to tap, resources to tick."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError
from bounceback.messages import plan_settings as words
from bounceback.records import Record, from_case, to_case
from bounceback.records.models import Commitment, Resource
from bounceback.services import published_facts as facts
from bounceback.services import time_away
from bounceback.services.values import CatalogEntry
from bounceback.vocabulary import MINUTES_PER_HOUR, WEEKDAYS
from bounceback_web import briefings
from bounceback_web.pages import form_data, study_hours, wording
from bounceback_web.pages.decorators import kept_for, owner_of, page, receives, seen
from bounceback_web.pages.first_questions import short_name
from bounceback_web.pages.views.calendar import day_or_none
from bounceback_web.records import learner_store

FIRST_HOUR, LAST_HOUR = 8, 20
"""Hours that are shown, unless others are painted or asked for."""
EARLIEST, LATEST = 5, 24
FEW_PER_KIND: Final = 3
"""As many entries of a kind stand open; the others are one tap away."""


def _refused(request: HttpRequest, address: str, lines: Iterable[str]) -> HttpResponse:
    for line in lines:
        messages.info(request, line)
    return redirect(address)


def _change(
    request: HttpRequest, address: str, alter: Any, said: str, *, seen_version: int | None
) -> HttpResponse:
    """Change the record and lead back to the page, with an undo."""
    try:
        learner_store.change(
            owner_of(request), lambda old: _checked(alter(old)), said, seen=seen_version
        )
    except CaseError as error:
        return _refused(request, address, [f"{f.given}. {f.remedy}" for f in error.faults])
    messages.success(request, said, extra_tags="undo")
    return redirect(address)


def _checked(record: Record) -> Record:
    return from_case(to_case(record, json=True)).record


# --- study hours --------------------------------------------------------------------------------


@require_safe
@page
def hours(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the week as a grid to paint, with what is promised elsewhere."""
    availability = kept.value.availability
    painted = study_hours.painted(availability)
    every = {hour for hours_ in painted.values() for hour in hours_}
    all_of_it = request.GET.get("hours") == "all"
    first = EARLIEST if all_of_it else min([FIRST_HOUR, *every])
    last = LATEST if all_of_it else max([LAST_HOUR, *(hour + 1 for hour in every)])
    busy = _busy(availability.commitments if availability else (), kept.today)
    cap = availability.max_minutes_per_day if availability else None
    return render(
        request,
        "pages/plan_hours.html",
        {
            "kept": kept,
            "days": list(study_hours.DAY_NAMES.items()),
            "rows": [
                (
                    time(hour % 24),
                    [
                        (f"{day}-{hour}", name, hour in painted[day], busy.get((day, hour), ""))
                        for day, name in study_hours.DAY_NAMES.items()
                    ],
                )
                for hour in range(first, last)
            ],
            "sums": [len(painted[day]) for day in WEEKDAYS],
            "total": sum(len(painted[day]) for day in WEEKDAYS),
            "cap": f"{cap / MINUTES_PER_HOUR:g}" if cap else "",
            "shown_all": all_of_it,
            "commitments": _weekly(availability.commitments if availability else (), kept),
            "today": kept.today,
            "until": briefings.answer(kept).briefing.plan.test_date,
        },
    )


def _busy(commitments: Sequence[Commitment], today: date) -> dict[tuple[str, int], str]:
    """What is promised elsewhere in the coming four weeks, by weekday and hour."""
    found: dict[tuple[str, int], str] = {}
    for one in commitments:
        if not today <= one.date < today + timedelta(days=28):
            continue
        first = one.start.hour
        last = -(-(MINUTES_PER_HOUR * first + one.start.minute + one.minutes) // MINUTES_PER_HOUR)
        for hour in range(first, min(last, 24)):
            found[(WEEKDAYS[one.date.weekday()], hour)] = one.what or "Other commitment"
    return found


def _weekly(commitments: Sequence[Commitment], kept: learner_store.Kept) -> list[dict[str, Any]]:
    """Commitments ahead, those of one weekday and hour together."""
    fmt = wording.format_for(kept)
    groups: dict[tuple[int, time, str], list[Commitment]] = {}
    for one in commitments:
        if one.date >= kept.today:
            groups.setdefault((one.date.weekday(), one.start, one.what), []).append(one)
    return [
        {
            "what": what or "Other commitment",
            "given": what,
            "weekday": weekday,
            "start": start.isoformat("minutes"),
            "when": (
                f"{list(study_hours.DAY_NAMES.values())[weekday]}s"
                if len(found) > 1
                else fmt.day(found[0].date, weekday=True)
            )
            + f", {fmt.clock(start)}, {fmt.duration(found[0].minutes)}",
            "until": fmt.day(found[-1].date) if len(found) > 1 else "",
        }
        for (weekday, start, what), found in sorted(groups.items(), key=lambda one: one[0][:2])
    ]


@receives
def keep_hours(request: HttpRequest) -> HttpResponse:
    """Keep the painted hours; days that were not painted over keep their own minutes."""
    painted: dict[str, set[int]] = {day: set() for day in WEEKDAYS}
    for cell in request.POST.getlist("cell"):
        day, _dash, hour = cell.partition("-")
        if day in painted and hour.isdecimal() and int(hour) < LATEST:
            painted[day].add(int(hour))
    given = form_data.number(request.POST.get("cap", "").strip() or "-")
    cap = None if isinstance(given, str) else round(MINUTES_PER_HOUR * given)

    def alter(record: Record) -> Record:
        data = to_case(record, json=True)
        old = data.get("availability") or {"minutes": {}}
        before = study_hours.painted(record.availability)
        new = study_hours.from_hours(painted, cap)
        minutes, windows = dict(new["minutes"]), dict(new.get("windows", {}))  # type: ignore[call-overload]
        for day in WEEKDAYS:
            if painted[day] == before[day] and day in old["minutes"]:
                minutes[day] = old["minutes"][day]
                windows.pop(day, None)
                if day in old.get("windows", {}):
                    windows[day] = old["windows"][day]
        data["availability"] = {**old, "minutes": minutes, "windows": windows}
        if cap is not None:
            data["availability"]["max_minutes_per_day"] = cap
        elif max(minutes.values()) > old.get("max_minutes_per_day", 480):
            data["availability"]["max_minutes_per_day"] = min(
                max(minutes.values()), study_hours.MOST_MINUTES
            )
        if not windows:
            del data["availability"]["windows"]
        return from_case(data).record

    return _change(
        request, "plan-hours", alter, words.HOURS_SAVED, seen_version=seen(request)
    )  # fmt: skip


@receives
def add_commitment(request: HttpRequest) -> HttpResponse:
    """Add a commitment once, or on the same weekday of every week until a day."""
    kept = kept_for(request)
    if kept is None:
        return redirect("welcome")
    post = request.POST
    first = day_or_none(form_data.day(post.get("date", ""), kept.today))
    minutes = form_data.minutes(post.get("minutes", ""))
    try:
        start = time.fromisoformat(post.get("start", "").strip())
    except ValueError:
        start = None
    for value, name in ((first, "date"), (start, "start"), (minutes, "length")):
        if value is None:
            return _refused(request, "plan-hours", [words.commitment_needs(name)])
    assert first is not None
    assert start is not None
    assert minutes is not None
    until = day_or_none(post.get("until")) or first
    until = until if post.get("weekly") == "yes" else first
    what = post.get("what", "").strip()[:280]
    return _change(
        request,
        "plan-hours",
        lambda old: time_away.with_weekly_commitment(old, first, start, minutes, what, until),
        words.COMMITMENT_ADDED,
        seen_version=seen(request),
    )


@receives
def remove_commitment(request: HttpRequest) -> HttpResponse:
    """Remove a commitment, with its weeks to come."""
    kept = kept_for(request)
    post = request.POST
    weekday = post.get("weekday", "")
    try:
        start = time.fromisoformat(post.get("start", ""))
    except ValueError:
        return redirect("plan-hours")
    if kept is None or weekday not in tuple("0123456"):
        return redirect("plan-hours")
    return _change(
        request,
        "plan-hours",
        lambda old: time_away.without_commitment(
            old, start, int(weekday), post.get("what", ""), kept.today
        ),
        words.COMMITMENT_REMOVED,
        seen_version=seen(request),
    )


# --- days off -----------------------------------------------------------------------------------


@require_safe
@page
def days_off(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show a month of days to tap, and a time away in one step."""
    on = day_or_none(request.GET.get("on")) or kept.today
    off = set(kept.value.availability.days_off) if kept.value.availability else set()
    planned = briefings.answer(kept).briefing.plan.test_date
    first = on.replace(day=1)
    fmt = wording.format_for(kept)
    return render(
        request,
        "pages/plan_days_off.html",
        {
            "kept": kept,
            "on": on,
            "weeks": [
                [
                    {
                        "day": day,
                        "open": day.month == on.month and day >= kept.today,
                        "off": day in off,
                        "words": fmt.day(day, weekday=True),
                        "test": day == planned,
                    }
                    for day in week
                ]
                for week in months.Calendar().monthdatescalendar(on.year, on.month)
            ],
            "before": first - timedelta(days=1),
            "after": first + timedelta(days=32),
            "today": kept.today,
        },
    )


@receives
def keep_days_off(request: HttpRequest) -> HttpResponse:
    """Keep the days off of the month that was shown."""
    kept = kept_for(request)
    on = day_or_none(request.POST.get("month"))
    if kept is None or on is None:
        return redirect("plan-days-off")
    shown = [
        day
        for week in months.Calendar().monthdatescalendar(on.year, on.month)
        for day in week
        if day.month == on.month and day >= kept.today
    ]
    chosen = [d for d in map(day_or_none, request.POST.getlist("off")) if d is not None]
    return _change(
        request,
        "plan-days-off",
        lambda old: time_away.with_days_off(old, shown, chosen),
        words.DAYS_OFF_SAVED,
        seen_version=seen(request),
    )


@receives
def keep_away(request: HttpRequest) -> HttpResponse:
    """Keep every day of a time away free."""
    kept = kept_for(request)
    if kept is None:
        return redirect("welcome")
    first = day_or_none(form_data.day(request.POST.get("first", ""), kept.today))
    last = day_or_none(form_data.day(request.POST.get("last", ""), kept.today))
    if first is None or last is None:
        return _refused(request, "plan-days-off", [words.away_needs_dates()])
    first, last = min(first, last), max(first, last)
    if last - first > time_away.LONGEST_AWAY:
        return _refused(
            request, "plan-days-off", [words.away_too_long(time_away.LONGEST_AWAY.days)]
        )
    return _change(
        request,
        "plan-days-off",
        lambda old: time_away.with_days_away(old, first, last),
        words.away_saved(first, last, wording.format_for(kept)),
        seen_version=seen(request),
    )


# --- resources ----------------------------------------------------------------------------------


@require_safe
@page
def resources(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show what can be studied from: tick what is there, and say how far."""
    return _shelf(request, kept, MultiValueDict(), [])


def _shelf(
    request: HttpRequest,
    kept: learner_store.Kept,
    given: MultiValueDict[str, str],
    faults: Sequence[str],
) -> HttpResponse:
    own, catalog = _rows(kept)
    kinds = []
    for kind, name in words.KINDS.items():
        found = [_row(entry, None, given) for entry in catalog if entry.kind == kind]
        if found:
            kinds.append((name, found[:FEW_PER_KIND], found[FEW_PER_KIND:]))
    return render(
        request,
        "pages/plan_resources.html",
        {
            "kept": kept,
            "own": [_row(entry, one, given, position) for position, one, entry in own],
            "kinds": kinds,
            "faults": faults,
            "add_kinds": words.KINDS.items(),
        },
        status=422 if faults else 200,
    )


def _rows(
    kept: learner_store.Kept,
) -> tuple[list[tuple[int, Resource, CatalogEntry | None]], list[CatalogEntry]]:
    """The student's own resources, and the entries of the catalog that they don't have."""
    every = facts.resource_catalog(kept.value.exam.id, kept.today)
    by_id = {entry.id: entry for entry in every}
    by_name = {short_name(entry).lower(): entry for entry in reversed(every)}
    own, taken = [], set()
    for position, one in enumerate(kept.value.resources):
        entry = by_id.get(one.catalogue or "") or by_name.get(one.name.lower())
        if entry is not None:
            taken.add(entry.id)
        own.append((position, one, entry if one.catalogue else None))
    return own, [entry for entry in every if entry.id not in taken]


def _row(
    entry: CatalogEntry | None,
    own: Resource | None,
    given: MultiValueDict[str, str],
    position: int = -1,
) -> dict[str, Any]:
    key = f"own-{position}" if own is not None else (entry.id if entry else "")
    published = entry.plannable_units if entry else None
    units = own.units if own is not None and own.units is not None else published
    done = own.done if own is not None else 0
    kind = own.kind if own is not None else (entry.kind if entry else "questions")
    typed_units = given.get(f"units-{key}")
    typed_done = given.get(f"done-{key}")
    return {
        "key": key,
        "name": own.name if own is not None else (short_name(entry) if entry else ""),
        "kind": kind,
        "unit": words.UNITS[kind],
        "units": units,
        "asks_units": published is None,
        "units_typed": typed_units if typed_units is not None else (units or ""),
        "done": typed_done if typed_done is not None else (done or ""),
        "so_far": f"{done:,} of {units:,} {words.USED[kind]}" if units else "",
        "is_own": own is not None,
        "ticked": own is not None or key in given.getlist("have"),
        "share": min(round(20 * done / units), 20) if units else 0,
    }


@receives
def keep_resources(request: HttpRequest) -> HttpResponse:
    """Keep what is ticked, each with how far the student is."""
    kept = kept_for(request)
    if kept is None:
        return redirect("welcome")
    post = request.POST
    ticked = set(post.getlist("have"))
    own, catalog = _rows(kept)
    faults: list[str] = []
    found: list[Resource] = []
    for position, one, entry in own:
        if f"own-{position}" not in ticked:
            continue
        found.append(_counted(one, entry, f"own-{position}", post, faults))
    for entry in catalog:
        if entry.id in ticked:
            new = Resource(name=short_name(entry), kind=entry.kind, catalogue=entry.id)
            found.append(_counted(new, entry, entry.id, post, faults))
    if faults:
        return _shelf(request, kept, post, faults)
    return _change(
        request,
        "plan-resources",
        lambda old: replace(old, resources=tuple(found)),
        words.RESOURCES_SAVED,
        seen_version=seen(request),
    )


def _counted(
    one: Resource, entry: CatalogEntry | None, key: str, post: Any, faults: list[str]
) -> Resource:
    """Return a resource with the counts that were typed; what can't be read is a fault."""
    values: dict[str, int | None] = {}
    for name in ("units", "done"):
        typed = post.get(f"{name}-{key}")
        if typed is None:
            continue
        bare = typed.strip().replace(",", "").replace(" ", "")
        if not bare:
            values[name] = None
        elif bare.isdecimal() and len(bare) < 8:
            values[name] = int(bare)
        else:
            faults.append(words.not_a_count(one.name, typed))
    units = values.get("units", one.units)
    done = values.get("done", one.done) or 0
    size = units if units is not None else (entry.plannable_units if entry else None)
    if size is not None and done > size:
        faults.append(words.more_done_than_there_is(one.name, done, size))
        return one
    return replace(one, units=units, done=done)
