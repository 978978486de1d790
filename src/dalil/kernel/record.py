"""A record within an act: a salted document whose fields open one by one (spec/custody.md).

One signed act carries any number of records: it signs the root of a tree over their commitments.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dalil.errors import Malformed
from dalil.kernel import canonical
from dalil.kernel.act import DIGEST_BYTES, DIGESTS_ROUNDED_TO, VERSION
from dalil.kernel.canonical import Json
from dalil.kernel.digest import sha256
from dalil.kernel.disclosure import (
    SALT_BYTES,
    b64url,
    b64url_each,
    digest_of,
    disclose_under,
    from_b64url,
    open_disclosure,
)
from dalil.kernel.merkle import leaf_hash

DOMAIN = b"dalil/record/v1\0"
ENTRY_HEAD = b"record/v1\n"
SEED_BYTES = 32
MAX_RECORD_BYTES = 1 << 18
MAX_PRESENTATION_BYTES = 1 << 20
FIXED = frozenset({"_sd", "_sd_alg", "v"})


@dataclass(frozen=True, slots=True)
class Commitment:
    """What the tree commits to (``payload``, canonical JSON) and a disclosure for each field."""

    payload: bytes
    disclosures: tuple[str, ...]

    @property
    def leaf(self) -> bytes:
        """The record's leaf (32 bytes) in the tree of its act."""
        return leaf_of(self.payload)

    def presentation(self, names: Iterable[str] | None = None) -> str:
        """Return ``payload~disclosure~…~`` with the named fields open, or all of them."""
        chosen = self.disclosures
        if names is not None:
            wanted = frozenset(names)
            chosen = tuple(d for d in chosen if open_disclosure(d).name in wanted)
        return "~".join([b64url(self.payload), *chosen, ""])


def commit(fields: Mapping[str, Json], seed: bytes) -> Commitment:
    """Commit to every field of a record under salts drawn from ``seed`` (32 bytes).

    Raises:
        Malformed: a reserved field name, or a value that canonical JSON does not know.

    """
    names = sorted(fields)
    if len(seed) != SEED_BYTES or FIXED & set(names):
        raise Malformed("a record with reserved field names, or a seed of another length")
    decoys = -len(names) % DIGESTS_ROUNDED_TO
    salted = SALT_BYTES * len(names)
    drawn = hashlib.shake_256(DOMAIN + seed).digest(salted + DIGEST_BYTES * decoys)
    salts = b64url_each(drawn[:salted], SALT_BYTES)
    disclosures = tuple(
        disclose_under(salt, name, fields[name]) for salt, name in zip(salts, names, strict=True)
    )
    hashed = b"".join([digest_of(each) for each in disclosures])
    digests = sorted(b64url_each(hashed + drawn[salted:], DIGEST_BYTES))
    # What canonical.encode would give: digests and keys are ASCII and sorted already.
    said = '"' + '","'.join(digests) + '"' if digests else ""
    payload = f'{{"_sd":[{said}],"_sd_alg":"sha-256","v":{VERSION}}}'
    return Commitment(payload.encode("ascii"), disclosures)


def leaf_of(payload: bytes) -> bytes:
    """Return the leaf that commits to a record: 32 bytes (RFC 6962 over its entry)."""
    return leaf_hash(ENTRY_HEAD + base64.b64encode(sha256(payload)) + b"\n")


def parse_presentation(untrusted: str) -> tuple[bytes, dict[str, Json]]:
    """Return the payload of a presented record and the fields that are open in it.

    Raises:
        Malformed: another form, or a field that the record does not commit to.

    """
    if len(untrusted) > MAX_PRESENTATION_BYTES or not untrusted.isascii():
        raise Malformed("a record is payload~disclosure~…~ in ASCII, at most 1 MiB")
    head, *disclosures = untrusted.split("~")
    if not disclosures or disclosures.pop():
        raise Malformed("a record is payload~disclosure~…~")
    payload = from_b64url(head)
    said = canonical.decode(payload, MAX_PRESENTATION_BYTES)
    if not isinstance(said, dict) or set(said) != FIXED or said["_sd_alg"] != "sha-256":
        raise Malformed("a record without its fixed fields")
    if said["v"] != VERSION or said["v"] is True:
        raise Malformed("a record of another version")
    digests = said["_sd"]
    if not isinstance(digests, list) or not all(isinstance(each, str) for each in digests):
        raise Malformed("a record without its digests")
    opened: dict[str, Json] = {}
    for each in disclosures:
        one = open_disclosure(each)
        if b64url(digest_of(each)) not in digests or one.name in opened:
            raise Malformed(f"a field {one.name!r} that the record does not commit to")
        opened[one.name] = one.value
    return payload, opened
