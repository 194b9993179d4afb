"""Which exam areas a card is about, from its tags and deck; which bank questions it answers.

The rules are data (``data/deck_resources.toml``, ``data/deck_topics.csv``): which tags to trust
first, which segments say nothing, and which words mean which heading of the content outline. The
way from a heading to the areas of one exam is the published categories' (``facts``). A card may
belong to several areas of an axis; its weights there add up to 1. What no rule explains is listed
for the learner to settle, and a settled label wins over every rule.

Tags of question banks are never a topic. They link a missed question to its cards.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Generic, Literal, TypeVar

from bounceback import facts
from bounceback.errors import FactError
from bounceback.records.models import Miss
from bounceback.vocabulary import Axis, ExamId

Trust = Literal["high", "medium", "low", "settled"]
"""How sure a link is: ``settled`` by the learner, else by the kind of tag it came from."""

LEVEL: Final = "::"
_DECK_TRUST: Final[Trust] = "low"
_TAG_LENGTH_MAX: Final = 500
_K = TypeVar("_K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class AreaShare:
    """Part of a card that belongs to one area.

    Attributes:
        area: Official name, as in force on the day asked for.
        axis: Its axis. Weights of one axis add up to 1.
        weight: In (0, 1].
        trust: How sure.
        because: The tag or deck that says so.
    """

    area: str
    axis: Axis
    weight: float
    trust: Trust
    because: str


@dataclass(frozen=True, slots=True)
class CardAreas:
    """Areas of one card, and the bank questions it answers, as ``bank:id``."""

    shares: tuple[AreaShare, ...]
    items: tuple[str, ...]

    def weights(self, axis: Axis) -> dict[str, float]:
        """Return the weight of each area of one axis; empty if the card has none there."""
        return {share.area: share.weight for share in self.shares if share.axis == axis}


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A label that no rule explains, with the number of cards that hang on it."""

    label: str
    kind: Literal["tag", "deck"]
    cards: int


@dataclass(frozen=True, slots=True)
class AreaMap(Generic[_K]):
    """Areas of many cards.

    Attributes:
        cards: Areas of each card, by the caller's key.
        by_item: Cards of each bank question, by ``bank:id`` in lower case.
        unmapped: Labels of the cards without an area on the exam's share axis, most cards first.
        mapped: Number of cards with one.
    """

    cards: Mapping[_K, CardAreas]
    by_item: Mapping[str, tuple[_K, ...]]
    unmapped: tuple[Unmapped, ...]
    mapped: int

    def of_misses(self, misses: Iterable[Miss], exam_id: ExamId) -> dict[str, tuple[_K, ...]]:
        """Return the cards of each missed question that has any, by the miss's ``item``."""
        return {
            miss.item: cards
            for miss in misses
            if miss.item and (cards := self.of_item(miss.item, exam_id))
        }

    def of_item(self, item: str, exam_id: ExamId) -> tuple[_K, ...]:
        """Return the cards of one bank question, such as ``uworld:12345``.

        A bank that numbers its COMLEX questions apart is looked up under them first for COMLEX.
        """
        bank, _, number = item.strip().casefold().partition(":")
        if exam_id.startswith("comlex"):
            apart = self.by_item.get(f"{bank}-comlex:{number}")
            if apart:
                return apart
        return self.by_item.get(f"{bank}:{number}", ())


def map_cards(
    cards: Iterable[tuple[_K, Sequence[str], str]],
    exam_id: ExamId,
    on: date,
    settled: Mapping[str, str] | None = None,
) -> AreaMap[_K]:
    """Return the areas of many cards.

    Args:
        cards: For each card a key of the caller's, its note's tags, and its deck's full name.
        exam_id: Exam whose areas are wanted.
        on: Day whose category names hold.
        settled: What the learner settled: area name by label (a tag, a deck, or the beginning of
            one up to a ``::``).

    Raises:
        FactError: Unknown exam.
    """
    axis = facts.exam(exam_id).share_axis
    found: dict[_K, CardAreas] = {}
    by_item: dict[str, list[_K]] = {}
    open_labels: Counter[tuple[str, Literal["tag", "deck"]]] = Counter()
    mapped = 0
    known: dict[tuple[tuple[str, ...], str], CardAreas] = {}
    for key, tags, deck in cards:
        labels = (tuple(tags), deck)
        areas = known.get(labels)
        if areas is None:
            areas = known[labels] = card_areas(tags, deck, exam_id, on, settled)
        found[key] = areas
        for item in areas.items:
            by_item.setdefault(item, []).append(key)
        if any(share.axis == axis for share in areas.shares):
            mapped += 1
        else:
            open_labels.update(_open_labels(tags, deck))
    return AreaMap(
        cards=found,
        by_item={item: tuple(keys) for item, keys in by_item.items()},
        unmapped=tuple(
            Unmapped(label, kind, count)
            for (label, kind), count in sorted(
                open_labels.items(), key=lambda one: (-one[1], one[0])
            )
        ),
        mapped=mapped,
    )


