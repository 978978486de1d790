"""What every paper is written from, and the words for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path

from dalil.dossier.exhibits import Original, Register, shown, what_item
from dalil.dossier.opening import Opening, protected_names
from dalil.dossier.paper import Block, Document, isolated
from dalil.kernel.act import check_by
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import b64url
from dalil.kernel.note import check_all
from dalil.ledger.ledger import Entry, Ledger


@dataclass(frozen=True, slots=True)
class Desk:
    """What every paper is written from: the acts, what may be said of them, and in which words."""

    ledger: Ledger
    opening: Opening
    people: Mapping[str, str]
    numbers: Mapping[str, str]
    lang: str
    size: int
    signed_at: int

    def say(self, key: str, **values: object) -> str:
        """Return a sentence; values stand apart from the direction of the words around them."""
        apart = {name: isolated(str(value)) for name, value in values.items()}
        return str(words()[key][self.lang]).format(**apart)

    def act_says(self, key: str, fields: Mapping[str, Json]) -> str:
        """Return the sentence about an act; what is not open in it is said to be withheld."""
        said = {name: isolated(shown(plain(value))) for name, value in fields.items()}
        return str(words()["acts"][key][self.lang]).format_map(
            _Withheld(said, self.say("withheld"))
        )

    def when(self, time: str) -> str:
        """Return a time of an act in words."""
        try:
            at = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            return shown(time)
        month = words()["months"][self.lang][at.month - 1]
        comma = "،" if self.lang == "ar" else ","
        return f"{at.day} {month} {at.year}{comma} {at:%H:%M:%S} UTC"

    def who(self, entry: Entry) -> str:
        """Return the name of whoever signed an act."""
        key = check_by(entry.act)
        name = self.people.get(b64url(key)) if key else None
        return shown(name) if name else self.say("unknown-key")

    def title_of(self, original: Original) -> str:
        """Return the name of an item, unless it names somebody who is protected."""
        if self.opening.names.named_in(original.title):
            return self.say("withheld")
        return shown(original.title)

    def number_of(self, item: str) -> str:
        """Return the exhibit number of an item."""
        return self.numbers.get(what_item(item)) or self.say("no-number")

    def document(self, title: str, blocks: Sequence[Block]) -> Document:
        """Return the blocks as a document of this state of the log."""
        foot = words()["foot"][self.lang]
        foot = foot.replace("{origin}", isolated(self.ledger.origin)).replace(
            "{size}", str(self.size)
        )
        return Document(self.lang, title, foot, self.signed_at, tuple(blocks))

    def at(self) -> str:
        """Return when the log was signed, by the archive's own clock."""
        return self.when(datetime.fromtimestamp(self.signed_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def open_desk(archive: Path, lang: str) -> Desk:
    """Gather what papers in ``lang`` are written from."""
    ledger = Ledger.open(archive)
    note = ledger.note()
    people: dict[str, str] = {}
    for kind, field in (("archive-created", "keeper"), ("person-added", "name")):
        for entry in ledger.acts(kind):
            fields = entry.act.opened()
            people.setdefault(str(fields.get("key")), str(fields.get(field, "")))
    names = protected_names((e.act for e in ledger.acts("told")), people.values())
    numbers = Register(e.act for e in ledger.acts("handed-over")).given()
    signed_at = check_all(note, ledger.vkeys()) or 0
    return Desk(ledger, Opening(names), people, numbers, lang, note.checkpoint.size, signed_at)


class _Withheld(dict[str, str]):
    """Says of every place of a sentence that is not open that it is withheld."""

    def __init__(self, said: Mapping[str, str], withheld: str) -> None:
        super().__init__(said)
        self._withheld = withheld

    def __missing__(self, key: str) -> str:
        return self._withheld


def plain(value: Json) -> str:
    """Return a value of a field as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@cache
def words() -> dict[str, Json]:
    """Return the sentences of papers: key → language → text with ``{places}``."""
    text = (resources.files("dalil.dossier") / "words" / "paper.json").read_text("utf-8")
    found: dict[str, Json] = json.loads(text)
    return found
