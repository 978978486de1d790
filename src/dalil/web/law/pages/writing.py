"""What persons sign here: what they suppose, how a claim bears on it, what they checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.law.matrix import hypothesis_called
from dalil.casebook.law.reading import MOST_BYTES
from dalil.casebook.law.shelf import tree_called, tree_record
from dalil.casebook.law.tree import CRIME, MODE, Tree
from dalil.casebook.law.wording import claim_in_words
from dalil.casebook.law.writing import SUSPECTS, bear, sign_off, suppose
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.law import Bearing, Hypothesis, LawTree
from dalil.casebook.record.relations import Relation
from dalil.casebook.report.desk import find_record, open_desk
from dalil.casebook.report.lines.line import line_about
from dalil.casebook.search.naming import id_meant
from dalil.errors import ImportRefused, NoSuchThing, RecordRefused
from dalil.web.frame.access import casebook_of, right, signer_of, view_of_request
from dalil.web.frame.form import DeskForm, told
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.law.forms import BearForm, BringForm, CheckForm, SupposeForm
from dalil.web.law.pages.trees import shown_part

WRONG = 422
# Of the claims about the suspect and the incident so many are offered; others are typed.
OFFERED = 100


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form of this room: what it is about, where that is shown, and what it does."""

    form: DeskForm
    about: str
    address: tuple[str, tuple[str, ...]]
    note: str
    button: str


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def suppose_page(request: HttpRequest, tree: str) -> HttpResponse:
    """Write a hypothesis down under one tree."""
    lang, casebook, view = lang_of(request), casebook_of(request), view_of_request(request)
    found = tree_called(casebook, view, tree)
    initial = {name: request.GET.get(name, "") for name in ("suspect", "incident")}
    form = SupposeForm(
        request.POST or None,
        lang=lang,
        initial=initial | {"see": "restricted"},
        crimes=_choices(found, CRIME, lang),
        modes=_choices(found, MODE, lang),
    )
    if request.method == "POST" and form.is_valid():
        made = _supposed(casebook, view, form, found)
        if made is not None and _kept(request, form, made):
            return redirect("law:matrix", made.id)
    shown = FormPage(
        form,
        getattr(found.name, lang),
        ("law:tree", (found.key,)),
        say(lang, "law.suppose-about"),
        say(lang, "law.suppose-sign"),
    )
    return _form_page(request, shown, say(lang, "law.suppose-title"))


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def bear_page(request: HttpRequest, hypothesis: str) -> HttpResponse:
    """Say how a claim bears on an element of a hypothesis."""
    lang, casebook, view = lang_of(request), casebook_of(request), view_of_request(request)
    with casebook.at_once():
        supposed = hypothesis_called(casebook, hypothesis, view)
        tree = tree_called(casebook, view, supposed.tree)
        asked = tree.asked(supposed.crime, supposed.mode)
        claims = list(_offered(casebook, view, supposed, lang))
        about = line_about(open_desk(casebook, view), supposed, lang)
    form = BearForm(
        request.POST or None,
        lang=lang,
        initial={"element": request.GET.get("element", "")},
        elements=[(e.id, getattr(e.text, lang)) for part in asked for e in part.elements],
        claims=claims,
    )
    if request.method == "POST" and form.is_valid():
        made = _borne(casebook, view, form, supposed)
        if made is not None and _kept(request, form, made):
            return redirect("law:matrix", hypothesis)
    shown = FormPage(
        form,
        about,
        ("law:matrix", (hypothesis,)),
        say(lang, "law.bear-note"),
        say(lang, "law.bear-sign"),
    )
    return _form_page(request, shown, say(lang, "law.bear-title"))


