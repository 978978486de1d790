"""Which records of a case leave, and which of their fields are open (spec/casefile.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dalil.casebook.casebook import Known
from dalil.casebook.index.view import SEES
from dalil.casebook.record.form import Record, fields_of
from dalil.casebook.record.law import Bearing
from dalil.casebook.record.mentions import GROUNDS, mentions_of
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.record.victims import Recognition
from dalil.casebook.sites.told import Positions
from dalil.dossier.claims.closure import Closure
from dalil.dossier.claims.contrary import against_each, against_recognitions, never_left_out
from dalil.dossier.exhibits import Why
from dalil.dossier.opening import ProtectedNames
from dalil.errors import AgainstLeftOut, NoSuchThing, NotAllowed, UsageRefused
from dalil.kernel.canonical import Json

ANYWHERE = Positions(SEES["sealed"], {}, {})
WHOLE, PART, CLOSED = "whole", "part", "closed"
# What else, beside the field that names it, says who a withheld source is.
BESIDE: Mapping[str, frozenset[str]] = {
    "assertion": frozenset({"asserted", "key", "locator", "note"}),
    "evidence": frozenset({"locator", "note"}),
    "relation": frozenset({"asserted", "locator", "note"}),
    "derivation": frozenset({"note"}),
    "grade": frozenset({"reasoning"}),
    "name": frozenset({"remark"}),
    "position": frozenset({"asserted", "locator", "verbatim", "note"}),
    "site_state": frozenset({"asserted", "locator", "note"}),
    "victim": frozenset({"conditions", "key"}),
    "recognition": frozenset({"by", "locator", "note", "on", "relation"}),
    "remains": frozenset({"locator", "note"}),
    "identification": frozenset({"by", "locator", "note", "on"}),
}
SPEAKS_ITSELF = frozenset({"source", "by_source", "child", "parent"})
# Ids, days and words from a fixed list: they hold no name.
WORDLESS = frozenset({
    "id", "kind", "see", "case", "revises", "polarity", "modality", "obtained_how", "parts_how",
    "relation", "how", "verdict", "status", "likelihood", "confidence", "basis", "asserted",
    "valid", "published", "date", "lang", "script", "role", "timebase", "proposition", "subject",
    "object", "source", "origin", "assertion", "by_assertion", "by_source", "child", "parent",
    "entity", "a", "b", "incident", "actor", "target", "place", "whole", "assessment", "item",
    "rests_on", "suspect", "hypothesis", "link", "tree", "crime", "mode", "element", "bears",
    "said", "site", "found_by", "state", "victim", "as_victim", "remains", "annotation", "grade",
    "sex", "fate", "age_class", "born", "on", "found_on", "exhumed_on",
})  # fmt: skip
PUBLIC = frozenset({"place", "site", "unit", "organisation", "incident"})
# A name of an institution is looked for whole only: its words are everybody's.
WORDS_OF_A_PERSON = 3
# A shorter title ("Letter") says nothing of who wrote it, and stands in many texts.
SHORTEST_TITLE = 9
SHORTEST_PART = 5
BETWEEN = re.compile(r"[();,&/|·–—]|\band\b|\bquoting\b")
TELLING = Why(
    "source-sealed",
    "It would tell who a sealed source is. · من شأنه أن يكشف هوية مصدر مختوم.",
)
# What says how far a claim is to be relied on stays announced even where it is sealed.
ANNOUNCED = frozenset({"assessment", "count_group", "derivation", "grade"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a case file is asked for: which class goes out, what stays behind, and why.

    ``answered`` are the records that an answer on command rests on: they come along whole.
    ``opposing`` speak against a link of it, and may be sealed. ``unsaid`` are words that no
    text may hold: a short form of a withheld name that only people know. ``where`` tells which
    exact positions may leave.
    """

    see: str = "restricted"
    without: frozenset[str] = frozenset()
    withheld_sources: frozenset[str] = frozenset()
    withheld: Mapping[str, Why] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    opposing: frozenset[str] = frozenset()
    unsaid: tuple[str, ...] = ()
    where: Positions = ANYWHERE


