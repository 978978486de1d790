"""Logging in: the person's key file decides, the account follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.backends import BaseBackend

from dalil.errors import LockedOut, NoSuchThing, NotAllowed
from dalil.ledger.keyring import MACHINE, Signer, holders, unlock
from dalil.ledger.ledger import Ledger
from dalil.ledger.people import Person
from dalil.web.door.models import Account

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_NAME, LONGEST_PASSPHRASE = 200, 1024


class Unlocked(Protocol):
    """A request that brought a good passphrase: whose key it opened."""

    unlocked: Signer


class KeyFileBackend(BaseBackend):
    """Who can open a key file of the archive, and may act by its acts, is that person."""

    def authenticate(
        self,
        request: HttpRequest | None,
        **credentials: Any,
    ) -> Account | None:
        """Return the account of a name (or id) and passphrase; None where they open nothing."""
        username, password = (str(credentials.get(each) or "") for each in ("username", "password"))
        if request is None or not username or not password:
            return None
        signer = opened(username, password)
        person = None if signer is None else person_of_key(signer.public_key)
        if signer is None or person is None:
            return None
        cast("Unlocked", request).unlocked = signer
        return refreshed(person, password)

    def get_user(self, user_id: int) -> Account | None:
        """Return the account of a session."""
        return Account.objects.filter(pk=user_id, is_active=True).first()


class DoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # it publishes no types
    """What allauth asks: it sends nothing to anybody, and says nothing in words of its own."""

    def login(self, request: HttpRequest, user: Account) -> None:
        """Log in, and note the stay."""
        from dalil.web.door.stay import begin_stay

        super().login(request, user)
        begin_stay(request, user)

    def get_login_stages(self) -> list[str]:
        """Return what stands between passphrase and desk: the second factor, where there is one."""
        return ["dalil.web.door.second_factor.SecondFactorStage"]

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's
        """Nobody signs up: a keeper asks people in."""
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: our pages say it."""

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Send nothing: the desk sends no mail."""


def account_of(request: HttpRequest) -> Account:
    """Return the account of whoever is logged in.

    Raises:
        NotAllowed: nobody is.

    """
    if not request.user.is_authenticated:
        raise NotAllowed
    return request.user


def unlocked(request: HttpRequest) -> Signer:
    """Return the key that the passphrase of this request opened."""
    return cast("Unlocked", request).unlocked


def opened(name: str, passphrase: str) -> Signer | None:
    """Unlock the key of a name or id; None where there is none or it is another passphrase.

    A name that is not here takes as long as one that is.
    """
    typed = passphrase.encode("utf-8", "surrogatepass")[:LONGEST_PASSPHRASE]
    try:
        # By the acts, not by the files: one that a fall left behind may bear the same name.
        person = Ledger.open(settings.ARCHIVE).roster().named(name[:LONGEST_NAME])
        return unlock(settings.ARCHIVE, typed, person.person_id)
    except LockedOut:
        return None
    except NoSuchThing:
        _spend_as_long(typed)
        return None


def person_of_key(key: bytes) -> Person | None:
    """Return the human who may act with a key, by the acts; None where nobody may."""
    person = Ledger.open(settings.ARCHIVE).roster().of_key(key)
    return person if person is not None and person.active and person.role != MACHINE else None


def refreshed(person: Person, passphrase: str) -> Account:
    """Return the account of a person, as the acts and this passphrase have it now."""
    account = Account.objects.filter(person_id=person.person_id).first()
    if account is None:
        account = Account(person_id=person.person_id)
    if not account.password or not account.check_password(passphrase):
        account.set_password(passphrase)
    account.name, account.role = person.name, person.role
    account.clearance, account.is_active = person.clearance, True
    account.save()
    return account


def _spend_as_long(typed: bytes) -> None:
    for holder in holders(settings.ARCHIVE):
        try:
            unlock(settings.ARCHIVE, b"\0" + typed, holder.person_id)
        except LockedOut:
            return
