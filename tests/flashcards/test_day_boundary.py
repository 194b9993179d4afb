import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards.day_boundary import AnkiDays, Blocks24, LocalDays

NY = "America/New_York"


def ms(*when, zone=NY):
    return int(datetime(*when, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def anki(*when, zone=NY, rollover_hour=4):
    return AnkiDays.at(datetime(*when, tzinfo=ZoneInfo(zone)), zone, rollover_hour)


def test_ten_hours_across_the_rollover_are_a_day_by_cutoff_and_none_by_blocks():
    evening, morning = ms(2026, 1, 5, 21), ms(2026, 1, 6, 7)
    assert anki(2026, 1, 6, 12).days_between(evening, morning) == 1
    assert LocalDays(NY).days_between(evening, morning) == 1
    assert Blocks24().days_between(evening, morning) == 0


def test_two_minutes_around_midnight_are_one_day_before_the_rollover_and_two_with_rollover_zero():
    before, after = ms(2026, 1, 5, 23, 59), ms(2026, 1, 6, 0, 1)
    assert LocalDays(NY, 4).days_between(before, after) == 0
    assert LocalDays(NY, 0).days_between(before, after) == 1
    assert anki(2026, 1, 6, 12, rollover_hour=0).days_between(before, after) == 1
    assert LocalDays(NY, 23).days_between(before, after) == 0
    assert LocalDays(NY, 23).days_between(ms(2026, 1, 5, 22, 59), ms(2026, 1, 5, 23, 1)) == 1


def test_the_next_cutoff_lies_within_the_coming_day():
    at = datetime(2026, 1, 6, 3, 59, tzinfo=ZoneInfo(NY))
    assert AnkiDays.at(at, NY).next_cutoff_s == int(at.timestamp()) + 60
    assert AnkiDays.at(at + timedelta(minutes=1), NY).next_cutoff_s == int(at.timestamp()) + 86_460


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ((2026, 3, 7, 5, 1), (2026, 3, 9, 5), 2),
        # By summer time 04:30 of the last winter's morning was 05:30, and 05:00 at 04:00 after:
        ((2026, 3, 7, 4, 30), (2026, 3, 9, 5), 2),
        ((2026, 3, 7, 3, 30), (2026, 3, 9, 5), 2),
        ((2026, 10, 31, 5, 1), (2026, 11, 2, 5), 2),
        # By winter time 04:30 of the last summer's morning was 03:30, still the day before.
        ((2026, 10, 31, 4, 30), (2026, 11, 2, 5), 3),
    ],
)
def test_days_over_a_change_of_clocks_are_counted_by_the_later_reviews_offset(first, second, days):
    """As Anki counts when it answers; the study days are two apart, or three for 03:30."""
    assert LocalDays(NY).days_between(ms(*first), ms(*second)) == days
    study_days = 3 if first[3] == 3 else 2
    assert LocalDays(NY).dates_between(ms(*first), ms(*second)) == study_days


