"""Help comes emergency first, in every country; short forms ship as published or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback import facts
from bounceback.errors import FactError


@given(st.one_of(st.none(), st.text(max_size=4), st.sampled_from(["US", "gb", "DE", "PK", "KN"])))
def test_the_first_line_is_always_for_an_emergency(country: str | None) -> None:
    lines = facts.support_lines(country)
    assert lines[0].kind == "emergency"
    assert any(line.kind == "school" for line in lines)
    assert all(line.contact for line in lines)


def test_the_lines_of_the_united_states_are_911_then_988() -> None:
    contacts = [line.contact for line in facts.support_lines("US")]
    assert contacts[0] == "911"
    assert "988" in contacts[1]
    assert not any("116 123" in contact for contact in contacts)


def test_countries_of_many_schools_abroad_have_their_number_with_a_source() -> None:
    for country in ("PH", "MX", "DM", "GD", "AG", "KY", "BB", "KN", "EG"):
        line = facts.support_lines(country)[0]
        assert line.country == country
        assert facts.source(line.source.split(";")[0]).publisher
    assert facts.support_lines("PK")[0].country == "*", "lists differ, so none is given"


def test_a_country_without_lines_of_its_own_gets_a_directory() -> None:
    kinds = [line.kind for line in facts.support_lines("PK")]
    assert kinds[0] == "emergency"
    assert "directory" in kinds


def test_a_country_of_the_european_union_gets_112() -> None:
    assert facts.support_lines("de")[0].contact == "112"
    assert facts.support_lines("IE")[0].country == "IE"


def test_without_a_country_every_line_is_given() -> None:
    everything = set(facts.support_lines(None))
    for country in ("US", "CA", "GB", "IE", "AU", "NZ", "IN", "FR"):
        assert {line for line in facts.support_lines(country) if line.country != "*"} <= everything


def test_bundled_forms_carry_every_item_and_others_none() -> None:
    bundled = {i.id for i in facts.instruments() if i.bundled}
    assert bundled == {"phq-2", "phq-8", "gad-2", "gad-7"}
    for one in facts.instruments():
        assert len(one.questions) == (one.items if one.bundled else 0)
        if one.bundled:
            assert len(one.answers) == 4
            assert one.high == 3 * one.items
            assert one.positive_at is not None


def test_no_bundled_form_asks_about_self_harm() -> None:
    asked = [q for i in facts.instruments() for q in i.questions]
    assert not any("dead" in question or "hurt" in question for question in asked)


def test_the_published_cuts_are_kept() -> None:
    assert facts.instrument("phq-2").positive_at == 3
    assert facts.instrument("gad-7").positive_at == 10
    with pytest.raises(FactError, match="phq-2"):
        facts.instrument("phq-3")


@pytest.mark.parametrize(
    ("time_zone", "country"),
    [
        ("America/New_York", "US"),
        ("US/Eastern", "US"),
        ("America/Toronto", "CA"),
        ("Asia/Kolkata", "IN"),
        ("Etc/UTC", None),
    ],
)
def test_a_time_zone_tells_the_country_where_it_belongs_to_one(
    time_zone: str, country: str | None
) -> None:
    assert facts.country_of_zone(time_zone) == country
