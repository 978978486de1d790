"""Victims as lists have them: found by name in any script, by list, sex and age."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from dalil.web.frame.access import right
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some victims."""


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show victims."""
    title = say(lang_of(request), "victims.title")
    return page(request, "victims/index.html", ListPage(), title=title, room="victims")