def card_areas(
    tags: Sequence[str],
    deck: str,
    exam_id: ExamId,
    on: date,
    settled: Mapping[str, str] | None = None,
) -> CardAreas:
    """Return the areas of one card, on every axis that its tags or deck speak of.

    On each axis the most trusted tags that say anything are used, and the others are not; the deck
    speaks where no tag does. Within them each distinct topic counts the same.

    >>> found = card_areas(
    ...     ["#AK_Step1_v12::^Systems::Cardio::HeartSounds", "#AK_Step1_v12::#UWorld::Step::12345"],
    ...     "AnKing", "usmle-step-1", date(2026, 12, 1))
    >>> found.weights("system"), found.items
    ({'Cardiovascular System': 1.0}, ('uworld:12345',))
    """
    items: dict[str, None] = {}
    said: dict[Axis, list[tuple[int, Trust, str, tuple[str, ...]]]] = {}
    labels = [*((tag, False) for tag in tags), (deck, True)]
    for label, is_deck in labels:
        settled_area = _settled(label, settled)
        if settled_area is not None:
            axis = _axis_of(settled_area, exam_id, on)
            said.setdefault(axis, []).append((0, "settled", label, (settled_area,)))
            continue
        reading = _read(label)
        if reading.item is not None and not is_deck:
            items[reading.item] = None
        rank = len(_rules().topics) + 1 if is_deck else reading.rank
        trust = _DECK_TRUST if is_deck else reading.trust
        for axis, areas in _areas(reading.topics, exam_id, on):
            said.setdefault(axis, []).append((rank, trust, label, areas))
    shares: list[AreaShare] = []
    for axis, statements in said.items():
        best = min(rank for rank, _, _, _ in statements)
        used: dict[str, tuple[Trust, str]] = {}
        for rank, trust, label, areas in statements:
            if rank == best:
                for area in areas:
                    used.setdefault(area, (trust, label))
        shares.extend(
            AreaShare(area, axis, 1 / len(used), trust, label)
            for area, (trust, label) in used.items()
        )
    return CardAreas(tuple(shares), tuple(items))


