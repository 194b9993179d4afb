"""Chromium is found, or one line says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import chromium


def test_the_browser_that_is_named_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "my-chromium"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    assert chromium.find() == program


def test_without_one_and_without_root_one_line_names_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(chromium.MissingError, match="apt-get install -y chromium") as said:
        chromium.prepare()
    assert "\n" not in str(said.value)
