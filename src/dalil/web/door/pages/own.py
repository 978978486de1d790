"""A person's own page: passphrase, second factor, where they are logged in."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.internal.auth import get_totp_secret, validate_totp_code
from allauth.mfa.totp.internal.flows import activate_totp, deactivate_totp
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.errors import LockedOut
from dalil.ledger.keyring import ScryptCost, change_passphrase
from dalil.web.door import key
from dalil.web.door.login import account_of
from dalil.web.door.models import Stay
from dalil.web.door.pages.entering import PATIENCE, WRONG, trying
from dalil.web.door.pages.forms import ChangeForm, FactorForm, UnlockForm, posted
from dalil.web.door.stay import end_old_stays, end_own_stay, end_stay, end_stays, standing
from dalil.web.frame.access import Person, archive_of, person_of, right
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say

CODES = "door.codes"
SECRET_GROUP = 4


@dataclass(frozen=True, slots=True)
class StayShown:
    """One login that may still be good; ``here`` is this one."""

    number: int
    browser: str
    since: str
    seen_at: str
    here: bool


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Who one is here, and how one's login is guarded."""

    person: Person
    since: int
    second_factor: bool
    codes_left: int
    sheet_due: bool
    keeper: bool
    stays: tuple[StayShown, ...]


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The form for another passphrase."""

    form: Form


@dataclass(frozen=True, slots=True)
class FactorPage:
    """A secret for the telephone, as a picture (data address) and in groups, and the form."""

    form: Form
    picture: str
    secret: str


@dataclass(frozen=True, slots=True)
class CodesPage:
    """Codes for paper, until they were said to be there; the form asks for others."""

    codes: tuple[str, ...]
    form: Form


@right("read")
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """Show a person's own page."""
    who, account = person_of(request), account_of(request)
    known = standing(who.person_id)
    end_old_stays(account)
    stays = tuple(
        StayShown(
            each.pk,
            each.browser,
            each.since.isoformat(),
            each.seen_at.isoformat(),
            each.session_key == request.session.session_key,
        )
        for each in account.stays.order_by("-seen_at")
    )
    factor = _codes(request)
    shown = OwnPage(
        who,
        known.since if known else 0,
        _totp(request) is not None,
        len(factor.get_unused_codes()) if factor else 0,
        account.sheet_due,
        who.may("people"),
        stays,
    )
    return page(request, "door/own.html", shown, title=who.name, room="door")


@right("read")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Seal the person's key under another passphrase; other stays of theirs end."""
    who, lang = person_of(request), lang_of(request)
    form = ChangeForm(posted(request), lang=lang)
    if request.method == "POST" and form.is_valid():
        tried = trying(request, who.person_id)
        if tried is None:
            form.add_error(None, say(lang, "door.patience"))
            return _change_page(request, form, PATIENCE)
        old, new = (form.cleaned_data[each].encode() for each in ("old", "new"))
        try:
            signer = change_passphrase(
                archive_of(request), who.person_id, old, new, ScryptCost(settings.DOOR_SCRYPT_N)
            )
        except LockedOut:
            form.add_error("old", say(lang, "door.unlock-wrong"))
        else:
            tried.rollback()
            account = account_of(request)
            account.set_password(form.cleaned_data["new"])
            account.save(update_fields=["password"])
            end_stays(account, but=request.session.session_key)
            _stay_on(request)
            key.keep(request, signer)
            return redirect("door:own")
    return _change_page(request, form, WRONG if form.errors else 200)


