"""One family: what it was told and answered, who recognised whom, which footage waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from dalil.casebook.families.family import Family, family_of
from dalil.casebook.families.wording import recognised_in_words, told_in_words
from dalil.casebook.record.form import new_id
from dalil.casebook.record.victims import Notification, Recognition, Victim
from dalil.casebook.report.desk import Desk, find_record
from dalil.casebook.text.names import isolate
from dalil.errors import NoSuchThing
from dalil.web.frame.access import casebook_of, person_of, right, signer_of, view_of_request
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.victims.record_forms import NOT_FOUND, SOUGHT, NotificationForm, RecognitionForm
from dalil.web.victims.shown import carried, desk_of

WRONG = 422


@dataclass(frozen=True, slots=True)
class Footage:
    """An item in which the person is seen; ``waits``: a release to the public is held."""

    item: str
    waits: bool


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """What is recorded of one family, and the forms of whoever may add to it."""

    victim: str
    told: tuple[str, ...]
    recognised: tuple[str, ...]
    footage: tuple[Footage, ...]
    tell: NotificationForm | None
    recognise: RecognitionForm | None
    query: str


@right("read")
@require_GET
def family_page(request: HttpRequest, victim: str) -> HttpResponse:
    """Show what the family of a victim was told and answered."""
    return _shown(request, _victim(request, victim))


@right("weigh")
@require_POST
@once
def tell(request: HttpRequest, victim: str) -> HttpResponse:
    """Sign what the family was told, and what it answered."""
    found = _victim(request, victim)
    form = _tell_form(request, _family(request, found), posted=True)
    if form.is_valid():
        sought = form.text("what") == SOUGHT
        record = Notification(
            id=new_id(), see=form.text("see"), case=found.case, victim=found.id,
            what=form.text("what"), by=form.text("by"), on=form.text("on"),
            to=form.text_or_none("to"), relation=form.text_or_none("relation"),
            item=form.text_or_none("item"),
            answer=NOT_FOUND if sought else form.text("answer"),
            answered_on=form.text_or_none("answered_on"), note=form.text_or_none("note"),
        )  # fmt: skip
        if form.write(casebook_of(request), [record], signer_of(request)):
            return redirect("victims:family", found.id)
    return _shown(request, found, telling=form, status=WRONG)


@right("weigh")
@require_POST
@once
def recognise(request: HttpRequest, victim: str) -> HttpResponse:
    """Sign that somebody recognised the victim as another; nothing is merged by it."""
    found, casebook = _victim(request, victim), casebook_of(request)
    form = _recognise_form(request, posted=True)
    if form.is_valid():
        try:
            named = find_record(
                casebook, form.text("as_victim"), view_of_request(request), Victim.kind
            ).record
            other = _victim(request, named.id).id
        except NoSuchThing:
            form.add_error("as_victim", say(lang_of(request), "victims.recognise-nobody"))
        else:
            denied = bool(form.cleaned_data["denied"])
            record = Recognition(
                id=new_id(), see=form.text("see"), case=found.case, victim=found.id,
                as_victim=other, grade=form.text("grade"), conditions=form.text("conditions"),
                polarity="denies" if denied else "affirms", by=form.text_or_none("by"),
                relation=form.text_or_none("relation"), method=form.text_or_none("method"),
                on=form.text_or_none("on"),
            )  # fmt: skip
            if form.write(casebook, [record], signer_of(request)):
                return redirect("victims:family", found.id)
    return _shown(request, found, recognising=form, status=WRONG)


def _victim(request: HttpRequest, victim: str) -> Victim:
    found = casebook_of(request).get(victim, view_of_request(request)).record
    if not isinstance(found, Victim) or found.withdrawn is not None:
        raise NoSuchThing(f"victim {victim}")
    return found


def _family(request: HttpRequest, victim: Victim) -> Family:
    return family_of(casebook_of(request), victim.id, view_of_request(request))


def _tell_form(request: HttpRequest, family: Family, *, posted: bool = False) -> NotificationForm:
    form = NotificationForm(request.POST if posted else None, lang=lang_of(request))
    form.classes(person_of(request).clearance)
    form.items([(item, item[:12]) for item, _ in family.footage])
    return form


def _recognise_form(request: HttpRequest, *, posted: bool = False) -> RecognitionForm:
    given = request.POST if posted else None
    form = RecognitionForm(given, lang=lang_of(request), auto_id="id_recognise_%s")
    form.classes(person_of(request).clearance)
    return form


def _shown(
    request: HttpRequest,
    victim: Victim,
    *,
    telling: NotificationForm | None = None,
    recognising: RecognitionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    lang, may = lang_of(request), person_of(request).may("weigh")
    with casebook_of(request).at_once():
        family, desk = _family(request, victim), desk_of(request)
        shown = FamilyPage(
            victim.id,
            tuple(told_in_words(each, lang, desk.who(each.by_key)) for each in family.told),
            _recognised(desk, family, lang),
            tuple(Footage(item, not asked.goes) for item, asked in family.footage),
            (telling or _tell_form(request, family)) if may else None,
            (recognising or _recognise_form(request)) if may else None,
            carried(request),
        )
        name = desk.plain_name(victim.id, lang)
    title = say(lang, "victims.family-of", name=isolate(name))
    return page(request, "victims/family.html", shown, title=title, room="victims", status=status)


def _recognised(desk: Desk, family: Family, lang: str) -> tuple[str, ...]:
    return tuple(
        recognised_in_words(
            each,
            lang,
            isolate(desk.plain_name(each.said.victim, lang)),
            isolate(desk.plain_name(each.said.as_victim, lang)),
        )
        for each in family.recognised
    )
