"""Check the subject of each commit since the rule began: ``area: imperative``, one thing.

One line of at most 72 characters.

python tools/commit_subjects.py            every commit after FIRST
python tools/commit_subjects.py REV..REV   a range of one's own
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRST = "a2fcf9d"
"""The last commit before the rule."""

KNOWN = frozenset(
    [
        "9158fa4bc0f5bffd9cdc2db43cbe8a6c2242f92d",  # "x": tests placed with their review
        "ca872dc25db03ce788406c02a804a9aee64d6b8a",  # 74 characters
        "9cec0cf8ca1bcbf4a6a1ff3b7fca049815dbc513",  # no verb
    ]
)
"""Commits that landed with a wrong subject. They stay, because main is never rewritten."""

LONGEST = 72
SUBJECT = re.compile(r"[a-z][a-z0-9 _/-]*: [a-z0-9`].*")
"""An area, a colon, and a lower-case imperative."""

NOT_IMPERATIVE = re.compile(
    r": (?:\w+(?:ed|ing|s)|the|a|an|kept|made|held|told|said|took|gave|wrote|went|found)\b"
)
IMPERATIVES = frozenset(
    [
        "address",
        "assess",
        "bypass",
        "bless",
        "compress",
        "cross",
        "discuss",
        "dress",
        "embed",
        "express",
        "feed",
        "focus",
        "guess",
        "need",
        "pass",
        "process",
        "press",
        "progress",
        "seed",
        "shed",
        "speed",
        "string",
        "wed",
        "bring",
        "ring",
        "spring",
    ]
)
"""Verbs that end like a past tense, a gerund or a third person and are none."""


def faults(subject: str) -> list[str]:
    """Return what is wrong with one subject; an empty list if nothing is."""
    found = []
    if len(subject) > LONGEST:
        found.append(f"{len(subject)} characters; at most {LONGEST}")
    if ";" in subject:
        found.append("two things; make two commits")
    if not SUBJECT.fullmatch(subject):
        found.append('no area; write "area: imperative", such as "planning: keep pinned sessions"')
    verb = NOT_IMPERATIVE.search(subject)
    if verb and verb.group()[2:] not in IMPERATIVES:
        found.append(f'"{verb.group()[2:]}" is no imperative')
    return found


def subjects(revisions: str) -> list[str]:
    """Return the subjects of the commits in a range; none where the history is not there."""
    done = subprocess.run(
        ["git", "log", "--no-merges", "--format=%H %s", revisions],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines() if done.returncode == 0 else []
    commits = (line.partition(" ") for line in lines)
    return [subject for name, _, subject in commits if name not in KNOWN]


def main(arguments: list[str]) -> int:
    """Print every fault; return 1 if there is one."""
    wrong = 0
    for subject in subjects(arguments[0] if arguments else f"{FIRST}..HEAD"):
        for fault in faults(subject):
            print(f"{subject!r}: {fault}")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
