"""Hand-written learners: one record each, with the finding that comes first and what it changes.

All of them failed a sitting on 20 September 2026 and are looked at on 22 November 2026. Each
differs from a steady learner in one habit or one circumstance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from bounceback.records.models import (
    AppraisalAnswer,
    AreaResult,
    Attempt,
    Availability,
    Block,
    Checkin,
    ClockWindow,
    Commitment,
    ExamTarget,
    Form,
    ItemTrace,
    Learner,
    LedgerForm,
    Miss,
    PlannedSession,
    Record,
    Resource,
    Study,
)

SITTING = date(2026, 9, 20)
TODAY = date(2026, 11, 22)
SINCE = date(2026, 10, 26)
BEFORE = date(2026, 7, 13)

AREAS = (
    "Reproductive & Endocrine Systems",
    "Respiratory & Renal/Urinary Systems",
    "Behavioral Health & Nervous Systems/Special Senses",
    "Blood & Lymphoreticular/Immune Systems",
    "Multisystem Processes & Disorders",
    "Musculoskeletal, Skin & Subcutaneous Tissue",
    "Cardiovascular System",
    "Gastrointestinal System",
    "Social Sciences: Communication & Interpersonal Skills",
    "Biostatistics & Epidemiology/Population Health",
    "Human Development",
)
WEAK = AREAS[:4]
STRONG = AREAS[4:8]


@dataclass(frozen=True)
class Expected:
    """What a record is written to show."""

    name: str
    record: Record
    dimension: str
    parameter: str
    value: float
    part: str = ""
    answers: Mapping[str, AppraisalAnswer] = field(default_factory=dict)


def weekdays(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    return [d for d in days if d.weekday() != 6]


def studied(
    first: date,
    last: date,
    mix: Sequence[tuple[str, float]] = (("questions", 240), ("cards", 45), ("reading", 75)),
    areas: Sequence[str] = AREAS,
) -> tuple[Study, ...]:
    """The same mix of minutes on each day but Sunday, areas in turn."""
    return tuple(
        Study(date=day, minutes=minutes, activity=activity, area=areas[(i + j) % len(areas)])  # type: ignore[arg-type]
        for i, day in enumerate(weekdays(first, last))
        for j, (activity, minutes) in enumerate(mix)
    )


def form(day: date, score: float, label: str = "31", **more: object) -> Form:
    return Form(family="nbme-cbssa", form=label, date=day, score=score, **more)  # type: ignore[arg-type]


def weak_in_four() -> dict[str, AreaResult]:
    """Areas of one form: the first four at 9 of 20, the rest at 14 of 20."""
    return {a: AreaResult(correct=9 if a in WEAK else 14, items=20) for a in AREAS[:8]}


def steady(exam: str = "usmle-step-1") -> Record:
    """A learner in whose record nothing stands out."""
    return Record(
        learner=Learner(group="us-md", time_zone="America/New_York", country="US"),
        exam=ExamTarget(id=exam, planned_date=date(2027, 2, 10)),  # type: ignore[arg-type]
        attempts=(
            Attempt(exam=exam, date=SITTING, outcome="fail", distance_below_pass="near"),  # type: ignore[arg-type]
        ),
        forms=(form(date(2026, 11, 14), 63, areas=weak_in_four()),),
        study=studied(SINCE, TODAY),
        availability=Availability(
            minutes=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), 420)  # type: ignore[arg-type]
        ),
        resources=(
            Resource(name="UWorld", kind="questions", units=3600, done=3000, minutes_per_unit=3.0),
            Resource(name="AnKing", kind="cards", units=9000, done=4000, minutes_per_unit=0.2),
        ),
        ledger=(LedgerForm(family="nbme-cbssa", form="32"),),
    )


def misses(
    n: int, cause: Callable[[int], str] = lambda i: "not-learned", **more: object
) -> tuple[Miss, ...]:
    days = weekdays(SINCE, TODAY)
    return tuple(
        Miss(date=days[i % len(days)], cause=cause(i), **more)  # type: ignore[arg-type]
        for i in range(n)
    )


def over_worker() -> Record:
    blocks = [
        Block(date=d, bank="uworld", items=40, correct=correct, minutes=60)
        for d in weekdays(date(2026, 11, 2), date(2026, 11, 7))
        for correct in (26, 24, 18)
    ]
    return replace(
        steady(),
        study=studied(SINCE, TODAY, (("questions", 420), ("cards", 90), ("review", 210))),
        blocks=tuple(blocks),
    )


def avoider() -> Record:
    """The official report calls four areas lower; the weeks went to four others."""
    record = steady()
    sitting = replace(record.attempts[0], profile=dict.fromkeys(WEAK, "lower"))  # type: ignore[arg-type]
    return replace(
        record,
        attempts=(sitting,),
        study=studied(SINCE, TODAY, areas=STRONG),
        forms=(form(date(2026, 11, 14), 63),),
    )


def collector() -> Record:
    names = ("First book", "Pathology videos", "Sketches", "AnKing", "Second deck", "Notes")
    extra = tuple(Resource(name=n, kind="video", units=200, done=40) for n in names)
    bank = Resource(name="UWorld", kind="questions", units=3600, done=1200)
    second = Resource(name="Second bank", kind="questions", units=2500, done=700)
    return replace(steady(), resources=(*extra, bank, second))


def card_treadmill() -> Record:
    return replace(steady(), study=studied(SINCE, TODAY, (("cards", 220), ("questions", 140))))


def rusher() -> Record:
    record = steady()
    return replace(
        record,
        exam=replace(record.exam, planned_date=date(2026, 12, 5)),
        forms=(
            form(date(2026, 10, 31), 54, "29"),
            form(date(2026, 11, 14), 55, "30", areas=weak_in_four()),
        ),
    )


def sleepless() -> Record:
    """Nights are short, and the windows for study are the late evenings."""
    nights = tuple(
        Checkin(date=d, sleep_hours=5.2, contact="adviser") for d in weekdays(SINCE, TODAY)
    )
    days = ("mon", "tue", "wed", "thu", "fri", "sat")
    late = (ClockWindow(start=_at(17), end=time(23, 30)),)
    evenings = Availability(
        minutes=dict.fromkeys(days, 360),  # type: ignore[arg-type]
        windows=dict.fromkeys(days, late),  # type: ignore[arg-type]
    )
    return replace(steady(), checkins=nights, availability=evenings)


def life_load() -> Record:
    shifts = tuple(
        Commitment(date=d, start=_at(13), minutes=240, what="work")
        for d in weekdays(TODAY, TODAY + timedelta(days=27))
    )
    free = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), 330)
    return replace(
        steady(),
        availability=Availability(minutes=free, commitments=shifts),  # type: ignore[arg-type]
    )


def second_language() -> Record:
    blocks = tuple(
        Block(date=d, bank="uworld", items=40, correct=correct, minutes=60, mode=mode)
        for d in weekdays(date(2026, 11, 2), date(2026, 11, 7))
        for mode, correct in (("timed", 18), ("tutor", 29))
    )
    record = steady()
    return replace(record, learner=replace(record.learner, group="non-us-img"), blocks=blocks)


def same_plan_again() -> Record:
    again = studied(BEFORE, SITTING - timedelta(days=1)) + studied(SINCE, TODAY)
    forms = (
        form(date(2026, 8, 1), 58, "28"),
        form(date(2026, 9, 12), 60, "29"),
        form(date(2026, 11, 14), 63, "30", areas=weak_in_four()),
    )
    return replace(steady(), study=again, forms=forms)


def too_little_data() -> Record:
    record = steady()
    return replace(record, forms=(), study=())


def words_against_record() -> Record:
    return replace(
        avoider(),
        appraisal={"weaknesses": AppraisalAnswer(answer=5, note="I always began with the worst.")},
    )


def passive_reader() -> Record:
    record = steady()
    videos = Resource(name="Videos", kind="video", units=300, done=60, minutes_per_unit=40.0)
    return replace(
        record,
        study=studied(SINCE, TODAY, (("video", 180), ("reading", 90), ("questions", 90))),
        resources=(*record.resources, videos),
    )


def misinformed() -> Record:
    days = weekdays(SINCE, TODAY)
    again = tuple(
        Miss(
            date=days[i % 12 + 12 * (turn > 0)],
            cause="misconception",
            item=f"uworld:{i}",
            chosen="B" if turn == 0 or i % 5 else "C",
            area=AREAS[i % 4],
        )
        for turn in (0, 1)
        for i in range(20)
    )
    # Far more is fresh than a day can hold: what is prescribed is a number a day.
    bank, cards = steady().resources
    return replace(steady(), misses=again, resources=(replace(bank, done=600), cards))


def overconfident() -> Record:
    return replace(
        steady(),
        forms=(
            form(date(2026, 10, 31), 61, "29", predicted=76),
            form(date(2026, 11, 14), 63, "30", predicted=79, areas=weak_in_four()),
        ),
    )


def slow_finisher() -> Record:
    def block(day: date) -> Block:
        trace = tuple(
            ItemTrace(
                position=p,
                seconds=80,
                correct=(p % 4 != 0) if p <= 15 else (p % 3 == 0),
                first="A",
                chosen="A",
            )
            for p in range(1, 21)
        )
        return Block(
            date=day,
            bank="uworld",
            items=20,
            correct=sum(bool(i.correct) for i in trace),
            minutes=30,
            trace=trace,
        )

    return replace(
        steady(), blocks=tuple(block(d) for d in weekdays(date(2026, 11, 2), date(2026, 11, 18)))
    )


def hurried_reader() -> Record:
    """Half of the misses took under 40 of the 90 seconds that the exam gives a question."""
    some = misses(48, lambda i: "misread")
    return replace(
        steady(),
        misses=tuple(replace(m, seconds=35 if i % 2 else 85) for i, m in enumerate(some)),
    )


def slow_reader() -> Record:
    """Half of the misses took more than two minutes."""
    some = misses(48, lambda i: "narrowed-wrong")
    return replace(
        steady(),
        misses=tuple(replace(m, seconds=170 if i % 2 else 85) for i, m in enumerate(some)),
    )


def low_mood() -> Record:
    return replace(card_treadmill(), checkins=(Checkin(date=date(2026, 11, 20), phq2=4),))


def anxious_on_the_day() -> Record:
    record = steady("usmle-step-2-ck")
    sitting = Attempt(exam="usmle-step-2-ck", date=SITTING, outcome="fail", score=203)
    practice = (
        Form(family="nbme-ccssa", form="13", date=date(2026, 9, 10), score=229),
        Form(family="nbme-ccssa", form="14", date=date(2026, 9, 15), score=231),
        Form(family="nbme-ccssa", form="15", date=date(2026, 11, 14), score=230),
    )
    return replace(
        record,
        attempts=(sitting,),
        forms=practice,
        study=tuple(replace(s, area=None) for s in record.study),
    )


def foundation_gap() -> Record:
    return replace(steady(), forms=(form(date(2026, 11, 14), 43),))


def alone() -> Record:
    quiet = tuple(Checkin(date=SINCE + timedelta(days=k), sleep_hours=7.8) for k in range(28))
    free = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), 240)
    return replace(steady(), checkins=quiet, availability=Availability(minutes=free))  # type: ignore[arg-type]


def dodger() -> Record:
    record = steady()
    return replace(
        record,
        forms=(form(date(2026, 9, 28), 60, areas=weak_in_four()),),
        ledger=tuple(
            LedgerForm(family="nbme-cbssa", form=str(n)) for n in (26, 27, 28, 29, 30, 31, 32)
        ),
    )


def sugar_coater() -> Record:
    return replace(
        steady(),
        forms=(
            form(date(2026, 10, 31), 66, "29", timed=False),
            form(date(2026, 11, 14), 64, "30", repeat=True, areas=weak_in_four()),
        ),
    )


def unfair_exam() -> Record:
    return replace(
        too_little_data(),
        forms=(form(date(2026, 11, 14), 63),),
        appraisal={
            "help": AppraisalAnswer(answer=4),
            "cards": AppraisalAnswer(answer=1, note="The exam was unfair, nobody could know."),
        },
    )


def remembers_more_hours() -> Record:
    record = replace(
        steady(),
        study=studied(BEFORE, SITTING - timedelta(days=1), (("questions", 150), ("cards", 60))),
    )
    sitting = replace(record.attempts[0], hours_per_day=8.0)
    return replace(record, attempts=(sitting,), forms=(form(date(2026, 11, 14), 63),))


def plan_too_large() -> Record:
    plan = tuple(
        PlannedSession(
            id=f"{d}-{k}", date=d, start=None, minutes=90, activity="questions", done_minutes=25
        )
        for d in weekdays(date(2026, 11, 9), TODAY)
        for k in range(3)
    )
    return replace(card_treadmill(), plan=plan)


def _at(hour: int) -> time:
    return time(hour)


def everyone() -> list[Expected]:
    return [
        Expected("over-worker", over_worker(), "effort", "hours_cap", 6, "hours"),
        Expected("avoider", avoider(), "weaknesses", "weak_topic_floor_share", 0.6, "time"),
        Expected("collector", collector(), "resources", "resource_freeze", 1),
        Expected("card treadmill", card_treadmill(), "cards", "new_cards_per_day", 0, "use"),
        Expected("rusher", rusher(), "timeline", "forms_extra", 1, "ahead"),
        Expected("sleepless", sleepless(), "sleep", "latest_hour", 21),
        Expected("life load", life_load(), "life-load", "rotation_day_minutes", 240),
        Expected("second language", second_language(), "reading", "start_questions_per_day", 20),
        Expected("same plan again", same_plan_again(), "same-plan", "forms_extra", 1),
        Expected("too little data", too_little_data(), "assessment", "forms_extra", 1, "baseline"),
        Expected(
            "words against record",
            words_against_record(),
            "weaknesses",
            "weak_topic_floor_share",
            0.6,
            "time",
        ),
        Expected("passive reader", passive_reader(), "active-passive", "retrieval_share_min", 0.75),
        Expected("misinformed", misinformed(), "misconceptions", "start_questions_per_day", 30),
        Expected("overconfident", overconfident(), "calibration", "forms_extra", 1),
        Expected("slow finisher", slow_finisher(), "pacing", "session_minutes", 90),
        Expected("hurried reader", hurried_reader(), "pacing", "start_questions_per_day", 20),
        Expected("slow reader", slow_reader(), "pacing", "session_minutes", 90),
        Expected("low mood", low_mood(), "mood", "hours_cap", 4),
        Expected("anxious on the day", anxious_on_the_day(), "anxiety", "forms_extra", 1),
        Expected("foundation gap", foundation_gap(), "foundation", "weak_topic_floor_share", 0.6),
        Expected("alone", alone(), "help", "buffer_share", 0.12, "asked"),
        Expected("dodger", dodger(), "assessment", "form_spacing_days", 7, "used"),
        Expected("sugar-coater", sugar_coater(), "assessment", "forms_extra", 1, "conditions"),
        Expected("unfair exam", unfair_exam(), "cards", "new_cards_per_day", 0, "use"),
        Expected(
            "remembers more hours", remembers_more_hours(), "effort", "session_minutes", 25, "hours"
        ),
        Expected("plan too large", plan_too_large(), "cards", "new_cards_per_day", 0, "use"),
    ]
