"""Where the tests pull the plug: each write, fsync, rename and commit passes through here.

``DALIL_FAILPOINT="rename:3"`` ends the process (SIGKILL) just before its third rename;
``any:7`` just before the seventh crossing of whatever kind.
"""

from __future__ import annotations

import os
import signal

ANY = "any"
_crossed: dict[str, int] = {}


def cross(name: str) -> None:
    """End this process here where DALIL_FAILPOINT says so; otherwise do nothing."""
    setting = os.environ.get("DALIL_FAILPOINT")
    if not setting:
        return
    where, _, turn = setting.partition(":")
    if where in (name, ANY):
        _crossed[where] = _crossed.get(where, 0) + 1
        if _crossed[where] == int(turn or 1):
            os.kill(os.getpid(), signal.SIGKILL)
