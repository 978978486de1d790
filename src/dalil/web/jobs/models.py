"""A piece of long work: who asked for it, how far it is, what came of it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from django.db import models

RUNNING, DONE, REFUSED, STOPPED = "running", "done", "refused", "stopped"
# A worker says every few seconds that it lives; one that is silent for so long has died.
SILENT = timedelta(seconds=30)


class Job(models.Model):
    """One piece of work. ``said`` is a key of the room's words, ``values`` what goes into it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=RUNNING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    said = models.CharField(max_length=80, default="")
    values = models.JSONField(default=dict)
    address = models.CharField(max_length=500, default="")
    refusal = models.CharField(max_length=40, default="")
    started_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The last one first."""

        ordering = ("-started_at",)

    def __str__(self) -> str:
        """Return kind and id."""
        return f"{self.kind} {self.id}"

    @property
    def state_now(self) -> str:
        """The state; a running one whose worker is silent has stopped."""
        silent = datetime.now(UTC) - self.beat_at > SILENT
        return STOPPED if self.state == RUNNING and silent else str(self.state)
