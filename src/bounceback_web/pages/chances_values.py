"""What the Chances page shows, part by part."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from bounceback.errors import FactError, FactUnknown
from bounceback.messages import chances as words
from bounceback.messages.decision import MYTHS, band_answer, no_single_result, sentences
from bounceback.messages.forecast import flag_words
from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.registry import Format, render
from bounceback.services import Briefing
from bounceback.services import published_facts as facts
from bounceback.services.values import LedgerEntry, ResultBand
from bounceback_web.pages import date_choices, date_line_values, twenty_dots
from bounceback_web.pages.date_choices import DateChoice, Scale
from bounceback_web.pages.date_line_values import Shown
from bounceback_web.pages.templatetags.formatting import rule_source

RECENT_DAYS: Final = 42
"""A practice test older than this says little of today."""
PACE_WORTH_SAYING: Final = 0.1
"""How far the believed pace must lie from the group's before the page speaks of it."""
LATER_HELPS: Final = 0.01
"""Chance that the last date must gain over mine before the page says that later helps."""
NARROWING_WORTH_SAYING: Final = 0.02
"""Share of the range that a test must take off before the page speaks of it."""
OUR_OWN: Final = "bounceback"
"""Source key of numbers that nobody publishes."""
GROUPS: Final = {
    "us-md": "US MD students",
    "us-do": "US DO students",
    "non-us": "students from schools outside the US",
}


A_PERSON_FIRST: Final = frozenset({"decision.moved-before", "decision.ask-a-person"})
"""Reasons that lead to a person. They stand apart from the others."""

READY_PAGES: Final = 8
_ready: OrderedDict[tuple[Any, ...], tuple[Briefing, dict[str, Any]]] = OrderedDict()


def ready_page_values(
    b: Briefing, fmt: Format, shown: Shown, other: date | None = None
) -> dict[str, Any]:
    """Return :func:`page_values`, worked out once for an answer and what is asked of it."""
    key = (id(b), fmt.locale, shown.finger, shown.trying, shown.people, other)
    found = _ready.get(key)
    if found is None or found[0] is not b:
        found = (b, page_values(b, fmt, shown, other))
        _ready[key] = found
        while len(_ready) > READY_PAGES:
            _ready.popitem(last=False)
    return found[1]


def page_values(
    b: Briefing, fmt: Format, shown: Shown, other: date | None = None
) -> dict[str, Any]:
    """Return what the page shows for a briefing.

    Args:
        b: The briefing.
        fmt: How dates are written.
        shown: The date in the readout, and whether numbers are shown.
        other: The date compared with mine on a phone.
    """
    every = date_choices.choices(b)
    by_day = {one.day: one for one in every}
    if shown.finger not in by_day:
        shown = replace(shown, finger=None, trying=False)
    scale = date_choices.scale_of(b)
    main = date_choices.main_date(b)
    values: dict[str, Any] = {
        "line": date_line_values.pictures(
            date_line_values.date_line_of(b, every, fmt, shown), "date-line"
        ),
        "every": [_row(one, b, scale, fmt) for one in every],
        "my_date": date_choices.my_date(b),
        "finger": shown.finger,
        "trying": shown.trying,
        "rules": rules(b, fmt),
        "advice": _advice(b, by_day, fmt),
        "suggested": date_choices.suggested_date(b),
        "path": b.remediation is not None,
        "pact_day": _agreed_day(b, fmt),
        "presets": words.PRESETS,
        "preset": next(
            (
                p.id
                for p in words.PRESETS
                if p.failed_attempt == b.decision.weights.get("failed_attempt")
            ),
            "",
        ),
        "priorities": [
            (name, label, f"{b.decision.weights[name]:.15g}")
            for name, label in words.PRIORITIES.items()
            if name in b.decision.weights
        ],
    }
    if not shown.people:
        return values
    values["readouts"] = date_line_values.readouts(every, b, scale, fmt)
    if shown.finger is not None:
        values["readout"] = values["readouts"][shown.finger.isoformat()]
    if main is not None:
        one = by_day.get(main.on) or date_choices.choice(b, main, scale)
        values |= _main(b, one, scale, fmt)
    values |= {
        "side": _side_by_side(b, every, scale, fmt, other),
        "bands": _bands(b, scale, fmt),
        "ways": _ways(b, fmt),
        "levers": levers_in_words(b),
        "target": _target(b, fmt),
        "narrowing": most_useful_test(b, fmt),
        "evidence": _evidence(b),
        "evidence_parts": weights_in_words(b, fmt),
        "group": group_sentence(b),
        "sources": sources(b),
    }
    values["myths"] = _myths(b, values, every, scale)
    return values


