"""The second factor: a code from the person's telephone, or one from paper (django-allauth)."""

from __future__ import annotations

import os
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpResponse
from django.shortcuts import redirect

from dalil.errors import Altered
from dalil.kernel.disclosure import b64url, from_b64url

NONCE = 12


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]  # it publishes no types
    """Between passphrase and desk, at an address of ours."""

    urlname = "door:second"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Ask for a code where the person has set one up."""
        if not self._should_handle(self.request):
            return None, True
        self.state["authentication_required"] = True
        return redirect(self.urlname), True


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # it publishes no types
    """What allauth keeps of a second factor lies sealed in the desk's database."""

    def get_totp_issuer(self) -> str:
        """Return the name under which the telephone shows it."""
        return "Dalil"

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return str(user)

    def encrypt(self, text: str) -> str:
        """Seal a secret under the desk's own key file."""
        nonce = os.urandom(NONCE)
        return b64url(nonce + ChaCha20Poly1305(_key()).encrypt(nonce, text.encode(), None))

    def decrypt(self, encrypted_text: str) -> str:
        """Open what ``encrypt`` sealed.

        Raises:
            Altered: the desk's key file is another one, or the row was changed.

        """
        sealed = from_b64url(encrypted_text)
        try:
            return ChaCha20Poly1305(_key()).decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
        except (InvalidTag, ValueError):
            raise Altered("the second factor in the desk's database") from None


def _key() -> bytes:
    return sha256(b"dalil/second-factor/v1\0" + settings.SECRET_KEY.encode()).digest()
