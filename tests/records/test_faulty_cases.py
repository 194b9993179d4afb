"""Five hundred faulty cases: each is refused, at its key, in one line, and in no other way."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bounceback.errors import CaseError
from bounceback.records import parse_case, read_case
from tests.records.faulty_cases import MUTATIONS, FaultyCase, faulty_cases, sound_cases

FAULTY = faulty_cases()


def test_there_are_five_hundred_and_every_kind_of_fault_is_among_them() -> None:
    assert len(FAULTY) == 500
    kinds = Counter(case.name.split()[1] for case in FAULTY)
    assert set(kinds) >= {mutation.__name__ for mutation in MUTATIONS}
    assert faulty_cases(20) == FAULTY[:20]


@pytest.mark.parametrize("name", sound_cases())
def test_the_cases_they_come_from_are_sound(name: str) -> None:
    assert parse_case(sound_cases()[name]).notes == ()


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.name)
def test_a_faulty_case_is_refused_and_the_fault_is_named(case: FaultyCase, tmp_path: Path) -> None:
    path = tmp_path / f"case{case.suffix}"
    path.write_bytes(case.content)
    with pytest.raises(CaseError) as caught:
        read_case(path)
    faults = caught.value.faults
    assert [fault.key for fault in faults] == [case.key]
    line = str(faults[0])
    assert case.says in line
    assert "\n" not in line
    assert all((faults[0].given, faults[0].allowed, faults[0].authority, faults[0].remedy))
    line.encode()
