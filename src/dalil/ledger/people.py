"""The people of an archive: one human, one key; who may act is told by the acts themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dalil.engines.files import rename_durably
from dalil.errors import (
    LockedOut,
    Malformed,
    NoSuchThing,
    NotAllowed,
    SheetMistyped,
    SignatureBroken,
    UsageRefused,
)
from dalil.kernel.act import Act, check_by
from dalil.kernel.disclosure import b64url, from_b64url
from dalil.ledger.keyring import (
    COST,
    GUEST_READER,
    KEEPER,
    MACHINE,
    ROLES,
    KeyHolder,
    ScryptCost,
    Signer,
    add_holder,
    holder_path,
    holders,
    opens_archive,
)
from dalil.ledger.sheet import key_of

if TYPE_CHECKING:
    from dalil.kernel.canonical import Json
    from dalil.ledger.ledger import Entry, Ledger

CREATED, ADDED, REVOKED = "archive-created", "person-added", "person-revoked"
ROLE_GIVEN, CLEARANCE_GIVEN = "role-given", "clearance-given"
ABOUT_PEOPLE = (CREATED, ADDED, REVOKED, ROLE_GIVEN, CLEARANCE_GIVEN)
KEEPERS_ONLY = frozenset(ABOUT_PEOPLE) - {CREATED}
WITH_SHEET = "recovery sheet"
UNUSED = ".unused"
HUMAN_ROLES = tuple(role for role in ROLES if role != MACHINE)
OPEN, RESTRICTED, SEALED = CLEARANCES = ("open", "restricted", "sealed")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act, or might once: ``since`` and ``until`` are places in the log.

    ``clearance`` is the highest class of records they may see; ``may`` the types of the acts that a
    machine may sign, and empty for a human.
    """

    person_id: str
    name: str
    role: str
    key: bytes
    since: int
    with_sheet: bool = False
    until: int | None = None
    clearance: str = RESTRICTED
    may: frozenset[str] = frozenset()

    @property
    def active(self) -> bool:
        """Whether this person may act now."""
        return self.until is None

    def signs(self, kind: str) -> bool:
        """Whether acts of this type may be theirs: a human's all, a machine's those listed."""
        return self.role != MACHINE or kind in self.may


