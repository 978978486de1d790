"""One salted field that can be opened or withheld (RFC 9901, section 4.2)."""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from functools import lru_cache

from dalil.errors import Malformed
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.kernel.digest import sha256

SALT_BYTES = 16
_STANDARD = bytes.maketrans(b"-_", b"+/")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def b64url(data: bytes) -> str:
    """Return base64url without padding (RFC 4648, section 5)."""
    text = binascii.b2a_base64(data, newline=False)
    return text.translate(_URL_SAFE).rstrip(b"=").decode("ascii")


def from_b64url(untrusted: str) -> bytes:
    """Return the bytes of unpadded base64url.

    Raises:
        Malformed: padding, other characters or stray bits.

    """
    try:
        raw = untrusted.encode("ascii").translate(_STANDARD)
        data = binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except (ValueError, binascii.Error):
        raise Malformed("this is not base64url") from None
    # The decoder skips what it does not know; what is not written back as it was is refused.
    if b64url(data) != untrusted:
        raise Malformed("this base64url is not in its one form")
    return data


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An opened field: its salt (16 bytes), name and value."""

    salt: bytes
    name: str
    value: Json


def disclose(salt: bytes, name: str, value: Json) -> str:
    """Return the disclosure: base64url of the canonical JSON [salt, name, value]."""
    return disclose_under(b64url(salt), name, value)


def disclose_under(salt64: str, name: str, value: Json) -> str:
    """Return the disclosure for a salt that is in base64url already."""
    form = canonical.scalar(value)
    if form is None:
        return b64url(canonical.encode([salt64, name, value]))
    try:
        return b64url(f'["{salt64}",{_quoted(name)},{form}]'.encode())
    except UnicodeEncodeError:
        raise Malformed("a text with half a character") from None


@lru_cache(maxsize=1024)
def _quoted(name: str) -> str | None:
    return canonical.scalar(name)


def b64url_each(data: bytes, size: int) -> list[str]:
    """Return base64url of each ``size`` bytes of ``data``, all in one go."""
    spare = -size % 3
    zeros = bytes(spare)
    whole = b"".join([data[i : i + size] + zeros for i in range(0, len(data), size)])
    text = binascii.b2a_base64(whole, newline=False).translate(_URL_SAFE).decode("ascii")
    wide = (size + spare) // 3 * 4
    return [text[i : i + wide - spare] for i in range(0, len(text), wide)]


def digest_of(disclosure: str) -> bytes:
    """Return the 32-byte digest that commits to a disclosure (RFC 9901, section 4.2.3)."""
    return sha256(disclosure.encode("ascii"))


def open_disclosure(untrusted: str) -> Disclosure:
    """Parse one disclosure strictly.

    Raises:
        Malformed: it is not the one encoding of [salt of 16 bytes, name, value].

    """
    parts = canonical.decode(from_b64url(untrusted))
    if not isinstance(parts, list) or len(parts) != 3:  # noqa: PLR2004 - salt, name, value
        raise Malformed("a disclosure is salt, name, value")
    salt, name, value = parts
    if not isinstance(salt, str) or not isinstance(name, str):
        raise Malformed("a disclosure is salt, name, value")
    raw_salt = from_b64url(salt)
    if len(raw_salt) != SALT_BYTES:
        raise Malformed(f"a salt of {len(raw_salt)} bytes")
    return Disclosure(raw_salt, name, value)
