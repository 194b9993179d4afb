"""Names of practice tests, as students call them."""

from __future__ import annotations

import re
from typing import Final

from bounceback import facts
from bounceback.errors import FactError

_CALLED: Final = {
    "nbme-cbssa": "NBME",
    "nbme-ccssa": "NBME",
    "nbme-ccmsa": "NBME",
    "nbme-cbse": "CBSE",
    "nbme-ccse": "CCSE",
    "uwsa": "UWSA",
    "free-120": "Free 120",
    "amboss-sa": "AMBOSS self-assessment",
    "comsae": "COMSAE",
    "school": "School test",
    "timed-mixed-blocks": "Timed mixed blocks",
}
_WITHOUT_NUMBER: Final = frozenset({"free-120", "timed-mixed-blocks", "nbme-cbse", "nbme-ccse"})
"""Families of which a student has one at a time, so that its label says nothing."""
_SIGNS: Final = {"free-120": "F", "nbme-cbse": "CB", "nbme-ccse": "CC", "amboss-sa": "A"}


def practice_test_name(family: str, form: str, exam_id: str | None = None) -> str:
    """Return "NBME 31", "UWSA 2", "Free 120", "COMSAE Phase 1 P1-A".

    Args:
        family: Family id; one that is not known is written as it is.
        form: The form's label; may be empty.
        exam_id: Exam, for families whose name depends on it.
    """
    called = _CALLED.get(family)
    if called is None:
        try:
            called = facts.form_family(family, exam_id).name
        except FactError:
            called = family
    if family in _WITHOUT_NUMBER or not form:
        return called.replace(" ", "\N{NO-BREAK SPACE}") if family == "free-120" else called
    return f"{called}\N{NO-BREAK SPACE}{form}"


def practice_test_sign(family: str, form: str) -> str:
    """Return one to three letters for a circle: "31", "F", "U2"."""
    if family in _SIGNS:
        return _SIGNS[family]
    digits = re.sub(r"\D", "", form)[-2:]
    if family == "uwsa":
        return f"U{digits}" if digits else "U"
    return digits or _CALLED.get(family, family)[:1].upper()
