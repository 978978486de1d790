"""Who signed is told by name, whichever archive stood at a path before."""

import shutil
from pathlib import Path

from casebook.bureau import open_bureau
from dalil.casebook.index.view import view_of
from dalil.casebook.report.desk import open_desk
from dalil.kernel.disclosure import b64url


def test_another_archive_at_the_same_path_has_its_own_people(tmp_path: Path) -> None:
    for _ in range(2):
        bureau = open_bureau(tmp_path)
        desk = open_desk(bureau.casebook, view_of())
        assert desk.who(b64url(bureau.signer.public_key)) == "Salma"
        shutil.rmtree(bureau.archive)
