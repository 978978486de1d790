"""What is held: accessions, items, how each accession came, and whether all is as recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from dalil.errors import NoSuchThing
from dalil.intake.accession import manifest, read_accession, tell
from dalil.intake.audit import CHECKED, CheckSaid, checks_said, count_checks
from dalil.intake.listing import (
    AccessionLine,
    ItemLine,
    accession_line,
    accession_lines,
    count_accessions,
    count_items,
    item_lines,
    items_like,
    receipts_in,
)
from dalil.web.archive.custody import Guard, Hand, as_file, guard_of, hands_of, ledger_of
from dalil.web.archive.forms import CheckForm, TellingForm, keep_typed
from dalil.web.frame.access import person_of, right, signer_of
from dalil.web.frame.once import once
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say
from dalil.web.jobs.start import address_of, start

ACCESSIONS_A_PAGE, ROWS_A_PAGE, CHECKS_A_PAGE = 20, 50, 20
HEX = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class AccessionRow:
    """One accession in the list; empty texts where the reader may not see them."""

    accession: str
    opened_at: str
    title: str
    closed: bool
    receipts: int
    gaps: int
    unread: int
    tellings: int
    contested: bool


@dataclass(frozen=True, slots=True)
class ShelvesPage:
    """What is held in all, the last check, and the accessions."""

    items: int
    accessions: int
    acts: int
    check: CheckSaid | None
    rows: tuple[AccessionRow, ...]
    pager: Pager
    may_take_in: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item in a list; seconds where it is footage."""

    item: str
    name: str
    length: int
    sha256: str
    seconds: float | None
    again: bool


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """Items, all or those whose id or SHA-256 begins as asked."""

    asked: str
    unfit: bool
    count: int
    rows: tuple[ItemRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class AccessionPage:
    """One accession: where from, what is missing, how it came, what was in it."""

    accession: str
    line: AccessionRow
    closed_by: int | None
    manifest_sha256: str
    paths: tuple[str, ...]
    note: str
    gaps: tuple[str, ...]
    unread: tuple[str, ...]
    guarded: bool
    hands: tuple[Hand, ...]
    rows: tuple[ItemRow, ...]
    pager: Pager
    may_tell: bool


@dataclass(frozen=True, slots=True)
class TellingPage:
    """The form for one more hop."""

    accession: str
    form: TellingForm


@dataclass(frozen=True, slots=True)
class IntegrityPage:
    """Checks as the acts tell them, the last first."""

    checks: tuple[CheckSaid, ...]
    pager: Pager
    may_check: bool
    form: CheckForm


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show what is held, and the accessions."""
    ledger, guard = ledger_of(request), guard_of(request)
    count = count_accessions(ledger)
    pager = pager_of(request, count, ACCESSIONS_A_PAGE)
    lines = accession_lines(ledger, slice(pager.first, pager.first + ACCESSIONS_A_PAGE))
    last = checks_said(ledger, slice(0, 1))
    shown = ShelvesPage(
        count_items(ledger),
        count,
        ledger.store.count(),
        last[0] if last else None,
        tuple(_accession_row(each, guard) for each in lines),
        pager,
        person_of(request).may("take_in"),
    )
    title = say(lang_of(request), "archive.title")
    return page(request, "archive/index.html", shown, title=title, room="archive")


@right("read")
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """List items; ``?q=`` asks for the beginning of an id or of a SHA-256."""
    ledger, guard = ledger_of(request), guard_of(request)
    asked = request.GET.get("q", "").strip().lower()
    unfit = bool(asked) and not HEX.fullmatch(asked)
    if asked:
        lines = [] if unfit else items_like(ledger, asked, ROWS_A_PAGE)
        count, pager = len(lines), pager_of(request, 0, ROWS_A_PAGE)
    else:
        count = count_items(ledger)
        pager = pager_of(request, count, ROWS_A_PAGE)
        lines = item_lines(ledger, slice(pager.first, pager.first + ROWS_A_PAGE))
    rows = tuple(_item_row(each, guard) for each in lines)
    shown = ItemsPage(asked, unfit, count, rows, pager)
    title = say(lang_of(request), "archive.items-title")
    return page(request, "archive/items.html", shown, title=title, room="archive")


@right("read")
@require_GET
def accession(request: HttpRequest, accession_id: str) -> HttpResponse:
    """Show one accession, its receipts a page at a time."""
    ledger, guard = ledger_of(request), guard_of(request)
    line = accession_line(ledger, accession_id)
    pager = pager_of(request, line.receipts, ROWS_A_PAGE)
    receipts = receipts_in(ledger, accession_id, slice(pager.first, pager.first + ROWS_A_PAGE))
    rows = tuple(
        ItemRow(r.item, guard.name(r.name_text), r.length, r.sha256, None, r.duplicate_of)
        for r in receipts
    )
    row = _accession_row(line, guard)
    shown = AccessionPage(
        accession_id,
        row,
        line.closed_by,
        line.manifest_sha256,
        () if guard.closed else line.paths,
        "" if guard.closed else line.note,
        () if guard.closed else line.gaps,
        () if guard.closed else line.unread,
        guard.closed,
        hands_of(line.telling, guard),
        rows,
        pager,
        person_of(request).may("take_in"),
    )
    title = row.title or say(lang_of(request), "archive.accession")
    return page(request, "archive/accession.html", shown, title=title, room="archive")


@right("take_in")
@require_http_methods(["GET", "POST"])
@once
def telling(request: HttpRequest, accession_id: str) -> HttpResponse:
    """Record one more hop of how an accession came; a rival one stands beside the first."""
    ledger, lang = ledger_of(request), lang_of(request)
    line = accession_line(ledger, accession_id)
    if request.method == "POST":
        form = TellingForm(request.POST, lang=lang)
        if form.is_valid():
            tell(ledger, signer_of(request), accession_id, form.hop())
            return redirect("archive:accession", accession_id)
    else:
        following = max((each.hop.hop for each in line.telling), default=0) + 1
        form = TellingForm(initial={"number": min(following, 999)}, lang=lang)
    keep_typed(form, accession_id)
    status = 422 if request.method == "POST" else 200
    shown = TellingPage(accession_id, form)
    title = say(lang, "archive.telling-title")
    return page(request, "archive/telling.html", shown, title=title, room="archive", status=status)


@right("read")
@require_GET
def manifest_file(request: HttpRequest, accession_id: str) -> HttpResponse:
    """Hand the manifest of a closed accession down, as a file."""
    ledger = ledger_of(request)
    if accession_line(ledger, accession_id).closed_by is None or guard_of(request).closed:
        raise NoSuchThing("a manifest")
    text = manifest(accession_id, read_accession(ledger, accession_id).receipts)
    return as_file(text, f"manifest-{accession_id}.txt")


@right("read")
@require_GET
def accession_receipt(request: HttpRequest, accession_id: str) -> HttpResponse:
    """Hand the receipt of the act that closed an accession down, as a file."""
    ledger = ledger_of(request)
    closed_by = accession_line(ledger, accession_id).closed_by
    if closed_by is None:
        raise NoSuchThing("a receipt")
    return as_file(str(ledger.proof(closed_by)), f"act-{closed_by}.tlog-proof")


@right("read")
@require_GET
def integrity(request: HttpRequest) -> HttpResponse:
    """Show the checks that were recorded."""
    ledger = ledger_of(request)
    pager = pager_of(request, count_checks(ledger), CHECKS_A_PAGE)
    checks = checks_said(ledger, slice(pager.first, pager.first + CHECKS_A_PAGE))
    form = CheckForm(lang=lang_of(request))
    may = person_of(request).may("check")
    shown = IntegrityPage(tuple(checks), pager, may, form)
    title = say(lang_of(request), "archive.integrity")
    return page(request, "archive/integrity.html", shown, title=title, room="archive")


@right("read")
@require_GET
def check_receipt(request: HttpRequest, seq: int) -> HttpResponse:
    """Hand the receipt of a recorded check down, as a file."""
    ledger = ledger_of(request)
    if ("type", CHECKED) not in ledger.store.about(seq, seq + 1).get(seq, set()):
        raise NoSuchThing("a receipt")
    return as_file(str(ledger.proof(seq)), f"act-{seq}.tlog-proof")


@right("check")
@require_http_methods(["POST"])
@once
def check(request: HttpRequest) -> HttpResponse:
    """Begin a check of the archive."""
    form = CheckForm(request.POST, lang=lang_of(request))
    if not form.is_valid():
        return redirect("archive:integrity")
    job = start(request, "archive.check", {"share": form.cleaned_data["share"]})
    return redirect(address_of(job))


def _accession_row(line: AccessionLine, guard: Guard) -> AccessionRow:
    numbers = [each.hop.hop for each in line.telling]
    return AccessionRow(
        line.accession,
        line.opened_at,
        _title(line, guard),
        line.closed_by is not None,
        line.receipts,
        len(line.gaps),
        len(line.unread),
        len(numbers),
        len(numbers) != len(set(numbers)),
    )


def _title(line: AccessionLine, guard: Guard) -> str:
    """Return what an accession is called: its note, else the last part of where it came from."""
    if guard.closed or line.note:
        return "" if guard.closed else line.note
    first = line.paths[0] if line.paths else ""
    return "" if first.startswith("urn:") else Path(first).name


def _item_row(line: ItemLine, guard: Guard) -> ItemRow:
    seconds = None if line.duration_ns is None else line.duration_ns / 10**9
    return ItemRow(line.item, guard.name(line.name), line.length, line.sha256, seconds, again=False)
