"""Into what rows are brought: which archive, which case, which class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dalil.casebook.record.form import id_for


def _nobody(_kind: str, _key: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of some keys, (kind, key) → id, as another process can be given them."""

    ids: Mapping[tuple[str, str], str]

    def __call__(self, kind: str, key: str) -> str | None:
        """Return the id of a key, if it is among them."""
        return self.ids.get((kind, key))


@dataclass(frozen=True, slots=True)
class Into:
    """``archive`` is the number on its name plate; ``case`` a short name; ``see`` a class.

    ``known`` returns the id of what the casebook has under a kind and a key in this case.
    """

    archive: str
    case: str
    see: str = "restricted"
    known: Callable[[str, str], str | None] = field(default=_nobody, compare=False, repr=False)

    def id(self, kind: str, key: str) -> str:
        """Return the id of what a sheet calls ``key``: the same on every import."""
        return id_for(self.archive, self.case, kind, key)

    def reference(self, kind: str, key: str) -> str:
        """Return the id of what the casebook, or this or another list of the case, calls so."""
        return self.known(kind, key) or self.id(kind, key)
