"""The state of the whole, as the acts tell it: log, clocks, checks, copies, who may open what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dalil.casebook.casebook import Casebook
from dalil.intake.accession import SEALED
from dalil.intake.audit import WHOLE, CheckSaid, checks_said
from dalil.intake.listing import count_items
from dalil.kernel.act import Act
from dalil.ledger.ledger import Ledger
from dalil.ledger.people import CLEARANCE_GIVEN, ROLE_GIVEN, Person
from dalil.vault.fixity import is_due, parse_share
from dalil.vault.ocfl import place_of
from dalil.web.jobs.models import REFUSED, RUNNING, STOPPED, Job
from dalil.web.viewing.totals import Week, totals

STAMPED, COPIED = "stamped", "copied"
WINDOW = timedelta(days=30)
CHECKS, COPIES, JOBS = 100, 50, 50
# To say of each item whether it was read takes a hash of its name for each check.
MOST_ITEMS = 20_000
# A look is nobody's business but of whoever looks: neither that it is going on, nor its copies.
PRIVATE = "viewing."
_SEALED: dict[str, dict[str, int]] = {}


@dataclass(frozen=True, slots=True)
class LogState:
    """The log as its last checkpoint signs it: acts, root (hexadecimal), time of the last act."""

    size: int
    root: str
    last_at: str
    origin: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """An outside clock's signature: which clock, when, over how many acts; how many came since."""

    authority: str
    stamped_at: str
    size: int
    since: int
    seq: int


@dataclass(frozen=True, slots=True)
class Fixity:
    """What the checks of the last 30 days read: of ``items`` so many, none where not counted."""

    last: CheckSaid | None
    whole: CheckSaid | None
    items: int
    read: int | None
    broken: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A second copy: where, when it was made or brought up to date, up to which act."""

    to: str
    at: str
    items: int
    log_size: int
    since: int


@dataclass(frozen=True, slots=True)
class May:
    """What somebody may open: role and class, each with the act that gave it."""

    person: Person
    role_since: int
    clearance_since: int

    @property
    def role_said(self) -> str:
        """The words of the role."""
        return f"frame.role-{self.person.role}"

    @property
    def class_said(self) -> str:
        """The words of the class."""
        return f"frame.{self.person.clearance}"

    @property
    def listed(self) -> str:
        """The types of the acts that a machine may sign."""
        return ", ".join(sorted(self.person.may))


@dataclass(frozen=True, slots=True)
class OpenJob:
    """Work that is under way or stopped; never of whom."""

    kind: str
    state: str
    started_at: datetime
    done: int
    total: int

    @property
    def state_said(self) -> str:
        """The words of the state."""
        return f"oversight.job-{self.state}"


@dataclass(frozen=True, slots=True)
class Oversight:
    """All of it."""

    log: LogState
    stamps: tuple[Stamp, ...]
    fixity: Fixity
    copies: tuple[Copy, ...]
    people: tuple[May, ...]
    jobs: tuple[OpenJob, ...]
    imports: tuple[str, ...]
    weeks: tuple[Week, ...]


def state_of(casebook: Casebook) -> Oversight:
    """Return the state of the archive and of its desk, as of now."""
    ledger = casebook.ledger
    return Oversight(
        log=_log(ledger),
        stamps=_stamps(ledger),
        fixity=_fixity(ledger),
        copies=_copies(ledger),
        people=_people(ledger),
        jobs=_jobs(),
        imports=tuple(casebook.unfinished()),
        weeks=totals(),
    )


def _log(ledger: Ledger) -> LogState:
    checkpoint = ledger.note().checkpoint
    last = ledger.act(checkpoint.size - 1).act.opened()
    return LogState(
        checkpoint.size, checkpoint.root.hex(), str(last.get("time", "")), checkpoint.origin
    )


def _newest(ledger: Ledger, kind: str, most: int) -> Iterable[tuple[int, dict[str, Any]]]:
    rows = ledger.store.page_about([("type", kind)], slice(0, most), newest=True)
    return [(row.seq, _opened(row.act)) for row in rows]


def _opened(act: Act) -> dict[str, Any]:
    return dict(act.opened())


def _stamps(ledger: Ledger) -> tuple[Stamp, ...]:
    """Return the last stamp of each clock, the latest first."""
    found: dict[str, Stamp] = {}
    for seq, said in _newest(ledger, STAMPED, COPIES):
        size, authority = int(said["size"]), str(said["authority"])
        stamp = Stamp(authority, str(said["stamped_at"]), size, ledger.size - size, seq)
        found.setdefault(authority, stamp)
    return tuple(found.values())


def _fixity(ledger: Ledger) -> Fixity:
    checks = checks_said(ledger, slice(0, CHECKS))
    earliest = (datetime.now(UTC) - WINDOW).date()
    recent = [each for each in checks if _day(each) >= earliest]
    whole = next((each for each in checks if each.share == WHOLE), None)
    items = count_items(ledger)
    read = _read_by(ledger, recent, items)
    broken = len({line for each in checks[:1] for line in each.broken})
    return Fixity(checks[0] if checks else None, whole, items, read, broken)


def _read_by(ledger: Ledger, checks: list[CheckSaid], items: int) -> int | None:
    if items > MOST_ITEMS:
        return None
    shares = {(_day(each), each.share): each.seq for each in checks}
    sealed = _sealed(ledger)
    read: set[str] = set()
    for (day, share), seq in shares.items():
        part = parse_share(share)
        read |= {
            name
            for name, since in sealed.items()
            if since < seq and name not in read and (part == 1 or is_due(name, part, day))
        }
    return len(read)


def _sealed(ledger: Ledger) -> dict[str, int]:
    """Return the name of each item's object, and the act that sealed it."""
    # Acts are only ever added: what was read once stays, and the next reading begins after it.
    known = _SEALED.setdefault(str(ledger.archive), {})
    for row in ledger.store.page_about([("type", SEALED)], slice(len(known), MOST_ITEMS)):
        known[place_of(str(row.act.opened()["item"])).rpartition("/")[2]] = row.seq
    return known


def _day(check: CheckSaid) -> date:
    return datetime.fromisoformat(check.at).date()


def _copies(ledger: Ledger) -> tuple[Copy, ...]:
    """Return the last state of each copy, the latest first."""
    found: dict[str, Copy] = {}
    for _, said in _newest(ledger, COPIED, COPIES):
        size, to = int(said["log_size"]), str(said["to"])
        copy = Copy(to, str(said["time"]), int(said["items"]), size, ledger.size - size)
        found.setdefault(to, copy)
    return tuple(found.values())


def _people(ledger: Ledger) -> tuple[May, ...]:
    given: dict[tuple[str, str], int] = {}
    for kind in (ROLE_GIVEN, CLEARANCE_GIVEN):
        for entry in ledger.acts(kind):
            given[kind, str(entry.act.opened()["person"])] = entry.seq
    people = ledger.roster().active()
    return tuple(_may(person, given) for person in people)


def _may(person: Person, given: dict[tuple[str, str], int]) -> May:
    role = given.get((ROLE_GIVEN, person.person_id), person.since)
    # Another role begins with that role's clearance.
    clearance = max(role, given.get((CLEARANCE_GIVEN, person.person_id), person.since))
    return May(person, role, clearance)


def _jobs() -> tuple[OpenJob, ...]:
    open_ones = Job.objects.filter(state__in=(RUNNING, STOPPED, REFUSED))
    found = open_ones.exclude(kind__startswith=PRIVATE).order_by("-started_at")[:JOBS]
    return tuple(
        OpenJob(job.kind, job.state_now, job.started_at, job.done, job.total) for job in found
    )
