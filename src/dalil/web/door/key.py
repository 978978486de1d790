"""The key of whoever is here: half in the session, half in the browser (decision 23)."""

from __future__ import annotations

import os
from typing import Protocol, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.http import HttpRequest

from dalil.errors import LockedOut, Malformed
from dalil.kernel.disclosure import b64url, from_b64url
from dalil.ledger.keyring import Signer, carried, carry

COOKIE = "dalil-key"
SEALED, LOCKED = "door.sealed", "door.locked"
KEY_BYTES, NONCE = 32, 12
HIDDEN = b"dalil/hidden/v1"


class KeyOnTheWay(Protocol):
    """A request whose answer brings a key to the browser, or takes it away."""

    fresh_key: str
    key_forgotten: bool


def keep(request: HttpRequest, signer: Signer) -> None:
    """Keep an unlocked key for this stay: sealed in the session, its key in the cookie alone."""
    key = os.urandom(KEY_BYTES)
    request.session[SEALED] = b64url(carry(signer, key))
    request.session.pop(LOCKED, None)
    answer = cast("KeyOnTheWay", request)
    answer.fresh_key, answer.key_forgotten = b64url(key), False


def signer_from(request: HttpRequest) -> Signer:
    """Return the unlocked key of whoever is logged in.

    Raises:
        LockedOut: the key is not here: locked, another browser, or no longer of this archive.

    """
    from dalil.web.frame.access import archive_of, person_of

    person = person_of(request)
    try:
        sealed = from_b64url(request.session.get(SEALED, ""))
    except Malformed:
        raise LockedOut(person.name) from None
    signer = carried(archive_of(request), sealed, _cookie_key(request))
    if signer.person_id != person.person_id:
        raise LockedOut(person.name)
    return signer


def hide(request: HttpRequest, text: str) -> str:
    """Seal a text for the session, so that only this browser can have it read again."""
    nonce = os.urandom(NONCE)
    return b64url(
        nonce + ChaCha20Poly1305(_cookie_key(request)).encrypt(nonce, text.encode(), HIDDEN)
    )


def hidden(request: HttpRequest, sealed: str) -> str | None:
    """Return a text that ``hide`` sealed; None where it was in another browser or stay."""
    try:
        raw = from_b64url(sealed)
        key = ChaCha20Poly1305(_cookie_key(request))
        return key.decrypt(raw[:NONCE], raw[NONCE:], HIDDEN).decode()
    except (InvalidTag, ValueError, LockedOut, Malformed):
        return None


def forget(request: HttpRequest) -> None:
    """End the key: from now on nothing is signed, and the session is locked."""
    request.session.pop(SEALED, None)
    request.session[LOCKED] = True
    cast("KeyOnTheWay", request).key_forgotten = True


def is_locked(request: HttpRequest) -> bool:
    """Whether somebody left in haste, or the key is not here."""
    return bool(request.session.get(LOCKED))


def _cookie_key(request: HttpRequest) -> bytes:
    cookie = getattr(request, "fresh_key", "") or request.COOKIES.get(COOKIE, "")
    try:
        key = from_b64url(cookie)
    except Malformed:
        key = b""
    if len(key) != KEY_BYTES:
        raise LockedOut("the key of this stay")
    return key
