"""What the case leaves out comes from the catalog; what it says stands."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bounceback import facts
from bounceback.records.catalog_sizes import with_catalog_sizes
from bounceback.records.models import Resource
from tests.records.strategies import resources

BANK = Resource(name="My bank", kind="questions", catalogue="uworld-step-1", done=400)


def test_units_come_from_the_catalog_and_the_name_stays() -> None:
    (sized,) = with_catalog_sizes([BANK])
    assert sized == replace(BANK, units=facts.catalog_entry("uworld-step-1").units)


def test_minutes_and_strand_come_from_the_catalog() -> None:
    lectures = Resource(name="Randy", kind="video", catalogue="randy-neil-biostatistics")
    (sized,) = with_catalog_sizes([lectures])
    assert (sized.units, sized.minutes_per_unit, sized.strand) == (1, 210, "biostatistics")


def test_what_the_case_says_stands() -> None:
    own = replace(BANK, units=2000, minutes_per_unit=4.0, strand="pacing")
    assert with_catalog_sizes([own]) == (own,)


def test_a_learner_beyond_the_published_count_has_no_known_size() -> None:
    (sized,) = with_catalog_sizes([replace(BANK, done=3700)])
    assert sized.units is None


def test_units_of_another_kind_and_entries_that_are_gone_add_nothing() -> None:
    for other in (replace(BANK, kind="cards"), replace(BANK, catalogue="gone")):
        assert with_catalog_sizes([other]) == (other,)


@given(st.lists(st.uuids().flatmap(lambda name: resources(str(name))), max_size=4))
def test_only_what_is_absent_is_filled_and_never_less_than_done(given_ones) -> None:
    sized = with_catalog_sizes(given_ones)
    for before, after in zip(given_ones, sized, strict=True):
        for field in ("units", "minutes_per_unit", "strand"):
            own = getattr(before, field)
            assert own is None or getattr(after, field) == own
        same = {"units": None, "minutes_per_unit": None, "strand": None}
        assert replace(before, **same) == replace(after, **same)
        assert after.units is None or after.done <= after.units
    assert with_catalog_sizes(sized) == sized
