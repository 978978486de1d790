"""Texts, values and roots of a sealed file (spec/seal.md). The tree over slots is in ``slots``."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from dalil.kernel.salt import SALT_BYTES, SealSecret

UNIT_HEAD = b"unit@v1\n"
CONFIG_HEAD = b"config@v1\n"
FIELDS = ("packet", "timing", "position", "pixels")
HASH_BYTES = 32
NANO = 10**9
TILE_SIDE = 64
CHUNK_BYTES = 1 << 16
GREAT_CHUNK_BYTES = 1 << 20
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Unit:
    """One leaf of the chain: its text, and the four disclosures that open it (see FIELDS)."""

    text: bytes
    disclosures: tuple[str, str, str, str]

    @property
    def leaf(self) -> bytes:
        """The 32-byte hash of the leaf."""
        return hashlib.sha256(b"\0" + self.text).digest()


@dataclass(frozen=True, slots=True)
class Config:
    """One configuration leaf: its text and the disclosure that opens it."""

    text: bytes
    disclosure: str

    @property
    def leaf(self) -> bytes:
        """The 32-byte hash of the leaf."""
        return hashlib.sha256(b"\0" + self.text).digest()


def nanoseconds(ticks: int, numerator: int, denominator: int) -> int:
    """Return ``ticks`` of numerator/denominator seconds as whole nanoseconds, rounded down."""
    return ticks * numerator * NANO // denominator


def packet_value(size: int, sha256_hex: str, side_data: str) -> str:
    """Return the value of "packet"; ``side_data`` is the suffix, empty without any."""
    return f"{size} {sha256_hex}{side_data}"


def side_data_suffix(pairs: Sequence[tuple[str, bytes]]) -> str:
    """Return " <type>:<sha256>" for each piece of side data, sorted; empty without any."""
    return "".join(sorted(f" {kind}:{hashlib.sha256(data).hexdigest()}" for kind, data in pairs))


def timing_value(
    stream: int, since_ns: int, pts_ns: int | None, duration_ns: int, key: int, config: str
) -> str:
    """Return the value of "timing".

    Args:
        stream: its number in the file.
        since_ns: order time minus the order time of the unit before, or minus 0.
        pts_ns: presentation time minus order time.
        duration_ns: how long it lasts.
        key: 1 where the container calls it a key packet.
        config: leaf hash of the configuration, hexadecimal.

    """
    shown = "none" if pts_ns is None else pts_ns
    return f"{stream} {since_ns} {shown} {duration_ns} {key} {config}"


def position_value(j: int, dts: int | None, pts: int | None) -> str:
    """Return the value of "position"."""
    return f"{j} {'none' if dts is None else dts} {'none' if pts is None else pts}"


def pixels_value(frames: Sequence[tuple[int, int, str, bytes]]) -> str:
    """Return the value of "pixels" for (width, height, pixel format, frame root) of each frame."""
    if not frames:
        return "none"
    return " ".join(f"{w}x{h}/{pixels}/{root.hex()}" for w, h, pixels, root in frames)


def plain_disclosure(salt: bytes, name: str, value: str) -> str:
    """Return what ``disclosure.disclose`` gives, quickly, for a value of plain ASCII words.

    Only for values made here, in which nothing needs escaping in JSON.
    """
    salt64 = binascii.b2a_base64(salt, newline=False)[:22].translate(_URL_SAFE)
    text = b'["%s","%s","%s"]' % (salt64, name.encode(), value.encode())
    return binascii.b2a_base64(text, newline=False).translate(_URL_SAFE).rstrip(b"=").decode()


def unit_of(
    secret: SealSecret, place: int, stream: int, j: int, values: tuple[str, str, str, str]
) -> Unit:
    """Return the unit at ``place`` of the chain, packet ``j`` of ``stream``.

    Args:
        secret: of this sealing.
        place: from 0.
        stream: its number.
        j: from 0.
        values: of packet, timing, position, pixels.

    """
    salts = secret.draw("unit", stream, j, 4 * SALT_BYTES)
    packet, timing, position, pixels = values
    opened = (
        plain_disclosure(salts[:16], "packet", packet),
        plain_disclosure(salts[16:32], "timing", timing),
        plain_disclosure(salts[32:48], "position", position),
        plain_disclosure(salts[48:], "pixels", pixels),
    )
    return Unit(unit_text(link_of(secret, place), link_of(secret, place + 1), opened), opened)


def link_of(secret: SealSecret, place: int) -> bytes:
    """Return the 16-byte token that stands before the unit at ``place``."""
    return secret.draw("link", 0, place, SALT_BYTES)


def unit_text(link: bytes, next_link: bytes, disclosures: Sequence[str]) -> bytes:
    """Return the text of a unit whose four disclosures are all at hand."""
    sha = hashlib.sha256
    digests = "".join(f"{sha(each.encode()).hexdigest()}\n" for each in disclosures)
    return f"unit@v1\n{link.hex()} {next_link.hex()}\n{digests}".encode()


def config_of(secret: SealSecret, number: int, value: str) -> Config:
    """Return the configuration leaf for ``value``, the ``number``-th of the file."""
    disclosure = plain_disclosure(secret.draw("config", 0, number, SALT_BYTES), "config", value)
    digest = hashlib.sha256(disclosure.encode()).hexdigest()
    return Config(CONFIG_HEAD + digest.encode() + b"\n", disclosure)


def tile_salts(secret: SealSecret, stream: int, number: int, tiles: int) -> bytes:
    """Return the salts of all tiles of a frame, 16 bytes each, in raster order."""
    return secret.draw("frame", stream, number, SALT_BYTES * tiles)


def tile_leaf(salt: bytes, tile_digest: bytes) -> bytes:
    """Return the leaf of one tile whose bytes have the SHA-256 ``tile_digest``."""
    return hashlib.sha256(b"\0" + salt + tile_digest).digest()