@dataclass(frozen=True, slots=True)
class Shown:
    """One revision of a record as it leaves: how much of it is open.

    ``closed`` are the fields of a part that stay closed; ``hidden`` the ids that they would
    name, by field; ``why`` is given for a record that is withheld though it speaks of a claim.
    """

    known: Known
    state: str
    closed: frozenset[str] = frozenset()
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    why: Why | None = None

    def fields(self) -> dict[str, Json]:
        """Return the fields that are open."""
        said = fields_of(self.known.record)
        if self.state == CLOSED:
            return {"kind": said["kind"]}
        return {name: value for name, value in said.items() if name not in self.closed}


@dataclass(frozen=True, slots=True)
class Shield:
    """What no text that leaves may hold: protected names, and keys of withheld sources.

    ``where`` says whose exact position stays closed.
    """

    names: ProtectedNames
    keys: re.Pattern[str] | None
    where: Positions = ANYWHERE

    def closes(self, text: str) -> bool:
        """Whether this text stays closed."""
        return self.names.named_in(text) or bool(self.keys and self.keys.search(text))


@dataclass(frozen=True, slots=True)
class Selection:
    """What leaves of a closure, in the order of acts and places.

    ``against``: what speaks against each claim that leaves, withheld records among it.
    ``left_out``: how many records of each kind stay behind on request. ``sources``: those whose
    identity is withheld, of which the ``linked`` ones go under one label throughout; ``shield``:
    what no text that leaves may hold.
    """

    shown: tuple[Shown, ...]
    claims: tuple[str, ...]
    against: Mapping[str, frozenset[str]]
    left_out: Mapping[str, int]
    sources: frozenset[str]
    linked: frozenset[str]
    shield: Shield


def select_records(
    closure: Closure, wish: Wish, names: ProtectedNames, opposing: Mapping[str, frozenset[str]]
) -> Selection:
    """Choose what leaves, and close what would give a withheld source or a protected name away.

    ``opposing``: what weighing found against each claim, beside the rules of the page.

    Raises:
        AgainstLeftOut: something that speaks against a claim was to stay behind, or is sealed
            and no reason is given for withholding it. NotAllowed: the case relies on a claim
            that is sealed. NoSuchThing: an id that does not belong to the case. UsageRefused:
            something that stays names what was to stay behind.

    """
    clearance = SEES[wish.see]
    _check_ids(closure, wish)
    claims = _claims(closure, clearance)
    latest = closure.latest()
    against = {
        claim: ids | (opposing.get(claim, frozenset()) & latest.keys())
        for claim, ids in against_each(claims, latest).items()
    }
    demanded = never_left_out(against, latest) | dict.fromkeys(wish.answered, "")
    _refuse_left_out(closure, wish, demanded)
    sources = {each for each in closure.records if _is_withheld(closure, each, wish)}
    above = {each for each in closure.records if closure.records[each][-1].see > clearance}
    needed = _announced(closure, above - sources, against) | (above & wish.opposing)
    telling = {each for each in needed if _own_class(closure, each) <= clearance}
    _refuse_unexplained(closure, needed - telling - set(wish.withheld), demanded)
    closed: dict[str, Why | None] = {**dict.fromkeys(sources), **dict.fromkeys(telling, TELLING)}
    gone = (above - sources - needed) | wish.without | closure.staying()
    closed |= {each: why for each, why in wish.withheld.items() if each not in gone}
    hidden = frozenset(gone | set(closed))
    shield = replace(_shield(closure, sources, names, wish.unsaid), where=wish.where)
    shown: list[Shown] = []
    for each, revisions in closure.records.items():
        if each not in gone:
            shown += _shown(each, revisions, clearance, closed, hidden, shield)
    return Selection(
        tuple(sorted(shown, key=lambda one: (one.known.seq, one.known.place))),
        claims,
        against,
        _counted(closure, wish.without),
        frozenset(sources),
        frozenset(each for each in sources if _own_see(closure, each) <= clearance),
        shield,
    )


