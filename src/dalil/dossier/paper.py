"""Sheets of paper in Arabic or English, from blocks; the same bytes for the same blocks.

Arabic letters are drawn as shaped outlines, and under each word lie its plain letters, invisible,
one glyph a letter: what is searched for, copied or read aloud is the word as it was written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fpdf import FPDF
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection, TextMode

from dalil.dossier.letters import FONTS, Atom, face_of, font_path, trimmed, visual, words_of

MARGIN, WIDTH, HEIGHT = 24.0, 210.0, 297.0
COLUMN = WIDTH - 2 * MARGIN
LABEL = 42.0
FOOT = 18.0
INK, FAINT, LINE = (33, 32, 28), (99, 99, 94), (218, 217, 214)
POINT = 25.4 / 72
FIRST_STRONG, LEFT_TO_RIGHT, CLOSE = "\u2068", "\u2066", "\u2069"
ISOLATES = str.maketrans("", "", FIRST_STRONG + LEFT_TO_RIGHT + CLOSE)


@dataclass(frozen=True, slots=True)
class Style:
    """Size in points, distance of lines in millimetres, weight and colour."""

    size: float = 10.0
    leading: float = 5.4
    strong: bool = False
    mono: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the paper and a line under it."""

    text: str
    under: str


@dataclass(frozen=True, slots=True)
class Head:
    """A heading."""

    text: str


