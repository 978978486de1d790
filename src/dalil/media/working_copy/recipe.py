"""How a working copy is made: of which stretch, in which version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dalil.errors import UsageRefused

GREY, SILENT, SOUND = "grey", "silent", "sound"
VERSIONS = (GREY, SILENT, SOUND)
SIDES = {GREY: 320, SILENT: 1280, SOUND: 1280}
# What is made otherwise than before is another recipe, and so another copy.
EDITION = "dalil/working-copy/1"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A stretch of one film, time stamps ``pts_start`` up to ``pts_end`` of stream ``stream``.

    ``version``: ``grey`` (small, without colour and sound), ``silent``, or ``sound``.
    ``original``: SHA-256 of the original, hexadecimal.
    """

    original: str
    stream: int
    pts_start: int
    pts_end: int
    version: str

    def __post_init__(self) -> None:
        """Refuse what is no stretch or no version.

        Raises:
            UsageRefused: it ends before it begins, or the version is another.

        """
        if self.version not in VERSIONS or not self.pts_start <= self.pts_end:
            raise UsageRefused(f"{self.version} {self.pts_start}…{self.pts_end}")

    @property
    def side(self) -> int:
        """The longest side of a picture, in pixels."""
        return SIDES[self.version]

    @property
    def text(self) -> str:
        """The recipe in one line, as the acts name it."""
        return (
            f"{EDITION} {self.original} {self.stream} {self.pts_start}-{self.pts_end} "
            f"{self.version} {self.side}"
        )

    @property
    def digest(self) -> str:
        """SHA-256 of that line, hexadecimal: the copy's name in the cache."""
        return hashlib.sha256(self.text.encode()).hexdigest()
