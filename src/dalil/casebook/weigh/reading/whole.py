"""What weighing reads to weigh cases whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion, CountGroup, Proposition
from dalil.casebook.record.sources import Derivation, Evidence, Source
from dalil.casebook.weigh.ground.matter import Said
from dalil.casebook.weigh.reading.rows import Reader, SetStatus


@dataclass(frozen=True, slots=True)
class Found:
    """What was read: what is said, which statuses persons set, which counts make up others."""

    said: Said
    set_by: tuple[SetStatus, ...]
    groups: tuple[CountGroup, ...]


def read(
    connection: Connection, view: View, case: str | None, wanted: frozenset[str] | None
) -> Found:
    """Read all propositions, those of a case, or those beside the ``wanted`` ones; all on them.

    Of named propositions the whole cases are read: rivals and counts of other things are there.
    """
    reader = Reader(connection, view)
    cases = _cases(reader, case, wanted)
    if cases is None:
        propositions = reader.records(Proposition)
        assertions = {each.id: each for each in reader.records(Assertion)}
        evidence = {each.id: each for each in reader.records(Evidence)}
    else:
        propositions = [each for one in cases for each in reader.of_case(Proposition, one)]
        own = frozenset(each.id for each in propositions)
        found = reader.about(Assertion, {"proposition": Proposition}, cases)
        # What is said on the claims of another case comes in with all beside it, or not at all.
        assertions = {i: each for i, each in found.items() if each.proposition in own}
        by = {"assertion": Assertion, "by_assertion": Assertion}
        evidence = reader.about(Evidence, by, cases)
        visiting = sorted(each.id for each in assertions.values() if each.case not in cases)
        evidence |= reader.evidence_on(visiting)
        evidence = reader.closed(assertions, evidence)
    ids = frozenset(each.id for each in propositions)
    said = Said(
        tuple(propositions),
        tuple(assertions.values()),
        tuple(evidence.values()),
        tuple(reader.records(Source)),
        tuple(reader.records(Derivation)),
        reader.beside({each.subject for each in propositions if each.measure is not None}),
    )
    groups = (each for each in reader.records(CountGroup) if each.whole in ids)
    return Found(said, tuple(reader.set_statuses(ids)), tuple(groups))


def _cases(
    reader: Reader, case: str | None, wanted: Iterable[str] | None
) -> frozenset[str | None] | None:
    """Return the cases that are to be read whole; None for all of them."""
    if wanted is None:
        return None if case is None else frozenset((case,))
    found = reader.with_ids(Proposition, sorted(wanted))
    return frozenset(each.case for each in found) | ({case} if case else frozenset())
