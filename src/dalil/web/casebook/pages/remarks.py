"""What is worth a look in a case as a whole; nothing of it is decided by the program."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from dalil.casebook.report.page import Remark
from dalil.casebook.report.paged.cases import count_asked
from dalil.casebook.report.paged.remarks import Remarks, remarks_on
from dalil.web.casebook.looking import Look, look_of
from dalil.web.frame.access import casebook_of, right
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say

# Weighing so many claims and comparing their names takes a second; more is not asked of a page.
AT_ONCE, SHOWN = 1500, 200


@dataclass(frozen=True, slots=True)
class RemarksPage:
    """The remarks on a case, kind by kind; none where the case is ``too_large`` for a page."""

    look: Look
    case: str
    claims: int
    too_large: bool
    found: Remarks
    sections: tuple[tuple[str, int, tuple[Remark, ...]], ...]


@right("read")
@require_GET
def remarks(request: HttpRequest, case_name: str) -> HttpResponse:
    """Show sources that contradict themselves, copies that differ, names that meet, odd marks."""
    casebook, (view, look), lang = casebook_of(request), look_of(request), lang_of(request)
    _, claims = count_asked(casebook, case_name, view)
    too_large = claims > AT_ONCE
    with casebook.at_once():
        found = Remarks((), (), (), ()) if too_large else remarks_on(casebook, case_name, view)
    named = {
        "self-conflicts": found.self_conflicts,
        "versions": found.versions,
        "names-meet": found.names,
        "marks": found.marks,
    }
    sections = tuple((key, len(each), each[:SHOWN]) for key, each in named.items())
    shown = RemarksPage(look, case_name, claims, too_large, found, sections)
    title = say(lang, "casebook.remarks")
    return page(request, "casebook/remarks.html", shown, title=title, room="casebook")
