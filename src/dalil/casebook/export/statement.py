"""What an export says of itself: of what it is, for which view, and what is lost in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from dalil.casebook.export.selection import Terms
from dalil.casebook.record.form import CLASSES
from dalil.casebook.text.position import is_exact_for
from dalil.engines.files import rename_durably, sha256_of, sync_file
from dalil.errors import ArchiveExists
from dalil.kernel.canonical import Json
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft, Entry, Ledger

LANGUAGES = ("en", "ar")
ASKED = ("case", "see", "known_on", "said_by", "on")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that a spreadsheet would take for a formula."""

    file: str
    row: int
    column: str
    record: str


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: where, in which form, how many records of each kind, and what it says."""

    out: str
    form: str
    terms: Terms
    counts: tuple[tuple[str, int], ...]
    says: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...] = ()

    def sentences(self, lang: str) -> tuple[str, ...]:
        """Return what it says of itself in ``en`` or ``ar``."""
        place = LANGUAGES.index(lang)
        return tuple(pair[place] for pair in self.says)


def said(key: str, **values: object) -> tuple[str, str]:
    """Return one sentence in English and in Arabic."""
    en, ar = (sentence(key, lang, **values) for lang in LANGUAGES)
    return en, ar


def sentence(key: str, lang: str, **values: object) -> str:
    """Return one sentence in one language."""
    return _words()[key][lang].format(**values)


def of_view(terms: Terms) -> tuple[tuple[str, str], ...]:
    """Return the sentences on class, case and days that head every export."""
    heads = [_both("clearance", see=said(f"class-{terms.see}"))]
    heads.append(said("whole") if terms.case is None else said("case", case=terms.case))
    heads.append(said("families"))
    days = (("known-on", terms.known_on), ("said-by", terms.said_by), ("on", terms.on))
    heads += [said(key, day=day) for key, day in days if day is not None]
    if not is_exact_for(CLASSES.index(terms.see)):
        heads.append(said("positions-coarse"))
    elif not is_exact_for(CLASSES.index(terms.see), len(CLASSES) - 1):
        heads.append(said("positions-of-some"))
    return tuple(heads)


def document_of(exported: Exported) -> dict[str, Json]:
    """Return the statement as JSON: form, archive, acts followed, view, counts, sentences."""
    terms = asdict(exported.terms)
    return {
        "form": exported.form,
        "archive": terms.pop("archive"),
        "acts": terms.pop("acts"),
        "case": terms.pop("case"),
        "view": terms,
        "counts": dict(exported.counts),
        "says": {lang: list(exported.sentences(lang)) for lang in LANGUAGES},
    }


def beside(out: Path) -> Path:
    """Return where an export is written before it is whole.

    Raises:
        ArchiveExists: something is in the place where it is to go, or a part of an earlier one.

    """
    part = out.with_name(out.name + ".part")
    for place in (out, part):
        if place.exists() or place.is_symlink():
            raise ArchiveExists(str(place))
    return part


def settle(part: Path, out: Path) -> None:
    """Bring what was written to the disk, and move it into its place whole."""
    files = [part] if part.is_file() else [p for p in sorted(part.rglob("*")) if p.is_file()]
    for each in files:
        with each.open("rb") as file:
            sync_file(file.fileno())
    rename_durably(part, out)


def give_out(exported: Exported, to: str, reason: str, ledger: Ledger, signer: Signer) -> Entry:
    """Write down, as an act, that lists left the house: to whom, why, of which view, which bytes.

    Raises:
        NotAllowed, ArchiveBusy: as for every act; the lists lie there, and nothing says they left.

    """
    terms = {name: value for name, value in asdict(exported.terms).items() if value is not None}
    fields: dict[str, Json] = {
        **{name: terms[name] for name in ASKED if name in terms},
        "form": exported.form,
        "to": to,
        "reason": reason,
        "entries": sum(count for _, count in exported.counts),
        "files": list(_files(Path(exported.out))),
    }
    return ledger.append([Draft("lists-given-out", fields)], signer)[0]


def _files(out: Path) -> Iterator[Json]:
    for path in [out] if out.is_file() else sorted(p for p in out.rglob("*") if p.is_file()):
        yield {"name": path.relative_to(out.parent).as_posix(), "sha256": sha256_of(path)}


def counted(found: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return counts by kind, sorted, without the kinds that are not there."""
    return tuple(sorted((kind, count) for kind, count in found.items() if count))


def _both(key: str, **values: tuple[str, str]) -> tuple[str, str]:
    en, ar = (
        sentence(key, lang, **{name: value[place] for name, value in values.items()})
        for place, lang in enumerate(LANGUAGES)
    )
    return en, ar


@cache
def _words() -> dict[str, dict[str, str]]:
    path = resources.files("dalil.casebook.export") / "words.json"
    found: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return found
