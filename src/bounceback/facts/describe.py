"""One fact by its id, for ``facts show``: rules, and what is composed of table rows.

Ids, besides those of the rules (``facts.ids()``)::

    <exam>.block-rhythm            <exam>.norms             <exam>.weights
    <exam>.blueprint.<axis>        <exam>.conversion.<family>
    <exam>.pass-rate.<group>.<first|repeat|total>           <exam>.release
    <model>.<name of a constant>   evidence.<id>            clearance.<id>
    catalog.<id of a resource>
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from bounceback.errors import FactError
from bounceback.facts.loading import DATA, ids, value
from bounceback.facts.model_parameters import models
from bounceback.facts.models import Sourced
from bounceback.vocabulary import EXAM_IDS

_COMPOSED: Final = (
    "block-rhythm",
    "norms",
    "release",
    "weights",
    "blueprint",
    "conversion",
    "pass-rate",
)


def show(fact_id: str, on: date) -> tuple[Sourced, ...]:
    """Return the values behind a fact id, as in force on a day.

    Args:
        fact_id: Id of a rule, or one of the composed ids above.
        on: The day asked about (test date).

    Returns:
        One value for a rule; one for each part of a composed fact, ids extended by the part.

    Raises:
        FactError: No such fact; the message names the nearest.
        FactUnknown: Nothing is published for that day, with the reason.
    """
    subject, _, rest = fact_id.partition(".")
    word, _, detail = rest.partition(".")
    if subject in models():
        return _parameters(subject, rest, on)
    if subject == "evidence":
        return (_evidence(rest),)
    if subject == "clearance":
        return (_clearance(rest),)
    if subject == "catalog":
        return _catalog(rest)
    if subject in EXAM_IDS and word in _COMPOSED and not (DATA / subject / f"{rest}.toml").exists():
        return _EXAM_FACTS[word](subject, detail, on)
    return (value(fact_id, on),)


def showable_ids() -> tuple[str, ...]:
    """Every id that ``show`` answers, sorted; composed ones for each exam they exist for."""
    from bounceback.facts.clearance import clearance_rules
    from bounceback.facts.evidence_tables import evidence_on
    from bounceback.facts.exams import exam
    from bounceback.facts.loading import table
    from bounceback.facts.model_parameters import models, names
    from bounceback.facts.practice_tests import form_families

    topics = dict.fromkeys(row["topic"] for row in table("evidence"))
    composed = [
        *(f"{e}.{word}" for e in EXAM_IDS for word in _COMPOSED[:4]),
        *(f"{e}.blueprint.{exam(e).share_axis}" for e in EXAM_IDS),
        *(f"{e}.conversion.{family}" for e in EXAM_IDS for family in form_families(e)),
        *(
            dict.fromkeys(
                f"{row['exam']}.pass-rate.{group}.{row['attempt']}"
                for row in table("pass_rates")
                for group in _groups_of(row["group"])
            )
        ),
        *(f"{model}.{name}" for model in models() for name in names(model)),
        *(f"evidence.{one.id}" for topic in topics for one in evidence_on(topic)),
        *(f"clearance.{rule.id}" for rule in clearance_rules()),
        *(f"catalog.{row['id']}" for row in table("resources")),
    ]
    return tuple(sorted({*ids(), *composed}))


def _groups_of(published: str) -> tuple[str, ...]:
    return {"us-md": ("us-md",), "us-do": ("us-do",), "non-us": ("us-img", "non-us-img")}.get(
        published, ()
    )


def _part(whole: Any, fact_id: str, found: Any, unit: str, note: str = "") -> Sourced:
    """One part of a composed fact, with the provenance of the whole."""
    return Sourced(
        id=fact_id,
        value=found,
        unit=unit,
        in_force_from=getattr(whole, "in_force_from", None),
        source=whole.source,
        locator="",
        confidence=whole.confidence,
        note=note or getattr(whole, "note", ""),
    )


def _no_detail(exam_id: str, word: str, detail: str) -> None:
    if detail:
        raise FactError(f"{exam_id}.{word} has no part {detail!r}; ask for {exam_id}.{word}")


def _block_rhythm(exam_id: str, detail: str, on: date) -> tuple[Sourced, ...]:
    from bounceback.facts.exams import block_rhythm

    _no_detail(exam_id, "block-rhythm", detail)
    found = block_rhythm(exam_id, on)
    units = {
        "items_per_block": "items, at most",
        "minutes_per_block": "minutes",
        "blocks": "blocks",
        "items": "items, at most",
        "session_hours": "hours, all days",
        "days": "days",
        "cases": "cases",
    }
    return tuple(
        _part(found, f"{exam_id}.block-rhythm.{name.replace('_', '-')}", getattr(found, name), unit)
        for name, unit in units.items()
    )


def _norms(exam_id: str, detail: str, on: date) -> tuple[Sourced, ...]:
    from bounceback.facts.exams import norms

    _no_detail(exam_id, "norms", detail)
    found = norms(exam_id, on)
    return tuple(
        _part(found, f"{exam_id}.norms.{name}", number, "points", found.cohort)
        for name, number in (("mean", found.mean), ("sd", found.sd))
    )


def _weights(exam_id: str, detail: str, on: date) -> tuple[Sourced, ...]:
    from bounceback.facts.blueprints import blueprint, exam_weights
    from bounceback.facts.exams import exam

    _no_detail(exam_id, "weights", detail)
    weights = exam_weights(exam_id, on)
    return tuple(
        _part(category, f"{exam_id}.weights", weights[category.name], category.name)
        for category in blueprint(exam_id, exam(exam_id).share_axis, on)
        if category.name in weights
    )


def _blueprint(exam_id: str, detail: str, on: date) -> tuple[Sourced, ...]:
    from bounceback.facts.blueprints import blueprint

    return tuple(
        _part(
            category,
            f"{exam_id}.blueprint.{detail}",
            category.low if category.high is None else (category.low or 0.0, category.high),
            f"percent, {category.name}",
        )
        for category in blueprint(exam_id, detail, on)
    )


def _release(exam_id: str, detail: str, on: date) -> tuple[Sourced, ...]:
    from bounceback.facts.attempt_limits import release

    _no_detail(exam_id, "release", detail)
    found = release(exam_id, on)
    pauses = f"none in {' and in '.join(found.pauses)}" if found.pauses else ""
    return (
        _part(found, f"{found.id}.typical", found.typical_weeks, "weeks after the exam"),
        _part(found, f"{found.id}.plan", found.plan_weeks, "weeks to allow for", pauses),
    )


def _conversion(exam_id: str, detail: str, on: date) -> tuple[Sourced, ...]:
    from bounceback.facts.practice_tests import conversion

    found = conversion(detail, exam_id, on)
    fact_id = f"{exam_id}.conversion.{detail}"
    return (
        _part(found, f"{fact_id}.slope", found.slope, f"points per unit ({found.scale})"),
        _part(found, f"{fact_id}.intercept", found.intercept, "points"),
    )


def _pass_rate(exam_id: str, detail: str, on: date) -> tuple[Sourced, ...]:
    from bounceback.facts.pass_rates_table import pass_rate

    group, _, attempt = detail.partition(".")
    found = pass_rate(exam_id, group, attempt, on.year)
    count = "n not published" if found.n is None else f"{found.n} attempts"
    unit = f"percent of attempts, {found.group_published}, {found.period}, {count}"
    return (_part(found, f"{exam_id}.pass-rate.{detail}", found.pass_percent, unit),)


def _parameters(model: str, name: str, on: date) -> tuple[Sourced, ...]:
    from bounceback.facts.model_parameters import parameters

    by_exam = {exam_id: parameters(model, exam_id, on).get(name) for exam_id in EXAM_IDS}
    found = {exam_id: one for exam_id, one in by_exam.items() if one is not None}
    if not found:
        raise FactError(f"model {model!r} has no constant {name!r} on {on}")
    if (
        len(found) == len(EXAM_IDS)
        and len({(one.value, one.source) for one in found.values()}) == 1
    ):
        return (next(iter(found.values())),)
    return tuple(
        Sourced(
            id=f"{one.id}.{exam_id}",
            value=one.value,
            unit=one.unit,
            in_force_from=one.in_force_from,
            source=one.source,
            locator=one.locator,
            confidence=one.confidence,
            note=one.note,
        )
        for exam_id, one in found.items()
    )


def _evidence(evidence_id: str) -> Sourced:
    from bounceback.facts.evidence_tables import evidence

    found = evidence(evidence_id)
    text = found.unit or "statement"
    number = found.statement if found.value is None else found.value
    return _part(found, f"evidence.{found.id}", number, text, found.statement)


def _clearance(rule_id: str) -> Sourced:
    from bounceback.facts.clearance import clearance_rule

    found = clearance_rule(rule_id)
    return _part(
        found, f"clearance.{found.id}", found.text, f"rule of {found.school}, {found.year}"
    )


def _catalog(entry_id: str) -> tuple[Sourced, ...]:
    from bounceback.facts.catalog import catalog_entry

    found = catalog_entry(entry_id)
    counted = f"{found.unit}, {found.precision}, {found.scope}, read {found.verified_on}"
    names = (*found.modes, *found.status_filters, *found.other_filters)
    parts = (
        ("name", found.name, f"{found.kind} for {', '.join(found.exams)}", found.confidence),
        ("units", found.units, counted, found.confidence),
        ("minutes-per-unit", found.minutes_per_unit, "minutes with review", found.confidence),
        ("answering-minutes", found.answering_minutes, "minutes, no review", found.confidence),
        ("strand", found.strand, "strand", found.confidence),
        ("filters", names or None, "its own names of modes and filters", found.filters_confidence),
        ("price", found.prices_usd or None, f"US dollars, {found.price_for}", found.confidence),
        ("card-tag", found.card_tag or None, "tag of AnKing cards", found.confidence),
    )
    return tuple(
        Sourced(
            id=f"catalog.{found.id}.{part}",
            value=value,
            unit=unit,
            in_force_from=found.first,
            source=found.source,
            locator=found.locator,
            confidence=confidence,
            note=found.note if part == "name" else "",
        )
        for part, value, unit, confidence in parts
        if value is not None and confidence is not None
    )


_EXAM_FACTS: Final[dict[str, Callable[[str, str, date], tuple[Sourced, ...]]]] = {
    "block-rhythm": _block_rhythm,
    "norms": _norms,
    "release": _release,
    "weights": _weights,
    "blueprint": _blueprint,
    "conversion": _conversion,
    "pass-rate": _pass_rate,
}
