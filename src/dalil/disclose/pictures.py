"""Seconds or one picture with parts hidden, by tiles: hidden means absent (spec/excerpt.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dalil.disclose.conditions import Conditions, demand_release
from dalil.disclose.position import Position, resolve
from dalil.disclose.publish import (
    Foreseen,
    Part,
    Published,
    SealedItem,
    finish,
    kept_item,
    new_folder,
    publish,
    published_file,
    sealed_item,
)
from dalil.engines.files import write_synced
from dalil.errors import CannotCutHere, UsageRefused
from dalil.kernel.proof import PLANES, FrameProof
from dalil.kernel.salt import SALT_BYTES
from dalil.kernel.seal import tile_leaf, tile_salts
from dalil.ledger.keyring import Signer
from dalil.media.cut import Times, film_of, film_times, timeline_start
from dalil.media.render import (
    Shown,
    colour_png,
    picture_at,
    pictures_of,
    plane_pngs,
    rendition_pictures,
    write_rendition,
    write_small,
)
from dalil.media.tables import FrameRecord, Tables, UnitRecord
from dalil.media.tiles import bits_of, planes_of, tiles_touched

BOX = re.compile(r"([0-9]{1,5}),([0-9]{1,5}),([1-9][0-9]{0,4}),([1-9][0-9]{0,4})", re.ASCII)
STILL, REDACTED = "still", "redacted"
DERIVED = ".derived.png"
SMALL = ".small-without-proof.mp4"

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Hidden:
    """The boxes, and what they hide of each frame."""

    boxes: tuple[Box, ...]

    def of(self, record: FrameRecord) -> frozenset[int]:
        return tiles_touched(record.width, record.height, list(self.boxes))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A picture that was published: its record, when it is shown, what its tiles hash to."""

    record: FrameRecord
    shown_ns: int
    digests: bytes


def parse_box(untrusted: str) -> Box:
    """Read ``x,y,w,h`` in luma samples.

    Raises:
        UsageRefused: another form.

    """
    found = BOX.fullmatch(untrusted)
    if found is None:
        raise UsageRefused(f"{untrusted!r} is no box: x,y,w,h")
    x, y, w, h = map(int, found.groups())
    return x, y, w, h


def frame_size(archive: Path, item: str) -> tuple[int, int] | None:
    """Return width and height of an item's first picture, or None where it has none.

    Raises:
        NoSuchThing: there is no such item.

    """
    _, tables = kept_item(archive, item)
    try:
        film = film_of(tables)
    except CannotCutHere:
        return None
    first = tables.units_at(film_times(tables, film).places[:1].tolist())
    record = next((each for unit in first for each in tables.frames_of(unit)), None)
    return (record.width, record.height) if record else None


def still(  # noqa: PLR0913, PLR0917 - what, when, what of it not, why, by whom, to where
    archive: Path,
    item: str,
    at: Position,
    hide: Sequence[Box],
    conditions: Conditions,
    signer: Signer,
    out: Path,
) -> Published:
    """Publish one picture, the tiles that ``hide`` touches left out, into the new folder ``out``.

    Raises:
        DisclosureIncomplete: something was not said.
        CannotCutHere: there is no such picture, or a box lies outside it.
        FamilyNotAnswered: it shows somebody to the public whose family has not agreed.

    """
    conditions.require()
    sealed = sealed_item(archive, item, signer)
    tables = sealed.tables
    shown = picture_at(tables, sealed.original, resolve(at, tables))
    record = shown.record
    _demand_inside(hide, record)
    _demand_planes(record)
    hidden = _Hidden(tuple(hide)).of(record)
    picture = shown.picture.without(hidden)
    unit = tables.units(record.unit, record.unit + 1)[0]
    with new_folder(out) as folder:
        files = []
        for plane, (letter, png) in zip(PLANES, plane_pngs(picture), strict=False):
            path = folder / f"{STILL}.{letter}.png"
            write_synced(path, png)
            files.append(published_file(path, plane))
        write_synced(folder / (STILL + DERIVED), colour_png(picture))
        frames = tuple(
            _frame(sealed, each, hidden if each == record else None)
            for each in tables.frames_of(unit)
        )
        until = shown.shown_ns + unit.duration_ns
        part = Part(
            STILL, unit.place, unit.place + 1, {}, frozenset([unit.place]), frames, "png",
            tuple(files), shown.shown_ns, until,
        )  # fmt: skip
        proof, act, receipt = publish(folder, sealed, part, conditions, signer)
        name = finish(folder, STILL, proof)
    named = tuple(out / each.name for each in files)
    return Published(
        out, (*named, out / (STILL + DERIVED)), out / name, act, receipt, 1, 1, 0,
        shown.shown_ns, until, (),
    )  # fmt: skip


