"""dalil casebook search: one query over everything that you may see."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import viewing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dalil.casebook.search.query import Found, Hit

WORDS = "casebook_search"
MILLIONTHS = 1_000_000
NEAR = "a position is LATITUDE,LONGITUDE,METRES: 33.481,36.302,500"


@click.command("search")
@ARCHIVE
@click.argument("words", nargs=-1)
@click.option("--kind", "kinds", multiple=True, help="Only records of this kind (entity …).")
@click.option("--type", "types", multiple=True, help="Only of this type (person, place, unit …).")
@click.option("--place", help="Only what is in this place or a part of it: id, key or name.")
@click.option("--only-there", is_flag=True, help="Not in the parts of the place.")
@click.option("--near", metavar="LAT,LON,METRES", help="Only within metres of a position.")
@click.option("--from", "year_from", type=int, help="Only from this year on.")
@click.option("--to", "year_to", type=int, help="Only up to this year.")
@click.option("--source", help="Only what this source says: id or key.")
@click.option("--related", help="Only what is related to this: id, key or name.")
@click.option("--label", "labels", multiple=True, help="Only what bears this label.")
@click.option("--case", help="Only records of this case.")
@click.option("--limit", type=int, default=30, show_default=True, help="Hits on a page.")
@click.option("--offset", type=int, default=0, help="Hits before this page.")
@viewing
@reporting
def command(
    archive: Path,
    words: tuple[str, ...],
    kinds: tuple[str, ...],
    types: tuple[str, ...],
    place: str | None,
    near: str | None,
    year_from: int | None,
    year_to: int | None,
    source: str | None,
    related: str | None,
    labels: tuple[str, ...],
    case: str | None,
    limit: int,
    offset: int,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    only_there: bool,
    as_json: bool,
) -> None:
    """Find records by WORDS, in any script, and by conditions; all of them must hold.

    A name finds what it names under all its forms. "in quotes": side by side; word*: a beginning.

    \b
    Example:
      dalil casebook search /srv/archive التضامن --type place
      dalil casebook search /srv/archive execution --place Homs --from 2013 --to 2013
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.search.naming import id_meant
    from dalil.casebook.search.query import Query
    from dalil.casebook.search.search import search

    casebook, view = Casebook.open(archive), view_of(see, known_on, said_by, on)
    query = Query(
        " ".join(words),
        kinds=kinds,
        types=types,
        place=id_meant(casebook, place, view, ("place", "site")) if place else None,
        with_parts=not only_there,
        near=_near(near) if near else None,
        year_from=year_from,
        year_to=year_to,
        source=id_meant(casebook, source, view) if source else None,
        related=id_meant(casebook, related, view) if related else None,
        labels=labels,
        case=case,
        limit=limit,
        offset=offset,
    )
    found = search(casebook, query, view)
    report(found, "\n".join(_lines(found, offset, lang)), as_json=as_json)


def _near(text: str) -> tuple[int, int, int]:
    from dalil.errors import UsageRefused

    try:
        lat, lon, metres = (Decimal(part.strip()) for part in text.split(","))
        near = int(lat * MILLIONTHS), int(lon * MILLIONTHS), int(metres)
    except (InvalidOperation, ValueError, OverflowError):
        raise UsageRefused(f"{text!a}: {NEAR}") from None
    if not (abs(lat) <= 90 and abs(lon) <= 180 and 0 <= metres <= 20_000_000):  # noqa: PLR2004
        raise UsageRefused(f"{text!a} is not on the Earth: {NEAR}")
    return near


def _lines(found: Found, offset: int, lang: str) -> Iterator[str]:
    if not found.total:
        yield phrase(WORDS, "none", lang)
        return
    last = offset + len(found.hits)
    if len(found.hits) == found.total:
        yield phrase(WORDS, "total", lang, total=found.total)
    else:
        first = min(offset + 1, last)
        yield phrase(WORDS, "page", lang, total=found.total, first=first, last=last)
    for number, hit in enumerate(found.hits, offset + 1):
        yield from _hit(number, hit, lang)


def _hit(number: int, hit: Hit, lang: str) -> Iterator[str]:
    from dalil.casebook.report.phrases import term
    from dalil.casebook.text.names import isolate, script_of

    kinds = [hit.kind, *([hit.type] if hit.type else []), *(["sealed"] if hit.see > 1 else [])]
    # A type that a list brought has no word in Arabic, and is told as a quotation.
    known = (isolate(each) if term(each, "ar") == each else term(each, lang) for each in kinds)
    what = ("، " if lang == "ar" else ", ").join(known)
    # In the reader's own script first.
    ordered = sorted(hit.headings, key=lambda each: (script_of(each) == "Arab") != (lang == "ar"))
    heading = " · ".join(map(isolate, ordered)) or phrase(WORDS, "no-words", lang)
    yield phrase(WORDS, "hit", lang, number=number, what=what, heading=heading)
    if hit.named:
        yield phrase(WORDS, "named", lang)
    if hit.excerpt:
        yield phrase(WORDS, "excerpt", lang, excerpt=isolate(hit.excerpt))
    own = "key" if hit.key else "id"
    yield phrase(WORDS, own, lang, id=hit.id, named=isolate(hit.key or ""))