def _row(one: DateChoice, b: Briefing, scale: Scale, fmt: Format) -> dict[str, Any]:
    mine, suggested = date_choices.my_date(b), date_choices.suggested_date(b)
    tag = {mine: "my date", suggested: "suggested"}.get(one.day, "")
    passing = words.count_words(one.chance)[0]
    return {
        "day": one.day,
        "label": fmt.short_day(one.day),
        "ten": ten(one.chance),
        "note": " · ".join(t for t in (passing, tag) if t),
        "tag": tag,
        "level": words.range_words(one.low, one.high, percent=scale.percent),
    }


def ten(chance: float, class_: str = "") -> SafeString:
    """Return ten people in a row for a chance."""
    return mark_safe(twenty_dots.ten_people(words.tenths(chance), class_))


def _main(b: Briefing, one: DateChoice, scale: Scale, fmt: Format) -> dict[str, Any]:
    lead, level = words.level_sentence(one.low, one.high, percent=scale.percent)
    forecast = date_choices.forecast_on(b, one.day)
    return {
        "main": one,
        "main_day": fmt.day(one.day, weekday=True),
        "chance": words.chance_sentence(one.chance, one.day, fmt),
        "level_lead": lead,
        "level": level + (" correct" if scale.percent else ""),
        "passing": words.passing_words(scale.passing, percent=scale.percent, status=scale.status),
        "next_test": next_test(b, one, fmt),
        "likely": words.LIKELY,
        "twenty": date_line_values.twenty(b, one, scale, fmt),
        "followed": (
            f"If you do every planned hour: {fmt.people(forecast.p_pass_if_followed)}."
            if forecast
            else ""
        ),
        "today_level": level_today(b, scale),
    }


def level_today(b: Briefing, scale: Scale) -> dict[str, str]:
    """Return the level today: score, likely range, distance to the passing score."""
    mean, sd = b.belief.score_mean, b.belief.score_sd
    z = date_choices.Z_OF_RANGE
    middle = scale.shown(mean)
    return {
        "score": words.score_words(middle, percent=scale.percent),
        "range": words.range_words(
            scale.shown(mean - z * sd), scale.shown(mean + z * sd), percent=scale.percent
        ),
        "distance": words.distance_words(middle, scale.passing),
    }


def next_test(b: Briefing, one: DateChoice, fmt: Format) -> str:
    """Return where the next practice test will probably move the count; "" if not known."""
    forecast = date_choices.forecast_on(b, one.day)
    entry = next_entry(b)
    if forecast is None or entry is None or entry.date is None:
        return ""
    low, high = forecast.p_next_low, forecast.p_next_high
    if low is None or high is None:
        return ""
    name = practice_test_name(entry.family, entry.form, b.record.exam.id)
    return words.next_test_words(
        name, entry.date, words.tenths(one.chance), words.tenths(low), words.tenths(high), fmt
    )


def _bands_of_whole_points(found: Sequence[ResultBand], scale: Scale) -> list[ResultBand]:
    """Return the bands, best first, without those that hold no whole point of the scale shown.

    The share of such a band goes to the one below it.
    """
    kept: list[ResultBand] = []
    carried = 0.0
    edge: int | None = None
    for i, band in enumerate(found):
        low = round(scale.shown(band.score_low))
        if edge is not None and low >= edge and i < len(found) - 1:
            carried += band.share
            continue
        kept.append(replace(band, share=band.share + carried))
        carried, edge = 0.0, low
    return kept


