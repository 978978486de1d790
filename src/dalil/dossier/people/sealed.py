"""Names of victims that a recipient may not know, wherever in a text they stand."""

from __future__ import annotations

from sqlalchemy import select

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.tables import NAME, VICTIM


def sealed_names(casebook: Casebook, clearance: int) -> frozenset[str]:
    """Return every form of a victim's name above a clearance, in any case of the archive.

    A form that a record of a lower class holds too is known there, and is left out.
    """
    known = NAME.alias("known")
    told = select(known.c.n).where(
        known.c.folded == NAME.c.folded, known.c.see <= clearance, known.c.known_to.is_(None)
    )
    victims = select(VICTIM.c.id).where(VICTIM.c.id == NAME.c.entity)
    chosen = select(NAME.c.form).distinct().where(NAME.c.see > clearance)
    with casebook.reading() as connection:
        rows = connection.execute(chosen.where(victims.exists(), ~told.exists()))
        return frozenset(str(form) for (form,) in rows)
