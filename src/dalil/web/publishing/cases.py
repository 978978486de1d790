"""Build a case file: what goes, what stays and why; then fetch it, and check it as a stranger."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.casebook.index.view import SEES
from dalil.casebook.record.sources import Source
from dalil.casebook.report.desk import cases_of
from dalil.dossier.casefile import Contents, gather
from dalil.dossier.claims.gathering import Claims
from dalil.dossier.exhibits import CLASS, Why, exhibit_json, items_of, shown
from dalil.dossier.paper import isolated
from dalil.errors import AgainstLeftOut, ProofBroken, Refusal
from dalil.intake.listing import count_items, item_lines, items_like
from dalil.ledger.ledger import Ledger
from dalil.web.frame.access import archive_of, casebook_of, person_of, right, view_of_request
from dalil.web.frame.form import told
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.jobs.start import address_of, start
from dalil.web.publishing import made
from dalil.web.publishing.forms import CaseForm
from dalil.web.publishing.orders import CaseOrder
from dalil.web.publishing.parts import WRONG, as_zip, desk_of, named

# Longer lists are typed by their ids: a page of a thousand boxes helps nobody.
LISTED = 200
EXPLAINED = range(1, 4)
LONGEST = 500
# Digests, paths and times among Arabic words: each runs from left to right by itself.
EXACT = re.compile(r"[A-Za-z0-9][A-Za-z0-9:/._+-]*[A-Za-z0-9]")
UNEXPLAINED = re.compile(r"--withheld ([0-9a-f]{32})=")

Reasons = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A record that speaks against something and is not shown: its id, and why, as typed."""

    n: int
    record: str = ""
    kind: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The form of a case file."""

    form: CaseForm
    explained: tuple[Explained, ...]
    too_many: bool
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ItemWithheld:
    """An item of the same accession that stays, and why, as typed."""

    item: str
    name: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class SourceLeaving:
    """A source whose words leave: what it is called, whether its name does, too."""

    source: str
    name: str
    withheld: bool
    sealed: bool


@dataclass(frozen=True, slots=True)
class GoingPage:
    """What a case file would hold and what not, before it is signed."""

    form: CaseForm
    exhibits: tuple[tuple[str, str], ...]
    withheld: tuple[ItemWithheld, ...]
    withheld_count: int
    acts: int
    claims: int
    against: int
    records: int
    left_out: int
    hidden_sources: int
    sources: tuple[SourceLeaving, ...]
    questions: tuple[tuple[str, str], ...]
    explained: tuple[Explained, ...]

    @property
    def reasons_given(self) -> bool:
        """Whether a reason was typed for one of the items that stay."""
        return any(each.text for each in self.withheld)


@dataclass(frozen=True, slots=True)
class Section:
    """What the verifier says under one heading, line by line."""

    head: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case file that lies here; what its own verifier said of it (None: not run yet)."""

    case: made.MadeCase
    checked: tuple[Section, ...] | None
    good: bool


@right("publish")
@require_http_methods(["GET", "POST"])
@once
def order(request: HttpRequest) -> HttpResponseBase:
    """Ask what shall go; show it; then sign the hand-over and build it."""
    if request.method == "GET":
        return _asking(request, _new_form(request, None), ())
    lang, explained = lang_of(request), _explained(request.POST)
    form = _new_form(request, request.POST)
    if not form.is_valid():
        return _asking(request, form, explained, WRONG)
    if request.POST.get("step") == "change":
        return _asking(request, form, explained)
    asked = form.order(request.POST.getlist("source"), _reasons(request.POST), _said(explained))
    try:
        contents = _gathered(request, asked)
    except ProofBroken:
        raise
    except Refusal as refusal:
        form.add_error(None, _wording(refusal, lang))
        return _asking(request, form, _with_unexplained(explained, refusal), WRONG)
    if request.POST.get("step") == "sign":
        params = {"token": made.fresh_token(), "order": asked.values()}
        return redirect(address_of(start(request, "publishing.case-file", params)))
    going = _going(request, form, contents, asked, explained)
    title = say(lang, "publishing.going-title")
    return page(request, "publishing/going.html", going, title=title, room="publishing")


