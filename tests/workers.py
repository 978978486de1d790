"""Work for processes of its own; a worker finds it by importing this module."""

import errno
import os
import signal
import time
from pathlib import Path

from dalil.errors import MediaUnreadable


def double(number: int) -> int:
    return 2 * number


def die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def take_all_memory(_: int) -> int:
    return len(bytearray(64 << 30))


def never_end(_: int) -> None:
    time.sleep(60)


def err(_: int) -> None:
    raise ZeroDivisionError


def refuse(_: int) -> None:
    raise MediaUnreadable("this one")


def disk_full(_: int) -> None:
    raise OSError(errno.ENOSPC, "full")


def bad_sector(_: int) -> None:
    raise OSError(errno.EIO, "bad")


def write_on(path: str) -> None:
    Path(path).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(60)


def die_watching(*_: object) -> None:
    die(0)