def _bands(b: Briefing, scale: Scale, fmt: Format) -> dict[str, Any] | None:
    """What each result of the next practice test would mean, best first; ``None`` without one."""
    found = _bands_of_whole_points(b.if_next_test, scale)
    entry = next_entry(b)
    if not found or entry is None or entry.date is None:
        return None
    name = practice_test_name(entry.family, entry.form, b.record.exam.id)
    mine = date_choices.my_date(b)
    rows = []
    for i, band in enumerate(found):
        low = None if i == len(found) - 1 else scale.shown(band.score_low)
        # The next band up begins one point higher, so that the bands meet on the scale shown.
        high = None if i == 0 else round(scale.shown(found[i - 1].score_low)) - 1.0
        if len(found) == 1:
            low = high = None
        rows.append(
            {
                "score": words.threshold_words(low, high, percent=scale.percent),
                "advice": band_answer(band.advice, band.date, band.kept, mine, fmt),
                "ten": ten(band.share, "sand"),
                "share": fmt.people(band.share),
            }
        )
    return {
        "test": name,
        "day": fmt.day(entry.date, weekday=True),
        "on": entry.date,
        "rows": rows,
        "none": (
            no_single_result(mine, [band.kept for band in found], fmt)
            if mine is not None and all(band.advice != "sit" for band in found)
            else ""
        ),
        "agreement": words.agreement_from_thresholds(
            [(row["score"], row["advice"]) for row in rows], name
        ),
    }


def _ways(b: Briefing, fmt: Format) -> list[dict[str, Any]]:
    """The ways to go on beside a date, in the lines of a date."""
    found = []
    for way in b.options:
        if way.kind == "date":
            continue
        title, note = words.WAYS[way.kind]
        rows = [("From now", words.weeks_words(round(7 * way.weeks)) if way.weeks else "")]
        if way.result_usual is not None and way.result_latest is not None:
            rows.append(("Result", words.result_words(way.result_usual, way.result_latest, fmt)))
        rows += [(f"{fmt.day(d.date)} deadline", words.STATUS[d.met]) for d in way.deadlines]
        rows.append(("Cost now", words.fee_words(way.fee_now_usd)))
        if way.attempts_left_if_failed is not None:
            rows.append(
                ("If it doesn\u2019t work out", words.attempts_left(way.attempts_left_if_failed))
            )
        found.append({"title": title, "note": note, "rows": [row for row in rows if row[1]]})
    return found


def next_entry(b: Briefing) -> LedgerEntry | None:
    """Return the next practice test of the plan."""
    ahead = [
        (e.date, e.label, e) for e in b.plan.ledger if e.date is not None and e.date >= b.as_of
    ]
    return min(ahead, key=lambda e: e[:2])[2] if ahead else None


def _advice(b: Briefing, by_day: Mapping[date, DateChoice], fmt: Format) -> dict[str, Any]:
    decision = b.decision
    # After several moves a person comes before another date, whatever else is said.
    people = tuple(r for r in decision.reasons if r.code in A_PERSON_FIRST)
    first = tuple(r for r in decision.reasons if r not in people)[:3]
    found: dict[str, Any] = {
        "kind": decision.advice,
        "headline": render(decision.headline, fmt.locale),
        "reasons": sentences(first, fmt.locale),
        "reasons_without_numbers": sentences(first, fmt.locale, numbers=False),
        "person": sentences(people, fmt.locale, numbers=False),
        "date": decision.date,
    }
    mine = by_day.get(date_choices.my_date(b) or date.min)
    then = by_day.get(date_choices.suggested_date(b) or date.min)
    if mine is not None and then is not None:
        deadline = next(iter(then.deadlines), None)
        count, rest = words.suggestion_cost(
            then.chance,
            (then.day - mine.day).days,
            (fmt.day(deadline.date), deadline.met) if deadline else None,
        )
        found |= {"count": count, "rest": rest}
    return found