def _check_ids(closure: Closure, wish: Wish) -> None:
    for each in sorted(wish.without | wish.withheld_sources | set(wish.withheld)):
        if each not in closure.records or each in closure.staying():
            raise NoSuchThing(f"record {each} among the claims of case {closure.case}")
    for each in sorted(wish.withheld_sources):
        if not isinstance(closure.records[each][-1].record, Source):
            raise NoSuchThing(f"source {each}: this record is no source")
    for each in sorted(wish.withheld):
        claim = each in closure.claims and not _is_sealed_against(closure, each, wish)
        if claim or each in wish.answered:
            raise AgainstLeftOut(f"record {each} cannot be withheld and relied on")


def _is_sealed_against(closure: Closure, id_: str, wish: Wish) -> bool:
    """Whether a claim is here only since it undermines something, and is above what leaves."""
    return id_ in closure.undermining and closure.records[id_][-1].see > SEES[wish.see]


def _claims(closure: Closure, clearance: int) -> tuple[str, ...]:
    sealed = {each for each in closure.claims if closure.records[each][-1].see > clearance}
    relied_on = sorted(sealed & closure.adopted)
    if relied_on:
        raise NotAllowed(f"the case relies on proposition {relied_on[0]}, which does not leave")
    claims = tuple(each for each in closure.claims if each not in sealed)
    if sealed and not claims:
        raise NoSuchThing(f"case {closure.case}: a claim that may leave")
    return claims


def _refuse_left_out(closure: Closure, wish: Wish, demanded: Mapping[str, str]) -> None:
    for each in sorted(wish.without):
        if each in demanded:
            raise AgainstLeftOut(_named(closure, each, demanded[each]))
    for record in closure.latest().values():
        left = {m.target for m in mentions_of(record) if m.field != GROUNDS} & wish.without
        if left and record.id not in wish.without:
            raise UsageRefused(
                f"{record.kind} {record.id} names {min(left)}: leave both out, or withhold it"
            )


def _refuse_unexplained(closure: Closure, ids: set[str], demanded: Mapping[str, str]) -> None:
    if ids:
        first = min(ids)
        more = f" (and {len(ids) - 1} more)" if len(ids) > 1 else ""
        raise AgainstLeftOut(
            f"{_named(closure, first, demanded.get(first, ''))} is sealed{more}: "
            f"say why it is withheld, with --withheld {first}=CLASS:REASON"
        )


def _named(closure: Closure, id_: str, claim: str) -> str:
    kind = closure.records[id_][-1].record.kind
    return f"{kind} {id_}" + (f", against proposition {claim}," if claim else "")


def _is_withheld(closure: Closure, id_: str, wish: Wish) -> bool:
    record = closure.records[id_][-1].record
    if not isinstance(record, Source):
        return False
    asked = id_ in wish.withheld_sources or id_ in wish.withheld
    return asked or SEES[record.see] > SEES[wish.see]


def _own_see(closure: Closure, id_: str) -> int:
    return SEES[closure.records[id_][-1].record.see]


def _own_class(closure: Closure, id_: str) -> int:
    """Return the class of a record that is sealed only because it would tell who a source is."""
    known = closure.records[id_][-1]
    alone = known.record.kind in ("derivation", "grade")
    return _own_see(closure, id_) if alone else known.see


def _announced(
    closure: Closure, above: set[str], against: Mapping[str, frozenset[str]]
) -> set[str]:
    """Return the records above what leaves that are announced, closed: they speak against it."""
    latest = closure.latest()
    speaking = {each for ids in against.values() for each in ids}
    here = set(closure.records) - above
    speaking |= {
        each for one, ids in against_recognitions(latest).items() if one in here for each in ids
    }
    judging = {
        each.id
        for each in latest.values()
        if _is_announced(each) and any(m.target in here for m in mentions_of(each))
    }
    return above & (speaking | judging | closure.undermining)


