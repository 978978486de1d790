"""The letters of paper: fonts as HarfBuzz shapes them, their outlines, and the order of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import uharfbuzz
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

FONTS = {
    "text": "plex-sans-regular.ttf",
    "strong": "plex-sans-semibold.ttf",
    "mono": "plex-mono-regular.ttf",
    "arabic": "plex-sans-arabic-regular.ttf",
    "arabic-strong": "plex-sans-arabic-semibold.ttf",
}


class Face:
    """One font as HarfBuzz shapes it and as outlines in its own units."""

    def __init__(self, path: Path) -> None:
        self._font = uharfbuzz.Font(uharfbuzz.Face(path.read_bytes()))
        table = TTFont(path)
        self.units: int = table["head"].unitsPerEm
        self.letters = frozenset(table.getBestCmap())
        self._glyphs = table.getGlyphSet()
        self._order = table.getGlyphOrder()
        self._outlines: dict[int, str] = {}

    def shape(self, text: str, level: int = 1) -> list[tuple[int, int, int, int]]:
        """Return (glyph, advance, x, y) from left to right, in units of the font.

        At an even ``level`` (UAX #9) stand numbers, which run from left to right in Arabic too.
        """
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        # Signs of no script are shaped from right to left too, so that brackets are mirrored.
        direction = "rtl" if level % 2 else "ltr"
        buffer.direction, buffer.script, buffer.language = direction, "Arab", "ar"
        uharfbuzz.shape(self._font, buffer)
        return [
            (info.codepoint, at.x_advance, at.x_offset, at.y_offset)
            for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    def outline(self, glyph: int) -> str:
        """Return a glyph's path as PDF operators, empty for a glyph without ink."""
        if glyph not in self._outlines:
            pen = _PathPen(self._glyphs)
            self._glyphs[self._order[glyph]].draw(pen)
            self._outlines[glyph] = " ".join(pen.parts)
        return self._outlines[glyph]


class _PathPen(BasePen):  # type: ignore[misc]
    """Writes an outline as PDF path operators."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.parts: list[str] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - fontTools' name
        self.parts.append(f"{pt[0]:.0f} {pt[1]:.0f} m")

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - fontTools' name
        self.parts.append(f"{pt[0]:.0f} {pt[1]:.0f} l")

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802 - fontTools' name
        self.parts.append(" ".join(f"{x:.0f} {y:.0f}" for x, y in points) + " c")

    def _closePath(self) -> None:  # noqa: N802 - fontTools' name
        self.parts.append("h")


def font_path(file: str) -> Path:
    """Return where a font lies."""
    return Path(str(resources.files("dalil.dossier") / "fonts" / file))


@cache
def face_of(name: str) -> Face:
    """Return a font by its name here, opened once."""
    return Face(font_path(FONTS[name]))


@dataclass(frozen=True, slots=True)
class Atom:
    """Letters of one direction and font without a space, or one space."""

    text: str
    level: int
    arabic: bool
    width: float


def words_of(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    """Yield words, and the spaces between them, in the order of reading."""
    word: list[Atom] = []
    for atom in atoms:
        if atom.text == " ":
            if word:
                yield word
            yield [atom]
            word = []
        else:
            word.append(atom)
    if word:
        yield word


def trimmed(line: list[Atom]) -> list[Atom]:
    """Return a line without the spaces at its end."""
    while line and line[-1].text == " ":
        line = line[:-1]
    return line


def visual(line: Sequence[Atom]) -> list[int]:
    """Return the places of atoms from left to right (UAX #9, rule L2)."""
    order = list(range(len(line)))
    levels = [atom.level for atom in line]
    for level in range(max(levels, default=0), 0, -1):
        i = 0
        while i < len(order):
            j = i
            while j < len(order) and levels[order[j]] >= level:
                j += 1
            order[i:j] = order[i:j][::-1]
            i = max(j, i + 1)
    return order
