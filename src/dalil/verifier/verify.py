#!/usr/bin/env python3
"""Check what somebody gave you, with nothing but Python 3.8 or later.

    python3 -I verify.py [PATH] [--lang ar|en] [--json] [--vkey FILE] [--against OLD]

PATH is a case file, a whole archive, a published part (or its .excerpt-proof), or an act's
.tlog-proof; without it, the folder in which this file lies. FILE holds the archive's two
verifier keys as you got them from elsewhere. OLD is an older checkpoint or receipt.

Exit code: 0 intact, 1 broken or missing, 2 usage, 3 cannot tell.

This is one file on purpose: written from the pages in spec/ alone, it shares no code with the
program whose work it checks, imports the standard library only, opens no socket, writes nothing
outside a folder that it removes again, follows no symbolic link and unpacks nothing.
"""

from __future__ import annotations

import argparse
import base64
import bisect
import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
import struct
import sys
import tempfile
import unicodedata
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import (
    IO,
    Any,
    Dict,
    Iterable,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
    cast,
)

FORMAT = 1
SMALL_FILE = 1 << 26  # whatever is read whole; footage is streamed
ACT_LIMIT = 1 << 20
CHUNK = 1 << 20
SIGNATURES_AT_ONCE = 96
MAX_DEPTH_OF_JSON = 16
MAX_INTEGER = 2**53 - 1

Fields = Dict[str, Any]


# --------------------------------------------------------------------------------------------
# What is found, and how it is told
# --------------------------------------------------------------------------------------------

SECTIONS = (
    "broken",
    "missing",
    "cannot-tell",
    "intact",
    "withheld",
    "signed",
    "since",
    "they-say",
    "not-checked",
    "limits",
)


class Finding(NamedTuple):
    """One statement: the section it belongs to, its key in WORDS, what fills the sentence."""

    section: str
    code: str
    values: Fields


class Verdict(Exception):  # noqa: N818 - an answer, not an accident
    """Something is not as it has to be; ``section`` is broken, missing or cannot-tell."""

    def __init__(self, code: str, section: str = "broken", **values: object) -> None:
        super().__init__(code)
        self.section, self.code, self.values = section, code, values


class Report:
    """All findings about one thing, in the order in which they were made."""

    def __init__(self, kind: str, path: str) -> None:
        self.kind, self.path = kind, path
        self.findings: List[Finding] = []
        self.counts: Dict[str, int] = {}
        self.withheld: Dict[Tuple[str, str], int] = {}

    def say(self, section: str, code: str, **values: object) -> None:
        """Record one finding, once."""
        finding = Finding(section, code, dict(values))
        if finding not in self.findings[-200:]:
            self.findings.append(finding)

    def count(self, what: str, by: int = 1) -> None:
        """Count something that was found in order."""
        self.counts[what] = self.counts.get(what, 0) + by

    def count_withheld(self, kind: str, reason: str) -> None:
        """Count an item that is withheld, by its class and the reason given."""
        self.withheld[(kind, reason)] = self.withheld.get((kind, reason), 0) + 1

    @contextlib.contextmanager
    def about(self, name: str) -> Iterator[None]:
        """Turn whatever goes wrong inside into a finding about ``name``."""
        try:
            yield
        except Verdict as verdict:
            values: Fields = {"name": name}
            values.update(verdict.values)
            self.say(verdict.section, verdict.code, **values)
        except FileNotFoundError:
            self.say("missing", "file-missing", name=name)
        except OSError as error:
            self.say("broken", "unreadable", name=name, why=error.strerror or type(error).__name__)
        except sqlite3.Error:
            self.say("broken", "unreadable", name=name, why="SQLite")
        # A parser that trips has met a form that the page does not allow.
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, struct.error,
                zlib.error, RecursionError, MemoryError):  # fmt: skip
            self.say("broken", "malformed", name=name)

    def has(self, section: str) -> bool:
        """Tell whether there is a finding in a section."""
        return any(finding.section == section for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0 intact, 1 broken or missing, 3 cannot tell."""
        if self.has("broken") or self.has("missing"):
            return 1
        return 3 if self.has("cannot-tell") else 0

    def close(self) -> None:
        """Add what was counted, and the fixed page of limits."""
        for what, number in self.counts.items():
            self.say("signed" if what == "acts-without-person" else "intact", what, number=number)
        for (kind, reason), number in sorted(self.withheld.items()):
            self.say("withheld", "withheld-class", count=number, kind=kind, reason=reason)
        for code in LIMITS:
            self.say("limits", code)


def in_words(finding: Finding, lang: str) -> str:
    """Return a finding as one sentence."""
    values = Spoken({key: printable(value) for key, value in finding.values.items()})
    sentence: str = WORDS[finding.code][LANGUAGES.index(lang)]
    return sentence.format_map(values)


class Spoken(Dict[str, str]):
    """What fills a sentence; a place that nothing fills stays a question."""

    def __missing__(self, key: str) -> str:
        return "?"


def printable(value: object) -> str:
    """Return untrusted text so that it cannot steer a terminal, shortened."""
    text = value if isinstance(value, str) else str(value)
    kept = "".join(
        c if c == " " or not unicodedata.category(c).startswith(("C", "Zl", "Zp")) else escaped(c)
        for c in text[:400]
    )
    return kept + ("…" if len(text) > 400 else "")  # noqa: PLR2004 - a line's worth


def escaped(character: str) -> str:
    """Return a character as its code."""
    return "\\u%04x" % ord(character)


# --------------------------------------------------------------------------------------------
# Bytes, base64, canonical JSON
# --------------------------------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    """Return SHA-256."""
    return hashlib.sha256(data).digest()


def b64url(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_b64(untrusted: str) -> bytes:
    """Return the bytes of base64 that is in its one form."""
    data = base64.b64decode(untrusted.encode("ascii"), validate=True)
    if base64.b64encode(data).decode("ascii") != untrusted:
        raise Verdict("malformed")
    return data


def from_b64url(untrusted: str) -> bytes:
    """Return the bytes of unpadded base64url that is in its one form."""
    data = base64.urlsafe_b64decode(untrusted.encode("ascii") + b"=" * (-len(untrusted) % 4))
    if b64url(data) != untrusted:
        raise Verdict("malformed")
    return data


def from_canonical(untrusted: bytes) -> Any:
    """Return the value of canonical JSON (RFC 8785, integers only): re-encode and compare."""
    value = json.loads(
        untrusted.decode("utf-8"),
        parse_float=refuse_number,
        parse_int=small_integer,
        parse_constant=refuse_number,
    )
    if canonical(value) != untrusted:
        raise Verdict("not-canonical")
    return value


def canonical(value: object) -> bytes:
    """Return canonical JSON."""
    text = json.dumps(in_order(value, 0), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def in_order(value: object, depth: int) -> object:
    """Return a value whose objects have their keys in the order of UTF-16 code units."""
    if depth > MAX_DEPTH_OF_JSON:
        raise Verdict("malformed")
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: cast("str", key).encode("utf-16-be"))
        return {key: in_order(value[key], depth + 1) for key in keys}
    if isinstance(value, list):
        return [in_order(each, depth + 1) for each in value]
    return value


def small_integer(digits: str) -> int:
    """Return an integer that every JSON reader reads alike."""
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:  # noqa: PLR2004 - sign and 16 digits
        raise Verdict("malformed")
    return int(digits)


def refuse_number(_: str) -> object:
    """Refuse fractions, NaN and infinity."""
    raise Verdict("malformed")


def decimal(untrusted: str) -> int:
    """Return a number written the one way: digits, no sign, no leading zero."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", untrusted):
        raise Verdict("malformed")
    return int(untrusted)


def typed(fields: Fields, name: str, kind: type) -> Any:
    """Return a field that has to be there and of one type."""
    value = fields[name]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Verdict("malformed")
    return value


def hex_bytes(untrusted: str, length: int) -> bytes:
    """Return the bytes of lower-case hexadecimal of one length."""
    if not re.fullmatch("[0-9a-f]{%d}" % (2 * length), untrusted):
        raise Verdict("malformed")
    return bytes.fromhex(untrusted)


# --------------------------------------------------------------------------------------------
# Folders: listed once, links not followed, files streamed
# --------------------------------------------------------------------------------------------


class Digests(NamedTuple):
    """What one pass over a file gives; both digests in hexadecimal."""

    length: int
    sha256: str
    sha512: str


class Folder:
    """The regular files below a place, by their path with slashes; nothing else is opened."""

    def __init__(self, root: str, leave_out: Sequence[str] = ()) -> None:
        self.root = root
        self.files: Dict[str, int] = {}
        self.odd: List[str] = []
        self.digests: Dict[str, Digests] = {}
        waiting = [""]
        while waiting:
            below = waiting.pop()
            for entry in os.scandir(os.path.join(root, below)):
                name = below + entry.name
                if name in leave_out:
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    waiting.append(name + "/")
                elif stat.S_ISREG(status.st_mode):
                    self.files[name] = status.st_size
                else:
                    self.odd.append(name)

    def place(self, name: str) -> str:
        """Return where a listed file lies; names from manifests reach nothing else."""
        if name not in self.files:
            raise Verdict("file-missing", "missing", name=name)
        return os.path.join(self.root, name)

    def read(self, name: str, limit: int = SMALL_FILE) -> bytes:
        """Return a small file."""
        return read_small(self.place(name), limit)

    def below(self, prefix: str) -> List[str]:
        """Return the files whose path starts so, in order."""
        return sorted(name for name in self.files if name.startswith(prefix))

    def digest_all(self, names: Sequence[str], report: Report) -> None:
        """Digest files, each in one pass; hashlib lets threads run side by side."""
        todo = [name for name in names if name in self.files and name not in self.digests]
        with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
            for name, answer in zip(todo, pool.map(self.try_digest, todo)):
                if isinstance(answer, Digests):
                    self.digests[name] = answer
                else:
                    report.say("broken", "unreadable", name=name, why=answer)

    def try_digest(self, name: str) -> object:
        """Return a file's digests, or why it could not be read."""
        try:
            return digest_file(self.place(name))
        except OSError as error:
            return error.strerror or type(error).__name__


