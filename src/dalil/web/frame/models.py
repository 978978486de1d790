"""What the frame keeps in the desk's own database: texts being typed, and forms already sent."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """What somebody was typing, until they send it or throw it away; never evidence."""

    person_id = models.CharField(max_length=64)
    key = models.CharField(max_length=300)
    text = models.TextField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One text for each place."""

        constraints = (models.UniqueConstraint(fields=["person_id", "key"], name="one_draft"),)

    def __str__(self) -> str:
        """Return the place only."""
        return self.key


class Sent(models.Model):
    """A form that was sent: its token, and where the answer is (empty: still being done)."""

    token = models.CharField(max_length=64, primary_key=True)
    person_id = models.CharField(max_length=64)
    answer = models.CharField(max_length=2000, default="")
    sent_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Return the token."""
        return self.token
