"""Where every copy sits on the family's clock: a drawing without a single picture, and a list.

Time runs left to right in either language, as on every player; names stand at the side where lines
begin. The drawing takes its colour from the page, uses no style, script or id, and so stands in a
page of the desk as it is; `standing_alone` makes a file of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from dalil.match.copies.family import Family, Member, Sits
from dalil.match.copies.wording import clock, listed, phrase, plain, quoted, ranged

NANO = 10**9
WIDTH, NAMES, EDGE, TOP, ROW, BAR = 960, 250, 24, 46, 44, 16
FOOT = 34
# A drawing of more is a smear; the list names all.
MOST_ROWS = 60
LONGEST_NAME = 30
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400)
TICKS = 8
NARROWEST = 1.5
# Placing is half a second wide at either end of a minute; no such shift is called another speed.
OTHER_SPEED, PART, TURNED = 0.02, 0.95, 5.0


def timeline_svg(family: Family, names: Mapping[str, str], lang: str) -> str:
    """Return a whole ``<svg>`` in ``lang`` (en, ar); ``names`` of items, whatever they hold."""
    rows = family.members[:MOST_ROWS]
    height = TOP + ROW * len(rows) + FOOT
    told = phrase("picture", lang, n=len(family.members), length=clock(family.length_ns))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label={quoteattr(told)} font-family="sans-serif" font-size="13"'
        ' fill="currentColor">'
    )
    parts = [
        head,
        *_axis(family.length_ns, len(rows), lang),
        *_gaps(family, len(rows), lang),
    ]
    for place, member in enumerate(rows):
        parts += _row(family, member, names, lang, TOP + ROW * place)
    parts += _key(family, len(family.members) - len(rows), lang, height)
    return "\n".join([*parts, "</svg>"])


def standing_alone(svg: str) -> str:
    """Return the drawing as a file of its own, on light paper or dark as the reader's screen is."""
    style = (
        "<style>svg{color:#21201c;background:#f9f9f8}"
        "@media(prefers-color-scheme:dark){svg{color:#eeeeec;background:#191918}}</style>"
    )
    head, rest = svg.split(">", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}>\n{style}{rest}\n'


def timeline_list(family: Family, names: Mapping[str, str], lang: str) -> tuple[str, ...]:
    """Return in sentences all that the drawing shows, and what it has no room for."""
    found = [
        phrase("line", lang, name=named(each.item, names), said=_told(each, lang))
        for each in family.members
    ]
    if family.members:
        found.append(
            phrase("whole", lang, names=_names(family.whole, names, lang))
            if family.whole
            else phrase("no-whole", lang)
        )
    for key, items in (("picture-cut", family.cropped), ("picture-covered", family.covered)):
        if items:
            found.append(phrase(key, lang, names=_names(items, names, lang)))
    for cut in family.cuts:
        ranges = listed([ranged(*each) for each in cut.ranges], lang)
        found.append(phrase("cut", lang, ranges=ranges, names=_names(cut.items, names, lang)))
    if family.gaps:
        ranges = listed([ranged(*each) for each in family.gaps], lang)
        found.append(phrase("gaps", lang, ranges=ranges))
    if family.beside:
        found.append(phrase("beside", lang, names=_names(family.beside, names, lang)))
    for key in ("disputed", "apart", "held_back"):
        for a, b in getattr(family, key):
            both = {"a": named(a, names), "b": named(b, names)}
            found.append(phrase(key.replace("_", "-"), lang, **both))
    return tuple(found)


def marks(member: Member, lang: str) -> tuple[str, ...]:
    """Return, in a word each, how a copy stands to the first one: speed, mirror, turn, edges."""
    found = [f"×{speed:.2f}" for speed in _speeds(member)]
    against = member.against
    if against is not None:
        turned = min(against.turned, 360 - against.turned) > TURNED
        words = {
            "mirrored": against.mirrored,
            "turned": turned,
            "cropped": against.shows < PART,
            "framed": against.filled < PART,
        }
        found += [phrase(f"mark-{word}", lang) for word, holds in words.items() if holds]
    return tuple(found)


def _told(member: Member, lang: str) -> str:
    found = []
    for each in member.sits:
        key = "alone" if each.alone else "sits"
        own, at = ranged(each.own_from_ns, each.own_to_ns), ranged(each.from_ns, each.to_ns)
        found.append(phrase(key, lang, own=own, at=at))
    found += [phrase("speed", lang, speed=f"{speed:.2f}") for speed in _speeds(member)]
    against = member.against
    if against is not None:
        if against.mirrored:
            found.append(phrase("mirrored", lang))
        if min(against.turned, 360 - against.turned) > TURNED:
            found.append(phrase("turned", lang, degrees=round(against.turned)))
        for key, share in (("cropped", against.shows), ("framed", against.filled)):
            if share < PART:
                found.append(phrase(key, lang, share=round(100 * share)))
    if member.lacks:
        ranges = listed([ranged(*each) for each in member.lacks], lang)
        found.append(phrase("lacks", lang, ranges=ranges))
    else:
        found.append(phrase("lacks-nothing", lang))
    return ("؛ " if lang == "ar" else "; ").join(found)