@right("publish")
@require_GET
def case(request: HttpRequest, token: str) -> HttpResponse:
    """Show a case file that was built here, and what its verifier said."""
    lang = lang_of(request)
    found = made.case(desk_of(), Ledger.open(archive_of(request)), token)
    checked, good = _checked(found, lang)
    shown_page = CasePage(found, checked, good)
    title = say(lang, "publishing.case-file")
    return page(request, "publishing/case.html", shown_page, title=title, room="publishing")


@right("publish")
@require_GET
def case_zip(request: HttpRequest, token: str) -> StreamingHttpResponse:
    """Give a case file as one file."""
    found = made.case(desk_of(), Ledger.open(archive_of(request)), token)
    return as_zip(found.folder, "case-file", f"case-file-{found.seq}")


@right("publish")
@require_POST
@once
def check(request: HttpRequest, token: str) -> HttpResponseBase:
    """Run the verifier that lies in a case file, as a stranger would."""
    made.case(desk_of(), Ledger.open(archive_of(request)), token)
    return redirect(address_of(start(request, "publishing.check", {"token": token})))


@right("publish")
@require_POST
@once
def remove(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take a case file away from this machine."""
    made.remove(made.case(desk_of(), Ledger.open(archive_of(request)), token))
    return redirect("publishing:index")


def _new_form(request: HttpRequest, data: QueryDict | None) -> CaseForm:
    archive, lang = archive_of(request), lang_of(request)
    ledger, view = Ledger.open(archive), view_of_request(request)
    listed = item_lines(ledger, slice(0, LISTED)) if count_items(ledger) <= LISTED else []
    parts = [(each.token, _part_named(each, lang)) for each in made.parts(desk_of(), ledger)]
    names = [(each.item, named(request, each.item, each.name)) for each in reversed(listed)]
    cases = [(each, each) for each in cases_of(casebook_of(request), view)]
    first = {"items": request.GET.getlist("item"), "case": request.GET.get("case", "")}
    first["hypotheses"] = request.GET.get("hypothesis", "")
    return CaseForm(
        data,
        initial=first | {"parts": request.GET.getlist("part")},
        lang=lang,
        items=names,
        parts=parts,
        cases=cases,
        highest=person_of(request).clearance,
    )


def _part_named(part: made.MadePart, lang: str) -> str:
    kind = say(lang, f"publishing.kind-{part.kind}")
    return say(lang, "publishing.part-named", kind=kind, seq=part.seq, recipient=part.recipient)


def _asking(
    request: HttpRequest, form: CaseForm, explained: tuple[Explained, ...], status: int = 200
) -> HttpResponse:
    rows = {each.n: each for each in explained}
    filled = tuple(rows.get(n, Explained(n)) for n in EXPLAINED)
    too_many = not form.fields["items"].choices  # type: ignore[attr-defined]
    asking = OrderPage(form, filled, too_many, _kept(request.POST))
    title = say(lang_of(request), "publishing.order-title")
    return page(
        request, "publishing/order.html", asking, title=title, room="publishing", status=status
    )


def _kept(typed: QueryDict) -> tuple[tuple[str, str], ...]:
    """Return what the second page asked for, so that going back loses nothing of it."""
    return tuple(
        (name, value)
        for name in typed
        if name == "source" or name.startswith(("why_", "class_"))
        for value in typed.getlist(name)
    )


def _explained(typed: QueryDict) -> tuple[Explained, ...]:
    return tuple(
        Explained(n, record, typed.get(f"record_class_{n}", ""), _line(typed, f"record_why_{n}"))
        for n in EXPLAINED
        if (record := _line(typed, f"record_{n}"))
    )


def _said(explained: tuple[Explained, ...]) -> Reasons:
    return tuple(
        (each.record, _class(each.kind), each.text or Why().sentence) for each in explained
    )


def _reasons(typed: QueryDict) -> Reasons:
    """Return why items stay, as the second page asks for it."""
    found = []
    for name in typed:
        item = name.removeprefix("why_")
        text = _line(typed, name)
        if item != name and text:
            found.append((item, _class(typed.get(f"class_{item}", "")), text))
    return tuple(found)


def _class(typed: str) -> str:
    return typed if CLASS.fullmatch(typed) else Why().word


def _line(typed: QueryDict, name: str) -> str:
    return " ".join(typed.get(name, "").split())[:LONGEST]


def _gathered(request: HttpRequest, asked: CaseOrder) -> Contents:
    paths = [made.part_folder(desk_of(), each) for each in asked.parts]
    return gather(Ledger.open(archive_of(request)), asked.order(paths))


def _wording(refusal: Refusal, lang: str) -> str:
    if isinstance(refusal, AgainstLeftOut) and UNEXPLAINED.search(refusal.about):
        return f"{refusal.told(lang).happened} {say(lang, 'publishing.unexplained')}"
    return told(refusal, lang)


def _with_unexplained(explained: tuple[Explained, ...], refusal: Refusal) -> tuple[Explained, ...]:
    """Add the record that the refusal names, so that only the reason is left to be typed."""
    found = UNEXPLAINED.search(refusal.about)
    if not found or len(explained) == len(EXPLAINED):
        return explained
    return (*explained, Explained(len(explained) + 1, found[1]))


def _going(
    request: HttpRequest,
    form: CaseForm,
    contents: Contents,
    asked: CaseOrder,
    explained: tuple[Explained, ...],
) -> GoingPage:
    withheld = tuple(_items_withheld(request, contents, asked))
    claims = contents.claims
    chosen = claims.selection if claims else None
    return GoingPage(
        form,
        tuple((each.number, _title(contents, each)) for each in contents.exhibits),
        withheld,
        len(contents.withheld),
        len(contents.custody),
        len(chosen.claims) if chosen else 0,
        len({each for ids in chosen.against.values() for each in ids}) if chosen else 0,
        len(chosen.shown) if chosen else 0,
        sum(chosen.left_out.values()) if chosen else 0,
        claims.withheld_sources if claims else 0,
        tuple(_sources(claims, asked, SEES[person_of(request).clearance])) if claims else (),
        asked.who,
        explained,
    )


def _title(contents: Contents, exhibit: object) -> str:
    said = exhibit_json(exhibit, title_protected=_protected(contents, exhibit))  # type: ignore[arg-type]
    return shown(str(said["title"]))


def _protected(contents: Contents, exhibit: object) -> bool:
    title = getattr(exhibit, "title", "")
    return bool(title) and contents.opening.names.named_in(title)


def _items_withheld(
    request: HttpRequest, contents: Contents, asked: CaseOrder
) -> Iterator[ItemWithheld]:
    here = {each.item for each in contents.originals}
    accessions = {a for each in contents.originals for a in each.accessions}
    away = {i for each in accessions for i in items_of(contents.ledger, each)} - here
    said = {item: (kind, text) for item, kind, text in asked.withheld}
    for item in sorted(away)[:LISTED]:
        kind, text = said.get(item, (Why().word, ""))
        [line] = items_like(contents.ledger, item, 1)
        yield ItemWithheld(item, named(request, item, line.name), kind, text)


def _sources(claims: Claims, asked: CaseOrder, clearance: int) -> Iterator[SourceLeaving]:
    for id_, revisions in claims.closure.records.items():
        known = revisions[-1]
        if isinstance(known.record, Source) and known.see <= clearance:
            name = known.record.title or known.record.author or known.record.publisher or id_[:8]
            hidden = id_ in claims.selection.sources
            sealed = hidden and id_ not in asked.sources
            yield SourceLeaving(id_, shown(name), hidden, sealed)


def _checked(found: made.MadeCase, lang: str) -> tuple[tuple[Section, ...] | None, bool]:
    kept: Path = found.folder.with_name(found.token + made.CHECKED)
    try:
        said = json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError):
        return None, False
    text = EXACT.sub(lambda exact: isolated(exact[0]), str(said[lang]).strip())
    parts = (each.splitlines() for each in text.split("\n\n"))
    told_parts = tuple(Section(head, tuple(map(str.strip, lines))) for head, *lines in parts)
    return told_parts, said["exit_code"] == 0
