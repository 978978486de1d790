"""The addresses of the JSON interface, each with the right that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Path, Query, Status
from ninja.errors import HttpError, ValidationError
from ninja.utils import check_csrf

from dalil.casebook.describe.code_book import books, code_book
from dalil.casebook.describe.rounds import agreement, round_state
from dalil.casebook.describe.transcript import transcript
from dalil.errors import NoSuchThing, NotAllowed, RevisedMeanwhile
from dalil.web.describing.api import reading, shapes
from dalil.web.describing.api.signing import sign
from dalil.web.describing.footage import footage_of
from dalil.web.frame.access import (
    Guarded,
    archive_of,
    casebook_of,
    person_of,
    signer_of,
    view_of_request,
)
from dalil.web.frame.say import lang_of, say
from dalil.web.frame.views import refused_page

View = Callable[..., HttpResponseBase]
READ, DESCRIBE = "read", "describe"
WHY: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 422), shapes.Refused)

api = NinjaAPI(
    title="Dalil",
    version="1",
    description="Lanes, code books, transcripts and blind rounds of one archive.",
    docs_url=None,
    urls_namespace="api",
)


@api.get("items/{item}/lanes", response={200: shapes.LanesOut, **WHY}, url_name="lanes")
def lanes(
    request: HttpRequest,
    as_known: Query[shapes.AsKnown],  # noqa: ARG001 - told to whoever reads the schema
    item: Path[shapes.Hex],
    round: Query[shapes.Hex | None] = None,  # noqa: A002 - its name in the address
) -> HttpResponse:
    """Return what is described of an item; ``round``: of one blind round alone."""
    casebook, view = casebook_of(request), view_of_request(request)
    footage = footage_of(archive_of(request), item)
    with casebook.at_once():
        shown = None
        if round is not None:
            state = round_state(casebook, round, view)
            if state.item != item:
                raise NoSuchThing(f"round {round}")
            shown = reading.round_out(state, person_of(request).person_id)
        told = reading.lanes_out(casebook, footage, view, shown)
    # Written as it stands: checking thousands of annotations again took longer than reading them.
    return HttpResponse(told.model_dump_json(exclude_none=True), "application/json")


@api.post(
    "items/{item}/annotations",
    response={200: shapes.SignedOut, **WHY, 409: shapes.ConflictOut, 503: shapes.Refused},
    url_name="annotations",
)
def written(
    request: HttpRequest, sent: shapes.ChangesIn, item: Path[shapes.Hex]
) -> shapes.SignedOut | Status[shapes.ConflictOut]:
    """Sign changes of annotations in one act, all or nothing."""
    footage = footage_of(archive_of(request), item)
    signer, view = signer_of(request), view_of_request(request)
    done = sign(casebook_of(request), footage.item, sent, view, signer)
    if isinstance(done, shapes.SignedOut):
        return done
    told = refused_page(RevisedMeanwhile(), lang_of(request))
    theirs = shapes.ConflictOut(
        refused=told.kind, happened=told.happened, safe=told.safe, next=told.next_step,
        conflicts=list(done.theirs),
    )  # fmt: skip
    return Status(409, theirs)


@api.get("items/{item}/transcript", response={200: shapes.TranscriptOut, **WHY}, url_name="speech")
def spoken(
    request: HttpRequest,
    as_known: Query[shapes.AsKnown],  # noqa: ARG001 - the same
    item: Path[shapes.Hex],
) -> shapes.TranscriptOut:
    """Return what is said in an item: transcripts and translations."""
    footage_of(archive_of(request), item)
    told = transcript(casebook_of(request), item, view_of_request(request))
    return reading.transcript_out(told)


@api.get("code-books", response={200: shapes.BooksOut, **WHY}, url_name="books")
def all_books(
    request: HttpRequest,
    as_known: Query[shapes.AsKnown],  # noqa: ARG001 - the same
) -> shapes.BooksOut:
    """Return the names of the code books."""
    return shapes.BooksOut(books=list(books(casebook_of(request), view_of_request(request))))


@api.get("code-books/{book}", response={200: shapes.BookOut, **WHY}, url_name="book")
def one_book(
    request: HttpRequest,
    as_known: Query[shapes.AsKnown],  # noqa: ARG001 - the same
    book: Path[shapes.Slug],
) -> shapes.BookOut:
    """Return a code book as it is, or as it was on a day."""
    found = code_book(casebook_of(request), book, view_of_request(request))
    return shapes.BookOut(book=found.book, terms=reading.terms_out(found.terms))


@api.get("rounds/{round}", response={200: shapes.RoundShape, **WHY}, url_name="round")
def one_round(
    request: HttpRequest,
    as_known: Query[shapes.AsKnown],  # noqa: ARG001 - the same
    round: Path[shapes.Hex],  # noqa: A002 - the same
) -> shapes.RoundShape:
    """Return how a blind round stands."""
    state = round_state(casebook_of(request), round, view_of_request(request))
    return reading.round_out(state, person_of(request).person_id)


@api.get(
    "rounds/{round}/agreement", response={200: shapes.AgreementOut, **WHY}, url_name="agreement"
)
def agreed(
    request: HttpRequest,
    as_known: Query[shapes.AsKnown],  # noqa: ARG001 - the same
    round: Path[shapes.Hex],  # noqa: A002 - the same
) -> shapes.AgreementOut:
    """Return how far annotators agree, once all have submitted."""
    told = agreement(casebook_of(request), round, view_of_request(request))
    return reading.agreement_out(told, person_of(request).person_id)


@api.exception_handler(ValidationError)
def mistyped(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """Say which field of what was sent is wrong."""
    lines = [
        f"{'.'.join(str(e) for e in each['loc'])}: {each['msg']}" for each in fault.errors[:20]
    ]
    return _said(request, "UsageRefused", "api-mistyped", lines, 422)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """Say that what was sent cannot be read."""
    return _said(request, "UsageRefused", "api-mistyped", [str(fault)], fault.status_code)


def _said(request: HttpRequest, kind: str, key: str, lines: list[str], status: int) -> HttpResponse:
    lang = lang_of(request)
    document = {"refused": kind, "happened": say(lang, f"describing.{key}"), "about": lines}
    document |= {
        "safe": say(lang, "describing.api-safe"),
        "next": say(lang, f"describing.{key}-next"),
    }
    return JsonResponse(document, status=status)


def _guarded(view: View, needed: str) -> View:
    """Let an address be called only by whoever is logged in and has the right; answer as JSON."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _said(request, "NotAllowed", "api-nobody", [], 401)
        # Django's own check, whose answer would be a page: this one is for programs.
        if check_csrf(request) is not None:
            return _said(request, "NotAllowed", "api-foreign", [], 403)
        if not person_of(request).may(needed):
            raise NotAllowed(f"{person_of(request).name} ({person_of(request).role})")
        return view(request, *args, **kwargs)

    cast("Guarded", guarded).right = needed
    guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return guarded


def addresses() -> tuple[list[URLPattern | URLResolver], str]:
    """Return the addresses of the interface, guarded."""
    made: list[URLPattern | URLResolver] = []
    for each in api.urls[0]:
        if isinstance(each, URLPattern):
            needed = DESCRIBE if each.name == "annotations" else READ
            made.append(
                URLPattern(
                    each.pattern, _guarded(each.callback, needed), each.default_args, each.name
                )
            )
    return made, "ninja"
