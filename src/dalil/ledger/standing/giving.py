"""What a keeper gives somebody afterwards: another role, another clearance; each is an act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dalil.errors import NotAllowed, UsageRefused
from dalil.ledger.keyring import KEEPER, MACHINE
from dalil.ledger.ledger import Draft, Entry, Ledger
from dalil.ledger.people import (
    CLEARANCE_GIVEN,
    CLEARANCES,
    HUMAN_ROLES,
    ROLE_GIVEN,
    Person,
    demand_keeper,
)

if TYPE_CHECKING:
    from dalil.kernel.canonical import Json
    from dalil.ledger.keyring import Signer


def give_role(ledger: Ledger, signer: Signer, who: str, role: str, reason: str) -> Entry:
    """Give somebody another role; their clearance begins anew with what that role sees.

    Raises:
        NotAllowed: the signer is no keeper, ``who`` is the last one, or a machine.
        UsageRefused: no such role for a human, or no reason. NoSuchThing: no such person.

    """
    person = _person(ledger, signer, who, reason)
    if role not in HUMAN_ROLES:
        raise UsageRefused(f"a person has one of the roles {', '.join(HUMAN_ROLES)}")
    if person.role == MACHINE:
        raise NotAllowed(f"{person.name} is a machine, and stays one")

    def demand() -> None:
        roster = ledger.roster()
        demand_keeper(roster, signer)
        if role != KEEPER and roster.keepers() == [roster.named(person.person_id)]:
            raise NotAllowed(f"{person.name} is the last keeper")

    demand()
    said: dict[str, Json] = {**_of(person), "role": role, "reason": reason}
    [entry] = ledger.append([Draft(ROLE_GIVEN, said)], signer, demand)
    return entry


def give_clearance(ledger: Ledger, signer: Signer, who: str, clearance: str, reason: str) -> Entry:
    """Say up to which class somebody may see records.

    Raises:
        NotAllowed: the signer is no keeper. UsageRefused: no such class, or no reason.
        NoSuchThing: no such person.

    """
    person = _person(ledger, signer, who, reason)
    if clearance not in CLEARANCES:
        raise UsageRefused(f"a clearance is one of {', '.join(CLEARANCES)}")
    said: dict[str, Json] = {**_of(person), "clearance": clearance, "reason": reason}

    def demand() -> None:
        roster = ledger.roster()
        demand_keeper(roster, signer)
        roster.named(person.person_id)

    [entry] = ledger.append([Draft(CLEARANCE_GIVEN, said)], signer, demand)
    return entry


def _person(ledger: Ledger, signer: Signer, who: str, reason: str) -> Person:
    roster = ledger.roster()
    demand_keeper(roster, signer)
    if not reason.strip():
        raise UsageRefused("a reason is written into the act")
    return roster.named(who)


def _of(person: Person) -> dict[str, Json]:
    return {"person": person.person_id, "name": person.name}
