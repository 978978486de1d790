"""Custody report, list of exhibits and draft certificate, as a page and as a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from dalil.dossier.paper import Beside, Document, Head, Row, Says, Title, as_pdf
from dalil.dossier.report import custody_report, draft_certificate, exhibit_list
from dalil.errors import NoSuchThing, NotAllowed
from dalil.web.frame.access import archive_of, person_of, right
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of

CUSTODY, CERTIFICATE = "custody", "certificate"


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a paper as the page shows it: ``kind`` is head, says, row or beside."""

    kind: str
    text: str = ""
    label: str = ""
    note: str = ""
    mono: bool = False
    faint: bool = False
    columns: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PaperPage:
    """A paper on the screen, and the address of the same on paper."""

    title: str
    under: str
    lines: tuple[Line, ...]
    pdf: str


@right("look")
@require_GET
def paper(request: HttpRequest, kind: str, item: str) -> HttpResponse:
    """Show the custody report of an item, or a draft certificate for it."""
    document = _of_item(request, kind, item)
    return _shown(request, document, reverse("publishing:paper-pdf", args=[kind, item]))


@right("look")
@require_GET
def paper_pdf(request: HttpRequest, kind: str, item: str) -> HttpResponse:
    """Give the same as PDF."""
    return _as_file(_of_item(request, kind, item), f"{kind}-{item[:8]}")


@right("publish")
@require_GET
def exhibits(request: HttpRequest) -> HttpResponse:
    """Show the list of all that ever had an exhibit number."""
    document = exhibit_list(archive_of(request), (), lang_of(request))
    return _shown(request, document, reverse("publishing:exhibits-pdf"))


@right("publish")
@require_GET
def exhibits_pdf(request: HttpRequest) -> HttpResponse:
    """Give the same as PDF."""
    return _as_file(exhibit_list(archive_of(request), (), lang_of(request)), "exhibits")


def _of_item(request: HttpRequest, kind: str, item: str) -> Document:
    if kind == CUSTODY:
        return custody_report(archive_of(request), item, lang_of(request))
    if kind != CERTIFICATE:
        raise NoSuchThing("")
    if not person_of(request).may("publish"):
        raise NotAllowed("")
    return draft_certificate(archive_of(request), item, lang_of(request))


def _shown(request: HttpRequest, document: Document, pdf: str) -> HttpResponse:
    under = next((each.under for each in document.blocks if isinstance(each, Title)), "")
    lines = tuple(line for each in document.blocks if (line := _line(each)) is not None)
    shown = PaperPage(document.title, under, lines, pdf)
    return page(request, "publishing/paper.html", shown, title=document.title, room="publishing")


def _line(block: object) -> Line | None:
    match block:
        case Head(text):
            return Line("head", text)
        case Says(text, faint):
            return Line("says", text, faint=faint) if text else None
        case Row(label, text, note, mono):
            return Line("row", text, label, note, mono)
        case Beside(columns, mark):
            return Line("beside", mark, columns=columns)
    return None


def _as_file(document: Document, name: str) -> HttpResponse:
    response = HttpResponse(as_pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.{document.lang}.pdf"'
    response["Content-Security-Policy"] = "sandbox"
    return response
