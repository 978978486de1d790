"""An act: a small signed document whose fields can be withheld one by one (spec/custody.md)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dalil.errors import Malformed, SignatureBroken
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.kernel.digest import sha256
from dalil.kernel.disclosure import (
    SALT_BYTES,
    b64url,
    b64url_each,
    digest_of,
    disclose,
    disclose_under,
    from_b64url,
    open_disclosure,
)

VERSION = 1
HEADER = {"alg": "EdDSA", "typ": "dalil-act+sd-jwt"}
_HEADER_TEXT = b64url(canonical.encode(HEADER))
NONCE_BYTES = 32
DIGEST_BYTES = 32
DIGESTS_ROUNDED_TO = 16
MAX_ACT_BYTES = 1 << 20
RESERVED = frozenset({"v", "type", "nonce", "_sd", "_sd_alg", "by", "...", "cnf"})
ENTRY_HEAD = b"custody-entry/v1\n"
BY_HEAD = b"act-by/v1\n"
TYPE = re.compile(r"[a-z][a-z-]{1,39}")

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Act:
    """What the archive signed (``jwt``, ASCII) and the disclosures at hand, in any number."""

    jwt: str
    disclosures: tuple[str, ...]

    @property
    def payload(self) -> dict[str, Json]:
        """The visible part, as signed."""
        value = canonical.decode(from_b64url(self.jwt.split(".")[1]), MAX_ACT_BYTES)
        if not isinstance(value, dict):
            raise Malformed("an act's payload is an object")
        return value

    @property
    def type(self) -> str:
        """What kind of act it is."""
        return str(self.payload["type"])

    def opened(self) -> dict[str, Json]:
        """Return the fields that are open here, by name, visible ones and ``by`` left out."""
        fields = {d.name: d.value for d in map(open_disclosure, self.disclosures)}
        fields.pop("by", None)
        return fields

    def presentation(self, names: Iterable[str] | None = None) -> str:
        """Return ``jwt~disclosure~…~`` with the named fields open, or all that are at hand."""
        chosen = self.disclosures
        if names is not None:
            wanted = frozenset(names)
            chosen = tuple(d for d in chosen if open_disclosure(d).name in wanted)
        return "~".join([self.jwt, *chosen, ""])


def entry_of(jwt: str) -> bytes:
    """Return the 62 public bytes that the log holds for an act: a commitment, nothing else."""
    return ENTRY_HEAD + base64.b64encode(sha256(jwt.encode("ascii"))) + b"\n"


def draft_act(
    kind: str,
    fields: Mapping[str, Json],
    *,
    visible: Mapping[str, Json],
    archive_key: Ed25519PrivateKey,
    person_key: Ed25519PrivateKey,
    entropy: Entropy,
) -> Act:
    """Write and sign an act of type ``kind``.

    Args:
        kind: lower case, words joined by ``-``.
        fields: what can be withheld later; each gets a salt of its own.
        visible: what everybody who sees the act sees.
        archive_key: signs the act.
        person_key: whoever acts; the signature is a withheld field.
        entropy: gives n fresh random bytes.

    """
    if not TYPE.fullmatch(kind) or RESERVED & (set(fields) | set(visible)):
        raise Malformed(f"an act of type {kind!r} with reserved field names")
    salts = b64url_each(entropy(SALT_BYTES * len(fields)), SALT_BYTES)
    disclosures = [
        disclose_under(salt, name, fields[name])
        for salt, name in zip(salts, sorted(fields), strict=True)
    ]
    decoys = -(len(disclosures) + 1) % DIGESTS_ROUNDED_TO
    hashed = b"".join([digest_of(each) for each in disclosures])
    digests = b64url_each(hashed + entropy(DIGEST_BYTES * decoys), DIGEST_BYTES)
    payload: dict[str, Json] = {
        **visible,
        "v": VERSION,
        "type": kind,
        "nonce": b64url(entropy(NONCE_BYTES)),
        "_sd": sorted(digests),
        "_sd_alg": "sha-256",
    }
    by = disclose(entropy(SALT_BYTES), "by", _signed_by(person_key, payload))
    payload["_sd"] = sorted([*digests, b64url(digest_of(by))])
    signing = f"{_HEADER_TEXT}.{b64url(canonical.encode(payload))}"
    signature = archive_key.sign(signing.encode("ascii"))
    return Act(f"{signing}.{b64url(signature)}", (*disclosures, by))


def parse_presentation(untrusted: str) -> Act:
    """Parse ``jwt~disclosure~…~`` strictly; signatures are checked elsewhere.

    Raises:
        Malformed: another form, or a disclosure that the act does not commit to.

    """
    if len(untrusted) > MAX_ACT_BYTES or not untrusted.isascii() or not untrusted.endswith("~"):
        raise Malformed("an act is jwt~disclosure~…~ in ASCII, at most 1 MiB")
    jwt, *disclosures, _ = untrusted.split("~")
    act = Act(jwt, tuple(disclosures))
    check_form(act)
    return act


def check_form(act: Act) -> None:
    """Check the form of an act and that it commits to each disclosure, once.

    Raises:
        Malformed: it does not.

    """
    parts = act.jwt.split(".")
    if len(parts) != 3 or parts[0] != _HEADER_TEXT:  # noqa: PLR2004 - JWS compact
        raise Malformed("an act is a JWS in compact form with Dalil's header")
    payload = act.payload
    digests = payload.get("_sd")
    well_formed = (
        payload.get("v") == VERSION
        and payload["v"] is not True  # which equals 1 in Python, and not in JSON
        and payload.get("_sd_alg") == "sha-256"
        and isinstance(payload.get("type"), str)
        and TYPE.fullmatch(payload["type"])
        and isinstance(payload.get("nonce"), str)
        and len(from_b64url(payload["nonce"])) == NONCE_BYTES
        and isinstance(digests, list)
        and all(isinstance(each, str) for each in digests)
        and len(set(digests)) == len(digests)
    )
    if not well_formed:
        raise Malformed("an act without its fixed fields")
    committed = set(payload["_sd"])
    seen: set[str] = set()
    for each in act.disclosures:
        opened = open_disclosure(each)
        digest = b64url(digest_of(each))
        if digest not in committed or opened.name in seen or opened.name in payload:
            raise Malformed(f"a field {opened.name!r} that the act does not commit to")
        seen.add(opened.name)


def check_issuer(act: Act, archive_key: bytes) -> None:
    """Check the archive's signature (Ed25519, RFC 8032) over the act.

    Raises:
        SignatureBroken: it does not hold.

    """
    signing, _, signature = act.jwt.rpartition(".")
    _verify(archive_key, from_b64url(signature), signing.encode("ascii"), "of the archive")


def check_by(act: Act) -> bytes | None:
    """Return the key (32 bytes) of the person who acted, or None where that is withheld.

    Raises:
        SignatureBroken: the person's signature does not hold.

    """
    for each in reversed(act.disclosures):  # it is written last
        opened = open_disclosure(each)
        if opened.name == "by":
            return _check_signed_by(act, each, opened.value)
    return None


def _check_signed_by(act: Act, disclosure: str, value: Json) -> bytes:
    if not isinstance(value, dict) or set(value) != {"key", "sig"}:
        raise Malformed("the field `by` is a key and a signature")
    payload = act.payload
    own = b64url(digest_of(disclosure))
    payload["_sd"] = [each for each in payload["_sd"] if each != own]
    key = from_b64url(value["key"])
    _verify(key, from_b64url(value["sig"]), by_message(payload), "of the person who acted")
    return key


def by_message(payload_without_by: Mapping[str, Json]) -> bytes:
    """Return the bytes that a person signs: their own digest is not among ``_sd``."""
    digest = sha256(canonical.encode(dict(payload_without_by)))
    return BY_HEAD + base64.b64encode(digest) + b"\n"


def _signed_by(key: Ed25519PrivateKey, payload: Mapping[str, Json]) -> dict[str, str]:
    public = key.public_key().public_bytes_raw()
    return {"key": b64url(public), "sig": b64url(key.sign(by_message(payload)))}


def _verify(key: bytes, signature: bytes, message: bytes, whose: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise SignatureBroken(whose) from None


def visible_of(act: Act) -> dict[str, Json]:
    """Return the visible fields beyond the fixed ones."""
    fixed = {"v", "type", "nonce", "_sd", "_sd_alg"}
    return {name: value for name, value in act.payload.items() if name not in fixed}


def withheld_count(act: Act, opened: Sequence[str]) -> int:
    """Return how many digests are not opened: fields and decoys, which cannot be told apart."""
    return len(act.payload["_sd"]) - len(opened)
