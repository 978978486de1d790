"""The proof that travels beside a published part, as bytes (spec/excerpt.md, "Proof file").

Here is its form only: what it says is judged by ``disclose.check_proof``.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from dalil.errors import Malformed, Unsupported
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import b64url, from_b64url

MAGIC = b"dalil-proof/1\n"
VERSION = 1
MAX_HEADER = 4 << 20
MAX_UNITS = 1 << 24
MAX_CONFIGS = 256
DEPTHS = (16, 20, 24)
KINDS = ("excerpt", "redacted", "still")
CONTAINERS = ("mp4", "mkv", "ts")
PLANES = ("y", "u", "v", "a")
PACKET, TIMING, POSITION, PIXELS = 1, 2, 4, 8
SALT, HASH, LINK = 16, 32, 16
NAME = re.compile(r"[^/\\\0-\x1f\x7f.][^/\\\0-\x1f\x7f]{0,199}")
HEX32 = re.compile(r"[0-9a-f]{64}")
TEXT = re.compile(rb"[ !#-\[\]-~]*")
SHAPE = re.compile(r"([1-9][0-9]{0,4}) ([1-9][0-9]{0,4}) ([a-z0-9]{1,20}) ([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class LoggedAct:
    """A presentation of an act (``jwt~disclosure~…~``) and its tlog-proof."""

    act: str
    proof: str


@dataclass(frozen=True, slots=True)
class ConfigProof:
    """An opened configuration: its slot, disclosure, and extradata where packets are open."""

    slot: int
    disclosure: str
    extradata: bytes


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file beside the proof: its name, size and SHA-256 (hex); ``plane`` for stills only."""

    name: str
    size: int
    sha256: str
    plane: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """In units: open here, withheld, and sealed in all."""

    opened: int
    withheld: int
    sealed: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a proof says before its units; ``tree_root`` is 32 bytes."""

    kind: str
    depth: int
    tree_root: bytes
    vkeys: tuple[str, str]
    card: LoggedAct
    disclosure: LoggedAct
    configs: tuple[ConfigProof, ...]
    container: str
    published: tuple[PublishedFile, ...]
    totals: Totals | None
    units: int


@dataclass(frozen=True, slots=True)
class OpenPacket:
    """An opened packet: where its bytes stand in the published file, and its side data."""

    salt: bytes
    size: int
    offset: int
    side_data: str


@dataclass(frozen=True, slots=True)
class OpenText:
    """An opened field; the value of "timing" stands without its last word."""

    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class UnitProof:
    """One unit; a field that is withheld is its 32-byte digest. ``config`` is an index."""

    slot: int
    link: bytes
    config: int
    packet: OpenPacket | bytes
    timing: OpenText | bytes
    position: OpenText | bytes
    pixels: OpenText | bytes


@dataclass(frozen=True, slots=True)
class FrameProof:
    """One frame; per tile, in raster order, its salt (16 bytes, opened) or leaf (32, withheld)."""

    width: int
    height: int
    pixels: str
    tiles: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """A whole proof: ``last_link`` (16 bytes) stands after the last unit."""

    header: Header
    units: tuple[UnitProof, ...]
    last_link: bytes
    siblings: tuple[bytes, ...]
    frames: tuple[FrameProof, ...]


def encode_proof(proof: Proof) -> bytes:
    """Return the bytes of a proof."""
    header = canonical.encode(_header_json(proof.header))
    parts = [MAGIC, len(header).to_bytes(4, "big"), header]
    parts += map(_encode_unit, proof.units)
    parts += [proof.last_link, len(proof.siblings).to_bytes(4, "big"), *proof.siblings]
    parts += map(_encode_frame, proof.frames)
    return b"".join(parts)


def parse_proof(untrusted: bytes) -> Proof:
    """Parse a proof strictly: every byte is accounted for.

    Raises:
        Malformed: another form. Unsupported: a later version.

    """
    source = _Source(untrusted)
    magic = source.take(len(MAGIC))
    if magic != MAGIC and magic.startswith(b"dalil-proof/"):
        raise Unsupported("a proof of another version")
    if magic != MAGIC:
        raise Malformed("this is not a proof of Dalil's")
    length = source.number(4)
    if length > MAX_HEADER:
        raise Malformed("the header of the proof is too long")
    header = parse_header(source.take(length))
    units = tuple(_parse_unit(source, len(header.configs)) for _ in range(header.units))
    last_link = source.take(LINK)
    siblings = tuple(source.take(HASH) for _ in range(source.number(4)))
    frames: tuple[FrameProof, ...] = ()
    if header.kind != "excerpt":
        frames = tuple(_parse_frame(source) for _ in range(sum(map(frames_of, units))))
    proof = Proof(header, units, last_link, siblings, frames)
    if source.left or encode_proof(proof) != bytes(untrusted):
        raise Malformed("bytes follow the proof, or it is not in its one form")
    return proof


def frames_of(unit: UnitProof) -> int:
    """Return how many frames a unit opens."""
    if isinstance(unit.pixels, bytes) or unit.pixels.value == "none":
        return 0
    return unit.pixels.value.count(" ") + 1


def parse_header(untrusted: bytes) -> Header:
    """Parse the header strictly.

    Raises:
        Malformed: another form.

    """
    value = _object(
        canonical.decode(untrusted, MAX_HEADER),
        "v kind depth tree_root vkeys card disclosure configs published totals units",
    )
    if value["v"] != VERSION or value["kind"] not in KINDS or value["depth"] not in DEPTHS:
        raise Malformed("a proof of another version, kind or depth")
    container, files = _published(value["published"], still=value["kind"] == "still")
    totals = value["totals"]
    if totals is not None:
        named = _object(totals, "opened withheld sealed")
        totals = Totals(*(_integer(named[name]) for name in ("opened", "withheld", "sealed")))
    return Header(
        kind=value["kind"],
        depth=_integer(value["depth"]),
        tree_root=bytes.fromhex(_match(value["tree_root"], HEX32)),
        vkeys=_two_texts(value["vkeys"]),
        card=_logged(value["card"]),
        disclosure=_logged(value["disclosure"]),
        configs=tuple(map(_config, _list(value["configs"], 1, MAX_CONFIGS))),
        container=container,
        published=files,
        totals=totals,
        units=_integer(value["units"], 1, MAX_UNITS),
    )


class _Source:
    """Bytes that are taken from the front; asking for more than there is refuses."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self._at

    def take(self, length: int) -> bytes:
        """Take the next ``length`` bytes."""
        start, self._at = self._at, self._at + length
        if self._at > len(self._data):
            raise Malformed("the proof is cut short")
        return self._data[start : self._at]

    def number(self, width: int) -> int:
        """Take an unsigned number of ``width`` bytes."""
        return int.from_bytes(self.take(width), "big")

    def text(self) -> str:
        """Take a text with its u16 length."""
        data = self.take(self.number(2))
        if not TEXT.fullmatch(data):
            raise Malformed("a text of the proof with characters that are not allowed")
        return data.decode("ascii")


