"""Who may act here: everybody in one list, and one page each, for keepers."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from dalil.errors import NoSuchThing
from dalil.ledger import people as ledger_people
from dalil.ledger.ledger import Entry, Ledger
from dalil.ledger.people import CLEARANCE_GIVEN, ROLE_GIVEN, Person
from dalil.ledger.standing.giving import give_clearance, give_role
from dalil.web.door.models import Account, Invitation
from dalil.web.door.pages.entering import WRONG
from dalil.web.door.pages.forms import ClearanceForm, RevokeForm, RoleForm
from dalil.web.door.pages.inviting import fingerprint
from dalil.web.door.stay import end_stays
from dalil.web.frame.access import archive_of, right, signer_of
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say

FORMS = {"role": RoleForm, "clearance": ClearanceForm, "revoke": RevokeForm}


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked in; ``fingerprint`` once they came and made a key."""

    place: str
    name: str
    role: str
    made_at: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who may act, who was asked in, who may no longer act."""

    active: tuple[Person, ...]
    asked: tuple[Asked, ...]
    gone: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What a keeper gave somebody: the act, what, why and when (UTC, as stated)."""

    seq: int
    what: str
    value: str
    reason: str
    time: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person, what was given to them, and what a keeper may change."""

    person: Person
    given: tuple[Given, ...]
    role: Form
    clearance: Form
    revoke: Form
    fingerprint: str


@right("people")
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List who may act, who was asked in, and who may no longer act."""
    everybody = ledger_people.people_of(archive_of(request))
    asked = tuple(
        Asked(i.place, i.name, i.role, i.made_at.isoformat(), fingerprint(i.person_id))
        for i in Invitation.objects.order_by("made_at")
    )
    shown = PeoplePage(
        tuple(person for person in everybody if person.active),
        asked,
        tuple(person for person in everybody if not person.active),
    )
    title = say(lang_of(request), "door.people")
    return page(request, "door/people.html", shown, title=title, room="door")


@right("people")
@require_http_methods(["GET", "POST"])
@once
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show one person; give them another role or clearance, or end their right to act."""
    ledger, lang = Ledger.open(archive_of(request)), lang_of(request)
    who = ledger.roster().people.get(person_id)
    if who is None:
        raise NoSuchThing
    asked = request.POST.get("do", "")
    forms: dict[str, Form] = {
        name: form(
            request.POST if name == asked else None,
            lang=lang,
            initial={"role": who.role, "clearance": who.clearance},
            auto_id=f"{name}_%s",
        )
        for name, form in FORMS.items()
    }
    if asked in forms and forms[asked].is_valid():
        _change(request, ledger, who, asked, forms[asked].cleaned_data)
        return redirect("door:people") if asked == "revoke" else redirect("door:person", person_id)
    shown = PersonPage(who, _given(ledger, person_id), **forms, fingerprint=fingerprint(person_id))
    status = WRONG if asked in forms else 200
    return page(request, "door/person.html", shown, title=who.name, room="door", status=status)


def _change(
    request: HttpRequest, ledger: Ledger, who: Person, what: str, typed: dict[str, str]
) -> None:
    signer, reason = signer_of(request), typed["reason"]
    if what == "role":
        give_role(ledger, signer, who.person_id, typed["role"], reason)
    elif what == "clearance":
        give_clearance(ledger, signer, who.person_id, typed["clearance"], reason)
    else:
        ledger_people.revoke(ledger, signer, who.person_id, reason)
    if what != "clearance":
        for account in Account.objects.filter(person_id=who.person_id):
            account.is_active = what != "revoke"
            account.save(update_fields=["is_active"])
            # A stay that began under another role ends with it, unless it is one's own.
            end_stays(account, but=request.session.session_key)


def _given(ledger: Ledger, person_id: str) -> tuple[Given, ...]:
    entries = [*ledger.acts(ROLE_GIVEN), *ledger.acts(CLEARANCE_GIVEN)]
    about = [each for each in entries if each.act.opened().get("person") == person_id]
    return tuple(_given_by(each) for each in sorted(about, key=lambda each: each.seq))


def _given_by(entry: Entry) -> Given:
    said, what = entry.act.opened(), entry.act.type.removesuffix("-given")
    return Given(
        entry.seq, what, str(said.get(what)), str(said.get("reason")), str(said.get("time"))
    )
