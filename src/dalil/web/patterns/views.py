"""Every component, in both directions and themes, from the templates that pages use."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from dalil.casebook.report.page import Worded
from dalil.errors import NoSuchThing
from dalil.kernel.canonical import Json
from dalil.web.frame.access import right
from dalil.web.frame.form import DeskForm
from dalil.web.frame.page import Pager, page
from dalil.web.frame.say import lang_of, say

THEMES = ("light", "dark")
LANGUAGES = ("en", "ar")
# A day; what began and ended sometime within a month; a year; what has no end.
DATES = (
    ("2016-11-09", "2016-11-09", "2016-11-09", "2016-11-09"),
    ("2016-11-01", "2016-11-30", "2017-02-01", "2017-02-28"),
    ("2017-01-01", "2017-12-31", "2017-01-01", "2017-12-31"),
    ("2017-05-01", "2017-05-01", None, None),
)
STATES = ("held", "split", "bare", "broken")


class Sample(DeskForm):
    """One field of each sort."""

    words = "patterns.form"
    name = forms.CharField()
    reason = forms.CharField(widget=forms.Textarea, required=False)
    sort = forms.ChoiceField(choices=[("open", ""), ("restricted", "")], required=False)
    sound = forms.BooleanField(required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the four sides of the page: a language and a theme."""

    lang: str
    theme: str


@dataclass(frozen=True, slots=True)
class Sides:
    """All four."""

    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Components:
    """What every component is shown with."""

    theme: str
    form: Sample
    wrong: Sample
    pager: Pager
    states: tuple[str, ...]
    seconds: Fraction
    hash: str
    instant: str
    said: Worded


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show all four sides beside each other."""
    sides = Sides(tuple(Side(lang, theme) for theme in THEMES for lang in LANGUAGES))
    title = say(lang_of(request), "patterns.title")
    return page(request, "patterns/index.html", sides, title=title, room="patterns")


@right("read")
@require_GET
def shown(request: HttpRequest, theme: str) -> HttpResponse:
    """Show every component in one language and theme."""
    if theme not in THEMES:
        raise NoSuchThing(theme)
    lang = lang_of(request)
    request.COOKIES = {**request.COOKIES, "dalil-theme": theme}
    wrong = Sample({"name": "", "reason": say(lang, "patterns.text")}, lang=lang)
    components = Components(
        theme=theme,
        form=Sample(lang=lang),
        wrong=wrong,
        pager=Pager(2, 3, 30),
        states=STATES,
        seconds=Fraction(4177, 25),
        hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        instant="2026-03-01T10:14:00Z",
        said=Worded("The family’s boat", "قارب العائلة"),
    )
    title = say(lang, "patterns.title")
    return page(request, "patterns/shown.html", components, title=title, room="patterns")


@right("read")
@require_GET
def sample(request: HttpRequest, name: str) -> JsonResponse:
    """Return what the drawing elements draw on this page."""
    lang = lang_of(request)
    if name == "graph":
        return JsonResponse(_graph(lang))
    if name == "timeline":
        lanes = [{"id": "happened", "name": say(lang, "pictures.lane-happened")}]
        said = say(lang, "patterns.text")
        rows = [_row(str(n), said, *days) for n, days in enumerate(DATES)]
        return JsonResponse({"lanes": lanes, "rows": rows})
    raise NoSuchThing(name)


def _graph(lang: str) -> dict[str, Json]:
    nodes: list[Json] = [
        {"id": key, "kind": key, "name": say(lang, f"patterns.node-{key}"), "address": ""}
        for key in ("claim", "source", "origin")
    ]
    edges: list[Json] = [
        {"below": below, "above": above, "said": say(lang, key), "line": line, "split": split}
        for below, above, key, line, split in (
            ("claim", "source", "pictures.affirms", "dashed", True),
            ("source", "origin", "pictures.comes-from", "solid", False),
        )
    ]
    return {"nodes": nodes, "edges": edges}


def _row(id_: str, said: str, *days: str | None) -> dict[str, Json]:
    between = dict(zip(("s_min", "s_max", "e_min", "e_max"), days, strict=True))
    told = {"id": id_, "lane": "happened", "said": said, "when": "", "address": "#"}
    return {**told, **between, "open_start": False, "open_end": days[3] is None, "vague": False}