def redact(  # noqa: PLR0913, PLR0917 - what, from where to where, what of it not, why, by whom
    archive: Path,
    item: str,
    from_: Position,
    to: Position,
    hide: Sequence[Box],
    conditions: Conditions,
    signer: Signer,
    out: Path,
    *,
    sound: bool = False,
    muted: Sequence[tuple[Position, Position]] = (),
) -> Published:
    """Publish the pictures shown from ``from_`` up to ``to``, the tiles under ``hide`` left out.

    The new folder ``out`` gets a lossless rendition with its proof, and a small copy without.

    Args:
        archive: the archive's folder.
        item: id of the item, 32 hex.
        from_: first moment.
        to: the moment after the last.
        hide: boxes in luma samples; every tile that one touches is hidden in every picture.
        conditions: what must be said.
        signer: whoever cuts and approves.
        out: must not exist yet.
        sound: publish the first sound track too.
        muted: spans in which it is withheld.

    Raises:
        DisclosureIncomplete: something was not said.
        CannotCutHere: there is no picture, a box lies outside, or nothing holds these samples.
        FamilyNotAnswered: they show somebody to the public whose family has not agreed.

    """
    conditions.require()
    sealed = sealed_item(archive, item, signer)
    tables = sealed.tables
    film_of(tables)
    begin, end = resolve(from_, tables), resolve(to, tables)
    demand_release(archive, sealed.item, conditions, begin, end)
    hidden = _Hidden(tuple(hide))
    spans = [(resolve(a, tables), resolve(b, tables)) for a, b in muted]
    heard = _sound(tables, begin, end, spans) if sound else []
    with new_folder(out) as folder:
        path = folder / f"{REDACTED}.mkv"
        seen: list[_Seen] = []
        pictures = _hiding(pictures_of(tables, sealed.original, begin, end), hidden, seen)
        placed = write_rendition(tables, sealed.original, pictures, path, heard)
        write_small(_read_again(path, seen), folder / (REDACTED + SMALL))
        offsets = {each.place: each.offset for each in placed}
        part = _part(sealed, seen, hidden, offsets, begin, end)
        part = replace(part, files=(published_file(path),))
        proof, act, receipt = publish(folder, sealed, part, conditions, signer)
        name = finish(folder, path.name, proof)
    count, opened = part.last - part.first, len(part.pixels | offsets.keys())
    return Published(
        out, (out / path.name, out / (REDACTED + SMALL)), out / name, act, receipt, count, opened,
        count - opened, begin, end, (),
    )  # fmt: skip


def foresee_still(archive: Path, item: str, at: Position, hide: Sequence[Box]) -> Foreseen:
    """Return what ``still`` would show, without opening the footage or signing anything.

    Raises:
        CannotCutHere: there is no such picture. UsageRefused: a box lies outside it.

    """
    _, tables = kept_item(archive, item)
    times = film_times(tables, film_of(tables))
    moment = resolve(at, tables) + int(times.shown.min())
    before = np.flatnonzero(times.shown <= moment)
    if not len(before) or moment > int(times.ends.max()):
        raise CannotCutHere("no picture is shown at this time")
    found = int(before[np.argmax(times.shown[before])])
    return _foreseen(STILL, tables, times, np.array([found]), hide, [])


def foresee_redaction(  # noqa: PLR0913 - what, from where to where, what of it not
    archive: Path,
    item: str,
    from_: Position,
    to: Position,
    hide: Sequence[Box],
    *,
    sound: bool = False,
    muted: Sequence[tuple[Position, Position]] = (),
) -> Foreseen:
    """Return what ``redact`` would show, without opening the footage or signing anything.

    Raises:
        CannotCutHere: no picture is shown in it. UsageRefused: a box lies outside the picture.

    """
    _, tables = kept_item(archive, item)
    times = film_times(tables, film_of(tables))
    begin, end = resolve(from_, tables), resolve(to, tables)
    spans = [(resolve(a, tables), resolve(b, tables)) for a, b in muted]
    shown = times.shown - int(times.shown.min())
    inside = np.flatnonzero((shown >= begin) & (shown < end))
    if not len(inside):
        raise CannotCutHere("no picture is shown in this stretch")
    heard = [each.place for each in _sound(tables, begin, end, spans)] if sound else []
    return _foreseen(REDACTED, tables, times, inside, hide, heard)


