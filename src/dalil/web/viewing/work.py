"""Long work of this room: making working copies."""

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


def make_copies(work: Work) -> Done:
    """Make the two working copies that somebody asked to see side by side."""
    ids = [str(each) for each in work.params["looks"]]
    mine = Look.objects.filter(id__in=ids, person_id=work.signer.person_id)
    looks = {each.id: each for each in mine}
    for done, each in enumerate(ids):
        if each not in looks:
            raise NoSuchThing("a look")
        work.progress(done, len(ids))
        copies.make(work.archive, looks[each].item, recipe_of(looks[each]))
    return Done("viewing:beside-look", tuple(ids), "viewing.copy-made")


KINDS: Mapping[str, Kind] = {"copy": make_copy, "copies": make_copies}