def rules(b: Briefing, fmt: Format) -> list[dict[str, Any]]:
    """Rules, those not met first, then those not known yet."""
    order = {False: 0, None: 1, True: 2}
    return [
        {
            "rule": r,
            "text": render(r.rule, fmt.locale),
            "status": words.STATUS[r.holds],
            "kind": str(r.holds).lower(),
            "source": words.RULE_SOURCES.get(r.kind) or rule_source(r.source, b),
        }
        for r in sorted(b.decision.rules, key=lambda r: order[r.holds])
        if r.kind != "calendar" or r.holds is not True
    ]


def _side_by_side(
    b: Briefing, every: tuple[DateChoice, ...], scale: Scale, fmt: Format, other: date | None
) -> dict[str, Any]:
    shown = date_choices.compared(b, every)
    mine, suggested = date_choices.my_date(b), date_choices.suggested_date(b)
    if not shown:
        return {"columns": [], "rows": []}
    first = next((one for one in shown if one.day == mine), shown[0])
    others = [one for one in shown if one is not first]
    second = next((one for one in others if one.day == other), None)
    second = second or next((one for one in others if one.day == suggested), None)
    second = second or (others[-1] if others else None)
    columns = [
        {
            "day": one.day,
            "label": fmt.day(one.day, weekday=True),
            "short": fmt.short_day(one.day, weekday=False),
            "mine": one.day == mine,
            "suggested": one.day == suggested,
            "shown": one in (first, second),
            "first": one is first,
        }
        for one in shown
    ]
    rows: list[dict[str, Any]] = [
        {
            "name": "Of 10 people",
            "kind": "people",
            "cells": [
                dict(zip(("passing", "failing"), words.count_words(one.chance), strict=True))
                | {"ten": ten(one.chance)}
                for one in shown
            ],
        },
        {
            "name": "Likely level",
            "cells": [
                f"{words.range_words(one.low, one.high, percent=scale.percent)}, middle "
                f"{words.distance_words(one.middle, scale.passing)}"
                for one in shown
            ],
        },
        {
            "name": "From now",
            "cells": [words.weeks_words((one.day - b.as_of).days) for one in shown],
        },
        {
            "name": "Result",
            "cells": [
                words.result_words(one.result_usual, one.result_latest, fmt) for one in shown
            ],
        },
    ]
    rows += [
        {
            "name": f"{fmt.day(deadline.date)} deadline",
            "kind": "rule",
            "cells": [
                {"met": one.deadlines[i].met, "words": words.STATUS[one.deadlines[i].met]}
                for one in shown
            ],
        }
        for i, deadline in enumerate(shown[0].deadlines)
    ]
    rows.append(
        {
            "name": "Other rules",
            "kind": "rule",
            "cells": [
                dict(
                    zip(
                        ("met", "words"),
                        words.rules_words(one.not_met, one.not_known),
                        strict=True,
                    )
                )
                for one in shown
            ],
        }
    )
    # What a date breaks is read first: a good chance on it is worth nothing.
    broken = [
        row
        for row in rows
        if row.get("kind") == "rule" and any(cell["met"] is False for cell in row["cells"])
    ]
    rows = broken + [row for row in rows if row not in broken]
    rows += [
        {
            "name": "Cost of moving",
            "cells": [
                words.moving_cost_words(one.moving, same=one.day == mine or mine is None)
                for one in shown
            ],
        },
        {
            "name": "If it doesn\u2019t work out",
            "cells": [
                words.if_not_words(
                    one.attempts_left or (),
                    one.register_again,
                    known=one.attempts_left is not None,
                )
                for one in shown
            ],
        },
    ]
    for row in rows:
        row["cells"] = [
            {"shown": column["shown"], "value": cell}
            for column, cell in zip(columns, row["cells"], strict=True)
        ]
    trade = ""
    if second is not None:
        trade = words.side_by_side(first.chance, second.chance, (second.day - first.day).days)
    return {"columns": columns, "rows": rows, "trade": trade}


def _agreed_day(b: Briefing, fmt: Format) -> str:
    pact = b.record.decision.pact
    return fmt.day(pact.date, weekday=True) if pact else ""


