"""dalil match: the same footage, wherever it turns up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.progress import counting_bar
from dalil.cli.saying import phrase, report, reporting, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dalil.match.found import Found, Piece, Rates, Stage, Transform
    from dalil.match.search import Asked, Matched

WORDS = "match"
NANO = 10**9
SHORT = 12
EXACT, SHARES, LIKENESSES = (
    ("packets", "frames"),
    ("packets", "frames", "sound"),
    ("learned", "motion"),
)


@click.command("match")
@ARCHIVE
@click.option(
    "--query",
    "queries",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Look for copies of this file, which is not kept; more follow as FILES.",
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@reporting
def command(
    archive: Path,
    queries: tuple[Path, ...],
    files: tuple[Path, ...],
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Compare all items with one another, or a file from outside with them. Stopped, it goes on.

    What is found is a candidate: a person judges. Nothing found says nothing.

    \b
    Example:
      dalil match /srv/archive
      dalil match /srv/archive --query from-a-channel.mp4 another.mp4
    """
    from dalil.errors import UsageRefused
    from dalil.match.copies.gathered import names_of
    from dalil.match.search import find_copies, match_all

    if files and not queries:
        raise UsageRefused(f"{files[0]}: a file from outside is named with --query")
    with counting_bar("match") as advance:
        if queries:
            asked = find_copies(archive, [*queries, *files], advance)
            leads = [lead for each in asked for lead in each.leads]
            document: object = {"queries": [_asked_said(each) for each in asked]}
            names = names_of(archive, {each.b for each in leads})
            lines = [line for each in asked for line in _asked(each, names, lang)]
        else:
            matched = match_all(archive, advance)
            leads = list(matched.leads)
            document = _matched_said(matched)
            names = names_of(archive, {item for each in leads for item in (each.a, each.b)})
            lines = list(_matched(matched, names, lang))
    report(document, "\n".join([*lines, *_closing(leads, lang)]), as_json=as_json)


def _asked_said(asked: Asked) -> dict[str, object]:
    return {
        "file": asked.name,
        "sha256": asked.sha256,
        "leads": [lead_said(each) for each in asked.leads],
        "problems": asked.problems,
        "waiting": asked.waiting,
    }


def _matched_said(matched: Matched) -> dict[str, object]:
    return {
        "features_made": matched.made,
        "items_compared": matched.items,
        "pairs_compared": matched.pairs,
        "leads": [lead_said(each) for each in matched.leads],
    }


def lead_said(found: Found) -> dict[str, object]:
    """Return a lead as the JSON document says it (docs/match.md): times in seconds."""
    return {
        "a": found.a,
        "b": found.b,
        "verdict": found.verdict,
        "score": found.score,
        "pieces": [_piece_said(each) for each in found.pieces],
        "stages": {each.name: {"said": each.said, "score": each.score} for each in found.stages},
        "method": found.method,
        "rates": found.rates,
    }


def _piece_said(piece: Piece) -> dict[str, object]:
    return {
        "a": [piece.a_from_ns / NANO, piece.a_to_ns / NANO],
        "b": [piece.b_from_ns / NANO, piece.b_to_ns / NANO],
        "speed": piece.speed,
        "transform": piece.transform,
    }


def _asked(asked: Asked, names: Mapping[str, str], lang: str) -> Iterator[str]:
    from dalil.casebook.text.names import isolate, shown

    yield phrase(WORDS, "query", lang, name=isolate(shown(asked.name)), sha256=asked.sha256[:SHORT])
    for problem in asked.problems:
        yield phrase(WORDS, "problem", lang, what=isolate(shown(problem)))
    if not asked.leads:
        yield phrase(WORDS, "nothing", lang)
    for lead in asked.leads:
        yield from _lead(lead, names, lang)
    if asked.waiting:
        yield phrase(WORDS, "waiting", lang, n=asked.waiting)


def _matched(matched: Matched, names: Mapping[str, str], lang: str) -> Iterator[str]:
    if matched.made:
        yield phrase(WORDS, "made", lang, n=matched.made)
    items = phrase(WORDS, "items-new", lang, n=matched.items)
    pairs = phrase(WORDS, "pairs-near", lang, n=matched.pairs)
    yield phrase(WORDS, "compared", lang, items=items, pairs=pairs)
    if not matched.leads:
        yield phrase(WORDS, "nothing-new", lang)
    for lead in matched.leads:
        yield from _lead(lead, names, lang)