def _encode_unit(unit: UnitProof) -> bytes:
    opened, packet = 0, unit.packet
    if isinstance(packet, OpenPacket):
        opened = PACKET
        side = packet.side_data.encode("ascii")
        packet = b"".join(
            (packet.salt, packet.size.to_bytes(4, "big"), packet.offset.to_bytes(8, "big"),
             len(side).to_bytes(2, "big"), side)
        )  # fmt: skip
    parts = [packet]
    for bit, each in ((TIMING, unit.timing), (POSITION, unit.position), (PIXELS, unit.pixels)):
        if isinstance(each, OpenText):
            opened |= bit
            value = each.value.encode("ascii")
            parts.append(each.salt + len(value).to_bytes(2, "big") + value)
        else:
            parts.append(each)
    head = unit.slot.to_bytes(4, "big") + bytes([opened]) + unit.link + bytes([unit.config])
    return head + b"".join(parts)


def _parse_unit(source: _Source, configs: int) -> UnitProof:
    slot, opened = source.number(4), source.number(1)
    link, config = source.take(LINK), source.number(1)
    if opened > PACKET | TIMING | POSITION | PIXELS or config >= configs:
        raise Malformed("a unit with unknown fields or without a configuration")
    packet: OpenPacket | bytes
    if opened & PACKET:
        salt, size, offset = source.take(SALT), source.number(4), source.number(8)
        packet = OpenPacket(salt, size, offset, source.text())
    else:
        packet = source.take(HASH)
    timing, position, pixels = (
        OpenText(source.take(SALT), source.text()) if opened & bit else source.take(HASH)
        for bit in (TIMING, POSITION, PIXELS)
    )
    return UnitProof(slot, link, config, packet, timing, position, pixels)


