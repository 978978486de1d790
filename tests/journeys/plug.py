"""Pulls the plug on `take_in`, again and again, and looks at what is left each time.

usage: plug.py ARCHIVE SOURCE "at:TURN TURN …" | "after:SECONDS SECONDS …"
Each turn is one taking-in that is killed: at that crossing of a write, fsync, rename or commit, or
after so many seconds. Prints how many of them were killed before they had ended.
"""

import os
import signal
import sys
import time
from pathlib import Path

from dalil.intake.accession import TAKEN_IN
from dalil.intake.take_in import Options, take_in
from dalil.ledger.keyring import Signer, unlock
from dalil.ledger.ledger import Ledger
from dalil.vault.vault import Vault
from ledger.counting_house import PASSPHRASE


def main(archive: Path, source: Path, turns: str) -> None:
    """Kill, look, kill again."""
    signer = unlock(archive, PASSPHRASE)
    how, _, values = turns.partition(":")
    killed = 0
    rows: list[str] = []
    for value in values.split():
        killed += _fall(archive, source, signer, how, value)
        rows = _look(archive, rows)
    print(killed)  # noqa: T201 - its answer


def _fall(archive: Path, source: Path, signer: Signer, how: str, value: str) -> bool:
    child = os.fork()
    if not child:
        if how == "at":
            os.environ["DALIL_FAILPOINT"] = f"any:{value}"
        take_in(archive, [source], signer, options=Options(tiles=False))
        os._exit(0)
    if how == "after":
        time.sleep(float(value))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        sys.exit("the taking-in ended otherwise")
    return os.WIFSIGNALED(status)


def _look(archive: Path, before: list[str]) -> list[str]:
    """No act is lost or told twice, and no act speaks of an object that is not there whole."""
    ledger, vault = Ledger.open(archive), Vault.open(archive)
    rows = [row.jwt for row in ledger.store.rows()]
    if rows[: len(before)] != before:
        sys.exit("an act was lost")
    seen = set()
    for entry in ledger.acts(TAKEN_IN):
        fields = entry.act.opened()
        key = (fields["accession"], fields["source"], fields["name"])
        if key in seen:
            sys.exit(f"two receipts for {fields['name_text']}")
        seen.add(key)
        if vault.original_path(fields["item"]).stat().st_size != fields["length"]:
            sys.exit(f"half of {fields['name_text']} counts")
    return rows


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
