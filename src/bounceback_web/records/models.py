"""Tables: one for the record with what it holds once, one for each section that holds entries.

Columns carry the names and units of ``bounceback.record.values``; no rule stands here. Maps by
area, questions of a block and the like are JSON inside their entry. ``entries.py`` turns rows into
values and back.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bounceback_web import clock


class LearnerRecord(models.Model):
    """One learner's record: what it holds once, its version, and how its owner likes the pages."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="record"
    )
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=clock.now)
    is_example = models.BooleanField(default=False)

    # learner
    group = models.CharField(max_length=20)
    time_zone = models.CharField(max_length=80)
    state = models.CharField(max_length=2, null=True)
    country = models.CharField(max_length=2, null=True)
    degree_year = models.PositiveSmallIntegerField(null=True)
    apply_year = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(null=True)
    specialties = models.JSONField(default=list)
    # exam
    exam = models.CharField(max_length=40)
    eligible_first = models.DateField(null=True)
    eligible_last = models.DateField(null=True)
    planned_date = models.DateField(null=True)
    date_stands = models.BooleanField(default=False)
    working_date = models.DateField(null=True)
    deadlines = models.JSONField(default=list)
    target_p_pass = models.FloatField(null=True)
    clearance = models.TextField(null=True)
    accommodations = models.CharField(max_length=20, null=True)
    # availability, the seven questions, decision
    availability = models.JSONField(null=True)
    appraisal = models.JSONField(default=dict)
    weights = models.JSONField(default=dict)
    pact_rule = models.TextField(null=True)
    pact_date = models.DateField(null=True)

    last_change = models.TextField(default="")

    # how the pages are liked; not part of the record
    shows_numbers = models.BooleanField(default=True)
    time_as = models.CharField(max_length=10, default="parts")
    day_level = models.CharField(max_length=20, default="good")
    day_level_on = models.DateField(null=True)
    reminder_at = models.TimeField(null=True)


class Entry(models.Model):
    """One entry of a section; ``position`` is its place in the section."""

    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ("position",)


class Attempt(Entry):
    """An attempt at the real exam."""

    exam = models.CharField(max_length=40)
    date = models.DateField()
    outcome = models.CharField(max_length=20)
    result_read = models.DateField(null=True)
    score = models.FloatField(null=True)
    distance_below_pass = models.CharField(max_length=20, null=True)
    hours_per_day = models.FloatField(null=True)
    profile = models.JSONField(default=dict)


class Form(Entry):
    """A practice test taken."""

    family = models.CharField(max_length=40)
    form = models.CharField(max_length=40)
    date = models.DateField()
    score = models.FloatField(null=True)
    scale = models.CharField(max_length=20, null=True)
    printed_p_pass = models.FloatField(null=True)
    predicted = models.FloatField(null=True)
    timed = models.BooleanField(default=True)
    interrupted = models.BooleanField(default=False)
    repeat = models.BooleanField(default=False)
    areas = models.JSONField(default=dict)


class Block(Entry):
    """A set of bank questions done together."""

    date = models.DateField()
    bank = models.TextField()
    items = models.PositiveIntegerField()
    correct = models.PositiveIntegerField()
    minutes = models.FloatField(null=True)
    mode = models.CharField(max_length=20)
    first_pass = models.BooleanField(default=True)
    areas = models.JSONField(default=dict)
    trace = models.JSONField(default=list)


class Miss(Entry):
    """A wrong or guessed question with its cause."""

    date = models.DateField()
    cause = models.CharField(max_length=20)
    area = models.TextField(null=True)
    chosen = models.TextField(null=True)
    confidence = models.PositiveSmallIntegerField(null=True)
    seconds = models.FloatField(null=True)
    item = models.TextField(null=True)
    rule = models.TextField(null=True)


class Look(Entry):
    """One look at a rule that a miss left."""

    date = models.DateField()
    rule = models.TextField()
    recalled = models.BooleanField()


class StudyDone(Entry):
    """Minutes that were spent, on what."""

    date = models.DateField()
    minutes = models.FloatField()
    activity = models.CharField(max_length=20)
    area = models.TextField(null=True)


class Checkin(Entry):
    """Private: sleep, a short mood screen, a human contact."""

    date = models.DateField()
    sleep_hours = models.FloatField(null=True)
    phq2 = models.PositiveSmallIntegerField(null=True)
    contact = models.TextField(null=True)


class Resource(Entry):
    """Something the learner studies from."""

    name = models.TextField()
    kind = models.CharField(max_length=20)
    catalogue = models.TextField(null=True)
    strand = models.CharField(max_length=20, null=True)
    left_by_area = models.JSONField(default=dict)
    units = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    minutes_per_unit = models.FloatField(null=True)
    due_per_day = models.FloatField(null=True)


class OwnedForm(Entry):
    """A practice form that the learner owns and has not used."""

    family = models.CharField(max_length=40)
    form = models.CharField(max_length=40)


class PlanSession(Entry):
    """A session of the plan as the learner last fixed or ticked it; ``session`` is its id."""

    session = models.CharField(max_length=80)
    date = models.DateField()
    start = models.TimeField(null=True)
    minutes = models.PositiveIntegerField()
    activity = models.CharField(max_length=20, null=True)
    area = models.TextField(null=True)
    resource = models.TextField(null=True)
    kind = models.CharField(max_length=20)
    form = models.TextField(null=True)
    units = models.PositiveIntegerField(null=True)
    mode = models.CharField(max_length=20, null=True)
    filter = models.TextField(null=True)
    areas = models.JSONField(default=list)
    first_pass = models.BooleanField(null=True)
    of = models.TextField(null=True)
    steps = models.JSONField(default=list)
    why = models.TextField(null=True)
    done_minutes = models.PositiveIntegerField(null=True)
    locked = models.BooleanField(default=False)


class Grant(Entry):
    """Permission for one person to see parts of the record until a day."""

    to = models.TextField()
    scopes = models.JSONField(default=list)
    may = models.CharField(max_length=20)
    purpose = models.TextField()
    first_day = models.DateField(null=True)
    until = models.DateField()


class Meeting(Entry):
    """A meeting with the adviser."""

    date = models.DateField()
    with_whom = models.TextField()
    agreed = models.TextField()


class Change(models.Model):
    """One change of a record, never altered: what was taken out and what was put in, where."""

    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    day = models.DateField()
    words = models.TextField()
    hunks = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "version"], name="one_change_a_version")
        ]
        ordering = ("version",)


class Shown(models.Model):
    """What a learner was shown on a day: forecasts to be scored later, and the plan."""

    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    version = models.PositiveIntegerField()
    model_version = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=clock.now)
    test_date = models.DateField()
    forecasts = models.JSONField()
    sessions = models.JSONField()
    ledger = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "day", "version", "model_version"], name="shown_once"
            )
        ]


class Submission(models.Model):
    """A form that was received: sent twice, it acts once."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)
    led_to = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="one_effect_a_submission")
        ]


class Timer(models.Model):
    """The session that is under way, started at a moment; it survives reload and sleep."""

    record = models.OneToOneField(LearnerRecord, on_delete=models.CASCADE, related_name="timer")
    session = models.CharField(max_length=80)
    started_at = models.DateTimeField()


class QuitNote(models.Model):
    """Why a session stopped, in one word."""

    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    day = models.DateField()
    session = models.CharField(max_length=80)
    reason = models.CharField(max_length=40)
