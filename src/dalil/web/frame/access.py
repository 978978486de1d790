"""Who may do what: a right on every view, a clearance on every person, a view on every query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import SEES, View, view_of
from dalil.errors import NotAllowed, UsageRefused
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import Signer, holders

# The part of an address that says who looks and as of when; links carry it on.
OF_VIEW = ("see", "known_on", "said_by", "on")
P = ParamSpec("P")
ViewFunction = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

ALL = frozenset({
    "read", "take_in", "give_out", "look", "describe", "weigh", "publish", "check", "oversee",
    "people",
})  # fmt: skip
RIGHTS: dict[str, frozenset[str]] = {
    "keeper": ALL,
    "archivist": frozenset({"read", "take_in", "give_out", "look", "check"}),
    "reviewer": frozenset({"read", "look", "describe"}),
    "investigator": frozenset({"read", "look", "describe", "weigh"}),
    "lawyer": frozenset({"read", "give_out", "look", "weigh", "publish"}),
    "lead": frozenset({"read", "look", "describe", "weigh", "oversee", "check"}),
    "guest-reader": frozenset({"read"}),
}


class Guarded(Protocol):
    """A view that says who may call it: one of the rights, or None where anybody may."""

    right: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Who is logged in: their id, name and role in the archive, and the highest class they see."""

    person_id: str
    name: str
    role: str
    clearance: str

    def may(self, right: str) -> bool:
        """Whether the role has a right."""
        return right in RIGHTS.get(self.role, frozenset())


def right(name: str) -> Callable[[ViewFunction[P]], ViewFunction[P]]:
    """Let a view be called only by whoever is logged in and has this right."""
    if name not in ALL:
        raise KeyError(name)

    def guard(view: ViewFunction[P]) -> ViewFunction[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if request.method == "POST":
                    from dalil.web.frame.views import send_again

                    return send_again(request)
                return redirect_to_login(request.get_full_path())
            if not person_of(request).may(name):
                raise NotAllowed(_role_said(request))
            return view(request, *args, **kwargs)

        cast("Guarded", guarded).right = name
        return cast("ViewFunction[P]", guarded)

    return guard


def open_to_all(view: ViewFunction[P]) -> ViewFunction[P]:
    """Mark a view that needs no login."""
    cast("Guarded", view).right = None
    return view


def person_of(request: HttpRequest) -> Person:
    """Return who is logged in."""
    account = request.user
    if not account.is_authenticated:
        raise NotAllowed("")
    return Person(account.person_id, account.name, account.role, account.clearance)


def archive_of(request: HttpRequest) -> Path:  # noqa: ARG001 - one archive a desk, told by request
    """Return the archive that this desk is about."""
    return settings.ARCHIVE


def casebook_of(request: HttpRequest) -> Casebook:
    """Return the casebook of the archive; one a process, since its index is opened once."""
    return _casebook(archive_of(request))


def signer_of(request: HttpRequest) -> Signer:
    """Return the unlocked key of whoever is logged in.

    Raises:
        LockedOut: the key is not here (locked, or another browser).

    """
    from dalil.web.door.key import signer_from

    return signer_from(request)


def view_of_request(request: HttpRequest) -> View:
    """Return what this person may see, and as of when: ``see known_on said_by on`` of the address.

    ``see`` may only lower the person's own clearance.

    Raises:
        UsageRefused: a word of the address is no class or no day.

    """
    asked = request.GET
    own = person_of(request).clearance
    see = asked.get("see") or own
    if see not in SEES:
        raise UsageRefused(f"see: {see!r}")
    see = min(see, own, key=SEES.__getitem__)
    days = [asked.get(each) or None for each in OF_VIEW[1:]]
    author = _key_of(archive_of(request), person_of(request).person_id)
    return replace(view_of(see, *days), author=author)


def _role_said(request: HttpRequest) -> str:
    return f"{person_of(request).name} ({person_of(request).role})"


@cache
def _key_of(archive: Path, person_id: str) -> str | None:
    """Return a person's public key (base64url); a person never gets another one."""
    found = (b64url(each.public_key) for each in holders(archive) if each.person_id == person_id)
    return next(found, None)


@cache
def _casebook(archive: Path) -> Casebook:
    return Casebook.open(archive)
