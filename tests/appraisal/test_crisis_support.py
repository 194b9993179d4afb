from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bounceback import facts
from bounceback.appraisal import (
    load_thresholds,
    moments,
    refuse_unhealthy_day,
    score_screen,
    silence_note,
    support_card,
)
from bounceback.appraisal.crisis_support import has_danger_words
from bounceback.errors import QuestionError
from bounceback.reasons import reason
from bounceback.records.models import AppraisalAnswer, Attempt, Checkin
from tests.appraisal import learners
from tests.appraisal.learners import TODAY

T = load_thresholds("usmle-step-1")
COUNTRIES = [*sorted({line.country for line in facts.support_lines(None)} - {"*"}), "PK", "BR"]


@pytest.mark.parametrize("country", [None, *COUNTRIES])
def test_the_emergency_number_stands_first_and_every_line_has_its_day_of_checking(
    country: str | None,
) -> None:
    card = support_card(country)
    assert card.lines[0].kind == "emergency"
    for row in card.to_briefing():
        assert set(row) == {"service", "contact", "country", "checked"}
        assert row["contact"]
        assert date.fromisoformat(row["checked"])


@pytest.mark.parametrize("safe", ["not sure", "no"])
@pytest.mark.parametrize("country", [None, *COUNTRIES])
def test_not_safe_leaves_urgent_lines_alone_on_the_card(safe: str, country: str | None) -> None:
    card = support_card(country, ("danger-words",), safe=safe)  # type: ignore[arg-type]
    kinds = {line.kind for line in card.lines}
    assert kinds <= {"emergency", "crisis", "directory"}
    assert card.lines[0].kind == "emergency"
    assert len(card.lines) > 1
    assert not card.asks_safe


def test_asked_for_the_card_answers_without_a_question() -> None:
    card = support_card("US")
    assert not card.asks_safe
    assert not card.before_numbers


def test_a_steady_day_has_no_moment() -> None:
    assert moments(learners.steady(), TODAY, p_pass=0.8) == ()


def test_a_failing_result_brings_the_card_first() -> None:
    record = learners.steady()
    fresh = Attempt(exam="usmle-step-1", date=TODAY - timedelta(days=3), outcome="fail")
    assert "failing-result" in moments(replace(record, attempts=(fresh,)), TODAY)


@pytest.mark.parametrize(("p_pass", "first"), [(0.49, True), (0.5, False), (None, False)])
def test_a_chance_under_one_half_brings_the_card_first(p_pass: float | None, first: bool) -> None:
    assert ("low-forecast" in moments(learners.steady(), TODAY, p_pass=p_pass)) is first


def test_a_postponement_brings_the_card_first() -> None:
    assert moments(learners.steady(), TODAY, postponed=True) == ("postponement",)


def test_three_level_tests_bring_the_card_first() -> None:
    forms = tuple(
        learners.form(TODAY - timedelta(days=28 - 12 * k), score, str(27 + k))
        for k, score in enumerate((60, 61, 60))
    )
    assert "plateau" in moments(replace(learners.steady(), forms=forms), TODAY)
    rising = tuple(replace(f, score=57.0 + 4 * k) for k, f in enumerate(forms))
    assert "plateau" not in moments(replace(learners.steady(), forms=rising), TODAY)


@pytest.mark.parametrize(
    ("score", "sensitive", "first"), [(3, False, True), (2, False, False), (2, True, True)]
)
def test_the_mood_screen_brings_the_card_first_at_its_published_cut(
    score: int, sensitive: bool, first: bool
) -> None:
    record = replace(learners.steady(), checkins=(Checkin(date=TODAY, phq2=score),))
    assert ("mood-screen" in moments(record, TODAY, sensitive=sensitive)) is first


def test_an_old_mood_screen_does_not_speak_for_today() -> None:
    old = Checkin(date=TODAY - timedelta(days=14), phq2=6)
    assert moments(replace(learners.steady(), checkins=(old,)), TODAY) == ()


