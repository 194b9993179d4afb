"""Review sessions that survive a stop of the server, and imports that run on in the background.

Cards and answers are in the collection's own file (``bounceback.local_storage.card_collection``).
"""

from __future__ import annotations

from django.db import models

from bounceback_web import clock
from bounceback_web.jobs.models import Job
from bounceback_web.records.models import LearnerRecord


class ReviewSession(models.Model):
    """What is left of the review session in progress. It can be rebuilt from the collection."""

    record = models.OneToOneField(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    follows = models.JSONField()
    queue = models.JSONField()
    later = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    actions = models.JSONField(default=list)


class Import(models.Model):
    """One deck on its way in."""

    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    name = models.CharField(max_length=200)
    bytes = models.PositiveBigIntegerField()
    state = models.CharField(max_length=20, default="waiting")
    process = models.PositiveIntegerField(null=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    said = models.JSONField(default=list)

    class Meta:
        ordering = ("-pk",)
