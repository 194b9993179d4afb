"""How templates say numbers and days; the words are the engine's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bounceback.errors import FactError, FactUnknown
from bounceback.messages import briefing_text, forecast, render
from bounceback.messages.appraisal import evidence_sentence, say_all
from bounceback.messages.formatting import session_words
from bounceback.messages.registry import Format, Locale
from bounceback.messages.remediation import with_person
from bounceback.reasons import Reason
from bounceback.services import published_facts as facts
from bounceback_web.pages import ready_pages

register = template.Library()


@register.filter
def say(what: Reason | Iterable[Reason] | str | None) -> str:
    """Return the sentence of a reason, or of several; text stays as it is."""
    if what is None or isinstance(what, str):
        return what or ""
    return render(what) if isinstance(what, Reason) else say_all(what)


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


@register.filter
def published(evidence_id: str | None) -> str:
    """Return the published finding behind a plan change, with source and year."""
    return evidence_sentence(evidence_id)


@register.filter
def day(value: date | str) -> str:
    """8 January 2027."""
    return briefing_text.day_words(_day(value))


_NUMBER_OR_SITE = re.compile(
    r"(?P<site>\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|com|net|gov|ca|uk|in)\b)"
    r"|(?<![\w.-])\d[\d -]+\d(?![\w.-])"
)


@register.filter
def to_tap(contact: str) -> SafeString:
    """Return a contact with its numbers and sites as links: to call, to text, to open."""
    parts, end = [], 0
    for found in _NUMBER_OR_SITE.finditer(contact):
        before = contact[end : found.start()]
        if found["site"]:
            address = f"https://{found[0]}"
        elif re.search(r"\btext \w+ to $", before):
            address = "sms:" + re.sub(r"\D", "", found[0])
        else:
            address = "tel:" + re.sub(r"\D", "", found[0])
        rel = mark_safe(' rel="noreferrer"') if found["site"] else ""
        link = format_html('<a class="dial"{} href="{}">{}</a>', rel, address, found[0])
        parts.append((before, link))
        end = found.end()
    return format_html_join("", "{}{}", [*parts, (contact[end:], "")])


@register.filter
def day_short(value: date | str) -> str:
    """8 January, without the year."""
    return briefing_text.day_words(_day(value), year=False)


@register.filter
def days_to(first: date, last: date) -> str:
    """23 to 29 November; 30 November to 6 December."""
    if first.month == last.month:
        return f"{first.day} to {day_short(last)}"
    return f"{day_short(first)} to {day_short(last)}"


@register.filter
def weekday(value: date | str) -> str:
    """Friday 8 January."""
    return briefing_text.day_words(_day(value), weekday=True, year=False)


@register.filter
def of_ten(value: float) -> str:
    """About 6 of 10."""
    return briefing_text.of_ten(value)


@register.filter
def range_to(low: float, high: float) -> str:
    """2 to 9 of 10."""
    return briefing_text.ten_range(low, high)


@register.filter
def hours(minutes: float, time_as: str = "parts") -> str:
    """A length of time as the learner likes it: 1½ hours, 1 h 30 min or 90 minutes.

    Parts of an hour are rounded to quarters; the other two are to the minute.
    """
    whole = round(minutes)
    if time_as == "clock" and whole >= 60:
        h, rest = divmod(whole, 60)
        return f"{h} h {rest} min" if rest else f"{h} h"
    if time_as == "clock":
        return f"{whole} min"
    if time_as == "minutes" or whole < 60:
        return f"{whole} minute{'' if whole == 1 else 's'}"
    quarters = round(whole / 15)
    part = {0: "", 1: "¼", 2: "½", 3: "¾"}[quarters % 4]
    count = f"{quarters // 4}{part}"
    return f"{count} hour" if count == "1" else f"{count} hours"


@register.filter
def to_the_minute(minutes: float, time_as: str = "parts") -> str:
    """The length of a session, to the minute: 95 minutes or 1 h 35 min."""
    return hours(minutes, "clock" if time_as == "clock" else "minutes")


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """One value of a mapping; ``None`` if it is not there."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag
def once() -> SafeString:
    """A hidden field that makes a form act once, however often it is sent."""
    return format_html('<input type="hidden" name="once" value="{}">', ready_pages.form_key())


@register.filter
def of_hundred(share: float) -> str:
    """A share of the information: "39 of 100 parts"."""
    return f"{round(100 * share)} of 100 parts"


@register.filter
def unlocal(value: float) -> str:
    """A number as HTML attributes write it, whatever the language."""
    return f"{value:.4g}"


