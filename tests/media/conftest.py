"""Clips and their seals, made once for all tests of this folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import footage
from dalil.kernel.salt import SealSecret
from dalil.media.survey import Survey, survey
from dalil.media.tables import Tables

SECRET = SealSecret(bytes(range(32)), bytes(range(16)))


@dataclass(frozen=True, slots=True)
class SealedClip:
    """A clip, its survey and tables."""

    path: Path
    survey: Survey
    tables: Tables
    secret: SealSecret


Sealer = Callable[[Path], SealedClip]
Clips = Callable[[str], SealedClip]


@pytest.fixture(scope="session")
def seal_file(tmp_path_factory: pytest.TempPathFactory) -> Sealer:
    """Return what seals a file into a fresh folder."""

    def sealed(path: Path) -> SealedClip:
        out = tmp_path_factory.mktemp("seal")
        return SealedClip(path, survey(path, out, SECRET), Tables(out), SECRET)

    return sealed


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory, seal_file: Sealer) -> Clips:
    """Return what gives a named clip, sealed."""
    folder = tmp_path_factory.mktemp("clips")
    made: dict[str, SealedClip] = {}
    recipes = {clip.name: clip for clip in (*footage.QUICK, *footage.LONG)}

    def clip(name: str) -> SealedClip:
        if name not in made:
            made[name] = seal_file(recipes[name].make(folder))
        return made[name]

    return clip
