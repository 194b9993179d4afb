"""A package's public names, each loaded from its module when it is first asked for (PEP 562).

What a command does not use is never read: importing ``bounceback`` alone takes no numpy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def on_first_use(
    package: str, names_of_module: Mapping[str, Iterable[str]], base: str | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and the ``__dir__`` of a package.

    Args:
        package: The package's own ``__name__``.
        names_of_module: Public names by the module that defines them, relative to ``base``. A
            module that is listed with its own name is offered whole.
        base: Package that the modules belong to; ``package`` itself where it is not given.
    """
    module_of_name = {name: module for module, names in names_of_module.items() for name in names}

    def load(name: str) -> Any:
        module = module_of_name.get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        loaded = import_module(f"{base or package}.{module}")
        whole = module.rpartition(".")[2] == name and not hasattr(loaded, name)
        found = loaded if whole else getattr(loaded, name)
        setattr(sys.modules[package], name, found)
        return found

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *module_of_name})

    return load, names
