"""The case file that leaves the house (spec/casefile.md)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dalil.dossier.bag import Bag, Bagged, formats, new_bag, programs, read_me
from dalil.dossier.claims.gathering import Claims, ClaimsOrder, gather_claims, write_claims
from dalil.dossier.exhibits import (
    Original,
    Part,
    Register,
    Why,
    Withheld,
    exhibit_json,
    find_items,
    proofs_at,
    read_original,
    read_part,
    shown,
    what_item,
    what_part,
    withheld_from,
)
from dalil.dossier.opening import Opening, ProtectedNames, protected_names
from dalil.errors import Altered, ArchiveBusy, Missing, NotAllowed, UsageRefused
from dalil.kernel import canonical
from dalil.kernel.act import check_by, check_form, check_issuer, parse_presentation
from dalil.kernel.canonical import Json
from dalil.kernel.note import check_all
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft, Entry, Ledger
from dalil.vault.vault import Vault

KIND = "dalil-case-file"
EVERYWHERE = ("archive-created", "person-added", "person-revoked", "stamped")
OF_ACCESSIONS = ("accession-opened", "told", "accession-closed")
TIME_FILE = re.compile(r"(\d+)-[A-Za-z0-9._-]+\.(?:tsq|tsr)|[A-Za-z0-9._-]+\.pem")
MAX_WORDS = 2000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: items (ids, beginnings of ids, ``all``) and parts, for whom and why."""

    items: tuple[str, ...]
    recipient: str
    reason: str
    parts: tuple[Path, ...] = ()
    withheld: Mapping[str, Why] = field(default_factory=dict)
    also_open: Mapping[str, frozenset[str]] = field(default_factory=dict)
    claims: ClaimsOrder | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What was built: where, how much, and the act that records it.

    ``claims`` counts the claims, ``withheld_sources`` sources whose identity stays here.
    """

    path: Path
    exhibits: tuple[str, ...]
    withheld: int
    files: int
    octets: int
    log_size: int
    manifest_sha256: str
    handed_over: int
    receipt: Path
    claims: int = 0
    withheld_sources: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """All that goes in, gathered and checked before a byte is written."""

    order: Order
    ledger: Ledger
    originals: tuple[Original, ...]
    parts: tuple[Part, ...]
    withheld: tuple[Withheld, ...]
    opening: Opening
    custody: dict[int, Entry]
    shown_by_parts: dict[int, frozenset[str]]
    claims: Claims | None = None

    @property
    def exhibits(self) -> list[Original | Part]:
        """Originals and parts by number."""
        return sorted([*self.originals, *self.parts], key=lambda each: int(each.number))


def build_case_file(  # noqa: PLR0913 - what, for whom, why, where to, by whom
    archive: Path,
    items: Sequence[str],
    recipient: str,
    reason: str,
    out: Path,
    signer: Signer,
    *,
    parts: Sequence[Path] = (),
    withheld: Mapping[str, Why] | None = None,
    also_open: Mapping[str, frozenset[str]] | None = None,
    claims: ClaimsOrder | None = None,
    progress: Progress | None = None,
) -> CaseFile:
    """Build a case file at ``out``, record the hand-over, and give the folder its name.

    Raises:
        UsageRefused: no exhibit, claim, recipient or reason. NoSuchThing: an item or case that is
        not there. AgainstLeftOut: what speaks against a claim was to stay behind.
        Missing, Altered: an original or a part is not what was recorded. ArchiveExists: there
        is something at ``out``. CannotTell, LogBroken: the accession does not add up.

    """
    order = Order(
        *(tuple(items), recipient.strip(), reason.strip(), tuple(parts)),
        *(withheld or {}, also_open or {}, claims),
    )
    _check_order(order, archive, out)
    ledger = Ledger.open(archive)
    ledger.recover(signer)
    contents = gather(ledger, order)
    note = ledger.note()
    stamp = check_all(note, ledger.vkeys()) or 0
    with new_bag(out, stamp) as (bag, give_name):
        _write_exhibits(bag, contents, Vault.open(archive), progress)
        _write_log(bag, contents)
        _write_time(bag, contents, archive / "time")
        _write_words(bag, contents, stamp)
        if contents.claims is not None:
            write_claims(bag, contents.claims, ledger, order.recipient, signer)
        if str(ledger.note()) != str(note):
            raise ArchiveBusy("acts were added while the case file was being built")
        bagged = bag.finish(_bag_info(contents))
        entry = _record(contents, bagged, signer)
        give_name()
    numbers = tuple(each.number for each in contents.exhibits)
    return CaseFile(
        out,
        numbers,
        len(contents.withheld),
        bagged.files,
        bagged.octets,
        note.checkpoint.size,
        bagged.manifest_sha256,
        entry.seq,
        ledger.write_receipt(entry.seq),
        len(contents.claims.selection.claims) if contents.claims else 0,
        contents.claims.withheld_sources if contents.claims else 0,
    )


def gather(ledger: Ledger, order: Order) -> Contents:
    """Gather exhibits, custody and what is withheld; nothing is written."""
    register = Register(e.act for e in ledger.acts("handed-over"))
    ids = find_items(ledger, order.items)
    originals = tuple(
        read_original(ledger, item, register.number(what_item(item)), ids) for item in ids
    )
    claims, of_records, names = None, frozenset[str](), _protected(ledger)
    if order.claims is not None:
        claims = gather_claims(ledger, order.claims, order.withheld, names)
        of_records, names = claims.explained, claims.protected(names)
    reasons = {
        find_items(ledger, [item])[0]: why
        for item, why in order.withheld.items()
        if item not in of_records
    }
    parts = _distinct(
        [read_part(ledger, proof, register) for path in order.parts for proof in proofs_at(path)]
    )
    accessions = {a for each in originals for a in each.accessions}
    _refuse_names(order, parts, names)
    custody, opened = _custody(ledger, originals, parts, accessions)
    custody |= claims.acts if claims is not None else {}
    return Contents(
        order,
        ledger,
        originals,
        parts,
        tuple(withheld_from(ledger, accessions, ids, reasons)),
        Opening(names, order.also_open),
        custody,
        opened,
        claims,
    )


def _protected(ledger: Ledger) -> ProtectedNames:
    staff = [str(e.act.opened().get("name", "")) for e in ledger.acts("person-added")]
    staff += [str(e.act.opened().get("keeper", "")) for e in ledger.acts("archive-created")]
    return protected_names((e.act for e in ledger.acts("told")), staff)


def _refuse_names(order: Order, parts: Sequence[Part], names: ProtectedNames) -> None:
    case = order.claims.case if order.claims is not None else ""
    reasons = [why.sentence for why in order.withheld.values()]
    for word in (order.recipient, order.reason, case, *reasons):
        if names.named_in(word, by_word=False):
            raise NotAllowed("the recipient, the case or a reason names somebody who is protected")
    for part in parts:
        if any(names.named_in(place.name) for place in (part.proof, *part.files)):
            raise NotAllowed(f"{part.proof}: its name names somebody who is protected")


def _check_order(order: Order, archive: Path, out: Path) -> None:
    if not order.items and not order.parts and order.claims is None:
        raise UsageRefused("neither an item nor a part nor a case is named")
    for name, text in (("recipient", order.recipient), ("reason", order.reason)):
        if not text or len(text) > MAX_WORDS:
            raise UsageRefused(f"the {name} is empty or longer than {MAX_WORDS} characters")
    if archive.resolve() in (out.resolve(), *out.resolve().parents):
        raise UsageRefused(f"{out} is inside the archive")


def _distinct(parts: Sequence[Part]) -> tuple[Part, ...]:
    return tuple({part.number: part for part in parts}.values())


def _custody(
    ledger: Ledger,
    originals: Sequence[Original],
    parts: Sequence[Part],
    accessions: set[str],
) -> tuple[dict[int, Entry], dict[int, frozenset[str]]]:
    """Return the acts by place, and the disclosures that parts opened already."""
    entries = [e for kind in EVERYWHERE for e in ledger.acts(kind)]
    entries += [e for each in originals for e in each.acts]
    for accession in accessions:
        entries += [e for e in ledger.accession_acts(accession) if e.act.type in OF_ACCESSIONS]
    opened: dict[int, frozenset[str]] = {}
    for part in parts:
        for entry, logged in (
            (part.disclosed, part.header.disclosure),
            (part.sealed, part.header.card),
        ):
            disclosures = frozenset(parse_presentation(logged.act).disclosures)
            opened[entry.seq] = opened.get(entry.seq, frozenset()) | disclosures
            entries.append(entry)
    return {e.seq: e for e in sorted(entries, key=lambda e: e.seq)}, opened


def _write_exhibits(bag: Bag, contents: Contents, vault: Vault, progress: Progress | None) -> None:
    total = sum(each.digests.length for each in contents.originals)
    done = 0

    def advance(portion: int) -> None:
        nonlocal done
        done += portion
        if progress is not None:
            progress(done, total)

    for original in contents.originals:
        try:
            with vault.original(original.item) as source:
                copied = bag.add_stream(f"data/{original.file}", source, advance)
        except FileNotFoundError:
            raise Missing(f"the original of item {original.item}") from None
        if copied != original.digests:
            raise Altered(f"the original of item {original.item} (exhibit {original.number})")
    for part in contents.parts:
        for place in (*part.files, part.proof):
            with place.open("rb") as source:
                bag.add_stream(f"data/{part.folder}/{place.name}", source)


def _write_log(bag: Bag, contents: Contents) -> None:
    ledger = contents.ledger
    people: dict[str, bytes] = {}
    archive_key = ledger.vkeys()[0].key
    for seq, entry in sorted(contents.custody.items()):
        check_form(entry.act)
        check_issuer(entry.act, archive_key)
        check_by(entry.act)
        text = _presentation(contents, seq)
        bag.add(f"data/custody/{seq:08}.act", text.encode("ascii"))
        bag.add(f"data/custody/{seq:08}.tlog-proof", str(ledger.proof(seq)).encode())
        people = _people(entry) | people
    bag.add("data/log/checkpoint", str(ledger.note()).encode())
    bag.add("data/log/vkeys", "".join(f"{key}\n" for key in ledger.vkeys()).encode())
    bag.add("data/people.jsonl", b"".join(people[key] for key in sorted(people)))
    bag.add("data/withheld.jsonl", b"".join(each.line() for each in contents.withheld))


def _presentation(contents: Contents, seq: int) -> str:
    act = contents.custody[seq].act
    besides = contents.shown_by_parts.get(seq)
    items = {each.item for each in contents.originals}
    if besides is not None and act.opened().get("item") not in items:
        # A part of what is no exhibit: what its own proof opens (it may be nothing) and no more.
        return "~".join([act.jwt, *(d for d in act.disclosures if d in besides), ""])
    return contents.opening.presentation(act, besides or ())


def _people(entry: Entry) -> dict[str, bytes]:
    fields = entry.act.opened()
    if entry.act.type == "archive-created":
        key, name, role = fields.get("key"), fields.get("keeper"), "keeper"
    elif entry.act.type == "person-added":
        key, name, role = fields.get("key"), fields.get("name"), str(fields.get("role", ""))
    else:
        return {}
    if not isinstance(key, str) or not isinstance(name, str):
        return {}
    return {key: canonical.encode({"key": key, "name": name, "role": role}) + b"\n"}


def _write_time(bag: Bag, contents: Contents, folder: Path) -> None:
    ledger = contents.ledger
    size = ledger.size
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        hit = TIME_FILE.fullmatch(path.name)
        if hit and path.is_file() and (hit.group(1) is None or int(hit.group(1)) <= size):
            with path.open("rb") as source:
                bag.add_stream(f"data/time/{path.name}", source)
    stamped = {int(e.act.opened()["size"]) for e in ledger.acts("stamped")}
    for old in sorted(each for each in stamped if 0 < each <= size):
        hashes = [base64.b64encode(each).decode() + "\n" for each in ledger.consistency(old)]
        bag.add(f"data/time/{old}.consistency", f"{old} {size}\n{''.join(hashes)}".encode())


def _write_words(bag: Bag, contents: Contents, stamp: int) -> None:
    case: Json = {
        "v": 1,
        "kind": KIND,
        "origin": contents.ledger.origin,
        "recipient": contents.order.recipient,
        "reason": contents.order.reason,
        "exhibits": [_exhibit(contents, each) for each in contents.exhibits],
        "log_size": contents.ledger.size,
    }
    if contents.claims is not None:
        case["claims"] = "claims/claims.json"
    bag.add("data/case.json", canonical.encode(case))
    for name, data in programs():
        bag.add(name, data, program=True)
    for name, data in formats():
        bag.add(name, data)
    for lang, name in (("en", "READ-ME-FIRST.txt"), ("ar", "READ-ME-FIRST.ar.txt")):
        bag.add(name, read_me(lang, _read_me_values(contents, stamp, lang)))


def _exhibit(contents: Contents, exhibit: Original | Part) -> dict[str, Json]:
    protected = isinstance(exhibit, Original) and contents.opening.names.named_in(exhibit.title)
    return exhibit_json(exhibit, title_protected=protected)


def _read_me_values(contents: Contents, stamp: int, lang: str) -> dict[str, object]:
    lines = [contents.claims.introduction(lang), ""] if contents.claims is not None else []
    for each in contents.exhibits:
        said = _exhibit(contents, each)
        lines.append(f"  {each.number}  {shown(str(said['title']))}")
    some = next(iter(sorted(contents.custody)))
    at = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return {
        "origin": contents.ledger.origin,
        "recipient": shown(contents.order.recipient),
        "reason": shown(contents.order.reason),
        "exhibits": len(contents.exhibits),
        "withheld": len(contents.withheld),
        "list": "\n".join(lines),
        "size": contents.ledger.size,
        "at": at,
        "some": f"{some:08}",
    }


def _bag_info(contents: Contents) -> list[tuple[str, str]]:
    return [
        ("Source-Organization", contents.ledger.origin),
        ("External-Description", f"Case file for {shown(contents.order.recipient)}"),
        ("Bag-Software-Agent", "dalil, spec/casefile.md version 1"),
    ]


def _record(contents: Contents, bagged: Bagged, signer: Signer) -> Entry:
    numbered = [(e.number, what_item(e.item)) for e in contents.originals]
    numbered += [(e.number, what_part(e.proof)) for e in contents.parts]
    fields: dict[str, Json] = {
        "recipient": contents.order.recipient,
        "reason": contents.order.reason,
        "items": [e.item for e in contents.originals],
        "exhibits": [{"number": n, "what": w} for n, w in sorted(numbered)],
        "manifest_sha256": bagged.manifest_sha256,
    }
    [entry] = contents.ledger.append([Draft("handed-over", fields)], signer)
    return entry
