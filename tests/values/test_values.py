"""A value class of ours is what the standard library's ``dataclass`` makes, in all that is used."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from pathlib import Path
from typing import Any

import pytest

from bounceback import values

FROZEN = {"frozen": True, "slots": True}
LAYOUTS = [FROZEN, {**FROZEN, "kw_only": True}, {"frozen": True}, {"slots": True}, {}]
WITHOUT_COMPARISON = [{**FROZEN, "eq": False}, {"slots": True, "eq": False}]

Maker = Callable[..., Any]
MAKERS: list[Maker] = [values.dataclass, dataclasses.dataclass]


def stay(make: Maker, **layout: bool) -> type[Any]:
    """One class, made by either decorator."""

    @make(**layout)
    class Stay:
        """A stay."""

        where: str
        nights: int = 3
        extras: list[str] = field(default_factory=list)
        note: str = field(default="", repr=False, compare=False)

    return Stay


def both(**layout: bool) -> tuple[type[Any], type[Any]]:
    ours, theirs = (stay(make, **layout) for make in MAKERS)
    return ours, theirs


@pytest.mark.parametrize("layout", [*LAYOUTS, *WITHOUT_COMPARISON])
def test_it_takes_the_same_arguments(layout: dict[str, bool]) -> None:
    ours, theirs = both(**layout)
    shapes = [
        [(p.name, p.kind) for p in inspect.signature(made).parameters.values()]
        for made in (ours, theirs)
    ]
    assert shapes[0] == shapes[1]
    for made in (ours, theirs):
        first, second = made(where="Oslo"), made(where="Oslo", nights=1, extras=["bread"])
        assert (first.nights, first.extras, second.nights) == (3, [], 1)
        assert made(where="Oslo").extras is not first.extras
        with pytest.raises(TypeError, match="where"):
            made()
        with pytest.raises(TypeError, match="stars"):
            made(where="Oslo", stars=5)


@pytest.mark.parametrize("layout", [*LAYOUTS, *WITHOUT_COMPARISON])
def test_it_shows_itself_the_same_way(layout: dict[str, bool]) -> None:
    ours, theirs = (made(where="Oslo", note="quiet") for made in both(**layout))
    assert repr(ours) == repr(theirs)
    assert "quiet" not in repr(ours)
    assert type(ours).__doc__ == type(theirs).__doc__ == "A stay."
    assert type(ours).__match_args__ == type(theirs).__match_args__
    assert hasattr(ours, "__dict__") is hasattr(theirs, "__dict__")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_values_are_equal_when_all_that_is_compared_is(layout: dict[str, bool]) -> None:
    made = stay(values.dataclass, **layout)
    assert made(where="Oslo", note="a") == made(where="Oslo", note="b")
    assert made(where="Oslo") != made(where="Oslo", nights=1)
    assert made(where="Oslo") != stay(values.dataclass, **layout)(where="Oslo")
    assert (made(where="Oslo") == "Oslo") is False


@pytest.mark.parametrize("layout", WITHOUT_COMPARISON)
def test_without_comparison_a_value_equals_itself_alone(layout: dict[str, bool]) -> None:
    made = stay(values.dataclass, **layout)
    one = made(where="Oslo")
    assert one == one
    assert one != made(where="Oslo")
    assert {one: 1}[one] == 1


@pytest.mark.parametrize("layout", [FROZEN, {"frozen": True}])
def test_a_frozen_value_is_a_key_and_cannot_change(layout: dict[str, bool]) -> None:
    made = stay(values.dataclass, **layout)
    one = made("Oslo", extras=())
    assert hash(one) == hash(made("Oslo", extras=(), note="other"))
    assert {one: 1}[made("Oslo", extras=())] == 1
    with pytest.raises(FrozenInstanceError, match="nights"):
        one.nights = 4
    with pytest.raises(FrozenInstanceError, match="nights"):
        del one.nights
    with pytest.raises(FrozenInstanceError, match="elsewhere"):
        one.elsewhere = 4
    assert one.nights == 3


def test_a_value_that_may_change_is_no_key() -> None:
    one = stay(values.dataclass, slots=True)("Oslo")
    one.nights = 4
    assert one.nights == 4
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_standard_functions_take_it(layout: dict[str, bool]) -> None:
    ours, theirs = (made(where="Oslo", extras=["bread"]) for made in both(**layout))
    assert dataclasses.is_dataclass(ours)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert [f.name for f in dataclasses.fields(ours)] == [
        f.name for f in dataclasses.fields(theirs)
    ]
    moved = dataclasses.replace(ours, where="Bergen")
    assert (moved.where, moved.extras) == ("Bergen", ["bread"])
    deep = copy.deepcopy(ours)
    assert deep == ours
    assert deep.extras is not ours.extras
    assert copy.copy(ours) == ours


@values.dataclass(frozen=True, slots=True)
class Night:
    """One night; at the top of the module, where pickle finds it."""

    room: int
    price: float | None = None


def test_a_frozen_value_goes_to_another_process_and_back() -> None:
    assert pickle.loads(pickle.dumps(Night(7))) == Night(7)


def test_a_single_field_that_is_not_a_number_equals_itself_as_there() -> None:
    price = float("nan")
    for make in MAKERS:

        @make(frozen=True, slots=True)
        class Price:
            amount: float

        assert Price(price) == Price(price)
        assert Price.__doc__


def test_what_a_class_says_of_itself_stays() -> None:
    @values.dataclass(frozen=True, slots=True)
    class Room:
        number: int
        floor: int = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "floor", self.number // 100)

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Room) and self.floor == other.floor

        def __repr__(self) -> str:
            return f"no. {self.number}"

    assert Room(203).floor == 2
    assert Room(203) == Room(204)
    assert repr(Room(203)) == "no. 203"
    assert hash(Room(203)) == hash(Room(203))


def test_a_value_may_extend_another() -> None:
    @values.dataclass(frozen=True, slots=True)
    class Suite(Night):
        baths: int = 2

    assert Suite(7) == Suite(7, None, 2)
    assert Suite(7) != Night(7)
    assert dataclasses.replace(Suite(7), baths=1).baths == 1


def test_a_field_outside_init_with_a_default_is_refused_and_not_forgotten() -> None:
    with pytest.raises(TypeError, match="floor"):

        @values.dataclass(frozen=True, slots=True)
        class Room:
            floor: int = field(default=1, init=False)


def test_every_value_of_the_engine_is_made_here() -> None:
    engine = Path(values.__file__).parent
    elsewhere = [
        path.relative_to(engine).as_posix()
        for path in engine.rglob("*.py")
        if re.search(r"^from dataclasses import .*\bdataclass\b", path.read_text("utf-8"), re.M)
    ]
    assert elsewhere == []
