"""Exhibits, under numbers that are never given twice, and what is withheld beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dalil.engines.files import sha256_of
from dalil.errors import (
    Altered,
    CannotTell,
    LogBroken,
    Malformed,
    Missing,
    NoSuchThing,
    UsageRefused,
)
from dalil.kernel import canonical
from dalil.kernel.act import Act, parse_presentation
from dalil.kernel.canonical import Json
from dalil.kernel.digest import Digests, sha256
from dalil.kernel.proof import MAGIC, MAX_HEADER, Header, parse_header
from dalil.kernel.tlogproof import parse_tlog_proof
from dalil.ledger.ledger import Entry, Ledger
from dalil.match.copies.judgement import JUDGED

PROOF_SUFFIX = ".excerpt-proof"
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
ITEM = re.compile(r"[0-9a-f]{32}")
SHORTEST_PREFIX = 4
CLASS = re.compile(r"[a-z][a-z-]{1,39}")


# Who of the house looked at footage, and when, concerns them: it changes nothing of an item.
LOOKED = "looked"
LOOKS = frozenset({"look-asked", LOOKED})


@dataclass(frozen=True, slots=True)
class Original:
    """An item that goes whole: its acts, in order, and what they say of its bytes."""

    number: str
    item: str
    title: str
    suffix: str
    digests: Digests
    sealed: Entry
    taken_in: tuple[Entry, ...]
    acts: tuple[Entry, ...]

    @property
    def file(self) -> str:
        """Where it lies, below ``data/``."""
        return f"exhibits/{self.number}/original{self.suffix}"

    @property
    def accessions(self) -> tuple[str, ...]:
        """The accessions that it came in with."""
        return tuple(sorted({str(e.act.opened()["accession"]) for e in self.taken_in}))


@dataclass(frozen=True, slots=True)
class Part:
    """A disclosed part: its proof, the files beside it, and the acts that it rests on."""

    number: str
    proof: Path
    header: Header
    files: tuple[Path, ...]
    disclosed: Entry
    sealed: Entry

    @property
    def folder(self) -> str:
        """Where it lies, below ``data/``."""
        return f"exhibits/{self.number}"


class Register:
    """The numbers that were given, as the acts `handed-over` tell."""

    def __init__(self, handed_over: Iterable[Act]) -> None:
        """Read the acts in order."""
        self._numbers: dict[str, int] = {}
        for act in handed_over:
            for each in act.opened().get("exhibits", []):
                self._numbers[each["what"]] = int(each["number"])

    def given(self) -> dict[str, str]:
        """Return every number that was given, by what has it."""
        return {what: f"{number:04}" for what, number in self._numbers.items()}

    def number(self, what: str) -> str:
        """Return the number of ``item:<id>`` or ``part:<sha256>``, a new one for a new thing."""
        if what not in self._numbers:
            self._numbers[what] = max(self._numbers.values(), default=0) + 1
        return f"{self._numbers[what]:04}"


def what_item(item: str) -> str:
    """Return what the register calls an item."""
    return f"item:{item}"


def what_part(proof: Path) -> str:
    """Return what the register calls a part."""
    return f"part:{sha256_of(proof)}"


def find_items(ledger: Ledger, asked: Sequence[str]) -> list[str]:
    """Return the ids that were asked for, each once: whole ids, beginnings of them, or ``all``.

    Raises:
        NoSuchThing: no item begins so. UsageRefused: several do.

    """
    known = list(dict.fromkeys(str(e.act.opened()["item"]) for e in ledger.acts("taken-in")))
    found: list[str] = []
    for word in asked:
        if word == "all":
            found += known
            continue
        hits = [item for item in known if item == word or _begins(item, word)]
        if not hits:
            raise NoSuchThing(f"item {word}")
        if len(hits) > 1:
            raise UsageRefused(f"{len(hits)} items begin with {word}")
        found += hits
    return list(dict.fromkeys(found))


def read_original(ledger: Ledger, item: str, number: str, beside: Iterable[str] = ()) -> Original:
    """Gather the acts of an item; ``beside`` are the items that are exhibits with it.

    Raises:
        Missing: it was never taken in or never sealed.

    """
    here = frozenset((item, *beside))
    about = (e for e in ledger.acts_about(item) if _leaves(e.act, here))
    acts = tuple(e for e in about if _is_about(e.act, item))
    taken_in = tuple(e for e in acts if e.act.type == "taken-in")
    sealed = [e for e in acts if e.act.type == "sealed"]
    if not taken_in or not sealed:
        raise Missing(f"the seal of item {item}")
    card = sealed[0].act.opened()
    digests = Digests(card["length"], card["sha256"], card["sha512"], card["blake3"])
    name = str(taken_in[0].act.opened().get("name_text", ""))
    title = name.rsplit("/", 1)[-1] or item
    hit = SUFFIX.fullmatch(Path(title).suffix)
    suffix = hit.group().lower() if hit else ""
    return Original(number, item, title, suffix, digests, sealed[0], taken_in, acts)


def proofs_at(path: Path) -> list[Path]:
    """Return the proofs of the parts that a folder, a proof or the file beside it names.

    Raises:
        Missing: there is none.

    """
    if path.is_dir():
        found = sorted(path.glob(f"*{PROOF_SUFFIX}"))
    else:
        named = path.name.endswith(PROOF_SUFFIX)
        found = [path if named else path.with_name(path.name + PROOF_SUFFIX)]
    if not found or not all(each.is_file() for each in found):
        raise Missing(f"{path}: a part's proof ({PROOF_SUFFIX})")
    return found


def read_part(ledger: Ledger, proof: Path, register: Register) -> Part:
    """Read a published part; what lies beside it unproven stays behind.

    Raises:
        Missing: a file of it. Altered: a file is not what was published.
        NoSuchThing: this archive did not disclose it.

    """
    header = read_header(proof)
    files = tuple(proof.with_name(each.name) for each in header.published)
    for place, said in zip(files, header.published, strict=True):
        if not place.is_file():
            raise Missing(str(place))
        if place.stat().st_size != said.size or sha256_of(place) != said.sha256:
            raise Altered(str(place))
    disclosed = in_this_log(ledger, header.disclosure.act, header.disclosure.proof, proof)
    sealed = in_this_log(ledger, header.card.act, header.card.proof, proof)
    return Part(register.number(what_part(proof)), proof, header, files, disclosed, sealed)


def shown(text: str) -> str:
    """Return a text that is safe to print: no control or direction characters."""
    return "".join(
        f"<U+{ord(c):04X}>" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c
        for c in text
    )


def read_header(proof: Path) -> Header:
    """Read what a part's proof says first; nothing of it is checked.

    Raises:
        Malformed: it is no proof. Missing: it is not there.

    """
    try:
        with proof.open("rb") as file:
            magic = file.read(len(MAGIC))
            length = int.from_bytes(file.read(4), "big")
            if magic != MAGIC or length > MAX_HEADER:
                raise Malformed(str(proof))
            return parse_header(file.read(length))
    except OSError:
        raise Missing(str(proof)) from None


def in_this_log(ledger: Ledger, presentation: str, proof_text: str, proof: Path) -> Entry:
    """Return the act of this archive that a part's proof shows.

    Raises:
        NoSuchThing: this archive did not disclose it.

    """
    seq = parse_tlog_proof(proof_text).index
    entry = ledger.act(seq) if seq < ledger.size else None
    if entry is None or entry.act.jwt != parse_presentation(presentation).jwt:
        raise NoSuchThing(f"{proof}: it was not disclosed by this archive")
    return entry


def _begins(item: str, word: str) -> bool:
    return len(word) >= SHORTEST_PREFIX and item.startswith(word)


def _leaves(act: Act, here: frozenset[str]) -> bool:
    """Whether an act leaves with its item: no look does; a judgement with both its items alone."""
    if act.type != JUDGED:
        return act.type not in LOOKS
    items = act.opened().get("items")
    return isinstance(items, list) and len(items) > 1 and here.issuperset(items)


def _is_about(act: Act, item: str) -> bool:
    fields = act.opened()
    items = fields.get("items")
    return fields.get("item") == item or (isinstance(items, list) and item in items)


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is not here: a short word and a sentence."""

    word: str = "not-included"
    sentence: str = "Not among the items asked for."