def _speeds(member: Member) -> list[float]:
    rounded = {round(each.speed, 2) for each in member.sits}
    return sorted(each for each in rounded if abs(each - 1) > OTHER_SPEED)


def named(item: str, names: Mapping[str, str]) -> str:
    """Return a copy's name, kept apart from the direction of the sentence; its id without one."""
    return quoted(names.get(item) or item[:8])


def _names(items: tuple[str, ...], names: Mapping[str, str], lang: str) -> str:
    return listed([named(each, names) for each in items], lang)


def _left(lang: str) -> int:
    """Return where the lanes begin: names stand left of them, or right in Arabic."""
    return EDGE if lang == "ar" else NAMES


def _x(ns: int, length: int, lang: str) -> float:
    return round(_left(lang) + (WIDTH - NAMES - EDGE) * ns / max(1, length), 1)


def _axis(length: int, rows: int, lang: str) -> Iterator[str]:
    step = next((s for s in STEPS if s * NANO * TICKS >= length), STEPS[-1])
    bottom = TOP + ROW * rows
    for at in range(0, length + 1, step * NANO):
        x = _x(at, length, lang)
        yield (
            f'<line x1="{x}" y1="{TOP - 14}" x2="{x}" y2="{bottom}" stroke="currentColor"'
            ' stroke-opacity=".15"/>'
        )
        yield (
            f'<text x="{x}" y="{TOP - 20}" text-anchor="middle" font-size="11"'
            f' fill-opacity=".75">{clock(at).split(".")[0]}</text>'
        )


def _gaps(family: Family, rows: int, lang: str) -> Iterator[str]:
    for start, end in family.gaps:
        a, b = (_x(each, family.length_ns, lang) for each in (start, end))
        told = phrase("gap-key", lang)
        yield (
            f'<rect x="{a}" y="{TOP - 10}" width="{round(b - a, 1)}" height="{ROW * rows + 10}"'
            ' fill="none" stroke="currentColor" stroke-opacity=".6" stroke-dasharray="1 4">'
            f"<title>{escape(told)} {escape(ranged(start, end))}</title></rect>"
        )


def _row(
    family: Family, member: Member, names: Mapping[str, str], lang: str, top: int
) -> Iterator[str]:
    name = plain(names.get(member.item) or member.item[:8])
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    said = listed(list(marks(member, lang)), lang)
    at = WIDTH - EDGE if lang == "ar" else EDGE
    # An anchor at the start is the right end of Arabic text.
    way = f' x="{at}" direction="{"rtl" if lang == "ar" else "ltr"}" unicode-bidi="embed"'
    yield f"<g><title>{escape(name)}: {escape(_told(member, lang))}</title>"
    yield f'<text y="{top + 14}"{way}>{escape(quoted(short))}</text>'
    if said:
        yield f'<text y="{top + 31}"{way} font-size="11" fill-opacity=".75">{escape(said)}</text>'
    yield (
        f'<line x1="{_x(0, 1, lang)}" y1="{top + 10}" x2="{_x(1, 1, lang)}" y2="{top + 10}"'
        ' stroke="currentColor" stroke-opacity=".35" stroke-dasharray="1 3"/>'
    )
    for each in sorted(member.sits, key=lambda sits: not sits.alone):
        yield _bar(each, family.length_ns, lang, top)
    yield "</g>"


def _bar(sits: Sits, length: int, lang: str, top: int) -> str:
    a, b = (_x(each, length, lang) for each in (sits.from_ns, sits.to_ns))
    width = max(NARROWEST, round(b - a, 1))
    look = 'fill="none" stroke="currentColor" stroke-dasharray="4 2"'
    if not sits.alone:
        look = 'fill-opacity=".75"'
    return f'<rect x="{a}" y="{top + 2}" width="{width}" height="{BAR}" {look}/>'


def _key(family: Family, more: int, lang: str, height: int) -> Iterator[str]:
    """Say what the looks of the bars mean, where there are such bars."""
    looks = {
        "shared-key": 'fill-opacity=".75"',
        "alone-key": 'fill="none" stroke="currentColor" stroke-dasharray="4 2"',
        "gap-key": 'fill="none" stroke="currentColor" stroke-opacity=".6" stroke-dasharray="1 4"',
    }
    alone = any(each.alone for member in family.members for each in member.sits)
    shown = ["shared-key", *["alone-key"] * alone, *["gap-key"] * bool(family.gaps)]
    rtl = lang == "ar"
    x, y = (WIDTH - EDGE if rtl else NAMES), height - 12
    for key in shown:
        yield f'<rect x="{x - 22 * rtl}" y="{y - 10}" width="22" height="10" {looks[key]}/>'
        way = f' direction="{"rtl" if rtl else "ltr"}"'
        at = x - 28 if rtl else x + 28
        yield f'<text x="{at}" y="{y}" font-size="11"{way}>{escape(phrase(key, lang))}</text>'
        x += -180 if rtl else 180
    if more > 0:
        told = escape(phrase("more", lang, n=more))
        yield f'<text x="{x}" y="{y}" font-size="11">{told}</text>'
