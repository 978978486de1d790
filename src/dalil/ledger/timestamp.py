"""Trusted time: an outside clock stamps the checkpoint's three lines (RFC 3161)."""

from __future__ import annotations

import os
import re
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from urllib.error import URLError

import rfc3161_client
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dalil.engines.files import write_durably
from dalil.errors import CannotTell, Malformed, Missing, Refusal, TimeTokenRefused, UsageRefused
from dalil.kernel.canonical import Json
from dalil.kernel.checkpoint import Checkpoint, checkpoint_text
from dalil.kernel.digest import sha256
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import TIME_FORM, Draft, Entry, Ledger

FOLDER = "time"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
WAIT_SECONDS = 30
MAX_ANSWER_BYTES = 1 << 20
QUERY_TYPE = "application/timestamp-query"
SEQUENCE, CONTEXT_0 = 0x30, 0xA0
MANY_BYTES = 0x80


@dataclass(frozen=True, slots=True)
class TimeRequest:
    """A request as it lies below ``time/``, and the checkpoint that it is about."""

    authority: str
    checkpoint: Checkpoint
    path: Path

    @property
    def answer_path(self) -> Path:
        """Where the answer goes, as it came."""
        return self.path.with_suffix(".tsr")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an outside clock says: this log of ``size`` acts was there at ``stamped_at``."""

    authority: str
    size: int
    root: bytes
    stamped_at: str
    serial: str
    policy: str


def keep_authority(archive: Path, authority: str, pem: bytes) -> Path:
    """Keep the certificates that an authority's answers are checked with, root among them.

    Raises:
        UsageRefused: the name is no plain word, or other certificates are kept under it.
        Malformed: this is no certificate.

    """
    path = certificates_path(archive, authority)
    text = b"".join(each.public_bytes(Encoding.PEM) for each in _certificates(pem))
    if path.exists() and path.read_bytes() != text:
        raise UsageRefused(f"{authority} has other certificates here: give the new ones a new name")
    write_durably(path, text)
    return path


def certificates_path(archive: Path, authority: str) -> Path:
    """Return where the certificates of an authority are kept."""
    if not NAME.fullmatch(authority):
        raise UsageRefused(f"{authority!r}: letters, digits, dot, dash; at most 40")
    return archive / FOLDER / f"{authority}.pem"


def demand_certificates(archive: Path, authority: str) -> Path:
    """Return where the certificates of an authority are.

    Raises:
        Missing: they are not kept here, so that an answer could not be checked.

    """
    path = certificates_path(archive, authority)
    if not path.exists():
        raise Missing(f"{path}: the certificates of this authority")
    return path


def make_request(ledger: Ledger, authority: str) -> TimeRequest:
    """Write the request for the checkpoint of now; one that waits for its answer is kept.

    Raises:
        UsageRefused: the authority's name is no plain word.

    """
    checkpoint = ledger.note().checkpoint
    folder = certificates_path(ledger.archive, authority).parent
    request = TimeRequest(authority, checkpoint, folder / f"{checkpoint.size}-{authority}.tsq")
    if not request.path.exists():
        builder = rfc3161_client.TimestampRequestBuilder(
            data=checkpoint_text(checkpoint).encode(),
            hash_algorithm=rfc3161_client.HashAlgorithm.SHA256,
        )
        write_durably(request.path, builder.build().as_bytes())
    return request


def ask(request: TimeRequest, url: str) -> bytes:
    """Send a request to an authority; return the answer, unread.

    Raises:
        CannotTell: nobody answers there. UsageRefused: this is no address of the web.

    """
    if not url.startswith(("http://", "https://")):
        raise UsageRefused(url)
    query = urllib.request.Request(  # noqa: S310 - the scheme was looked at
        url, request.path.read_bytes(), {"Content-Type": QUERY_TYPE}
    )
    try:
        with urllib.request.urlopen(query, timeout=WAIT_SECONDS) as answer:  # noqa: S310
            raw: bytes = answer.read(MAX_ANSWER_BYTES + 1)
    except (URLError, OSError, ValueError) as error:
        raise CannotTell(f"{url}: {error}; the request is in {request.path}") from None
    if len(raw) > MAX_ANSWER_BYTES:
        raise TimeTokenRefused(f"{url}: more than {MAX_ANSWER_BYTES} bytes")
    return raw


def request_of_answer(ledger: Ledger, untrusted: bytes) -> TimeRequest:
    """Return the request that an answer, carried here by hand, belongs to.

    Raises:
        TimeTokenRefused: it answers none that waits.

    """
    nonce = _parsed(untrusted).tst_info.nonce
    for path in sorted((ledger.archive / FOLDER).glob("*.tsq")):
        size, _, authority = path.stem.partition("-")
        if size.isdecimal() and authority and _nonce(path) == nonce:
            request = TimeRequest(authority, _checkpoint(ledger, int(size)), path)
            # An answer that is here already may come again: the act may not have followed it.
            if not request.answer_path.exists() or request.answer_path.read_bytes() == untrusted:
                return request
    raise TimeTokenRefused("none of the requests that wait is the one it answers")


def take_answer(
    ledger: Ledger, request: TimeRequest, untrusted: bytes, signer: Signer
) -> tuple[Stamp, Entry]:
    """Keep an answer as it came, read it only then, and record it as an act.

    Raises:
        TimeTokenRefused: it does not stamp this checkpoint; it is kept beside, as ``.refused``.
        Missing: the authority's certificates are not kept here.

    """
    demand_certificates(ledger.archive, request.authority)
    write_durably(request.answer_path, untrusted)
    try:
        stamp = check_token(ledger.archive, request)
    except TimeTokenRefused:
        beside = f"{request.path.stem}-{sha256(untrusted).hex()[:8]}.refused"
        request.answer_path.rename(request.path.with_name(beside))
        raise
    digest = sha256(untrusted).hex()
    for entry in ledger.acts("stamped"):
        if entry.act.opened().get("tsr_sha256") == digest:
            return stamp, entry
    certificates = certificates_path(ledger.archive, request.authority).read_bytes()
    act = Draft(
        "stamped",
        {
            "authority": request.authority,
            "size": stamp.size,
            "root": stamp.root.hex(),
            "tsq_sha256": sha256(request.path.read_bytes()).hex(),
            "tsr_sha256": digest,
            "certificates_sha256": sha256(certificates).hex(),
            "stamped_at": stamp.stamped_at,
        },
    )
    return stamp, ledger.append([act], signer)[0]


def check_token(archive: Path, request: TimeRequest) -> Stamp:
    """Check a kept answer against its request and certificates, at the token's own time.

    No revocation list is asked: what was revoked later is told by other means.

    Raises:
        TimeTokenRefused: it does not stamp this checkpoint. Missing: no certificates are kept.

    """
    path = demand_certificates(archive, request.authority)
    text = checkpoint_text(request.checkpoint).encode()
    return verify_token(
        request.answer_path.read_bytes(), text, path.read_bytes(), request, _nonce(request.path)
    )


def verify_token(
    untrusted: bytes, text: bytes, pem: bytes, request: TimeRequest, nonce: int | None
) -> Stamp:
    """Check an answer over ``text`` with certificates in PEM, at the token's own time.

    Raises:
        TimeTokenRefused: it is of another text, signed by others, or in another form.

    """
    token = _parsed(untrusted)
    certificates = _certificates(pem)
    roots = [each for each in certificates if each.issuer == each.subject]
    others = [each for each in certificates if each.issuer != each.subject]
    try:
        verifier = rfc3161_client.VerifierBuilder(
            roots=roots or others, intermediates=others, nonce=nonce
        ).build()
        verifier.verify_message(token, text)
    except (rfc3161_client.VerificationError, ValueError) as error:
        raise TimeTokenRefused(f"{request.authority}: {error}") from None
    said = token.tst_info
    at = said.gen_time.replace(tzinfo=said.gen_time.tzinfo or UTC).astimezone(UTC)
    return Stamp(
        request.authority,
        request.checkpoint.size,
        request.checkpoint.root,
        at.strftime(TIME_FORM),
        format(said.serial_number, "x"),
        said.policy.dotted_string,
    )


def check_stamps(ledger: Ledger, acts: Iterable[Entry]) -> list[tuple[Entry, Stamp | str]]:
    """Check the token of each ``stamped`` act; a text says what is wrong with it."""
    found: list[tuple[Entry, Stamp | str]] = []
    for entry in acts:
        fields = entry.act.opened()
        size, authority = int(fields["size"]), str(fields["authority"])
        name = f"{size}-{authority}.tsq"
        checkpoint = Checkpoint(ledger.origin, size, bytes.fromhex(str(fields["root"])))
        request = TimeRequest(authority, checkpoint, ledger.archive / FOLDER / name)
        try:
            if checkpoint != _checkpoint(ledger, size):
                raise TimeTokenRefused(f"act {entry.seq} names another root")
            found.append((entry, check_token(ledger.archive, request)))
        except (Refusal, OSError) as refused:
            found.append((entry, str(refused)))
    return found


def _checkpoint(ledger: Ledger, size: int) -> Checkpoint:
    return Checkpoint(ledger.origin, size, ledger.root_at(size))


def _nonce(path: Path) -> int | None:
    # The library gives no public name to its own reader of requests.
    try:
        nonce: int | None = rfc3161_client._rust.parse_timestamp_request(path.read_bytes()).nonce  # noqa: SLF001
    except ValueError:
        raise Malformed(str(path)) from None
    return nonce


def _certificates(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise Malformed("these are not certificates in PEM") from None


def _parsed(untrusted: bytes) -> rfc3161_client.TimeStampResponse:
    try:
        token = rfc3161_client.decode_timestamp_response(with_sorted_certificates(untrusted))
        if token.status not in (0, 1):
            raise TimeTokenRefused("the authority says no")
        token.tst_info  # noqa: B018 - reading it may fail
    except (ValueError, IndexError) as error:
        raise TimeTokenRefused(f"this is no answer of a time authority: {error}") from None
    return token


def with_sorted_certificates(untrusted: bytes) -> bytes:
    """Return the answer with its certificates in the order that DER demands (X.690, 11.6).

    Many authorities send them in another order, and strict parsers then refuse the whole; no
    signature covers the order. What has another form comes back as it is.
    """
    try:
        _, token = _children(untrusted, *_inside(untrusted, 0))
        _, explicit = _children(untrusted, token[1], token[2])
        [signed] = _children(untrusted, explicit[1], explicit[2])
        for tag, start, end, _ in _children(untrusted, signed[1], signed[2]):
            if tag == CONTEXT_0:
                parts = [untrusted[p[3] : p[2]] for p in _children(untrusted, start, end)]
                return untrusted[:start] + b"".join(sorted(parts)) + untrusted[end:]
    except (ValueError, IndexError):
        pass
    return untrusted


def _children(data: bytes, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """Return (tag, content start, content end, own start) of what lies between two places."""
    found = []
    while start < end:
        inner, after = _inside(data, start)
        found.append((data[start], inner, after, start))
        start = after
    if start != end:
        raise ValueError
    return found


def _inside(data: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the element at ``at`` begins and ends."""
    length, start = data[at + 1], at + 2
    if length >= MANY_BYTES:
        start += length - MANY_BYTES
        length = int.from_bytes(data[at + 2 : start], "big")
    if start + length > len(data):
        raise ValueError
    return start, start + length


def kept_files(archive: Path, fields: Mapping[str, Json]) -> list[tuple[Path, str]]:
    """Return each file that a ``stamped`` act names, with the SHA-256 that it gives for it."""
    folder = archive / FOLDER
    stem = f"{fields.get('size')}-{fields.get('authority')}"
    return [
        (folder / f"{stem}.tsq", str(fields.get("tsq_sha256"))),
        (folder / f"{stem}.tsr", str(fields.get("tsr_sha256"))),
        (folder / f"{fields.get('authority')}.pem", str(fields.get("certificates_sha256"))),
    ]


def read_answer(path: Path) -> bytes:
    """Read an answer that was carried here by hand, at most 1 MiB.

    Raises:
        Missing: it cannot be read. TimeTokenRefused: it is larger.

    """
    try:
        if os.stat(path).st_size > MAX_ANSWER_BYTES:  # noqa: PTH116
            raise TimeTokenRefused(str(path))
        return path.read_bytes()
    except OSError:
        raise Missing(str(path)) from None
