# ruff: noqa: E501  (a report's line stays one line)
"""Generated score reports and lists of practice tests, each with the values that stand in it.

Written from how NBME, UWorld, AMBOSS, NBOME and schools set their reports and how students list
their tests: families, labels, orders, comparison values, other days, several tests, sentences. It
knows nothing of the reader. Every text holds numbers that are not the learner's total.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

ON = date(2026, 11, 30)
SYSTEMS = (
    "Cardiovascular System",
    "Gastrointestinal System",
    "Reproductive & Endocrine Systems",
    "Respiratory & Renal/Urinary Systems",
    "Blood & Lymphoreticular/Immune Systems",
)


@dataclass
class Truth:
    """What one test of a text is."""

    family: str
    form: str | None = None
    score: float | None = None
    date: str | None = None
    printed: float | None = None
    areas: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass
class Layout:
    """A text and what stands in it."""

    text: str
    exam: str
    tests: list[Truth]
    sort: str


def day_words(day: date, rng: random.Random) -> str:
    months = "January February March April May June July August September October November December"
    name = months.split()[day.month - 1]
    return rng.choice(
        [
            f"{name} {day.day}, {day.year}",
            f"{name[:3]} {day.day}, {day.year}",
            f"{day.day} {name[:3]} {day.year}",
            day.isoformat(),
            f"{day.month}/{day.day}/{day.year}",
            f"{day.month:02}/{day.day:02}/{day.year % 100:02}",
        ]
    )


def some_day(rng: random.Random) -> date:
    return ON - timedelta(days=rng.randint(3, 120))


def label_value(label: str, value: str, rng: random.Random, *, stack: float = 0.2) -> list[str]:
    """A label with its value, in one line or below it."""
    if rng.random() < stack:
        return [label, value]
    return [f"{label}{rng.choice([': ', ' ', ': ', ' - ', ' = ', ':'])}{value}"]


def other_days(taken: date, rng: random.Random, exam_word: str) -> list[list[str]]:
    before = taken - timedelta(days=rng.randint(2, 40))
    after = min(ON, taken + timedelta(days=rng.randint(1, 5)))
    ahead = ON + timedelta(days=rng.randint(10, 60))
    choices = [
        f"Purchase date: {day_words(before, rng)}",
        f"Purchased on {day_words(before, rng)}",
        f"Report printed: {day_words(after, rng)}",
        f"Printed on {day_words(after, rng)}",
        f"Registration date: {day_words(before, rng)}",
        f"Order date {day_words(before, rng)}",
        f"Access expires: {day_words(ahead, rng)}",
        f"Planned {exam_word} date: {day_words(ahead, rng)}",
        f"Report generated {day_words(after, rng)}",
        f"Date of birth: {day_words(date(1998, 3, rng.randint(1, 28)), rng)}",
        f"Last assessment: {day_words(before, rng)}",
    ]
    return [[one] for one in rng.sample(choices, rng.randint(0, 3))]


def day_lines(taken: date, rng: random.Random) -> list[str]:
    label = rng.choice(
        ["Test date", "Test Date", "Date completed", "Completed on", "Date taken", "Taken",
         "Administered", "Completed", "Assessment date", "Date"]
    )  # fmt: skip
    separator = rng.choice([": ", " ", ": "])
    return [f"{label}{separator}{day_words(taken, rng)}"]


def percent(rng: random.Random, low: int = 35, high: int = 90) -> int:
    return rng.randint(low, high)


def areas_of(rng: random.Random, truth: Truth) -> list[list[str]]:
    if rng.random() < 0.5:
        return []
    style = rng.choice(["percent", "count", "both", "two", "weight"])
    lines: list[str] = []
    if style == "two":
        lines.append("System    Your %    Average %")
    else:
        lines.append(rng.choice(["Performance by system", "Content area results", "Systems"]))
    for system in rng.sample(SYSTEMS, rng.randint(2, 5)):
        items = rng.randint(12, 30)
        right = rng.randint(4, items)
        share = percent(rng)
        if style == "percent":
            lines.append(f"{system} {share}%")
            truth.areas[system] = {"percent": share}
        elif style == "count":
            lines.append(f"{system} {right}/{items}")
            truth.areas[system] = {"correct": right, "items": items}
        elif style == "both":
            lines.append(f"{system}: {right} of {items} ({round(100 * right / items)}%)")
            truth.areas[system] = {"correct": right, "items": items}
        elif style == "two":
            lines.append(f"{system}    {share}%    {percent(rng)}%")
            truth.areas[system] = {"percent": share}
        else:
            lines.append(f"{system} ({rng.randint(5, 9)}-{rng.randint(10, 14)}%) {share}%")
            truth.areas[system] = {"percent": share}
    return [lines]


def joined(title: list[str], groups: list[list[str]], rng: random.Random) -> str:
    """The title and the groups of lines in a random order, some with blank lines between."""
    rng.shuffle(groups)
    blank = rng.random() < 0.4
    out = list(title)
    for group in groups:
        if blank:
            out.append("")
        out.extend(group)
    return "\n".join(out)


# --- families -----------------------------------------------------------------------------------


def nbme_basic(rng: random.Random) -> Layout:
    family = rng.choice(["nbme-cbssa", "nbme-cbssa", "nbme-cbse"])
    form = str(rng.randint(26, 33)) if family == "nbme-cbssa" else None
    score = percent(rng)
    taken = some_day(rng)
    truth = Truth(family, form, score, taken.isoformat())
    if family == "nbme-cbssa":
        title = rng.choice(
            [
                ["NBME\u00ae Self-Assessment Services", f"Comprehensive Basic Science Self-Assessment Form {form}"],
                [f"Comprehensive Basic Science Self-Assessment (CBSSA) \u2013 Form {form}"],
                [f"CBSSA Form {form}"],
                [f"NBME {form}"],
                ["CBSSA", f"Form: {form}"],
                ["Comprehensive Basic Science Self-Assessment", f"Form {form}", "Performance Report"],
            ]
        )  # fmt: skip
    else:
        title = rng.choice(
            [["NBME Comprehensive Basic Science Examination (CBSE)"], ["CBSE score report"],
             ["Comprehensive Basic Science Examination", "School: State University"]]
        )  # fmt: skip
    label = rng.choice(
        ["Equated Percent Correct Score", "Equated Percent Correct", "Total Equated Percent Correct",
         "Your equated percent correct score", "EPC score", "TOTAL EQUATED PERCENT CORRECT SCORE",
         "Your EPC", "Assessment Score", "Your score", "Score"]
    )  # fmt: skip
    value = rng.choice([f"{score}%", f"{score}%", f"{score} %"])
    groups = [label_value(label, value, rng)]
    if rng.random() < 0.3:
        groups[0] = [f"Your equated percent correct score is {score}%."]
    groups.append(day_lines(taken, rng))
    if rng.random() < 0.6:
        truth.printed = percent(rng, 2, 98) / 100
        words = rng.choice(
            ["Estimated probability of passing Step 1 if you test within one week",
             "Probability of passing", "Estimated Probability of Passing Step 1 within 1 week",
             "Your estimated chance of passing"]
        )  # fmt: skip
        groups.append(label_value(words, f"{round(100 * truth.printed)}%", rng))
    groups += rng.sample(
        [
            [f"Likely score range: {score - 4}% - {score + 4}%"],
            ["Step 1 Low-Pass Range 62-68%"],
            [f"National average: {percent(rng)}%"],
            [f"Comparison group mean EPC {percent(rng)}%"],
            [f"Mean score of US/Canadian examinees: {percent(rng)}%"],
            [f"Previous assessment score: {percent(rng)}%"],
            [f"Your last score: {percent(rng)}%"],
            ["Comparison Group", f"Percent correct {percent(rng)}%"],
            [f"Passing score: {rng.randint(60, 66)}%"],
            [f"Block 1 percent correct: {percent(rng)}%", f"Block 2 percent correct: {percent(rng)}%"],
            [f"You answered {rng.randint(80, 180)} of 200 items correctly"],
            [f"Percentile rank: {rng.randint(1, 99)}"],
            [f"Examinee ID {rng.randint(100000, 999999)}"],
            [f"Pass rate of first takers {percent(rng, 80, 97)}%"],
            [f"Average probability of passing {percent(rng)}%"],
            [f"Time per item: {rng.randint(50, 99)} seconds"],
        ],
        rng.randint(1, 6),
    )  # fmt: skip
    groups += other_days(taken, rng, "Step 1") + areas_of(rng, truth)
    return Layout(joined(title, groups, rng), "usmle-step-1", [truth], "nbme-basic")


def nbme_clinical(rng: random.Random) -> Layout:
    form = str(rng.randint(9, 16))
    score = rng.randint(180, 275)
    taken = some_day(rng)
    truth = Truth("nbme-ccssa", form, score, taken.isoformat())
    title = rng.choice(
        [
            [f"Comprehensive Clinical Science Self-Assessment Form {form}"],
            ["Comprehensive Clinical Science Self-Assessment (CCSSA)", f"Form {form}"],
            [f"CCSSA Form {form}", "Score Report"],
            [f"NBME {form}"],
        ]
    )
    label = rng.choice(["Assessment Score", "Total Score", "Your total score", "Your score",
                        "Overall score", "Three-digit score"])  # fmt: skip
    groups = [label_value(label, str(score), rng), day_lines(taken, rng)]
    if rng.random() < 0.5:
        truth.printed = percent(rng, 5, 99) / 100
        groups.append(label_value("Estimated probability of passing Step 2 CK within one week",
                                  f"{round(100 * truth.printed)}%", rng))  # fmt: skip
    groups += rng.sample(
        [
            [f"Likely score range: {score - 8} - {score + 8}"],
            ["Passing standard 218"],
            [f"Mean score of recent takers: {rng.randint(235, 250)}"],
            [f"Mean {rng.randint(235, 250)}, SD 15"],
            [f"Previous score: {rng.randint(190, 260)}"],
            [f"National average {rng.randint(235, 250)}"],
            [f"Percent correct: {percent(rng)}%"],
            [f"Your goal: {rng.randint(240, 270)}"],
            [f"Percentile: {rng.randint(2, 98)}"],
            [f"Correct: {rng.randint(90, 180)} / 200"],
            ["Scores range from 1 to 300"],
        ],
        rng.randint(1, 5),
    )
    groups += other_days(taken, rng, "Step 2 CK")
    return Layout(joined(title, groups, rng), "usmle-step-2-ck", [truth], "nbme-clinical")


def uworld(rng: random.Random) -> Layout:
    exam = rng.choice(["usmle-step-1", "usmle-step-2-ck", "usmle-step-3"])
    form = str(rng.randint(1, 2))
    score = rng.randint(170, 275)
    taken = some_day(rng)
    truth = Truth("uwsa", form, score, taken.isoformat())
    title = rng.choice([[f"UWorld Self-Assessment {form}"], [f"UWSA {form}"], [f"UWSA{form}"],
                        [f"UWorld Self Assessment {form}", "Performance summary"]])  # fmt: skip
    label = rng.choice(["Predicted score", "Your score", "3-digit score", "Estimated score",
                        "Your 3-digit score", "Total score", "Predicted Step 1 score"
                        if exam == "usmle-step-1" else "Predicted score"])  # fmt: skip
    value = rng.choice([str(score), str(score), f"{score} \u00b1 8"])
    groups = [label_value(label, value, rng), day_lines(taken, rng)]
    groups += rng.sample(
        [
            [f"Your percentile rank: {rng.randint(2, 97)}th"],
            [f"Average score: {rng.randint(215, 250)}"],
            [f"Overall percent correct {percent(rng)}%"],
            [f"Total correct {rng.randint(70, 140)}", f"Total incorrect {rng.randint(20, 60)}"],
            ["Predicted likelihood of passing: High"],
            [f"Block 1: {percent(rng)}%", f"Block 2: {percent(rng)}%"],
            [f"Others' average: {percent(rng)}%"],
            [f"Your score on UWSA 3: {rng.randint(170, 270)}"] if form == "9" else ["SEM \u00b1 8"],
            [f"Passing score: {rng.choice([196, 214, 218, 198])}"],
            [f"Median {rng.randint(215, 250)}"],
            [f"Average time spent: {rng.randint(55, 90)} sec"],
        ],
        rng.randint(1, 5),
    )
    groups += other_days(taken, rng, "exam")
    return Layout(joined(title, groups, rng), exam, [truth], "uworld")


def free_120(rng: random.Random) -> Layout:
    right = [rng.randint(18, 39) for _ in range(3)]
    total = sum(right)
    taken = some_day(rng)
    score = 100 * total / 120
    truth = Truth("free-120", None, score, taken.isoformat())
    title = rng.choice([["Step 1 Free 120"], ["USMLE Sample Test Questions"], ["Free 120"],
                        ["USMLE sample questions (Free 120)"]])  # fmt: skip
    total_words = rng.choice(
        [
            f"Total: {total}/120 ({round(score)}%)",
            f"Total {total} of 120 correct",
            f"Overall percent correct: {round(score)}%",
            f"Overall: {total}/120 = {round(score)}%",
            f"Correct: {total} of 120",
            f"You got {total}/120 ({round(score)}%)",
            f"Overall {round(score)}%",
            f"Percent correct {round(score)}%",
            f"Score: {total}",  # a count without its whole: not known to be a percentage
        ]
    )
    if total_words == f"Score: {total}":
        truth.score = score
    words = rng.choice(["Block", "Section", "Part"])
    style = rng.choice(["count", "percent", "both", "none"])
    blocks = []
    for number, part in enumerate(right, 1):
        share = round(100 * part / 40)
        if style == "count":
            blocks.append(f"{words} {number}: {part}/40")
        elif style == "percent":
            blocks.append(f"{words} {number} percent correct {share}%")
        elif style == "both":
            blocks.append(f"{words} {number}: {part}/40 correct ({share}%)")
    groups = [[total_words], day_lines(taken, rng)] + ([blocks] if blocks else [])
    groups += rng.sample(
        [
            [f"Average {percent(rng)}%"],
            [f"Last time: {percent(rng)}%"],
            [f"Time used: {rng.randint(100, 180)} minutes"],
            [f"Flagged: {rng.randint(3, 30)}"],
            [f"Goal: {percent(rng)}%"],
            [f"Incorrect: {120 - total}"],
        ],
        rng.randint(0, 3),
    )
    return Layout(joined(title, groups, rng), "usmle-step-1", [truth], "free-120")


def amboss(rng: random.Random) -> Layout:
    score = rng.randint(185, 275)
    taken = some_day(rng)
    truth = Truth("amboss-sa", None, score, taken.isoformat())
    right = rng.randint(70, 145)
    groups = [
        label_value(rng.choice(["Predicted score", "Predicted Step 2 score", "Your predicted score",
                                "Estimated score", "Your score"]), str(score), rng),
        day_lines(taken, rng),
        *rng.sample(
            [
                [f"Correct answers: {right}/160 ({round(100 * right / 160)}%)"],
                [f"Average user score: {rng.randint(225, 250)}"],
                [f"Percentile: {rng.randint(3, 99)}"],
                [f"Prediction interval: {score - 12} - {score + 12}"],
                [f"Section 1: {percent(rng)}%", f"Section 2: {percent(rng)}%"],
                [f"Users' average percent correct {percent(rng)}%"],
                [f"Previous self-assessment: {rng.randint(190, 250)}"],
            ],
            rng.randint(1, 4),
        ),
    ]  # fmt: skip
    groups += other_days(taken, rng, "exam")
    title = rng.choice([["AMBOSS Self-Assessment"], ["AMBOSS SA", "Step 2 CK"]])
    return Layout(joined(title, groups, rng), "usmle-step-2-ck", [truth], "amboss")


def comsae(rng: random.Random) -> Layout:
    letter = rng.choice("ABCDE")
    score = rng.randint(280, 700)
    taken = some_day(rng)
    truth = Truth("comsae", letter, score, taken.isoformat())
    title = rng.choice([["NBOME COMSAE Phase 1", f"Form {letter}"], [f"COMSAE Phase 1 Form {letter}"],
                        ["COMSAE Phase 1", f"Form: {letter}"]])  # fmt: skip
    groups = [
        label_value(rng.choice(["Total Score", "Score", "Your score", "Your total score"]), str(score), rng),
        day_lines(taken, rng),
        *rng.sample(
            [
                ["COMSAE Phase 1 mean: 500"],
                [f"National mean {rng.randint(450, 560)}"],
                ["Minimum passing score for Level 1: 400"],
                [f"Last COMSAE score: {rng.randint(300, 600)}"],
                [f"Percent correct: {percent(rng)}%"],
                ["Scores below 400 indicate risk"],
                [f"Standard deviation {rng.randint(80, 120)}"],
            ],
            rng.randint(1, 4),
        ),
    ]  # fmt: skip
    groups += other_days(taken, rng, "Level 1")
    return Layout(joined(title, groups, rng), "comlex-level-1", [truth], "comsae")


def school(rng: random.Random) -> Layout:
    items = rng.choice([100, 125, 150, 180])
    right = rng.randint(items // 3, items)
    score = 100 * right / items
    taken = some_day(rng)
    truth = Truth("school", None, score, taken.isoformat())
    total = rng.choice([f"Total correct: {right}/{items}", f"Overall: {right} of {items} ({round(score)}%)",
                        f"Overall percent correct: {round(score)}%", f"Total score: {round(score)}%"])  # fmt: skip
    groups = [[total], day_lines(taken, rng), [f"Class average: {percent(rng)}%"]]
    groups += rng.sample([[f"Highest score {percent(rng, 85, 99)}%"], [f"Rank {rng.randint(1, 90)} of 180"],
                          [f"Quiz 1: {rng.randint(5, 20)}/20"], [f"Median {percent(rng)}%"],
                          [f"Passing: {percent(rng, 60, 70)}%"]], rng.randint(0, 3))  # fmt: skip
    title = [rng.choice(["School practice exam", "School comprehensive exam"])]
    return Layout(joined(title, groups, rng), "usmle-step-1", [truth], "school")


# --- several tests, sentences -------------------------------------------------------------------


def one_of_list(
    rng: random.Random, exam: str, used: set[tuple[str, str | None]]
) -> tuple[str, str, Truth]:
    """Name, value, truth of one test of a list."""
    while True:
        kind = rng.choice(["nbme", "nbme", "uwsa", "free"])
        if kind == "nbme" and exam == "usmle-step-1":
            form, score = str(rng.randint(25, 33)), percent(rng)
            made = (rng.choice([f"NBME {form}", f"CBSSA {form}", f"NBME Form {form}"]), f"{score}%",
                    Truth("nbme-cbssa", form, score))  # fmt: skip
        elif kind == "nbme":
            form, score = str(rng.randint(9, 16)), rng.randint(190, 270)
            made = (f"NBME {form}", f"{score}", Truth("nbme-ccssa", form, score))
        elif kind == "uwsa":
            form, score = str(rng.randint(1, 3)), rng.randint(180, 270)
            made = (
                rng.choice([f"UWSA {form}", f"UWSA{form}"]),
                f"{score}",
                Truth("uwsa", form, score),
            )
        else:
            score = percent(rng)
            made = ("Free 120", f"{score}%", Truth("free-120", None, score))
        key = (made[2].family, made[2].form)
        if key not in used:
            used.add(key)
            return made


def test_list(rng: random.Random) -> Layout:
    exam = rng.choice(["usmle-step-1", "usmle-step-2-ck"])
    used: set[tuple[str, str | None]] = set()
    tests = [one_of_list(rng, exam, used) for _ in range(rng.randint(2, 6))]
    style = rng.choice(["lines", "lines", "inline", "table", "dated", "sentence", "noisy"])
    truths = [truth for _, _, truth in tests]
    if style == "lines":
        mark = rng.choice([": ", " - ", " = ", " ", "\t", " \u2192 ", " ("])
        end = ")" if mark == " (" else ""
        text = "\n".join(f"{name}{mark}{value}{end}" for name, value, _ in tests)
    elif style == "inline":
        mark = rng.choice([": ", " ", " - "])
        text = rng.choice([", ", "; ", " / ", " | "]).join(f"{n}{mark}{v}" for n, v, _ in tests)
        text += rng.choice(["", ", failed", ", exam in 3 weeks", ". Took it 12/3, got 194"])
    elif style == "table":
        mark = rng.choice(["\t", ",", " | ", "    "])
        rows = [
            mark.join(["Test", "Date", "Score", rng.choice(["Average", "Passing score", "Notes"])])
        ]
        for name, value, truth in tests:
            day = some_day(rng)
            truth.date = day.isoformat()
            rows.append(mark.join([name, day.isoformat(), value, f"{rng.randint(50, 80)}"]))
        text = "\n".join(rows)
    elif style == "dated":
        rows = []
        for name, value, truth in tests:
            day = some_day(rng)
            truth.date = day.isoformat()
            said = f"{day.month}/{day.day}/{day.year}"
            rows.append(
                rng.choice(
                    [
                        f"{said} {name} {value}",
                        f"{name} ({said}): {value}",
                        f"{name} {value} {said}",
                    ]
                )
            )
        text = "\n".join(rows)
    elif style == "sentence":
        parts = [rng.choice([f"{v} on {n}", f"{v} on {n}"]) for n, v, _ in tests]
        text = f"I got {', '.join(parts[:-1])} and {parts[-1]}. My exam is in 4 weeks."
    else:
        rows = []
        for name, value, truth in tests:
            kind = rng.choice(["average", "weeks", "words", "chance"])
            if kind == "average":
                rows.append(f"{name}: {value} (average {percent(rng)}%)")
            elif kind == "weeks":
                rows.append(f"{name}: {value}, 3 weeks out")
            elif kind == "words":
                rows.append(f"{name} - {value} - felt bad")
            else:
                chance = rng.randint(60, 99)
                truth.printed = chance / 100
                rows.append(f"{name}: {value} ({chance}% chance of passing)")
        text = "My scores so far\n" + "\n".join(rows) + "\nGoal: 70%"
    return Layout(text, exam, truths, f"list-{style}")


def sentence(rng: random.Random) -> Layout:
    form = str(rng.randint(26, 33))
    score, other, chance = percent(rng), percent(rng), percent(rng, 5, 95)
    truth = Truth("nbme-cbssa", form, score)
    shapes: Sequence[Callable[[], str]] = (
        lambda: f"On NBME {form} I scored {score}%.",
        lambda: f"I got {score}% on NBME {form}.",
        lambda: f"I took CBSSA Form {form} and got {score}%. My last one was {other}%.",
        lambda: f"NBME {form}: {score}%. The average is {other}%.",
        lambda: (
            f"Comprehensive Basic Science Self-Assessment Form {form}. Your equated percent correct "
            f"score is {score}%. The mean of the comparison group was {other}%."
        ),
        lambda: f"My NBME {form} score was {score}%, up from {other}%.",
        lambda: f"NBME {form} {score}% ({other}% average)",
        lambda: f"Scored {score}% on NBME {form}, needed {other}%.",
        lambda: f"The average on NBME {form} was {other}% and I got {score}%.",
        lambda: f"NBME {form}: I missed {other} questions and got {score}%.",
    )
    text = rng.choice(shapes)()
    if rng.random() < 0.3:
        text += f" Your estimated probability of passing is {chance}%."
        truth.printed = chance / 100
    return Layout(text, "usmle-step-1", [truth], "sentence")


FAMILIES: Sequence[Callable[[random.Random], Layout]] = (
    nbme_basic, nbme_basic, nbme_clinical, uworld, free_120, amboss, comsae, school, test_list,
    test_list, sentence,
)  # fmt: skip


def layouts(number: int, seed: int) -> list[Layout]:
    """Return so many layouts."""
    rng = random.Random(seed)
    return [rng.choice(FAMILIES)(rng) for _ in range(number)]


# --- comparing ----------------------------------------------------------------------------------


@dataclass
class Tally:
    """Values that were taken, by whether they are right, and those that were there."""

    taken: int = 0
    wrong: list[tuple[str, str, Any, Any, str]] = field(default_factory=list)
    high: int = 0
    high_wrong: int = 0
    there: int = 0
    scores_there: int = 0
    scores_taken: int = 0

    def count(self, name: str, value: Any, wanted: Any, sure: str, layout: Layout) -> None:
        same = wanted is not None and (
            abs(value - wanted) <= 0.51 if isinstance(wanted, float | int) else value == wanted
        )
        self.taken += 1
        self.high += sure == "high"
        if not same:
            self.wrong.append((layout.sort, name, value, wanted, layout.text))
            self.high_wrong += sure == "high"


def compare(layout: Layout, reading: Any, tally: Tally) -> None:
    """Add to a tally what was read of a layout."""
    tally.scores_there += sum(one.score is not None for one in layout.tests)
    open_tests = list(layout.tests)
    for draft in reading.tests:
        fields = draft.fields
        family = fields["family"].value if "family" in fields else None
        form = fields["form"].value if "form" in fields else None
        match = next((t for t in open_tests if (t.family, t.form) == (family, form)), None)
        match = match or next((t for t in open_tests if t.family == family), None)
        if match is None:
            tally.count("family", family or "", None, "medium", layout)
            continue
        open_tests.remove(match)
        wanted = {"family": match.family, "form": match.form, "score": match.score,
                  "date": match.date, "printed_p_pass": match.printed}  # fmt: skip
        for name, found in fields.items():
            value: Any = found.value
            if name == "printed_p_pass" and match.printed is not None:
                value = match.printed if abs(found.value - match.printed) < 0.001 else "other"
            tally.count(name, value, wanted[name], found.sure, layout)
        tally.scores_taken += "score" in fields
        for area, found in draft.areas.items():
            tally.count(f"area {area}", tuple(sorted(found.value.items())),
                        tuple(sorted(match.areas.get(area, {}).items())), found.sure, layout)  # fmt: skip
