"""Build the documentation into ``site/`` and check that it is whole.

Whole means: every link inside it leads somewhere, every page is of one of the kinds, every
command and option stands in ``reference/commands.md`` as the program declares it, every public name
in ``reference/python.md`` as the package explains it, and every setting read anywhere in
``reference/settings.md``. (That its examples run is a test: tests/docs.)
The pages ask nothing of the network.

  python tools/documentation.py            check and build
  python tools/documentation.py --write    write the two pages that the program writes first
"""

from __future__ import annotations

import argparse
import html
import inspect
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SITE = ROOT / "site"
COMMANDS_PAGE = Path("reference/commands.md")
PYTHON_PAGE = Path("reference/python.md")
SETTINGS_PAGE = Path("reference/settings.md")
DECISIONS_PAGE = Path("decisions/README.md")
FIRST_PAGE = Path("index.md")
KINDS = {
    "tutorial": "To learn",
    "how-to": "To get something done",
    "reference": "To look up",
    "explanation": "To understand",
    "decisions": "Why it is so",
}
"""Folders of the documentation, and what a reader comes to each for."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        path: Relative to the documentation's folder.
        title: Its first heading.
        body: As HTML; links to other pages already lead to their HTML.
        anchors: Ids of its headings.
        links: Addresses as written.
    """

    path: Path
    title: str
    body: str
    anchors: frozenset[str]
    links: tuple[str, ...]


def slug(heading: str) -> str:
    """Return a heading's anchor as code hosts make it: lower case, hyphens, no punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def text_of(token: Token) -> str:
    """Return what a heading says, without its markup."""
    return "".join(part.content for part in token.children or () if part.content)


def read_page(folder: Path, path: Path) -> Page:
    """Read one Markdown page."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse((folder / path).read_text(encoding="utf-8"))
    title, anchors, links = "", set[str](), []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = text_of(tokens[place + 1])
            title = title or heading
            token.attrSet("id", slug(heading))
            anchors.add(slug(heading))
        for part in token.children or ():
            target = part.attrGet("href") if part.type == "link_open" else None
            if isinstance(target, str):
                links.append(target)
                parts = urlsplit(target)
                if not parts.scheme and parts.path.endswith(".md"):
                    part.attrSet("href", re.sub(r"\.md(?=#|$)", ".html", target))
    body = markdown.renderer.render(tokens, markdown.options, {})
    return Page(path, title, body, frozenset(anchors), tuple(links))


def read_pages(folder: Path) -> dict[Path, Page]:
    """Read every page of a folder, by path."""
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*.md"))
    return {path: read_page(folder, path) for path in paths}


def target_of(page: Page, link: str) -> Path | None:
    """Return the path a link leads to, relative to the documentation; ``None`` if outside it."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    return (
        Path(os.path.normpath(page.path.parent / unquote(parts.path))) if parts.path else page.path
    )


def link_faults(folder: Path, pages: dict[Path, Page]) -> Iterator[str]:
    """Yield a line for each link that leads nowhere."""
    for page in pages.values():
        for link in page.links:
            target = target_of(page, link)
            if target is None:
                continue
            anchor = urlsplit(link).fragment
            if target in pages:
                if anchor and anchor not in pages[target].anchors:
                    yield f"{page.path}: {link} has no such heading"
            elif not (folder / target).exists():
                yield f"{page.path}: {link} leads nowhere"


def unlisted_decisions(pages: dict[Path, Page]) -> Iterator[str]:
    """Yield a line for each decision record that the list of decisions does not name."""
    index = pages[DECISIONS_PAGE]
    listed = {target_of(index, link) for link in index.links}
    for path in pages:
        if path.parent == DECISIONS_PAGE.parent and path not in listed | {DECISIONS_PAGE}:
            yield f"{path}: is not in {DECISIONS_PAGE}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    actions = [
        action
        for action in parser._actions
        if not isinstance(action, (argparse._SubParsersAction, argparse._HelpAction))
    ]
    if not actions:
        return
    yield "| argument | meaning |"
    yield "|---|---|"
    for action in actions:
        name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        takes_value = action.option_strings and action.nargs != 0
        choices = "\\|".join(map(str, action.choices)) if action.choices else None
        value = f" {action.metavar or choices or action.dest.upper()}" if takes_value else ""
        meaning = (action.help or "") % {**vars(action), "prog": parser.prog}
        yield f"| `{name}{value}` | {_cell(meaning)} |"
    yield ""


def _subcommands(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, sub in action.choices.items():
                yield summaries.get(name, ""), sub


def commands_page() -> str:
    """Return the page of every command, as the program declares them."""
    from bounceback.cli.command_table import COMMANDS
    from bounceback.cli.main import parser_for

    lines = [
        "# Commands",
        "",
        "Written by `make docs` from the program itself; change the command, not this page.",
        "",
        "Exit status: 0 answered; 1 a fault of ours; 2 bad input, one line a fault on standard",
        "error and nothing on standard output; 130 stopped with Ctrl-C; 141 the reader of a pipe",
        "went away.",
        "",
    ]
    for command in COMMANDS:
        parser = parser_for(command)
        lines += [
            f"## bounceback {command.name}",
            "",
            f"{command.summary[0].upper()}{command.summary[1:]}.",
            "",
        ]
        lines += ["```text", *(parser.description or "").splitlines(), "```", ""]
        lines += _arguments(parser)
        for summary, sub in _subcommands(parser):
            lines += [f"### {sub.prog}", "", f"{summary[:1].upper()}{summary[1:]}.", ""]
            lines += _arguments(sub)
    return "\n".join(lines).rstrip() + "\n"


QUESTIONS = {
    "Read and write a case": ("read_case", "parse_case", "write_case", "append"),
    "Ask everything": ("briefing", "replanned", "lookback"),
    "Ask one question": ("forecasts", "daily_plan", "decide", "appraise", "match_outlook"),
    "Hand the answer on": ("to_json", "lookback_to_json"),
    "Values": ("CaseFile", "Record", "Briefing", "Lookback"),
    "What is raised": ("BouncebackError", "CaseError", "FactUnknown", "Fault"),
}
"""The public names in the order of a person's need."""


