"""What people do at the door, for its tests."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from web.rooms import CAST, passphrase

LOGIN = "/en/door/login/"


def sign_in(client: Client, who: str, typed: str | None = None, **more: str) -> Any:  # noqa: ANN401 - an answer, with what the test client adds
    """Send the login form as one of the cast, with their passphrase or another."""
    said = {"name": CAST[who][0], "passphrase": passphrase(who) if typed is None else typed}
    return client.post(LOGIN, {**said, **more})


def token(client: Client, path: str) -> str:
    """Return the token of the first form that is done once on a page."""
    found = re.search(r'name="once" value="([^"]+)"', client.get(path).content.decode())
    assert found
    return found[1]


def telephone(secret: str, steps: int = 0) -> str:
    """Return the code that a telephone shows, some steps of 30 s from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))
