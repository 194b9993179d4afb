"""A package's name is loaded when it is first asked for, and not before."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

PACKAGE = """
from bounceback import lazy_imports
__getattr__, __dir__ = lazy_imports.on_first_use(
    __name__, {"far": ("answer", "far"), "wrong": ("absent",)}
)
"""


@pytest.fixture
def offering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A package of two modules, neither of which has been imported."""
    (tmp_path / "offering").mkdir()
    (tmp_path / "offering" / "__init__.py").write_text(PACKAGE)
    (tmp_path / "offering" / "far.py").write_text("answer = 42")
    (tmp_path / "offering" / "wrong.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("offering", "offering.far", "offering.wrong"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("offering")


def test_a_name_is_loaded_when_first_asked_for_and_kept(offering: ModuleType) -> None:
    assert {"answer", "absent"} <= set(dir(offering))
    assert "offering.far" not in sys.modules
    assert offering.answer == 42
    assert vars(offering)["answer"] == 42
    assert "offering.wrong" not in sys.modules


def test_a_module_listed_with_its_own_name_is_offered_whole(offering: ModuleType) -> None:
    assert offering.far.answer == 42


@pytest.mark.parametrize("name", ["nothing", "absent"])
def test_a_name_that_is_not_there_is_an_attribute_error(offering: ModuleType, name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(offering, name)
