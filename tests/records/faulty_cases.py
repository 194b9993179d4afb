"""Five hundred case files with one fault each, of a known kind at a known key.

``faulty_cases()`` takes sound cases (the examples and the three of ``tests/cases``) and changes one
thing in each, with a seed. It is used in process here and through the shell by the command line's
tests.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bounceback.records.case_file import data_of
from bounceback.records.examples import examples
from bounceback.records.serialization import table_lines
from bounceback.records.validation_report import below

Data = dict[str, Any]
Told = tuple[str, str]
"""Key of the fault, and words its message must hold."""


@dataclass(frozen=True, slots=True)
class FaultyCase:
    """A case file with one fault.

    Attributes:
        name: Number and kind of the fault.
        content: The bytes of the file.
        suffix: ``.toml`` or ``.json``.
        key: Where the fault is; empty for the file as a whole.
        says: Words that the message must hold.
    """

    name: str
    content: bytes
    suffix: str
    key: str
    says: str


class NotHere(Exception):
    """This mutation does not fit this case; another case is tried."""


def _entry(rng: random.Random, data: Data, section: str) -> tuple[str, Data]:
    entries = data.get(section)
    if not entries:
        raise NotHere
    i = rng.randrange(len(entries))
    return f"{section}[{i}]", entries[i]


def _with(rng: random.Random, data: Data, section: str, key: str) -> tuple[str, Data]:
    entries = [(i, e) for i, e in enumerate(data.get(section, [])) if key in e]
    if not entries:
        raise NotHere
    i, entry = rng.choice(entries)
    return f"{section}[{i}]", entry


def _set(section: str, key: str, *values: Any, says: str = "") -> Callable[..., Told]:
    """Put one of some wrong values at a key of a random entry."""

    def change(rng: random.Random, data: Data) -> Told:
        if section in ("learner", "exam", "availability"):
            if section not in data:
                raise NotHere
            at, entry = section, data[section]
        else:
            at, entry = _entry(rng, data, section)
        entry[key] = rng.choice(values)
        return f"{at}.{key}", says

    change.__name__ = f"{section}.{key}_wrong"
    return change


def _drop(section: str, key: str) -> Callable[..., Told]:
    def change(rng: random.Random, data: Data) -> Told:
        if section in ("learner", "exam", "availability"):
            at, entry = section, data.get(section, {})
        else:
            at, entry = _entry(rng, data, section)
        if key not in entry:
            raise NotHere
        del entry[key]
        return f"{at}.{key}", "missing"

    change.__name__ = f"{section}.{key}_missing"
    return change


def _misspell(word: str, rng: random.Random) -> str:
    i = rng.randrange(1, len(word))
    return word[:i] + word[i - 1] + word[i:]


def misspelled_section(rng: random.Random, data: Data) -> Told:
    section = rng.choice([s for s in data if s not in ("schema", "learner", "exam")] or [""])
    if not section:
        raise NotHere
    wrong = _misspell(section, rng)
    data[wrong] = data.pop(section)
    return wrong, f"Did you mean {section}?"


def misspelled_key(rng: random.Random, data: Data) -> Told:
    at, entry = _entry(rng, data, rng.choice(["attempts", "forms", "blocks", "resources"]))
    optional = [k for k in entry if k in ("score", "minutes", "profile", "units", "timed", "areas")]
    if not optional:
        raise NotHere
    key = rng.choice(optional)
    wrong = _misspell(key, rng)
    entry[wrong] = entry.pop(key)
    return f"{at}.{wrong}", f"Did you mean {key}?"


def three_digit_score(rng: random.Random, data: Data) -> Told:
    for i, form in enumerate(data.get("forms", [])):
        if form["family"] == "nbme-cbssa":
            form["score"] = rng.randrange(120, 280)
            return f"forms[{i}].score", "looks like a three-digit score"
    raise NotHere


def score_off_the_scale(rng: random.Random, data: Data) -> Told:
    at, form = _with(rng, data, "forms", "score")
    if form["family"] in ("nbme-cbssa", "free-120", "school"):
        raise NotHere
    form["score"] = 5 if form["family"] == "comsae" else rng.randrange(301, 900)
    return f"{at}.score", " to "


def fraction_for_a_score(rng: random.Random, data: Data) -> Told:
    at, form = _with(rng, data, "forms", "score")
    if form["family"] not in ("nbme-cbssa", "free-120", "school"):
        raise NotHere
    form["score"] = rng.choice([0.41, 0.57, 0.63])
    return f"{at}.score", f"Write {form['score'] * 100:.0f}."


def family_of_another_exam(rng: random.Random, data: Data) -> Told:
    at, form = _entry(rng, data, rng.choice(["forms", "ledger"]))
    usmle = data["exam"]["id"].startswith("usmle")
    form["family"] = (
        "comsae" if usmle else rng.choice(["nbme-cbssa", "nbme-ccssa", "uwsa", "free-120"])
    )
    form.pop("areas", None)
    form.pop("scale", None)
    return f"{at}.family", "a practice test for"


def unknown_family(rng: random.Random, data: Data) -> Told:
    at, form = _entry(rng, data, rng.choice(["forms", "ledger"]))
    form["family"] = _misspell(form["family"], rng)
    return f"{at}.family", "Write" if form["family"] != "school" else ""


def area_of_an_old_blueprint(rng: random.Random, data: Data) -> Told:
    area = "Hematopoietic & Lymphoreticular Systems"
    data.setdefault("misses", []).append({"date": date(2026, 11, 1), "cause": "slip", "area": area})
    return f"misses[{len(data['misses']) - 1}].area", " | "


def unknown_area(rng: random.Random, data: Data) -> Told:
    section = rng.choice(["misses", "study", "plan", "forms", "blocks", "attempts"])
    at, entry = _entry(rng, data, section)
    wrong = rng.choice(["Astrology", "Step 1", "Reading maps", "x"])
    if section in ("misses", "study", "plan"):
        entry["area"] = wrong
        return f"{at}.area", " | "
    name, value = ("profile", "lower") if section == "attempts" else ("areas", {"percent": 50})
    entry[name] = {wrong: value}
    return below(f"{at}.{name}", wrong), wrong


def score_where_the_board_gives_none(rng: random.Random, data: Data) -> Told:
    for i, attempt in enumerate(data.get("attempts", [])):
        new = attempt["date"] >= date(2022, 6, 1)
        if new and attempt["exam"] in ("usmle-step-1", "comlex-level-1"):
            attempt["score"] = rng.randrange(150, 400)
            return f"attempts[{i}].score", "reports no number"
    raise NotHere


def board_score_off_its_scale(rng: random.Random, data: Data) -> Told:
    at, attempt = _with(rng, data, "attempts", "score")
    attempt["score"] = rng.choice([5, 2]) if "comlex" in attempt["exam"] else 301
    return f"{at}.score", "points of"


def attempts_out_of_order(rng: random.Random, data: Data) -> Told:
    attempts = data.get("attempts", [])
    if len(attempts) < 2:
        raise NotHere
    attempts[-1]["date"] = attempts[-2]["date"] - timedelta(days=rng.randrange(1, 300))
    attempts[-1].pop("profile", None)
    attempts[-1].pop("score", None)
    return f"attempts[{len(attempts) - 1}].date", "oldest first"


def distance_on_a_pass(rng: random.Random, data: Data) -> Told:
    passes = [i for i, a in enumerate(data.get("attempts", [])) if a["outcome"] == "pass"]
    if not passes:
        raise NotHere
    i = rng.choice(passes)
    data["attempts"][i]["distance_below_pass"] = "near"
    return f"attempts[{i}].distance_below_pass", "outcome pass"


def percentage_for_a_probability(rng: random.Random, data: Data) -> Told:
    percent = rng.randrange(2, 100)
    if rng.random() < 0.5:
        data["exam"]["target_p_pass"] = percent
        return "exam.target_p_pass", f"Write {percent / 100:.6g}."
    at, form = _entry(rng, data, "forms")
    form["printed_p_pass"] = percent
    return f"{at}.printed_p_pass", f"Write {percent / 100:.6g}."


def more_correct_than_items(rng: random.Random, data: Data) -> Told:
    at, block = _entry(rng, data, "blocks")
    block["correct"] = block["items"] + rng.randrange(1, 9)
    return f"{at}.correct", "correct of"


def more_correct_than_items_in_an_area(rng: random.Random, data: Data) -> Told:
    section = rng.choice(["forms", "blocks"])
    at, entry = _with(rng, data, section, "areas")
    name = rng.choice(list(entry["areas"]))
    entry["areas"][name] = {"correct": 12, "items": 11}
    return below(f"{at}.areas", name) + ".correct", "12 correct of 11"


def area_without_result(rng: random.Random, data: Data) -> Told:
    at, entry = _with(rng, data, rng.choice(["forms", "blocks"]), "areas")
    name = rng.choice(list(entry["areas"]))
    entry["areas"][name] = {"items": 11}
    return below(f"{at}.areas", name), "no result"


def eligibility_reversed(rng: random.Random, data: Data) -> Told:
    window = data["exam"].get("eligibility")
    if not window:
        raise NotHere
    window["first"], window["last"] = window["last"], window["first"]
    return "exam.eligibility.last", "before the first day"


def _windows(rng: random.Random, data: Data, day: str, *windows: Any) -> str:
    if "availability" not in data:
        raise NotHere
    data["availability"].setdefault("windows", {})[day] = list(windows)
    return f"availability.windows.{day}[{len(windows) - 1}]"


def windows_overlapping(rng: random.Random, data: Data) -> Told:
    day = rng.choice(["mon", "thu", "sun"])
    return _windows(rng, data, day, "08:00-12:00", "11:30-13:00"), "overlaps"


def window_malformed(rng: random.Random, data: Data) -> Told:
    wrong = rng.choice(
        ["8-12", "08:00", "12:00-08:00", "08:00-24:00", "08:00-12:60", "", 8, "8am-12pm", True]
    )
    return _windows(rng, data, "tue", wrong), "08:00-12:00"


def commitment_wrong(rng: random.Random, data: Data) -> Told:
    if "availability" not in data:
        raise NotHere
    key, value = rng.choice(
        [
            ("minutes", 0),
            ("minutes", 1441),
            ("minutes", -60),
            ("start", "1 pm"),
            ("start", time(13, 0, 30)),
            ("date", date(1899, 1, 1)),
        ]
    )
    entry = {"date": date(2026, 12, 1), "start": time(13), "minutes": 60, key: value}
    data["availability"]["commitments"] = [entry]
    return f"availability.commitments[0].{key}", ""


def weekday_wrong(rng: random.Random, data: Data) -> Told:
    if "availability" not in data:
        raise NotHere
    minutes = data["availability"]["minutes"]
    wrong, right = rng.choice([("monday", "mon"), ("tues", "tue"), ("sund", "sun"), ("fr", "fri")])
    minutes[wrong] = minutes.pop(right)
    return f"availability.minutes.{wrong}", f"Did you mean {right}?"


def minutes_of_a_day_wrong(rng: random.Random, data: Data) -> Told:
    if "availability" not in data:
        raise NotHere
    data["availability"]["minutes"]["wed"] = rng.choice([1441, -1, 90.5, True, "480", 10**30])
    return "availability.minutes.wed", ""


def item_text_pasted(rng: random.Random, data: Data) -> Told:
    vignette = "A 54-year-old man comes to the physician because of shortness of breath. " * 6
    key = rng.choice(["rule", "item"])
    data.setdefault("misses", []).append(
        {"date": date(2026, 11, 1), "cause": "misread", key: vignette}
    )
    return f"misses[{len(data['misses']) - 1}].{key}", "item text belongs to its publisher"


def entry_twice(rng: random.Random, data: Data) -> Told:
    section, key = rng.choice(
        [("ledger", "form"), ("resources", "name"), ("plan", "id"), ("forms", "date")]
    )
    _, entry = _entry(rng, data, section)
    data[section].append(copy.deepcopy(entry))
    return f"{section}[{len(data[section]) - 1}].{key}", "once"


def session_id_twice(rng: random.Random, data: Data) -> Told:
    session = {"id": "a", "date": date(2026, 12, 1), "minutes": 60}
    data["plan"] = [session, {**session, "date": date(2026, 12, 2)}]
    return "plan[1].id", "as in plan[0]"


def done_beyond_units(rng: random.Random, data: Data) -> Told:
    at, resource = _with(rng, data, "resources", "units")
    resource["done"] = resource["units"] + rng.randrange(1, 500)
    return f"{at}.done", "done of"


def checkin_wrong(rng: random.Random, data: Data) -> Told:
    key, value = rng.choice(
        [("phq2", 7), ("phq2", -1), ("phq2", 2.5), ("sleep_hours", 25), ("sleep_hours", -1)]
    )
    data["checkins"] = [{"date": date(2026, 11, 1), key: value}]
    return f"checkins[0].{key}", " to "


def appraisal_wrong(rng: random.Random, data: Data) -> Told:
    key, value, says = rng.choice(
        [
            ("effort", {"answer": 6}, "1 to 5"),
            ("help", {"answer": 0}, "1 to 5"),
            ("cards", {"note": "none"}, "missing"),
        ]
    )
    data["appraisal"] = {key: value}
    return f"appraisal.{key}.answer", says


def appraisal_question_unknown(rng: random.Random, data: Data) -> Told:
    data["appraisal"] = {"time_line": {"answer": 2}}
    return "appraisal.time_line", "Did you mean timeline?"


def trace_wrong(rng: random.Random, data: Data) -> Told:
    at, block = _entry(rng, data, "blocks")
    second = rng.choice([1, block["items"] + 1])
    block["trace"] = [{"position": 1}, {"position": second}]
    return f"{at}.trace[1].position", "once"


def weight_unknown(rng: random.Random, data: Data) -> Told:
    data["decision"] = {"weights": {"delay_weak": 1}}
    return "decision.weights.delay_weak", "Did you mean delay_week?"


def clearance_unknown(rng: random.Random, data: Data) -> Told:
    data["exam"]["clearance"] = rng.choice(["hogwarts", "vcom-level-9"])
    return "exam.clearance", " | "


def school_form_without_scale(rng: random.Random, data: Data) -> Told:
    data.setdefault("forms", []).append(
        {"family": "school", "form": "mock", "date": date(2026, 11, 2), "score": 60}
    )
    return f"forms[{len(data['forms']) - 1}].scale", "percent | reported"


def list_for_a_table(rng: random.Random, data: Data) -> Told:
    section = rng.choice(["learner", "exam"])
    data[section] = [data[section]]
    return section, f"[{section}]"


def table_for_a_list(rng: random.Random, data: Data) -> Told:
    section = rng.choice([s for s in ("forms", "attempts", "ledger") if data.get(s)])
    data[section] = data[section][0]
    return section, f"[[{section}]]"


def section_missing(rng: random.Random, data: Data) -> Told:
    section = rng.choice(["learner", "exam", "schema"])
    del data[section]
    return section, "missing"


def schema_wrong(rng: random.Random, data: Data) -> Told:
    data["schema"] = rng.choice([2, 99, 0, -1, "1", True, 1.5])
    return "schema", "schema 1"


DAYS_WRONG = (
    "2026-02-30",
    "11/15/2026",
    "15.11.2026",
    "20261115",
    "2026-11",
    "yesterday",
    "",
    20261115,
    True,
    datetime(2026, 11, 15, 8, 0),  # noqa: DTZ001
    date(202, 11, 15),
    ["2026-11-15"],
    {"year": 2026},
)

MUTATIONS: tuple[Callable[[random.Random, Data], Told], ...] = (
    misspelled_section,
    misspelled_key,
    three_digit_score,
    score_off_the_scale,
    fraction_for_a_score,
    family_of_another_exam,
    unknown_family,
    area_of_an_old_blueprint,
    unknown_area,
    score_where_the_board_gives_none,
    board_score_off_its_scale,
    attempts_out_of_order,
    distance_on_a_pass,
    percentage_for_a_probability,
    more_correct_than_items,
    more_correct_than_items_in_an_area,
    area_without_result,
    eligibility_reversed,
    windows_overlapping,
    window_malformed,
    commitment_wrong,
    weekday_wrong,
    minutes_of_a_day_wrong,
    item_text_pasted,
    entry_twice,
    session_id_twice,
    done_beyond_units,
    checkin_wrong,
    appraisal_wrong,
    appraisal_question_unknown,
    trace_wrong,
    weight_unknown,
    clearance_unknown,
    school_form_without_scale,
    list_for_a_table,
    table_for_a_list,
    section_missing,
    schema_wrong,
    _drop("learner", "group"),
    _drop("learner", "time_zone"),
    _drop("exam", "id"),
    _drop("attempts", "outcome"),
    _drop("forms", "form"),
    _drop("blocks", "items"),
    _drop("resources", "name"),
    _drop("availability", "minutes"),
    _set("learner", "group", "md", "US-MD", 1, says="us-md | us-do"),
    _set("learner", "time_zone", "America/New_Yrok", "EST5", "../etc/passwd", "", 5, "America"),
    _set("learner", "state", "New York", "ZZ", 36),
    _set("learner", "country", "USA", "UK", 1),
    _set("learner", "degree_year", 28, "2028", 2028.5),
    _set("learner", "reason", "", 7, "x" * 2001),
    _set("learner", "specialties", "Family Medicine", 1, {}),
    _set("exam", "id", "step 1", "usmle-step1", "usmle-step-2", 1, says="usmle-step-1 | "),
    _set("exam", "planned_date", *DAYS_WRONG, says="YYYY-MM-DD"),
    _set("exam", "target_p_pass", float("nan"), float("inf"), -0.1, 101, True, "0.9", "high"),
    _set("exam", "accommodations", "yes", True, says="none | asked | granted"),
    _set("attempts", "date", *DAYS_WRONG, says="YYYY-MM-DD"),
    _set("attempts", "outcome", "failed", "FAIL", False, says="fail | pass | incomplete"),
    _set("attempts", "distance_below_pass", "nearly", 3, says="near | moderate | far"),
    _set("attempts", "hours_per_day", 25, -1, "9", True),
    _set("attempts", "profile", "lower", ["lower"], 3),
    _set("forms", "date", *DAYS_WRONG, says="YYYY-MM-DD"),
    _set("forms", "form", 31, "", " ", "x" * 41),
    _set("forms", "score", "58", True, float("nan"), float("-inf"), [58], -3, 10**400),
    _set("forms", "timed", "yes", 1, "true", says="true | false"),
    _set("forms", "predicted", "60", -1, float("nan")),
    _set("blocks", "items", 0, -4, 40.5, "40", True, 0x1 << 4000),
    _set("blocks", "minutes", 0, -60, 1441, "60", float("inf")),
    _set("blocks", "mode", "test", 1, says="timed | tutor"),
    _set("misses", "cause", "forgot", "not learned", says="not-learned | "),
    _set("misses", "confidence", 0, 5, 2.5, "3", says="1 to 4"),
    _set("misses", "date", *DAYS_WRONG, says="YYYY-MM-DD"),
    _set("study", "minutes", -1, 1441, "90", True, float("nan")),
    _set("study", "activity", "podcast", "question", says="questions | review"),
    _set("availability", "max_minutes_per_day", 601, 720, 1440, -1, says="600"),
    _set("availability", "days_off", "2026-12-25", 25),
    _set("availability", "windows", "08:00-12:00", ["08:00-12:00"]),
    _set("resources", "kind", "podcast", "question", says="questions | cards | video | book"),
    _set("resources", "minutes_per_unit", 0, -3, "3", 601),
    _set("resources", "units", -1, 3.5, "3600"),
)


def _bad_toml(rng: random.Random, text: str) -> bytes:
    lines = text.splitlines()
    i = rng.randrange(len(lines))
    broken = rng.choice(['score = "58', "= 58", "[learner", "x = 2026-13-01", "a b = 1", "x = nul"])
    return "\n".join([*lines[:i], broken, *lines[i:]]).encode()


def _other_encoding(rng: random.Random, text: str) -> bytes:
    return (text + "# né à Zürich\n").encode(rng.choice(["latin-1", "utf-16", "utf-32", "cp1252"]))


def _cut_json(rng: random.Random, text: str) -> bytes:
    return text[: rng.randrange(1, len(text) - 3)].encode()


def as_toml(data: Data) -> str:
    """Return data as TOML, whatever a mutation made of it."""
    first, sections = [], []
    for name, content in data.items():
        if isinstance(content, dict):
            sections += table_lines(name, content, repeated=False)
        elif isinstance(content, list) and content and isinstance(content[0], dict):
            for entry in content:
                sections += table_lines(name, entry, repeated=True)
        else:
            first += table_lines("", {name: content}, repeated=False)[1:]
    return "\n".join([*first, *sections]) + "\n"


def as_json(data: Data) -> str:
    """Return data as JSON; days and times as ISO 8601 text."""
    return json.dumps(data, default=lambda moment: moment.isoformat(), ensure_ascii=False)


def sound_cases() -> dict[str, str]:
    """Return the text of every sound case by name."""
    folder = Path(__file__).parents[1] / "cases"
    own = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))}
    return {**examples(), **own}


def faulty_cases(count: int = 500, seed: int = 2026) -> tuple[FaultyCase, ...]:
    """Return ``count`` faulty case files; each kind of fault comes equally often.

    Args:
        count: How many.
        seed: Same seed, same files.
    """
    rng = random.Random(seed)
    texts = sound_cases()
    whole = (_bad_toml, _other_encoding, _cut_json)
    made = []
    for i in range(count):
        kind = i % (len(MUTATIONS) + len(whole))
        if kind >= len(MUTATIONS):
            broken = whole[kind - len(MUTATIONS)]
            text = texts[rng.choice(sorted(texts))]
            if broken is _cut_json:
                text = as_json(data_of(text))
            content = broken(rng, text)
            suffix = ".json" if broken is _cut_json else ".toml"
            made.append(FaultyCase(f"{i:03} {broken.__name__}", content, suffix, "", ""))
            continue
        mutation = MUTATIONS[kind]
        for name in rng.sample(sorted(texts), len(texts)):
            data = data_of(texts[name])
            try:
                key, says = mutation(rng, data)
            except NotHere:
                continue
            in_json = rng.random() < 0.3
            content = (as_json(data) if in_json else as_toml(data)).encode()
            suffix = ".json" if in_json else ".toml"
            made.append(
                FaultyCase(f"{i:03} {mutation.__name__} {name}", content, suffix, key, says)
            )
            break
        else:
            raise AssertionError(f"{mutation.__name__} fits no case")
    return tuple(made)
