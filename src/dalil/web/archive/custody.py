"""One item: what it is, how it came, what was done with it; and what of that a reader sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from dalil.casebook.index.view import SEES
from dalil.dossier.desk import plain
from dalil.dossier.opening import Opening, ProtectedNames, protected_names
from dalil.errors import NoSuchThing
from dalil.intake.accession import SEALED, TAKEN_IN, TOLD
from dalil.intake.audit import CheckSaid, last_check_of
from dalil.intake.listing import ToldHop, told_of
from dalil.kernel.act import Act, check_by
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import b64url
from dalil.ledger.act_store import Row
from dalil.ledger.ledger import Ledger
from dalil.ledger.people import ABOUT_PEOPLE
from dalil.match.copies.judgement import JUDGED
from dalil.web.frame.access import Person, archive_of, person_of, right, view_of_request
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say, say_html, words_of

OPEN = "open"
LOOKS = ("look-asked", "looked")
DEEDS_A_PAGE, RECEIPTS_READ = 40, 50
# Pages of other rooms about an item: address, words, the right it needs, arguments beside the item.
ITEM = ""
ELSEWHERE: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("viewing:item", "to-view", "read", (ITEM,)),
    ("copies:item", "to-copies", "read", (ITEM,)),
    ("describing:item", "to-describe", "read", (ITEM,)),
    ("describing:transcript", "to-transcript", "read", (ITEM,)),
    ("publishing:paper", "to-report", "look", ("custody", ITEM)),
    ("publishing:part", "to-excerpt", "publish", (ITEM, "excerpt")),
    ("publishing:part", "to-redact", "publish", (ITEM, "redact")),
    ("publishing:part", "to-still", "publish", (ITEM, "still")),
)
SPOKEN_OF = ("name", "length", "to", "recipient", "reason_code", "legal_basis")


@dataclass(frozen=True, slots=True)
class Guard:
    """Who is not to be named before this reader; ``names`` is None where the reader may know.

    A guest sees what a case file would open of an act (spec/casefile.md), and no more.
    """

    names: ProtectedNames | None

    @property
    def closed(self) -> bool:
        """Whether anything is withheld from this reader."""
        return self.names is not None

    @property
    def kept_back(self) -> tuple[str, ...]:
        """Types of acts of which this reader does not see that there are any.

        A look is counted alone; a judgement tells that another file was found alike, which is
        restricted.
        """
        return (*LOOKS, JUDGED) if self.closed else LOOKS

    def text(self, text: str) -> str:
        """Return a text, or nothing where it names somebody who is protected."""
        return "" if self.names is not None and self.names.named_in(text) else text

    def fields(self, act: Act) -> dict[str, Json]:
        """Return the fields of an act that this reader sees, by name."""
        opened = act.opened() if self.names is None else Opening(self.names).fields(act)
        return {**act.payload, **opened}

    def name(self, name: str) -> str:
        """Return a file's name; for whom names are closed, without its folders."""
        return name if self.names is None else self.text(name.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling of a hop; empty where it is not said, or withheld from this reader."""

    seq: int
    told_at: str
    who: str
    role: str
    when: str
    where: str
    how: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Hand:
    """One hop and its tellings, rivals side by side."""

    number: int
    tellings: tuple[Telling, ...]
    withheld: bool

    @property
    def contested(self) -> bool:
        """Whether there is more than one telling."""
        return len(self.tellings) > 1


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done: the act, when, in a sentence, by whom."""

    seq: int
    at: str
    said: SafeString
    who: str


@dataclass(frozen=True, slots=True)
class CameIn:
    """One accession that an item came in with."""

    accession: str
    at: str
    hands: tuple[Hand, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item. ``check`` is the last one that read it; ``looks`` is a number and never who."""

    item: str
    names: tuple[str, ...]
    fields: Mapping[str, Json]
    seconds: float | None
    packets: int
    frames: int
    came: tuple[CameIn, ...]
    check: CheckSaid | None
    broken: bool
    stamped_at: str
    deeds: tuple[Deed, ...]
    pager: Pager
    looks: int
    may_give: bool
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A page of another room about this item, and its words."""

    address: str
    words: str


@right("read")
@require_GET
def item(request: HttpRequest, item_id: str) -> HttpResponse:
    """Show one item and the acts about it, a page at a time."""
    ledger, guard, lang = ledger_of(request), guard_of(request), lang_of(request)
    store, about = ledger.store, ("item", item_id)
    taken = store.page_about([about, ("type", TAKEN_IN)], slice(0, RECEIPTS_READ))
    sealed = store.page_about([about, ("type", SEALED)], slice(0, 1))
    if not taken or not sealed:
        raise NoSuchThing(f"item {item_id}")
    pager = pager_of(request, store.count_about(about, without=guard.kept_back), DEEDS_A_PAGE)
    part = slice(pager.first, pager.first + DEEDS_A_PAGE)
    deeds = store.page_about([about], part, without=guard.kept_back)
    fields = guard.fields(sealed[0].act)
    check = last_check_of(ledger, item_id, taken[0].seq)
    stamped = store.page_about([("type", "stamped")], slice(0, 1), newest=True)
    person, length = person_of(request), fields["duration_ns"]
    names = [guard.name(str(row.act.opened()["name_text"])) for row in taken]
    shown = ItemPage(
        item_id,
        tuple(filter(None, dict.fromkeys(names))),
        {**guard.fields(taken[0].act), **fields},
        None if length is None else length / 10**9,
        sum(fields["units"]) if fields["sealed_by"] == "units" else 0,
        sum(fields["frames"]),
        _came(ledger, taken, guard),
        check,
        check is not None and check.names(item_id),
        _stamped_at(stamped, taken[0].seq),
        tuple(_deeds(deeds, _people(ledger), guard, lang)),
        pager,
        store.count_about(about, ("type", "look-asked")),
        person.may("give_out"),
        tuple(_links(person, item_id, lang)),
    )
    title = shown.names[0] if shown.names else say(lang, "archive.item")
    return page(request, "archive/item.html", shown, title=title, room="archive")


@right("read")
@require_GET
def receipt(request: HttpRequest, item_id: str, seq: int) -> HttpResponse:
    """Hand the receipt of an act about an item down, as a file; what is kept back has none."""
    ledger = ledger_of(request)
    about = _about(ledger, seq)
    kept_back = any(("type", kind) in about for kind in guard_of(request).kept_back)
    if ("item", item_id) not in about or kept_back:
        raise NoSuchThing("a receipt")
    return as_file(str(ledger.proof(seq)), f"act-{seq}.tlog-proof")


def as_file(text: str, name: str) -> HttpResponse:
    """Return a text that the browser keeps and does not show; ``name`` is ASCII."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def guard_of(request: HttpRequest) -> Guard:
    """Return what is withheld from whoever is logged in, with this page's view."""
    if view_of_request(request).clearance != SEES[OPEN]:
        return Guard(None)
    ledger = ledger_of(request)
    return Guard(_protected(ledger.archive, ledger.store.count_about(("type", TOLD))))


def ledger_of(request: HttpRequest) -> Ledger:
    """Return the acts of the archive; one door a process, since its index is opened once."""
    return _ledger(archive_of(request))


def hands_of(told: Sequence[ToldHop], guard: Guard) -> tuple[Hand, ...]:
    """Return tellings hop by hop, as this reader sees them."""
    found = groupby(sorted(told, key=lambda each: each.hop.hop), key=lambda each: each.hop.hop)
    return tuple(
        Hand(number, tuple(_telling(each, guard) for each in tellings), guard.closed)
        for number, tellings in found
    )


def _came(ledger: Ledger, taken: Sequence[Row], guard: Guard) -> tuple[CameIn, ...]:
    found: dict[str, str] = {}
    for row in taken:
        fields = row.act.opened()
        found.setdefault(str(fields["accession"]), str(fields["time"]))
    told = told_of(ledger, list(found))
    return tuple(
        CameIn(accession, at, hands_of(told[accession], guard)) for accession, at in found.items()
    )


def _deeds(
    rows: Sequence[Row], people: Mapping[str, str], guard: Guard, lang: str
) -> Iterator[Deed]:
    for row in rows:
        act = row.act
        fields, kind = guard.fields(act), act.type
        if kind == TAKEN_IN:
            kind = "taken-in-again" if fields["duplicate_of"] else kind
            fields["name"] = guard.name(str(act.opened()["name_text"]))
        key = f"did-{kind}" if f"did-{kind}" in words_of("archive") else "did-other"
        said = say_html(lang, f"archive.{key}", **_told(fields, lang), kind=kind)
        signed_by = check_by(act)
        who = people.get(b64url(signed_by), "") if signed_by else ""
        yield Deed(row.seq, str(fields["time"]), said, who)


def _told(fields: Mapping[str, Json], lang: str) -> dict[str, str | int]:
    """Return the fields that sentences speak of; what is not open is said to be withheld."""
    withheld = say(lang, "archive.withheld")
    said = {name: fields.get(name) or withheld for name in SPOKEN_OF}
    return {name: each if isinstance(each, int) else plain(each) for name, each in said.items()}


def _links(person: Person, item_id: str, lang: str) -> Iterator[Link]:
    for name, words, needed, others in ELSEWHERE:
        if person.may(needed):
            address = reverse(name, args=[each or item_id for each in others])
            yield Link(address, say(lang, f"archive.{words}"))
    if person.may("publish"):
        address = f"{reverse('publishing:order')}?item={item_id}"
        yield Link(address, say(lang, "archive.to-case-file"))


def _people(ledger: Ledger) -> Mapping[str, str]:
    return _names(ledger.archive, ledger.store.last_of_types(ABOUT_PEOPLE))


@lru_cache(maxsize=4)
def _names(archive: Path, _last: int) -> Mapping[str, str]:
    """Read who holds which key anew whenever an act speaks of people."""
    return {b64url(each.key): each.name for each in Ledger.open(archive).roster().people.values()}


def _stamped_at(stamped: Sequence[Row], since: int) -> str:
    if not stamped or stamped[0].seq < since:
        return ""
    return str(stamped[0].act.opened().get("stamped_at", ""))


def _about(ledger: Ledger, seq: int) -> set[tuple[str, str]]:
    return ledger.store.about(seq, seq + 1).get(seq, set())


def _telling(told: ToldHop, guard: Guard) -> Telling:
    hop = told.hop
    known = not guard.closed
    return Telling(
        told.seq,
        told.told_at,
        hop.who if known else "",
        guard.text(hop.role),
        guard.text(hop.when),
        guard.text(hop.where),
        guard.text(hop.how),
        hop.source if known else "",
        hop.note if known else "",
    )


@cache
def _ledger(archive: Path) -> Ledger:
    return Ledger.open(archive)


@lru_cache(maxsize=4)
def _protected(archive: Path, _tellings: int) -> ProtectedNames:
    """Gather the names anew whenever there are more tellings."""
    ledger = Ledger.open(archive)
    staff = [person.name for person in ledger.roster().people.values()]
    return protected_names((entry.act for entry in ledger.acts(TOLD)), staff)
