"""Two pages, a calendar, tables and a backup are taken along; each opens in its own library."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pypdf
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.simulator import DayLoad
from bounceback.forecast.scoring import track_record
from bounceback.planning.remediation import Remediation, Retest
from bounceback.records import Record, parse_case, write_case
from bounceback.records import models as v
from bounceback.records.examples import examples
from bounceback.services import Briefing, briefing
from bounceback_web import briefings
from bounceback_web.exports import backup, csv_export
from bounceback_web.exports.calendar_file import calendar_file
from bounceback_web.exports.meeting import contents, meeting_pdf
from bounceback_web.exports.models import CalendarAddress
from bounceback_web.records import learner_store, models
from tests.web.conftest import TODAY


def text_of(content: bytes, page: int | None = None) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    chosen = pages if page is None else [pages[page]]
    return " ".join(" ".join(p.extract_text() for p in chosen).split())


@pytest.mark.parametrize("name", sorted(examples()))
@pytest.mark.parametrize("numbers", [True, False])
def test_the_paper_has_two_pages_for_every_exam(name: str, numbers: bool) -> None:
    b = briefing(parse_case(examples()[name]).record, TODAY)
    pages = pypdf.PdfReader(io.BytesIO(meeting_pdf(b, numbers=numbers))).pages
    assert len(pages) == 2


def test_page_one_alone_tells_the_story(kept: learner_store.Kept) -> None:
    b = briefings.answer(kept).briefing
    made = contents(b)
    first = text_of(meeting_pdf(b), 0)
    for told in (made["title"], made["where"], made["advice"], made["why"], made["limits"]):
        assert told
        assert " ".join(told.split()) in first
    assert "to decide today" in first
    for row in made["dates"]:
        assert " ".join(row["day"].split()) in first
        assert row["count"] in first
    assert made["line"].startswith("<svg")


def test_page_one_speaks_of_the_student(kept: learner_store.Kept) -> None:
    made = contents(briefings.answer(kept).briefing)
    own = ("title", "about", "where", "advice", "why", "limits", "plan_words", "footer")
    said = " ".join(str(made[name]) for name in own)
    assert re.search(r"\b(you|your|we|our)\b|n't\b|'", said, re.IGNORECASE) is None


def test_the_line_on_paper_is_told_by_shape(kept: learner_store.Kept) -> None:
    line = contents(briefings.answer(kept).briefing)["line"]
    for shape in ("dl-mine-mark", "dl-decision", "dl-deadline", "dl-bracket", "dl-test"):
        assert shape in line
    assert "var(--" not in line


def test_where_building_up_is_advised_its_steps_are_on_the_pages(record: Record) -> None:
    low = v.Form(family="nbme-cbssa", form="31", date=date(2026, 11, 20), score=38.0)
    b = briefing(replace(record, forms=(low,)), TODAY)
    assert b.remediation is not None
    assert b.remediation.retest is not None
    pdf = meeting_pdf(b)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 2
    said = text_of(pdf)
    assert "build up weak subjects first" in said
    assert "Checkpoint: " in said
    assert f"At {b.remediation.retest.score:g} or higher" in said


def test_a_passed_exam_is_said_and_forecast_no_more(record: Record) -> None:
    passed = v.Attempt(exam=record.exam.id, date=date(2026, 11, 20), outcome="pass")
    b = briefing(replace(record, attempts=(*record.attempts, passed)), TODAY)
    said = text_of(meeting_pdf(b))
    assert "The student passed USMLE Step 1 on November 20, 2026." in said
    for trace in ("would pass", "Would pass", "The advice", " in 10"):
        assert trace not in said


def test_hidden_numbers_are_hidden_on_paper_too(browser: Client, kept: learner_store.Kept) -> None:
    models.LearnerRecord.objects.update(shows_numbers=False)
    said = text_of(browser.get("/you/export/meeting.pdf").content)
    for trace in (
        "would pass",
        "Would pass",
        " in 10",
        "% correct",
        "Level today",
        "Passing score",
    ):
        assert trace not in said, trace


def test_a_long_record_is_set_smaller_and_stays_on_two_pages(record: Record) -> None:
    long = "a reason that goes on and on " * 60
    forms = tuple(
        v.Form(family="nbme-cbssa", form=str(25 + i), date=date(2026, 9, 1 + i), score=50.0 + i)
        for i in range(9)
    )
    met = v.Meeting(date=date(2026, 11, 20), with_="adviser", agreed=long)
    pact = v.Pact(rule=long, date=date(2027, 1, 2))
    full = replace(
        record,
        forms=forms,
        meetings=(met,),
        decision=replace(record.decision, pact=pact),
    )
    pages = pypdf.PdfReader(io.BytesIO(meeting_pdf(briefing(full, TODAY)))).pages
    assert len(pages) == 2


def test_mood_sleep_and_the_reason_are_never_on_paper(record: Record) -> None:
    private = replace(
        record,
        learner=replace(record.learner, reason="My grandmother's village"),
        checkins=tuple(
            v.Checkin(date=date(2026, 11, d), sleep_hours=4.0, phq2=6) for d in range(1, 22)
        ),
    )
    said = text_of(meeting_pdf(briefing(private, TODAY))).lower()
    for word in ("grandmother", "phq", "sleep", "mood"):
        assert word not in said


def test_markup_in_the_learners_words_is_text(record: Record) -> None:
    wild = "#panic() $x$ *bold* [link] \\ <b> `raw`"
    met = v.Meeting(date=date(2026, 11, 20), with_="adviser", agreed=wild)
    b = briefing(replace(record, meetings=(met,)), TODAY)
    assert wild in contents(b)["agreed"]
    assert "#panic()" in text_of(meeting_pdf(b))


def test_the_same_answer_makes_the_same_file(kept: learner_store.Kept) -> None:
    b = briefings.answer(kept).briefing
    assert meeting_pdf(b) == meeting_pdf(b)


def test_the_pictures_on_paper_are_those_of_the_pages(
    browser: Client, record: Record, kept: learner_store.Kept
) -> None:
    misses = tuple(
        v.Miss(date=date(2026, 10, 5 + 7 * n), cause=cause)
        for n in range(3)
        for cause in ("misread", "anchored")
    )
    value = replace(record, misses=misses)
    learner_store.change(None, lambda _: value, "misses")
    now = learner_store.find(None)
    assert now is not None
    on_paper = contents(briefings.answer(now).briefing)
    chance = browser.get("/chances/").content.decode()
    blocks = browser.get("/you/log/").content.decode()
    pictures = [
        (on_paper["pictures"][0]["picture"], chance),
        (on_paper["pictures"][1]["picture"], blocks),
        *((area["bar"], chance) for area in on_paper["areas"]),
    ]
    for picture, page in pictures:
        drawn = re.sub(r"<style>.*?</style>", "", picture, flags=re.S)
        body = drawn[drawn.index(">") + 1 :]
        assert re.search("<(rect|circle|polyline) ", body)
        assert body in page


def test_the_second_page_draws_what_was_said_and_what_came_and_the_cards_to_the_day() -> None:
    b = briefing(parse_case(examples()["step-1"]).record, TODAY)
    load = [
        DayLoad(TODAY + timedelta(days=n), 10.0 + n, 8.0 + n, 14.0 + n, 40.0, 5.0)
        for n in range(30)
    ]
    made = contents(b, track=track_record([0.6, 0.7], [True, False]), load=load)
    assert ["cards" in p["words"] for p in made["pictures"]] == [False, True, False]
    assert made["pictures"][1]["picture"].count('class="load') == len(load)
    assert made["pictures"][2]["picture"].count("<circle") == 2


# --- the calendar -----------------------------------------------------------------------------

MADE = datetime(2026, 11, 23, 12, tzinfo=UTC)


def events(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def test_the_calendar_holds_every_session_at_its_hour(kept: learner_store.Kept) -> None:
    b = briefings.answer(kept).briefing
    found = {str(e["uid"]).split("@")[0]: e for e in events(calendar_file(b, MADE))}
    ahead = [s for s in b.plan.sessions if s.minutes > 0]
    assert len(found) == len(ahead) + 1
    for s in ahead:
        start, end = found[s.id].decoded("dtstart"), found[s.id].decoded("dtend")
        assert (start.date(), start.time()) == (s.date, s.start)
        assert (end - start).total_seconds() == s.minutes * 60
        assert str(start.tzinfo) == b.record.learner.time_zone
    assert found[f"exam-{b.record.exam.id}"].decoded("dtstart") == b.plan.test_date


def test_the_day_that_the_plan_leads_to_is_called_what_it_is(kept: learner_store.Kept) -> None:
    b = briefings.answer(kept).briefing
    exam = b.record.exam

    def said(other: Briefing) -> str:
        (day,) = [e for e in events(calendar_file(other, MADE)) if str(e["uid"]).startswith("exam")]
        return str(day["summary"])

    planned = replace(b, record=replace(b.record, exam=replace(exam, planned_date=None)))
    sit = replace(b.decision, advice="sit", date=b.plan.test_date)
    early = replace(b.decision, advice="too-early-to-say", date=b.as_of)
    again = Retest(family="nbme-cbssa", form="33", date=b.plan.test_date, score=63.0, why="")
    path = Remediation(steps=(), retest=again)
    on = replace(b.record, exam=replace(exam, planned_date=b.plan.test_date))
    assert said(replace(b, record=on, remediation=None)).endswith("your test date")
    assert said(replace(planned, decision=sit, remediation=None)).endswith("the suggested date")
    assert said(replace(planned, decision=early, remediation=None)).endswith("aims at this day")
    assert "checkpoint test, NBME\N{NO-BREAK SPACE}33" in said(replace(planned, remediation=path))


@pytest.mark.parametrize(
    ("zone", "day", "clock", "utc"),
    [
        ("America/New_York", date(2027, 3, 13), time(8), "13:00"),
        ("America/New_York", date(2027, 3, 14), time(8), "12:00"),
        ("America/New_York", date(2027, 3, 14), time(1, 30), "06:30"),
        ("America/New_York", date(2026, 10, 31), time(8), "12:00"),
        ("America/New_York", date(2026, 11, 1), time(8), "13:00"),
        ("America/New_York", date(2026, 11, 1), time(0, 30), "04:30"),
        ("Europe/Berlin", date(2027, 3, 28), time(9), "07:00"),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(9), "22:30"),
    ],
)
def test_a_change_of_the_clock_keeps_the_hour_and_the_length_of_a_session(
    kept: learner_store.Kept, zone: str, day: date, clock: time, utc: str
) -> None:
    """The session starts when the wall clock says so, and lasts as long as it was planned."""
    b = briefings.answer(kept).briefing
    one = replace(b.plan.sessions[0], date=day, start=clock, minutes=120, kind="study")
    record = replace(b.record, learner=replace(b.record.learner, time_zone=zone))
    moved = replace(b, record=record, as_of=day, plan=replace(b.plan, sessions=(one,)))
    found = {str(e["uid"]): e for e in events(calendar_file(moved, MADE))}
    event = found[f"{one.id}@bounceback.invalid"]
    start, end = event.decoded("dtstart"), event.decoded("dtend")
    assert (start.date(), start.time()) == (day, clock)
    assert f"{start.astimezone(UTC):%H:%M}" == utc
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(minutes=120)


def test_one_event_a_day_holds_the_list_of_that_day(kept: learner_store.Kept) -> None:
    b = briefings.answer(kept).briefing
    found = events(calendar_file(b, MADE, daily=True))
    ahead = [s for s in b.plan.sessions if s.minutes > 0 and s.kind != "buffer"]
    days = {s.date for s in ahead}
    assert len(found) == len(days) + 1
    for day in days:
        (event,) = [e for e in found if str(e["uid"]).startswith(f"day-{day.isoformat()}@")]
        own = [s for s in ahead if s.date == day]
        assert event.decoded("dtstart").time() == min(s.start for s in own)
        assert len(str(event["description"]).splitlines()) == len(own)


def test_a_plain_calendar_says_study_and_nothing_else(kept: learner_store.Kept) -> None:
    found = events(calendar_file(briefings.answer(kept).briefing, MADE, plain=True))
    assert {str(e["summary"]) for e in found} == {"Study", "Busy"}
    assert not any("description" in e for e in found)


def test_an_address_is_secret_shown_once_and_can_be_taken_back(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    shown = send("/you/export/address/").content.decode()
    path = shown.split("http://testserver")[1].split("<")[0]
    secret = path.split("/")[2]
    assert len(events(browser.get(path).content)) > 1
    assert secret not in browser.get("/you/export/").content.decode()
    assert secret not in str(CalendarAddress.objects.values().get())
    send("/you/export/address/end/")
    assert browser.get(path).status_code == 404


def test_a_new_address_ends_the_old_one(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    old, new = (
        send("/you/export/address/").content.decode().split("http://testserver")[1].split("<")[0]
        for _ in range(2)
    )
    assert browser.get(old).status_code == 404
    assert browser.get(new).status_code == 200


def test_deleting_everything_ends_the_address(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/you/export/address/")
    send("/you/settings/delete/", sure="delete everything")
    assert not CalendarAddress.objects.exists()


# --- tables and backup ------------------------------------------------------------------------


def test_the_tables_hold_every_entry_and_the_case_file_all_of_it(
    browser: Client, kept: learner_store.Kept
) -> None:
    packed = browser.get("/you/export/tables.zip?mood=yes").content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert parse_case(archive.read("case.toml").decode()).record == kept.value
        for section in ("attempts", "forms", "study", "plan", "ledger", "meetings"):
            entries = getattr(kept.value, section)
            if entries:
                rows = list(
                    csv.DictReader(io.StringIO(archive.read(f"{section}.csv").decode("utf-8-sig")))
                )
                assert len(rows) == len(entries)


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=12))
def test_no_text_is_a_formula_for_a_spreadsheet(text: str) -> None:
    assert not str(csv_export.cell(text)).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert str(csv_export.cell(text)).endswith(text)
    assert csv_export.cell(-3.5) == -3.5  # a number stays a number


def test_a_backup_opens_with_its_words_and_with_no_others(record: Record) -> None:
    locked = backup.lock(record, "four quiet words here")
    assert locked.startswith(b"age-encryption.org/v1")  # any program of the format opens it
    assert b"usmle" not in locked
    assert backup.unlock(locked, "four quiet words here").record == record
    with pytest.raises(UntrustedInputError, match="does not open with these words"):
        backup.unlock(locked, "four quiet words")


def test_a_busy_machine_opens_a_backup_all_the_same(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyrage

    locked, opened, tried = backup.lock(record, "four quiet words"), pyrage.passphrase.decrypt, []

    def mistimed(data: bytes, passphrase: str) -> bytes:
        tried.append(passphrase)
        if len(tried) < 5:
            raise pyrage.DecryptError("Excessive work parameter for passphrase.")
        return bytes(opened(data, passphrase))

    monkeypatch.setattr(pyrage.passphrase, "decrypt", mistimed)
    assert backup.unlock(locked, "four quiet words").record == record
    assert len(tried) == 5


def test_a_backup_that_asks_for_too_much_work_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyrage

    monkeypatch.setattr(pyrage.passphrase, "decrypt", None)
    hostile = b"age-encryption.org/v1\n-> scrypt c2FsdA 24\nAAAA\n--- AAAA\n"
    with pytest.raises(UntrustedInputError, match=r"more work .* Nothing was changed"):
        backup.unlock(hostile, "whatever words")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a backup",
        b"age-encryption.org/v1\n-> scrypt",
        (write_case.__doc__ or "").encode(),
    ],
)
def test_what_is_no_backup_is_refused_and_changes_nothing(data: bytes) -> None:
    with pytest.raises(UntrustedInputError, match="Nothing was changed"):
        backup.unlock(data, "whatever words")


def test_export_delete_bring_the_backup_back_equals(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/you/check-in/keep/", contact="my sister", **{"mood-0": "0", "mood-1": "1"})
    whole = learner_store.find(None)
    assert whole is not None
    assert whole.value.checkins[-1].phq2 == 1
    given_words = {"passphrase": "four quiet words", "again": "four quiet words"}
    locked = send("/you/export/backup/", **given_words).content
    send("/you/settings/delete/", sure="delete everything")
    assert learner_store.find(None) is None
    file = io.BytesIO(locked)
    file.name = "kept.age"
    send("/bring-backup/", passphrase="four quiet words", file=file)
    found = learner_store.find(None)
    assert found is not None
    assert found.value == whole.value


def test_a_backup_does_not_replace_a_record_unasked(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    file = io.BytesIO(b"age-encryption.org/v1\n")
    file.name = "kept.age"
    answer = send("/bring-backup/", passphrase="four quiet words", file=file)
    assert answer.status_code == 422
    assert learner_store.find(None) is not None


def test_two_different_passphrases_make_no_backup(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    answer = send("/you/export/backup/", passphrase="one long one", again="another one")
    assert answer.status_code == 422
    assert "differ" in answer.content.decode()
