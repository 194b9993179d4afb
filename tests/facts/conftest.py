"""Facts without one of their rows: what the answers would be if somebody deleted it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bounceback.facts import loading


def forget() -> None:
    """Drop everything the room has read or answered."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bounceback.facts"):
            for found in vars(module).values():
                clear = getattr(found, "cache_clear", None)
                if clear is not None:
                    clear()


Rows = tuple[dict[str, str], ...]
Edit = Callable[[Rows], Rows]
Edited = Callable[[str, Edit], AbstractContextManager[None]]


@pytest.fixture
def edited(
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Edited]:
    """Run a block with one CSV file's rows changed: ``with edited("norms.csv", edit): …``."""
    original = loading.read_csv.__wrapped__

    @contextmanager
    def change(file_name: str, edit: Edit) -> Iterator[None]:
        def read(path: Path) -> Rows:
            rows = original(path)
            return edit(tuple(dict(row) for row in rows)) if path.name == file_name else rows

        with monkeypatch.context() as patch:
            for name, module in list(sys.modules.items()):
                if name.startswith("bounceback.facts") and hasattr(module, "read_csv"):
                    patch.setattr(module, "read_csv", read)
            forget()
            yield
        forget()

    yield change
    forget()
