"""Lets an archive's power fail: copies it, appends in a child that is killed, again and again.

usage: fall.py ARCHIVE OUT FIRST STEP: one copy OUT/<n> for each n-th crossing that kills; the
last line printed is the number of the first crossing that no longer does.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from dalil.ledger.keyring import unlock
from dalil.ledger.ledger import Ledger
from ledger.counting_house import PASSPHRASE, tellings


def main(archive: Path, out: Path, first: int, step: int) -> None:
    """Kill at the first crossing, then at every ``step``-th."""
    signer = unlock(archive, PASSPHRASE)
    turn = first
    while True:
        place = out / str(turn)
        shutil.copytree(archive, place)
        child = os.fork()
        if not child:
            os.environ["DALIL_FAILPOINT"] = f"any:{turn}"
            ledger = Ledger.open(place)
            ledger.append(tellings(9), signer)
            ledger.append(tellings(1), signer)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            shutil.rmtree(place)
            break
        if os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit("the child ended otherwise")
        turn += step
    print(turn)  # noqa: T201 - its answer


main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
