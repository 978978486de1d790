"""Which records belong to the claims of a case: all that is said on them, for and against."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, select

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.tables import ACT, MENTION, RECORD
from dalil.casebook.index.view import SEES, View
from dalil.casebook.record.claims import Adoption, CountGroup, Proposition
from dalil.casebook.record.form import Record, trusted_record_of
from dalil.casebook.record.law import Bearing
from dalil.casebook.record.mentions import STAYS, mentions_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Name
from dalil.casebook.record.victims import Victim
from dalil.engines.sqlite import pieces
from dalil.errors import NoSuchThing

EVERYTHING = View(SEES["sealed"])
# What is taken along with a record because it speaks of it: kind of the one → kind, field.
BRINGS: Mapping[str, frozenset[tuple[str, str]]] = {
    "assertion": frozenset({("evidence", "assertion"), ("evidence", "by_assertion")}),
    "source": frozenset({("derivation", "child"), ("grade", "source")}),
    "entity": frozenset(
        {
            ("name", "entity"),
            ("judgement", "a"),
            ("judgement", "b"),
            # Rival positions of a site, and what became of it.
            ("position", "site"),
            ("site_state", "site"),
            ("remains", "site"),
        }
    ),
    # Where they are seen, and every recognition: those that deny another come with it.
    "victim": frozenset(
        {
            ("name", "entity"),
            ("judgement", "a"),
            ("judgement", "b"),
            ("appearance", "victim"),
            ("recognition", "victim"),
            ("recognition", "as_victim"),
            ("identification", "victim"),
        }
    ),
    "remains": frozenset({("identification", "remains")}),
    # Rival translations, and what a third person decided.
    "speech": frozenset({("speech", "of")}),
    "annotation": frozenset({("decision", "between")}),
    "hypothesis": frozenset({("bearing", "hypothesis")}),
}
# What is taken along with a proposition that the case file is about.
BRINGS_TO_CLAIM = frozenset({
    ("assertion", "proposition"), ("assessment", "proposition"), ("adoption", "proposition"),
    ("count_group", "whole"), ("count_group", "parts"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Closure:
    """The claims of a case, and every record that belongs to them, by id.

    ``records`` holds the revisions of each, the first one first; ``claims`` the propositions in
    the order in which they were first written; ``adopted`` those on which the case relies (none:
    it has adopted nothing yet, and all are here). ``undermining``: claims and relations that are
    here since they undermine a hypothesis that one of the others supports.
    """

    case: str
    claims: tuple[str, ...]
    adopted: frozenset[str]
    records: Mapping[str, tuple[Known, ...]]
    undermining: frozenset[str] = frozenset()

    def latest(self) -> dict[str, Record]:
        """Return every record as it is now, withdrawn ones left out."""
        now = {each: revisions[-1].record for each, revisions in self.records.items()}
        return {each: record for each, record in now.items() if record.withdrawn is None}

    def staying(self) -> frozenset[str]:
        """Return what never leaves: what families were told, and names for whoever has none."""
        now = {each: revisions[-1].record for each, revisions in self.records.items()}
        nameless = {r.id for r in now.values() if isinstance(r, Victim) and r.unidentified}
        return frozenset(
            each
            for each, record in now.items()
            if record.kind in STAYS or (isinstance(record, Name) and record.entity in nameless)
        )


def closure_of(
    casebook: Casebook, case: str, besides: Iterable[str] = (), also: Iterable[str] = ()
) -> Closure:
    """Gather what belongs to a case's adopted propositions, or to all if none is adopted.

    Sealed records are gathered too: what of them leaves is decided later. ``besides`` are ids of
    records that have to come along, such as those that an answer rests on; ``also`` propositions
    that are claims of this case file too. Where a claim supports an element of a hypothesis,
    what undermines that hypothesis is a claim too, whether or not the hypothesis itself leaves.

    Raises:
        NoSuchThing: the case has no proposition, and there is nothing besides.

    """
    adoptions = casebook.find(Adoption, EVERYTHING, case=case)
    adopted = {_proposition(k.record) for k in adoptions if k.record.withdrawn is None}
    own = {k.record.id: k.record for k in casebook.find(Proposition, EVERYTHING, case=case)}
    claims = (_with_neighbours(adopted, own) if adopted else set(own)) | set(also)
    besides = set(besides)
    if not claims and not besides:
        raise NoSuchThing(f"case {case}: nothing is asked or said in it")
    with casebook.reading() as connection:
        bearings = _undermining(connection, claims)
        opposed = {each.proposition for each in bearings if each.proposition}
        links = {each.link for each in bearings if each.link}
        claims, besides = claims | opposed, besides | links
        claims |= _counted_together(connection, claims)
        ids = _grown(connection, claims, {*claims, *besides})
        ids = _grown(connection, claims, ids | _between(connection, ids, case))
        revisions = _revisions(connection, ids)
    ordered = sorted(claims, key=lambda each: (revisions[each][0].seq, revisions[each][0].place))
    undermining = frozenset(opposed | links)
    return Closure(case, tuple(ordered), frozenset(adopted), revisions, undermining)


def _proposition(record: Record) -> str:
    return record.proposition if isinstance(record, Adoption) else ""


def _with_neighbours(adopted: set[str], own: Mapping[str, Record]) -> set[str]:
    """Return adopted claims with what answers the same question, and what rules them out."""
    chosen = [own[each] for each in adopted if each in own]
    groups = {p.group for p in chosen if isinstance(p, Proposition) and p.group}
    single = {_subject(p) for p in chosen if isinstance(p, Proposition) and p.functional}
    return adopted | {
        p.id
        for p in own.values()
        if isinstance(p, Proposition)
        and (p.group in groups or (p.functional and _subject(p) in single))
    }


def _subject(proposition: Proposition) -> tuple[str, str]:
    return proposition.subject, proposition.predicate


def _undermining(connection: Connection, claims: set[str]) -> list[Bearing]:
    """Return what undermines a hypothesis that one of these claims supports."""
    supported = {
        bearing.hypothesis
        for bearing in _bearings(connection, claims, "proposition")
        if bearing.bears == "supports"
    }
    every = _bearings(connection, supported, "hypothesis")
    return [each for each in every if each.bears == "undermines"]


def _bearings(connection: Connection, targets: set[str], field: str) -> list[Bearing]:
    found = _naming(connection, targets, frozenset({("bearing", field)}))
    records = (known.record for known in found)
    return [r for r in records if isinstance(r, Bearing) and r.withdrawn is None]


def _counted_together(connection: Connection, claims: set[str]) -> set[str]:
    """Return the counts that make up these counts, or are made up of them."""
    found: set[str] = set()
    waiting = set(claims)
    while waiting:
        pairs = frozenset({("count_group", "whole"), ("count_group", "parts")})
        groups = [k.record for k in _naming(connection, waiting, pairs)]
        named = {m.target for g in groups if isinstance(g, CountGroup) for m in mentions_of(g)}
        waiting = named - found - claims
        found |= waiting
    return found


def _grown(connection: Connection, claims: set[str], ids: set[str]) -> set[str]:
    """Return ids with all that they name and all that speaks of them, until nothing is added."""
    found = set(ids)
    waiting = set(ids)
    while waiting:
        here = _latest(connection, waiting)
        speaking = [k.record for k in here if k.record.kind not in STAYS]
        named = {mention.target for each in speaking for mention in mentions_of(each)}
        named |= {k.record.id for k in _naming(connection, waiting & claims, BRINGS_TO_CLAIM)}
        for kind, pairs in BRINGS.items():
            of_kind = {k.record.id for k in here if k.record.kind == kind}
            named |= {k.record.id for k in _naming(connection, of_kind, pairs)}
        waiting = named - found
        found |= waiting
    return found


def _between(connection: Connection, ids: set[str], case: str) -> set[str]:
    """Return the case's relations of which both ends are here: who stood where to whom."""
    pairs = frozenset({("relation", "a")})
    relations = [k.record for k in _naming(connection, ids, pairs) if k.record.case == case]
    return {r.id for r in relations if isinstance(r, Relation) and (r.b is None or r.b in ids)}


