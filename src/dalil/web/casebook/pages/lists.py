"""Lists in and out: what is in one before it is signed for, and to whom one went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from dalil.casebook.exchange.expected import expectation
from dalil.casebook.exchange.import_sheet import case_of
from dalil.casebook.exchange.sheets import Fault
from dalil.casebook.record.form import CLASSES
from dalil.casebook.report.paged.cases import count_asked
from dalil.engines.bundle import zipped
from dalil.errors import NoSuchThing, Refusal
from dalil.web.casebook import shelf
from dalil.web.casebook.forms import ExportForm, ImportForm
from dalil.web.casebook.looking import Look, look_of, term_in
from dalil.web.casebook.pages.writing import TYPED_WRONGLY, FormPage, shown_form
from dalil.web.frame.access import casebook_of, person_of, right
from dalil.web.frame.form import told
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.jobs.start import address_of, start

SHOWN = 200


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One place in a sheet: where, what is there, what was expected in the page's language."""

    file: str
    row: int | None
    column: str | None
    value: str
    expected: str


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What is in a list; ``waits``: it can be brought in, for nothing in it is wrong."""

    token: str
    case: str
    see: str
    waits: bool
    found: shelf.Seen
    faults: tuple[FaultRow, ...]
    remarks: tuple[FaultRow, ...]


@dataclass(frozen=True, slots=True)
class GivenPage:
    """A list that was handed out."""

    look: Look
    token: str
    case: str
    to: str
    given: shelf.Given
    says: tuple[str, ...]


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def begin(request: HttpRequest) -> HttpResponse:
    """Take a list in to be looked at; nothing is written into the casebook yet."""
    lang, (_, look) = lang_of(request), look_of(request)
    given = {"case": request.GET.get("case", "")}
    form = ImportForm(request.POST or None, request.FILES or None, lang=lang, initial=given)
    _offer_classes(form, look, lang)
    if request.method == "POST" and form.is_valid():
        token = shelf.fresh(settings.DESK)
        folder = shelf.place(settings.DESK, token)
        try:
            case_of(folder, form.text("case"))
            shelf.keep_files(folder, request.FILES.getlist("sheets"))
            maps = shelf.keep_files(folder, request.FILES.getlist("map"), shelf.MAP)
        except Refusal as refused:
            form.add_error(None, told(refused, lang))
        else:
            asked = (form.text("case"), form.text("see"), maps[0] if maps else "")
            wanted = shelf.Wanted(person_of(request).person_id, *asked)
            shelf.write(folder, shelf.ASKED, wanted)
            return redirect(address_of(start(request, "casebook.look", {"token": token})))
    status = TYPED_WRONGLY if request.method == "POST" else 200
    note, button = say(lang, "casebook.importing-note"), say(lang, "casebook.read-list")
    shown = FormPage(form, note=note, button=button)
    return shown_form(request, shown, say(lang, "casebook.bring-in"), status)


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def seen(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is in a list; signed for, it is brought in."""
    folder, wanted = _own(request, token)
    found = shelf.seen(folder)
    if found is None:
        raise NoSuchThing(token)
    waits = not found.refused and (folder / shelf.FILES).is_dir()
    if request.method == "POST" and waits:
        return redirect(address_of(start(request, "casebook.bring", {"token": token})))
    lang = lang_of(request)
    faults, remarks = _rows(found.faults, lang), _rows(found.remarks, lang)
    shown = SeenPage(token, wanted.case, wanted.see, waits, found, faults, remarks)
    title = say(lang, "casebook.list-refused" if found.refused else "casebook.list-read")
    return page(request, "casebook/seen.html", shown, title=title, room="casebook")


@right("give_out")
@require_http_methods(["GET", "POST"])
@once
def export(request: HttpRequest, case_name: str) -> HttpResponse:
    """Hand lists of a case out, as an act: to whom, and why."""
    lang, (view, look) = lang_of(request), look_of(request)
    count_asked(casebook_of(request), case_name, view)
    form = ExportForm(request.POST or None, lang=lang, initial={"see": look.see})
    _offer_classes(form, look, lang)
    if request.method == "POST" and form.is_valid():
        token = shelf.fresh(settings.DESK)
        wanted = shelf.Wanted(
            person_of(request).person_id,
            case_name,
            form.text("see"),
            form=form.text("form"),
            to=form.text("to"),
            reason=form.text("reason"),
            known_on=look.known_on or None,
            said_by=look.said_by or None,
            on=look.on or None,
        )
        shelf.write(shelf.place(settings.DESK, token), shelf.ASKED, wanted)
        return redirect(address_of(start(request, "casebook.hand-out", {"token": token})))
    status = TYPED_WRONGLY if request.method == "POST" else 200
    note = say(lang, "casebook.exporting-note", case=case_name)
    shown = FormPage(form, note=note, button=say(lang, "casebook.sign-hand-out"))
    return shown_form(request, shown, say(lang, "casebook.hand-out"), status)


@right("give_out")
@require_GET
def given(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was handed out, and what it says of itself."""
    folder, wanted = _own(request, token)
    made, lang = shelf.given(folder), lang_of(request)
    says = tuple(pair[lang == "ar"] for pair in made.says)
    look = look_of(request)[1]
    shown = GivenPage(look, token, wanted.case, wanted.to, made, says)
    title = say(lang, "casebook.handed-out")
    return page(request, "casebook/given.html", shown, title=title, room="casebook")


@right("give_out")
@require_GET
def given_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Give the file, or the folder as one ZIP."""
    folder, _ = _own(request, token)
    path = folder / shelf.given(folder).name
    if path.is_dir():
        parts = zipped(path, path.name)
        whole = StreamingHttpResponse(parts, content_type="application/zip")
        whole.headers["Content-Disposition"] = f'attachment; filename="{path.name}.zip"'
        return whole
    kind = "application/octet-stream"
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type=kind)


def _own(request: HttpRequest, token: str) -> tuple[Path, shelf.Wanted]:
    """Return a place on the shelf; somebody else's is not there."""
    folder = shelf.place(settings.DESK, token)
    wanted = shelf.wanted(folder)
    if wanted.person_id != person_of(request).person_id:
        raise NoSuchThing(token)
    return folder, wanted


def _offer_classes(form: ImportForm | ExportForm, look: Look, lang: str) -> None:
    """Offer the classes that the person sees; nobody hands out or brings in above their own."""
    words = [(each, term_in(each, lang)) for each in CLASSES if each in look.classes]
    form.fields["see"].choices = words  # type: ignore[attr-defined]


def _rows(faults: Iterable[Fault], lang: str) -> tuple[FaultRow, ...]:
    return tuple(
        FaultRow(each.file, each.row, each.column, each.value, expectation(each.expected, lang))
        for each in list(faults)[:SHOWN]
    )
