"""The machine that checks a share of the archive each night: ``python -m dalil.web.door.night``.

It signs as itself, and only where a keeper laid its passphrase into a file; without one nothing
runs without anyone.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from threading import Event

from dalil.errors import LockedOut, NotAllowed, Refusal
from dalil.intake.audit import ArchiveCheck, check_archive
from dalil.ledger.keyring import MACHINE, Signer, holders, unlock
from dalil.ledger.ledger import Ledger
from dalil.vault.fixity import parse_share

PASSPHRASE_FILE = "DALIL_MACHINE_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable
SHARE = "DALIL_CHECK_SHARE"
A_MONTH_ROUND = "1/30"
CHECKED = "checked"
EVERY, AT_LATEST = timedelta(hours=20), timedelta(hours=44)
NIGHT = range(1, 6)
LOOK_EVERY_SECONDS = 300.0
LOG = logging.getLogger("dalil.web")


def machine_signer(archive: Path) -> Signer | None:
    """Return the machine's key, None where no passphrase file is set.

    Raises:
        LockedOut: the passphrase opens no machine's key here.
        NotAllowed: by the acts that machine may not sign checks.

    """
    file = os.environ.get(PASSPHRASE_FILE)
    if not file:
        return None
    try:
        passphrase = Path(file).read_bytes().split(b"\n", 1)[0].rstrip(b"\r")
    except OSError as error:
        raise LockedOut(f"{PASSPHRASE_FILE}: {error.strerror}") from None
    signer = _opened(archive, passphrase)
    person = Ledger.open(archive).roster().of_key(signer.public_key)
    if person is None or not person.active or CHECKED not in person.may:
        raise NotAllowed(signer.person_name)
    return signer


def is_due(archive: Path, now: datetime) -> bool:
    """Whether to check now: at night (1 to 6 by this machine's clock), or late at any hour."""
    acts = list(Ledger.open(archive).acts(CHECKED))[-1:]
    if not acts:
        return True
    since = now - datetime.fromisoformat(str(acts[0].act.opened()["time"]))
    at_night = now.astimezone().hour in NIGHT
    return since > (EVERY if at_night else AT_LATEST)


def check_tonight(archive: Path) -> ArchiveCheck | None:
    """Check a share of the archive and sign that; None where no machine may.

    Raises:
        Refusal: as ``machine_signer`` and the check itself.

    """
    signer = machine_signer(archive)
    if signer is None:
        return None
    return check_archive(archive, _share(), signer)


def watch(archive: Path, ended: Event, clock: Callable[[], datetime] | None = None) -> None:
    """Check whenever it is due, until ``ended`` is set; what is refused is tried again later."""
    now = clock or (lambda: datetime.now(UTC))
    while not ended.is_set():
        try:
            if (archive / "keys").is_dir() and is_due(archive, now()):
                found = check_tonight(archive)
                if found is not None and not found.intact:
                    LOG.error("the nightly check found %d places broken", len(found.broken))
        except Refusal as refusal:
            LOG.warning("the nightly check: %s", type(refusal).__name__)
        ended.wait(LOOK_EVERY_SECONDS)


def main(words: list[str]) -> int:
    """Watch over the archive that is named, until somebody ends it."""
    ended = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())
    watch(Path(words[0]), ended)
    return 0


def _opened(archive: Path, passphrase: bytes) -> Signer:
    for holder in holders(archive):
        if holder.role == MACHINE:
            try:
                return unlock(archive, passphrase, holder.person_id)
            except LockedOut:
                continue
    raise LockedOut("a machine")


def _share() -> Fraction:
    return parse_share(os.environ.get(SHARE) or A_MONTH_ROUND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
