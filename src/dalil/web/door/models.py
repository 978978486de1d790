"""Who may log in here. The person's key file in the archive is the truth; this follows it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Accounts(BaseUserManager["Account"]):
    """The accounts of this desk."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account of a person's id."""
        return self.get(person_id=username)


class Account(AbstractBaseUser):
    """A person of the archive at this desk: made, and brought up to date, by a good login.

    ``password`` is an Argon2 hash of the passphrase, to ask for it again without the key file.
    """

    person_id = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20)
    clearance = models.CharField(max_length=10)
    is_active = models.BooleanField(default=True)
    sheet_due = models.BooleanField(default=False)
    """Whether the first keeper has yet to say that the recovery sheet is on paper."""

    USERNAME_FIELD = "person_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Accounts] = Accounts()

    def __str__(self) -> str:
        """Return the name that others know."""
        return self.name


class Stay(models.Model):
    """One login that may still be good: which session, since when, last seen when."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="stays")
    session_key = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now=True)
    browser = models.CharField(max_length=80)

    def __str__(self) -> str:
        """Return the browser, roughly."""
        return self.browser


class Invitation(models.Model):
    """Somebody who was asked in by a keeper, and has yet to choose a passphrase or be let in.

    ``sealed`` is the archive's key under the code that the keeper hands over; the code is nowhere.
    """

    place = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20)
    salt = models.BinaryField()
    sealed = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    person_id = models.CharField(max_length=32, default="")
    """Of the key that was made with the invitation; empty while nobody has come."""

    def __str__(self) -> str:
        """Return for whom it is."""
        return self.name
