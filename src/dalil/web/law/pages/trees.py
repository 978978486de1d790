"""A tree of law: its parts, and the elements of one of them with who checked them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from dalil.casebook.law.shelf import signed_off, tree_called
from dalil.casebook.law.tree import PARTS, Part, Tree
from dalil.casebook.law.wording import checks_in_words, part_in_words, say, source_in_words
from dalil.casebook.report.page import Worded
from dalil.errors import NoSuchThing
from dalil.web.frame.access import casebook_of, person_of, right, view_of_request
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of
from dalil.web.law.forms import CheckForm


@dataclass(frozen=True, slots=True)
class PartListed:
    """A part of a tree: how many elements it has, and of how many somebody checked the wording."""

    key: str
    name: str
    elements: int
    checked: int


@dataclass(frozen=True, slots=True)
class TreePage:
    """A tree by its contexts, crimes and modes."""

    key: str
    name: Worded
    note: Worded
    version: str
    parts: tuple[tuple[str, tuple[PartListed, ...]], ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class ElementShown:
    """One element with its source and who checked it; ``form`` signs that it is right."""

    id: str
    sort: str
    text: str
    source: str
    url: str
    original: str
    original_lang: str
    checks: tuple[str, ...]
    checked: bool
    form: CheckForm | None


@dataclass(frozen=True, slots=True)
class PartPage:
    """The elements of a context, a crime or a mode."""

    tree: str
    tree_name: Worded
    part: str
    name: str
    contexts: tuple[tuple[str, str], ...]
    elements: tuple[ElementShown, ...]


@right("read")
@require_GET
def tree_page(request: HttpRequest, tree: str) -> HttpResponse:
    """Show a tree."""
    lang, view, casebook = lang_of(request), view_of_request(request), casebook_of(request)
    with casebook.at_once():
        found = tree_called(casebook, view, tree)
        signed = signed_off(casebook, view, found, found.elements())
    checked = {name for name, each in signed.items() if any(one.holds for one in each)}
    parts = tuple(
        (kind, tuple(_listed(each, checked, lang) for each in found.of(kind))) for kind in PARTS
    )
    may = person_of(request).may("weigh")
    shown = TreePage(found.key, found.name, found.note, found.version, parts, may)
    return page(request, "law/tree.html", shown, title=getattr(found.name, lang), room="law")


@right("read")
@require_GET
def part_page(request: HttpRequest, tree: str, part: str) -> HttpResponse:
    """Show the elements of one part of a tree."""
    view, casebook = view_of_request(request), casebook_of(request)
    return shown_part(request, tree_called(casebook, view, tree), part)


def shown_part(
    request: HttpRequest, tree: Tree, key: str, wrong: CheckForm | None = None, status: int = 200
) -> HttpResponse:
    """Return the page of a part, with a form that was typed wrongly, if any.

    Raises:
        NoSuchThing: the tree has no such part.

    """
    if key not in tree.parts:
        raise NoSuchThing(f"part {key} of the tree {tree.key}")
    lang, part = lang_of(request), tree.parts[key]
    elements = _elements(request, tree, part, wrong)
    contexts = tuple((each, getattr(tree.parts[each].name, lang)) for each in part.contexts)
    name = part_in_words(part, lang)
    shown = PartPage(tree.key, tree.name, key, name, contexts, elements)
    title = getattr(part.name, lang)
    return page(request, "law/part.html", shown, title=title, room="law", status=status)


def _elements(
    request: HttpRequest, tree: Tree, part: Part, wrong: CheckForm | None
) -> tuple[ElementShown, ...]:
    lang, casebook, view = lang_of(request), casebook_of(request), view_of_request(request)
    with casebook.at_once():
        signed = signed_off(casebook, view, tree, part.elements)
    may = person_of(request).may("weigh")
    found = []
    for number, each in enumerate(part.elements, 1):
        checks = signed.get(each.id, ())
        form = None
        if may:
            form = CheckForm(lang=lang, initial={"element": each.id}, auto_id=f"id_{number}_%s")
        if wrong is not None and wrong.data.get("element") == each.id:
            form = wrong
        found.append(
            ElementShown(
                id=each.id,
                sort=say(f"sort-{each.sort}", lang),
                text=getattr(each.text, lang),
                source=source_in_words(each, lang),
                url=each.source.url,
                original=each.original,
                original_lang=each.original_lang,
                checks=checks_in_words(checks, lang),
                checked=any(one.holds for one in checks),
                form=form,
            )
        )
    return tuple(found)


def _listed(part: Part, checked: set[str], lang: str) -> PartListed:
    done = sum(each.id in checked for each in part.elements)
    return PartListed(part.key, part_in_words(part, lang), len(part.elements), done)