def _is_announced(record: Record) -> bool:
    """Whether a record stays announced where it is sealed: it lowers what something is worth."""
    undermines = isinstance(record, Bearing) and record.bears == "undermines"
    return undermines or record.kind in ANNOUNCED


def _shield(
    closure: Closure, withheld: set[str], names: ProtectedNames, unsaid: Iterable[str]
) -> Shield:
    """Gather what tells who a withheld source is, unless an open source says the same."""
    latest = [revisions[-1].record for revisions in closure.records.values()]
    sources = [each for each in latest if isinstance(each, Source) and each.id not in withheld]
    public = {part for each in sources for part in _speaker_parts(each)}
    public |= {each.title for each in sources if each.title}
    hidden = [k.record for each in withheld for k in closure.records[each]]
    people: set[str] = set()
    texts = {each for each in unsaid if each.strip()}
    keys: set[str] = set()
    for each in hidden:
        if isinstance(each, Source):
            author = each.author or ""
            if author not in public and 0 < len(author.split()) <= WORDS_OF_A_PERSON:
                people.add(author)
            titled = {each.title} if each.title and len(each.title) >= SHORTEST_TITLE else set()
            texts |= (_speaker_parts(each) | titled) - public
            texts |= {w for w in (each.url, each.archive_url, each.id) if w}
            keys |= {each.key} if each.key else set()
    places = [each for each in latest if isinstance(each, Entity) and each.type in PUBLIC]
    forms = [str(name["form"]) for each in places for name in each.names]
    pattern = "|".join(re.escape(each) for each in sorted(keys))
    bounded = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) if keys else None
    return Shield(names.together_with(people, texts).known_to_all(forms), bounded)


def _speaker_parts(source: Source) -> set[str]:
    """Return author and publisher, whole and in parts: "New Times (A. Bell)" has two."""
    said = [each for each in (source.author, source.publisher) if each]
    parts = [part.strip() for each in said for part in BETWEEN.split(each)]
    return {each for each in (*said, *parts) if len(each) >= SHORTEST_PART}


def _shown(
    id_: str,
    revisions: Iterable[Known],
    clearance: int,
    closed: Mapping[str, Why | None],
    hidden: frozenset[str],
    shield: Shield,
) -> Iterator[Shown]:
    for known in revisions:
        if id_ in closed:
            yield Shown(known, CLOSED, why=closed[id_])
            continue
        if known.see > clearance:
            continue
        named = _named_hidden(known.record, hidden)
        fields = set(named) | _beside(known.record, set(named)) | _telling(known.record, shield)
        fields |= shield.where.closed(known.record)
        present = frozenset(fields & set(fields_of(known.record)))
        yield Shown(known, PART if present else WHOLE, present, named)


def _named_hidden(record: Record, hidden: frozenset[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for mention in mentions_of(record):
        if mention.target in hidden:
            found.setdefault(mention.field, set()).add(mention.target)
    return {name: frozenset(ids) for name, ids in found.items()}


def _beside(record: Record, named: set[str]) -> frozenset[str]:
    if named & SPEAKS_ITSELF:
        return BESIDE.get(record.kind, frozenset())
    return frozenset({"note"}) if named & {"origin", "cited"} else frozenset()


def _telling(record: Record, shield: Shield) -> set[str]:
    """Return the fields whose words hold a protected name."""
    skipped = WORDLESS | {"type"} if isinstance(record, Entity) else WORDLESS
    if isinstance(record, Recognition):
        # Elsewhere a word of a fixed list; here who somebody is to the dead.
        skipped -= {"relation"}
    return {
        name
        for name, value in fields_of(record).items()
        if name not in skipped and any(map(shield.closes, _texts(value)))
    }


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _texts(each)


def _counted(closure: Closure, ids: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in ids:
        kind = closure.records[each][-1].record.kind
        counts[kind] = counts.get(kind, 0) + 1
    return counts