@register.filter
def session_what(session: Any) -> str:
    """What is done in a session: "Questions", "Practice test"."""
    what = session_words(session.kind, session.activity)
    return what[0].upper() + what[1:]


@register.filter
def date_field(value: Any) -> str:
    """A day as a date field holds it; text that was typed stays as it is."""
    return value.isoformat() if isinstance(value, date) else str(value or "")


@register.filter
def in_hours(minutes: float) -> str:
    """Minutes as a number of hours for a field: 7.5."""
    return f"{minutes / 60:g}"


@register.filter
def words_of(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


_CHANCE = re.compile(r"\b\d+ (?:to \d+ )?(?:of|in) 10+\b")


@register.filter
def without_chances(lines: Any) -> list[str]:
    """Sentences that name no chance, for whoever has put numbers to rest."""
    return [line for line in lines if not _CHANCE.search(line)]


@register.filter
def in_hours_short(minutes: float, time_as: str = "parts") -> str:
    """A length of time for a small cell: 6½, 6:30 or 390."""
    whole = round(minutes)
    if time_as == "clock":
        return f"{whole // 60}:{whole % 60:02d}"
    if time_as == "minutes" or whole < 60:
        return f"{whole} min" if whole < 60 else str(whole)
    return hours(whole).split()[0]


@register.filter
def form_name(label: str, b: Any) -> str:
    """A practice test by the name it goes by, from "family label" as sessions carry it."""
    family, _, form = str(label).partition(" ")
    return briefing_text.form_words(family, form, b.record.exam.id)


@register.filter
def lower_first(text: str) -> str:
    """A sentence inside a sentence: its first letter small, unless it is the word I."""
    return text if text.startswith("I ") else text[:1].lower() + text[1:]


@register.filter
def retest_name(retest: Any, b: Any) -> str:
    """The re-test by the name it goes by."""
    return briefing_text.form_words(retest.family, retest.form, b.record.exam.id)


@register.filter
def evidence_name(piece: Any, b: Any) -> str:
    """A piece of evidence by the name it goes by."""
    return forecast.evidence_name(piece, b.record.exam.id)


@register.filter
def flag_words(flags: Any) -> str:
    """Why a piece of evidence counts for less."""
    return forecast.flag_words(flags)


@register.filter
def with_names(text: str, b: Any) -> str:
    """A sentence of the engine, with every practice test by its name."""
    return briefing_text.with_names(text, b.record.exam.id)


BANKS: Final = {
    "uworld": "UWorld",
    "amboss": "AMBOSS",
    "truelearn": "TrueLearn",
    "kaplan": "Kaplan",
}
"""Question banks as they spell themselves."""


@register.filter
def pairs(given: Mapping[str, Any] | None) -> list[tuple[str, Any]]:
    """Return keys with their values. ``given.items`` would look for a field named "items" first."""
    return list(given.items()) if given else []


@register.filter
def bank_name(bank: str) -> str:
    """Return a question bank as it spells itself; another one as it was entered."""
    return BANKS.get(bank.strip().lower(), bank)


@register.filter
def source_words(keys: str) -> str:
    """Who published it, and where: "USMLE, Attempt limit common questions (2021+)"."""
    said = []
    for key in keys.split(";"):
        try:
            found = facts.source(key)
        except FactError:
            said.append(key.strip())
            continue
        year = f" ({found.year})" if found.year else ""
        said.append(f"{found.publisher}, {found.title}{year}")
    return " · ".join(said)


_OUR_OWN_PAPERS = re.compile(r" \((?:case file:|docs/)[^)]*\)")


@register.filter
def with_whom(who: Reason) -> str:
    """With whom a step of the path is taken."""
    return with_person(who)


def _published(keys: str) -> str:
    """Return the publishers behind source keys; "" where none is a source key."""
    found = []
    for key in keys.split(";"):
        try:
            found.append(facts.source(key.strip()).publisher)
        except FactError:
            continue
    return " · ".join(dict.fromkeys(found))


@register.filter
def rule_source(source: str, b: Any) -> str:
    """Where a rule comes from: its publication where it is a published fact, else in words."""
    if source not in facts.ids():
        published = _published(source)
        return published or _OUR_OWN_PAPERS.sub("", source)
    try:
        found = facts.value(source, b.decision.date or b.as_of)
    except FactUnknown:
        return source
    since = f", since {Format(Locale()).day(found.in_force_from)}" if found.in_force_from else ""
    return f"{source_words(found.source.split(';')[0])}{since}"


@register.filter
def in_ten(chance: float) -> str:
    """A chance as a count of people: "about 6 in 10"."""
    return f"about {Format(Locale()).people(chance)}"