@dataclass(frozen=True, slots=True)
class Withheld:
    """One item that is not here; ``commitment`` is SHA-256 of its sealed act's JWT, in hex."""

    accession: str
    commitment: str
    why: Why

    def line(self) -> bytes:
        """Return its line of ``withheld.jsonl``."""
        value = {
            "accession": self.accession,
            "class": self.why.word,
            "commitment": self.commitment,
            "count": 1,
            "reason": self.why.sentence,
        }
        return canonical.encode(value) + b"\n"


def withheld_from(
    ledger: Ledger,
    accessions: Iterable[str],
    exhibited: Sequence[str],
    reasons: Mapping[str, Why],
) -> list[Withheld]:
    """Return every item of the accessions that is no exhibit, in an order that says nothing.

    Raises:
        NoSuchThing: a reason is given for what is not withheld. CannotTell: an accession was
        not closed. LogBroken: its total is not the number of its items. Missing: an item
        without a seal.

    """
    here = frozenset(exhibited)
    found: list[Withheld] = []
    named: set[str] = set()
    for accession in sorted(set(accessions)):
        items = items_of(ledger, accession)
        away = items - here
        named |= away
        found += [
            Withheld(accession, _commitment(ledger, each), reasons.get(each, Why()))
            for each in away
        ]
    unknown = sorted(set(reasons) - named)
    if unknown:
        raise NoSuchThing(f"{unknown[0]}: a reason is given, but it is not withheld here")
    return sorted(found, key=lambda each: (each.accession, each.commitment))