def _lead(found: Found, names: Mapping[str, str], lang: str) -> Iterator[str]:
    from dalil.match.found import SAME, SCENE

    a, b = (_name(each, names, lang) for each in (found.a, found.b))
    verdict = phrase(WORDS, found.verdict, lang)
    yield phrase(WORDS, "lead", lang, a=a, b=b, verdict=verdict, score=f"{found.score:.2f}")
    if found.verdict == SCENE:
        yield phrase(WORDS, "two-moments", lang)
    for piece in found.pieces if found.verdict != SCENE else ():
        times = (piece.a_from_ns, piece.a_to_ns, piece.b_from_ns, piece.b_to_ns)
        a_from, a_to, b_from, b_to = map(time_code, times)
        how = "".join(_comma(lang) + each for each in _how(piece, lang))
        key = "piece" if found.verdict == SAME else "perhaps"
        yield phrase(WORDS, key, lang, a_from=a_from, a_to=a_to, b_from=b_from, b_to=b_to, how=how)
    said = _comma(lang).join(_stage(each, lang) for each in found.stages if _spoke(each))
    yield phrase(WORDS, "stages", lang, said=said)


def _closing(leads: list[Found], lang: str) -> Iterator[str]:
    """Say once, after all leads, what a lead is and how often such leads err."""
    if not leads:
        return
    yield phrase(WORDS, "judge", lang)
    yield phrase(WORDS, "method", lang, method=leads[0].method)
    for rates in dict.fromkeys(each.rates for each in leads):
        if rates.copies and rates.others:
            yield phrase(WORDS, "rates", lang, **_counts(rates, lang))
        else:
            yield phrase(WORDS, "not-measured", lang)


def _counts(rates: Rates, lang: str) -> dict[str, object]:
    return {
        "films": phrase(WORDS, "films", lang, n=rates.films),
        "kinds": phrase(WORDS, "kinds", lang, n=rates.kinds),
        "missed": round(rates.missed * rates.copies),
        "copies": phrase(WORDS, "copies", lang, n=rates.copies),
        "false": rates.false,
        "others": phrase(WORDS, "pairs", lang, n=rates.others),
        "false_scene": rates.false_scene,
        "scenes": phrase(WORDS, "pairs", lang, n=rates.scenes),
    }


def _name(name: str, names: Mapping[str, str], lang: str) -> str:
    from dalil.match.copies.wording import beside_id
    from dalil.match.found import QUERY

    if name.startswith(QUERY):
        return phrase(WORDS, "this-file", lang)
    return beside_id(name, names, SHORT)


def _spoke(stage: Stage) -> bool:
    return stage.said != "not-asked"


def _stage(stage: Stage, lang: str) -> str:
    name, said = (phrase(WORDS, key, lang) for key in (f"stage-{stage.name}", f"said-{stage.said}"))
    figure = f"figure-{stage.name}"
    exact = stage.name in EXACT and stage.said != "yes"
    if stage.score is None or exact or figure not in words(WORDS):
        return phrase(WORDS, "stage", lang, name=name, said=said)
    number = stage.score * 100 if stage.name in SHARES else stage.score
    whole = stage.name not in LIKENESSES
    told = phrase(WORDS, figure, lang, number=f"{number:,.0f}" if whole else f"{number:.2f}")
    return phrase(WORDS, "stage-figure", lang, name=name, said=said, figure=told)


def _how(piece: Piece, lang: str) -> Iterator[str]:
    if piece.speed != 1.0:
        yield phrase(WORDS, "speed", lang, speed=f"{piece.speed:.3f}")
    if piece.transform is not None:
        yield from _transform(piece.transform, lang)


def _transform(transform: Transform, lang: str) -> Iterator[str]:
    _, _, width, height = transform.shown
    if transform.mirrored:
        yield phrase(WORDS, "mirrored", lang)
    if round(transform.turned) % 360:
        yield phrase(WORDS, "turned", lang, degrees=round(transform.turned) % 360)
    shows, covers = round(100 * width * height), round(100 * transform.covers)
    yield phrase(WORDS, "shows", lang, share=min(100, max(0, shows)), covers=covers)


def _comma(lang: str) -> str:
    return "، " if lang == "ar" else ", "


def time_code(nanoseconds: int) -> str:
    """Return a time as MM:SS.mmm, or HH:MM:SS.mmm from an hour on."""
    millis = round(nanoseconds / 10**6)
    seconds, millis = divmod(max(0, millis), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours:02d}:" if hours else ""
    return f"{head}{minutes:02d}:{seconds:02d}.{millis:03d}"
