"""``dataclass`` as in the standard library, for a third of what making a class costs there.

A command that answers one question defines some 140 kinds of value. The standard decorator compiles
six methods for each, one by one (until Python 3.13): a quarter of a cold start. Here ``__init__``
alone is compiled; comparing, hashing, showing and pickling are plain functions over the names of
the fields. What comes out behaves as there, and serves ``fields``, ``replace`` and ``asdict``
(``tests/values`` compares the two); a type checker is shown the standard one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

_SETS: Final = object.__setattr__
_MADE_NEW: Final = object()
"""Stands for a value that ``default_factory`` makes."""


def _dataclass(
    *, frozen: bool = False, slots: bool = False, eq: bool = True, kw_only: bool = False
) -> Callable[[type[Any]], type[Any]]:
    """Return the decorator; its words mean what they mean in ``dataclasses.dataclass``."""
    return lambda cls: _made(cls, frozen, slots, eq, kw_only)


def _made(cls: type[Any], frozen: bool, slots: bool, eq: bool, kw_only: bool) -> type[Any]:
    own = vars(cls)
    if cls.__doc__ is None:  # else the standard library reads the signature to write one
        cls.__doc__ = cls.__name__
    made: type[Any] = dataclasses.dataclass(
        init=False, repr=False, eq=False, slots=slots, kw_only=kw_only
    )(cls)
    fields = dataclasses.fields(made)
    methods: dict[str, Callable[..., Any] | None] = {"__init__": _init(made, fields)}
    if "__repr__" not in own:
        methods["__repr__"] = _repr(tuple(f.name for f in fields if f.repr))
    if eq:
        equal, hashed = _comparing(tuple(f.name for f in fields if f.compare))
        if "__eq__" not in own:
            methods["__eq__"] = equal
        if own.get("__hash__") is None:
            methods["__hash__"] = hashed if frozen else None
    if frozen:
        methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
        if slots:
            methods |= _pickling(tuple(f.name for f in fields))
    for name, method in methods.items():
        setattr(made, name, method)
    return made


def _init(made: type[Any], fields: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    """Compile the one method whose parameters are the class's own."""
    given: dict[str, Any] = {"_sets": _SETS, "_new": _MADE_NEW}
    plain = ["self"]
    by_name: list[str] = []
    body: list[str] = []
    for field in fields:
        name = field.name
        parameter = value = name
        if field.default is not dataclasses.MISSING:
            given[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            given[f"_make_{name}"] = field.default_factory
            parameter = f"{name}=_new"
            value = f"_make_{name}() if {name} is _new else {name}"
        if field.init:
            (by_name if field.kw_only else plain).append(parameter)
            body.append(f"_sets(self,{name!r},{value})")
        elif parameter != name:
            raise TypeError(f"{made.__name__}.{name}: a field outside __init__ has no default here")
    if hasattr(made, "__post_init__"):
        body.append("self.__post_init__()")
    star = ["*"] if by_name else []
    found: dict[str, Any] = {}
    exec(
        f"def __init__({','.join(plain + star + by_name)}):\n {';'.join(body) or 'pass'}",
        given,
        found,
    )
    init: Callable[..., None] = found["__init__"]
    init.__annotations__ = {f.name: f.type for f in fields if f.init} | {"return": None}
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _refuse_to_set(self: object, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _repr(names: tuple[str, ...]) -> Callable[[Any], str]:
    def shown(self: Any) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({values})"

    return shown


def _comparing(
    names: tuple[str, ...],
) -> tuple[Callable[[Any, Any], Any], Callable[[Any], int]]:
    """``__eq__`` and ``__hash__``, both of the fields as one tuple."""
    values: Callable[[Any], tuple[Any, ...]] = (
        attrgetter(*names)
        if len(names) > 1
        else lambda value: tuple(getattr(value, name) for name in names)
    )

    def equal(self: Any, other: Any) -> Any:
        return values(self) == values(other) if type(self) is type(other) else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    return equal, hashed


def _pickling(names: tuple[str, ...]) -> dict[str, Callable[..., Any]]:
    """``__getstate__`` and ``__setstate__`` of a frozen value without a ``__dict__``."""

    def state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def restore(self: Any, values: list[Any]) -> None:
        for name, value in zip(names, values, strict=True):
            _SETS(self, name, value)

    return {"__getstate__": state, "__setstate__": restore}


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    dataclass = _dataclass