def _encode_frame(frame: FrameProof) -> bytes:
    shape = f"{frame.width} {frame.height} {frame.pixels} {len(frame.tiles)}".encode("ascii")
    bits = bytearray(-(-len(frame.tiles) // 8))
    for i, tile in enumerate(frame.tiles):
        if len(tile) == SALT:
            bits[i // 8] |= 128 >> i % 8
    return b"".join((len(shape).to_bytes(2, "big"), shape, bits, *frame.tiles))


def _parse_frame(source: _Source) -> FrameProof:
    shape = SHAPE.fullmatch(source.text())
    if shape is None:
        raise Malformed("a frame without its shape")
    width, height, count = int(shape[1]), int(shape[2]), int(shape[4])
    if count != -(-width // 64) * -(-height // 64):
        raise Malformed("a frame with another number of tiles than its size asks for")
    bits = source.take(-(-count // 8))
    tiles = tuple(source.take(SALT if bits[i // 8] & 128 >> i % 8 else HASH) for i in range(count))
    return FrameProof(width, height, shape[3], tiles)


def _header_json(header: Header) -> Json:
    published: Json = [
        {"name": f.name, "size": f.size, "sha256": f.sha256}
        | ({} if f.plane is None else {"plane": f.plane})
        for f in header.published
    ]
    if header.kind == "still":
        published = {"container": header.container, "planes": published}
    else:
        published = {"container": header.container, **published[0]}
    return {
        "v": VERSION,
        "kind": header.kind,
        "depth": header.depth,
        "tree_root": header.tree_root.hex(),
        "vkeys": list(header.vkeys),
        "card": asdict(header.card),
        "disclosure": asdict(header.disclosure),
        "configs": [
            {"slot": c.slot, "disclosure": c.disclosure, "extradata": b64url(c.extradata)}
            for c in header.configs
        ],
        "published": published,
        "totals": header.totals and asdict(header.totals),
        "units": header.units,
    }  # fmt: skip


def _published(untrusted: Json, *, still: bool) -> tuple[str, tuple[PublishedFile, ...]]:
    if not still:
        value = _object(untrusted, "container name size sha256")
        if value["container"] not in CONTAINERS:
            raise Malformed("a published file in another container")
        return value["container"], (_file(value, None),)
    value = _object(untrusted, "container planes")
    if value["container"] != "png":
        raise Malformed("a still that is not PNG")
    files = tuple(
        _file(_object(each, "name size sha256 plane"), each["plane"])
        for each in _list(value["planes"], 1, len(PLANES))
    )
    if tuple(f.plane for f in files) not in (PLANES[:1], PLANES[:3], PLANES, ("y", "a")):
        raise Malformed("a still with other planes")
    if len({f.name for f in files}) != len(files):
        raise Malformed("two planes of one name")
    return "png", files


def _file(value: dict[str, Json], plane: str | None) -> PublishedFile:
    size = _integer(value["size"])
    return PublishedFile(_match(value["name"], NAME), size, _match(value["sha256"], HEX32), plane)


def _logged(untrusted: Json) -> LoggedAct:
    value = _object(untrusted, "act proof")
    return LoggedAct(*_two_texts([value["act"], value["proof"]]))


def _config(untrusted: Json) -> ConfigProof:
    value = _object(untrusted, "slot disclosure extradata")
    disclosure, extradata = _two_texts([value["disclosure"], value["extradata"]])
    return ConfigProof(_integer(value["slot"]), disclosure, from_b64url(extradata))


def _object(untrusted: Json, names: str) -> dict[str, Json]:
    if not isinstance(untrusted, dict) or set(untrusted) != set(names.split()):
        raise Malformed(f"an object of the proof that has not just: {names}")
    return untrusted


def _list(untrusted: Json, least: int, most: int) -> list[Json]:
    if not isinstance(untrusted, list) or not least <= len(untrusted) <= most:
        raise Malformed(f"a list of the proof that has not {least} to {most} entries")
    return untrusted


def _two_texts(untrusted: Json) -> tuple[str, str]:
    first, second = _list(untrusted, 2, 2)
    if not isinstance(first, str) or not isinstance(second, str):
        raise Malformed("a text of the proof that is none")
    return first, second


def _match(untrusted: Json, pattern: re.Pattern[str]) -> str:
    if not isinstance(untrusted, str) or not pattern.fullmatch(untrusted):
        raise Malformed("a text of the proof in another form")
    return untrusted


def _integer(untrusted: Json, least: int = 0, most: int = canonical.MAX_INTEGER) -> int:
    if type(untrusted) is not int or not least <= untrusted <= most:
        raise Malformed("a number of the proof that is none, or out of bounds")
    return untrusted