def _foreseen(
    kind: str,
    tables: Tables,
    times: Times,
    inside: NDArray[np.intp],
    hide: Sequence[Box],
    heard: Sequence[int],
) -> Foreseen:
    """Return what the pictures at ``inside`` show; of the first one, how much a box hides."""
    units = tables.units_at(times.places[inside].tolist())
    record = next((each for unit in units for each in tables.frames_of(unit)), None)
    if record is None:
        raise CannotCutHere("this picture has no tiles")
    _demand_inside(hide, record)
    zero, run = int(times.shown.min()), {*(each.place for each in units), *heard}
    return Foreseen(
        kind, int(times.shown[inside].min()) - zero, int(times.ends[inside].max()) - zero,
        max(run) + 1 - min(run), len(run), len(units), len(times.places),
        int(times.ends.max()) - zero, min(1, len(heard)), record.tiles,
        len(_Hidden(tuple(hide)).of(record)), (),
    )  # fmt: skip


def _hiding(pictures: Iterator[Shown], hidden: _Hidden, seen: list[_Seen]) -> Iterator[Shown]:
    """Yield pictures with their tiles hidden, and remember each without its samples."""
    for shown in pictures:
        _demand_inside(hidden.boxes, shown.record)
        picture = shown.picture.without(hidden.of(shown.record))
        seen.append(_Seen(shown.record, shown.shown_ns, picture.digests()))
        yield replace(shown, picture=picture)


def _read_again(path: Path, seen: Sequence[_Seen]) -> Iterator[Shown]:
    """Yield the pictures of a rendition, which must give back every sample.

    The small copy is made of these: what is hidden is not there any more.
    """
    pictures = rendition_pictures(path)
    for each in seen:
        picture = next(pictures, None)
        if picture is None or picture.digests() != each.digests:
            raise CannotCutHere(f"FFV1 does not give samples of {each.record.pixels} back")
        yield Shown(each.record, each.shown_ns, picture)


def _part(
    sealed: SealedItem,
    seen: Sequence[_Seen],
    hidden: _Hidden,
    offsets: dict[int, int],
    begin: int,
    end: int,
) -> Part:
    places = sorted({each.record.unit for each in seen})
    units = sealed.tables.units_at(places)
    frames = tuple(
        _frame(sealed, record, hidden.of(record))
        for unit in units
        for record in sealed.tables.frames_of(unit)
    )
    if len(frames) != len(seen):
        raise CannotCutHere("a packet holds pictures inside and outside the stretch")
    run = [*places, *offsets]
    return Part(
        REDACTED, min(run), max(run) + 1, offsets, frozenset(places), frames, "mkv", (), begin, end
    )


def _frame(sealed: SealedItem, record: FrameRecord, hidden: frozenset[int] | None) -> FrameProof:
    """Return a frame with all tiles open but the hidden ones; None hides all of them."""
    salts = tile_salts(sealed.secret, record.stream, record.number, record.tiles)
    digests = sealed.tables.tile_digests(record)
    tiles = []
    for i in range(record.tiles):
        salt = salts[i * SALT_BYTES : (i + 1) * SALT_BYTES]
        shown = hidden is not None and i not in hidden
        tiles.append(salt if shown else tile_leaf(salt, digests[32 * i : 32 * i + 32]))
    return FrameProof(record.width, record.height, record.pixels, tuple(tiles))


def _sound(
    tables: Tables, begin: int, end: int, muted: Sequence[tuple[int, int]]
) -> list[UnitRecord]:
    """Return the units of the first sound track that lie in the stretch and in no muted span."""
    streams = [each for each in tables.summary["streams"] if each["kind"] == "audio"]
    if not streams:
        return []
    film = next(each for each in tables.summary["streams"] if each["kind"] == "video")["number"]
    zero = timeline_start(tables, film)
    times = film_times(tables, streams[0]["number"])
    shown, ends = times.shown - zero, times.ends - zero
    inside = (shown >= begin) & (ends <= end)
    for first, last in muted:
        inside &= ~((ends > first) & (shown < last))
    return tables.units_at(times.places[inside].tolist())


def _demand_inside(boxes: Sequence[Box], record: FrameRecord) -> None:
    for x, y, w, h in boxes:
        if x + w > record.width or y + h > record.height:
            raise UsageRefused(
                f"the box {x},{y},{w},{h} does not lie in {record.width}x{record.height}"
            )


def _demand_planes(record: FrameRecord) -> None:
    shapes = planes_of(record.pixels)
    width = 2 if bits_of(record.pixels) > 8 else 1  # noqa: PLR2004 - bits of a byte
    if shapes is None or any(shape.step != width for shape in shapes):
        raise CannotCutHere(f"pictures of the format {record.pixels} have no separate planes")
