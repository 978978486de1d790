"""How somebody comes in: asked by a keeper, with a passphrase of their own, let in by a keeper."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings
from django.db.models import F
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dalil.errors import LockedOut, Refusal, UsageRefused
from dalil.kernel.digest import sha256
from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost, Signer, holder_path, holders
from dalil.ledger.ledger import Ledger
from dalil.ledger.sheet import ALPHABET
from dalil.web.door import key
from dalil.web.door.models import Invitation
from dalil.web.door.pages.entering import WRONG
from dalil.web.door.pages.forms import InvitedForm, InviteForm, posted
from dalil.web.frame.access import archive_of, open_to_all, right, signer_of
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say

GROUPS, DIGITS_A_GROUP = 5, 4
SALT, NONCE = 16, 12
TRIES = 10
GOOD_FOR = timedelta(days=7)
CODE = "door.invited"


@dataclass(frozen=True, slots=True)
class InvitePage:
    """The form by which a keeper asks somebody in."""

    form: Form


@dataclass(frozen=True, slots=True)
class AskedInPage:
    """What a keeper hands over: the address, and the code that goes with it, shown this once."""

    name: str
    address: str
    code: str | None


@dataclass(frozen=True, slots=True)
class InvitedPage:
    """What somebody who was asked in sees; ``fingerprint`` once their key was made."""

    name: str
    role: str
    form: Form
    fingerprint: str


@right("people")
@require_http_methods(["GET", "POST"])
@once
def invite(request: HttpRequest) -> HttpResponse:
    """Ask somebody in."""
    lang = lang_of(request)
    form = InviteForm(posted(request), lang=lang)
    if request.method == "POST" and form.is_valid():
        name = form.text("name")
        if _is_taken(request, name):
            form.add_error("name", say(lang, "door.invite-taken"))
        else:
            made, code = make_invitation(signer_of(request), name, form.text("role"))
            request.session[CODE] = [made.place, key.hide(request, code)]
            return redirect("door:asked-in", made.place)
    status = WRONG if form.errors else 200
    title = say(lang, "door.invite")
    shown = InvitePage(form)
    return page(request, "door/invite.html", shown, title=title, room="door", status=status)


@right("people")
@require_http_methods(["GET", "POST"])
def asked_in(request: HttpRequest, place: str) -> HttpResponse:
    """Show address and code of an invitation, until the keeper has handed them over."""
    made = get_object_or_404(Invitation, place=place)
    kept, sealed = request.session.get(CODE, ["", ""])
    if request.method == "POST":
        request.session.pop(CODE, None)
        return redirect("door:people")
    address = request.build_absolute_uri(reverse("door:invited", args=[place]))
    code = key.hidden(request, sealed) if kept == place else None
    shown = AskedInPage(made.name, address, code)
    title = say(lang_of(request), "door.asked-in")
    return page(request, "door/asked_in.html", shown, title=title, room="door")


@open_to_all
@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest, place: str) -> HttpResponse:
    """Let somebody who was asked in choose a passphrase; their key is made, and may do nothing."""
    made = get_object_or_404(Invitation, place=place)
    lang = lang_of(request)
    form = InvitedForm(posted(request), lang=lang)
    if made.person_id or _is_void(made):
        form = InvitedForm(lang=lang)
    elif request.method == "POST" and form.is_valid():
        try:
            accept(made, form.text("code"), form.cleaned_data["new"])
        except LockedOut:
            form.add_error("code", say(lang, "door.invited-wrong"))
        else:
            return redirect("door:invited", place)
    title = say(lang, "door.invited")
    void = not made.person_id and _is_void(made)
    shown = InvitedPage("" if void else made.name, made.role, form, fingerprint(made.person_id))
    status = WRONG if form.errors else 200
    return page(request, "door/invited.html", shown, title=title, room="door", status=status)


@right("people")
@require_POST
@once
def let_in(request: HttpRequest, place: str) -> HttpResponse:
    """Let somebody in who came: an act introduces the key that they made."""
    made = get_object_or_404(Invitation, place=place)
    if not made.person_id:
        raise UsageRefused(say(lang_of(request), "door.not-come", name=made.name))
    ledger = Ledger.open(archive_of(request))
    # Known already where the server fell between the act and this row.
    if made.person_id not in ledger.roster().people:
        people.introduce(ledger, signer_of(request), made.person_id)
    made.delete()
    return redirect("door:people")


@right("people")
@require_POST
def withdraw(request: HttpRequest, place: str) -> HttpResponse:
    """Take an invitation back; a key that was made with it is thrown away."""
    made = get_object_or_404(Invitation, place=place)
    known = Ledger.open(archive_of(request)).roster().people
    if made.person_id and made.person_id not in known:
        holder_path(archive_of(request), made.person_id).unlink(missing_ok=True)
    made.delete()
    return redirect("door:people")


def make_invitation(signer: Signer, name: str, role: str) -> tuple[Invitation, str]:
    """Return an invitation and its code (100 random bits); the desk keeps no code."""
    groups = [_group() for _ in range(GROUPS)]
    salt, nonce, place = os.urandom(SALT), os.urandom(NONCE), secrets.token_hex(8)
    cipher = ChaCha20Poly1305(_key_of("".join(groups), salt))
    sealed = nonce + cipher.encrypt(nonce, signer.archive_key, place.encode())
    made = Invitation.objects.create(place=place, name=name, role=role, salt=salt, sealed=sealed)
    return made, "-".join(groups)


def accept(made: Invitation, code: str, passphrase: str) -> None:
    """Make the key file of whoever was asked in, under their own passphrase.

    Raises:
        LockedOut: it is another code, or the invitation is no longer good.

    """
    Invitation.objects.filter(pk=made.pk).update(tries=F("tries") + 1)
    made.refresh_from_db()
    if _is_void(made, TRIES + 1):
        raise LockedOut(made.name)
    sealed = bytes(made.sealed)
    cipher = ChaCha20Poly1305(_key_of(_plain(code), bytes(made.salt)))
    try:
        archive_key = cipher.decrypt(sealed[:NONCE], sealed[NONCE:], made.place.encode())
    except InvalidTag:
        raise LockedOut(made.name) from None
    # Sent twice: whoever takes the invitation first makes the key.
    if not Invitation.objects.filter(pk=made.pk, person_id="").update(person_id="-"):
        return
    ledger, cost = Ledger.open(settings.ARCHIVE), ScryptCost(settings.DOOR_SCRYPT_N)
    typed = passphrase.encode()
    try:
        fresh = people.make_key(ledger, archive_key, made.name, made.role, typed, cost)
    except Refusal:
        Invitation.objects.filter(pk=made.pk).update(person_id="")
        raise
    # The archive's key was needed once; from now on it lies under the newcomer's passphrase.
    Invitation.objects.filter(pk=made.pk).update(person_id=fresh.person_id, sealed=b"", salt=b"")


def fingerprint(person_id: str) -> str:
    """Return a short text of a key that keeper and newcomer compare; empty where there is none."""
    for holder in holders(settings.ARCHIVE) if person_id else ():
        if holder.person_id == person_id:
            digest = sha256(holder.public_key)
            digits = "".join(ALPHABET[each & 31] for each in digest[:8])
            return f"{digits[:4]} {digits[4:]}"
    return ""


def _is_taken(request: HttpRequest, name: str) -> bool:
    active = Ledger.open(archive_of(request)).roster().active()
    asked = Invitation.objects.filter(name=name).exists()
    return asked or any(person.name == name for person in active)


def _is_void(made: Invitation, tries: int = TRIES) -> bool:
    return made.tries >= tries or made.made_at + GOOD_FOR < datetime.now(UTC)


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(DIGITS_A_GROUP))


def _plain(code: str) -> str:
    typed = "".join(code.split()).replace("-", "").upper()
    return typed.translate(str.maketrans("OIL", "011"))


def _key_of(code: str, salt: bytes) -> bytes:
    return sha256(b"dalil/invitation/v1\0" + salt + code.encode())
