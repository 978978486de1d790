"""The first run: an archive, its first keeper, and the recovery sheet on paper."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from dalil.engines.files import locked, make_folders
from dalil.errors import ArchiveExists
from dalil.ledger.keyring import ScryptCost, Signer, recovery_sheet
from dalil.ledger.people import Person
from dalil.ledger.standing.founding import found
from dalil.vault.archive import PLATE
from dalil.web.door import key
from dalil.web.door.login import account_of, person_of_key, refreshed
from dalil.web.door.pages.entering import PATIENCE, WRONG, trying
from dalil.web.door.pages.forms import SetUpForm, posted
from dalil.web.door.stay import begin_stay
from dalil.web.frame.access import archive_of, open_to_all, right, signer_of
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say

BACKEND = "dalil.web.door.login.KeyFileBackend"
WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SetUpPage:
    """The form of the first run, and the name of the folder that will be the archive."""

    form: Form
    folder: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The recovery sheet as it is printed; None once it was said to be on paper."""

    text: str | None


@open_to_all
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Ask for the code from the terminal, and found the archive."""
    if (settings.ARCHIVE / PLATE).exists():
        return redirect("door:login")
    lang = lang_of(request)
    form = SetUpForm(posted(request), lang=lang)
    status = 200
    if request.method == "POST" and form.is_valid():
        if trying(request, "set-up") is None:
            form.add_error(None, say(lang, "door.patience"))
            status = PATIENCE
        elif not is_code(form.text("code")):
            form.add_error("code", say(lang, "door.set-up-wrong"))
        else:
            return _founded(request, form.text("keeper"), form.cleaned_data["new"])
    if form.errors and status != PATIENCE:
        status = WRONG
    shown = SetUpPage(form, settings.ARCHIVE.name)
    title = say(lang, "door.set-up")
    return page(request, "door/set_up.html", shown, title=title, room="door", status=status)


@right("people")
@require_http_methods(["GET"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the recovery sheet until the first keeper says that it is on paper."""
    lang = lang_of(request)
    text = None
    if account_of(request).sheet_due:
        text = recovery_sheet(signer_of(request), archive_of(request)).text(lang)
    title = say(lang, "door.sheet")
    return page(request, "door/sheet.html", SheetPage(text), title=title, room="door")


@right("people")
@require_POST
def sheet_kept(request: HttpRequest) -> HttpResponse:
    """Note that the sheet is on paper: it is not shown again."""
    account = account_of(request)
    account.sheet_due = False
    account.save(update_fields=["sheet_due"])
    return redirect("home")


def is_code(typed: str) -> bool:
    """Whether the terminal printed this code; capitals, spaces and hyphens do not count."""
    expected = _plain(settings.SETUP_CODE)
    return bool(expected) and hmac.compare_digest(_plain(typed).encode(), expected.encode())


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()


def _founded(request: HttpRequest, keeper: str, passphrase: str) -> HttpResponse:
    make_folders(settings.DESK)
    with locked(settings.DESK / "set-up.lock", WAIT_SECONDS):
        try:
            cost = ScryptCost(settings.DOOR_SCRYPT_N)
            signer, _ = found(settings.ARCHIVE, keeper, passphrase.encode(), cost)
        except ArchiveExists:
            # Sent twice: the first one founded it.
            return redirect("door:login")
        person = person_of_key(signer.public_key)
        if person is not None:
            _enter(request, signer, person, passphrase)
    return redirect("door:sheet")


def _enter(request: HttpRequest, signer: Signer, person: Person, passphrase: str) -> None:
    account = refreshed(person, passphrase)
    account.sheet_due = True
    account.save(update_fields=["sheet_due"])
    login(request, account, backend=BACKEND)
    key.keep(request, signer)
    begin_stay(request, account)
