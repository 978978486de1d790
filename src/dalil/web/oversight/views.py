"""The page of whoever leads: the state of the whole, and never a person's looks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from dalil.web.frame.access import casebook_of, right
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.oversight.state import state_of


@right("oversee")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the state of the whole."""
    shown = state_of(casebook_of(request))
    title = say(lang_of(request), "oversight.title")
    return page(request, "oversight/index.html", shown, title=title, room="oversight")