def test_danger_words_anywhere_in_free_text_bring_the_card_first() -> None:
    note = AppraisalAnswer(answer=3, note="Some nights I don’t want to wake up.")
    record = replace(learners.steady(), appraisal={"help": note})
    assert moments(record, TODAY)[0] == "danger-words"
    assert moments(learners.steady(), TODAY, texts=["I want to die"])[0] == "danger-words"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I could not go on. I can't go on.", True),
        ("SUICIDE", True),
        ("the patient was treated for suicidality", False),
        ("this exam kills me", False),
        ("", False),
    ],
)
def test_danger_words_are_whole_phrases(text: str, found: bool) -> None:
    assert has_danger_words(text) is found


def test_screens_are_sums_with_their_published_cut_and_nothing_more() -> None:
    for name, cut in (("phq-2", 3), ("gad-2", 3)):
        for a in range(4):
            for b in range(4):
                screen = score_screen(name, [a, b])
                assert screen.score == a + b
                assert screen.positive is (a + b >= cut)
                assert screen.says[0].facts == {"score": a + b, "highest": 6}
                assert screen.says[1].code == (
                    "appraisal.screen-positive" if screen.positive else "appraisal.screen-negative"
                )


def test_the_sensitive_cut_of_the_phq_2_is_two() -> None:
    assert score_screen("phq-2", [1, 1], cut=2).positive
    assert not score_screen("phq-2", [1, 1]).positive


@pytest.mark.parametrize("answers", [[1], [1, 2, 3], [0, 4], [-1, 0]])
def test_a_screen_with_missing_or_impossible_answers_is_refused(answers: list[int]) -> None:
    with pytest.raises(QuestionError, match="2 answers from 0 to 3"):
        score_screen("phq-2", answers)


def test_the_item_on_self_harm_is_never_asked() -> None:
    with pytest.raises(QuestionError, match="is not asked here"):
        score_screen("phq-9", [0] * 9)


def test_a_day_of_fourteen_hours_and_a_night_of_six_are_refused_with_the_reason() -> None:
    day = refuse_unhealthy_day(T, minutes_per_day=14 * 60)
    night = refuse_unhealthy_day(T, minutes_per_day=480, sleep_hours=6)
    assert day is not None
    assert (day.code, day.facts["hours"]) == ("appraisal.day-too-long", 14)
    assert night is not None
    assert (night.code, night.facts["least"]) == ("appraisal.night-too-short", 7.5)
    assert refuse_unhealthy_day(T, minutes_per_day=480, sleep_hours=7.5) is None


def test_five_silent_days_get_a_kind_note_and_four_get_none() -> None:
    record = replace(learners.steady(), study=learners.studied(learners.SINCE, date(2026, 11, 17)))
    note = silence_note(record, date(2026, 11, 22), T)
    assert note == reason("appraisal.welcome-back", days=5, last=date(2026, 11, 17))
    assert silence_note(record, date(2026, 11, 21), T) is None


@pytest.mark.parametrize("weeks", range(5))
def test_a_failing_result_that_comes_early_or_late_brings_the_card_without_a_gap(
    weeks: int,
) -> None:
    sitting = Attempt(
        exam="usmle-step-1", date=TODAY - timedelta(weeks=weeks, days=2), outcome="fail"
    )
    assert "failing-result" in moments(replace(learners.steady(), attempts=(sitting,)), TODAY)


@pytest.mark.parametrize(
    "text", ["I cant go on", "I can’t go on.", "i dont want to be here", "Nothing to live for!"]
)
def test_danger_words_are_found_with_and_without_their_apostrophe(text: str) -> None:
    assert has_danger_words(text)


@pytest.mark.parametrize("at_us_school", [True, False])
def test_where_the_country_is_unknown_no_other_ones_number_stands_on_the_small_card(
    at_us_school: bool,
) -> None:
    first, *others = support_card(None, at_us_school=at_us_school).nearest
    assert (first.kind, first.country) == ("emergency", "*")
    assert {line.country for line in others} == ({"US", "*"} if at_us_school else {"*"})


@pytest.mark.parametrize("country", [c for c in COUNTRIES if c != "EU"])
def test_the_small_card_holds_the_countrys_own_lines_before_all(country: str) -> None:
    nearest = support_card(country).nearest
    assert nearest == support_card(country).lines[:3]
    assert nearest[0].kind == "emergency"
