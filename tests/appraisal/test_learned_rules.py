from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.appraisal import RuleList, let_go, load_thresholds, look_at, rules_of, write_rule
from bounceback.errors import QuestionError
from bounceback.records.models import Look, Miss

T = load_thresholds("usmle-step-1")
DAY = date(2026, 11, 1)


def one_rule() -> RuleList:
    return write_rule(RuleList(), "Minimal change, not membranous", DAY, T)


def test_a_rule_is_met_again_after_two_and_seven_days_and_closed_after_two_spaced_hits() -> None:
    rules = one_rule()
    assert rules.rules[0].due == DAY + timedelta(days=2)
    rules = look_at(rules, rules.rules[0], DAY + timedelta(days=2), True, T)
    assert rules.rules[0].due == DAY + timedelta(days=7)
    rules = look_at(rules, rules.rules[0], DAY + timedelta(days=7), True, T)
    assert rules.rules[0].closed == DAY + timedelta(days=7)
    assert rules.open_rules == ()


def test_two_looks_on_one_day_are_one_hit() -> None:
    rules = one_rule()
    day = DAY + timedelta(days=2)
    once = look_at(rules, rules.rules[0], day, True, T)
    assert look_at(once, once.rules[0], day, True, T) == once


def test_a_miss_starts_the_rule_again() -> None:
    rules = one_rule()
    rules = look_at(rules, rules.rules[0], DAY + timedelta(days=2), True, T)
    rules = look_at(rules, rules.rules[0], DAY + timedelta(days=7), False, T)
    assert rules.rules[0].hits == ()
    assert rules.rules[0].due == DAY + timedelta(days=9)


def test_the_thirty_first_open_rule_is_refused_until_one_goes() -> None:
    rules = RuleList()
    for k in range(30):
        rules = write_rule(rules, f"Rule {k}", DAY, T)
    with pytest.raises(QuestionError, match="30 rules are open"):
        write_rule(rules, "One more", DAY, T)
    rules = write_rule(let_go(rules, rules.rules[0]), "One more", DAY, T)
    assert len(rules.open_rules) == 30


def test_the_same_words_open_a_closed_rule_again_instead_of_a_second_one() -> None:
    rules = one_rule()
    for days in (2, 7):
        rules = look_at(rules, rules.rules[0], DAY + timedelta(days=days), True, T)
    again = write_rule(rules, "minimal change,  not MEMBRANOUS", DAY + timedelta(days=20), T)
    assert len(again.rules) == 1
    assert again.open_rules[0].due == DAY + timedelta(days=22)


def test_rules_carried_by_misses_are_opened_newest_thirty() -> None:
    misses = [
        Miss(date=DAY + timedelta(days=k), cause="misconception", rule=f"Rule {k}")
        for k in range(40)
    ]
    rules = rules_of(misses, (), T)
    assert [r.text for r in rules.rules] == [f"Rule {k}" for k in range(10, 40)]


def test_the_looks_of_a_record_close_a_rule_and_a_miss_with_its_words_opens_it_again() -> None:
    written = Miss(date=DAY, cause="misconception", rule="Read the last line first")

    def met(*looks: tuple[int, bool]) -> RuleList:
        told = [
            Look(date=DAY + timedelta(days=k), rule="read the LAST line  first", recalled=came)
            for k, came in looks
        ]
        return rules_of([written], told, T)

    assert met((2, True)).open_rules[0].due == DAY + timedelta(days=7)
    assert met((1, True)).open_rules[0].due == DAY + timedelta(days=2)  # too early to count
    assert met((2, True), (7, True)).open_rules == ()
    assert met((2, True), (4, False), (7, True)).open_rules[0].hits == (DAY + timedelta(days=7),)
    again = Miss(date=DAY + timedelta(days=30), cause="slip", rule="Read the last line first")
    looks = met((2, True), (7, True)).rules[0].hits
    told = [Look(date=day, rule=written.rule or "", recalled=True) for day in looks]
    assert rules_of([written, again], told, T).open_rules[0].due == DAY + timedelta(days=32)


def test_a_look_at_a_rule_that_nobody_wrote_changes_nothing() -> None:
    assert rules_of([], [Look(date=DAY, rule="Whose?", recalled=True)], T) == RuleList()


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.integers(0, 40)), max_size=60))
def test_whatever_happens_at_most_thirty_are_open_and_closed_ones_have_two_spaced_hits(
    events: list[tuple[int, bool, int]],
) -> None:
    rules, day = RuleList(), DAY
    for step, recalled, which in events:
        day += timedelta(days=step)
        if len(rules.open_rules) < 30:
            rules = write_rule(rules, f"Rule {which}", day, T)
        for rule in rules.due(day):
            rules = look_at(rules, rule, day, recalled, T)
    assert len(rules.open_rules) <= 30
    for rule in rules.rules:
        if rule.closed is not None:
            assert len(rule.hits) == 2
            assert (rule.hits[1] - rule.hits[0]).days >= 5
        else:
            assert rule.due is not None
