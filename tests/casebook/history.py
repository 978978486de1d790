"""An invented history of a casebook: which records were written when, and revised how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from hypothesis import settings

from casebook.bureau import Bureau
from casebook.invented import HARD_TEXTS, Inventor
from dalil.casebook import recording
from dalil.casebook.record.form import CLASSES, Record

FIRST_DAY = date(2026, 2, 1)
# Each example is a whole archive: a few in every run, and many with --long.
FEW = settings(
    max_examples=settings.get_profile(settings.get_current_profile_name()).max_examples // 13
)


@dataclass(frozen=True, slots=True)
class Step:
    """What is written in one act on one day; as an import, in several parts."""

    day: date
    records: tuple[Record, ...]
    parts: int = 1


def invented_history(
    seed: int, texts: Sequence[str] = HARD_TEXTS, *, rounds: int = 2, reclassify: bool = True
) -> list[Step]:
    """Return acts in order of time: new records, then revisions of some of them."""
    random = Random(seed)
    latest: dict[str, Record] = {}
    steps: list[Step] = []
    for record in Inventor(random, texts).book(rounds):
        latest[record.id] = record
    new = list(latest.values())
    cuts = sorted(random.sample(range(1, len(new)), 3))
    for start, end in zip([0, *cuts], [*cuts, len(new)], strict=True):
        steps.append(Step(_day(steps), tuple(new[start:end]), random.choice((1, 1, 3))))
    for _ in range(3):
        revised = []
        for old in random.sample(sorted(latest.values(), key=lambda each: each.id), 6):
            see = random.choice(CLASSES) if reclassify else old.see
            withdrawn = random.choice((None, "a mistake"))
            revised.append(replace(old, see=see, withdrawn=withdrawn, revises=old.revises + 1))
            latest[old.id] = revised[-1]
        steps.append(Step(_day(steps), tuple(revised)))
    return steps


def write(bureau: Bureau, steps: Iterable[Step]) -> None:
    """Write a history down, each act on its day."""
    for number, step in enumerate(steps):
        at = {"time": f"{step.day.isoformat()}T10:00:00Z"}
        size = -(-len(step.records) // step.parts)
        parts = [step.records[i : i + size] for i in range(0, len(step.records), size)]
        for place, part in enumerate(parts, 1):
            brought = {"import": f"list {number}", "last": place == len(parts)}
            more = at if step.parts == 1 else at | brought
            recording.write_act(bureau.casebook.ledger, part, bureau.signer, brought=more)


def _day(steps: Sequence[Step]) -> date:
    return FIRST_DAY + timedelta(days=3 * len(steps))
