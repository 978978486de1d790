"""How long one stays: ended when idle, at the latest after a day's work, and on revocation."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from dalil.ledger.ledger import Ledger
from dalil.ledger.people import ABOUT_PEOPLE, Person
from dalil.vault.archive import PLATE
from dalil.web.door.key import KeyOnTheWay, is_locked
from dalil.web.door.models import Account, Stay

Answer = Callable[[HttpRequest], HttpResponseBase]

SINCE, SEEN = "door.since", "door.seen"
SEEN_EVERY_SECONDS = 60
# The first that is named counts: most call themselves by several names.
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux")
WRITTEN = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS", "CrOS": "ChromeOS"}
BEFORE_THE_ARCHIVE = ("door:set-up", "door:away", "theme")
WHILE_LOCKED = ("door:unlock", "door:logout", "door:leave")
_LAST_PEOPLE: dict[str, tuple[int, dict[str, Person]]] = {}


def staying(answer: Answer) -> Answer:
    """End a stay that is over, and treat whoever locked the desk as nobody until they unlock."""

    def around(request: HttpRequest) -> HttpResponseBase:
        if not (settings.ARCHIVE / PLATE).exists():
            return (
                answer(request) if _named(request, BEFORE_THE_ARCHIVE) else redirect("door:set-up")
            )
        if request.user.is_authenticated:
            if is_over(request) or not _still_allowed(request.user):
                end_own_stay(request)
            elif is_locked(request) and not _named(request, WHILE_LOCKED):
                request.user = AnonymousUser()
        return answer(request)

    return around


def begin_stay(request: HttpRequest, account: Account) -> None:
    """Note a fresh login, so that its owner sees it and can end it from elsewhere."""
    now = int(time.time())
    request.session[SINCE] = request.session[SEEN] = now
    if not request.session.session_key:
        request.session.save()
    end_old_stays(account)
    browser = browser_of(request.headers.get("User-Agent", ""))
    key = str(request.session.session_key)
    Stay.objects.update_or_create(
        session_key=key, defaults={"account": account, "browser": browser}
    )


def browser_of(untrusted: str) -> str:
    """Return browser and system as their owner knows them, and no more: ``Firefox · Linux``."""
    found = (
        next((each for each in names if each in untrusted), "") for names in (BROWSERS, SYSTEMS)
    )
    return " · ".join(WRITTEN.get(each, each) for each in found if each) or "?"


def is_over(request: HttpRequest) -> bool:
    """Whether nobody did anything for too long, or the stay is older than a day's work."""
    now = int(time.time())
    since = request.session.setdefault(SINCE, now)
    seen = request.session.setdefault(SEEN, now)
    if now - since > settings.DOOR_LONGEST_SECONDS or now - seen > settings.DOOR_IDLE_SECONDS:
        return True
    if now - seen > SEEN_EVERY_SECONDS:
        request.session[SEEN] = now
        for stay in Stay.objects.filter(session_key=request.session.session_key):
            stay.save(update_fields=["seen_at"])
    return False


def end_own_stay(request: HttpRequest) -> None:
    """Log out: session and key are gone."""
    Stay.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    cast("KeyOnTheWay", request).key_forgotten = True


def end_stay(stay: Stay) -> None:
    """End a stay in another browser."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    store().delete(stay.session_key)
    stay.delete()


def end_stays(account: Account, but: str | None = None) -> None:
    """End all stays of somebody, but the one of a session."""
    for stay in account.stays.exclude(session_key=but or ""):
        end_stay(stay)


def end_old_stays(account: Account) -> None:
    """Forget the stays of somebody that idleness or the day's end is over for."""
    now = datetime.now(UTC)
    idle = now - timedelta(seconds=settings.DOOR_IDLE_SECONDS + 2 * SEEN_EVERY_SECONDS)
    old = now - timedelta(seconds=settings.DOOR_LONGEST_SECONDS)
    for stay in account.stays.filter(Q(seen_at__lt=idle) | Q(since__lt=old)):
        end_stay(stay)


def standing(person_id: str) -> Person | None:
    """Return what the acts say of a person now; read anew only where they speak of people anew."""
    ledger = _ledger(settings.ARCHIVE)
    last = ledger.store.last_of_types(ABOUT_PEOPLE)
    known, people = _LAST_PEOPLE.get(str(settings.ARCHIVE), (-1, {}))
    if known != last:
        people = ledger.roster().people
        _LAST_PEOPLE[str(settings.ARCHIVE)] = (last, people)
    return people.get(person_id)


@cache
def _ledger(archive: Path) -> Ledger:
    return Ledger.open(archive)


def _still_allowed(account: Account) -> bool:
    person = standing(account.person_id)
    if person is None or not person.active:
        return False
    if (account.role, account.clearance) != (person.role, person.clearance):
        account.role, account.clearance = person.role, person.clearance
        account.save(update_fields=["role", "clearance"])
    return True


def _named(request: HttpRequest, names: tuple[str, ...]) -> bool:
    try:
        return resolve(request.path_info).view_name in names
    except Resolver404:
        return False