# Reading one label: a tag or a deck's name.


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the rules say of one label: its rank, topics (axis, names), and a bank question."""

    rank: int
    trust: Trust
    topics: tuple[tuple[Axis, str], ...]
    item: str | None
    says_nothing: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    roots: re.Pattern[str]
    noise: re.Pattern[str]
    drop: re.Pattern[str]
    items: tuple[tuple[str, re.Pattern[str]], ...]
    topics: tuple[tuple[int, Trust, re.Pattern[str]], ...]


@cache
def _rules() -> _Rules:
    data = files("bounceback.flashcards").joinpath("data/deck_resources.toml").read_text("utf-8")
    found = tomllib.loads(data)

    def any_of(patterns: Sequence[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{one})" for one in patterns))

    return _Rules(
        roots=any_of(found["roots"]),
        noise=any_of(found["noise"]),
        drop=any_of(found["drop"]),
        items=tuple((one["bank"], re.compile(one["tag"])) for one in found["items"]),
        topics=tuple(
            (one["rank"], one["confidence"], re.compile(one["tag"])) for one in found["topics"]
        ),
    )


@cache
def _topics_by_words() -> dict[tuple[str, ...], tuple[tuple[Axis, str], ...]]:
    data = files("bounceback.flashcards").joinpath("data/deck_topics.csv").read_text("utf-8")
    found: dict[tuple[str, ...], list[tuple[Axis, str]]] = {}
    for row in csv.DictReader(data.splitlines()):
        axis: Axis = row["axis"]  # type: ignore[assignment]  # checked by a test of the data
        found.setdefault(tuple(row["words"].split()), []).append((axis, row["topic"]))
    return {words: tuple(topics) for words, topics in found.items()}


@cache
def _longest_phrase() -> int:
    return max(map(len, _topics_by_words()))


def _segments(label: str) -> list[str]:
    """Levels of a label, in lower case, without the marks that only order a list of tags."""
    levels = (" ".join(one.split()) for one in label[:_TAG_LENGTH_MAX].casefold().split(LEVEL))
    bare = [re.sub(r"^[#^!*@~+\s]+", "", level) for level in levels]
    return [re.sub(r"^\d{1,3}[_.\s-]+", "", level).strip() for level in bare]


@lru_cache(maxsize=100_000)
def _read(label: str) -> _Reading:
    rules = _rules()
    segments = _segments(label)
    while segments and (not segments[0] or rules.roots.fullmatch(segments[0])):
        segments = segments[1:]
    path = LEVEL.join(segments)
    for bank, pattern in rules.items:
        hit = pattern.fullmatch(path)
        if hit:
            number = re.sub(r"[^a-z0-9]+", "-", hit[1]).strip("-")
            return _Reading(0, "low", (), f"{bank}:{number}", says_nothing=True)
    plain = [segment.replace("_", " ") for segment in segments]
    if any(
        rules.noise.fullmatch(one) or rules.noise.fullmatch(raw)
        for one, raw in zip(plain, segments, strict=True)
    ):
        return _Reading(0, "low", (), None, says_nothing=True)
    kept = [one for one in plain if one and not rules.drop.fullmatch(one)]
    if not kept:
        return _Reading(0, "low", (), None, says_nothing=True)
    rank, trust = next(
        (rank, trust) for rank, trust, pattern in rules.topics if pattern.fullmatch(kept[0])
    )
    topics: dict[Axis, tuple[tuple[Axis, str], ...]] = {}
    for segment in kept:
        # The coarsest level that speaks of an axis names it: deeper ones are details of it.
        for axis, names in _spoken(segment).items():
            topics.setdefault(axis, names)
    flat = tuple(topic for names in topics.values() for topic in names)
    return _Reading(rank, trust, flat, None, says_nothing=False)


def _spoken(segment: str) -> dict[Axis, tuple[tuple[Axis, str], ...]]:
    """Topics that the words of one level name, by axis; a longer phrase wins over its parts."""
    table = _topics_by_words()
    words = re.findall(r"[a-z]+", segment.replace("&", " and "))
    # "HeartSounds" and "GastroIntestinal" were folded before; a joined word is matched whole only.
    found: dict[Axis, dict[tuple[Axis, str], None]] = {}
    at = 0
    longest = _longest_phrase()
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            topics = table.get(tuple(words[at : at + length]))
            if topics:
                for topic in topics:
                    found.setdefault(topic[0], {})[topic] = None
                at += length
                break
        else:
            at += 1
    return {axis: tuple(names) for axis, names in found.items()}


# From a topic to the areas of one exam.


@lru_cache(maxsize=10_000)
def _areas(
    topics: tuple[tuple[Axis, str], ...], exam_id: ExamId, on: date
) -> tuple[tuple[Axis, tuple[str, ...]], ...]:
    by_axis: dict[Axis, dict[str, None]] = {}
    for axis, topic in topics:
        if axis == "system":
            share_axis = facts.exam(exam_id).share_axis
            area = _crosswalk(exam_id).get(topic)
            if area:
                by_axis.setdefault(share_axis, {})[area] = None
            continue
        legal = _blueprint_names(exam_id, axis, on)
        area = next((name for name in topic.split(";") if name in legal), None)
        if area:
            by_axis.setdefault(axis, {})[area] = None
    return tuple((axis, tuple(names)) for axis, names in by_axis.items())


@cache
def _crosswalk(exam_id: ExamId) -> dict[str, str]:
    column = "comlex" if exam_id.startswith("comlex") else exam_id
    return {row["heading"]: row[column] for row in facts.table("category_mapping") if row[column]}


@cache
def _blueprint_names(exam_id: ExamId, axis: Axis, on: date) -> frozenset[str]:
    try:
        return frozenset(category.name for category in facts.blueprint(exam_id, axis, on))
    except FactError:  # the exam has no such axis
        return frozenset()


def _axis_of(area: str, exam_id: ExamId, on: date) -> Axis:
    axes: tuple[Axis, ...] = ("system", "clinical-presentation", "discipline", "task")
    for axis in axes:
        if area in _blueprint_names(exam_id, axis, on):
            return axis
    raise ValueError(
        f"settled area {area!r} is no category of {exam_id} on {on} (blueprint). Choose one of"
        f" {', '.join(sorted(_blueprint_names(exam_id, facts.exam(exam_id).share_axis, on)))}."
    )


def _settled(label: str, settled: Mapping[str, str] | None) -> str | None:
    """The longest settled beginning of a label, level by level."""
    if not settled:
        return None
    levels = label.split(LEVEL)
    for end in range(len(levels), 0, -1):
        area = settled.get(LEVEL.join(levels[:end]))
        if area is not None:
            return area
    return None


def _open_labels(tags: Sequence[str], deck: str) -> list[tuple[str, Literal["tag", "deck"]]]:
    """Labels by which the learner could settle a card: its tags with a topic to tell, its deck."""
    labels: list[tuple[str, Literal["tag", "deck"]]] = [
        (tag, "tag") for tag in tags if not _read(tag).says_nothing
    ]
    return [*labels, (deck, "deck")]
