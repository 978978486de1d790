"""Publish a part: choose a clip, say what and why, see what leaves, sign, fetch it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.casebook.index.view import SEES
from dalil.disclose.conditions import demand_release
from dalil.disclose.pictures import frame_size
from dalil.disclose.publish import Foreseen
from dalil.dossier.exhibits import shown
from dalil.engines.bundle import zipped
from dalil.errors import NoSuchThing, ProofBroken, Refusal
from dalil.intake.listing import count_items, item_lines, show_item
from dalil.kernel.seal import NANO, TILE_SIDE
from dalil.ledger.ledger import Ledger
from dalil.web.frame.access import archive_of, right, view_of_request
from dalil.web.frame.form import told
from dalil.web.frame.once import once
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say
from dalil.web.jobs.start import address_of, start
from dalil.web.publishing import made
from dalil.web.publishing.forms import FORMS, PartForm
from dalil.web.publishing.orders import KINDS

PER_PAGE = 50
WRONG = 422


@dataclass(frozen=True, slots=True)
class IndexPage:
    """What was made here and can be fetched."""

    parts: tuple[made.MadePart, ...]
    cases: tuple[made.MadeCase, ...]


@dataclass(frozen=True, slots=True)
class ItemChosen:
    """An item of which a part may be made: its name; size of its pictures, if it has any."""

    item: str
    name: str
    seconds: float | None
    width: int = 0
    height: int = 0
    tile: int = TILE_SIDE


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """Items to choose from."""

    rows: tuple[ItemChosen, ...]
    pager: Pager
    kinds: tuple[str, ...] = KINDS


@dataclass(frozen=True, slots=True)
class PartPage:
    """The form of one kind of part."""

    item: ItemChosen
    kind: str
    form: PartForm
    kinds: tuple[str, ...] = KINDS


@dataclass(frozen=True, slots=True)
class LeavesPage:
    """What would leave and what stays, before it is signed; times in seconds."""

    item: ItemChosen
    kind: str
    form: PartForm
    foreseen: Foreseen
    begin: float
    end: float
    court: bool

    @property
    def withheld(self) -> int:
        """How many packets of the run stay closed."""
        return self.foreseen.units - self.foreseen.opened

    @property
    def shown_tiles(self) -> int:
        """How many tiles of a picture are open."""
        return self.foreseen.tiles - self.foreseen.hidden


@dataclass(frozen=True, slots=True)
class MadePage:
    """A part that lies here; times in seconds."""

    part: made.MadePart
    name: str
    begin: float
    end: float


@right("publish")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show what was made here."""
    desk, ledger = desk_of(), Ledger.open(archive_of(request))
    told_page = IndexPage(tuple(made.parts(desk, ledger)), tuple(made.cases(desk, ledger)))
    return _page(request, "index", told_page, say(lang_of(request), "publishing.index-title"))


@right("publish")
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Show the items of which a part may be made."""
    ledger = Ledger.open(archive_of(request))
    pager = pager_of(request, count_items(ledger), PER_PAGE)
    rows = item_lines(ledger, slice(pager.first, pager.first + PER_PAGE))
    chosen = tuple(
        ItemChosen(each.item, named(request, each.item, each.name), _seconds(each.duration_ns))
        for each in rows
    )
    title = say(lang_of(request), "publishing.choose-title")
    return _page(request, "choose", ChoosePage(chosen, pager), title)


@right("publish")
@require_http_methods(["GET", "POST"])
@once
def part(request: HttpRequest, item: str, kind: str) -> HttpResponseBase:
    """Ask what shall leave and why; show it; then sign it and make it."""
    if kind not in FORMS:
        raise NoSuchThing("")
    archive, lang = archive_of(request), lang_of(request)
    chosen = _chosen(request, item)
    if request.method == "GET":
        return _form(request, chosen, FORMS[kind](lang=lang))
    form = FORMS[kind](request.POST, lang=lang)
    if not form.is_valid():
        return _form(request, chosen, form, WRONG)
    if request.POST.get("step") == "change":
        return _form(request, chosen, form)
    order = form.order(chosen.item)
    try:
        foreseen = order.foreseen(archive)
        stretch = (foreseen.from_ns, foreseen.to_ns)
        demand_release(archive, chosen.item, order.conditions, *stretch)
    except ProofBroken:
        raise
    except Refusal as refusal:
        form.add_error(None, told(refusal, lang))
        return _form(request, chosen, form, WRONG)
    if request.POST.get("step") == "sign":
        params = {"token": made.fresh_token(), "order": order.values()}
        return redirect(address_of(start(request, "publishing.part", params)))
    told_page = LeavesPage(
        chosen, kind, form, foreseen, foreseen.from_ns / NANO, foreseen.to_ns / NANO,
        order.conditions.purpose == "court",
    )  # fmt: skip
    return _page(request, "leaves", told_page, say(lang, "publishing.leaves-title"))


@right("publish")
@require_GET
def made_part(request: HttpRequest, token: str) -> HttpResponse:
    """Show a part that was made here, to be fetched."""
    archive = archive_of(request)
    found = made.part(desk_of(), Ledger.open(archive), token)
    name = _chosen(request, found.item).name
    told_page = MadePage(found, name, found.from_ns / NANO, found.to_ns / NANO)
    return _page(request, "made", told_page, say(lang_of(request), f"publishing.kind-{found.kind}"))


@right("publish")
@require_GET
def part_zip(request: HttpRequest, token: str) -> StreamingHttpResponse:
    """Give a part as one file."""
    found = made.part(desk_of(), Ledger.open(archive_of(request)), token)
    return as_zip(found.folder, "part", f"{found.kind}-{found.seq}")


@right("publish")
@require_POST
@once
def remove(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take a part away from this machine."""
    made.remove(made.part(desk_of(), Ledger.open(archive_of(request)), token))
    return redirect("publishing:index")


def as_zip(folder: Path, top: str, name: str) -> StreamingHttpResponse:
    """Return a folder as a ZIP that is never on the disk."""
    response = StreamingHttpResponse(zipped(folder, top), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["Content-Security-Policy"] = "sandbox"
    return response


def desk_of() -> Path:
    """Return the folder of this desk, where what was made lies until it is fetched."""
    return settings.DESK


def named(request: HttpRequest, item: str, name: str) -> str:
    """Return what an item is called, as safe text; its number in a view of open things alone."""
    may_name = view_of_request(request).may_see(SEES["restricted"])
    return shown(name) if may_name else item[:12]


def _chosen(request: HttpRequest, item: str) -> ItemChosen:
    archive = archive_of(request)
    about = show_item(archive, item)
    size = frame_size(archive, item) or (0, 0)
    name = named(request, item, about.names[0])
    return ItemChosen(item, name, _seconds(about.duration_ns), *size)


def _seconds(nanoseconds: int | None) -> float | None:
    return nanoseconds / NANO if nanoseconds else None


def _form(
    request: HttpRequest, chosen: ItemChosen, form: PartForm, status: int = 200
) -> HttpResponse:
    title = say(lang_of(request), f"publishing.kind-{form.kind}")
    return _page(request, "part", PartPage(chosen, form.kind, form), title, status)


def _page(
    request: HttpRequest, name: str, shown: object, title: str, status: int = 200
) -> HttpResponse:
    template = f"publishing/{name}.html"
    return page(request, template, shown, title=title, room="publishing", status=status)
