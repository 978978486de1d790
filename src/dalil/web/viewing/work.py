"""Long work of this room: making a working copy."""

from __future__ import annotations

from collections.abc import Mapping

from dalil.errors import NoSuchThing
from dalil.web.jobs.work import Done, Kind, Work
from dalil.web.viewing import copies
from dalil.web.viewing.looks import recipe_of
from dalil.web.viewing.models import Look


def make_copy(work: Work) -> Done:
    """Make the working copy that somebody asked to see."""
    look = Look.objects.filter(id=str(work.params["look"]), person_id=work.signer.person_id).first()
    if look is None:
        raise NoSuchThing("a look")
    copies.make(work.archive, look.item, recipe_of(look))
    return Done("viewing:look", (look.id,), "viewing.copy-made")


KINDS: Mapping[str, Kind] = {"copy": make_copy}