@dataclass(frozen=True, slots=True)
class Says:
    """A paragraph."""

    text: str
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what it holds; ``mono`` for digests."""

    label: str
    text: str
    note: str = ""
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """Texts that stand side by side, each a list of (label, text)."""

    columns: tuple[tuple[tuple[str, str], ...], ...]
    mark: str = ""


Block = Title | Head | Says | Row | Beside


@dataclass(frozen=True, slots=True)
class Document:
    """A paper: its language, blocks, the words at its foot, and the time that it states."""

    lang: str
    title: str
    foot: str
    unix_time: int
    blocks: tuple[Block, ...] = field(default_factory=tuple)


def as_pdf(document: Document) -> bytes:
    """Set a document on A4; run twice, since each page says how many there are."""
    pages = _Sheets(document, 0).finish()[1]
    return _Sheets(document, pages).finish()[0]


def as_text(document: Document) -> str:
    """Return a document as plain text for the terminal."""
    lines: list[str] = []
    for block in document.blocks:
        match block:
            case Title(text, under):
                lines += [text, under, ""]
            case Head(text):
                lines += ["", text, ""]
            case Says(text):
                lines.append(text)
            case Row(label, text, note):
                lines.append(f"{label}: {text}" + (f" ({note})" if note else ""))
            case Beside(columns, mark):
                lines += [mark] if mark else []
                for column in columns:
                    lines.append("  " + "; ".join(f"{label}: {text}" for label, text in column))
    return "\n".join(lines).translate(ISOLATES)


def isolated(text: str) -> str:
    """Return a text that takes no part in the direction of the words around it."""
    arabic = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)
    return f"{FIRST_STRONG if arabic else LEFT_TO_RIGHT}{text}{CLOSE}"


class _Sheets:
    """The pages of one document while they are set."""

    def __init__(self, document: Document, pages: int) -> None:
        self._document = document
        self._pages = pages
        self._rtl = document.lang == "ar"
        self._pdf: Any = FPDF(format="A4")
        self._pdf.set_margin(0)
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_creation_date(datetime.fromtimestamp(document.unix_time, UTC))
        self._pdf.set_title(document.title)
        self._pdf.set_lang(document.lang)
        self._pdf.set_producer("dalil")
        for name, file in FONTS.items():
            self._pdf.add_font(name, "", str(font_path(file)))
        self._y = HEIGHT

    def finish(self) -> tuple[bytes, int]:
        """Set all blocks; return the bytes and how many pages they fill."""
        for block in self._document.blocks:
            self._set(block)
        return bytes(self._pdf.output()), self._pdf.page

    def _set(self, block: Block) -> None:
        match block:
            case Title(text, under):
                self._paragraph(text, Style(18, 9, strong=True))
                self._paragraph(under, Style(faint=True))
                self._y += 4
            case Head(text):
                self._room(24)
                self._y += 6
                self._paragraph(text, Style(12, 6.4, strong=True))
                self._y += 1
            case Says(text, faint):
                self._paragraph(text, Style(faint=faint))
                self._y += 1.2
            case Row():
                self._row(block)
            case Beside():
                self._beside(block)

    def _row(self, row: Row) -> None:
        style = Style(7.6, 4.8, mono=True) if row.mono else Style()
        right = self._lines(row.text, style, COLUMN - LABEL)
        note = (
            self._lines(row.note, Style(8.6, 4.8, faint=True), COLUMN - LABEL) if row.note else []
        )
        left = self._lines(row.label, Style(faint=True), LABEL - 4)
        self._room(max(len(left), len(right)) * style.leading + 5)
        self._rule()
        top = self._y
        self._block(left, Style(faint=True), 0.0, LABEL - 4)
        below = self._y
        self._y = top
        self._block(right, style, LABEL, COLUMN - LABEL)
        self._block(note, Style(8.6, 4.8, faint=True), LABEL, COLUMN - LABEL)
        self._y = max(self._y, below) + 1.6

    def _beside(self, beside: Beside) -> None:
        count = len(beside.columns)
        width = (COLUMN - 6.0 * (count - 1)) / count
        texts = [[f"{label}: {text}" for label, text in column] for column in beside.columns]
        style = Style(9, 4.9)
        set_lines = [[line for t in ts for line in self._lines(t, style, width)] for ts in texts]
        longest = max(map(len, set_lines))
        if longest * style.leading + 12 > HEIGHT - 2 * MARGIN:
            # Longer than a page: one under another, so that nothing is set over anything.
            self._paragraph(beside.mark, Style(9, 5, strong=True))
            for text in (each for column in texts for each in (*column, "")):
                self._paragraph(text, style)
            return
        self._room(longest * style.leading + 12)
        self._rule()
        if beside.mark:
            self._paragraph(beside.mark, Style(9, 5, strong=True))
        top = self._y
        for i, lines in enumerate(set_lines):
            self._y = top
            self._block(lines, style, i * (width + 6.0), width)
        self._y = top + longest * style.leading + 1.6

    def _paragraph(self, text: str, style: Style) -> None:
        self._block(self._lines(text, style, COLUMN), style, 0.0, COLUMN)

    def _block(self, lines: Sequence[list[Atom]], style: Style, start: float, width: float) -> None:
        """Set lines ``start`` millimetres from where reading begins."""
        for line in lines:
            self._room(style.leading)
            self._y += style.leading
            left = MARGIN + start if not self._rtl else WIDTH - MARGIN - start - width
            used = sum(atom.width for atom in line)
            self._line(line, style, left + (width - used if self._rtl else 0.0), self._y)

    def _line(self, line: Sequence[Atom], style: Style, left: float, y: float) -> None:
        places: dict[int, float] = {}
        x = left
        for i in visual(line):
            places[i] = x
            x += line[i].width
        self._pdf.set_text_color(*(FAINT if style.faint else INK))
        # In the order of reading, whatever the place: that is the order in which it is extracted.
        for i, atom in enumerate(line):
            self._atom(atom, style, places[i], y)
        # What stands beside it on the same height is another word.
        self._atom(Atom(" ", 0, arabic=False, width=0.0), style, x, y)

    def _atom(self, atom: Atom, style: Style, x: float, y: float) -> None:
        name = _font_name(style, arabic=atom.arabic)
        self._pdf.set_font(name, size=style.size)
        if atom.level % 2 == 0 and not atom.arabic:
            self._pdf.text(x, y, atom.text)
            return
        self._outlines(atom, style, x, y)
        letters = "".join(c for c in atom.text if not unicodedata.combining(c))
        if atom.level % 2:
            letters = letters[::-1]
        natural = self._pdf.get_string_width(letters)
        with self._pdf.local_context(text_mode=TextMode.INVISIBLE):
            self._pdf.set_font(name, size=style.size)
            self._pdf.set_stretching(100 * atom.width / natural if natural else 100)
            self._pdf.text(x, y, letters)
        self._pdf.set_stretching(100)

    def _outlines(self, atom: Atom, style: Style, x: float, y: float) -> None:
        face = face_of(_font_name(style, arabic=atom.arabic))
        scale = style.size / face.units
        red, green, blue = (part / 255 for part in (FAINT if style.faint else INK))
        parts = [f"q {red:.3f} {green:.3f} {blue:.3f} rg"]
        pen = x / POINT
        base = (HEIGHT - y) / POINT
        for glyph, advance, dx, dy in face.shape(atom.text, atom.level):
            outline = face.outline(glyph)
            if outline:
                at = f"{pen + dx * scale:.2f} {base + dy * scale:.2f}"
                parts.append(f"q {scale:.5f} 0 0 {scale:.5f} {at} cm {outline} f Q")
            pen += advance * scale
        self._pdf._out(" ".join([*parts, "Q"]))  # noqa: SLF001 - fpdf2 offers no door to raw drawing

    def _lines(self, text: str, style: Style, width: float) -> list[list[Atom]]:
        """Break a text into lines at spaces; a word too long for a line breaks anywhere."""
        lines: list[list[Atom]] = [[]]
        used = 0.0
        for word in words_of(self._atoms(text, style)):
            length = sum(atom.width for atom in word)
            if used + length > width and word[0].text != " ":
                for piece in self._pieces(word, style, width):
                    size = sum(atom.width for atom in piece)
                    if lines[-1] and used + size > width:
                        lines.append([])
                        used = 0.0
                    lines[-1] += piece
                    used += size
            elif word[0].text != " " or lines[-1]:
                lines[-1] += word
                used += length
        return [trimmed(line) for line in lines]

    def _pieces(self, word: list[Atom], style: Style, width: float) -> Iterator[list[Atom]]:
        if sum(atom.width for atom in word) <= width:
            yield word
            return
        for atom in word:
            if atom.arabic:
                yield [atom]
                continue
            for letter in atom.text:
                yield [Atom(letter, atom.level, atom.arabic, self._width(letter, style))]

    def _atoms(self, text: str, style: Style) -> list[Atom]:
        direction = TextDirection.RTL if self._rtl else TextDirection.LTR
        found: list[tuple[str, int, bool]] = []
        for each in BidiParagraph(text, direction).characters:
            letter, level = each.character, each.embedding_level
            if letter in {FIRST_STRONG, LEFT_TO_RIGHT, CLOSE}:
                continue
            arabic = _is_arabic(letter)
            shown = (
                letter if arabic or _has(_font_name(style, arabic=False), letter) else _code(letter)
            )
            if found and letter != " " and found[-1][0] != " " and found[-1][1:] == (level, arabic):
                found[-1] = (found[-1][0] + shown, level, arabic)
            else:
                found.append((shown, level, arabic))
        return [Atom(t, lv, ar, self._width(t, style, arabic=ar)) for t, lv, ar in found]

    def _width(self, text: str, style: Style, *, arabic: bool = False) -> float:
        name = _font_name(style, arabic=arabic)
        if arabic:
            face = face_of(name)
            return sum(a for _, a, _, _ in face.shape(text)) * style.size / face.units * POINT
        self._pdf.set_font(name, size=style.size)
        width: float = self._pdf.get_string_width(text)
        return width

    def _rule(self) -> None:
        self._pdf.set_draw_color(*LINE)
        self._pdf.set_line_width(0.2)
        self._pdf.line(MARGIN, self._y + 0.6, WIDTH - MARGIN, self._y + 0.6)
        self._y += 1.2

    def _room(self, height: float) -> None:
        if self._y + height <= HEIGHT - MARGIN:
            return
        self._pdf.add_page()
        foot = self._document.foot.format(page=self._pdf.page, pages=self._pages)
        self._y = HEIGHT - FOOT
        self._foot(foot)
        self._y = MARGIN

    def _foot(self, text: str) -> None:
        style = Style(8, 4, faint=True)
        line = self._lines(text, style, COLUMN)[0]
        used = sum(atom.width for atom in line)
        left = WIDTH - MARGIN - used if self._rtl else MARGIN
        self._line(line, style, left, HEIGHT - FOOT + 4)


def _font_name(style: Style, *, arabic: bool) -> str:
    if arabic:
        return "arabic-strong" if style.strong else "arabic"
    return "mono" if style.mono else "strong" if style.strong else "text"


def _is_arabic(letter: str) -> bool:
    return letter != " " and not _has("text", letter) and _has("arabic", letter)


def _has(name: str, letter: str) -> bool:
    return ord(letter) in face_of(name).letters


def _code(letter: str) -> str:
    return f"[U+{ord(letter):04X}]"
