"""Long work of this room: making a part, building a case file, running its verifier."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from dalil.dossier.casefile import build_case_file
from dalil.engines.files import write_durably
from dalil.errors import CannotTell
from dalil.ledger.ledger import Ledger
from dalil.web.jobs.work import Done, Work
from dalil.web.publishing import made
from dalil.web.publishing.orders import CaseOrder, PartOrder

LANGUAGES = ("en", "ar")
# A case file of many gigabytes is read twice over; nobody waits for it longer than this.
LONGEST = 6 * 3600


def make_part(work: Work) -> Done:
    """Make a part; where it was made before the last stop, say so again."""
    token = str(work.params["token"])
    out = made.part_folder(work.desk, token)
    if not out.exists():
        PartOrder.of(work.params["order"]).done(work.archive, work.signer, out)
    seq = made.part(work.desk, Ledger.open(work.archive), token).seq
    return Done("publishing:made", (token,), "publishing.part-made", {"seq": seq})


def make_case(work: Work) -> Done:
    """Build a case file; where it was built before the last stop, say so again."""
    token = str(work.params["token"])
    out = made.case_folder(work.desk, token)
    if not out.exists():
        asked = CaseOrder.of(work.params["order"])
        order = asked.order([made.part_folder(work.desk, each) for each in asked.parts])
        build_case_file(
            work.archive, order.items, order.recipient, order.reason, out, work.signer,
            parts=order.parts, withheld=order.withheld, also_open=order.also_open,
            claims=order.claims, progress=work.progress,
        )  # fmt: skip
    seq = made.case(work.desk, Ledger.open(work.archive), token).seq
    return Done("publishing:case", (token,), "publishing.case-made", {"seq": seq})


def check_case(work: Work) -> Done:
    """Run the verifier that lies in a case file on it, as a stranger would, and keep its words."""
    token = str(work.params["token"])
    folder = made.case(work.desk, Ledger.open(work.archive), token).folder
    told = {lang: _verified(folder, lang) for lang in LANGUAGES}
    said = {"exit_code": told["en"][0], **{lang: told[lang][1] for lang in LANGUAGES}}
    write_durably(folder.with_name(token + made.CHECKED), json.dumps(said).encode())
    return Done("publishing:case", (token,))


def _verified(folder: Path, lang: str) -> tuple[int, str]:
    command = [sys.executable, "-I", "verify.py", ".", "--lang", lang]
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        raise CannotTell("the verifier did not end") from None
    return ran.returncode, ran.stdout.decode("utf-8", "replace")


KINDS = {"part": make_part, "case-file": make_case, "check": check_case}
