"""A machine that signs when nobody is there: under a name, and only what its list says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dalil.errors import UsageRefused
from dalil.ledger.keyring import COST, MACHINE, ScryptCost, Signer, add_holder
from dalil.ledger.people import demand_keeper, introduce, set_aside

if TYPE_CHECKING:
    from dalil.ledger.ledger import Entry, Ledger

# What happens at night, and tells of the archive itself. Nothing that takes in, describes, weighs
# or gives out: for those a human answers.
MACHINES_MAY = ("checked", "copied", "stamped")


def add_machine(
    ledger: Ledger,
    signer: Signer,
    name: str,
    may: Sequence[str],
    passphrase: bytes,
    cost: ScryptCost = COST,
) -> tuple[Signer, Entry]:
    """Introduce a machine, with the types of the acts that it may sign.

    Raises:
        NotAllowed: the signer is no keeper.
        UsageRefused: the name is taken or empty, the list is empty or holds something else.

    """
    roster = ledger.roster()
    demand_keeper(roster, signer)
    if not may or not set(may) <= set(MACHINES_MAY):
        raise UsageRefused(f"a machine may sign some of {', '.join(MACHINES_MAY)}")
    if not name.strip() or any(person.name == name for person in roster.active()):
        raise UsageRefused(f"there is somebody called {name}, or that is no name")
    set_aside(ledger, roster, name)
    fresh = add_holder(ledger.archive, signer.archive_key, passphrase, name, MACHINE, cost)
    return fresh, introduce(ledger, signer, fresh.person_id, tuple(may))
