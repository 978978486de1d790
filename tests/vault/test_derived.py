from pathlib import Path

import pytest

from dalil.errors import Malformed
from dalil.media.features.features import EDITION
from dalil.vault.derived import clear_old_editions, features_place, keep, montages_place

ITEM = "0123456789abcdef" * 2


def test_each_kind_and_item_has_a_place_of_its_own_below_derived(tmp_path: Path) -> None:
    place = features_place(tmp_path, ITEM)
    assert place == tmp_path / f"derived/features-{EDITION}/01/23/{ITEM}.npz"
    assert montages_place(tmp_path, ITEM) != place


@pytest.mark.parametrize("name", ["", "../../etc/passwd", ITEM.upper(), ITEM + "0"])
def test_what_is_no_item_has_no_place(name: str, tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        features_place(tmp_path, name)


def test_what_is_kept_takes_the_place_of_what_was(tmp_path: Path) -> None:
    place = features_place(tmp_path, ITEM)
    for said in (b"one", b"two"):
        made = tmp_path / "made"
        made.write_bytes(said)
        keep(made, place)
        assert place.read_bytes() == said
        assert not made.exists()


def test_earlier_editions_go_and_nothing_else_does(tmp_path: Path) -> None:
    place = features_place(tmp_path, ITEM)
    old = tmp_path / "derived" / "features-0" / "01" / "23" / "x.npz"
    other = tmp_path / "derived" / "match.sqlite"
    for each in (place, old, other):
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_bytes(b"")
    clear_old_editions(tmp_path)
    assert place.exists()
    assert other.exists()
    assert not old.parents[2].exists()
