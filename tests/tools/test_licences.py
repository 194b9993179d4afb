"""The licence gate lets through what may be given on, and stops everything else."""

from __future__ import annotations

import pytest

from tools import licences


@pytest.mark.parametrize("licence", ["AGPL-3.0-only", "GPL-3.0-or-later", "UNKNOWN", "MIT AND GPL"])
def test_a_licence_outside_the_list_is_named_with_its_package(licence: str) -> None:
    (line,) = licences.faults({"leftpad": True}, {"leftpad": licence})
    assert "leftpad" in line
    assert licence in line


@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0 OR GPL-3.0-only", "BSD-3-Clause AND Zlib"])
def test_an_allowed_licence_or_an_allowed_choice_passes(licence: str) -> None:
    assert list(licences.faults({"rightpad": True}, {"rightpad": licence})) == []


def test_a_package_of_every_platform_that_is_missing_is_a_fault() -> None:
    assert list(licences.faults({"absent": True, "windows-bound": False}, {})) == [
        "absent: in run.lock and not installed; run make setup again"
    ]


def test_the_lock_is_read_by_name_with_its_markers() -> None:
    lock = (
        "Foo_Bar==1.0 \\\n    --hash=sha256:00\ntzdata==2026.6 ; sys_platform == 'win32' \\\n"
        "    --hash=sha256:11\n"
    )
    assert licences.locked(lock) == {"foo-bar": True, "tzdata": False}