def most_useful_test(b: Briefing, fmt: Format) -> str:
    """Return which practice test would narrow the range most; "" where none would."""
    best = b.narrowing[0] if b.narrowing else None
    if best is None or best.share_removed <= NARROWING_WORTH_SAYING:
        return ""
    name = practice_test_name(best.family, "", b.record.exam.id)
    publisher = facts.form_family(best.family, b.record.exam.id).publisher
    return words.most_useful_test(name, publisher, best.by, best.share_removed, fmt)


def _target(b: Briefing, fmt: Format) -> str:
    wanted = b.record.exam.target_p_pass
    if b.target is None or wanted is None:
        return ""
    found = (b.target.changes, b.target.p_pass, b.target.date, b.target.reached)
    return words.target_sentence(wanted, found, fmt)


def levers_in_words(b: Briefing) -> dict[str, Any]:
    """Changes that move the chance, as differences; else one line."""
    if not b.levers:
        return {"rows": [], "none": ""}
    base, *others = b.levers
    worth = [v for v in others if round(100 * v.gain) >= words.WORTH_SHOWING]
    best = max(others, key=lambda v: v.gain, default=None)
    most = max((v.gain for v in worth), default=1.0)
    return {
        "base": round(100 * base.p_pass),
        "day": base.date,
        "rows": [
            {
                "change": v.change[:1].upper() + v.change[1:],
                "words": words.lever_words(v.gain),
                "share": round(100 * v.gain / most),
                "bar": _bar(v.gain / most),
            }
            for v in sorted(worth, key=lambda v: -v.gain)
        ],
        "none": words.nothing_moves_it(best.change, best.gain) if best and not worth else "",
    }


def _bar(share: float) -> SafeString:
    """A bar as long as its share of the longest, without a style attribute."""
    width = max(2.0, 160.0 * share)
    return mark_safe(
        '<svg class="lever-bar" viewBox="0 0 160 10" width="160" height="10" aria-hidden="true">'
        f'<rect width="{width:.0f}" height="10" rx="3"/></svg>'
    )


@dataclass(frozen=True, slots=True)
class Grade:
    """One part of the evidence, with its pips."""

    name: str
    grade: str
    word: str
    note: str
    pips: SafeString


_PIPS: Final = {"good": 3, "fair": 2, "low": 1, "none": 0}


def pips(grade: str) -> SafeString:
    """Return three pips, as many filled as the grade is good."""
    circles = "".join(
        f'<circle cx="{6 + 13 * i}" cy="6" r="4.5" class="{"on" if i < _PIPS[grade] else "off"}"/>'
        for i in range(3)
    )
    return mark_safe(f'<svg class="pips" viewBox="0 0 38 12" aria-hidden="true">{circles}</svg>')


def _grade(name: str, grade: str, note: str) -> Grade:
    return Grade(name, grade, words.GRADE[grade], note, pips(grade))


def evidence_grade(b: Briefing) -> str:
    """Return good, fair or low: how good the evidence is as a whole."""
    return b.decision.evidence.grade


def _recent(b: Briefing) -> list[Any]:
    return [
        f
        for f in b.record.forms
        if (b.as_of - f.date).days <= RECENT_DAYS and f.timed and not f.repeat and not f.interrupted
    ]


def _evidence(b: Briefing) -> dict[str, Any]:
    exam = b.record.exam.id
    forms = sorted(b.record.forms, key=lambda f: f.date)[-4:]
    names = [practice_test_name(f.family, f.form, exam) for f in forms]
    unsure = sum(1 for f in forms if f.repeat or not f.timed or f.interrupted)
    recent = len(_recent(b))
    tests = "good" if recent >= 2 else "fair" if recent else "low" if forms else "none"
    constants = b.belief.constants
    share = b.belief.rate_mean / float(constants.rate @ constants.rate_weight)
    known = share if abs(share - 1.0) >= PACE_WORTH_SAYING else None
    grade = evidence_grade(b)
    return {
        "grade": grade,
        "sentence": words.evidence_sentence(grade),
        "parts": [
            _grade("Your practice tests", tests, words.tests_evidence(names, unsure)),
            _grade("How fast you\u2019ll improve", "low", words.pace_evidence(known)),
            _grade("Checked on real retakers", "none", words.CHECKED),
        ],
    }


