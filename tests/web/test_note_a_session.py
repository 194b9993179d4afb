"""Noting a session: minutes go into the record once, however often sent, and undo works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bounceback.messages.today import work_kind
from bounceback.records import parse_case
from bounceback.records.examples import examples
from bounceback_web import briefings
from bounceback_web.records import idempotency, learner_store, models
from tests.web.conftest import TODAY


def noted() -> dict[str, int]:
    found = learner_store.find(None)
    assert found is not None
    return {e.id: e.done_minutes for e in found.value.plan if e.done_minutes is not None}


@pytest.fixture
def session_id(browser: Client, kept: learner_store.Kept) -> str:
    browser.get("/")
    b = briefings.answer(kept).briefing
    return next(s.id for s in b.plan.sessions if s.date == TODAY and s.minutes)


@pytest.fixture
def with_blocks() -> learner_store.Kept:
    """A student whose plan has blocks of questions today."""
    record = parse_case(examples()["step-1-again"]).record
    return learner_store.begin(learner_store.local_owner(), record, "begun")


def test_minutes_are_kept_and_the_page_shows_them(
    browser: Client, send: Callable[..., Any], session_id: str
) -> None:
    before = noted()
    done = send("/today/done/", session=session_id, minutes="40")
    assert (done.status_code, done.headers["Location"]) == (302, "/")
    assert noted() == {**before, session_id: 40}
    assert "40 of" in browser.get("/").content.decode()


@pytest.mark.parametrize("key", ["\0", "a\0b", "x" * 65, "two words", "é", "a\n"])
def test_a_key_that_no_page_gives_is_refused_and_does_nothing(
    browser: Client, session_id: str, key: str
) -> None:
    before = learner_store.find(None)
    answer = browser.post("/today/done/", {"once": key, "session": session_id, "minutes": "40"})
    assert answer.status_code == 403
    assert "Please send it once more" in answer.content.decode()
    assert learner_store.find(None) == before


def test_the_same_form_sent_twice_acts_once(browser: Client, session_id: str) -> None:
    form = {"once": idempotency.new_key(), "session": session_id, "minutes": "40"}
    first, second = browser.post("/today/done/", form), browser.post("/today/done/", form)
    assert first.headers["Location"] == second.headers["Location"]
    assert models.Change.objects.filter(words__contains="40 min").count() == 1


def test_a_tick_from_an_old_tab_goes_on_top_of_what_happened_since(
    browser: Client, send: Callable[..., Any], session_id: str
) -> None:
    send("/you/reason/keep/", reason="written in another tab")
    assert send("/today/done/", session=session_id, minutes="30", version=1).status_code == 302
    found = learner_store.find(None)
    assert found is not None
    assert noted()[session_id] == 30
    assert found.value.learner.reason == "written in another tab"


def test_undo_takes_the_minutes_back(send: Callable[..., Any], session_id: str) -> None:
    before = noted()
    send("/today/done/", session=session_id, minutes="40")
    found = learner_store.find(None)
    assert found is not None
    assert send("/undo/", change=found.row.version).status_code == 302
    assert noted() == before


def test_a_change_of_somebody_else_cannot_be_undone(
    send: Callable[..., Any], kept: learner_store.Kept, stranger: learner_store.Kept
) -> None:
    theirs = learner_store.change(stranger.row.owner, lambda r: learner_store.checked(r), "nothing")
    assert send("/undo/", change=theirs.row.version + 7).status_code == 404


def test_the_timer_survives_a_reload_and_ends_with_the_note(
    browser: Client, send: Callable[..., Any], session_id: str
) -> None:
    send("/today/start/", session=session_id)
    started = models.Timer.objects.get().started_at
    for _reload in range(2):
        assert f'data-started="{int(started.timestamp())}"' in browser.get("/").content.decode()
    send("/today/done/", session=session_id, minutes="", reason="tired")
    assert models.Timer.objects.count() == 0
    assert models.QuitNote.objects.get().reason == "tired"


@pytest.mark.parametrize("address", ["/today/done/", "/today/start/", "/today/level/", "/undo/"])
def test_looking_changes_nothing(browser: Client, kept: learner_store.Kept, address: str) -> None:
    assert browser.get(address).status_code == 405


def test_a_form_from_elsewhere_is_refused(kept: learner_store.Kept, session_id: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    before = noted()
    answer = strict.post("/today/done/", {"session": session_id, "minutes": "40"})
    assert answer.status_code == 403
    assert noted() == before


def test_minutes_of_a_session_no_page_showed_become_extra_study(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    form = {"session": "2026-01-01-1", "minutes": "40", "activity": "video"}
    assert send("/today/done/", **form, day="2026-11-21").status_code == 302
    found = learner_store.find(None)
    assert found is not None
    assert found.value.plan == kept.value.plan
    assert found.value.study[:-1] == kept.value.study
    new = found.value.study[-1]
    assert (new.date, new.minutes, new.activity) == (TODAY - timedelta(days=2), 40, "video")


@pytest.mark.parametrize("day", ["2026-11-24", "2020-01-01", "soon", ""])
def test_a_day_that_no_page_can_have_had_stands_for_today(
    send: Callable[..., Any], kept: learner_store.Kept, day: str
) -> None:
    send("/today/done/", session="2026-01-01-1", minutes="40", day=day)
    found = learner_store.find(None)
    assert found is not None
    assert found.value.study[-1].date == TODAY


@pytest.mark.parametrize("later", [1, 9])
def test_what_was_logged_offline_and_sent_on_a_later_day_counts_for_its_day(
    browser: Client,
    send: Callable[..., Any],
    with_blocks: learner_store.Kept,
    settings: Any,
    later: int,
) -> None:
    browser.get("/")
    b = briefings.answer(with_blocks).briefing
    block = next(s for s in b.plan.sessions if s.date == TODAY and work_kind(s) == "questions")
    settings.FIXED_DAY = TODAY + timedelta(days=later)
    given = {"session": block.id, "day": TODAY.isoformat(), "minutes": "37"}
    result = {"right": "12", "of": "18", "cause-misread": "1"}
    answer = send("/today/done/", **given, **result)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    found = learner_store.find(None)
    assert found is not None
    entry = next(e for e in found.value.plan if e.id == block.id)
    assert (entry.date, entry.done_minutes) == (TODAY, 37)
    assert (found.value.blocks[-1].date, found.value.misses[-1].date) == (TODAY, TODAY)
    assert "Logged for Monday, November\N{NO-BREAK SPACE}23" in browser.get("/").content.decode()
    send("/undo/", change=found.row.version)
    undone = learner_store.find(None)
    assert undone is not None
    assert undone.value.blocks == with_blocks.value.blocks


def test_a_session_that_has_passed_is_not_moved(
    browser: Client, send: Callable[..., Any], session_id: str, settings: Any
) -> None:
    settings.FIXED_DAY = TODAY + timedelta(days=2)
    browser.get("/")
    before = learner_store.find(None)
    assert before is not None
    for day in ("2026-11-27", "2026-11-24"):
        answer = send("/plan/move/", session=session_id, day=day, version=before.row.version)
        assert answer.headers["Location"] == "/plan/"
    after = learner_store.find(None)
    assert after is not None
    assert after.value == before.value


def test_a_sheet_without_a_session_leads_to_the_one_in_progress(
    browser: Client, send: Callable[..., Any], session_id: str, settings: Any
) -> None:
    assert browser.get("/today/finish/").headers["Location"] == "/"
    send("/today/start/", session=session_id)
    assert browser.get("/today/finish/").status_code == 200
    settings.FIXED_DAY = TODAY + timedelta(days=1)  # left running overnight
    assert f"session={session_id}" in browser.get("/").content.decode()
    assert browser.get("/today/session/").status_code == 200
    page = browser.get("/today/finish/").content.decode()
    assert f'name="session" value="{session_id}"' in page


def test_a_smaller_day_is_smaller_at_once_and_for_that_day_alone(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept, settings: Any
) -> None:
    def minutes_today() -> int:
        found = learner_store.find(None)
        assert found is not None
        b = briefings.answer(found).briefing
        return sum(s.minutes for s in b.plan.sessions if s.date == b.as_of)

    good = minutes_today()
    send("/today/level/", level="half")
    half = minutes_today()
    send("/today/level/", level="minimum")
    assert 0 < minutes_today() < half < good
    settings.FIXED_DAY = TODAY + timedelta(days=1)
    found = learner_store.find(None)
    assert found is not None
    assert briefings.level_of(found) == "good"


def test_days_that_passed_stand_in_the_record_and_the_plan_is_re_made_on_opening(
    browser: Client, send: Callable[..., Any], session_id: str, settings: Any
) -> None:
    send("/today/done/", session=session_id, minutes="40")
    browser.get("/")
    settings.FIXED_DAY = TODAY + timedelta(days=4)
    page = browser.get("/").content.decode()
    found = learner_store.find(None)
    assert found is not None
    passed = {e.id: e for e in found.value.plan if TODAY <= e.date < settings.FIXED_DAY}
    assert passed[session_id].done_minutes == 40
    others = [e for e in passed.values() if e.date == TODAY and e.id != session_id]
    assert {e.done_minutes for e in others} <= {0}
    unknown = [e for e in passed.values() if e.date == TODAY + timedelta(days=1)]
    assert unknown != []
    assert {e.done_minutes for e in unknown} == {None}
    assert "How did Tuesday, November\N{NO-BREAK SPACE}24 go?" in page
    for word in ("overdue", "behind", "failed to", "should have"):
        assert word not in page


def test_a_day_that_passed_can_be_told_in_one_tap(
    browser: Client, send: Callable[..., Any], session_id: str, settings: Any
) -> None:
    settings.FIXED_DAY = TODAY + timedelta(days=2)
    browser.get("/")
    send("/today/day/", day=TODAY.isoformat(), what="as planned")
    found = learner_store.find(None)
    assert found is not None
    told = [e for e in found.value.plan if e.date == TODAY and e.minutes]
    assert told != []
    assert all(e.done_minutes == e.minutes for e in told)


def test_a_finished_block_becomes_a_block_with_its_causes_and_one_undo(
    browser: Client, send: Callable[..., Any], with_blocks: learner_store.Kept
) -> None:
    browser.get("/")
    b = briefings.answer(with_blocks).briefing
    block = next(s for s in b.plan.sessions if work_kind(s) == "questions")
    before = with_blocks.value
    given = {"session": block.id, "minutes": "1h", "right": "12", "of": "18"}
    causes = {"cause-misread": "2", "cause-not-learned": "1"}
    send("/today/done/", **given, **causes, takeaway="Read the last line first.")
    found = learner_store.find(None)
    assert found is not None
    assert noted()[block.id] == 60
    new = found.value.blocks[-1]
    assert (new.correct, new.items, new.minutes) == (12, 18, None)
    misses = found.value.misses[len(before.misses) :]
    assert sorted(m.cause for m in misses) == ["misread", "misread", "not-learned"]
    assert [m.rule for m in misses if m.rule] == ["Read the last line first."]
    send("/undo/", change=found.row.version)
    undone = learner_store.find(None)
    assert undone is not None
    assert (undone.value.blocks, undone.value.misses) == (before.blocks, before.misses)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"right": "20", "of": "18"}, "right"),
        ({"right": "3", "of": ""}, "of"),
        ({"takeaway": "x", "right": "3", "of": "5"}, "takeaway"),
        ({"right": "3", "of": "5", "cause-slip": "9"}, "causes"),
    ],
)
def test_a_result_that_cannot_be_is_refused_at_its_field(
    send: Callable[..., Any], with_blocks: learner_store.Kept, given: dict[str, str], field: str
) -> None:
    b = briefings.answer(with_blocks).briefing
    session_id = next(s.id for s in b.plan.sessions if work_kind(s) == "questions")
    before = noted()
    answer = send("/today/done/", session=session_id, minutes="40", **given)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.content.decode()
    assert noted() == before


def test_a_session_to_continue_later_stays_open_and_its_minutes_count(
    send: Callable[..., Any], session_id: str
) -> None:
    before = noted()
    send("/today/done/", session=session_id, minutes="10", action="later")
    found = learner_store.find(None)
    assert found is not None
    assert noted() == before
    assert found.value.study[-1].minutes == 10


def test_the_timer_has_a_page_of_its_own_and_leads_to_the_sheet(
    browser: Client, send: Callable[..., Any], session_id: str
) -> None:
    assert send("/today/start/", session=session_id).headers["Location"] == "/today/session/"
    page = browser.get("/today/session/").content.decode()
    assert f"/today/finish/?session={session_id}" in page
    assert browser.get(f"/today/finish/?session={session_id}").status_code == 200


def test_a_first_day_can_start_tomorrow(
    send: Callable[..., Any], browser: Client, kept: learner_store.Kept
) -> None:
    send("/today/tomorrow/")
    found = learner_store.find(None)
    assert found is not None
    assert found.value.availability is not None
    assert TODAY in found.value.availability.days_off
