"""claims.json: every record that is here, what speaks against each claim, and who signed that."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dalil.casebook.command.answer import Answer
from dalil.casebook.record.claims import Assertion, Assessment
from dalil.casebook.weigh.suggestion import Suggestion
from dalil.dossier.claims.carrying import Carried
from dalil.dossier.claims.closure import Closure
from dalil.dossier.claims.showing import CLOSED, PART, Selection
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.kernel.digest import sha256
from dalil.kernel.note import SignatureLine, vkeys_of
from dalil.ledger.keyring import Signer

KIND = "dalil-claims"
HEAD = "dalil-claims/v1"
WITHHELD = "withheld"
TITLES = ("title", "label", "key", "form", "question_en", "question_ar", "predicate")
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer on who commanded: its file below ``data/claims``, its bytes, what it rests on.

    ``answer`` is what the file holds: nothing of a withheld source is in it.
    """

    file: str
    data: bytes
    place: str
    on: str
    records: tuple[str, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Head:
    """Of which log and case a listing is, and which class of records goes out."""

    origin: str
    log_size: int
    see: str


@dataclass(frozen=True, slots=True)
class Listed:
    """All that is listed: the records, how closed ones are called, what the rule suggests."""

    closure: Closure
    selection: Selection
    carried: Sequence[Carried]
    labels: Mapping[str, str]
    suggestions: Mapping[str, Suggestion]
    answers: Sequence[Answered] = ()

    def called(self, id_: str) -> str:
        """Return what stands for the id of a withheld record where another one names it.

        A source that was withheld by hand goes under one label, as a witness under a pseudonym;
        of a sealed one not even that is told which statements are its own.
        """
        sealed = id_ in self.selection.sources - self.selection.linked
        return WITHHELD if sealed else self.labels.get(id_, "")


def listing_of(head: Head, listed: Listed, pages: Mapping[str, bytes]) -> bytes:
    """Return claims.json: canonical JSON (spec/casefile.md, "Claims").

    ``pages`` are what people read, by name: signed with the rest by their digests.
    """
    listing: Json = {
        "v": 1,
        "kind": KIND,
        "origin": head.origin,
        "log_size": head.log_size,
        "case": listed.closure.case,
        "chosen": "adopted" if listed.closure.adopted else "all",
        "see": head.see,
        "records": [_record(each, listed) for each in listed.carried],
        "propositions": _propositions(listed),
        "answers": [_answer(each) for each in listed.answers],
        "left_out": dict(listed.selection.left_out),
        "pages": {name: sha256(data).hex() for name, data in pages.items()},
    }
    return canonical.encode(listing)


def signed_note(listing: bytes, head: Head, signer: Signer) -> bytes:
    """Return the note by which the archive signs a listing (C2SP signed-note, Ed25519).

    The first line is no origin of a log, so that it can never be taken for a checkpoint.
    """
    digest = base64.b64encode(sha256(listing)).decode("ascii")
    text = f"{HEAD}\n{head.origin}\n{head.log_size}\n{digest}\n"
    key, _ = vkeys_of(head.origin, signer.archive_ed25519, signer.archive_ml_dsa)
    signature = signer.archive_ed25519.sign(text.encode())
    return f"{text}\n{SignatureLine(head.origin, key.key_id, signature)}\n".encode()


def _record(carried: Carried, listed: Listed) -> Json:
    shown, labels = carried.shown, listed.labels
    record = shown.known.record
    seq, place = carried.at
    said: dict[str, Json] = {"act": seq, "place": place, "kind": record.kind, "shown": shown.state}
    if shown.state == CLOSED:
        said["label"] = labels[record.id]
        if shown.why is not None:
            said |= {"class": shown.why.word, "reason": shown.why.sentence}
        return said
    said["id"] = record.id
    title = title_of(shown.fields())
    if title:
        said["title"] = title
    if record.withdrawn is not None:
        said["withdrawn"] = True
    if shown.state == PART:
        said["closed"] = sorted(shown.closed)
        said["stands_for"] = {
            field: sorted({listed.called(each) for each in ids} - {""})
            for field, ids in shown.hidden.items()
        }
    return said


def title_of(fields: Mapping[str, Json]) -> str:
    """Return what a record is called, from what is open of it."""
    names = fields.get("names") or ()
    said = next((fields[name] for name in TITLES if fields.get(name)), "")
    title = str(names[0]["form"]) if names else str(said)
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _propositions(listed: Listed) -> list[Json]:
    here = {each.known.record.id for each in listed.selection.shown}
    labels, latest = listed.labels, listed.closure.latest()
    on: dict[tuple[str, str], list[str]] = {}
    for each in latest.values():
        if isinstance(each, Assertion | Assessment):
            on.setdefault((each.kind, each.proposition), []).append(each.id)

    def called(ids: Iterable[str]) -> list[str]:
        return sorted(labels.get(each, each) for each in ids if each in here)

    return [
        {
            "id": claim,
            "adopted": claim in listed.closure.adopted,
            "assertions": called(on.get(("assertion", claim), ())),
            "against": called(listed.selection.against.get(claim, ())),
            "assessments": called(on.get(("assessment", claim), ())),
            "suggested": listed.suggestions[claim].status,
        }
        for claim in listed.selection.claims
    ]


def _answer(answer: Answered) -> Json:
    return {
        "file": answer.file,
        "sha256": sha256(answer.data).hex(),
        "place": answer.place,
        "on": answer.on,
        "records": sorted(answer.records),
    }