@dataclass(slots=True)
class Roster:
    """Who may act, as far as the acts were read."""

    people: dict[str, Person] = field(default_factory=dict)

    def active(self) -> list[Person]:
        """Return who may act, by name."""
        return sorted((p for p in self.people.values() if p.active), key=lambda p: p.name)

    def keepers(self) -> list[Person]:
        """Return who may add and revoke people."""
        return [person for person in self.active() if person.role == KEEPER]

    def of_key(self, key: bytes) -> Person | None:
        """Return whose key it is, revoked or not."""
        return next((p for p in self.people.values() if p.key == key), None)

    def named(self, who: str) -> Person:
        """Return the active person of this id or name.

        Raises:
            NoSuchThing: nobody, or several.

        """
        found = [p for p in self.active() if who in (p.person_id, p.name)]
        if len(found) != 1:
            raise NoSuchThing(f"{len(found)} people called {who}")
        return found[0]

    def take(self, seq: int, act: Act) -> list[str]:
        """Read the next act; return what is wrong with who did it (nothing, as a rule)."""
        try:
            key = check_by(act)
        except SignatureBroken:
            return ["the signature of the person who acted does not hold"]
        kind = act.type
        fields = act.opened() if kind in ABOUT_PEOPLE else {}
        wrong = self._wrong_actor(seq, kind, key, fields)
        if kind in (CREATED, ADDED):
            return wrong + self._enter(seq, kind, fields)
        if kind == REVOKED:
            return wrong + self._leave(seq, fields)
        if kind in (ROLE_GIVEN, CLEARANCE_GIVEN):
            return wrong + self._give(kind, fields)
        return wrong

    def _wrong_actor(
        self, seq: int, kind: str, key: bytes | None, fields: dict[str, Json]
    ) -> list[str]:
        if key is None:
            return ["no person signed it"]
        if kind == CREATED:
            return [] if seq == 0 else ["an archive is created by its first act only"]
        if kind == ADDED and fields.get("reason") == WITH_SHEET and _key_in(fields) == key:
            return []
        person = self.of_key(key)
        if person is None:
            return ["the key of whoever signed it was never introduced"]
        if person.until is not None:
            return [f"{person.name} signed it after being revoked by act {person.until}"]
        own_lost_key = person.with_sheet and fields.get("name") == person.name
        if kind == REVOKED and own_lost_key:
            return []
        if kind in KEEPERS_ONLY and person.role != KEEPER:
            return [f"{person.name} is no keeper"]
        if not person.signs(kind):
            return [f"{person.name} is a machine that may not sign acts {kind}"]
        return []

    def _enter(self, seq: int, kind: str, fields: dict[str, Json]) -> list[str]:
        name = fields.get("keeper" if kind == CREATED else "name")
        role = KEEPER if kind == CREATED else fields.get("role")
        person_id, key = fields.get("person"), _key_in(fields)
        if not isinstance(person_id, str) or not isinstance(name, str) or key is None:
            return ["it does not say whose key it introduces"]
        if person_id in self.people or self.of_key(key) is not None:
            return ["this person or key was introduced before"]
        with_sheet = fields.get("reason") == WITH_SHEET
        person = Person(person_id, name, str(role), key, seq, with_sheet)
        may = fields.get("may") if role == MACHINE else ()
        listed = frozenset(map(str, may)) if isinstance(may, list) else frozenset()
        self.people[person_id] = replace(person, clearance=clearance_of(str(role)), may=listed)
        return []

    def _leave(self, seq: int, fields: dict[str, Json]) -> list[str]:
        person = self.people.get(str(fields.get("person")))
        if person is None or not person.active or person.key != _key_in(fields):
            return ["it revokes somebody who was not there"]
        self.people[person.person_id] = replace(person, until=seq)
        return [] if self.keepers() else ["it revokes the last keeper"]

    def _give(self, kind: str, fields: dict[str, Json]) -> list[str]:
        person = self.people.get(str(fields.get("person")))
        if person is None or not person.active:
            return ["it is about somebody who was not there"]
        given = str(fields.get("role" if kind == ROLE_GIVEN else "clearance"))
        if given not in (ROLES if kind == ROLE_GIVEN else CLEARANCES):
            return [f"it gives {person.name} something that there is not"]
        if kind == CLEARANCE_GIVEN:
            self.people[person.person_id] = replace(person, clearance=given)
            return []
        if MACHINE in (given, person.role):
            return ["a machine stays one, and a human does"]
        # Another role begins with that role's clearance; more has to be given again.
        changed = replace(person, role=given, clearance=clearance_of(given))
        self.people[person.person_id] = changed
        return [] if self.keepers() else ["it leaves no keeper"]


def clearance_of(role: str) -> str:
    """Return the highest class that a role sees of itself; ``sealed`` has to be given."""
    return OPEN if role in (GUEST_READER, MACHINE) else RESTRICTED


def add(
    ledger: Ledger,
    signer: Signer,
    name: str,
    role: str,
    passphrase: bytes,
    cost: ScryptCost = COST,
) -> tuple[Signer, Entry]:
    """Introduce a person: a key file under their own passphrase, then the act.

    Raises:
        NotAllowed: the signer is no keeper. UsageRefused: the name is taken or empty, or no role.

    """
    demand_keeper(ledger.roster(), signer)
    fresh = make_key(ledger, signer.archive_key, name, role, passphrase, cost)
    return fresh, introduce(ledger, signer, fresh.person_id)


def make_key(
    ledger: Ledger,
    archive_key: bytes,
    name: str,
    role: str,
    passphrase: bytes,
    cost: ScryptCost = COST,
) -> Signer:
    """Make the key file of somebody whom no act introduces yet, so that the key may do nothing.

    Raises:
        UsageRefused: the name is taken or empty, or there is no such role for a human.

    """
    roster = ledger.roster()
    if not name.strip() or role not in HUMAN_ROLES:
        raise UsageRefused(f"a person has a name and one of the roles {', '.join(HUMAN_ROLES)}")
    if any(person.name == name for person in roster.active()):
        raise UsageRefused(f"there is somebody called {name}: one human, one key")
    set_aside(ledger, roster, name)
    return add_holder(ledger.archive, archive_key, passphrase, name, role, cost)


