"""Phones that were paired, and the one code that pairs the next; of secrets their digests alone."""

from __future__ import annotations

from django.db import models

from bounceback_web import clock


class Device(models.Model):
    """A phone or tablet that may open the pages over the home network until it is removed."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)


class PairingCode(models.Model):
    """A code that pairs one device, once, for a few minutes and a few tries."""

    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)
    failures = models.PositiveSmallIntegerField(default=0)