def weights_in_words(b: Briefing, fmt: Format, own: str = "Your") -> list[dict[str, str]]:
    """Each result the estimate is made of, with its share in words.

    Args:
        b: The briefing.
        fmt: How dates are written.
        own: Word before the attempt: "Your", or "The" in a document about the student.
    """
    exam = b.record.exam.id
    found = []
    for e in sorted(b.belief.evidence, key=lambda e: -e.weight):
        why = flag_words(e.flags)
        # What has no weight is said with its reason, so that nothing is left out in silence.
        if round(100 * e.weight) < 1 and not why:
            continue
        if e.kind == "practice-test":
            name = practice_test_name(e.subject, e.label, exam)
        elif e.kind == "blocks":
            name = "Question blocks"
        elif e.kind == "first-takers":
            name = "Published results of first takers"
        else:
            name = f"{own} {facts.exam(e.subject).short_name} attempt"
        day = fmt.day(e.on) if e.on else ""
        share = words.share(e.weight) if round(100 * e.weight) >= 1 else ""
        said = ", ".join(part for part in (share, why) if part)
        found.append({"name": f"{name} ({day})" if day else name, "share": said})
    return found


def group_sentence(b: Briefing) -> str:
    """Return the published count of the student's group, in the page's denominator."""
    exam = facts.exam(b.record.exam.id)
    repeat = b.belief.retaker
    try:
        rate = facts.pass_rate(
            b.record.exam.id, b.record.learner.group, "repeat" if repeat else "first", b.as_of.year
        )
    except FactUnknown:
        return words.no_group_sentence(exam.short_name)
    publisher = facts.source(rate.source.split(";")[0]).publisher
    people = GROUPS.get(rate.group_published, rate.group_published)
    source = (publisher, str(rate.period), rate.n)
    return words.group_sentence(rate.pass_percent, people, exam.short_name, source, repeat=repeat)


def _myths(
    b: Briefing, values: Mapping[str, Any], every: Sequence[DateChoice], scale: Scale
) -> tuple[words.Myth, ...]:
    main: DateChoice | None = values.get("main")
    later = None
    if main is not None and every and every[-1].day > main.day:
        later = every[-1].chance > main.chance + LATER_HELPS
    return words.myths(
        level=level_today(b, scale)["score"] if scale.percent else "",
        now=words.tenths(b.p_pass_if_today),
        later=later,
        group=values["group"] if b.belief.retaker else "",
    ) + tuple(words.Myth(myth.term, myth.answer) for myth in MYTHS)


def sources(b: Briefing) -> list[dict[str, Any]]:
    """Published numbers in use. The group's pass rate stands in its own sentence."""
    from bounceback.services import to_json

    scale = date_choices.scale_of(b)
    # Step 1 has no number: its passing score is shown as percent correct, as everywhere.
    shown = {f"{scale.exam}.pass-mark": words.score_words(scale.passing, percent=scale.percent)}
    return [
        {
            "name": words.fact_name(s["id"]),
            "value": shown.get(s["id"], s["value"]),
            "source": _publishers(s["source"]),
            "sure": words.HOW_SURE[s["confidence"]],
        }
        for s in to_json(b)["sources"]
        if not s["id"].startswith("pass-rate.")
    ]


def _publishers(keys: str) -> str:
    """Return who published a number, and where."""
    found = []
    for key in keys.split(";"):
        if key.strip() == OUR_OWN:
            found.append("Our own estimate")
            continue
        try:
            source = facts.source(key.strip())
        except FactError:
            continue
        year = f" ({source.year})" if source.year else ""
        found.append(f"{source.publisher}, {source.title}{year}")
    return " · ".join(dict.fromkeys(found)) or "Not found"