def read_small(place: str, limit: int = SMALL_FILE) -> bytes:
    """Return a file that is not longer than ``limit``."""
    with open(place, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Verdict("too-long")
    return data


def digest_file(place: str) -> Digests:
    """Return length, SHA-256 and SHA-512 of a file in one pass and constant memory."""
    first, second, length = hashlib.sha256(), hashlib.sha512(), 0
    buffer = bytearray(CHUNK)
    view = memoryview(buffer)
    with open(place, "rb", buffering=0) as file:
        while True:
            number = file.readinto(buffer)
            if not number:
                return Digests(length, first.hexdigest(), second.hexdigest())
            first.update(view[:number])
            second.update(view[:number])
            length += number


# --------------------------------------------------------------------------------------------
# Ed25519 (RFC 8032): verification only, many signatures of one key at once
# --------------------------------------------------------------------------------------------

Point = Tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with x = X/Z, xy = T/Z
Signed = Tuple[bytes, bytes]  # signature, message

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
NEUTRAL = (0, 1, 1, 0)


def point_sum(p: Point, q: Point) -> Point:
    """Add two points (RFC 8032, section 5.1.4)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c = 2 * p[3] * q[3] * CURVE_D % PRIME
    d = 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def point_twice(p: Point) -> Point:
    """Double a point (RFC 8032, section 5.1.4)."""
    a, b = p[0] * p[0] % PRIME, p[1] * p[1] % PRIME
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1]) % PRIME
    g = a - b
    f = 2 * p[2] * p[2] % PRIME + g
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def point_from(encoded: bytes) -> Optional[Point]:
    """Return the point that 32 bytes stand for (RFC 8032, section 5.1.3), or None."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(encoded) != 32 or y >= PRIME:  # noqa: PLR2004 - one form only
        return None
    u, v = (y * y - 1) % PRIME, (CURVE_D * y * y + 1) % PRIME
    x = u * v**3 % PRIME * pow(u * v**7 % PRIME, (PRIME - 5) // 8, PRIME) % PRIME
    if (v * x * x - u) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (v * x * x - u) % PRIME or (x == 0 and sign):
        return None
    x = PRIME - x if x & 1 != sign else x
    return (x, y, 1, x * y % PRIME)


BASE = cast("Point", point_from(bytes([0x58]) + b"\x66" * 31))


def sum_of_multiples(terms: Sequence[Tuple[int, Point]]) -> Point:
    """Return the sum of number x point, all at once, four bits at a time (Straus)."""
    tables = []
    for number, point in terms:
        table = [NEUTRAL, point]
        for _ in range(14):
            table.append(point_sum(table[-1], point))
        tables.append((number, table))
    total = NEUTRAL
    for shift in range(max(number.bit_length() for number, _ in terms) // 4 * 4, -1, -4):
        for _ in range(4):
            total = point_twice(total)
        for number, table in tables:
            digit = number >> shift & 15
            if digit:
                total = point_sum(total, table[digit])
    return total


def hold_together(key: bytes, signed: Sequence[Signed]) -> bool:
    """Tell whether all signatures hold: [8](sum of z*(S*B - R - k*A)) is neutral, z unforeseeable.

    The factor 8 (which RFC 8032 has) makes one answer of a batch and of its members.
    """
    public = point_from(key)
    seed = hashlib.sha512(key + b"".join(sha256(s) + sha256(m) for s, m in signed)).digest()
    of_base, of_key, terms = 0, 0, []
    for place, (signature, message) in enumerate(signed):
        start, scalar = point_from(signature[:32]), int.from_bytes(signature[32:], "little")
        if public is None or start is None or len(signature) != 64 or scalar >= ORDER:  # noqa: PLR2004
            return False
        weight = int.from_bytes(sha256(seed + struct.pack(">Q", place))[:16], "big") | 1
        hashed = hashlib.sha512(signature[:32] + key + message).digest()
        of_base += weight * scalar
        of_key += weight * int.from_bytes(hashed, "little")
        terms.append((weight, negative(start)))
    if public is None:
        return False
    terms += [(of_base % ORDER, BASE), (of_key % ORDER, negative(public))]
    total = sum_of_multiples(terms)
    for _ in range(3):
        total = point_twice(total)
    return total[0] == 0 and total[1] == total[2]


def negative(point: Point) -> Point:
    """Return minus a point."""
    return (PRIME - point[0], point[1], point[2], PRIME - point[3])


def broken_signatures(key: bytes, signed: Sequence[Signed]) -> List[int]:
    """Return the places of the signatures that do not hold, by halving a batch that fails."""
    if not signed or hold_together(key, signed):
        return []
    if len(signed) == 1:
        return [0]
    half = len(signed) // 2
    later = broken_signatures(key, signed[half:])
    return broken_signatures(key, signed[:half]) + [half + place for place in later]


# --------------------------------------------------------------------------------------------
# ML-DSA-44 (FIPS 204): verification only
# --------------------------------------------------------------------------------------------

Polynomial = List[int]  # 256 coefficients

Q = 8380417
ROWS = COLUMNS = 4
TAU, BETA, OMEGA, GAMMA_1, GAMMA_2, DROPPED_BITS = 39, 78, 80, 1 << 17, (Q - 1) // 88, 13
ZETAS = [pow(1753, int(format(i, "08b")[::-1], 2), Q) for i in range(256)]


def ntt(polynomial: Sequence[int]) -> Polynomial:
    """Return the number-theoretic transform (algorithm 41)."""
    w, zeta, length = list(polynomial), 0, 128
    while length:
        for start in range(0, 256, 2 * length):
            zeta += 1
            factor = ZETAS[zeta]
            for j in range(start, start + length):
                t = factor * w[j + length] % Q
                w[j + length] = w[j] - t
                w[j] += t
        length //= 2
    return [each % Q for each in w]


def inverse_ntt(polynomial: Sequence[int]) -> Polynomial:
    """Undo ``ntt`` (algorithm 42)."""
    w, zeta, length = list(polynomial), 256, 1
    while length < 256:  # noqa: PLR2004 - the degree
        for start in range(0, 256, 2 * length):
            zeta -= 1
            factor = -ZETAS[zeta]
            for j in range(start, start + length):
                t = w[j]
                w[j] = (t + w[j + length]) % Q
                w[j + length] = factor * (t - w[j + length]) % Q
        length *= 2
    return [8347681 * each % Q for each in w]


def unpacked(data: bytes, bits: int) -> Polynomial:
    """Return 256 numbers of some bits each, lowest bits first."""
    number, mask = int.from_bytes(data, "little"), (1 << bits) - 1
    return [number >> (bits * i) & mask for i in range(256)]


def uniform_polynomial(seed: bytes) -> Polynomial:
    """Return a polynomial drawn from SHAKE-128 (algorithm 30)."""
    length = 840
    while True:
        data = hashlib.shake_128(seed).digest(length)
        drawn = [
            data[i] | data[i + 1] << 8 | (data[i + 2] & 127) << 16 for i in range(0, length, 3)
        ]
        kept = [each for each in drawn if each < Q][:256]
        if len(kept) == 256:  # noqa: PLR2004 - the degree
            return kept
        length *= 2


def sparse_polynomial(seed: bytes) -> Polynomial:
    """Return the challenge: TAU coefficients of 1 or -1 (algorithm 29)."""
    data = hashlib.shake_256(seed).digest(4096)
    signs, place, c = int.from_bytes(data[:8], "little"), 8, [0] * 256
    for i in range(256 - TAU, 256):
        while data[place] > i:
            place += 1
        c[i] = c[data[place]]
        c[data[place]] = -1 if signs & 1 else 1
        signs >>= 1
        place += 1
    return c


def unpacked_hints(data: bytes) -> Optional[List[Set[int]]]:
    """Return the places of the hints, row by row (algorithm 21), or None."""
    hints, index = [], 0
    for end in data[OMEGA:]:
        if end < index or end > OMEGA:
            return None
        row = list(data[index:end])
        if any(a >= b for a, b in zip(row, row[1:])):
            return None
        hints.append(set(row))
        index = end
    return None if any(data[index:OMEGA]) else hints


def high_bits(r: int, hint: bool) -> int:  # noqa: FBT001 - the algorithm's own signature
    """Return the high bits of a coefficient, moved by one where there is a hint (algorithm 40)."""
    low = r % (2 * GAMMA_2)
    low = low - 2 * GAMMA_2 if low > GAMMA_2 else low
    high = 0 if r - low == Q - 1 else (r - low) // (2 * GAMMA_2)
    low = low - 1 if r - low == Q - 1 else low
    if hint:
        high = (high + (1 if low > 0 else -1)) % 44
    return high


@lru_cache(maxsize=4)
def expanded_key(key: bytes) -> Tuple[List[List[Polynomial]], List[Polynomial], bytes]:
    """Return matrix, t1 x 2^13 (both transformed) and the key's own hash (algorithms 8, 23)."""
    matrix = [[uniform_polynomial(key[:32] + bytes([s, r])) for s in range(COLUMNS)]
              for r in range(ROWS)]  # fmt: skip
    packed = [key[32 + 320 * i : 352 + 320 * i] for i in range(ROWS)]
    t1 = [ntt([each << DROPPED_BITS for each in unpacked(part, 10)]) for part in packed]
    return matrix, t1, hashlib.shake_256(key).digest(64)


def ml_dsa_holds(key: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature holds (algorithms 3 and 8, empty context)."""
    if len(key) != 1312 or len(signature) != 2420:  # noqa: PLR2004 - the sizes of ML-DSA-44
        return False
    challenge = signature[:32]
    packed = [signature[32 + 576 * i : 608 + 576 * i] for i in range(COLUMNS)]
    z = [[GAMMA_1 - each for each in unpacked(part, 18)] for part in packed]
    hints = unpacked_hints(signature[-OMEGA - ROWS :])
    if hints is None or any(abs(each) >= GAMMA_1 - BETA for part in z for each in part):
        return False
    matrix, t1, key_hash = expanded_key(key)
    c, z = ntt(sparse_polynomial(challenge)), [ntt(part) for part in z]
    encoded = b""
    for r in range(ROWS):
        row = [sum(matrix[r][s][i] * z[s][i] for s in range(COLUMNS)) - c[i] * t1[r][i]
               for i in range(256)]  # fmt: skip
        w = inverse_ntt([each % Q for each in row])
        high = [high_bits(each, i in hints[r]) for i, each in enumerate(w)]
        encoded += sum(each << (6 * i) for i, each in enumerate(high)).to_bytes(192, "little")
    represented = hashlib.shake_256(key_hash + b"\0\0" + message).digest(64)
    return hashlib.shake_256(represented + encoded).digest(32) == challenge


# --------------------------------------------------------------------------------------------
# Merkle trees (RFC 6962)
# --------------------------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\0" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return sha256(b"\1" + left + right)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    if not hashes:
        return sha256(b"")
    level = list(hashes)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def root_from_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that an audit path leads to (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        raise Verdict("proof-broken")
    place, last, root = index, size - 1, leaf
    for each in path:
        if last == 0:
            raise Verdict("proof-broken")
        if place & 1 or place == last:
            root = node_hash(each, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, each)
        place, last = place >> 1, last >> 1
    if last:
        raise Verdict("proof-broken")
    return root


def check_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, path: List[bytes]
) -> None:
    """Check that a log of ``old`` entries is the beginning of one of ``new`` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new or (old == new and (path or old_root != new_root)):
        raise Verdict("proof-broken")
    if old == new:
        return
    path = [old_root, *path] if old & (old - 1) == 0 else path
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first, second = path[0], path[0]
    for each in path[1:]:
        if last == 0:
            raise Verdict("proof-broken")
        if place & 1 or place == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, each)
        place, last = place >> 1, last >> 1
    if last or (first, second) != (old_root, new_root):
        raise Verdict("proof-broken")


class Frontier:
    """The root of a tree that only grows, in logarithmic memory."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: List[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        number, self.size = self.size, self.size + 1
        while number & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            number >>= 1
        self.peaks.append(leaf)

    def root(self) -> bytes:
        """Return the root so far."""
        if not self.peaks:
            return sha256(b"")
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_from_multiproof(depth: int, leaves: Dict[int, bytes], siblings: Sequence[bytes]) -> bytes:
    """Return the root of a full tree over some of its slots (spec/excerpt.md)."""
    level, next_sibling = leaves, iter(siblings)
    for _ in range(depth):
        above: Dict[int, bytes] = {}
        for index in sorted(level):
            if index >> 1 in above:
                continue
            other = level.get(index ^ 1)
            if other is None:
                other = next(next_sibling, b"")
            pair = (other, level[index]) if index & 1 else (level[index], other)
            above[index >> 1] = node_hash(*pair)
        level = above
    if next(next_sibling, None) is not None:
        raise Verdict("not-in-seal")
    return level[0]


# --------------------------------------------------------------------------------------------
# Verifier keys, checkpoints, proofs (C2SP signed-note, tlog-checkpoint, tlog-cosignature,
# tlog-proof)
# --------------------------------------------------------------------------------------------

ED25519, ML_DSA_44 = 1, 6
NAME_OF = {ED25519: "Ed25519", ML_DSA_44: "ML-DSA-44"}


class VerifierKey(NamedTuple):
    """A public key under a name."""

    name: str
    algorithm: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, LF, type byte, key)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.key)[:4]


class Keys(NamedTuple):
    """An archive's two keys."""

    ed25519: VerifierKey
    ml_dsa: VerifierKey

    @property
    def origin(self) -> str:
        """The archive's name in the log."""
        return self.ed25519.name

    def shown(self) -> str:
        """Return a short form for reading aloud and comparing."""
        return hashlib.sha256(self.ed25519.key + self.ml_dsa.key).hexdigest()


class Checkpoint(NamedTuple):
    """What was signed, and by the archive's clock when."""

    origin: str
    size: int
    root: bytes
    text: bytes
    stamp: int


def parse_keys(lines: Sequence[str]) -> Keys:
    """Return an archive's two keys: Ed25519, then ML-DSA-44, under one name."""
    first, second = [parse_vkey(line) for line in lines]
    if (first.algorithm, second.algorithm) != (ED25519, ML_DSA_44) or first.name != second.name:
        raise Verdict("malformed")
    return Keys(first, second)


def parse_vkey(untrusted: str) -> VerifierKey:
    """Return one verifier key: name+key id in hexadecimal+base64 of type byte and key."""
    match = re.fullmatch(r"([^\s+]{1,255})\+([0-9a-f]{8})\+(\S+)", untrusted)
    if match is None:
        raise Verdict("malformed")
    raw = from_b64(match.group(3))
    key = VerifierKey(match.group(1), raw[0], raw[1:])
    if key.algorithm not in NAME_OF:
        raise Verdict("unknown-algorithm", "cannot-tell")
    if len(key.key) != {ED25519: 32, ML_DSA_44: 1312}[raw[0]] or key.key_id.hex() != match.group(2):
        raise Verdict("malformed")
    return key


def read_keys(data: bytes) -> Keys:
    """Return the keys of a file of two lines."""
    lines = data.decode("ascii").split("\n")
    if lines[2:] != [""]:
        raise Verdict("malformed")
    return parse_keys(lines[:2])


def parse_note(note: str) -> Tuple[Checkpoint, List[Tuple[str, bytes, bytes]]]:
    """Return a checkpoint and its signature lines: name, key id, signature."""
    text, separator, tail = note.rpartition("\n\n")
    origin, size, root = text.split("\n")
    if not separator or not origin or tail[-1:] != "\n" or len(from_b64(root)) != 32:  # noqa: PLR2004
        raise Verdict("malformed")
    lines = []
    for line in tail[:-1].split("\n"):
        dash, name, body = line.split(" ")
        raw = from_b64(body)
        if dash != "\u2014" or len(raw) <= 4:  # noqa: PLR2004 - the key id alone
            raise Verdict("malformed")
        lines.append((name, raw[:4], raw[4:]))
    signed = (text + "\n").encode()
    return Checkpoint(origin, decimal(size), from_b64(root), signed, 0), lines


@lru_cache(maxsize=64)
def checked_checkpoint(note: str, keys: Keys) -> Checkpoint:
    """Return a checkpoint that both keys of the archive signed."""
    checkpoint, lines = parse_note(note)
    if checkpoint.origin != keys.origin:
        raise Verdict("other-archive")
    stamp = 0
    for key in keys:
        found = [body for name, key_id, body in lines if (name, key_id) == (key.name, key.key_id)]
        if len(found) != 1:
            raise Verdict("signature-missing", algorithm=NAME_OF[key.algorithm])
        if key.algorithm == ED25519:
            holds = not broken_signatures(key.key, [(found[0], checkpoint.text)])
        else:
            stamp = int.from_bytes(found[0][:8], "big")
            holds = ml_dsa_holds(key.key, found[0][8:], cosigned(keys.origin, stamp, checkpoint))
        if not holds:
            raise Verdict("signature-broken", algorithm=NAME_OF[key.algorithm])
    return checkpoint._replace(stamp=stamp)


def cosigned(cosigner: str, stamp: int, checkpoint: Checkpoint) -> bytes:
    """Return what ML-DSA-44 signs (C2SP tlog-cosignature, ``cosigned_message``)."""
    name, origin = cosigner.encode(), checkpoint.origin.encode()
    return b"".join((
        b"subtree/v1\n\0", bytes([len(name)]), name, struct.pack(">Q", stamp),
        bytes([len(origin)]), origin, struct.pack(">QQ", 0, checkpoint.size), checkpoint.root,
    ))  # fmt: skip


class LogProof(NamedTuple):
    """Where an act stands in the log, and the checkpoint that covers it."""

    place: int
    path: List[bytes]
    note: str


def parse_log_proof(text: str) -> LogProof:
    """Return a tlog-proof."""
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not separator or len(lines) > 65:  # noqa: PLR2004
        raise Verdict("malformed")
    if lines[1][:6] != "index ":
        raise Verdict("malformed")
    path = [from_b64(line) for line in lines[2:]]
    if any(len(each) != 32 for each in path):  # noqa: PLR2004
        raise Verdict("malformed")
    return LogProof(decimal(lines[1][6:]), path, note)


def check_log_proof(proof: LogProof, jwt: str, keys: Keys) -> Checkpoint:
    """Return the signed checkpoint whose tree holds the act at the proof's place."""
    checkpoint = checked_checkpoint(proof.note, keys)
    leaf = leaf_hash(entry_of(jwt))
    if root_from_path(proof.place, checkpoint.size, leaf, proof.path) != checkpoint.root:
        raise Verdict("not-in-log")
    return checkpoint


def entry_of(jwt: str) -> bytes:
    """Return the 62 bytes that the log holds for an act."""
    return b"custody-entry/v1\n" + base64.b64encode(sha256(jwt.encode("ascii"))) + b"\n"


# --------------------------------------------------------------------------------------------
# Acts (spec/custody.md; RFC 9901, RFC 7515)
# --------------------------------------------------------------------------------------------

ACT_HEADER = b64url(b'{"alg":"EdDSA","typ":"dalil-act+sd-jwt"}')


class Act(NamedTuple):
    """A parsed act: its type, visible payload, open fields, and who signed it where open."""

    jwt: str
    type: str
    payload: Fields
    fields: Fields
    by: Optional[bytes]
    signed: List[Tuple[bytes, bytes, bytes]]  # key or b"" for the archive's, signature, message


def parse_act(presentation: str) -> Act:
    """Return an act whose form and disclosures are right; the signatures are collected."""
    if len(presentation) > ACT_LIMIT or presentation[-1:] != "~":
        raise Verdict("malformed")
    jwt, *disclosures = presentation[:-1].split("~")
    head, body, signature = jwt.split(".")
    payload = from_canonical(from_b64url(body))
    if head != ACT_HEADER or typed(payload, "_sd_alg", str) != "sha-256":
        raise Verdict("malformed")
    if typed(payload, "v", int) != FORMAT:
        raise Verdict("unknown-version", "cannot-tell", version=payload["v"])
    digests, kind = typed(payload, "_sd", list), typed(payload, "type", str)
    if len(from_b64url(typed(payload, "nonce", str))) != 32 or digests != sorted(set(digests)):  # noqa: PLR2004
        raise Verdict("malformed")
    signed = [(b"", from_b64url(signature), (head + "." + body).encode("ascii"))]
    fields: Fields = {}
    for each in disclosures:
        digest = b64url(sha256(each.encode("ascii")))
        name, value = parse_disclosure(each)
        if digest not in digests or name in fields or name in payload:
            raise Verdict("foreign-field", field=name)
        fields[name] = value
        if name == "by":
            signed.append(signed_by(value, payload, digest))
    by = signed[1][0] if len(signed) > 1 else None
    fields.pop("by", None)
    return Act(jwt, kind, payload, fields, by, signed)


def parse_disclosure(untrusted: str) -> Tuple[str, Any]:
    """Return name and value of a disclosure [salt of 16 bytes, name, value]."""
    salt, name, value = from_canonical(from_b64url(untrusted))
    if len(from_b64url(salt)) != 16 or not isinstance(name, str):  # noqa: PLR2004
        raise Verdict("malformed")
    return name, value


def signed_by(value: Fields, payload: Fields, digest: str) -> Tuple[bytes, bytes, bytes]:
    """Return key, signature and message of the person who acted."""
    rest = dict(payload, _sd=[each for each in payload["_sd"] if each != digest])
    message = b"act-by/v1\n" + base64.b64encode(sha256(canonical(rest))) + b"\n"
    if set(value) != {"key", "sig"}:
        raise Verdict("malformed")
    return from_b64url(value["key"]), from_b64url(value["sig"]), message


class Signatures:
    """Signatures that wait to be checked, many of one key at once."""

    def __init__(self, report: Report, keys: Optional[Keys]) -> None:
        self.report, self.keys = report, keys
        self.waiting: Dict[bytes, List[Tuple[str, str, Signed]]] = {}

    def add(self, act: Act, name: str) -> None:
        """Take in the signatures of an act."""
        for key, signature, message in act.signed:
            whose = "signature-of-person" if key else "signature-of-archive"
            if not key and self.keys is None:
                continue
            public = key or cast("Keys", self.keys).ed25519.key
            queue = self.waiting.setdefault(public, [])
            queue.append((whose, name, (signature, message)))
            if len(queue) >= SIGNATURES_AT_ONCE:
                self.check(public)

    def check(self, public: bytes) -> None:
        """Check what waits for one key."""
        queue = self.waiting.pop(public)
        broken = broken_signatures(public, [signed for _, _, signed in queue])
        for place in broken:
            self.report.say("broken", queue[place][0], name=queue[place][1])
        self.report.count("signatures", len(queue) - len(broken))

    def close(self) -> None:
        """Check the rest."""
        for public in list(self.waiting):
            self.check(public)


class Custody:
    """What acts say, read in the order of the log: people, items, accessions, parts, stamps."""

    def __init__(self, report: Report, *, whole: bool) -> None:
        self.report, self.whole = report, whole
        self.people: Dict[bytes, str] = {}
        self.revoked: Dict[bytes, int] = {}
        self.machines: Dict[bytes, Set[str]] = {}  # which types of acts a machine's key may sign
        self.signers: Dict[str, int] = {}
        self.taken_in: Dict[str, List[Fields]] = {}
        self.sealed: Dict[str, List[Act]] = {}
        self.closed: Dict[str, Fields] = {}
        self.stamped: List[Fields] = []
        self.disclosed: List[Act] = []
        self.recorded: Dict[int, Fields] = {}  # acts that wrote records down, by place
        self.receipts: Dict[str, int] = {}  # acts `taken-in` per accession
        self.items: Dict[str, Set[str]] = {}  # items per accession
        self.by_seq: Dict[int, Tuple[str, str]] = {}
        self.first_time = ""

    def add(self, seq: int, act: Act, name: str) -> None:
        """Take in one act."""
        fields = act.fields
        if act.type in ("archive-created", "person-added") and "key" in fields:
            title = fields.get("keeper") or fields.get("name") or fields.get("person") or "?"
            self.people.setdefault(from_b64url(fields["key"]), str(title))
            self.add_machine(fields)
        self.add_signer(seq, act, name)
        if act.type == "person-revoked" and "key" in fields:
            self.revoked.setdefault(from_b64url(fields["key"]), seq)
        self.first_time = self.first_time or str(fields.get("time", ""))
        if "records_root" in fields:
            self.recorded[seq] = fields
        self.add_item(act)

    def add_machine(self, fields: Fields) -> None:
        """Keep what a machine may sign; where its list is not opened, nothing is said of it."""
        if fields.get("role") != "machine" or not ("may" in fields or self.whole):
            return
        may = fields.get("may")
        listed = {each for each in may if isinstance(each, str)} if isinstance(may, list) else set()
        self.machines.setdefault(from_b64url(fields["key"]), listed)

    def add_item(self, act: Act) -> None:
        """Keep what an act says of items."""
        fields = act.fields
        if act.type == "taken-in" and "item" in fields:
            self.taken_in.setdefault(str(fields["item"]), []).append(fields)
        elif act.type == "sealed" and "item" in fields:
            self.sealed.setdefault(str(fields["item"]), []).append(act)
        elif act.type == "accession-closed" and "accession" in fields:
            self.closed[str(fields["accession"])] = fields
        elif act.type == "stamped":
            self.stamped.append(fields)
        elif act.type == "disclosed":
            self.disclosed.append(act)
        if act.type == "taken-in" and "accession" in fields:
            accession = str(fields["accession"])
            self.receipts[accession] = self.receipts.get(accession, 0) + 1
            self.items.setdefault(accession, set()).add(str(fields.get("item")))

    def add_signer(self, seq: int, act: Act, name: str) -> None:
        """Count who signed; a key that was revoked before, or never introduced, is named."""
        if act.by is None:
            self.report.count("acts-without-person")
            return
        revoked = self.revoked.get(act.by)
        if revoked is not None and seq > revoked:
            self.report.say("broken", "after-revocation", name=name, act=revoked)
        if act.by in self.machines and act.type not in self.machines[act.by]:
            self.report.say("broken", "beyond-machine", name=name, type=act.type)
        who = self.people.get(act.by)
        if who is None and self.whole:
            self.report.say("broken", "unknown-signer", name=name)
        label = (who or "?") + " (" + b64url(act.by) + ")"
        self.signers[label] = self.signers.get(label, 0) + 1

    def tell(self) -> None:
        """Say who signed, and since when by the archive's own clock."""
        for label, number in sorted(self.signers.items()):
            self.report.say("signed", "person-signed", who=label, number=number)
        for key, seq in self.revoked.items():
            who = self.people.get(key, "?") + " (" + b64url(key) + ")"
            self.report.say("they-say", "person-revoked", who=who, act=seq)
        if self.first_time:
            self.report.say("they-say", "first-act", time=self.first_time)


# --------------------------------------------------------------------------------------------
# The head of a log: keys, signed checkpoint, an older one to compare with
# --------------------------------------------------------------------------------------------


class Wanted(NamedTuple):
    """What the caller brought along."""

    keys: Optional[Keys]
    older: Optional[Tuple[str, Optional[LogProof]]]  # signed checkpoint, and the proof around it


def check_keys(report: Report, keys: Keys, wanted: Wanted, name: str) -> None:
    """Compare the keys with those that the caller has from elsewhere, and show them."""
    if wanted.keys is None:
        report.say("not-checked", "whose-keys", key=keys.shown())
    elif wanted.keys != keys:
        report.say("broken", "other-keys", name=name)
    else:
        report.say("signed", "your-keys", key=keys.shown())


def check_head(report: Report, folder: Folder, prefix: str, wanted: Wanted) \
        -> Tuple[Optional[Keys], Optional[Checkpoint]]:  # fmt: skip
    """Check the signed checkpoint of a log; return its keys and itself where they hold."""
    keys, checkpoint = None, None
    with report.about(prefix + "vkeys"):
        keys = read_keys(folder.read(prefix + "vkeys"))
        check_keys(report, keys, wanted, prefix + "vkeys")
    with report.about(prefix + "checkpoint"):
        note = folder.read(prefix + "checkpoint").decode("utf-8")
        if keys is not None:
            checkpoint = checked_checkpoint(note, keys)
            tell_checkpoint(report, checkpoint)
    return keys, checkpoint


def tell_checkpoint(report: Report, checkpoint: Checkpoint) -> None:
    """Say who signed the log, and when by the archive's clock."""
    report.say("signed", "archive-signed", origin=checkpoint.origin, size=checkpoint.size)
    report.say("they-say", "archive-clock", time=clock(checkpoint.stamp), size=checkpoint.size)


def clock(seconds: int) -> str:
    """Return Unix seconds as a date and time in UTC."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def compare_older(report: Report, wanted: Wanted, keys: Optional[Keys],
                  checkpoint: Optional[Checkpoint], roots: Dict[int, bytes],
                  leaf_at: Dict[int, bytes]) -> None:  # fmt: skip
    """Compare with an older checkpoint: the same log, only longer."""
    if wanted.older is None or keys is None or checkpoint is None:
        return
    with report.about("--against"):
        note, proof = wanted.older
        older = checked_checkpoint(note, keys)
        if older.size > checkpoint.size:
            raise Verdict("older-is-longer", size=older.size, here=checkpoint.size)
        known = roots.get(older.size) or (
            checkpoint.root if older.size == checkpoint.size else None
        )
        if known is not None and known != older.root:
            raise Verdict("forked", size=older.size)
        leaf = leaf_at.get(proof.place) if proof is not None else None
        if known is None and proof is not None and leaf is not None:
            if root_from_path(proof.place, older.size, leaf, proof.path) != older.root:
                raise Verdict("forked", size=older.size)
            report.say("intact", "older-holds-act", act=proof.place, size=older.size)
        elif known is None:
            raise Verdict("cannot-compare-older", "cannot-tell", size=older.size)
        else:
            report.say("intact", "older-extended", size=older.size, here=checkpoint.size)


# --------------------------------------------------------------------------------------------
# Trusted time (RFC 3161; DER, X.690)
# --------------------------------------------------------------------------------------------


def der(data: bytes, at: int = 0) -> Tuple[int, bytes, int]:
    """Return tag, content and end of the DER value at a place."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 128:
        octets = length & 127
        if not 1 <= octets <= 4:  # noqa: PLR2004
            raise Verdict("malformed")
        length, start = int.from_bytes(data[start : start + octets], "big"), start + octets
    if start + length > len(data):
        raise Verdict("malformed")
    return tag, data[start : start + length], start + length


def der_parts(data: bytes) -> List[Tuple[int, bytes]]:
    """Return the values inside a constructed DER value: tag, content."""
    parts, at = [], 0
    while at < len(data):
        tag, content, at = der(data, at)
        parts.append((tag, content))
    return parts


SEQUENCE, SET_OF, INTEGER, OCTETS, OBJECT, TIME, EXPLICIT_0 = 0x30, 0x31, 2, 4, 6, 0x18, 0xA0
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
TST_INFO = bytes.fromhex("2a864886f70d0109100104")
IMPRINTS = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}


class TimeToken(NamedTuple):
    """What a time authority says: over which digest, and when."""

    algorithm: str
    imprint: bytes
    time: str


def parse_time_answer(answer: bytes) -> TimeToken:
    """Return what a TimeStampResp says; its signature is left to OpenSSL."""
    tag, outer, end = der(answer)
    status, *rest = der_parts(outer)
    if tag != SEQUENCE or end != len(answer) or der_parts(status[1])[0][1] not in (b"\0", b"\1"):
        raise Verdict("no-time")
    content_type, content = der_parts(rest[0][1])
    signed_data = der_parts(der(content[1])[1])
    kind, wrapped = der_parts(signed_data[2][1])[:2]
    if content_type[1] != SIGNED_DATA or kind[1] != TST_INFO or wrapped[0] != EXPLICIT_0:
        raise Verdict("malformed")
    info = der_parts(der(der(wrapped[1])[1])[1])
    algorithm, imprint = der_parts(info[2][1])
    when = next(content for tag, content in info[4:] if tag == TIME).decode("ascii")
    if not re.fullmatch(r"[0-9]{14}(\.[0-9]+)?Z", when):
        raise Verdict("malformed")
    time = re.sub(r"^(....)(..)(..)(..)(..)(.*)Z$", r"\1-\2-\3T\4:\5:\6Z", when)
    return TimeToken(IMPRINTS[der_parts(algorithm[1])[0][1]], imprint[1], time)


def check_time(report: Report, folder: Folder, prefix: str, roots: Dict[int, bytes],
               checkpoint: Checkpoint, custody: Custody) -> None:  # fmt: skip
    """Compare each time token with the log of the size that it names, and with its act.

    ``roots`` are those that were recomputed from the log itself, by size.
    """
    stamps = {(each["tsq_sha256"], each["tsr_sha256"]): each for each in custody.stamped}
    files = {sha256(folder.read(name, CHUNK)).hex(): name for name in folder.below(prefix)}
    for (request, answer), act in stamps.items():
        for digest, other, swap in ((request, answer, "q"), (answer, request, "r")):
            beside = files.get(other, "?")[:-1] + swap
            if digest not in files and beside in folder.files:
                report.say("broken", "altered", name=beside)
            elif digest not in files:
                report.say("missing", "stamp-missing", size=act["size"], name=prefix)
        certificates = prefix + str(act.get("authority")) + ".pem"
        if "certificates_sha256" in act and act["certificates_sha256"] not in files:
            known = certificates in folder.files
            report.say(*("broken", "altered") if known else ("missing", "file-missing"),
                       name=certificates)  # fmt: skip
    answers = [name for name in folder.below(prefix) if name.endswith(".tsr")]
    for name in answers:
        with report.about(name):
            pair = (sha256(folder.read(name[:-1] + "q")).hex(), sha256(folder.read(name)).hex())
            check_token(report, folder, name, stamps.get(pair), roots, checkpoint)
    if not answers:
        report.say("not-checked", "no-outside-clock")


def check_token(report: Report, folder: Folder, name: str, act: Optional[Fields],
                roots: Dict[int, bytes], checkpoint: Checkpoint) -> None:  # fmt: skip
    """Check one answer of a time authority."""
    token = parse_time_answer(folder.read(name, CHUNK))
    size = decimal(os.path.basename(name).split("-")[0])
    if act is None:
        report.say("not-checked", "stamp-without-act", name=name)
    elif act["size"] != size or hex_bytes(act["root"], 32) != roots.get(
        size, bytes.fromhex(act["root"])
    ):
        raise Verdict("stamp-of-other", size=size)
    root = roots.get(size) or (bytes.fromhex(act["root"]) if act else None)
    if root is None:
        raise Verdict("stamp-of-unknown", "cannot-tell", size=size)
    text = checkpoint_text(checkpoint.origin, size, root)
    if hashlib.new(token.algorithm, text).digest() != token.imprint:
        raise Verdict("stamp-of-other", size=size)
    report.say("since", "outside-clock", time=token.time, size=size, name=name)
    tie = os.path.dirname(name) + "/%d.consistency" % size
    if size in roots:
        report.say("since", "stamped-log-extended", size=size)
    elif tie in folder.files:
        with report.about(tie):
            head, *path = folder.read(tie, CHUNK).decode("ascii").rstrip("\n").split("\n")
            if head != "%d %d" % (size, checkpoint.size):
                raise Verdict("malformed")
            hashes = [from_b64(line) for line in path]
            check_consistency(size, checkpoint.size, root, checkpoint.root, hashes)
            report.say("since", "stamped-log-extended", size=size)
    else:
        report.say("not-checked", "stamp-not-tied", size=size, name=name)
    report.say("not-checked", "authority", command=openssl_command(folder, name, text))


def checkpoint_text(origin: str, size: int, root: bytes) -> bytes:
    """Return the three lines that are signed and stamped."""
    return ("%s\n%d\n%s\n" % (origin, size, base64.b64encode(root).decode("ascii"))).encode()


def openssl_command(folder: Folder, name: str, text: bytes) -> str:
    """Return the command that checks the authority's signature."""
    lines = text.decode("utf-8", "replace").replace("\n", "\\n")
    authorities = [each for each in folder.files if each.endswith(".pem")]
    given = authorities[0] if len(authorities) == 1 else "AUTHORITY.pem"
    words = (
        "printf '%s' > checkpoint.txt && openssl ts -verify -data checkpoint.txt -in %s -CAfile %s"
    )
    return words % (lines, name, given)


# --------------------------------------------------------------------------------------------
# Case file (spec/casefile.md; BagIt, RFC 8493)
# --------------------------------------------------------------------------------------------

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sha512")


def check_case_file(report: Report, root: str, wanted: Wanted) -> None:
    """Check everything in a case file."""
    folder = Folder(root)
    check_bag(report, folder)
    with report.about("data/case.json"):
        case = from_canonical(folder.read("data/case.json"))
        if typed(case, "kind", str) != "dalil-case-file" or typed(case, "v", int) != FORMAT:
            raise Verdict("unknown-version", "cannot-tell", version=case["v"])
        keys, checkpoint = check_head(report, folder, "data/log/", wanted)
        custody = Custody(report, whole=False)
        leaf_at = check_custody(report, folder, custody, keys, checkpoint)
        compare_older(report, wanted, keys, checkpoint, {}, leaf_at)
        if checkpoint is not None:
            check_case_head(report, case, checkpoint)
            roots = {checkpoint.size: checkpoint.root}
            check_time(report, folder, "data/time/", roots, checkpoint, custody)
        check_exhibits(report, folder, case, custody, wanted)
        if "claims" in case:
            Claims(report, folder, custody).check(keys, checkpoint)
        else:
            tell_no_claims(report, folder, custody)
        check_people(report, folder, custody)
        custody.tell()


def check_bag(report: Report, folder: Folder) -> None:
    """Check both manifests and what lies beside them; name each file that is not as listed."""
    for name in folder.odd:
        report.say("broken", "not-a-file", name=name)
    with report.about("bagit.txt"):
        if folder.read("bagit.txt", CHUNK) != BAGIT:
            raise Verdict("malformed")
    payload = {name for name in folder.files if name.startswith("data/")}
    tags = {name for name in folder.files if not name.startswith(("data/", "tagmanifest-"))}
    folder.digest_all(sorted(payload | tags), report)
    wrong: Dict[Tuple[str, str], List[str]] = {}
    for part, here in (("", payload), ("tag", tags)):
        for algorithm in ALGORITHMS:
            manifest = part + "manifest-" + algorithm + ".txt"
            with report.about(manifest):
                listed = parse_manifest(folder.read(manifest), 64 if algorithm == "sha256" else 128)
                for name, what in against_manifest(folder, listed, here, algorithm):
                    wrong.setdefault((name, what), []).append(manifest)
    for (name, what), manifests in sorted(wrong.items()):
        if len(manifests) == len(ALGORITHMS):
            report.say("missing" if what == "file-missing" else "broken", what, name=name)
        else:
            report.say("broken", "manifests-disagree", name=manifests[0], other=name)
    named = {name for name, _ in wrong}
    report.count("files", len([name for name in folder.digests if name not in named]))


def parse_manifest(data: bytes, digits: int) -> Dict[str, str]:
    """Return path and digest of each line of a manifest."""
    listed: Dict[str, str] = {}
    lines = data.decode("utf-8").split("\n")
    if lines.pop() != "":
        raise Verdict("malformed")
    for line in lines:
        match = re.fullmatch(r"([0-9a-f]{%d})  ([^\r\n]+)" % digits, line)
        if match is None:
            raise Verdict("malformed")
        name = match.group(2).replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        if name in listed or name.startswith("/") or ".." in name.split("/"):
            raise Verdict("unsafe-path", path=name)
        listed[name] = match.group(1)
    return listed


def against_manifest(folder: Folder, listed: Dict[str, str], here: Set[str],
                     algorithm: str) -> Iterator[Tuple[str, str]]:  # fmt: skip
    """Yield each file that is not as one manifest says, and what is wrong with it."""
    for name in set(listed) - here:
        yield name, "file-missing"
    for name in here - set(listed):
        yield name, "stray"
    for name, digest in listed.items():
        found = folder.digests.get(name)
        if found is not None and getattr(found, algorithm) != digest:
            yield name, "altered"


def check_custody(report: Report, folder: Folder, custody: Custody, keys: Optional[Keys],
                  checkpoint: Optional[Checkpoint]) -> Dict[int, bytes]:  # fmt: skip
    """Check every act of a case file; return the leaf hash at each place of the log."""
    signatures = Signatures(report, keys)
    leaf_at: Dict[int, bytes] = {}
    for name in folder.below("data/custody/"):
        with report.about(name):
            match = re.fullmatch(r"data/custody/([0-9]{8,})\.(act|tlog-proof)", name)
            if match is None:
                raise Verdict("stray")
            seq = int(match.group(1))
            other = ".act" if match.group(2) == "tlog-proof" else ".tlog-proof"
            folder.place(os.path.splitext(name)[0] + other)
            if match.group(2) == "act":
                act = parse_act(folder.read(name, ACT_LIMIT + 1).decode("ascii").rstrip("\n"))
                signatures.add(act, name)
                custody.add(seq, act, name)
                custody.by_seq[seq] = (act.type, str(act.fields.get("item", "")))
                leaf_at[seq] = leaf_hash(entry_of(act.jwt))
                report.count("acts")
                proof_name = name[:-3] + "tlog-proof"
                with report.about(proof_name):
                    proof = parse_log_proof(folder.read(proof_name, CHUNK).decode("utf-8"))
                    check_place(report, proof, seq, act, keys, checkpoint)
    signatures.close()
    return leaf_at


def check_place(report: Report, proof: LogProof, seq: int, act: Act, keys: Optional[Keys],
                checkpoint: Optional[Checkpoint]) -> None:  # fmt: skip
    """Check that an act stands in the signed log at its number."""
    if proof.place != seq:
        raise Verdict("other-place", act=proof.place)
    if keys is None or checkpoint is None:
        raise Verdict("no-log", "cannot-tell")
    if check_log_proof(proof, act.jwt, keys)[:3] != checkpoint[:3]:
        raise Verdict("other-checkpoint")
    report.count("proofs")


def check_case_head(report: Report, case: Fields, checkpoint: Checkpoint) -> None:
    """Compare what case.json says of the log, and repeat what it says of itself."""
    if case["origin"] != checkpoint.origin or case["log_size"] != checkpoint.size:
        raise Verdict("case-and-log")
    report.say("they-say", "case-for", recipient=case["recipient"], reason=case["reason"])


def check_exhibits(report: Report, folder: Folder, case: Fields, custody: Custody,
                   wanted: Wanted) -> None:  # fmt: skip
    """Check each exhibit against its acts, and the totals."""
    whole: Set[str] = set()
    numbers: Set[str] = set()
    for exhibit in typed(case, "exhibits", list):
        number = typed(exhibit, "number", str)
        with report.about("exhibit " + number):
            if number in numbers or any(number < before for before in numbers):
                raise Verdict("number-twice")
            numbers.add(number)
            if "kind" in exhibit:
                proof = "data/" + typed(exhibit, "proof", str)
                report.say("intact", "exhibit-part", number=number, name=proof)
                check_part(report, folder.place(proof), wanted, name=proof)
            else:
                whole.add(typed(exhibit, "item", str))
                check_original(folder, exhibit, custody)
                report.count("exhibits")
    with report.about("data/withheld.jsonl"):
        check_totals(report, folder, custody, whole)


def check_original(folder: Folder, exhibit: Fields, custody: Custody) -> None:
    """Check an original against case.json and its acts `taken-in` and `sealed`."""
    name = "data/" + typed(exhibit, "file", str)
    folder.place(name)
    found, item = folder.digests[name], exhibit["item"]
    if (found.length, found.sha256) != (exhibit["length"], exhibit["sha256"]):
        raise Verdict("altered", name=name)
    for seq in [exhibit["sealed_seq"], *exhibit["taken_in_seqs"], *exhibit["custody"]]:
        if seq not in custody.by_seq:
            raise Verdict("act-missing", "missing", act=seq)
    told = custody.taken_in.get(item, []) + [act.fields for act in custody.sealed.get(item, [])]
    if item not in custody.taken_in or item not in custody.sealed:
        raise Verdict("no-act", item=item)
    for fields in told:
        if disagree(found, fields):
            raise Verdict("not-as-taken-in", name=name)


def disagree(found: Digests, fields: Fields) -> bool:
    """Tell whether an act says another length or digest; it has to say the SHA-256."""
    told = (
        fields.get("length", found.length),
        fields["sha256"],
        fields.get("sha512", found.sha512),
    )
    return told != found


def check_totals(report: Report, folder: Folder, custody: Custody, whole: Set[str]) -> None:
    """Check that exhibits and withheld items make up the total of each accession."""
    withheld: Dict[str, Set[str]] = {accession: set() for accession in custody.items}
    for line in folder.read("data/withheld.jsonl").splitlines():
        each = from_canonical(line)
        commitments = withheld.setdefault(typed(each, "accession", str), set())
        if typed(each, "count", int) != 1 or each["commitment"] in commitments:
            raise Verdict("malformed")
        commitments.add(hex_bytes(each["commitment"], 32).hex())
        report.count_withheld(each["class"], each["reason"])
    for accession, commitments in sorted(withheld.items()):
        if accession not in custody.closed:
            raise Verdict("no-total", "cannot-tell", accession=accession)
        total = typed(custody.closed[accession], "items", int)
        here = len(custody.items.get(accession, set()) & whole)
        values = {
            "accession": accession,
            "here": here,
            "withheld": len(commitments),
            "total": total,
        }
        if here + len(commitments) != total:
            raise Verdict("false-total", **values)
        report.say("intact", "total", **values)


def check_people(report: Report, folder: Folder, custody: Custody) -> None:
    """Compare people.jsonl with the acts that introduce people."""
    with report.about("data/people.jsonl"):
        for line in folder.read("data/people.jsonl").splitlines():
            person = from_canonical(line)
            if from_b64url(person["key"]) not in custody.people:
                raise Verdict("unknown-person", who=person.get("name", "?"))
            if person.get("name") != custody.people[from_b64url(person["key"])]:
                raise Verdict("unknown-person", who=person.get("name", "?"))


# --------------------------------------------------------------------------------------------
# Records (spec/custody.md "Records"): salted fields under one root that an act signs
# --------------------------------------------------------------------------------------------

RECORD_LIMIT = 1 << 20
FIELDS_OF_PAYLOAD = {"_sd", "_sd_alg", "v"}


def record_leaf(payload: bytes) -> bytes:
    """Return a record's leaf in the tree of its act."""
    return leaf_hash(b"record/v1\n" + base64.b64encode(sha256(payload)) + b"\n")


def record_payload(fields: Fields, seed: bytes) -> bytes:
    """Return what commits to a record of which everything is open, decoys included."""
    if len(seed) != 32 or FIELDS_OF_PAYLOAD & set(fields):  # noqa: PLR2004
        raise Verdict("malformed")
    names = sorted(fields)
    salted = 16 * len(names)
    drawn = hashlib.shake_256(b"dalil/record/v1\0" + seed).digest(salted + 32 * (-len(names) % 16))
    digests = [b64url(drawn[i : i + 32]) for i in range(salted, len(drawn), 32)]
    for i, name in enumerate(names):
        disclosure = b64url(canonical([b64url(drawn[16 * i : 16 * i + 16]), name, fields[name]]))
        digests.append(b64url(sha256(disclosure.encode("ascii"))))
    return canonical({"_sd": sorted(digests), "_sd_alg": "sha-256", "v": FORMAT})


def open_record(presentation: str) -> Tuple[bytes, Fields]:
    """Return the payload of a record of which some fields are open, and those fields."""
    head, *disclosures = presentation.split("~")
    if len(presentation) > RECORD_LIMIT or not disclosures or disclosures.pop() != "":
        raise Verdict("malformed")
    payload = from_b64url(head)
    said = from_canonical(payload)
    if set(said) != FIELDS_OF_PAYLOAD or said["_sd_alg"] != "sha-256":
        raise Verdict("malformed")
    if typed(said, "v", int) != FORMAT:
        raise Verdict("unknown-version", "cannot-tell", version=said["v"])
    digests, fields = typed(said, "_sd", list), cast("Fields", {})
    for each in disclosures:
        name, value = parse_disclosure(each)
        if b64url(sha256(each.encode("ascii"))) not in digests or name in fields:
            raise Verdict("record-foreign-field", field=name)
        fields[name] = value
    return payload, fields


def check_stored_records(store: sqlite3.Connection, seq: int, fields: Fields) -> int:
    """Check the rows of one act's records against the root that it signs; return their number."""
    rows = store.execute(
        "SELECT place, seed, fields FROM records WHERE seq = ? ORDER BY place", (seq,)
    )
    kept = {place: record_leaf(record_payload(from_canonical(text), seed))
            for place, seed, text in rows}  # fmt: skip
    total: int = typed(fields, "records", int)
    lacking = total - sum(place in kept for place in range(total))
    if lacking:
        raise Verdict("records-missing", "missing", act=seq, number=lacking)
    leaves = [kept[place] for place in range(total)]
    if len(kept) > total or root_of(leaves).hex() != fields["records_root"]:
        raise Verdict("records-differ", act=seq)
    return total


# --------------------------------------------------------------------------------------------
# Claims in a case file (spec/casefile.md "Claims"): all that was said, and what speaks against it
# --------------------------------------------------------------------------------------------

CLAIMS = "data/claims/"
LISTING, LISTING_NOTE, RECORDS = (
    CLAIMS + "claims.json", CLAIMS + "claims.note", CLAIMS + "records.jsonl",
)  # fmt: skip
NAMED_IN = (
    "a", "actor", "annotation", "as_victim", "assertion", "assessment", "b", "by_assertion",
    "by_source", "child", "entity", "hypothesis", "incident", "link", "object", "origin", "parent",
    "place", "proposition", "remains", "site", "source", "subject", "suspect", "target", "victim",
    "whole",
)  # fmt: skip
CONTRARY = ("undermines", "contradicts", "explains_away")
# A field left out means its usual value, so that a reader has to see these of whatever is shown.
ALWAYS_OPEN = {
    "assertion": ("modality", "polarity", "proposition"),
    "bearing": ("bears",),
    "evidence": ("relation",),
    "identification": ("grade", "polarity"),
    "position": ("polarity",),
    "recognition": ("grade", "polarity"),
    "relation": ("polarity", "relation"),
    "site_state": ("polarity", "state"),
}


class Record(NamedTuple):
    """A record as it is shown: the act and place that it is written in, its open fields."""

    act: int
    place: int
    fields: Fields
    whole: bool


def check_record(untrusted: bytes, custody: Custody) -> Record:
    """Return the record of one line, which stands in the tree of an act that is here."""
    line = from_canonical(untrusted)
    act, place = typed(line, "act", int), typed(line, "place", int)
    if "seed" in line:
        known, fields = {"act", "fields", "path", "place", "seed"}, typed(line, "fields", dict)
        payload = record_payload(fields, from_b64url(typed(line, "seed", str)))
    else:
        known = {"act", "path", "place", "record"}
        payload, fields = open_record(typed(line, "record", str))
    path = [from_b64(each) for each in typed(line, "path", list)]
    if set(line) != known or any(len(each) != 32 for each in path):  # noqa: PLR2004
        raise Verdict("malformed")
    if act not in custody.recorded:
        raise Verdict("act-missing", "missing", act=act)
    said = custody.recorded[act]
    root = root_from_path(place, typed(said, "records", int), record_leaf(payload), path)
    if root.hex() != said["records_root"]:
        raise Verdict("record-not-in-act", act=act, place=place)
    typed(fields, "kind", str)
    return Record(act, place, fields, "seed" in line)


def named_by(fields: Fields) -> Iterator[str]:
    """Yield the ids of the records that a record names; what a conclusion rests on apart."""
    for field in NAMED_IN:
        if isinstance(fields.get(field), str):
            yield fields[field]
    if fields["kind"] == "count_group":
        for each in fields.get("parts", ()):
            yield each["proposition"]
    if fields["kind"] in ("entity", "victim"):
        for each in fields.get("names", ()):
            if "source" in each:
                yield each["source"]
    for point in (fields.get("cited") or {}).values():
        for source in point.get("sources", ()):
            yield source


class Claims:
    """The records of a case file, the list that the archive signed of them, and what it owes."""

    def __init__(self, report: Report, folder: Folder, custody: Custody) -> None:
        self.report, self.folder, self.custody = report, folder, custody
        self.listing: Fields = {}
        self.listed: Dict[Tuple[int, int], Fields] = {}
        self.here: Dict[Tuple[int, int], Record] = {}
        self.latest: Dict[str, Fields] = {}  # by id: the last revision that is here
        self.of: Dict[str, List[str]] = {}  # assertions by proposition
        self.rivals: Dict[Tuple[str, str, str], List[str]] = {}  # propositions of one value only
        self.evidence: Dict[str, List[str]] = {}  # contrary evidence by assertion

    def check(self, keys: Optional[Keys], checkpoint: Optional[Checkpoint]) -> None:
        """Check everything below data/claims."""
        with self.report.about(LISTING):
            data = self.folder.read(LISTING)
            self.listing = from_canonical(data)
            if (typed(self.listing, "kind", str), self.listing["v"]) != ("dalil-claims", FORMAT):
                raise Verdict("unknown-version", "cannot-tell", version=self.listing["v"])
            with self.report.about(LISTING_NOTE):
                self.check_signature(data, keys, checkpoint)
            for each in typed(self.listing, "records", list):
                self.listed[(typed(each, "act", int), typed(each, "place", int))] = each
        with self.report.about(RECORDS):
            self.read()
        with self.report.about(LISTING):
            self.compare()
            self.check_named()
            self.check_against()
            self.check_files()
            self.tell()

    def check_signature(
        self, data: bytes, keys: Optional[Keys], checkpoint: Optional[Checkpoint]
    ) -> None:
        """Check that the archive signed this list, for this state of its log."""
        if keys is None or checkpoint is None:
            raise Verdict("no-log", "cannot-tell")
        text, separator, tail = (
            self.folder.read(LISTING_NOTE, CHUNK).decode("utf-8").partition("\n\n")
        )
        wanted = ("dalil-claims/v1", keys.origin, str(checkpoint.size),
                  base64.b64encode(sha256(data)).decode("ascii"))  # fmt: skip
        if tuple(text.split("\n")) != wanted or not separator:
            raise Verdict("claims-of-other")
        dash, name, body = tail.rstrip("\n").split(" ")
        raw = from_b64(body)
        key = keys.ed25519
        if (dash, name, raw[:4]) != ("\u2014", key.name, key.key_id) or broken_signatures(
            key.key, [(raw[4:], (text + "\n").encode())]
        ):
            raise Verdict("signature-broken", algorithm="Ed25519")
        self.report.count("signatures")

    def read(self) -> None:
        """Read every record, in the order of acts and places."""
        number, before = 0, (-1, -1)
        with open(self.folder.place(RECORDS), "rb") as file:
            while True:
                line = file.readline(2 * RECORD_LIMIT)
                if not line:
                    break
                number += 1
                with self.report.about("%s, line %d" % (RECORDS, number)):
                    if line[-1:] != b"\n":
                        raise Verdict("too-long")
                    record = check_record(line[:-1], self.custody)
                    at = (record.act, record.place)
                    if at <= before:
                        raise Verdict("record-twice")
                    before = at
                    self.here[at] = record
                    self.report.count("records")
        for at in sorted(self.here):
            fields = self.here[at].fields
            if "id" in fields:
                # That it was taken back is said even where the reason for it stays closed.
                gone = self.listed.get(at, {}).get("withdrawn") is True
                self.latest[fields["id"]] = dict(fields, withdrawn=True) if gone else fields
        for each, fields in self.latest.items():
            self.sort(each, fields)

    def sort(self, each: str, fields: Fields) -> None:
        """Put a record under what it is about, unless it was withdrawn."""
        if "withdrawn" in fields:
            return
        kind = fields["kind"]
        if kind == "assertion":
            self.of.setdefault(fields.get("proposition", ""), []).append(each)
        elif kind == "evidence" and fields.get("relation") in CONTRARY:
            self.evidence.setdefault(fields.get("assertion", ""), []).append(each)
        elif kind == "proposition" and fields.get("functional"):
            key = (fields.get("subject", ""), fields.get("predicate", ""), fields.get("scope", ""))
            self.rivals.setdefault(key, []).append(each)

    def compare(self) -> None:
        """Compare the records with the list: what is missing is named, what is beside it too."""
        named = {each for said in self.listing["propositions"] for each in said["against"]}
        named |= speakers(self.here.values(), named)
        for at, said in self.listed.items():
            record = self.here.get(at)
            label = self.label(said)
            if record is None:
                against = said.get("id") in named or said.get("label") in named
                self.report.say("missing", "against-missing" if against else "record-missing",
                                name=label, act=at[0], place=at[1])  # fmt: skip
                continue
            shown = "whole" if record.whole else "part" if "id" in record.fields else "closed"
            if (shown, record.fields["kind"], record.fields.get("id")) != (
                said["shown"], said["kind"], None if shown == "closed" else said["id"],
            ) or not withdrawn_as_listed(record, said):  # fmt: skip
                self.report.say("broken", "record-otherwise", name=label)
            hidden = [] if shown != "part" else [
                each for each in ALWAYS_OPEN.get(said["kind"], ()) if each not in record.fields
            ]  # fmt: skip
            if hidden:
                self.report.say("broken", "record-hides", name=label, field=", ".join(hidden))
        for act, place in sorted(set(self.here) - set(self.listed)):
            self.report.say("broken", "record-unlisted", name=RECORDS, act=act, place=place)

    def label(self, said: Fields) -> str:
        """Return how a listed record is called in a sentence."""
        title = ": " + str(said["title"]) if "title" in said else ""
        return "%s %s%s" % (said.get("kind"), said.get("id", said.get("label")), title)

    def check_named(self) -> None:
        """Check that every record that another one names is here too."""
        for at, record in sorted(self.here.items()):
            for each in sorted(set(named_by(record.fields)) - set(self.latest)):
                self.report.say("missing", "named-missing", other=each,
                                name=self.label(self.listed.get(at, record.fields)))  # fmt: skip

    def check_against(self) -> None:
        """Work out what speaks against each claim from what is here; none of it goes unsaid."""
        ids = set(self.latest) | {each["label"] for each in self.listed.values() if "label" in each}
        listed = ids | {each["id"] for each in self.listed.values() if "id" in each}
        for said in typed(self.listing, "propositions", list):
            here = self.latest.get(said["id"])
            if here is None or here["kind"] != "proposition":
                self.report.say("missing", "claim-missing", name="proposition " + said["id"])
                continue
            for each in sorted(self.against(said["id"], here) - set(said["against"])):
                self.report.say("broken", "against-unsaid", name="proposition " + said["id"],
                                other=each)  # fmt: skip
            for each in sorted(set(said["against"]) - listed):
                self.report.say("missing", "against-unlisted", name="proposition " + said["id"],
                                other=each)  # fmt: skip
            self.report.count("claims")
            self.report.count("against", len(set(said["against"]) & ids))

    def against(self, proposition: str, fields: Fields) -> Set[str]:
        """Return what speaks against a claim, by the four rules of the page."""
        if "withdrawn" in fields:
            return set()
        assertions = {each: self.latest[each] for each in self.of.get(proposition, ())}
        found = {each for each, said in assertions.items()
                 if said.get("polarity") == "denies" or said.get("modality") == "retracts"}  # fmt: skip
        affirming = {each: said for each, said in assertions.items()
                     if each not in found and not said.get("mixed_scope")}  # fmt: skip
        for each, said in affirming.items():
            if any(disagree_on(said, other, bool(fields.get("functional")))
                   for other in affirming.values()):  # fmt: skip
                found.add(each)
        if fields.get("functional"):
            key = (fields.get("subject", ""), fields.get("predicate", ""), fields.get("scope", ""))
            for rival in self.rivals.get(key, ()):
                other = self.latest[rival]
                if rival != proposition and any(fields.get(name) != other.get(name)
                                                for name in ("object", "value")):  # fmt: skip
                    found |= {each for each in self.of.get(rival, ())
                              if self.latest[each].get("polarity") != "denies"}  # fmt: skip
        for each in assertions:
            for one in self.evidence.get(each, ()):
                found.add(one)
                if "by_assertion" in self.latest[one]:
                    found.add(self.latest[one]["by_assertion"])
        return found

    def check_files(self) -> None:
        """Check that pages and answers are those listed, with every record that they rest on."""
        expected = {LISTING, LISTING_NOTE, RECORDS}
        for page, digest in typed(self.listing, "pages", dict).items():
            expected.add(CLAIMS + page)
            with self.report.about(CLAIMS + page):
                if sha256(self.folder.read(CLAIMS + page)).hex() != digest:
                    raise Verdict("altered")
        for answer in typed(self.listing, "answers", list):
            name = CLAIMS + typed(answer, "file", str)
            expected.add(name)
            with self.report.about(name):
                if sha256(self.folder.read(name)).hex() != answer["sha256"]:
                    raise Verdict("altered")
                for each in sorted(set(answer["records"]) - set(self.latest)):
                    self.report.say("missing", "named-missing", name=name, other=each)
                self.report.count("answers")
        for name in self.folder.below(CLAIMS):
            if name not in expected:
                self.report.say("broken", "stray", name=name)

    def tell(self) -> None:
        """Say what is withheld, and what is only said."""
        shown = [each["shown"] for each in self.listed.values()]
        sources = [
            e for e in self.listed.values() if (e["shown"], e["kind"]) == ("closed", "source")
        ]
        if sources:
            labels = {each["label"] for each in sources}
            self.report.say("withheld", "sources-withheld", number=len(labels))
        for each in self.listed.values():
            if each["shown"] == "closed" and each["kind"] != "source":
                self.report.count_withheld(each["class"], each["reason"])
        if shown.count("part"):
            self.report.say("withheld", "fields-withheld", number=shown.count("part"))
        acts = {act for act, _ in self.here}
        total = sum(typed(self.custody.recorded[act], "records", int) for act in acts)
        if total > len(self.here):
            self.report.say("withheld", "records-elsewhere", number=total - len(self.here),
                            total=total, acts=len(acts))  # fmt: skip
        for kind, number in sorted(typed(self.listing, "left_out", dict).items()):
            self.report.say("withheld", "records-left-out", number=number, kind=kind)
        chosen = "claims-adopted" if self.listing["chosen"] == "adopted" else "claims-all"
        self.report.say("they-say", chosen, case=self.listing["case"],
                        number=len(self.listing["propositions"]))  # fmt: skip
        self.report.say("not-checked", "claims-status", name=LISTING)


def tell_no_claims(report: Report, folder: Folder, custody: Custody) -> None:
    """Say of a case file without claims what its acts wrote down, and what lies where none are."""
    if folder.below(CLAIMS):
        report.say("broken", "stray", name=CLAIMS)
    total = sum(typed(said, "records", int) for said in custody.recorded.values())
    if total:
        report.say("withheld", "records-elsewhere", number=total, total=total,
                   acts=len(custody.recorded))  # fmt: skip


def withdrawn_as_listed(record: Record, said: Fields) -> bool:
    """Tell whether the list says of a record that it was taken back, as its open fields do."""
    told, seen = said.get("withdrawn", False), "withdrawn" in record.fields
    return bool(told == seen or (told is True and not record.whole))


def speakers(records: Iterable[Record], against: Set[str]) -> Set[str]:
    """Return the sources that speak in what speaks against a claim."""
    fields = [record.fields for record in records if record.fields.get("id") in against]
    named = ("source", "origin", "by_source")
    return {each[name] for each in fields for name in named if name in each}


def disagree_on(one: Fields, other: Fields, single: bool) -> bool:  # noqa: FBT001
    """Tell whether two answers to one question cannot both hold."""
    if "entity" in one and "entity" in other:
        return bool(one["entity"] != other["entity"])
    numbers = [(each.get("lo"), each.get("hi")) for each in (one, other)]
    if all(pair != (None, None) for pair in numbers):
        (lo, hi), (low, high) = numbers
        return (hi is not None and low is not None and hi < low) or (
            high is not None and lo is not None and high < lo
        )
    return bool(single and "text" in one and "text" in other and one["text"] != other["text"])


# --------------------------------------------------------------------------------------------
# Whole archive (spec/custody.md "Storage" and "Act store"; OCFL 1.1; C2SP tlog-tiles)
# --------------------------------------------------------------------------------------------

PLATE = "dalil-archive.json"
LOG_FILES = ("log/checkpoint", "log/vkeys", "log/checkpoint.next")
NOT_JUDGED = ("staging", "keys", "receipts", "index")


def check_archive(report: Report, root: str, wanted: Wanted) -> None:
    """Check everything in an archive that needs no key."""
    folder = Folder(root, leave_out=NOT_JUDGED)
    for name in folder.odd:
        report.say("broken", "not-a-file", name=name)
    keys, checkpoint = check_head(report, folder, "log/", wanted)
    with report.about(PLATE):
        plate = from_canonical(folder.read(PLATE, CHUNK))
        if typed(plate, "format", int) != FORMAT:
            raise Verdict("unknown-version", "cannot-tell", version=plate["format"])
        if plate["origin"] != "dalil.archive/" + hex_bytes(plate["id"], 16).hex():
            raise Verdict("malformed")
        if keys is not None and plate["origin"] != keys.origin:
            raise Verdict("other-archive")
    custody = Custody(report, whole=True)
    with report.about("log"):
        for name in folder.below("log/"):
            if not name.startswith("log/tile/") and name not in LOG_FILES:
                raise Verdict("stray", name=name)
    sizes = {checkpoint.size} if checkpoint is not None else set()
    stamps = [re.match(r"time/([0-9]{1,15})-", name) for name in folder.below("time/")]
    sizes |= {int(match.group(1)) for match in stamps if match}
    if wanted.older is not None:
        with report.about("--against"):
            sizes.add(parse_note(wanted.older[0])[0].size)
    walk = LogWalk(report, folder, sizes, None if checkpoint is None else checkpoint.size)
    with report.about("acts.sqlite"), opened_store(folder) as store:
        check_rows(report, store, walk, custody, Signatures(report, keys))
    walk.close()
    compare_log(report, walk, checkpoint)
    compare_older(report, wanted, keys, checkpoint, walk.roots, {})
    if checkpoint is not None:
        check_time(report, folder, "time/", walk.roots, checkpoint, custody)
    check_originals(report, folder, custody)
    with report.about(PLATE):
        if custody.first_time != from_canonical(folder.read(PLATE, CHUNK))["created_at"]:
            raise Verdict("altered")
    custody.tell()
    report.say("not-checked", "keys-and-staging")


@contextlib.contextmanager
def opened_store(folder: Folder) -> Iterator[sqlite3.Connection]:
    """Open the act store for reading; one with a write-ahead log is read from a copy."""
    place, copied = folder.place("acts.sqlite"), ""
    if folder.files.get("acts.sqlite-wal"):
        copied = tempfile.mkdtemp(prefix="verify-")
        for end in ("", "-wal"):
            shutil.copyfile(place + end, os.path.join(copied, "acts.sqlite" + end))
        place = os.path.join(copied, "acts.sqlite")
    try:
        address = Path(place).resolve().as_uri() + ("" if copied else "?immutable=1&mode=ro")
        store = sqlite3.connect(address, uri=True)
        with contextlib.closing(store):
            store.text_factory = bytes
            store.execute("PRAGMA trusted_schema=OFF")
            yield store
    finally:
        if copied:
            shutil.rmtree(copied, ignore_errors=True)


MOST_NAMED = 1000  # acts that are missing in a row, each named
INDEX = "SELECT what, name FROM about WHERE seq = ? AND what IN ('type', 'accession', 'item')"


def check_rows(report: Report, store: sqlite3.Connection, walk: LogWalk, custody: Custody,
               signatures: Signatures) -> None:  # fmt: skip
    """Check every row: form, signatures, commitment, no number left out."""
    tables = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    if (b"acts",) not in tables:
        raise Verdict("malformed")
    indexed = (b"about",) in tables
    rows = store.execute("SELECT seq, jwt, disclosures, entry FROM acts ORDER BY seq")
    for seq, jwt, disclosures, entry in rows:
        if not walk.size <= seq < walk.size + MOST_NAMED:
            raise Verdict("act-missing", "missing", act=walk.size)
        while walk.size < seq:
            report.say("missing", "act-missing", act=walk.size, name="acts.sqlite")
            walk.add(b"")
        name = "acts.sqlite, act %d" % seq
        # The log is walked over what was committed, so that an altered act is named by itself.
        walk.add(entry)
        with report.about(name):
            rest = disclosures.decode("ascii")
            act = parse_act(jwt.decode("ascii") + "~" + (rest + "~" if rest else ""))
            if entry_of(act.jwt) != entry:
                raise Verdict("entry-differs")
            signatures.add(act, name)
            custody.add(seq, act, name)
            report.count("acts")
            if indexed and set(store.execute(INDEX, (seq,))) != about(act):
                report.say("broken", "index-differs", name=name)
            if seq in custody.recorded:
                if (b"records",) not in tables:
                    total = act.fields["records"]
                    raise Verdict("records-missing", "missing", act=seq, number=total)
                report.count("records", check_stored_records(store, seq, act.fields))
    signatures.close()
    if (b"records",) in tables:
        for (seq,) in store.execute("SELECT DISTINCT seq FROM records"):
            if seq not in custody.recorded:
                report.say("broken", "records-stray", name="acts.sqlite", act=seq)
    for (fault,) in store.execute("PRAGMA integrity_check(1)"):
        if fault != b"ok":
            raise Verdict("unreadable", why=printable(fault.decode("utf-8", "replace")))


def about(act: Act) -> Set[Tuple[bytes, bytes]]:
    """Return what the index has to say of an act: its type, its accession, every item it names."""
    fields = dict(act.payload, **act.fields)
    found = [("type", act.type)]
    found += [(name, fields[name]) for name in ("accession", "item") if name in fields]
    if isinstance(fields.get("items"), list):
        found += [("item", item) for item in fields["items"]]
    return {(what.encode(), name.encode()) for what, name in found if isinstance(name, str)}


class LogWalk:
    """The log's tiles and roots, recomputed from the rows, compared with the files as it goes."""

    def __init__(
        self, report: Report, folder: Folder, sizes: Set[int], limit: Optional[int]
    ) -> None:
        self.report, self.folder, self.sizes, self.limit = report, folder, sizes, limit
        self.size = 0
        self.roots: Dict[int, bytes] = {}
        self.frontier = Frontier()
        self.levels: List[List[bytes]] = []
        self.numbers: List[int] = []
        self.entries: List[bytes] = []
        self.seen: Set[str] = set()

    def add(self, entry: bytes) -> None:
        """Add one row's entry."""
        self.size += 1
        if self.limit is not None and self.size > self.limit:
            return
        leaf = leaf_hash(entry)
        self.frontier.append(leaf)
        if self.size in self.sizes:
            self.roots[self.size] = self.frontier.root()
        self.entries.append(struct.pack(">H", len(entry)) + entry)
        if len(self.entries) == 256:  # noqa: PLR2004 - a full tile
            self.compare("entries", self.size // 256 - 1, self.entries)
            self.entries = []
        self.push(0, leaf)

    def push(self, level: int, hashed: bytes) -> None:
        """Add a hash to the tiles of one level, and a full tile's root to the level above."""
        if level == len(self.levels):
            self.levels.append([])
            self.numbers.append(0)
        tile = self.levels[level]
        tile.append(hashed)
        if len(tile) == 256:  # noqa: PLR2004 - a full tile
            self.compare(str(level), self.numbers[level], tile)
            self.push(level + 1, root_of(tile))
            self.levels[level] = []
            self.numbers[level] += 1

    def compare(self, level: str, number: int, parts: Sequence[bytes]) -> None:
        """Compare one tile with its file, and with what is left of it when it was partial."""
        name = "log/tile/" + level + "/" + tile_path(number)
        whole = len(parts) == 256  # noqa: PLR2004 - a full tile
        wanted = name if whole else name + ".p/%d" % len(parts)
        if wanted not in self.folder.files:
            self.report.say("missing", "file-missing", name=wanted)
        for width in range(1, len(parts) + 1):
            here = name if width == 256 else name + ".p/%d" % width  # noqa: PLR2004
            if here in self.folder.files:
                self.seen.add(here)
                with self.report.about(here):
                    if self.folder.read(here, CHUNK) != b"".join(parts[:width]):
                        raise Verdict("altered")
                    self.report.count("tiles")

    def close(self) -> None:
        """Compare the partial tiles; whatever else lies among the tiles is stray."""
        if self.entries:
            self.compare("entries", min(self.size, self.limit or self.size) // 256, self.entries)
        for level, tile in enumerate(self.levels):
            if tile:
                self.compare(str(level), self.numbers[level], tile)
        for name in self.folder.below("log/tile/"):
            if name not in self.seen:
                self.report.say("broken", "stray", name=name)


def tile_path(number: int) -> str:
    """Return a tile's number as C2SP writes it: 1234067 is x001/x234/067."""
    groups = ["%03d" % (number % 1000)]
    while number >= 1000:  # noqa: PLR2004 - three digits a folder
        number //= 1000
        groups.insert(0, "x%03d" % (number % 1000))
    return "/".join(groups)


def compare_log(report: Report, walk: LogWalk, checkpoint: Optional[Checkpoint]) -> None:
    """Compare the rows with the signed size and root."""
    if checkpoint is None:
        report.say("cannot-tell", "no-log", name="log/checkpoint")
        return
    if walk.size < checkpoint.size:
        report.say("missing", "tail-missing", here=walk.size, size=checkpoint.size)
    elif walk.roots.get(checkpoint.size, walk.frontier.root()) != checkpoint.root:
        report.say("broken", "log-differs", size=checkpoint.size, name="acts.sqlite")
    else:
        report.say("intact", "log-equals", size=checkpoint.size)
    if walk.size > checkpoint.size:
        report.say("cannot-tell", "unsigned-tail", number=walk.size - checkpoint.size)


def check_originals(report: Report, folder: Folder, custody: Custody) -> None:
    """Check every OCFL object, and each item's digests against its acts."""
    check_storage_root(report, folder)
    marks = [name for name in folder.below("originals/") if name.endswith("/0=ocfl_object_1.1")]
    inside: Set[str] = set()
    objects: Set[str] = set()
    for mark in marks:
        prefix = mark[: -len("0=ocfl_object_1.1")]
        names = folder.below(prefix)
        inside.update(names)
        folder.digest_all(names, report)
        with report.about(prefix + "inventory.json"):
            item, content = check_object(report, folder, prefix, names)
            objects.add(item)
            if item not in custody.taken_in:
                raise Verdict("no-act", item=item)
            check_item(report, folder, prefix, content, item, custody)
        for name in names:
            folder.digests.pop(name, None)
    for item in sorted(set(custody.taken_in) - objects):
        report.say("missing", "item-missing", name=item)
    for name in folder.below("originals/"):
        if name not in inside and name not in STORAGE_ROOT:
            report.say("broken", "stray", name=name)


LAYOUT = "0004-hashed-n-tuple-storage-layout"
STORAGE_ROOT = {
    "originals/0=ocfl_1.1": None,
    "originals/ocfl_layout.json": {
        "extension": LAYOUT, "description": "SHA-256 of the item's id, in three tuples"},
    "originals/extensions/" + LAYOUT + "/config.json": {
        "extensionName": LAYOUT, "digestAlgorithm": "sha256", "tupleSize": 3,
        "numberOfTuples": 3, "shortObjectRoot": False},
}  # fmt: skip


def check_storage_root(report: Report, folder: Folder) -> None:
    """Check the three files that say how the originals are stored."""
    for name, expected in STORAGE_ROOT.items():
        with report.about(name):
            data = folder.read(name, CHUNK)
            found = json.loads(data.decode("utf-8")) if expected else data
            if found != (expected or b"ocfl_1.1\n"):
                raise Verdict("altered")


def object_place(identifier: str) -> str:
    """Return where OCFL extension 0004 puts an object."""
    digest = hashlib.sha256(identifier.encode("utf-8")).hexdigest()
    return "originals/%s/%s/%s/%s/" % (digest[:3], digest[3:6], digest[6:9], digest)


def check_object(report: Report, folder: Folder, prefix: str, names: Sequence[str]) \
        -> Tuple[str, Dict[str, str]]:  # fmt: skip
    """Check one OCFL object; return its item and the content path of each logical path."""
    inventory = json.loads(folder.read(prefix + "inventory.json").decode("utf-8"))
    algorithm, head = inventory["digestAlgorithm"], inventory["head"]
    if algorithm not in ALGORITHMS or not re.fullmatch(r"v[1-9][0-9]{0,5}", head):
        raise Verdict("unknown-algorithm", "cannot-tell")
    listed = check_inventory_files(report, folder, prefix, inventory, algorithm)
    expected = {"0=ocfl_object_1.1", "inventory.json", "inventory.json." + algorithm} | set(listed)
    for version in inventory["versions"]:
        expected |= {version + "/inventory.json", version + "/inventory.json." + algorithm}
    with report.about(prefix + "0=ocfl_object_1.1"):
        if folder.read(prefix + "0=ocfl_object_1.1", CHUNK) != b"ocfl_object_1.1\n":
            raise Verdict("malformed")
    for name in names:
        if name[len(prefix) :] not in expected:
            report.say("broken", "stray", name=name)
    state = inventory["versions"][head]["state"]
    content = {logical: inventory["manifest"][digest][0]
               for digest, logicals in state.items() for logical in logicals}  # fmt: skip
    match = re.fullmatch(r"urn:dalil:item:([0-9a-f]{32})", inventory["id"])
    if match is None or not set(content.values()) <= set(listed):
        raise Verdict("malformed")
    if prefix != object_place(inventory["id"]):
        raise Verdict("stray")
    report.count("objects")
    return match.group(1), content


def check_inventory_files(report: Report, folder: Folder, prefix: str, inventory: Fields,
                          algorithm: str) -> Dict[str, str]:  # fmt: skip
    """Check inventories, side files and content; return content path and digest."""
    head = inventory["head"] + "/"
    for below in ("", head):
        side, name = (
            prefix + below + "inventory.json." + algorithm,
            prefix + below + "inventory.json",
        )
        with report.about(side):
            digest = getattr(folder.digests[name], algorithm)
            if folder.read(side, CHUNK) != (digest + " inventory.json\n").encode("ascii"):
                raise Verdict("inventory-differs", other=name)
    if (
        folder.digests[prefix + head + "inventory.json"]
        != folder.digests[prefix + "inventory.json"]
    ):
        report.say("broken", "inventory-differs", name=prefix + head, other=prefix)
    listed = {path: digest for digest, paths in inventory["manifest"].items() for path in paths}
    wrong = dict.fromkeys(listed, 0)
    blocks = {algorithm: inventory["manifest"]}
    blocks.update(inventory.get("fixity", {}))
    for kind, block in blocks.items():
        for digest, paths in block.items() if kind in ALGORITHMS else ():
            for path in paths:
                found = folder.digests.get(prefix + path)
                if found is None:
                    report.say("missing", "file-missing", name=prefix + path)
                elif getattr(found, kind) != digest:
                    wrong[path] = wrong.get(path, 0) + 1
    for path, number in wrong.items():
        if number:
            report.say("broken", "altered", name=prefix + path)
    return listed


def check_item(report: Report, folder: Folder, prefix: str, content: Dict[str, str], item: str,
               custody: Custody) -> None:  # fmt: skip
    """Compare an item's original and tables with its acts."""
    sealed = custody.sealed.get(item, [])
    found = folder.digests[prefix + content["original"]]
    with report.about(prefix + content["original"]):
        for fields in custody.taken_in[item] + [act.fields for act in sealed]:
            if disagree(found, fields):
                raise Verdict("not-as-taken-in")
        report.count("originals")
    if not sealed:
        report.say("cannot-tell", "not-sealed", name=item)
        return
    lines = ""
    for name in ("frames", "nodes", "summary.json", "tiles", "units"):
        lines += folder.digests[prefix + content["seal/" + name]].sha256 + "  " + name + "\n"
    card = sealed[-1]
    with report.about(prefix + "seal"):
        if sha256(lines.encode("ascii")).hex() != card.fields["table_sha256"]:
            raise Verdict("not-as-sealed")
        nodes = folder.read(prefix + content["seal/nodes"], 1 << 25)
        hashes = [nodes[i : i + 32] for i in range(0, len(nodes), 32)]
        if len(hashes) != 1 << (card.payload["depth"] - 4) or root_of(hashes).hex() != \
                card.payload["tree_root"]:  # fmt: skip
            raise Verdict("not-as-sealed")
        report.count("tables")


# --------------------------------------------------------------------------------------------
# Published parts (spec/excerpt.md, spec/seal.md)
# --------------------------------------------------------------------------------------------

MAGIC = b"dalil-proof/1\n"
KINDS = ("excerpt", "redacted", "still")
DEPTHS = (16, 20, 24)
MAX_HEADER, MAX_UNITS = 1 << 22, 1 << 24
TEXT = re.compile(r"[ !#-\[\]-~]*")
TIMING = re.compile(r"([0-9]{1,10}) (-?[0-9]{1,19}) (none|-?[0-9]{1,19}) (-?[0-9]{1,19}) ([01])")
CONFIG = re.compile(r"([0-9]{1,10}) (\S+) ([0-9]+/[0-9]+) ([0-9a-f]{64}) \S+ \S+ \S+ \S+ \S+")
FILE_NAME = re.compile(r"[^/\\\0-\x1f\x7f.][^/\\\0-\x1f\x7f]{0,199}")


class Claim(NamedTuple):
    """A stretch of the published file that a unit says is its packet."""

    offset: int
    size: int
    stream: int


class Config(NamedTuple):
    """An opened configuration."""

    slot: int
    stream: int
    codec: str
    leaf: bytes
    extradata: bytes
    extradata_sha256: str


class Frame(NamedTuple):
    """A frame that a unit commits to, and its tiles: salt where open, leaf where withheld."""

    width: int
    height: int
    pixels: str
    root: bytes
    tiles: List[bytes]


class Source:
    """A file that is taken from the front; asking for more than there is refuses."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def take(self, length: int) -> bytes:
        """Take bytes."""
        data = self.file.read(length)
        if len(data) != length:
            raise Verdict("cut-short")
        return data

    def number(self, width: int) -> int:
        """Take an unsigned number."""
        return int.from_bytes(self.take(width), "big")

    def text(self) -> str:
        """Take a text with its u16 length."""
        text = self.take(self.number(2)).decode("ascii")
        if not TEXT.fullmatch(text):
            raise Verdict("malformed")
        return text


class Part:
    """What the units of a proof say, gathered while they are read."""

    def __init__(self, header: Fields, source: Source) -> None:
        self.header, self.source = header, source
        self.kind, self.depth = typed(header, "kind", str), typed(header, "depth", int)
        self.configs = [parse_config(each) for each in typed(header, "configs", list)]
        self.leaves: Dict[int, bytes] = {}
        self.claims: List[Claim] = []
        self.frames: List[str] = []
        self.opened = self.units = self.span_ns = 0

    def read_units(self) -> None:
        """Read all units: leaves, links, order."""
        for config in self.configs:
            self.place_leaf(config.slot, config.leaf)
        number = typed(self.header, "units", int)
        if not 1 <= number <= MAX_UNITS or not 1 <= len(self.configs) <= 256:  # noqa: PLR2004
            raise Verdict("malformed")
        links: Set[bytes] = set()
        slot, opened, link, index = self.unit_head()
        for left in range(number - 1, -1, -1):
            fields = self.unit_fields(opened, self.configs[index])
            following = self.unit_head() if left else (0, 0, self.source.take(16), 0)
            if link in links or following[2] == link:
                raise Verdict("links-alike")
            links.add(link)
            text = "unit@v1\n%s %s\n%s\n" % (link.hex(), following[2].hex(), "\n".join(fields))
            self.place_leaf(slot, leaf_hash(text.encode("ascii")))
            slot, opened, link, index = following
        if link in links:
            raise Verdict("links-alike")

    def unit_head(self) -> Tuple[int, int, bytes, int]:
        """Read slot, what is open, the link before, the configuration's index."""
        take = self.source
        head = (take.number(4), take.number(1), take.take(16), take.number(1))
        if head[1] > 15 or head[3] >= len(self.configs):  # noqa: PLR2004 - four bits
            raise Verdict("malformed")
        return head

    def place_leaf(self, slot: int, leaf: bytes) -> None:
        """Put a leaf into its slot, once."""
        if not 0 <= slot < 1 << self.depth or slot in self.leaves:
            raise Verdict("slot-twice")
        self.leaves[slot] = leaf

    def unit_fields(self, opened: int, config: Config) -> List[str]:
        """Read one unit's four fields; return their digests in hexadecimal."""
        self.units += 1
        digests = []
        for bit, name in enumerate(("packet", "timing", "position", "pixels")):
            if not opened >> bit & 1:
                if name == "timing":
                    raise Verdict("timing-withheld")
                digests.append(self.source.take(32).hex())
                continue
            salt = self.source.take(16)
            value = getattr(self, "open_" + name)(config)
            text = '["%s","%s","%s"]' % (b64url(salt), name, value)
            digests.append(sha256(b64url(text.encode("ascii")).encode("ascii")).hex())
        self.opened += bool(opened & (1 if self.kind == "excerpt" else 9))
        return digests

    def open_packet(self, config: Config) -> str:
        """Read an opened packet; its digest is that of the published file's bytes."""
        check_config(config)
        size, offset, side_data = self.source.number(4), self.source.number(8), self.source.text()
        digest = self.digest_of(config.stream, offset, size)
        self.claims.append(Claim(offset, size, config.stream))
        return "%d %s%s" % (size, digest, side_data)

    def digest_of(self, stream: int, offset: int, size: int) -> str:
        """Return the SHA-256 of a stretch of the published file (set by ``check_part``)."""
        raise NotImplementedError

    def open_timing(self, config: Config) -> str:
        """Read an opened timing; the units' differences add up to the span."""
        value = self.source.text()
        match = TIMING.fullmatch(value)
        if match is None or int(match.group(1)) != config.stream:
            raise Verdict("malformed")
        if self.units > 1:
            if match.group(2)[0] == "-":
                raise Verdict("malformed")
            self.span_ns += int(match.group(2))
        return value + " " + config.leaf.hex()

    def open_position(self, _: Config) -> str:
        """Read an opened position: number, dts and pts of the packet in its stream."""
        value = self.source.text()
        decimal(value.split(" ")[0])
        return value

    def by_stream(self) -> Dict[int, List[Tuple[int, int]]]:
        """Return what is claimed for each stream, in the order of the chain."""
        told: Dict[int, List[Tuple[int, int]]] = {}
        for claim in self.claims:
            if claim.size:
                told.setdefault(claim.stream, []).append((claim.offset, claim.size))
        return told

    def open_pixels(self, _: Config) -> str:
        """Read opened pixels: the frames that the unit decodes to."""
        value = self.source.text()
        if value != "none":
            self.frames += value.split(" ")
        return value

    def check_root(self) -> None:
        """Read the siblings and climb to the root of the seal card."""
        number = self.source.number(4)
        if number > self.depth * len(self.leaves):
            raise Verdict("malformed")
        siblings = [self.source.take(32) for _ in range(number)]
        if (
            root_from_multiproof(self.depth, self.leaves, siblings).hex()
            != self.header["tree_root"]
        ):
            raise Verdict("not-in-seal")

    def read_frames(self) -> List[Frame]:
        """Read the tiles of every opened frame; nothing may follow."""
        frames = []
        for told in self.frames if self.kind != "excerpt" else ():
            width, height, pixels, number = self.source.text().split(" ")
            shape, root = told.rsplit("/", 1)
            columns, rows = -(-decimal(width) // 64), -(-decimal(height) // 64)
            if shape != width + "x" + height + "/" + pixels or decimal(number) != columns * rows:
                raise Verdict("malformed")
            bits = self.source.take(-(-columns * rows // 8))
            tiles = [self.source.take(16 if bits[i >> 3] & 128 >> (i & 7) else 32)
                     for i in range(columns * rows)]  # fmt: skip
            frame = Frame(int(width), int(height), pixels, hex_bytes(root, 32), tiles)
            if all(len(tile) == 32 for tile in tiles) and root_of(tiles) != frame.root:  # noqa: PLR2004
                raise Verdict("tiles-differ", tile="?")
            frames.append(frame)
        if self.source.file.read(1):
            raise Verdict("trailing-bytes")
        return frames


def parse_config(each: Fields) -> Config:
    """Return an opened configuration; extradata has to be what it commits to."""
    disclosure, extradata = typed(each, "disclosure", str), from_b64url(each["extradata"])
    name, value = parse_disclosure(disclosure)
    match = CONFIG.fullmatch(value)
    if name != "config" or match is None:
        raise Verdict("malformed")
    digest = sha256(disclosure.encode("ascii")).hex()
    leaf = leaf_hash(("config@v1\n" + digest + "\n").encode("ascii"))
    slot, stream = typed(each, "slot", int), int(match.group(1))
    config = Config(slot, stream, match.group(2), leaf, extradata, match.group(4))
    if extradata:
        check_config(config)
    return config


def check_config(config: Config) -> None:
    """Check that the extradata are what the configuration commits to."""
    if sha256(config.extradata).hex() != config.extradata_sha256:
        raise Verdict("extradata-differs")


def check_part(report: Report, place: str, wanted: Wanted, name: str = "") -> None:
    """Check a published part by its proof, from the seal card down to the bytes."""
    name = name or os.path.basename(place)
    with report.about(name), open(place, "rb") as file:
        source = Source(file)
        magic = source.take(len(MAGIC))
        if magic != MAGIC and magic.startswith(b"dalil-proof/"):
            raise Verdict("unknown-version", "cannot-tell", version=magic[12:].decode("latin-1"))
        if magic != MAGIC:
            raise Verdict("malformed")
        length = source.number(4)
        if length > MAX_HEADER:
            raise Verdict("too-long")
        header = from_canonical(source.take(length))
        if typed(header, "v", int) != FORMAT or header["kind"] not in KINDS or \
                header["depth"] not in DEPTHS:  # fmt: skip
            raise Verdict("unknown-version", "cannot-tell", version=header["v"])
        disclosed = check_part_acts(report, header, wanted, name)
        part = Part(header, source)
        published = published_files(header, place)
        check_published(report, header, published, disclosed, os.path.dirname(name))
        read_part(report, part, published, disclosed, name)


def read_part(report: Report, part: Part, published: List[Tuple[str, Fields]], disclosed: Act,
              name: str) -> None:  # fmt: skip
    """Read the units against the published file, then what its container holds beside them."""
    container = part.header["published"]["container"]
    folder = os.path.dirname(name)
    shown = [os.path.join(folder, fields["name"]) for _, fields in published]
    with open(published[0][0], "rb") as media:
        streams = ElementaryStreams(media) if container == "ts" else None
        if streams is not None:
            configured = dict.fromkeys(config.stream for config in part.configs)
            streams.order = list(configured)[: len(streams.pids)]
        part.digest_of = Ranges(media, streams).digest  # type: ignore[method-assign]
        part.read_units()
        part.check_root()
        frames = part.read_frames()
        check_counts(part, disclosed)
        if container == "png":
            check_still(report, part, frames, published)
        else:
            with report.about(shown[0]):
                check_container(part, container, media, streams)
                report.say("not-checked", "container-timing", name=shown[0])
    tell_part(report, part, frames, shown[0], name)


def check_part_acts(report: Report, header: Fields, wanted: Wanted, name: str) -> Act:
    """Check seal card and disclosure: form, signatures, place in the log; return the latter."""
    keys = parse_keys(header["vkeys"])
    check_keys(report, keys, wanted, name)
    signatures, acts, checkpoints = Signatures(report, keys), [], []
    for key, kind in (("card", "sealed"), ("disclosure", "disclosed")):
        act = parse_act(typed(header[key], "act", str))
        payload = act.payload
        root_and_depth = (payload.get("tree_root"), payload.get("depth"))
        if act.type != kind or root_and_depth != (header["tree_root"], header["depth"]):
            raise Verdict("other-seal")
        signatures.add(act, name + ", " + kind)
        proof = parse_log_proof(typed(header[key], "proof", str))
        checkpoint = check_log_proof(proof, act.jwt, keys)
        report.count("proofs")
        acts.append(act)
        checkpoints.append(checkpoint)
        if kind == "sealed":
            report.say("they-say", "sealed-before", time=clock(checkpoint.stamp))
    signatures.close()
    compare_older(report, wanted, keys, max(checkpoints, key=lambda c: c.size),
                  {c.size: c.root for c in checkpoints}, {})  # fmt: skip
    tell_checkpoint(report, max(checkpoints, key=lambda c: c.size))
    fields = acts[1].fields
    needed = ("kind", "reason_code", "legal_basis", "recipient", "rule", "cut_by", "whole_exists",
              "purpose", "file_sha256", "opened", "withheld")  # fmt: skip
    for each in needed:
        if each not in fields:
            raise Verdict("disclosure-lacks", field=each)
    if fields["kind"] != header["kind"]:
        raise Verdict("other-seal")
    check_total(header, acts[0].fields, fields["purpose"])
    for each in ("reason_code", "legal_basis", "recipient", "rule", "cut_by"):
        report.say("they-say", each, value=fields[each])
    report.say("they-say", "whole-exists" if fields["whole_exists"] is True else "whole-lost")
    return acts[1]


def check_total(header: Fields, card: Fields, purpose: str) -> None:
    """Compare the header's totals with what the seal card commits to."""
    totals = header["totals"]
    if purpose == "public" and totals is None:
        return
    if (
        totals["sealed"] != sum(card["units"])
        or totals["sealed"] != totals["opened"] + totals["withheld"]
    ):
        raise Verdict("false-total-part", told=totals["sealed"])


def published_files(header: Fields, place: str) -> List[Tuple[str, Fields]]:
    """Return where the published files lie: beside the proof and nowhere else."""
    published = header["published"]
    files = published["planes"] if header["kind"] == "still" else [published]
    if not files:
        raise Verdict("malformed")
    for each in files:
        if not FILE_NAME.fullmatch(typed(each, "name", str)):
            raise Verdict("unsafe-path", path=each["name"])
    return [(os.path.join(os.path.dirname(place), each["name"]), each) for each in files]


def check_published(report: Report, header: Fields, published: List[Tuple[str, Fields]],
                    disclosed: Act, folder: str) -> None:  # fmt: skip
    """Check the published files' digests against the proof and the act of disclosure."""
    lines = ""
    for place, fields in published:
        name = os.path.join(folder, fields["name"])
        if os.path.islink(place):
            raise Verdict("not-a-file", name=name)
        if not os.path.exists(place):
            raise Verdict("file-missing", "missing", name=name)
        found = digest_file(place)
        if (found.length, found.sha256) != (fields["size"], fields["sha256"]):
            raise Verdict("altered", name=name)
        lines += found.sha256 + "  " + fields["name"] + "\n"
    told = published[0][1]["sha256"]
    if header["kind"] == "still":
        told = sha256(lines.encode("utf-8")).hex()
    if told != disclosed.fields["file_sha256"]:
        raise Verdict("other-file")
    report.count("files", len(published))


class Ranges:
    """Digests of stretches of a published file, by offset or within an elementary stream."""

    def __init__(self, media: IO[bytes], streams: Optional[ElementaryStreams]) -> None:
        self.media, self.streams = media, streams

    def digest(self, stream: int, offset: int, size: int) -> str:
        """Return the SHA-256 of one stretch."""
        if self.streams is not None:
            return self.streams.digest(stream, offset, size)
        hashed = hashlib.sha256()
        self.media.seek(offset)
        while size:
            data = self.media.read(min(size, CHUNK))
            if not data:
                raise Verdict("beyond-file")
            hashed.update(data)
            size -= len(data)
        return hashed.hexdigest()


def check_counts(part: Part, disclosed: Act) -> None:
    """Compare what is open here with what the act of disclosure and the totals say."""
    told = disclosed.fields
    totals = part.header["totals"]
    if (told["opened"], told["withheld"]) != (part.opened, part.units - part.opened):
        raise Verdict("false-counts")
    if totals is not None and totals["opened"] != part.opened:
        raise Verdict("false-counts")


def tell_part(report: Report, part: Part, frames: List[Frame], published: str, name: str) -> None:
    """Say what holds and what is withheld."""
    if not report.has("broken"):
        report.say("intact", "part-" + part.kind, name=published, units=part.units,
                   opened=part.opened, seconds="%.3f" % (part.span_ns / 1e9))  # fmt: skip
    tiles = [len(tile) for frame in frames for tile in frame.tiles]
    if frames:
        report.say(
            "withheld", "tiles-withheld", number=tiles.count(32), total=len(tiles), name=name
        )
    if part.kind == "redacted":
        report.say("not-checked", "tiles-need-decoding", name=published)
    totals = part.header["totals"]
    if part.units > part.opened:
        report.say("withheld", "units-withheld", number=part.units - part.opened, name=name)
    if totals is not None:
        report.say("withheld", "whole-withheld", number=totals["withheld"], total=totals["sealed"])


# --------------------------------------------------------------------------------------------
# Containers: does the published file hold media bytes that no unit claims?
# --------------------------------------------------------------------------------------------


def check_container(part: Part, container: str, media: IO[bytes],
                    streams: Optional[ElementaryStreams]) -> None:  # fmt: skip
    """Refuse media bytes that no unit claims, overlaps, other extradata and another order."""
    if streams is not None:
        streams.check(part)
        return
    spans = sorted((claim.offset, claim.size) for claim in part.claims if claim.size)
    for before, after in zip(spans, spans[1:]):
        if sum(before) > after[0]:
            raise Verdict("overlap")
    walker = Mp4(media, part) if container == "mp4" else Matroska(media, part)
    if joined(walker.spans) != joined(spans):
        raise Verdict("unclaimed")
    if not walker.plays(list(part.by_stream().values())):
        raise Verdict("order-differs")


def joined(spans: Sequence[Tuple[int, int]]) -> List[Tuple[int, int]]:
    """Return stretches in the given order, those that touch made one."""
    runs: List[Tuple[int, int]] = []
    for offset, size in spans:
        if runs and sum(runs[-1]) == offset:
            runs[-1] = (runs[-1][0], runs[-1][1] + size)
        elif size:
            runs.append((offset, size))
    return runs


def all_zero(media: IO[bytes], offset: int, size: int) -> None:
    """Refuse padding that holds something."""
    media.seek(offset)
    while size > 0:
        data = media.read(min(size, CHUNK))
        if not data or data.strip(b"\0"):
            raise Verdict("unclaimed")
        size -= len(data)


class Mp4:
    """ISO base media file format: boxes, sample tables, configuration records."""

    def __init__(self, media: IO[bytes], part: Part) -> None:
        self.media, self.part = media, part
        self.spans: List[Tuple[int, int]] = []
        self.moov = b""
        end = media.seek(0, os.SEEK_END)
        for kind, start, size in self.file_boxes(end):
            if kind == b"mdat":
                self.spans.append((start, size))
            elif kind == b"moov" and not self.moov and size <= SMALL_FILE:
                media.seek(start)
                self.moov = media.read(size)
            elif kind in (b"free", b"skip", b"wide"):
                all_zero(media, start, size)
            elif kind != b"ftyp":
                raise Verdict("unclaimed")

    def file_boxes(self, end: int) -> Iterator[Tuple[bytes, int, int]]:
        """Yield the boxes of the file: kind, start of content, its size."""
        at = 0
        while at < end:
            self.media.seek(at)
            head = self.media.read(16)
            size, start = int.from_bytes(head[:4], "big"), at + 8
            if size == 1:
                size, start = int.from_bytes(head[8:16], "big"), at + 16
            size = end - at if size == 0 else size
            if len(head) < 8 or size < start - at or at + size > end:  # noqa: PLR2004
                raise Verdict("malformed")
            yield head[4:8], start, at + size - start
            at += size

    def plays(self, told: List[List[Tuple[int, int]]]) -> bool:
        """Tell whether each track's samples are the packets of one stream in order."""
        left, same = list(told), True
        for track in boxes_at(self.moov, b"trak"):
            table = boxes_at(track, b"mdia", b"minf", b"stbl")[0]
            self.check_extradata(boxes_at(table, b"stsd")[0])
            samples, exact = samples_of(table)
            alike = [c for c in left if (c == samples if exact else joined(c) == joined(samples))]
            if alike:
                left.remove(alike[0])
            same = same and bool(alike or not samples)
        return same and not left

    def check_extradata(self, description: bytes) -> None:
        """Refuse a configuration record that is not the extradata of a configuration."""
        known = {config.extradata for config in self.part.configs}
        for _, entry in boxes(description[8:]):
            if any(record and record not in known for record in records_of(entry)):
                raise Verdict("extradata-differs")


def records_of(entry: bytes) -> Iterator[bytes]:
    """Yield the decoder's configuration records in a sample entry."""
    for skip in (28, 44, 64, 78):  # sound, QuickTime sound 1 and 2, picture
        with contextlib.suppress(Verdict):
            for kind, body in boxes(entry[skip:]):
                if kind in (b"avcC", b"hvcC", b"av1C"):
                    yield body
                elif kind == b"esds":
                    yield specific_info(body)


def boxes(data: bytes) -> List[Tuple[bytes, bytes]]:
    """Return the boxes in some bytes: kind, content."""
    found, at = [], 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8 or at + size > len(data):  # noqa: PLR2004
            raise Verdict("malformed")
        found.append((data[at + 4 : at + 8], data[at + 8 : at + size]))
        at += size
    return found


def boxes_at(data: bytes, *path: bytes) -> List[bytes]:
    """Return the content of all boxes under a path."""
    found = [content for kind, content in boxes(data) if kind == path[0]]
    return found if len(path) == 1 else [c for each in found for c in boxes_at(each, *path[1:])]


def specific_info(descriptor: bytes) -> bytes:
    """Return the decoder's own configuration from an `esds` box (ISO 14496-1)."""
    at, skip = 4, {3: 3, 4: 13}
    while at < len(descriptor):
        tag, length, at = descriptor[at], 0, at + 1
        while True:
            octet, at = descriptor[at], at + 1
            length = length << 7 | octet & 127
            if not octet & 128:
                break
        if tag == 5:  # noqa: PLR2004 - DecoderSpecificInfo
            return descriptor[at : at + length]
        at += skip.get(tag, length)
    return b""


def samples_of(table: bytes) -> Tuple[List[Tuple[int, int]], bool]:
    """Return a track's samples (offset, size), one by one or, where all are alike, by chunk."""
    sizes = boxes_at(table, b"stsz")[0]
    alike, number = struct.unpack(">II", sizes[4:12])
    each = [] if alike else list(struct.unpack(">%dI" % number, sizes[12 : 12 + 4 * number]))
    short = boxes_at(table, b"stco")
    body = (short or boxes_at(table, b"co64"))[0]
    chunks = struct.unpack(
        ">%d%s" % (int.from_bytes(body[4:8], "big"), "I" if short else "Q"), body[8:]
    )
    runs = list(struct.iter_unpack(">III", boxes_at(table, b"stsc")[0][8:]))
    samples, place, run = [], 0, 0
    for chunk, start in enumerate(chunks, 1):
        offset = start
        if run + 1 < len(runs) and runs[run + 1][0] == chunk:
            run += 1
        here = min(runs[run][1], number - place)
        for size in [alike * here] if alike else each[place : place + here]:
            samples.append((offset, size))
            offset += size
        place += here
    if place != number:
        raise Verdict("malformed")
    return samples, not alike


MATROSKA = {
    "top": {0x1A45DFA3: "", 0x18538067: "segment", 0xEC: "void"},
    "segment": {0x114D9B74: "", 0x1549A966: "", 0x1654AE6B: "tracks", 0x1C53BB6B: "",
                0x1F43B675: "cluster", 0x1254C367: "", 0xEC: "void", 0xBF: ""},
    "tracks": {0xAE: "track", 0xEC: "void", 0xBF: ""},
    "cluster": {0xE7: "", 0xAB: "", 0xA7: "", 0xA3: "block", 0xA0: "group", 0xEC: "void", 0xBF: ""},
    "group": {0xA1: "block", 0x9B: "", 0xFB: "", 0x75A2: ""},
}  # fmt: skip


class Matroska:
    """Matroska: the payload of every block is a span; unknown elements are refused."""

    def __init__(self, media: IO[bytes], part: Part) -> None:
        self.media, self.part = media, part
        self.spans: List[Tuple[int, int]] = []
        self.own_tracks: Set[int] = set()  # a rendition's picture, judged by tiles
        self.walk("top", 0, media.seek(0, os.SEEK_END))

    def walk(self, level: str, at: int, end: int) -> None:
        """Walk the elements of one level."""
        while at < end:
            element, at = self.number(at, keep_marker=True)
            size, at = self.number(at)
            if element == 0x18538067 and size < 0:  # noqa: PLR2004 - a segment of unknown size
                size = end - at
            meaning = MATROSKA[level].get(element)
            if meaning is None:
                raise Verdict("unclaimed")
            if size < 0 or at + size > end:
                raise Verdict("malformed")
            if meaning == "void":
                all_zero(self.media, at, size)
            elif meaning == "block":
                self.add_block(at, size)
            elif meaning == "track":
                self.add_track(at, at + size)
            elif meaning:
                self.walk(meaning, at, at + size)
            at += size

    def number(self, at: int, *, keep_marker: bool = False) -> Tuple[int, int]:
        """Return an EBML number and the place after it; -1 for the unknown size."""
        self.media.seek(at)
        first = self.media.read(1)[0]
        width = 9 - first.bit_length()
        value = int.from_bytes(bytes([first]) + self.media.read(width - 1), "big")
        if first == 0:
            raise Verdict("malformed")
        if not keep_marker:
            value &= (1 << (7 * width)) - 1
            value = -1 if value == (1 << (7 * width)) - 1 else value
        return value, at + width

    def add_block(self, at: int, size: int) -> None:
        """Take the payload of a block without lacing as a span."""
        track, start = self.number(at)
        self.media.seek(start + 2)
        if self.media.read(1)[0] & 6:
            raise Verdict("malformed")
        if track not in self.own_tracks:
            self.spans.append((start + 3, at + size - start - 3))

    def add_track(self, at: int, end: int) -> None:
        """Read a track's number, codec and private data; transformed payloads are refused."""
        fields: Dict[int, bytes] = {}
        while at < end:
            element, at = self.number(at, keep_marker=True)
            size, at = self.number(at)
            if not 0 <= size <= min(end - at, MAX_HEADER):
                raise Verdict("malformed")
            self.media.seek(at)
            fields[element] = self.media.read(size)
            at += size
        codec, private = fields[0x86].rstrip(b"\0"), fields.get(0x63A2, b"")
        if 0x6D80 in fields:  # noqa: PLR2004 - ContentEncodings
            raise Verdict("unclaimed")
        if self.part.kind == "redacted" and codec == b"V_FFV1":
            self.own_tracks.add(int.from_bytes(fields[0xD7], "big"))
            return
        packed = codec.startswith((b"A_MS/ACM", b"V_MS/VFW", b"A_FLAC"))
        known = [config.extradata for config in self.part.configs if config.extradata]
        if private and not any(private.endswith(e) if packed else private == e for e in known):
            raise Verdict("extradata-differs")

    def plays(self, told: List[List[Tuple[int, int]]]) -> bool:
        """Tell whether the blocks of each stream follow one another in order."""
        if len(self.own_tracks) > 1:
            raise Verdict("unclaimed")
        return all(claims == sorted(claims) for claims in told)


class ElementaryStreams:
    """MPEG transport stream: what the program's PIDs carry, put together again (ISO 13818-1)."""

    def __init__(self, media: IO[bytes]) -> None:
        self.media = media
        self.programs: Set[int] = set()
        self.pids: List[int] = []
        # Per PID: the stretches of the file that carry it (offset in stream, in file, length).
        self.pieces: Dict[int, List[Tuple[int, int, int]]] = {}
        self.sizes: Dict[int, int] = {}
        self.order: List[int] = []
        media.seek(0)
        at = 0
        while True:
            packet = media.read(188)
            if not packet:
                break
            self.add(packet, at)
            at += 188

    def add(self, packet: bytes, at: int) -> None:
        """Take in one transport packet."""
        if len(packet) != 188 or packet[0] != 0x47:  # noqa: PLR2004
            raise Verdict("malformed")
        pid, control, start = (packet[1] & 31) << 8 | packet[2], packet[3] >> 4 & 3, 4
        if control & 2:
            start = 5 + packet[4]
            if packet[4] and packet[5] & 2:  # private data
                raise Verdict("unclaimed")
        if not control & 1 or start >= 188:  # noqa: PLR2004 - nothing but an adaptation field
            return
        begins = bool(packet[1] & 64)
        if pid == 0 or pid in self.programs:
            self.add_table(pid, packet[start:], begins=begins)
        elif pid in self.pids:
            start += pes_header(packet[start:]) if begins else 0
            length = self.sizes.setdefault(pid, 0)
            self.pieces.setdefault(pid, []).append((length, at + start, 188 - start))
            self.sizes[pid] = length + 188 - start
        elif pid == 0x1FFF:  # noqa: PLR2004 - the null packet
            if packet[4:].strip(packet[-1:]):
                raise Verdict("unclaimed")
        elif pid != 0x11:  # noqa: PLR2004 - service description
            raise Verdict("unclaimed")

    def add_table(self, pid: int, payload: bytes, *, begins: bool) -> None:
        """Read a program association or program map that fits one packet."""
        section = payload[1 + payload[0] :] if begins else b""
        end = 3 + ((section[1] & 15) << 8 | section[2]) - 4
        if end > len(section):
            raise Verdict("malformed")
        if pid == 0:
            for i in range(8, end, 4):
                if section[i : i + 2] != b"\0\0":
                    self.programs.add((section[i + 2] & 31) << 8 | section[i + 3])
            return
        i = 12 + ((section[10] & 15) << 8 | section[11])
        while i < end:
            stream = (section[i + 1] & 31) << 8 | section[i + 2]
            if stream not in self.pids:
                self.pids.append(stream)
            i += 5 + ((section[i + 3] & 15) << 8 | section[i + 4])

    def digest(self, stream: int, offset: int, size: int) -> str:
        """Return the SHA-256 of a stretch of the elementary stream of one sealed stream."""
        pieces = self.pieces[self.pids[self.order.index(stream)]]
        hashed, at = hashlib.sha256(), bisect.bisect_right(pieces, (offset, 1 << 62, 0)) - 1
        while size:
            if at >= len(pieces):
                raise Verdict("beyond-file")
            begin, place, length = pieces[at]
            skip = offset - begin
            take = min(length - skip, size)
            self.media.seek(place + skip)
            hashed.update(self.media.read(take))
            offset, size, at = offset + take, size - take, at + 1
        return hashed.hexdigest()

    def check(self, part: Part) -> None:
        """Refuse bytes of a stream that no unit claims, in order and without overlap."""
        told = part.by_stream()
        for place, pid in enumerate(self.pids):
            claims = told.get(self.order[place], []) if place < len(self.order) else []
            if joined(claims) != joined([(0, self.sizes.get(pid, 0))]):
                raise Verdict("unclaimed")


def pes_header(data: bytes) -> int:
    """Return the length of a PES packet's header."""
    if data[:3] != b"\0\0\1" or data[3] == 0xBE:  # noqa: PLR2004 - the padding stream
        raise Verdict("malformed")
    if data[3] in (0xBC, 0xBF, 0xF0, 0xF1, 0xF2, 0xF8, 0xFF):
        return 6
    return 9 + data[8]


# --------------------------------------------------------------------------------------------
# Stills: PNG planes and tiles (PNG, ISO 15948; spec/seal.md "Tiles")
# --------------------------------------------------------------------------------------------

PIXELS = re.compile(r"(gray|yuva?(4[0-4][0-4]))p?(9|10|12|14|16)?(?:le)?")
SUBSAMPLING = {
    "420": (2, 2),
    "422": (2, 1),
    "444": (1, 1),
    "440": (1, 2),
    "411": (4, 1),
    "410": (4, 4),
}
MAX_PLANE = 1 << 28


class Plane(NamedTuple):
    """One plane: rows of little-endian samples, how much coarser than luma, what grey is."""

    rows: List[bytes]
    sample_bytes: int
    across: int
    down: int
    grey: bytes


def check_still(report: Report, part: Part, frames: List[Frame],
                published: List[Tuple[str, Fields]]) -> None:  # fmt: skip
    """Check every open tile of the one frame that is shown; a withheld tile has to be grey."""
    shown = [frame for frame in frames if any(len(tile) == 16 for tile in frame.tiles)]  # noqa: PLR2004
    if len(shown) != 1 or part.claims:
        raise Verdict("malformed")
    frame, match = shown[0], PIXELS.fullmatch(shown[0].pixels)
    if match is None:
        report.say(
            "cannot-tell", "unknown-pixels", pixels=frame.pixels, name=published[0][1]["name"]
        )
        return
    names = "y" if match.group(1) == "gray" else "yuva" if match.group(1)[3:4] == "a" else "yuv"
    if [fields["plane"] for _, fields in published] != list(names):
        raise Verdict("malformed")
    planes = []
    for (place, _), name in zip(published, names):
        across, down = SUBSAMPLING[match.group(2)] if name in "uv" else (1, 1)
        bits = int(match.group(3) or 8)
        planes.append(read_plane(place, (frame.width, frame.height), (across, down), bits))
    check_tiles(frame, planes)
    report.count("tiles-equal", sum(len(tile) == 16 for tile in frame.tiles))  # noqa: PLR2004


def read_plane(place: str, size: Tuple[int, int], coarser: Tuple[int, int], bits: int) -> Plane:
    """Return one plane from its PNG."""
    width, height = -(-size[0] // coarser[0]), -(-size[1] // coarser[1])
    wide = 2 if bits > 8 else 1  # noqa: PLR2004
    rows = decode_png(read_small(place, MAX_PLANE), width, height, wide)
    if wide == 2:  # noqa: PLR2004 - PNG is big-endian, tiles are little-endian
        rows = [swapped(row) for row in rows]
    grey = (1 << (bits - 1)).to_bytes(wide, "little")
    return Plane(rows, wide, coarser[0], coarser[1], grey)


def swapped(row: bytes) -> bytes:
    """Return 16-bit samples with their bytes exchanged."""
    turned = bytearray(len(row))
    turned[0::2], turned[1::2] = row[1::2], row[0::2]
    return bytes(turned)


def check_tiles(frame: Frame, planes: Sequence[Plane]) -> None:
    """Recompute the frame's root from the planes and the withheld leaves."""
    columns, leaves = -(-frame.width // 64), []
    for i, tile in enumerate(frame.tiles):
        shown = [part_of(plane, i % columns, i // columns) for plane in planes]
        if len(tile) == 16:  # noqa: PLR2004 - a salt: the tile is open
            leaves.append(leaf_hash(tile + sha256(b"".join(shown))))
            continue
        leaves.append(tile)
        for plane, data in zip(planes, shown):
            if data != plane.grey * (len(data) // plane.sample_bytes):
                raise Verdict("not-grey", tile=i)
    if root_of(leaves) != frame.root:
        raise Verdict("tiles-differ")


def part_of(plane: Plane, column: int, row: int) -> bytes:
    """Return a tile's part of one plane: its rows one after another."""
    high, wide = 64 // plane.down, 64 // plane.across * plane.sample_bytes
    rows = plane.rows[row * high : (row + 1) * high]
    return b"".join(each[column * wide : (column + 1) * wide] for each in rows)


def decode_png(data: bytes, width: int, height: int, sample_bytes: int) -> List[bytes]:
    """Return the rows of a grey PNG of a size known before; nothing more is unpacked."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise Verdict("malformed")
    header = struct.pack(">IIBBBBB", width, height, 8 * sample_bytes, 0, 0, 0, 0)
    chunks = list(png_chunks(data))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] + kinds[-1:] != [b"IHDR", b"IEND"] or set(kinds[1:-1]) != {b"IDAT"}:
        raise Verdict("unclaimed")
    if chunks[0][1] != header or chunks[-1][1] or width * height * sample_bytes > MAX_PLANE:
        raise Verdict("malformed")
    stride = width * sample_bytes
    inflate = zlib.decompressobj()
    raw = inflate.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"),
                             (stride + 1) * height + 1)  # fmt: skip
    if len(raw) != (stride + 1) * height or not inflate.eof or inflate.unused_data:
        raise Verdict("malformed")
    rows, before = [], bytes(stride)
    for at in range(0, len(raw), stride + 1):
        before = unfiltered(raw[at], raw[at + 1 : at + 1 + stride], before, sample_bytes)
        rows.append(before)
    return rows


def png_chunks(data: bytes) -> Iterator[Tuple[bytes, bytes]]:
    """Yield kind and content of each chunk whose checksum holds."""
    at = 8
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        body, check = data[at + 4 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(check) != 4 or zlib.crc32(body) != int.from_bytes(check, "big"):  # noqa: PLR2004
            raise Verdict("malformed")
        yield body[:4], body[4:]
        at += 12 + length


def unfiltered(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """Undo one of PNG's five filters on a row."""
    if kind == 0:
        return row
    if kind == 2:  # noqa: PLR2004 - up
        return bytes([(a + b) & 255 for a, b in zip(row, above)])
    if kind not in (1, 3, 4):
        raise Verdict("malformed")
    done = bytearray(step) + row
    upper = bytes(step) + above
    for i in range(step, len(done)):
        left, up = done[i - step], upper[i]
        if kind == 1:
            guess = left
        elif kind == 3:  # noqa: PLR2004 - average
            guess = (left + up) >> 1
        else:
            guess = paeth(left, up, upper[i - step])
        done[i] = (done[i] + guess) & 255
    return bytes(done[step:])


def paeth(left: int, up: int, corner: int) -> int:
    """Return whichever neighbour is nearest to left + up - corner."""
    by_left, by_up, by_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if by_left <= by_up and by_left <= by_corner:
        return left
    return up if by_up <= by_corner else corner


# --------------------------------------------------------------------------------------------
# Which kind of thing is it? One call checks it
# --------------------------------------------------------------------------------------------


def examine(path: str, vkeys: Optional[str] = None, against: Optional[str] = None) -> Report:
    """Check a case file, an archive, a published part or an act with its proof.

    ``vkeys`` is a file with the archive's keys as the caller has them from elsewhere, ``against``
    an older checkpoint or receipt. Whatever the input, the answer is a report.
    """
    report = Report("?", path)
    with report.about(path):
        kind, place = recognised(path)
        report.kind = kind
        wanted = brought_along(report, vkeys, against)
        if kind == "case-file":
            check_case_file(report, place, wanted)
        elif kind == "archive":
            check_archive(report, place, wanted)
        elif kind == "part":
            for proof in proofs_in(place) if os.path.isdir(place) else [place]:
                check_part(report, proof, wanted)
        elif kind == "act":
            check_receipt(report, place, wanted)
        else:
            report.say("cannot-tell", "unknown-kind", name=path)
    report.close()
    return report


def recognised(path: str) -> Tuple[str, str]:
    """Return the kind of a thing, and the place to begin at."""
    if os.path.isdir(path):
        if os.path.isfile(os.path.join(path, PLATE)):
            return "archive", path
        known = ("bagit.txt", "manifest-sha256.txt", "data/case.json")
        if any(os.path.exists(os.path.join(path, name)) for name in known):
            return "case-file", path
        return ("part" if proofs_in(path) else "?"), path
    stem, ending = os.path.splitext(path)
    if ending == ".excerpt-proof":
        return "part", path
    if ending in (".tlog-proof", ".act"):
        return "act", stem
    folder, name = os.path.split(path)
    tried = [name, re.sub(r"(\.[yuva])?\.png$", "", name), re.sub(r"\.[yuva]\.png$", ".png", name)]
    for each in tried:
        if os.path.isfile(os.path.join(folder, each + ".excerpt-proof")):
            return "part", os.path.join(folder, each + ".excerpt-proof")
    return "?", path


def proofs_in(folder: str) -> List[str]:
    """Return the proofs of parts that lie in a folder."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(".excerpt-proof"))
    return [os.path.join(folder, name) for name in names]


def brought_along(report: Report, vkeys: Optional[str], against: Optional[str]) -> Wanted:
    """Read what the caller brought along."""
    keys: Optional[Keys] = None
    older: Optional[Tuple[str, Optional[LogProof]]] = None
    if vkeys is not None:
        with report.about("--vkey " + vkeys):
            keys = read_keys(read_small(vkeys, CHUNK))
    if against is not None:
        with report.about("--against " + against):
            text = read_small(against, CHUNK).decode("utf-8")
            proof = parse_log_proof(text) if text.startswith("c2sp.org/") else None
            older = (text if proof is None else proof.note, proof)
    return Wanted(keys, older)


def check_receipt(report: Report, stem: str, wanted: Wanted) -> None:
    """Check an act beside its proof; a proof alone shows only a signed log."""
    proof = None
    with report.about(stem + ".tlog-proof"):
        text = read_small(stem + ".tlog-proof", CHUNK).decode("utf-8")
        proof = parse_log_proof(text)
        keys = wanted.keys or keys_beside(stem)
        if keys is None:
            raise Verdict("no-keys", "cannot-tell")
        if wanted.keys is None:
            report.say("not-checked", "whose-keys", key=keys.shown())
        checkpoint = checked_checkpoint(proof.note, keys)
        tell_checkpoint(report, checkpoint)
        if not os.path.isfile(stem + ".act"):
            raise Verdict("no-act-beside", "cannot-tell", act=proof.place)
        with report.about(stem + ".act"):
            act = parse_act(read_small(stem + ".act", ACT_LIMIT + 1).decode("ascii").rstrip("\n"))
            signatures = Signatures(report, keys)
            signatures.add(act, stem + ".act")
            signatures.close()
            check_log_proof(proof, act.jwt, keys)
            report.say("intact", "act-in-log", act=proof.place, size=checkpoint.size, kind=act.type)
            leaf_at = {proof.place: leaf_hash(entry_of(act.jwt))}
            compare_older(report, wanted, keys, checkpoint, {}, leaf_at)
            for name in sorted(act.fields):
                report.say("they-say", "field", field=name, value=act.fields[name])


def keys_beside(stem: str) -> Optional[Keys]:
    """Return the keys that lie where archives and case files keep them, near an act."""
    folder = os.path.dirname(os.path.abspath(stem))
    for near in ("vkeys", "../log/vkeys"):
        if os.path.isfile(os.path.join(folder, near)):
            return read_keys(read_small(os.path.join(folder, near), CHUNK))
    return None


# --------------------------------------------------------------------------------------------
# Words: every sentence in English and Arabic
# --------------------------------------------------------------------------------------------

LANGUAGES = ("en", "ar")
LIMITS = ("limit-before", "limit-truth", "limit-clock", "limit-keys", "limit-unlogged")

TITLES = {
    "broken": ("BROKEN", "مكسور"),
    "missing": ("MISSING", "ناقص"),
    "cannot-tell": ("CANNOT TELL", "لا يمكن القول"),
    "intact": ("INTACT", "سليم"),
    "withheld": ("WITHHELD", "محجوب"),
    "signed": ("WHO SIGNED", "من وقّع"),
    "since": ("SINCE WHEN, BY AN OUTSIDE CLOCK", "منذ متى، بحسب ساعة خارجية"),
    "they-say": ("THEY SAY", "يقولون"),
    "not-checked": ("NOT CHECKED HERE", "لم يُفحص هنا"),
    "limits": ("WHAT THIS DOES NOT SHOW", "ما لا يبيّنه هذا الفحص"),
}
KINDS_IN_WORDS = {
    "case-file": ("Case file", "ملف قضية"),
    "archive": ("Archive", "أرشيف"),
    "part": ("Published part", "جزء منشور"),
    "act": ("Act with its receipt", "فعل مع إيصاله"),
    "?": ("Unknown", "غير معروف"),
}
VERDICTS = {
    0: ("What is here is intact.", "ما هو موجود هنا سليم."),
    1: ("Something is broken or missing; it is named above.", "شيء مكسور أو ناقص، وهو مسمّى أعلاه."),
    3: ("This cannot be judged from what is here; the reason is above.",
        "لا يمكن الحكم على هذا مما هو موجود هنا؛ والسبب أعلاه."),
}  # fmt: skip

WORDS = {
    # broken
    "altered": ("{name}: its bytes are not those that were recorded.",
                "{name}: بايتاته ليست البايتات المسجّلة."),
    "manifests-disagree": ("{name}: it does not agree with {other}, or with what the other manifest says.",
                           "{name}: لا يوافق {other}، أو لا يوافق ما يقوله البيان الآخر."),
    "stray": ("{name}: nothing that was recorded speaks of this file.",
              "{name}: لا شيء مسجّلًا يذكر هذا الملف."),
    "not-a-file": ("{name}: a link or device where a file has to be; it was not followed.",
                   "{name}: رابط أو جهاز في موضع ملف؛ لم يُتَّبع."),
    "unreadable": ("{name}: cannot be read ({why}).", "{name}: تتعذّر قراءته ({why})."),
    "malformed": ("{name}: not in the form that the format page demands.",
                  "{name}: ليس بالشكل الذي تطلبه صفحة الصيغة."),
    "not-canonical": ("{name}: its JSON is not in the one canonical form.",
                      "{name}: بيانات JSON ليست بشكلها الوحيد المعتمد."),
    "too-long": ("{name}: longer than such a file can be.", "{name}: أطول مما يمكن لملف كهذا."),
    "unsafe-path": ("{name}: it names the unsafe or repeated path {path}.",
                    "{name}: يسمّي المسار غير الآمن أو المكرّر {path}."),
    "signature-missing": ("{name}: the archive's {algorithm} signature is not there.",
                          "{name}: توقيع الأرشيف {algorithm} غير موجود."),
    "signature-broken": ("{name}: the archive's {algorithm} signature does not hold.",
                         "{name}: توقيع الأرشيف {algorithm} لا يصح."),
    "signature-of-archive": ("{name}: the archive's signature does not hold.",
                             "{name}: توقيع الأرشيف لا يصح."),
    "signature-of-person": ("{name}: the signature of the person who acted does not hold.",
                            "{name}: توقيع الشخص الذي قام بالفعل لا يصح."),
    "other-archive": ("{name}: it belongs to another archive.", "{name}: يعود إلى أرشيف آخر."),
    "other-keys": ("{name}: these are not the keys that you brought.",
                   "{name}: هذه ليست المفاتيح التي أحضرتها."),
    "proof-broken": ("{name}: the proof leads nowhere.", "{name}: البرهان لا يؤدي إلى شيء."),
    "not-in-log": ("{name}: the act is not in the signed log at this place.",
                   "{name}: الفعل ليس في السجل الموقّع في هذا الموضع."),
    "other-place": ("{name}: the proof is for act {act}.", "{name}: البرهان للفعل رقم {act}."),
    "other-checkpoint": ("{name}: the proof leads to another checkpoint than data/log/checkpoint.",
                         "{name}: يؤدي البرهان إلى نقطة تثبيت غير data/log/checkpoint."),
    "foreign-field": ("{name}: the act does not commit to the field {field}.",
                      "{name}: الفعل لا يلتزم بالحقل {field}."),
    "after-revocation": ("{name}: signed with a key that act {act} had revoked.",
                         "{name}: موقّع بمفتاح ألغاه الفعل رقم {act}."),
    "beyond-machine": ("{name}: signed by a machine, which may not sign acts {type}.",
                       "{name}: وقّعه فاعل آلي لا يجوز له أن يوقّع أفعال {type}."),
    "unknown-signer": ("{name}: signed with a key that no act before it introduced.",
                       "{name}: موقّع بمفتاح لم يعرّف به أي فعل سابق."),
    "entry-differs": ("{name}: the act is not the one that the log commits to.",
                      "{name}: الفعل ليس الذي يلتزم به السجل."),
    "log-differs": ("{name}: its {size} acts do not lead to the signed root.",
                    "{name}: أفعاله وعددها {size} لا تؤدي إلى الجذر الموقّع."),
    "forked": ("{name}: with {size} acts this log had another root than the one you brought.",
               "{name}: عند {size} فعل كان لهذا السجل جذر غير الذي أحضرته."),
    "older-is-longer": ("{name}: the log that you brought had {size} acts, this one has {here}.",
                        "{name}: في السجل الذي أحضرته {size} فعل، وفي هذا {here}."),
    "no-time": ("{name}: the time authority did not grant a stamp.",
                "{name}: لم تمنح سلطة الوقت ختمًا."),
    "stamp-of-other": ("{name}: the time stamp is not over the checkpoint of {size} acts.",
                       "{name}: ختم الوقت ليس على نقطة التحقق ذات {size} فعل."),
    "case-and-log": ("{name}: it speaks of another log than the one that lies here.",
                     "{name}: يتحدث عن سجل غير الموجود هنا."),
    "number-twice": ("{name}: this exhibit number is used twice or out of order.",
                     "{name}: رقم المستند هذا مستعمل مرتين أو خارج الترتيب."),
    "not-as-taken-in": ("{name}: not what the acts say was taken in and sealed.",
                        "{name}: ليس ما تقول الأفعال إنه استُلم وخُتم."),
    "not-as-sealed": ("{name}: the tables are not those that were sealed.",
                      "{name}: الجداول ليست التي خُتمت."),
    "no-act": ("{name}: no act tells how the item {item} came in or was sealed.",
               "{name}: لا فعل يروي كيف وردت المادة {item} أو خُتمت."),
    "false-total": ("{name}: in accession {accession}, {here} exhibits and {withheld} withheld items "
                    "do not make the total of {total}.",
                    "{name}: في الإيداع {accession} لا يساوي {here} من المستندات و{withheld} من المواد "
                    "المحجوبة المجموع {total}."),
    "false-total-part": ("{name}: its total of {told} units is not that of the seal card.",
                         "{name}: مجموعه {told} من الوحدات ليس مجموع بطاقة الختم."),
    "false-counts": ("{name}: not as many units are open as the disclosure says.",
                     "{name}: عدد الوحدات المفتوحة ليس ما يقوله فعل الكشف."),
    "unknown-person": ("{name}: no act here introduces {who} with this key.",
                       "{name}: لا فعل هنا يعرّف بـ{who} بهذا المفتاح."),
    "record-foreign-field": ("{name}: the record does not commit to the field {field}.",
                             "{name}: القيد لا يلتزم بالحقل {field}."),
    "record-not-in-act": ("{name}: it is not the record that act {act} signed at place {place}.",
                          "{name}: ليس القيد الذي وقّعه الفعل {act} في الموضع {place}."),
    "record-twice": ("{name}: a record that came before, or out of order.",
                     "{name}: قيد سبق ذكره أو ورد خارج الترتيب."),
    "record-unlisted": ("{name}: claims.json does not list the record at place {place} of act {act}.",
                        "{name}: لا يذكر claims.json القيد في الموضع {place} من الفعل {act}."),
    "record-otherwise": ("{name}: it is not shown as claims.json says.",
                         "{name}: ليس معروضًا كما يقول claims.json."),
    "record-hides": ("{name}: it hides what a reader has to see ({field}).",
                     "{name}: يخفي ما يجب أن يراه القارئ ({field})."),
    "records-differ": ("{name}: its records are not those whose root act {act} signs.",
                       "{name}: قيوده ليست التي وقّع الفعل {act} جذرها."),
    "records-stray": ("{name}: records lie under act {act}, which signs none.",
                      "{name}: قيود تحت الفعل {act} الذي لا يوقّع قيودًا."),
    "claims-of-other": ("{name}: the archive signed another list of claims, or for another log.",
                        "{name}: وقّع الأرشيف قائمة مقولات أخرى، أو لسجل آخر."),
    "against-unsaid": ("{name}: the record {other} speaks against it, and claims.json is silent on that.",
                       "{name}: القيد {other} يعارضها، وclaims.json ساكت عن ذلك."),
    "index-differs": ("{name}: the index beside the acts does not agree with it.",
                      "{name}: الفهرس بجانب الأفعال لا يوافقه."),
    "inventory-differs": ("{name}: does not agree with {other}.", "{name}: لا يوافق {other}."),
    "other-seal": ("{name}: seal card, disclosure and proof do not speak of the same thing.",
                   "{name}: بطاقة الختم والكشف والبرهان لا تتحدث عن الشيء نفسه."),
    "other-file": ("{name}: the act of disclosure names another file.",
                   "{name}: فعل الكشف يسمّي ملفًا آخر."),
    "disclosure-lacks": ("{name}: the act of disclosure does not say {field}.",
                         "{name}: فعل الكشف لا يذكر {field}."),
    "cut-short": ("{name}: it ends too early.", "{name}: ينتهي قبل أوانه."),
    "trailing-bytes": ("{name}: bytes follow its end.", "{name}: بعد نهايته بايتات زائدة."),
    "links-alike": ("{name}: its units do not form one chain.", "{name}: وحداته لا تكوّن سلسلة واحدة."),
    "slot-twice": ("{name}: two units claim one slot, or a slot that is not there.",
                   "{name}: وحدتان في خانة واحدة، أو خانة غير موجودة."),
    "timing-withheld": ("{name}: a unit hides its timing.", "{name}: وحدة تخفي توقيتها."),
    "extradata-differs": ("{name}: the decoder's configuration is not the sealed one.",
                          "{name}: إعداد فك الترميز ليس المختوم."),
    "not-in-seal": ("{name}: at least one unit is not part of what was sealed: packet, order or "
                    "timing differs.",
                    "{name}: وحدة واحدة على الأقل ليست مما خُتم: الحزمة أو الترتيب أو التوقيت مختلف."),
    "beyond-file": ("{name}: a unit lies beyond the end of the published file.",
                    "{name}: وحدة تقع بعد نهاية الملف المنشور."),
    "overlap": ("{name}: two units claim the same bytes.", "{name}: وحدتان تدّعيان البايتات نفسها."),
    "unclaimed": ("{name}: it holds bytes that no sealed unit accounts for.",
                  "{name}: فيه بايتات لا تعود إلى أي وحدة مختومة."),
    "order-differs": ("{name}: its container plays the packets in another order than they were sealed.",
                      "{name}: حاويته تعرض الحزم بترتيب غير ترتيب الختم."),
    "tiles-differ": ("{name}: at least one open tile is not what was sealed.",
                     "{name}: بلاطة مفتوحة واحدة على الأقل ليست ما خُتم."),
    "media-refused": ("{name}: opened as a player opens it, it is not what was sealed ({why})",
                      "{name}: عند فتحه كما يفتحه المشغّل ليس هو ما خُتم ({why})"),
    "not-grey": ("{name}: the withheld tile {tile} is not grey.",
                 "{name}: البلاطة المحجوبة {tile} ليست رمادية."),
    # missing
    "file-missing": ("{name}: recorded, and not here.", "{name}: مسجّل وغير موجود هنا."),
    "act-missing": ("{name}: act {act} is not here.", "{name}: الفعل رقم {act} غير موجود هنا."),
    "record-missing": ("{name}: listed, and not here (place {place} of act {act}).",
                       "{name}: مذكور في القائمة وغير موجود هنا (الموضع {place} من الفعل {act})."),
    "against-missing": ("{name}: it speaks against a claim, and was taken out (place {place} of act "
                        "{act}).",
                        "{name}: يعارض مقولة، وقد أُخرج من هنا (الموضع {place} من الفعل {act})."),
    "against-unlisted": ("{name}: the record {other} speaks against it, and claims.json does not list it.",
                         "{name}: القيد {other} يعارضها، ولا يذكره claims.json بين القيود."),
    "claim-missing": ("{name}: a claim without its record.", "{name}: مقولة بلا قيدها."),
    "named-missing": ("{name}: it names the record {other}, which is not here.",
                      "{name}: يذكر القيد {other}، وهو غير موجود هنا."),
    "records-missing": ("{name}: {number} of the records that act {act} signs are not here.",
                        "{name}: {number} من القيود التي يوقّعها الفعل {act} غير موجودة هنا."),
    "item-missing": ("The item {name} was taken in and is not here.",
                     "المادة {name} استُلمت وهي غير موجودة هنا."),
    "tail-missing": ("The log was signed with {size} acts; {here} are here: its tail is cut off.",
                     "وُقّع السجل وفيه {size} فعل، والموجود هنا {here}: ذيله مقطوع."),
    "stamp-missing": ("{name}: the time stamp over {size} acts is recorded, and not here.",
                      "{name}: ختم الوقت على {size} فعل مسجّل وغير موجود هنا."),
    # cannot tell
    "unknown-kind": ("{name}: neither a case file, nor an archive, nor a part with its proof.",
                     "{name}: ليس ملف قضية ولا أرشيفًا ولا جزءًا مع برهانه."),
    "unknown-version": ("{name}: format version {version}, which this program does not know.",
                        "{name}: إصدار الصيغة {version} لا يعرفه هذا البرنامج."),
    "unknown-algorithm": ("{name}: an algorithm that this program does not know.",
                          "{name}: خوارزمية لا يعرفها هذا البرنامج."),
    "unknown-pixels": ("{name}: pixels of the form {pixels} are not known here.",
                       "{name}: شكل البكسلات {pixels} غير معروف هنا."),
    "no-log": ("{name}: without a log that is signed and holds, nothing can be said of it.",
               "{name}: دون سجل موقّع صحيح لا يمكن قول شيء عنه."),
    "no-total": ("{name}: accession {accession} has no total here.",
                 "{name}: لا مجموع هنا للإيداع {accession}."),
    "no-keys": ("{name}: bring the archive's keys with --vkey.",
                "{name}: أحضر مفاتيح الأرشيف بالخيار --vkey."),
    "no-act-beside": ("{name}: act {act} itself is not beside its proof; only the signed log was checked.",
                      "{name}: الفعل رقم {act} نفسه ليس بجانب برهانه؛ لم يُفحص إلا السجل الموقّع."),
    "stamp-of-unknown": ("{name}: no act says which log of {size} acts it stamps.",
                         "{name}: لا فعل يقول أي سجل من {size} فعل يختمه."),
    "cannot-compare-older": ("{name}: the log of {size} acts cannot be rebuilt from what is here.",
                             "{name}: لا يمكن إعادة بناء السجل ذي {size} فعل مما هو موجود هنا."),
    "unsigned-tail": ("The last {number} acts are not yet in a signed log; any command that acts "
                      "completes it.",
                      "آخر {number} من الأفعال ليست بعد في سجل موقّع؛ يكمله أي أمر يقوم بفعل."),
    "not-sealed": ("The item {name} was not sealed yet.", "المادة {name} لم تُختم بعد."),
    # intact
    "files": ("{number} files have the bytes that were recorded (SHA-256 and SHA-512).",
              "{number} من الملفات بالبايتات المسجّلة (SHA-256 وSHA-512)."),
    "acts": ("{number} acts are in their one form.", "{number} من الأفعال بشكلها الوحيد."),
    "proofs": ("{number} acts stand in the signed log at their place.",
               "{number} من الأفعال في موضعها من السجل الموقّع."),
    "signatures": ("{number} signatures on acts hold (Ed25519).",
                   "{number} من التواقيع على الأفعال صحيحة (Ed25519)."),
    "exhibits": ("{number} exhibits are what the acts say was taken in and sealed.",
                 "{number} من المستندات هي ما تقول الأفعال إنه استُلم وخُتم."),
    "tiles": ("{number} tiles of the log equal those computed from the acts.",
              "{number} من بلاطات السجل تساوي المحسوبة من الأفعال."),
    "objects": ("{number} stored objects agree with their inventories (OCFL).",
                "{number} من المواد المخزونة توافق جردها (OCFL)."),
    "originals": ("{number} originals are what the acts say was taken in.",
                  "{number} من الأصول هي ما تقول الأفعال إنه استُلم."),
    "tables": ("{number} sets of seal tables lead to the root of their seal card.",
               "{number} من جداول الختم تؤدي إلى جذر بطاقتها."),
    "tiles-equal": ("{number} open tiles are, sample for sample, what was sealed.",
                    "{number} من البلاطات المفتوحة هي، عيّنة بعيّنة، ما خُتم."),
    "packets-compared": ("{name}: a player finds just these packets, at the sealed times.",
                         "{name}: يجد المشغّل هذه الحزم وحدها في الأوقات المختومة."),
    "tiles-decoded": ("{name}: {number} of {total} tiles, decoded, are sample for sample what was sealed.",
                      "{name}: {number} من {total} بلاطة، بعد فك الترميز، هي عيّنة بعيّنة ما خُتم."),
    "records": ("{number} records stand in the acts that wrote them down.",
                "{number} من القيود في مواضعها من الأفعال التي دوّنتها."),
    "claims": ("{number} claims are here, each with all that was listed on it.",
               "{number} من المقولات هنا، كل منها مع كل ما ذُكر عنها في القائمة."),
    "against": ("{number} times a record is named that speaks against a claim; all of these are here.",
                "ذُكر {number} مرة قيد يعارض مقولة؛ وكلها موجودة هنا."),
    "answers": ("{number} answers on who commanded are here with every record that they rest on.",
                "{number} من الأجوبة عمّن كان يقود هنا، مع كل قيد تستند إليه."),
    "log-equals": ("The signed root of the log follows from its {size} acts.",
                   "جذر السجل الموقّع ينتج عن أفعاله وعددها {size}."),
    "total": ("Accession {accession}: {here} exhibits here and {withheld} withheld make its total of "
              "{total}.",
              "الإيداع {accession}: {here} من المستندات هنا و{withheld} محجوبة تساوي مجموعه {total}."),
    "exhibit-part": ("Exhibit {number} is a part: {name}.", "المستند {number} جزء: {name}."),
    "older-extended": ("The log of {size} acts that you brought is the beginning of this one ({here}).",
                       "السجل الذي أحضرته وفيه {size} فعل هو بداية هذا السجل ({here})."),
    "older-holds-act": ("The log of {size} acts that you brought holds act {act} as it is here.",
                        "السجل الذي أحضرته وفيه {size} فعل يحوي الفعل {act} كما هو هنا."),
    "act-in-log": ("Act {act} ({kind}) stands in the signed log of {size} acts.",
                   "الفعل رقم {act} ({kind}) موجود في السجل الموقّع ذي {size} فعل."),
    "part-excerpt": ("{name}: {opened} of {units} packets in a row, {seconds} s, are byte for byte, in "
                     "order and in step what was sealed.",
                     "{name}: {opened} من {units} حزمة متتالية، {seconds} ثانية، هي بايتًا ببايت "
                     "وبالترتيب والتزامن ما خُتم."),
    "part-redacted": ("{name}: {units} units in a row, {seconds} s, belong to what was sealed; "
                      "{opened} are open.",
                      "{name}: {units} وحدة متتالية، {seconds} ثانية، تعود إلى ما خُتم؛ "
                      "والمفتوح منها {opened}."),
    "part-still": ("{name}: every tile that is not hidden is, sample for sample, the archive's own "
                   "decoding of what was sealed.",
                   "{name}: كل بلاطة غير مخفية هي، عيّنة بعيّنة، ما فكّ الأرشيف ترميزه مما خُتم."),
    # withheld
    "withheld-class": ("{count} withheld of class {kind}; the reason they give: {reason}",
                       "{count} محجوبة من صنف {kind}؛ والسبب الذي يقولونه: {reason}"),
    "sources-withheld": ("{number} sources are withheld: what they say is here, who they are is not.",
                         "{number} من المصادر محجوبة: ما تقوله موجود هنا، أما هويتها فلا."),
    "fields-withheld": ("Of {number} records some fields are withheld.",
                        "بعض حقول {number} من القيود محجوبة."),
    "records-elsewhere": ("{number} of the {total} records that these {acts} acts wrote down are not here.",
                          "{number} من {total} قيدًا دوّنتها هذه الأفعال ({acts}) غير موجودة هنا."),
    "records-left-out": ("{number} records of the kind {kind} were left out on request; none of them "
                         "speaks against a claim here.",
                         "تُرك {number} من القيود من نوع {kind} بناءً على طلب؛ ولا شيء منها يعارض "
                         "مقولة هنا."),
    "units-withheld": ("{name}: {number} packets within the part are withheld.",
                       "{name}: {number} من الحزم داخل الجزء محجوبة."),
    "whole-withheld": ("{number} of the {total} packets of the sealed whole are withheld.",
                       "{number} من {total} حزمة في الكل المختوم محجوبة."),
    "tiles-withheld": ("{name}: {number} of {total} tiles are withheld; nothing is said about what "
                       "lies beneath.",
                       "{name}: {number} من {total} بلاطة محجوبة؛ ولا يقال شيء عما تحتها."),
    # signed
    "archive-signed": ("The archive {origin} signed the log of {size} acts with both its keys "
                       "(Ed25519, ML-DSA-44).",
                       "وقّع الأرشيف {origin} السجل ذا {size} فعل بمفتاحيه (Ed25519 وML-DSA-44)."),
    "person-signed": ("{who} signed {number} of the acts here.", "{who} وقّع {number} من الأفعال هنا."),
    "your-keys": ("The keys are those that you brought ({key}).",
                  "المفاتيح هي التي أحضرتها ({key})."),
    "acts-without-person": ("{number} acts do not open who acted.",
                            "{number} من الأفعال لا تكشف من قام بها."),
    # since
    "outside-clock": ("{name}: a time authority stamped the log of {size} acts at {time}.",
                      "{name}: ختمت سلطة وقت السجل ذا {size} فعل في {time}."),
    "stamped-log-extended": ("The stamped log of {size} acts is the beginning of this one: every act "
                             "numbered below {size} was there at that time.",
                             "السجل المختوم ذو {size} فعل هو بداية هذا السجل: كل فعل رقمه دون {size} "
                             "كان موجودًا في ذلك الوقت."),
    # they say
    "archive-clock": ("By the archive's own clock the log of {size} acts was signed at {time}.",
                      "بحسب ساعة الأرشيف نفسه وُقّع السجل ذو {size} فعل في {time}."),
    "sealed-before": ("By the archive's own clock the whole was sealed on or before {time}.",
                      "بحسب ساعة الأرشيف نفسه خُتم الكل في {time} أو قبله."),
    "first-act": ("The first act here is of {time}.", "أول فعل هنا بتاريخ {time}."),
    "person-revoked": ("The key of {who} was revoked by act {act}; what it signed before stays good.",
                       "ألغى الفعل {act} مفتاح {who}؛ وما وُقّع به قبل ذلك يبقى صالحًا."),
    "case-for": ("Made for {recipient}; the reason: {reason}", "أُعدّ لـ{recipient}؛ والسبب: {reason}"),
    "claims-adopted": ("The case {case} relies on claims; with what answers the same questions they are "
                       "{number}.",
                       "القضية {case} تعتمد على مقولات؛ وعددها مع ما يجيب عن الأسئلة نفسها {number}."),
    "claims-all": ("The case {case} has adopted no claim yet; all of its claims are here: {number}.",
                   "لم تعتمد القضية {case} أي مقولة بعد؛ كل مقولاتها هنا، وعددها {number}."),
    "field": ("{field}: {value}", "{field}: {value}"),
    "reason_code": ("The reason code for what is withheld: {value}", "رمز سبب ما حُجب: {value}"),
    "legal_basis": ("The legal basis: {value}", "الأساس القانوني: {value}"),
    "recipient": ("Published for: {value}", "نُشر لأجل: {value}"),
    "rule": ("The rule under which it left: {value}", "القاعدة التي خرج بها: {value}"),
    "cut_by": ("Cut by: {value}", "قصّه: {value}"),
    "whole-exists": ("The whole exists.", "الكل موجود."),
    "whole-lost": ("The whole no longer exists.", "الكل لم يعد موجودًا."),
    # not checked
    "whose-keys": ("Whose keys these are: compare {key} with what the archive publishes, or bring its "
                   "keys with --vkey.",
                   "لمن هذه المفاتيح: قارن {key} بما ينشره الأرشيف، أو أحضر مفاتيحه بالخيار --vkey."),
    "no-outside-clock": ("No outside clock is here: times are stated by the archive, and shown by "
                         "nothing else.",
                         "لا ساعة خارجية هنا: الأوقات يذكرها الأرشيف ولا يبيّنها شيء آخر."),
    "authority": ("The time authority's own signature; this command checks it: {command}",
                  "توقيع سلطة الوقت نفسها؛ يفحصه هذا الأمر: {command}"),
    "stamp-without-act": ("{name}: no act that is here records this time stamp.",
                          "{name}: لا فعل هنا يسجّل ختم الوقت هذا."),
    "stamp-not-tied": ("{name}: nothing here ties the stamped log of {size} acts to this one.",
                       "{name}: لا شيء هنا يربط السجل المختوم ذا {size} فعل بهذا السجل."),
    "media-unread": ("{name}: opened as a player opens it, it asks for too much or ends the reader ({why})",
                     "{name}: عند فتحه كما يفتحه المشغّل يطلب أكثر مما ينبغي أو يُنهي القارئ ({why})"),
    "container-timing": ("{name}: when the container shows each packet; the sealed timing was checked, "
                         "the player's table was not.",
                         "{name}: متى تعرض الحاوية كل حزمة؛ فُحص التوقيت المختوم ولم يُفحص جدول المشغّل."),
    "tiles-need-decoding": ("{name}: its pixels, since that needs a video decoder. The units, their "
                            "order and timing, sound, and what is withheld were checked; `dalil verify` "
                            "checks the pixels.",
                            "{name}: بكسلاته، لأن ذلك يحتاج إلى فك ترميز الفيديو. فُحصت الوحدات وترتيبها "
                            "وتوقيتها والصوت وما هو محجوب؛ ويفحص الأمر dalil verify البكسلات."),
    "claims-status": ("{name}: whether a claim holds. A status is the archive's opinion by a rule that "
                      "it prints; what it rests on is here.",
                      "{name}: هل تصح مقولة. فالحالة رأي الأرشيف بحسب قاعدة يطبعها؛ وما تستند إليه "
                      "موجود هنا."),
    "keys-and-staging": ("Encrypted keys, receipts, unfinished work, and the index, which can be written "
                         "anew from the acts.",
                         "المفاتيح المشفّرة والإيصالات والعمل غير المكتمل، والفهرس الذي يمكن كتابته من "
                         "جديد من الأفعال."),
    # limits
    "limit-before": ("Integrity since sealing says nothing of what happened before it.",
                     "السلامة منذ الختم لا تقول شيئًا عما حدث قبله."),
    "limit-truth": ("Nothing here says that what is shown is true, where or when it was filmed, or who "
                    "is seen.",
                    "لا شيء هنا يقول إن المعروض صحيح، ولا أين أو متى صُوّر، ولا من يظهر فيه."),
    "limit-clock": ("A time that only the archive states is not shown by anything else.",
                    "الوقت الذي لا يذكره إلا الأرشيف لا يبيّنه شيء آخر."),
    "limit-keys": ("A signature says that a key signed, not that a person wanted it.",
                   "التوقيع يقول إن مفتاحًا وقّع، ولا يقول إن شخصًا أراد ذلك."),
    "limit-unlogged": ("What nobody recorded, and whether a part was chosen fairly, cannot be seen here.",
                       "ما لم يسجّله أحد، وهل اختير الجزء بإنصاف، لا يُرى هنا."),
}  # fmt: skip


# --------------------------------------------------------------------------------------------
# The command
# --------------------------------------------------------------------------------------------


def as_text(report: Report, lang: str) -> str:
    """Return a report in plain sentences."""
    place = LANGUAGES.index(lang)
    lines = [KINDS_IN_WORDS[report.kind][place] + ": " + printable(report.path)]
    for section in SECTIONS:
        found = [finding for finding in report.findings if finding.section == section]
        if found:
            lines += ["", TITLES[section][place]]
            lines += ["  " + in_words(finding, lang) for finding in found]
    return "\n".join([*lines, "", VERDICTS[report.exit_code][place]])


def as_json(report: Report, lang: str) -> str:
    """Return a report as one JSON document with stable keys."""
    findings = [
        {"section": f.section, "code": f.code, "about": printable(f.values.get("name", "")),
         "values": {key: printable(value) for key, value in f.values.items()},
         "text": in_words(f, lang)}
        for f in report.findings
    ]  # fmt: skip
    document = {"v": 1, "kind": report.kind, "path": printable(report.path),
                "exit_code": report.exit_code, "intact": report.exit_code == 0,
                "verdict": VERDICTS[report.exit_code][LANGUAGES.index(lang)],
                "findings": findings}  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Read the command line, check, print; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("path", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--vkey", metavar="FILE")
    parser.add_argument("--against", metavar="OLD")
    given = parser.parse_args(arguments)
    for each in (given.path, given.vkey, given.against):
        if each is not None and not os.path.exists(each):
            parser.error("there is no " + printable(each))
    report = examine(given.path, given.vkey, given.against)
    text = (as_json if given.as_json else as_text)(report, given.lang)
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.flush()
    return report.exit_code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(3)