def _naming(
    connection: Connection, targets: Iterable[str], pairs: frozenset[tuple[str, str]]
) -> list[Known]:
    """Return the records that name a target as one of ``pairs`` (kind, field) says."""
    found: list[Known] = []
    for chunk in pieces(sorted(targets)):
        chosen = _columns().join(MENTION, MENTION.c.n == RECORD.c.n)
        chosen = chosen.add_columns(RECORD.c.kind, MENTION.c.field)
        chosen = chosen.where(MENTION.c.target.in_(chunk), EVERYTHING.rows(RECORD))
        # By field and not by kind: with an index on kinds at hand, SQLite would walk all of them.
        chosen = chosen.where(MENTION.c.field.in_(sorted({field for _, field in pairs})))
        rows = [tuple(row) for row in connection.execute(chosen)]
        found += [_known(row[:-2]) for row in rows if (str(row[-2]), str(row[-1])) in pairs]
    return found


def _latest(connection: Connection, ids: Iterable[str]) -> list[Known]:
    found = []
    for chunk in pieces(sorted(ids)):
        chosen = _columns().where(RECORD.c.id.in_(chunk), EVERYTHING.rows(RECORD))
        found += [_known(row) for row in connection.execute(chosen)]
    return found


def _revisions(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[Known, ...]]:
    found: dict[str, list[Known]] = {}
    for chunk in pieces(sorted(ids)):
        # What is written in a blind round is above every class, and is nobody's to hand over.
        seen = RECORD.c.see <= EVERYTHING.clearance
        chosen = _columns().where(RECORD.c.id.in_(chunk), seen).order_by(RECORD.c.n)
        for known in map(_known, connection.execute(chosen)):
            found.setdefault(known.record.id, []).append(known)
    return {each: tuple(revisions) for each, revisions in found.items()}


def _columns() -> Select[tuple[object, ...]]:
    chosen: Select[tuple[object, ...]] = select(
        RECORD.c.seq,
        RECORD.c.place,
        RECORD.c.revision,
        RECORD.c.known_from,
        RECORD.c.see,
        RECORD.c.body,
        ACT.c.by_key,
    )
    return chosen.join(ACT, ACT.c.seq == RECORD.c.seq)


def _known(row: Sequence[object]) -> Known:
    seq, place, revision, known_from, see, body, by_key = row
    record = trusted_record_of(json.loads(str(body)))
    key = None if by_key is None else str(by_key)
    return Known(record, int(seq), int(place), int(revision), str(known_from), key, int(see))  # type: ignore[call-overload]
