"""The secret address of a learner's calendar, and which events calendar programs were given."""

from __future__ import annotations

from django.db import models

from bounceback_web import clock
from bounceback_web.records.models import LearnerRecord


class CalendarAddress(models.Model):
    """An address that a calendar program may look at until it is taken back.

    Of the secret in the address only its digest is stored.
    """

    record = models.OneToOneField(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    plain = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)


class CalendarMemory(models.Model):
    """Which events a learner's calendar files held, so that the next file can say what changed."""

    record = models.OneToOneField(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    entries = models.JSONField(default=dict)
