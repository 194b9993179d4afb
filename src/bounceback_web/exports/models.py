"""The secret address of a learner's calendar; of the secret itself its digest alone is kept."""

from __future__ import annotations

from django.db import models

from bounceback_web import clock
from bounceback_web.records.models import LearnerRecord


class CalendarAddress(models.Model):
    """An address that a calendar program may look at until it is taken back."""

    record = models.OneToOneField(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    plain = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)