@right("read")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up a second factor: a telephone shows a code, a person types it with the passphrase."""
    if _totp(request) is not None:
        return redirect("door:own")
    lang = lang_of(request)
    form = FactorForm(posted(request), lang=lang)
    secret = get_totp_secret(regenerate=request.method == "GET")
    if request.method == "POST" and form.is_valid() and _said_again(request, form):
        if validate_totp_code(secret, form.text("code")):
            form.secret = secret  # type: ignore[attr-defined]  # what allauth reads of it
            activate_totp(request, form)
            request.session[CODES] = True
            return redirect("door:codes")
        form.add_error("code", say(lang, "door.code-wrong"))
    address = get_adapter().build_totp_url(request.user, secret)
    drawn = base64.b64encode(get_adapter().build_totp_svg(address).encode()).decode()
    groups = (secret[i : i + SECRET_GROUP] for i in range(0, len(secret), SECRET_GROUP))
    shown = FactorPage(form, f"data:image/svg+xml;base64,{drawn}", " ".join(groups))
    title, status = say(lang, "door.factor"), WRONG if form.errors else 200
    return page(request, "door/factor.html", shown, title=title, room="door", status=status)


@right("read")
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Show fresh codes until they are on paper; make others where the passphrase is given."""
    if _totp(request) is None:
        return redirect("door:own")
    lang = lang_of(request)
    form = UnlockForm(posted(request), lang=lang)
    if request.method == "POST" and "kept" in request.POST:
        request.session.pop(CODES, None)
        return redirect("door:own")
    if request.method == "POST" and form.is_valid() and _said_again(request, form):
        generate_recovery_codes(request)
        request.session[CODES] = True
        return redirect("door:codes")
    found = _codes(request) if request.session.get(CODES) else None
    shown = CodesPage(tuple(found.get_unused_codes()) if found else (), form)
    title, status = say(lang, "door.codes"), WRONG if form.errors else 200
    return page(request, "door/codes.html", shown, title=title, room="door", status=status)


@right("read")
@require_http_methods(["GET", "POST"])
def without_factor(request: HttpRequest) -> HttpResponse:
    """Take the second factor away, where the passphrase is given."""
    found, lang = _totp(request), lang_of(request)
    if found is None:
        return redirect("door:own")
    form = UnlockForm(posted(request), lang=lang)
    if request.method == "POST" and form.is_valid() and _said_again(request, form):
        deactivate_totp(request, found)
        return redirect("door:own")
    title, status = say(lang, "door.without-factor"), WRONG if form.errors else 200
    shown = ChangePage(form)
    return page(request, "door/without.html", shown, title=title, room="door", status=status)


@right("read")
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's own stays; another's is not there."""
    stay = get_object_or_404(Stay, pk=number, account=request.user)
    if stay.session_key == request.session.session_key:
        end_own_stay(request)
        return redirect("door:login")
    end_stay(stay)
    return redirect("door:own")


def _said_again(request: HttpRequest, form: Form) -> bool:
    """Whether the passphrase was typed again, rightly; allauth asks for it before it changes."""
    lang = lang_of(request)
    tried = trying(request, person_of(request).person_id)
    if tried is None:
        form.add_error(None, say(lang, "door.patience"))
        return False
    if not request.user.check_password(form.cleaned_data["passphrase"]):
        form.add_error("passphrase", say(lang, "door.unlock-wrong"))
        return False
    tried.rollback()
    reauthenticate_by_password(request)
    return True


def _stay_on(request: HttpRequest) -> None:
    """Go on under a fresh session: those that knew the old passphrase are over."""
    before = request.session.session_key
    update_session_auth_hash(request, account_of(request))
    Stay.objects.filter(session_key=before).update(session_key=request.session.session_key)


def _totp(request: HttpRequest) -> Authenticator | None:
    own = Authenticator.objects.filter(user=request.user)
    return own.filter(type=Authenticator.Type.TOTP).first()


def _codes(request: HttpRequest) -> RecoveryCodes | None:
    own = Authenticator.objects.filter(user=request.user)
    found = own.filter(type=Authenticator.Type.RECOVERY_CODES).first()
    return None if found is None else RecoveryCodes(found)


def _change_page(request: HttpRequest, form: Form, status: int) -> HttpResponse:
    title, shown = say(lang_of(request), "door.change"), ChangePage(form)
    return page(request, "door/change.html", shown, title=title, room="door", status=status)
