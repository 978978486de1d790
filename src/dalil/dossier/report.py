"""Custody, exhibits and certificate in plain sentences, with no gap hidden."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dalil.dossier.desk import Desk, open_desk, plain, words
from dalil.dossier.exhibits import (
    LOOKED,
    Original,
    find_items,
    items_of,
    read_original,
    shown,
    what_item,
)
from dalil.dossier.paper import Beside, Block, Document, Head, Row, Says, Title, isolated
from dalil.errors import UsageRefused
from dalil.kernel.canonical import Json
from dalil.ledger.ledger import Entry, Ledger
from dalil.vault.ocfl import place_of

NOT_KNOWN = frozenset({"", "unknown", "not known", "none", "مجهول", "غير معروف"})
HOP_FIELDS = ("role", "when", "where", "how")
COMMAND = "python3 -I verify.py ."
WHOLE = "1"
OF_ACCESSIONS = frozenset({"accession-opened", "accession-closed"})


def custody_report(archive: Path, item: str, lang: str = "en") -> Document:
    """Return the custody report of an item, in ``en`` or ``ar``.

    Raises:
        NoSuchThing, UsageRefused: no item, or several, begin so. Missing: it has no seal.

    """
    desk = open_desk(archive, lang)
    original = _one(desk.ledger, item)
    tellings = [e for a in original.accessions for e in _told(desk.ledger, a)]
    gaps = _gaps(desk, original)
    number = desk.number_of(original.item)
    blocks: list[Block] = [
        Title(
            desk.say("custody"),
            desk.say("under", number=number, size=desk.size, at=desk.at()),
        ),
        *_what(desk, original),
        *_in_short(desk, original, len(tellings), gaps),
        *_before(desk, tellings),
        *_since(desk, original),
        *_open_questions(desk, original, tellings, gaps),
        *_limits(desk),
    ]
    return desk.document(desk.say("custody"), blocks)


def exhibit_list(archive: Path, items: Sequence[str], lang: str = "en") -> Document:
    """Return the list of exhibits: those named, or all that ever had a number.

    Raises:
        NoSuchThing: an item that is not there.

    """
    desk = open_desk(archive, lang)
    numbered = [w.removeprefix("item:") for w in desk.numbers if w.startswith("item:")]
    chosen = find_items(desk.ledger, items) if items else numbered
    originals = [read_original(desk.ledger, each, desk.number_of(each)) for each in chosen]
    originals.sort(key=lambda o: (what_item(o.item) not in desk.numbers, len(o.number), o.number))
    blocks: list[Block] = [
        Title(
            desk.say("exhibits"),
            desk.say("exhibits-under", n=len(originals), size=desk.size, at=desk.at()),
        )
    ]
    for each in originals:
        blocks += _exhibit_rows(desk, each)
    beside = {i for o in originals for a in o.accessions for i in items_of(desk.ledger, a)}
    left = len(beside - set(chosen))
    blocks += [Says(""), Says(desk.say("withheld-line", n=left)), Says(desk.say("not-numbered"))]
    return desk.document(desk.say("exhibits"), [*blocks, *_limits(desk)])


def draft_certificate(archive: Path, item: str, lang: str = "en") -> Document:
    """Return a draft certificate under FRE 902(13) and (14): unsigned, what is missing marked."""
    desk = open_desk(archive, lang)
    original = _one(desk.ledger, item)
    missing: list[str] = []

    def lacks(label: str, what: str) -> Row:
        missing.append(what)
        return Row(desk.say(label), desk.say("missing", what=desk.say(what)))

    digests = original.digests
    blocks: list[Block] = [
        Title(desk.say("certificate"), desk.say("certificate-under")),
        Head(desk.say("certifier")),
        lacks("name", "to-name"),
        lacks("position", "to-position"),
        lacks("qualified", "to-qualified"),
        Head(desk.say("process")),
        *_process(desk, original),
        lacks("accuracy", "to-accuracy"),
        lacks("machine", "to-machine"),
        Head(desk.say("copy")),
        Says(desk.say("copy-1")),
        Row("SHA-256", digests.sha256, mono=True),
        Row("SHA-512", digests.sha512, mono=True),
        lacks("recomputed", "to-recomputed"),
        Head(desk.say("not-said-here")),
        Says(desk.say("not-said-1")),
        Head(desk.say("notice-and-signature")),
        lacks("notice", "to-notice"),
        lacks("signature", "to-signature"),
    ]
    blocks += [Says(""), Says(desk.say("count-missing", n=len(missing)))]
    if words()["for-filing"][lang]:
        blocks.append(Says(desk.say("for-filing")))
    return desk.document(desk.say("certificate"), blocks)


def _one(ledger: Ledger, item: str) -> Original:
    found = find_items(ledger, [item])
    if len(found) != 1:
        raise UsageRefused("this paper is about one item")
    return read_original(ledger, found[0], "")


def _told(ledger: Ledger, accession: str) -> list[Entry]:
    return [e for e in ledger.accession_acts(accession) if e.act.type == "told"]


def _generation(desk: Desk, original: Original) -> str:
    """Return what is said of the generation, as a question where nobody knows."""
    act = original.taken_in[0].act
    if str(act.opened().get("generation") or "").strip().casefold() in NOT_KNOWN:
        return desk.say("generation-open")
    said = desk.opening.fields(act).get("generation")
    return desk.say("withheld") if said is None else isolated(shown(str(said)))


def _what(desk: Desk, original: Original) -> list[Block]:
    by_bytes = original.sealed.act.opened().get("sealed_by") == "bytes"
    digests = original.digests
    return [
        Head(desk.say("what")),
        Row(desk.say("title"), isolated(desk.title_of(original))),
        Row(desk.say("item"), original.item, mono=True),
        Row(desk.say("length"), desk.say("bytes", n=digests.length)),
        Row("SHA-256", digests.sha256, mono=True),
        Row("SHA-512", digests.sha512, mono=True),
        Row(desk.say("seal"), desk.say("sealed-by-bytes" if by_bytes else "sealed-by-units")),
        Row(desk.say("generation"), _generation(desk, original)),
    ]


def _in_short(desk: Desk, original: Original, tellings: int, gaps: Sequence[str]) -> list[Block]:
    time = desk.when(str(original.taken_in[0].act.opened()["time"]))
    if gaps:
        text = desk.say("gaps", n=len(gaps), time=time, m=tellings)
    elif tellings:
        text = desk.say("no-gap" if tellings > 1 else "no-gap-one", time=time, n=tellings)
    else:
        text = desk.say("no-gap-untold", time=time)
    return [Head(desk.say("in-short")), Says(text), Says(desk.say("stated"), faint=True)]


def _before(desk: Desk, tellings: Sequence[Entry]) -> list[Block]:
    blocks: list[Block] = [Head(desk.say("before"))]
    if not tellings:
        return [*blocks, Says(desk.say("nobody-told"))]
    blocks.append(Says(desk.say("before-note"), faint=True))
    hops: dict[int, list[Entry]] = {}
    for entry in tellings:
        hops.setdefault(int(entry.act.opened().get("hop", 0)), []).append(entry)
    for number, told in sorted(hops.items()):
        columns = [_hop(desk, entry) for entry in told]
        mark = desk.say("one-telling", n=number)
        if len(told) > 1:
            mark = desk.say("contested", n=number, m=len(told))
        threes = [tuple(columns[i : i + 3]) for i in range(0, len(columns), 3)]
        blocks += [Beside(each, "" if i else mark) for i, each in enumerate(threes)]
    return blocks


def _hop(desk: Desk, entry: Entry) -> tuple[tuple[str, str], ...]:
    said, whole = desk.opening.fields(entry.act), entry.act.opened()
    lines = []
    for name in HOP_FIELDS:
        text = str(said.get(name) or "")
        if name not in said and whole.get(name):
            text = desk.say("withheld")
        lines.append((desk.say(name), isolated(shown(text)) if text else desk.say("not-said")))
    by = desk.say("act", seq=entry.seq) + f" · {desk.when(str(whole['time']))}"
    return (*lines, (desk.say("told-in"), by))


def _since(desk: Desk, original: Original) -> list[Block]:
    entries = {e.seq: e for e in original.acts}
    for accession in original.accessions:
        for entry in desk.ledger.accession_acts(accession):
            if entry.act.type in OF_ACCESSIONS:
                entries[entry.seq] = entry
    first = original.taken_in[0].seq
    entries |= {e.seq: e for e in desk.ledger.acts("stamped") if e.seq > first}
    entries |= {e.seq: e for e in _checks(desk, original)}
    blocks: list[Block] = [Head(desk.say("since"))]
    for seq, entry in sorted(entries.items()):
        time = str(entry.act.opened()["time"])
        by = desk.say("by", seq=seq, who=desk.who(entry))
        blocks.append(Row(desk.when(time), _sentence(desk, original, entry), by))
    looks = sum(e.act.type == LOOKED for e in desk.ledger.acts_about(original.item))
    if looks:
        blocks.append(Row(desk.say("looks"), str(looks), desk.say("looks-note")))
    return blocks


def _sentence(desk: Desk, original: Original, entry: Entry) -> str:
    kind = entry.act.type
    fields: dict[str, Json] = {**entry.act.payload, **desk.opening.fields(entry.act)}
    if kind == "taken-in":
        name = fields.get("name_text")
        fields["name"] = desk.title_of(original) if name is None else name
        again = entry.seq != original.taken_in[0].seq
        return desk.act_says("taken-in-again" if again else kind, fields)
    if kind == "sealed":
        return desk.act_says(kind, {"root": str(fields["tree_root"])[:16]})
    if kind == "checked" and _is_broken(original, entry):
        return desk.act_says("checked-broken", {})
    known = kind in words()["acts"]
    return desk.act_says(kind if known else "other", {**fields, "kind": fields.get("kind", kind)})


def _checks(desk: Desk, original: Original) -> list[Entry]:
    """Return the checks that found it broken, or that read every item."""
    first = original.taken_in[0].seq
    found = [e for e in desk.ledger.acts("checked") if e.seq > first]
    return [e for e in found if _is_broken(original, e) or e.act.opened().get("share") == WHOLE]


def _is_broken(original: Original, entry: Entry) -> bool:
    folder = place_of(original.item).rpartition("/")[2]
    lines = [str(each) for each in entry.act.opened().get("broken") or []]
    return any(original.item in line or folder in line for line in lines)


def _gaps(desk: Desk, original: Original) -> list[str]:
    """Return what is known to be missing or wrong since it was taken in, a sentence each."""
    found = []
    for entry in _checks(desk, original):
        if _is_broken(original, entry):
            time = desk.when(str(entry.act.opened()["time"]))
            found.append(desk.say("gap-broken", seq=entry.seq, time=time))
    return found


def _open_questions(
    desk: Desk, original: Original, tellings: Sequence[Entry], gaps: Sequence[str]
) -> list[Block]:
    said = list(gaps)
    for accession in original.accessions:
        for entry in desk.ledger.accession_acts(accession):
            if entry.act.type == "accession-closed":
                said += _lists(desk, entry)
    if _generation(desk, original) == desk.say("generation-open"):
        said.append(desk.say("generation-open"))
    if not tellings:
        said.append(desk.say("nobody-told"))
    first = original.taken_in[0].seq
    if not any(e.seq > first for e in desk.ledger.acts("stamped")):
        said.append(desk.say("no-clock"))
    if not _checks(desk, original):
        said.append(desk.say("never-checked"))
    return [Head(desk.say("open")), *(Says(each) for each in said or [desk.say("none")])]


def _lists(desk: Desk, entry: Entry) -> list[str]:
    whole, said = entry.act.opened(), desk.opening.fields(entry.act)
    found = []
    for name, key in (("gaps", "gap-names"), ("unread", "unread")):
        if whole.get(name):
            names = said.get(name)
            text = ", ".join(isolated(shown(plain(each))) for each in names or ())
            found.append(
                words()[key][desk.lang].format(names=text) if names else desk.say("closed-list")
            )
    return found


def _limits(desk: Desk) -> list[Block]:
    says = [Says("— " + desk.say(f"limit-{i}")) for i in range(1, 5)]
    return [
        Head(desk.say("limits")),
        *says,
        Head(desk.say("check")),
        Says(desk.say("check-how", command=COMMAND)),
    ]


def _exhibit_rows(desk: Desk, original: Original) -> list[Block]:
    acts = ", ".join(str(e.seq) for e in original.acts)
    line = desk.say(
        "exhibit-line",
        length=original.digests.length,
        time=desk.when(str(original.taken_in[0].act.opened()["time"])),
        acts=acts,
    )
    return [
        Row(original.number, isolated(desk.title_of(original)), line),
        Row("SHA-256", original.digests.sha256, mono=True),
    ]


def _process(desk: Desk, original: Original) -> list[Block]:
    said: list[Block] = []
    for key, entry in (("process-1", original.taken_in[0]), ("process-2", original.sealed)):
        fields = {**entry.act.payload, **entry.act.opened()}
        text = desk.say(
            key,
            seq=entry.seq,
            time=desk.when(str(fields["time"])),
            tool=shown(plain(fields.get("tool", ""))),
            name=desk.title_of(original),
            who=desk.who(entry),
        )
        said.append(Says(text))
    root = Row(desk.say("root"), str(original.sealed.act.payload["tree_root"]), mono=True)
    return [*said, root, Says(desk.say("process-3", size=desk.size))]
