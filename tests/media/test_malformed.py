"""Footage that is damaged, cut or made up to hurt: sealed in one way, never a traceback."""

import random
from pathlib import Path

import pytest

import footage
from dalil.engines.processes import bounds_for, run_isolated
from dalil.errors import Refusal
from dalil.kernel.salt import SealSecret
from dalil.media.survey import Survey, survey
from dalil.media.tables import Tables
from media.conftest import Clips

SECRET = SealSecret(bytes(32), bytes(16))
QUICK = [clip.name for clip in footage.QUICK]


def mutants(data: bytes, count: int, seed: int) -> list[bytes]:
    """Return changed copies: bits, bytes, lengths, pieces moved, cut, doubled or filled."""
    dice = random.Random(seed)
    found = []
    for _ in range(count):
        changed = bytearray(data)
        for _ in range(dice.choice((1, 3, 30, 300))):
            at = dice.randrange(len(changed))
            kind = dice.randrange(6)
            if kind == 0:
                changed[at] ^= 1 << dice.randrange(8)
            elif kind == 1:
                changed[at : at + 4] = dice.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
            elif kind == 2:
                changed[at : at + 8] = dice.randbytes(8)
            elif kind == 3 and len(changed) > 5000:
                del changed[at : at + dice.randrange(1, 200)]
            elif kind == 4:
                other = dice.randrange(len(changed))
                changed[at:at] = changed[other : other + dice.randrange(1, 300)]
            else:
                at = dice.randrange(min(len(changed), 2000))
                changed[at] = dice.randrange(256)
        found.append(bytes(changed))
    return found


def survive(files: list[Path], folder: Path) -> list[Survey | Refusal]:
    """Survey files in processes of their own; every table that was written must hold together."""
    calls = []
    for number, path in enumerate(files):
        out = folder / f"seal{number}"
        out.mkdir()
        calls.append((path, out, SECRET))
    ended = []
    for (_, out, _), result in run_isolated(survey, calls, 2, lambda _: bounds_for(0)):
        if isinstance(result, Survey) and out.name[-1] in "05":
            assert Tables(out).rebuilt_root(SECRET).hex() == result.tree_root
            assert not list(out.glob("*.part"))
        ended.append(result)
    return ended


def fuzz(clips: Clips, name: str, folder: Path, count: int, seed: int) -> list[Survey | Refusal]:
    source = clips(name).path
    files = []
    for number, data in enumerate(mutants(source.read_bytes(), count, seed)):
        files.append(folder / f"{number}{source.suffix}")
        files[-1].write_bytes(data)
    return survive(files, folder)


@pytest.mark.parametrize("name", ["bframes.mp4", "stream.ts", "odd.mkv", "motion.avi"])
def test_a_few_mutants_of_each_container_are_survived(
    name: str, clips: Clips, tmp_path: Path
) -> None:
    ended = fuzz(clips, name, tmp_path, 12, seed=1)
    assert any(isinstance(each, Survey) and each.sealed_by == "units" for each in ended)
    assert all(isinstance(each, Survey) for each in ended), ended


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", [clip.name for clip in (*footage.QUICK, *footage.LONG)])
def test_many_mutants_of_each_clip_are_survived(
    name: str, seed: int, clips: Clips, tmp_path: Path
) -> None:
    ended = fuzz(clips, name, tmp_path, 30, seed=seed + 100)
    ours = [each for each in ended if isinstance(each, Refusal)]
    assert len(ours) <= 3, ours


def test_damaged_pictures_are_sealed_and_said_to_be_so(clips: Clips, tmp_path: Path) -> None:
    hurt = tmp_path / "hurt.mp4"
    source = clips("bframes.mp4")
    data = bytearray(source.path.read_bytes())
    unit = next(u for u in source.tables.units(0, 144) if u.stream == 0 and u.j == 10)
    assert unit.offset is not None
    for at in range(unit.offset + 100, unit.offset + unit.size, 7):
        data[at] ^= 0x55
    hurt.write_bytes(data)
    (result,) = survive([hurt], tmp_path)
    assert isinstance(result, Survey)
    assert (result.sealed_by, result.units) == ("units", source.survey.units)
    assert result.decoder_dependent
    assert result.warnings


@pytest.mark.long
def test_a_hundred_streams_and_a_huge_picture_are_survived(tmp_path: Path) -> None:
    many = footage.many_streams(tmp_path, 100)
    huge = footage.huge(tmp_path, 15360, 8640)
    first, second = survive([many], tmp_path), survive_in(tmp_path / "second", huge)
    assert isinstance(first[0], Survey)
    assert len(first[0].units) == 100
    assert isinstance(second[0], Survey | Refusal)


def survive_in(folder: Path, path: Path) -> list[Survey | Refusal]:
    folder.mkdir()
    return survive([path], folder)


def test_times_beyond_all_bounds_are_no_traceback(clips: Clips, tmp_path: Path) -> None:
    data = bytearray(clips("bframes.mp4").path.read_bytes())
    at = data.index(b"mdhd") + 4 + 12
    data[at : at + 4] = (1).to_bytes(4, "big")
    path = tmp_path / "ages.mp4"
    path.write_bytes(data)
    (result,) = survive([path], tmp_path)
    assert isinstance(result, Survey)


def test_a_name_that_looks_like_an_address_is_a_name(clips: Clips, tmp_path: Path) -> None:
    path = tmp_path / "concat:a|b?x=1#:%20 \u200fش.mp4"
    path.write_bytes(clips("bframes.mp4").path.read_bytes())
    (result,) = survive([path], tmp_path)
    assert isinstance(result, Survey)
    assert result.units == clips("bframes.mp4").survey.units
