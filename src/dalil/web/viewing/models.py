"""Looks that are open, and how long each person has looked: the person's own, no evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from django.db import models

# The player says every few seconds that it is there; one that is silent for so long has gone.
SILENT = timedelta(seconds=90)
LONGEST = timedelta(hours=12)


class Look(models.Model):
    """One look: what was asked for, what was on the screen so far. Times are time stamps (pts).

    ``seen``: stretches [pts_start, pts_end]. ``screen_ms``: how long uncovered pictures were on
    the screen; ``weighed_ms`` the same, each moment times the weight of what is described there.
    ``recipe`` is the name of its working copy. ``closed_seq`` is the act ``looked`` in the log.
    """

    id = models.CharField(primary_key=True, max_length=32)
    person_id = models.CharField(max_length=64, db_index=True)
    session_key = models.CharField(max_length=40)
    item = models.CharField(max_length=32)
    name = models.CharField(max_length=500)
    stream = models.IntegerField()
    timebase = models.CharField(max_length=24)
    pts_start = models.BigIntegerField()
    pts_end = models.BigIntegerField()
    version = models.CharField(max_length=10)
    reason = models.TextField()
    beside = models.CharField(max_length=200, default="")
    original = models.CharField(max_length=64)
    recipe = models.CharField(max_length=64)
    asked_seq = models.BigIntegerField()
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    seen = models.JSONField(default=list)
    screen_ms = models.BigIntegerField(default=0)
    weighed_ms = models.BigIntegerField(default=0)
    closed_seq = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=10, default="")

    class Meta:
        """The last one first."""

        ordering = ("-asked_at", "id")

    def __str__(self) -> str:
        """Return item and version."""
        return f"{self.item} {self.version}"

    @property
    def tick(self) -> Fraction:
        """One tick, in seconds."""
        return Fraction(self.timebase)

    @property
    def is_open(self) -> bool:
        """Whether pictures are still given out for it."""
        return self.closed_at is None and datetime.now(UTC) - self.asked_at < LONGEST

    @property
    def is_left(self) -> bool:
        """Whether nobody is there any more: its player is silent."""
        return datetime.now(UTC) - self.beat_at > SILENT


class Limit(models.Model):
    """How much a person wants to look at in a day before being asked to stop; theirs alone."""

    person_id = models.CharField(primary_key=True, max_length=64)
    minutes = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Return the minutes."""
        return str(self.minutes)
