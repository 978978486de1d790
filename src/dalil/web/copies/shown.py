"""A candidate as pages show it: in words, numbers and time codes, without one picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString

from dalil.kernel.seal import NANO
from dalil.match.found import Found, Piece, Rates, Transform
from dalil.web.frame.say import digits, say, say_html

PIECES_SHOWN = 6
# What lies within these is the measure's own noise, and is no change.
TURNED, WHOLE, AS_FAST = 2.0, 0.985, 0.01


@dataclass(frozen=True, slots=True)
class Side:
    """One file of a candidate; ``item`` is empty for a file that is not in the archive."""

    item: str
    name: str


@dataclass(frozen=True, slots=True)
class PieceShown:
    """One stretch that is in both files: seconds from each one's first picture, and how it lies."""

    a_from: Fraction
    a_to: Fraction
    b_from: Fraction
    b_to: Fraction
    changed: tuple[SafeString, ...]


@dataclass(frozen=True, slots=True)
class StageShown:
    """What one stage said, in words; its figure as text."""

    name: str
    said: str
    score: str


@dataclass(frozen=True, slots=True)
class CandidateShown:
    """A candidate: its two files, what the machine says of them, and how often it errs."""

    a: Side
    b: Side
    verdict: str
    percent: int
    pieces: tuple[PieceShown, ...]
    pieces_more: int
    stages: tuple[StageShown, ...]
    rates: tuple[SafeString, ...]
    method: str


def candidate_shown(found: Found, a: Side, b: Side, lang: str) -> CandidateShown:
    """Return a candidate in the words of a page."""
    return CandidateShown(
        a,
        b,
        found.verdict,
        round(100 * found.score),
        tuple(_piece(each, lang) for each in found.pieces[:PIECES_SHOWN]),
        max(0, len(found.pieces) - PIECES_SHOWN),
        tuple(
            StageShown(
                say(lang, f"copies.stage-{each.name}"),
                say(lang, f"copies.said-{each.said}"),
                "" if each.score is None else f"{each.score:.3g}",
            )
            for each in found.stages
        ),
        tuple(_rates(found.rates, lang)),
        found.method,
    )


def _piece(piece: Piece, lang: str) -> PieceShown:
    return PieceShown(
        Fraction(piece.a_from_ns, NANO),
        Fraction(piece.a_to_ns, NANO),
        Fraction(piece.b_from_ns, NANO),
        Fraction(piece.b_to_ns, NANO),
        tuple(_changed(piece, lang)),
    )


def _changed(piece: Piece, lang: str) -> Iterator[SafeString]:
    """Yield how the first file's stretch differs from the second's, in words."""
    if abs(piece.speed - 1) > AS_FAST:
        yield say_html(lang, "copies.speed", speed=digits(f"{piece.speed:.3g}", lang))
    if piece.transform is None:
        return
    told = list(_transformed(piece.transform, lang))
    yield from told or [say_html(lang, "copies.whole-picture")]


def _transformed(transform: Transform, lang: str) -> Iterator[SafeString]:
    if transform.mirrored:
        yield say_html(lang, "copies.mirrored")
    if abs((transform.turned + 180) % 360 - 180) > TURNED:
        yield say_html(lang, "copies.turned", degrees=round(transform.turned) % 360)
    share = transform.shown[2] * transform.shown[3]
    if share < WHOLE:
        yield say_html(lang, "copies.part-shown", percent=round(100 * share))
    if transform.covers < WHOLE:
        yield say_html(lang, "copies.covers", percent=round(100 * transform.covers))


def _rates(rates: Rates, lang: str) -> Sequence[SafeString]:
    if not rates.copies:
        return [say_html(lang, "copies.rates-unmeasured")]
    missed = digits(f"{100 * rates.missed:.3g}", lang)
    films, kinds, copies = (
        say_html(lang, f"copies.rates-{name}", n=getattr(rates, name))
        for name in ("films", "kinds", "copies")
    )
    others, scenes = (
        say_html(lang, "copies.rates-pairs", n=n) for n in (rates.others, rates.scenes)
    )
    return [
        say_html(
            lang, "copies.rates-missed", films=films, kinds=kinds, copies=copies, missed=missed
        ),
        say_html(
            lang,
            "copies.rates-false",
            others=others,
            false=rates.false,
            scenes=scenes,
            false_scene=rates.false_scene,
        ),
    ]


def side_unknown(lang: str) -> Side:
    """Return a file from outside, of which nothing is kept."""
    return Side("", say(lang, "copies.outside-file"))
