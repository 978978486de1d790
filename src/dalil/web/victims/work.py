"""Long work of this room: comparing all victims with one another."""

from __future__ import annotations

from collections.abc import Mapping

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import view_of
from dalil.casebook.victims.linking import link
from dalil.web.jobs.work import Done, Kind, Work


def linking(work: Work) -> Done:
    """Compare what the view of whoever asked shows."""
    view = view_of(str(work.params["see"]))
    linked = link(Casebook.open(work.archive), view, work.progress)
    return Done("victims:queue", (), "victims.linked", {"n": linked.pairs})


KINDS: Mapping[str, Kind] = {"link": linking}
