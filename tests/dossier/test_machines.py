"""A case file says of a machine what it may sign, so that a stranger can hold it to that."""

from pathlib import Path

from dalil.dossier.casefile import build_case_file
from dalil.kernel.act import parse_presentation
from dalil.ledger.keyring import ScryptCost
from dalil.ledger.ledger import Draft
from dalil.ledger.standing.giving import give_clearance, give_role
from dalil.ledger.standing.machine import add_machine
from dalil.verifier.verify import examine
from dossier.small_archive import SmallArchive

CHEAP = ScryptCost(n=2)


def _handed_over(small: SmallArchive, folder: Path) -> set[str]:
    build_case_file(small.path, small.items[:1], "Court", "x", folder, small.signer)
    return {found.code for found in examine(str(folder)).findings}


def test_what_a_machine_signed_beyond_its_list_is_named_in_a_case_file(
    small: SmallArchive, tmp_path: Path
) -> None:
    ledger = small.ledger
    night, _ = add_machine(ledger, small.signer, "Night", ["checked", "stamped"], b"n", CHEAP)
    ledger.append([Draft("checked", {"items": 4})], night)
    assert "beyond-machine" not in _handed_over(small, tmp_path / "good")
    acts = [
        parse_presentation(path.read_text())
        for path in (tmp_path / "good" / "data" / "custody").glob("*.act")
    ]
    assert [each.opened()["may"] for each in acts if "may" in each.opened()] == [
        ["checked", "stamped"]
    ]
    # The real ledger refuses what follows; somebody who holds the machine's key need not.
    ledger._demand_right = lambda *_: None  # type: ignore[method-assign]  # noqa: SLF001
    ledger.append([Draft("given-out", {"item": small.items[0], "to": "X", "sha256": "0"})], night)
    assert "beyond-machine" in _handed_over(small, tmp_path / "bad")


def test_who_was_given_what_and_why_stays_in_the_house(small: SmallArchive, tmp_path: Path) -> None:
    from dalil.ledger import people  # noqa: PLC0415

    people.add(small.ledger, small.signer, "Omar K.", "reviewer", b"o", CHEAP)
    give_clearance(small.ledger, small.signer, "Omar K.", "sealed", "the canary of the reason")
    give_role(small.ledger, small.signer, "Omar K.", "lead", "the canary of the reason")
    _handed_over(small, tmp_path / "case")
    kept = b"".join(p.read_bytes() for p in (tmp_path / "case").rglob("*") if p.is_file())
    assert b"canary of the reason" not in kept
    types = [
        parse_presentation(path.read_text()).type
        for path in (tmp_path / "case" / "data" / "custody").glob("*.act")
    ]
    assert not {"role-given", "clearance-given"} & set(types)
