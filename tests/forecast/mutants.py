"""One sign or constant of the code changed at a time, in memory.

A mutant is the module's own source with one piece replaced, compiled, and put into the functions
that are already there, so that every importer meets it. Undone on leaving.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any

from bounceback.forecast import constants


def _functions(names: dict[str, Any], module: str) -> dict[str, FunctionType]:
    """Functions and methods that a module defines, by qualified name."""
    found: dict[str, FunctionType] = {}
    for value in names.values():
        if getattr(value, "__module__", None) != module:
            continue
        value = inspect.unwrap(value) if callable(value) else value
        members = list(vars(value).values()) if inspect.isclass(value) else [value]
        for member in members:
            if isinstance(member, property):
                member = member.fget
            if isinstance(member, (classmethod, staticmethod)):
                member = member.__func__
            if isinstance(member, FunctionType) and member.__module__ == module:
                found[member.__qualname__] = member
    return found


@contextmanager
def mutant(module: ModuleType, old: str, new: str) -> Iterator[None]:
    """Let ``new`` stand where ``old`` stands, once, in a module's source."""
    source = inspect.getsource(module)
    if source.count(old) != 1:
        raise ValueError(f"{old!r} stands {source.count(old)} times in {module.__name__}")
    names: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(source.replace(old, new), f"<mutant of {module.__name__}>", "exec"), names)
    changed = _functions(names, module.__name__)
    kept = {
        name: (function, function.__code__)
        for name, function in _functions(vars(module), module.__name__).items()
        if name in changed
    }
    constants.constants.cache_clear()
    try:
        for name, (function, _) in kept.items():
            function.__code__ = changed[name].__code__
        yield
    finally:
        for function, code in kept.values():
            function.__code__ = code
        constants.constants.cache_clear()
