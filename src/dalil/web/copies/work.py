"""Long work of this room: comparing all files of the archive, and one from outside."""

from __future__ import annotations

from collections.abc import Mapping

from dalil.match.held.catalogue import Catalogue
from dalil.match.search import find_copies, match_all
from dalil.web.copies import answers
from dalil.web.jobs.work import Done, Kind, Work


def match(work: Work) -> Done:
    """Compare what was not compared yet; stopped anywhere, it goes on from there."""
    matched = match_all(work.archive, work.progress)
    return Done("copies:index", (), "copies.matched", {"n": len(matched.leads)})


def query(work: Work) -> Done:
    """Compare a file from outside; whatever comes of it, the file is gone afterwards."""
    person, ticket = work.signer.person_id, str(work.params["ticket"])
    file = answers.asked(person, ticket)
    try:
        [told] = find_copies(work.archive, [file], work.progress)
    except BaseException:
        answers.forget(person, ticket)
        raise
    with Catalogue.open(work.archive) as catalogue:
        answers.answer(person, ticket, told, catalogue.state().compared)
    return Done("copies:answer", (ticket,), "copies.answered", {"n": len(told.leads)})


KINDS: Mapping[str, Kind] = {"match": match, "query": query}
