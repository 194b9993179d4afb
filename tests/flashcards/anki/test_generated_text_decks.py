"""Generated text decks: every row becomes a card or is listed, whatever separates its columns."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

from bounceback.flashcards.anki.text_decks import read_text_deck

NOW = 1_790_000_000
NUMBER = int(os.environ.get("GENERATED_TEXT_DECKS", "1000"))
"""Decks; a larger run sets the variable."""

QUESTIONS = (
    "Which drug causes a dry cough?", "Causes of A, B, C and D?", "one; two; three",
    "Kidney: unit",
    "pH < 7.35 means?", "#1 cause of death", "a | b",
    "He said \"no\"", "5'10\" tall", "\u00e9t\u00e9",
    "Where is renin made?", "x -> y", "10% of 5", "What, if any, is it?",
)  # fmt: skip
ANSWERS = (
    "lisinopril", "one, two", "acidosis; low", "juxtaglomerular cells", "a: b", "3 | 4", "\"yes\"",
)  # fmt: skip
NAMES = {"\t": "tab", ",": "Comma", ";": "Semicolon", "|": "Pipe"}


@dataclass
class Deck:
    """A text, its rows, and the cards that are surely meant (``None``: not known)."""

    text: str
    rows: int
    pairs: list[tuple[str, str]] | None


def cell(text: str, mark: str, rng: random.Random) -> str:
    """A cell as a spreadsheet writes it: quoted where it has to be, sometimes where not."""
    if mark in text or '"' in text or "\n" in text or rng.random() < 0.05:
        return '"' + text.replace('"', '""') + '"'
    return text


def generate(rng: random.Random) -> Deck:
    mark = rng.choice(list(NAMES))
    head: list[str] = []
    said = rng.random() < 0.4
    if said:
        fill = mark * 2 if mark == "," and rng.random() < 0.5 else ""
        head.append(f"#separator:{NAMES[mark]}{fill}")
        head += rng.sample(
            [f"#html:false{fill}", f"#deck:Renal{fill}", "#tags:one two"], rng.randint(0, 2)
        )
    lines: list[str] = []
    pairs: list[tuple[str, str]] | None = []
    rows = 0
    if rng.random() < 0.2:
        lines.append(mark.join(rng.choice([["front", "back"], ["Question", "Answer"]])))
        rows += 1
    odd = rng.random() < 0.4
    for number in range(rng.randint(4, 25)):
        kind = rng.choice(
            ["plain"] * 6 + (["blank", "empty", "alone", "open", "twice", "comment"] if odd else [])
        )
        question, answer = f"{rng.choice(QUESTIONS)} {number}", rng.choice(ANSWERS)
        if kind == "blank":
            lines.append("")
            continue
        rows += 1
        if kind == "plain":
            lines.append(mark.join((cell(question, mark, rng), cell(answer, mark, rng))))
            if pairs is not None:
                pairs.append((question, answer))
            continue
        pairs = None
        if kind == "empty":
            lines.append(f"{mark}{cell(answer, mark, rng)}")
        elif kind == "alone":
            lines.append("a line without an answer")
        elif kind == "open":
            lines.append(f'"open question {number}{mark}answer')
        elif kind == "twice":
            lines.append(f"the same question{mark}answer {number % 3}")
        else:
            lines.append("# a comment of mine")
    end = rng.choice(["\n", "\r\n"])
    return Deck(end.join([*head, *lines]) + rng.choice(["", end]), rows, pairs)


def test_cards_and_listed_rows_add_up_to_the_rows_of_the_file() -> None:
    rng = random.Random(2026)
    whole = 0
    for _ in range(NUMBER):
        deck = generate(rng)
        found = read_text_deck(deck.text, NOW)
        assert len(found.package.cards) + len(found.skipped) == found.rows == deck.rows, deck.text
        lines = [one.what for one in found.skipped]
        assert len(set(lines)) == len(lines)
        if deck.pairs is not None:
            from html import unescape

            fields = [tuple(unescape(f) for f in n.fields) for n in found.package.notes]
            assert fields == deck.pairs, deck.text
            whole += 1
    assert whole > NUMBER / 3


def test_the_same_deck_twice_is_the_same_cards() -> None:
    rng = random.Random(5)
    for _ in range(100):
        deck = generate(rng)
        once, again = (read_text_deck(deck.text, NOW + shift) for shift in (0, 86_400))
        assert [n.guid for n in once.package.notes] == [n.guid for n in again.package.notes]
