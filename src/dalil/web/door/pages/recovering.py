"""A passphrase is lost: the recovery sheet makes a new key, and the log says so."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from dalil.errors import LockedOut, NoSuchThing, NotAllowed
from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost
from dalil.ledger.ledger import Ledger
from dalil.web.door.models import Account
from dalil.web.door.pages.entering import PATIENCE, WRONG, trying
from dalil.web.door.pages.forms import RecoverForm, posted
from dalil.web.door.stay import end_stays
from dalil.web.frame.access import open_to_all
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say


@dataclass(frozen=True, slots=True)
class RecoverPage:
    """The form for whoever has the sheet."""

    form: Form


@open_to_all
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Make a new key for somebody who lost the passphrase, with the recovery sheet."""
    lang = lang_of(request)
    form = RecoverForm(posted(request), lang=lang)
    status = 200
    if request.method == "POST" and form.is_valid():
        if trying(request, "sheet") is None:
            form.add_error(None, say(lang, "door.patience"))
            status = PATIENCE
        elif _recovered(form):
            return redirect("door:login")
    if form.errors and status != PATIENCE:
        status = WRONG
    title, shown = say(lang, "door.recover"), RecoverPage(form)
    return page(request, "door/recover.html", shown, title=title, room="door", status=status)


def _recovered(form: RecoverForm) -> bool:
    ledger, cost = Ledger.open(settings.ARCHIVE), ScryptCost(settings.DOOR_SCRYPT_N)
    try:
        lost = ledger.roster().named(form.text("name"))
        typed = form.cleaned_data["new"].encode()
        people.recover(ledger, form.text("sheet"), typed, lost.person_id, cost)
    except (LockedOut, NoSuchThing, NotAllowed) as refusal:
        # Who is here is told only to whoever has the sheet.
        about = refusal.about if isinstance(refusal, LockedOut) else ""
        form.add_error("sheet", say(form.lang, "door.recover-wrong", about=about))
        return False
    for account in Account.objects.filter(person_id=lost.person_id):
        end_stays(account)
    return True