def _signature(name: str, value: object) -> str:
    if isinstance(value, type):
        return name
    signature = inspect.signature(value)  # type: ignore[arg-type]  # every other one is a function
    return f"{name}{signature}".replace("'", "")


def python_page() -> str:
    """Return the page of every public name, as the package explains it."""
    import bounceback

    lines = [
        "# Python",
        "",
        "Written by `make docs` from the package itself; change the docstring, not this page.",
        "",
        "```text",
        *(bounceback.__doc__ or "").strip().splitlines(),
        "```",
        "",
        "The shell asks the same questions: `brief` is `briefing`, `forecast` is `forecasts`,",
        "`plan` is `daily_plan`, `outlook` is `match_outlook`, `replan` is `replanned`; `decide`,",
        "`appraise` and `lookback` have the same name.",
        "",
    ]
    unlisted = set(bounceback.__all__) - {name for names in QUESTIONS.values() for name in names}
    for heading, names in (QUESTIONS | {"More": tuple(sorted(unlisted))}).items():
        if not names:
            continue
        lines += [f"## {heading}", ""]
        for name in names:
            value = getattr(bounceback, name)
            lines += [f"### {name}", "", "```text", _signature(name, value), ""]
            lines += [*(inspect.getdoc(value) or "").splitlines(), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


WRITTEN_PAGES = {COMMANDS_PAGE: commands_page, PYTHON_PAGE: python_page}
"""Pages that the program writes, and who writes them."""


def settings_read() -> set[str]:
    """Return the names of our settings that the program or its workshop reads."""
    found: set[str] = set()
    for folder in ("src", "tools", "benchmarks", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(
                re.findall(r"\bBOUNCEBACK_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
            )
    return found


def settings_faults(page: str, read: Iterable[str]) -> Iterator[str]:
    """Yield a line for each setting read and not described, or described and not read."""
    described = set(re.findall(r"\bBOUNCEBACK_[A-Z_]*[A-Z]\b", page))
    for name in sorted(set(read) - described):
        yield f"{SETTINGS_PAGE}: {name} is read and not described"
    for name in sorted(described - set(read)):
        yield f"{SETTINGS_PAGE}: {name} is described and nothing reads it"


STYLE = """
:root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
body { margin: 0 auto; padding: 1rem; max-width: 46rem; }
nav { border-bottom: 1px solid; padding-bottom: .5rem; }
nav a { margin-right: 1rem; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid; border-radius: .3rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
td, th { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
"""


def as_html(page: Page) -> str:
    """Return a page as a whole HTML document that needs no other file but its style."""
    up = "../" * (len(page.path.parts) - 1)
    title = html.escape(page.title)
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width">'
        f'<link rel="stylesheet" href="{up}style.css"></head>\n<body>\n'
        f'<nav aria-label="Documentation"><a href="{up}index.html">Bounceback</a></nav>\n'
        f"<main>\n{page.body}</main>\n</body>\n</html>\n"
    )


def listing(pages: dict[Path, Page]) -> str:
    """Return the pages of each kind as a list for the first page, so that none is out of reach."""
    lines = []
    for kind, reason in KINDS.items():
        own = [page for page in pages.values() if page.path.parts[0] == kind]
        lines += [f"<h2>{reason}</h2>", "<ul>"]
        lines += [
            f'<li><a href="{page.path.with_suffix(".html").as_posix()}">'
            f"{html.escape(page.title)}</a></li>"
            for page in sorted(own, key=lambda page: page.path)
        ]
        lines += ["</ul>"]
    return "\n".join(lines) + "\n"


def build(pages: dict[Path, Page], site: Path) -> None:
    """Write the pages as HTML into a folder, which is emptied first."""
    shutil.rmtree(site, ignore_errors=True)
    first = replace(pages[FIRST_PAGE], body=pages[FIRST_PAGE].body + listing(pages))
    for page in (pages | {FIRST_PAGE: first}).values():
        target = (site / page.path).with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(as_html(page), encoding="utf-8")
    (site / "style.css").write_text(STYLE.lstrip(), encoding="utf-8")


def faults(folder: Path) -> Iterator[str]:
    """Yield a line for each thing amiss in the documentation."""
    pages = read_pages(folder)
    yield from link_faults(folder, pages)
    yield from unlisted_decisions(pages)
    for path, write in WRITTEN_PAGES.items():
        if (folder / path).read_text(encoding="utf-8") != write():
            yield f"{path}: what it tells of has changed; run make docs"
    yield from settings_faults(
        (folder / SETTINGS_PAGE).read_text(encoding="utf-8"), settings_read()
    )
    for page in pages.values():
        if page.path != FIRST_PAGE and page.path.parts[0] not in KINDS:
            yield f"{page.path}: stands in none of {', '.join(KINDS)}"
        if not page.title:
            yield f"{page.path}: has no heading"


def main() -> int:
    """Check and build; 0 when the documentation is whole."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the written pages anew")
    if parser.parse_args().write:
        for path, write in WRITTEN_PAGES.items():
            (DOCS / path).write_text(write(), encoding="utf-8")
    found = tuple(faults(DOCS))
    for line in found:
        print(f"docs/{line}")
    pages = read_pages(DOCS)
    build(pages, SITE)
    if not found:
        print(f"Documentation: {len(pages)} pages, whole; see site/index.html.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