def test_one_cutoff_for_all_and_the_later_reviews_are_the_same_seen_from_that_review():
    rng = np.random.default_rng(5)
    zone = ZoneInfo("Australia/Lord_Howe")
    for hour in (0, 4, 23):
        rule = LocalDays("Australia/Lord_Howe", hour)
        for earlier, later in np.sort(rng.integers(ms(2025, 1, 1), ms(2026, 12, 1), (300, 2))):
            then = AnkiDays.at(datetime.fromtimestamp(later / 1000, zone), zone.key, hour)
            assert rule.days_between(int(earlier), int(later)) == (
                (then.next_cutoff_s - int(earlier) // 1000) // 86_400
            )


def test_the_projected_rule_keeps_todays_offset_in_the_past_as_anki_does():
    # In summer, 03:30 winter time was 04:30 on the summer clock: already the next day.
    before, after = ms(2026, 1, 5, 2, 30), ms(2026, 1, 5, 3, 30)
    assert anki(2026, 7, 1, 12).days_between(before, after) == 1
    assert anki(2026, 2, 1, 12).days_between(before, after) == 0
    assert LocalDays(NY).days_between(before, after) == 0


def test_a_journey_moves_the_projected_cutoff_and_the_id_says_so():
    home, abroad = anki(2026, 5, 1, 12), anki(2026, 5, 1, 12, zone="Asia/Tokyo")
    assert home.id != abroad.id
    a, b = ms(2026, 4, 1, 20), ms(2026, 4, 2, 2)
    assert home.days_between(a, b) == 0
    assert abroad.days_between(ms(2026, 4, 1, 14), ms(2026, 4, 1, 16)) == 1


@pytest.mark.parametrize("rule", [anki(2026, 6, 1, 12), LocalDays(NY), Blocks24()])
def test_a_clock_set_back_counts_as_the_same_day(rule):
    assert rule.days_between(ms(2026, 5, 9, 12), ms(2026, 5, 7, 12)) == 0
    gaps = rule.gaps(np.array([ms(2026, 5, 9, 12), ms(2026, 5, 7, 12)], np.int64))
    assert gaps.tolist() == [0]


def test_reviews_after_the_next_cutoff_still_count_forward():
    rule = anki(2026, 5, 1, 12)
    assert rule.days_between(ms(2026, 5, 1, 12), ms(2026, 5, 4, 12)) == 3


@pytest.mark.parametrize(
    "rule",
    [anki(2026, 6, 1, 12), LocalDays(NY), LocalDays("Australia/Lord_Howe", 0), Blocks24()],
    ids=lambda rule: rule.id,
)
@settings(max_examples=60, derandomize=True, deadline=None)
@given(times=st.lists(st.integers(1_400_000_000_000, 1_900_000_000_000), min_size=2, max_size=30))
def test_many_reviews_are_counted_as_one_by_one(rule, times):
    times = sorted(times)
    one_by_one = [rule.days_between(a, b) for a, b in itertools.pairwise(times)]
    assert rule.gaps(np.array(times, np.int64)).tolist() == one_by_one


@pytest.mark.parametrize("hour", [-1, 24])
def test_a_rollover_outside_the_day_is_refused(hour):
    with pytest.raises(ValueError, match="0 to 23"):
        LocalDays(NY, hour)
    with pytest.raises(ValueError, match="0 to 23"):
        AnkiDays.at(datetime(2026, 1, 1, tzinfo=UTC), NY, hour)


def test_an_unknown_zone_and_a_naive_instant_are_refused():
    with pytest.raises(ValueError, match="Mars/Base"):
        LocalDays("Mars/Base")
    with pytest.raises(ValueError, match="no time zone"):
        AnkiDays.at(datetime(2026, 1, 1), NY)  # noqa: DTZ001


def test_a_clock_that_changes_a_minute_past_midnight_is_followed_to_the_second():
    """St John's changed at 00:01 until 2011; with rollover at 1 a day ends with the change."""
    change = ms(2008, 3, 9, 0, 0, zone="America/St_Johns") + 60_000  # 00:01 becomes 01:01
    rule = LocalDays("America/St_Johns", 1)
    times = [change - 86_400_000, change - 1000, change, change + 86_400_000]
    # By the new clock the second before the change was 01:00:59, past the cutoff already.
    assert rule.gaps(np.array(times)).tolist() == [1, 0, 1]
    assert [rule.days_between(*pair) for pair in itertools.pairwise(times)] == [1, 0, 1]
    assert [rule.dates_between(*pair) for pair in itertools.pairwise(times)] == [1, 1, 1]


@pytest.mark.parametrize("zone", [NY, "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_years_of_reviews_in_any_order_are_counted_as_one_by_one(zone):
    rng = np.random.default_rng(3)
    times = rng.integers(ms(2012, 1, 1), ms(2026, 12, 1), 3000)
    rule = LocalDays(zone)
    one_by_one = [rule.days_between(*pair) for pair in itertools.pairwise(times.tolist())]
    assert rule.gaps(times).tolist() == one_by_one


def test_the_very_second_of_the_cutoff_belongs_to_the_day_that_ends_when_all_is_computed_anew():
    """Measured with Anki 26.09.3: a review at 04:00:00 counts to the day before."""
    rule = anki(2026, 5, 1, 12)
    cutoff = ms(2026, 4, 28, 4)
    assert rule.days_between(ms(2026, 4, 27, 12), cutoff + 999) == 0
    assert rule.days_between(cutoff + 999, cutoff + 1000) == 1
    assert rule.gaps(np.array([cutoff, ms(2026, 4, 30, 2, 2)])).tolist() == [2]


def test_the_very_second_of_the_cutoff_is_both_days_when_a_card_is_answered():
    """Measured with Anki 26.09.3: the next day for the later review, the day before the earlier."""
    rule = LocalDays(NY)
    cutoff = ms(2026, 4, 28, 4)
    pairs = [
        ((ms(2026, 4, 27, 12), cutoff + 500), 1),
        ((cutoff - 1000, cutoff), 1),
        ((cutoff, ms(2026, 4, 28, 12)), 1),
        ((cutoff + 100, cutoff + 900), 1),
        ((cutoff + 1000, ms(2026, 4, 28, 12)), 0),
        ((ms(2026, 5, 1, 4), cutoff + 100_000), 0),
    ]
    for pair, days in pairs:
        assert rule.days_between(*pair) == days
        assert rule.gaps(np.array(pair)).tolist() == [days]


def test_an_hour_that_the_clocks_repeat_is_one_study_day_though_two_for_an_answer():
    """With rollover at midnight, 00:30 summer time was 23:30 of the day before by winter time."""
    rule = LocalDays(NY, 0)
    half_past_midnight = ms(2026, 11, 1, 0, 30)
    two_hours_on = half_past_midnight + 7_200_000  # 01:30 for the second time
    assert rule.dates_between(half_past_midnight, two_hours_on) == 0
    assert rule.days_between(half_past_midnight, two_hours_on) == 1