def introduce(ledger: Ledger, signer: Signer, person_id: str, may: Sequence[str] = ()) -> Entry:
    """Let somebody in whose key file is here: from this act on the key may act.

    Raises:
        NotAllowed: the signer is no keeper. NoSuchThing: there is no such key file.

    """
    from dalil.ledger.ledger import Draft  # noqa: PLC0415 - the ledger itself asks the roster

    demand_keeper(ledger.roster(), signer)
    fresh = next((each for each in holders(ledger.archive) if each.person_id == person_id), None)
    if fresh is None:
        raise NoSuchThing(f"a key file of {person_id}")
    said = _introduction(fresh, "added by a keeper")
    if may:
        said["may"] = sorted(may)

    def demand() -> None:
        roster = ledger.roster()
        demand_keeper(roster, signer)
        if person_id in roster.people or any(p.name == fresh.name for p in roster.active()):
            raise UsageRefused(f"there is somebody called {fresh.name}: one human, one key")

    [entry] = ledger.append([Draft(ADDED, said)], signer, demand)
    return entry


def revoke(ledger: Ledger, signer: Signer, who: str, reason: str) -> Entry:
    """End a person's right to act, from this place of the log on; what they did stays good.

    Raises:
        NotAllowed: the signer is no keeper, or ``who`` is the last one.

    """
    from dalil.ledger.ledger import Draft  # noqa: PLC0415

    person = ledger.roster().named(who)

    def demand() -> None:
        roster = ledger.roster()
        demand_keeper(roster, signer)
        if roster.keepers() == [roster.named(person.person_id)]:
            raise NotAllowed(f"{person.name} is the last keeper")

    demand()
    [entry] = ledger.append([Draft(REVOKED, _farewell(person, reason))], signer, demand)
    holder_path(ledger.archive, person.person_id).unlink(missing_ok=True)
    return entry


def recover(
    ledger: Ledger, sheet_code: str, passphrase: bytes, who: str, cost: ScryptCost = COST
) -> tuple[Signer, list[Entry]]:
    """Make a new key for a person who lost the passphrase, with the recovery sheet.

    The old key stays lost and is revoked; both acts say that the sheet was used.

    Raises:
        SheetMistyped: it is mistyped or of another archive. NoSuchThing: no such person.

    """
    from dalil.ledger.ledger import Draft  # noqa: PLC0415

    archive_key = key_of(sheet_code)
    try:
        opens_archive(ledger.archive, archive_key)
    except LockedOut:
        raise SheetMistyped("it is the sheet of another archive") from None
    roster = ledger.roster()
    lost = roster.named(who)
    if lost.role == MACHINE:
        raise NotAllowed(f"{lost.name} is a machine: revoke it and add another")
    set_aside(ledger, roster, lost.name)
    fresh = add_holder(ledger.archive, archive_key, passphrase, lost.name, lost.role, cost)
    leaving = _farewell(lost, f"passphrase lost; entered anew with the {WITH_SHEET}")
    whose = KeyHolder(fresh.person_id, lost.name, lost.role, fresh.public_key)
    introduction = Draft(ADDED, _introduction(whose, WITH_SHEET))

    def demand() -> None:
        ledger.roster().named(lost.person_id)

    entries = ledger.append([introduction, Draft(REVOKED, leaving)], fresh, demand)
    holder_path(ledger.archive, lost.person_id).unlink(missing_ok=True)
    return fresh, entries


def set_aside(ledger: Ledger, roster: Roster, name: str) -> None:
    """Rename key files of this name that a fall left behind: no act speaks for them."""
    active = {person.person_id for person in roster.active()}
    for holder in list(holders(ledger.archive)):
        if holder.name == name and holder.person_id not in active:
            path = holder_path(ledger.archive, holder.person_id)
            rename_durably(path, path.with_suffix(UNUSED))


def _introduction(fresh: KeyHolder, reason: str) -> dict[str, Json]:
    return {
        "person": fresh.person_id,
        "name": fresh.name,
        "role": fresh.role,
        "key": b64url(fresh.public_key),
        "reason": reason,
    }


def _farewell(person: Person, reason: str) -> dict[str, Json]:
    return {
        "person": person.person_id,
        "name": person.name,
        "role": person.role,
        "key": b64url(person.key),
        "reason": reason,
    }


def demand_keeper(roster: Roster, signer: Signer) -> None:
    """Raise NotAllowed where the signer is no keeper by the acts."""
    if all(person.key != signer.public_key for person in roster.keepers()):
        raise NotAllowed(f"{signer.person_name} is no keeper")


def _key_in(fields: dict[str, Json]) -> bytes | None:
    try:
        return from_b64url(fields["key"])
    except (KeyError, Malformed, AttributeError):
        return None


def people_of(archive: Path) -> list[Person]:
    """Return everybody who may or might act, in order of entering."""
    from dalil.ledger.ledger import Ledger  # noqa: PLC0415

    return sorted(Ledger.open(archive).roster().people.values(), key=lambda p: p.since)
