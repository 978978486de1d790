"""Guessing is cheap in these tests: what is dear is measured once, where it is said."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickHasher(Argon2PasswordHasher):
    """Argon2 that costs nothing."""

    time_cost, memory_cost, parallelism = 1, 8, 1


@pytest.fixture(autouse=True)
def cheap(settings: LazySettings) -> None:
    """Make keys and hashes that cost nothing."""
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickHasher"]
    settings.DOOR_SCRYPT_N = 2