@right("weigh")
@require_POST
@once
def check_element(request: HttpRequest, tree: str, part: str) -> HttpResponse:
    """Sign that an element is worded rightly."""
    lang, casebook, view = lang_of(request), casebook_of(request), view_of_request(request)
    found = tree_called(casebook, view, tree)
    form = CheckForm(request.POST, lang=lang)
    if form.is_valid():
        signed = sign_off(casebook, view, tree, form.text("element"), form.text("reasons"))
        if _kept(request, form, signed):
            return redirect("law:part", tree, part)
    return shown_part(request, found, part, form, WRONG)


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def bring_tree(request: HttpRequest) -> HttpResponse:
    """Bring a tree of law from a YAML file."""
    lang, casebook = lang_of(request), casebook_of(request)
    form = BringForm(request.POST or None, request.FILES or None, lang=lang)
    if request.method == "POST" and form.is_valid():
        record = _brought(casebook, form)
        if record is not None and _kept(request, form, record):
            return redirect("law:tree", record.key)
    shown = FormPage(
        form,
        say(lang, "law.title"),
        ("law:index", ()),
        say(lang, "law.bring-note"),
        say(lang, "law.bring-sign"),
    )
    return _form_page(request, shown, say(lang, "law.bring-title"))


def _choices(tree: Tree, kind: str, lang: str) -> list[tuple[str, str]]:
    return [(p.key, f"{p.article} · {getattr(p.name, lang)}") for p in tree.of(kind)]


def _offered(
    casebook: Casebook, view: View, supposed: Hypothesis, lang: str
) -> Iterator[tuple[str, str]]:
    """Yield what is claimed of the suspect and the incident, a hundred at the most."""
    desk = open_desk(casebook, view)
    found: dict[str, Record] = {}
    for about in (supposed.suspect, supposed.incident):
        for kind, field in ((Proposition.kind, "subject"), (Relation.kind, "a")):
            for known in casebook.naming(about, view, kind, field):
                if known.record.withdrawn is None:
                    found.setdefault(known.record.id, known.record)
    for each in list(found.values())[:OFFERED]:
        yield each.id, claim_in_words(desk, each, lang)


def _supposed(casebook: Casebook, view: View, form: SupposeForm, tree: Tree) -> Hypothesis | None:
    ids = ["", ""]
    for n, (name, types) in enumerate((("suspect", SUSPECTS), ("incident", ("incident",)))):
        try:
            ids[n] = id_meant(casebook, form.text(name), view, types)
        except NoSuchThing as refused:
            form.add_error(name, refused.about)
    if form.errors:
        return None
    suspect, incident = ids
    made = Hypothesis(
        id=new_id(),
        see=form.text("see"),
        case=casebook.get(incident, view).record.case,
        tree=tree.key,
        crime=form.text("crime"),
        mode=form.text("mode"),
        note=form.text("note") or None,
        suspect=suspect,
        incident=incident,
    )
    try:
        return suppose(casebook, view, made)
    except (NoSuchThing, RecordRefused) as refused:
        form.add_error(None, told(refused, form.lang))
        return None


def _borne(casebook: Casebook, view: View, form: BearForm, supposed: Hypothesis) -> Bearing | None:
    word = form.text("other") or form.text("claim")
    if not word:
        form.add_error("claim", say(form.lang, "law.bear-claim-none"))
        return None
    try:
        claim = find_record(casebook, word, view).record
        asked = isinstance(claim, Proposition)
        made = Bearing(
            id=new_id(),
            see=supposed.see,
            case=supposed.case,
            hypothesis=supposed.id,
            element=form.text("element"),
            bears=form.text("bears"),
            reasoning=form.text("reasons"),
            proposition=claim.id if asked else None,
            link=None if asked else claim.id,
        )
        return bear(casebook, view, made)
    except (NoSuchThing, RecordRefused) as refused:
        form.add_error("other" if form.text("other") else "claim", refused.about)
        return None


def _brought(casebook: Casebook, form: BringForm) -> LawTree | None:
    data = form.cleaned_data["file"].read(MOST_BYTES + 1)
    try:
        return tree_record(casebook, data.decode("utf-8-sig"), form.text("see"))
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        form.add_error("file", say(form.lang, "law.bring-not-utf8", n=line))
    except ImportRefused as refused:
        for line in refused.about.split("\n"):
            form.add_error("file", line)
    return None


def _kept(request: HttpRequest, form: DeskForm, record: Record) -> bool:
    """Write a record, in one act; where it is refused, say so above the form."""
    try:
        casebook_of(request).write([record], signer_of(request))
    except RecordRefused as refused:
        form.add_error(None, told(refused, form.lang))
        return False
    return True


def _form_page(request: HttpRequest, shown: FormPage, title: str) -> HttpResponse:
    status = WRONG if request.method == "POST" else 200
    return page(request, "law/form.html", shown, title=title, room="law", status=status)
