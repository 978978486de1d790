"""What people say of two victims: one person or two, with reasons; taken back by a later act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.tables import ACT, MENTION, RECORD, VICTIM
from dalil.casebook.index.view import SEES, View
from dalil.casebook.record.form import CLASSES, id_for
from dalil.casebook.record.things import Judgement
from dalil.casebook.record.victims import Victim
from dalil.engines.sqlite import pieces
from dalil.errors import NoSuchThing, UsageRefused
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Entry

SAME, DIFFERENT, UNSURE, WITHDRAWN = "same", "different", "unsure", "withdrawn"
VERDICTS = (SAME, DIFFERENT, UNSURE)
TOLD = ("a", "b", "verdict", "reasoning", "method", "machine")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judging:
    """What somebody is about to say of two victims (ids).

    ``verdict``: one of ``VERDICTS``, or ``withdrawn``. ``method``: by what they were compared; for
    a candidate, what the machine had found.
    """

    a: str
    b: str
    verdict: str
    reasons: str
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What one person says of one pair, by which act (``seq``), and since when.

    ``key``: base64url of the key that signed.
    """

    id: str
    a: str
    b: str
    verdict: str
    reasons: str
    method: str | None
    key: str | None
    at: str
    seq: int
    place: int

    @property
    def pair(self) -> Pair:
        """The two, in the order of their ids: who was named first says nothing."""
        return pair_of(self.a, self.b)


def pair_of(a: str, b: str) -> Pair:
    """Return two ids in their order."""
    return (a, b) if a <= b else (b, a)


def judge(casebook: Casebook, signer: Signer, judging: Judging, view: View) -> Entry:
    """Write down what a person says of two victims; it takes the place of what they said before.

    Nothing is merged by it. ``withdrawn`` takes all back that the person said of the pair.

    Raises:
        UsageRefused: one victim twice, no such verdict, no reasons, or nothing to take back.
        NoSuchThing: no victim, or none that ``view`` may see. RevisedMeanwhile: two at once.

    """
    if judging.verdict not in (*VERDICTS, WITHDRAWN) or not judging.reasons.strip():
        raise UsageRefused(f"say one of {', '.join(VERDICTS)} or {WITHDRAWN}, with your reasons")
    a, b = pair_of(judging.a, judging.b)
    if a == b:
        raise UsageRefused("two victims are compared, not one with itself")
    one, other = (_victim(casebook, id_, view) for id_ in (a, b))
    own = _own(casebook, (a, b), b64url(signer.public_key))
    if judging.verdict == WITHDRAWN:
        standing = [each for each in own if each.record.withdrawn is None]
        if not standing:
            raise UsageRefused("you have said nothing of these two that could be taken back")
        gone = [
            replace(each.record, withdrawn=judging.reasons, revises=each.revision + 1)
            for each in standing
        ]
        return casebook.write(gone, signer)
    said = Judgement(
        id=id_for("judgement", casebook.ledger.origin, a, b, b64url(signer.public_key)),
        see=max(one.see, other.see, key=CLASSES.index),
        case=one.case,
        a=a,
        b=b,
        verdict=judging.verdict,
        method=judging.method,
        reasoning=judging.reasons,
    )
    if own:
        before = own[-1].record
        see = max(said.see, before.see, key=CLASSES.index)
        said = replace(said, id=before.id, see=see, revises=own[-1].revision + 1)
    return casebook.write([said], signer)


def judgements_on(casebook: Casebook, id_: str, view: View) -> tuple[Judged, ...]:
    """Return what people say of a victim and others, the newest first.

    Of each person on each pair what they said last; nothing that was taken back, and nothing
    that a machine said.
    """
    return judgements_on_any(casebook, [id_], view)


def judgements_on_any(casebook: Casebook, ids: Iterable[str], view: View) -> tuple[Judged, ...]:
    """Return the same of all these victims, read at once."""
    m, found = MENTION.c, dict[str, Judged]()
    for piece in pieces(sorted(set(ids))):
        naming = select(m.n).where(m.target.in_(piece), m.field.in_(("a", "b")))
        found |= {each.id: each for each in _read(casebook, view, RECORD.c.n.in_(naming))}
    return tuple(sorted(found.values(), key=attrgetter("seq", "place"), reverse=True))


def judgements_of(casebook: Casebook, pair: Pair, view: View) -> tuple[Judged, ...]:
    """Return what people say of two victims, the newest first."""
    found = judgements_on(casebook, pair[0], view)
    return tuple(each for each in found if each.pair == pair_of(*pair))


def all_judgements(casebook: Casebook, view: View) -> tuple[Judged, ...]:
    """Return what people say of all pairs of victims, the newest first."""
    return _read(casebook, view)


def _read(casebook: Casebook, view: View, *more: ColumnElement[bool]) -> tuple[Judged, ...]:
    r, one, other = RECORD.c, VICTIM.alias("one"), VICTIM.alias("other")
    a, b, verdict, reasons, method, machine = (
        func.json_extract(r.body, f"$.{name}") for name in TOLD
    )
    chosen: Select[*tuple[Any, ...]] = (
        select(r.id, a, b, verdict, reasons, method, ACT.c.by_key, r.known_from, r.seq, r.place)
        .join(ACT, ACT.c.seq == r.seq)
        .join(one, and_(one.c.id == a, view.rows(one)))
        .join(other, and_(other.c.id == b, view.rows(other)))
        .where(r.kind == Judgement.kind, view.rows(RECORD), ~r.withdrawn, *more)
    )
    with casebook.reading() as connection:
        found = connection.execute(chosen.where(func.coalesce(machine, 0) == 0)).all()
    newest: dict[tuple[Pair, str | None], Judged] = {}
    # What a person said last of a pair takes the place of what they said before.
    for each in sorted((Judged(*row) for row in found), key=attrgetter("seq", "place")):
        newest.pop((each.pair, each.key), None)
        newest[each.pair, each.key] = each
    return tuple(reversed(newest.values()))


def _own(casebook: Casebook, pair: Pair, key: str) -> list[Known]:
    """Return every judgement of a person on a pair, those taken back too, as it was written."""
    a, b = pair
    every = View(SEES["sealed"])
    found = casebook.naming(a, every, Judgement.kind)
    own = [each for each in found if each.by_key == key and _is_of(each, a, b)]
    return sorted(own, key=lambda each: (each.seq, each.place))


def _is_of(known: Known, a: str, b: str) -> bool:
    said = known.record
    return isinstance(said, Judgement) and {said.a, said.b} == {a, b}


def _victim(casebook: Casebook, id_: str, view: View) -> Victim:
    record = casebook.get(id_, view).record
    if not isinstance(record, Victim) or record.withdrawn is not None:
        raise NoSuchThing(f"victim {id_}")
    return record
