"""The checker of the documentation sees what would mislead a reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import documentation


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind in documentation.KINDS:
        (tmp_path / kind).mkdir()
    (tmp_path / "index.md").write_text("# First\n\n[there](how-to/walk.md#two-steps)\n")
    (tmp_path / "how-to" / "walk.md").write_text("# Walk\n\n## Two `steps`\n\n[up](../index.md)\n")
    (tmp_path / "decisions" / "README.md").write_text("# Decisions\n\n[1](0001-feet.md)\n")
    (tmp_path / "decisions" / "0001-feet.md").write_text("# 0001: Feet\n")
    return tmp_path


def link_faults(folder: Path) -> list[str]:
    return list(documentation.link_faults(folder, documentation.read_pages(folder)))


def test_links_between_pages_and_to_headings_are_followed(folder: Path) -> None:
    assert link_faults(folder) == []


@pytest.mark.parametrize("link", ["how-to/run.md", "how-to/walk.md#three-steps", "#nowhere"])
def test_a_link_that_leads_nowhere_is_named_with_its_page(folder: Path, link: str) -> None:
    (folder / "index.md").write_text(f"# First\n\n[there]({link})\n")
    (line,) = link_faults(folder)
    assert line.startswith("index.md: ")
    assert link in line


def test_a_decision_that_is_not_listed_is_named(folder: Path) -> None:
    (folder / "decisions" / "0002-hands.md").write_text("# 0002: Hands\n")
    pages = documentation.read_pages(folder)
    (line,) = documentation.unlisted_decisions(pages)
    assert "0002-hands.md" in line


def test_a_setting_must_be_read_and_described() -> None:
    name = "BOUNCEBACK_" + "SHOE_SIZE"
    assert list(documentation.settings_faults(f"`{name}`", {name})) == []
    assert len(list(documentation.settings_faults("", {name}))) == 1
    assert len(list(documentation.settings_faults(f"`{name}`", set()))) == 1


def test_the_built_pages_link_to_built_pages_and_ask_nothing_of_the_network(
    folder: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    documentation.build(documentation.read_pages(folder), site)
    first = (site / "index.html").read_text()
    assert 'href="how-to/walk.html#two-steps"' in first
    assert 'href="decisions/0001-feet.html"' in first
    assert "<script" not in first
    assert "//" not in first
    assert 'id="two-steps"' in (site / "how-to" / "walk.html").read_text()


def test_the_documentation_is_whole() -> None:
    assert list(documentation.faults(documentation.DOCS)) == []
