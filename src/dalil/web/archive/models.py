"""What is on its way in: files in flight. Once taken in, nothing of them stays here."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import models

ID_BYTES = 16
URN = "urn:dalil:upload:"


def fresh_id() -> str:
    """Return 32 hexadecimal characters."""
    return os.urandom(ID_BYTES).hex()


class Delivery(models.Model):
    """Files that somebody brings through the browser: one accession to be.

    ``job``: the work that takes them in, once it was begun. ``accession``: what it came to.
    ``said``: what was typed of them, until an act says it.
    """

    id = models.CharField(primary_key=True, max_length=32, default=fresh_id)
    person_id = models.CharField(max_length=64, db_index=True)
    begun_at = models.DateTimeField(auto_now_add=True)
    job = models.CharField(max_length=36, default="")
    accession = models.CharField(max_length=32, default="")
    said = models.JSONField(default=dict)

    def __str__(self) -> str:
        """Return its id."""
        return str(self.id)

    @property
    def folder(self) -> Path:
        """Where its bytes lie."""
        return settings.DESK / "archive" / "uploads" / str(self.id)

    @property
    def source(self) -> str:
        """What the acts call the place that its files came from."""
        return URN + str(self.id)


class Arriving(models.Model):
    """One file in flight. How much of it is here is the length of its file, nothing else.

    ``name``: its path as the browser tells it. ``told_sha256``: of what the browser read.
    """

    id = models.CharField(primary_key=True, max_length=32, default=fresh_id)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    name = models.TextField()
    length = models.BigIntegerField()
    modified_ms = models.BigIntegerField(null=True)
    told_sha256 = models.CharField(max_length=64, default="")
    differs = models.BooleanField(default=False)
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order in which they were begun."""

        ordering = ("begun_at", "id")

    def __str__(self) -> str:
        """Return its name."""
        return str(self.name)

    @property
    def place(self) -> Path:
        """Where its bytes lie; its name is not used on the disk."""
        return self.delivery.folder / str(self.id)

    @property
    def arrived(self) -> int:
        """How many bytes are here."""
        try:
            return self.place.stat().st_size
        except FileNotFoundError:
            return 0

    @property
    def whole(self) -> bool:
        """Whether all its bytes are here, and the browser has said what it read."""
        return self.arrived == self.length and bool(self.told_sha256) and not self.differs

    def lay(self) -> None:
        """Make its empty file."""
        self.delivery.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.delivery.folder.mkdir(mode=0o700, exist_ok=True)
        self.place.touch(mode=0o600)


class Given(models.Model):
    """A copy of an original that waits for its download by whoever gave it out."""

    ticket = models.CharField(primary_key=True, max_length=32, default=fresh_id)
    person_id = models.CharField(max_length=64)
    item = models.CharField(max_length=32)
    name = models.TextField()
    to = models.TextField()
    reason = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Return the name of what is given."""
        return str(self.name)
