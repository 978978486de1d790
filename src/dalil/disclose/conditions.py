"""What must be said whenever a part leaves the house."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from dalil.casebook.casebook import Casebook
from dalil.casebook.families.release import demand_families_answered
from dalil.errors import DisclosureIncomplete
from dalil.kernel.canonical import Json
from dalil.ledger.keyring import Signer

COURT, PUBLIC = "court", "public"
PURPOSES = (COURT, PUBLIC)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Why, under what law, for whom, by which rule; whether the whole exists, and who may see it.

    None or an empty text means that it was not said.
    """

    reason_code: str | None = None
    legal_basis: str | None = None
    recipient: str | None = None
    rule: str | None = None
    whole_exists: bool | None = None
    whole_available_to: str | None = None
    purpose: str | None = None

    def missing(self) -> tuple[str, ...]:
        """Return the names of what was not said."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return tuple(
            name
            for name, value in said.items()
            if value is None or (isinstance(value, str) and not value.strip())
        )

    def require(self) -> None:
        """Go on only where all of it was said.

        Raises:
            DisclosureIncomplete: something is missing; it is named.

        """
        missing = self.missing()
        if missing:
            raise DisclosureIncomplete("Missing: " + ", ".join(missing).replace("_", " ") + ".")
        if self.purpose not in PURPOSES:
            raise DisclosureIncomplete("The purpose is court or public.")

    def act_fields(self, signer: Signer) -> dict[str, Json]:
        """Return these as fields of a ``disclosed`` act; whoever signs cut and approved it."""
        self.require()
        return {
            "reason_code": self.reason_code,
            "legal_basis": self.legal_basis,
            "recipient": self.recipient,
            "rule": self.rule,
            "cut_by": signer.person_name,
            "whole_exists": self.whole_exists,
            "whole_available_to": self.whole_available_to,
            "approved_by": [signer.person_name],
            "purpose": self.purpose,
        }


def demand_release(
    archive: Path, item: str, conditions: Conditions, begin_ns: int, end_ns: int
) -> None:
    """Go on only where a stretch of an item may go to whom the conditions name.

    A court is no public: what goes there waits for no family.

    Raises:
        FamilyNotAnswered: it would go to the public, and shows somebody whose family has not
            agreed to that.

    """
    if conditions.purpose == PUBLIC:
        demand_families_answered(Casebook.open(archive), item, begin_ns, end_ns)