def parse_reasons(words: Iterable[str]) -> dict[str, Why]:
    """Parse ``ITEM=CLASS:REASON`` words.

    Raises:
        UsageRefused: another form.

    """
    found: dict[str, Why] = {}
    for word in words:
        item, equals, rest = word.partition("=")
        kind, colon, reason = rest.partition(":")
        if not equals or not colon or not item or not reason.strip() or not CLASS.fullmatch(kind):
            raise UsageRefused(f"--withheld {word}: ITEM=CLASS:REASON, the class in small letters")
        found[item.strip()] = Why(kind, reason.strip())
    return found


def items_of(ledger: Ledger, accession: str) -> frozenset[str]:
    """Return the items of an accession, their number compared with its closing act."""
    taken: set[str] = set()
    total: int | None = None
    for entry in ledger.accession_acts(accession):
        if entry.act.type == "taken-in":
            taken.add(str(entry.act.opened()["item"]))
        elif entry.act.type == "accession-closed":
            total = int(entry.act.opened()["items"])
    if total is None:
        raise CannotTell(f"accession {accession} was not closed, so it has no total")
    if total != len(taken):
        raise LogBroken(f"accession {accession}: {total} items closed, {len(taken)} taken in")
    return frozenset(taken)


def _commitment(ledger: Ledger, item: str) -> str:
    sealed = [e for e in ledger.acts_about(item) if _seals(e, item)]
    if not sealed:
        raise Missing(f"the seal of item {item}")
    return sha256(sealed[0].act.jwt.encode("ascii")).hex()


def _seals(entry: Entry, item: str) -> bool:
    return entry.act.type == "sealed" and entry.act.opened().get("item") == item


def exhibit_json(exhibit: Original | Part, *, title_protected: bool) -> dict[str, Json]:
    """Return an exhibit as ``case.json`` says it; a title that must not leave is its number."""
    if isinstance(exhibit, Part):
        return {
            "number": exhibit.number,
            "kind": exhibit.header.kind,
            "title": exhibit.header.published[0].name,
            "files": [f"{exhibit.folder}/{each.name}" for each in exhibit.files],
            "proof": f"{exhibit.folder}/{exhibit.proof.name}",
            "custody": sorted({exhibit.disclosed.seq, exhibit.sealed.seq}),
        }
    return {
        "number": exhibit.number,
        "title": exhibit.number if title_protected else exhibit.title,
        "file": exhibit.file,
        "item": exhibit.item,
        "length": exhibit.digests.length,
        "sha256": exhibit.digests.sha256,
        "sealed_seq": exhibit.sealed.seq,
        "taken_in_seqs": [e.seq for e in exhibit.taken_in],
        "custody": [e.seq for e in exhibit.acts],
    }
