"""Settings of the door: how people log in, how often one may try, how long one may stay."""

from __future__ import annotations

import os

AUTHENTICATION_BACKENDS = ["dalil.web.door.login.KeyFileBackend"]
ACCOUNT_ADAPTER = "dalil.web.door.login.DoorAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "person_id"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_TIMEOUT = 300
# By address and by name; allauth counts only logins that failed against the second.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if os.environ.get("DALIL_HOSTS") else 0

MFA_ADAPTER = "dalil.web.door.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Dalil"
# One step of 30 s either way: telephones without a network drift.
MFA_TOTP_TOLERANCE = 1

DOOR_IDLE_SECONDS = 30 * 60
DOOR_LONGEST_SECONDS = 12 * 3600
# How dear one guess of a passphrase is for keys made at this desk (spec/custody.md, "Keys").
DOOR_SCRYPT_N = 1 << 17
