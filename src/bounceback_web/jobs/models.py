"""The queue of long work: one row a job."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bounceback_web import clock


class Job(models.Model):
    """One piece of long work, from its request to the file it made.

    ``state`` is ``waiting``, ``running``, ``done``, ``failed``, ``cancelled`` or ``stopped`` (the
    process ended before the work did). ``note`` holds lines for the page. A job without an owner
    belongs to the one owner of this machine.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, default="", db_index=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=20, default="waiting", db_index=True)
    progress = models.FloatField(default=0.0)
    note = models.JSONField(default=list)
    file_name = models.CharField(max_length=200, default="")
    content_type = models.CharField(max_length=100, default="")
    cancel = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.real_now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    @property
    def percent(self) -> int:
        """Progress in whole percent."""
        return round(100 * self.progress)
