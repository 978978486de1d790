"""What is sealed never reaches whoever may not see it: not in one byte of one answer."""

from __future__ import annotations

from typing import Any

import pytest

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.describing import Annotation, Round, Speech, Term
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.record.victims import Appearance, Notification, Victim
from dalil.intake.listing import items_like
from web.addresses import addresses, path_of, samples
from web.rooms import Desk

CANARY = "Kanarienvogel"
IDS = {
    "record_id", "claim", "about", "term", "round", "round_id", "victim", "one", "site",
    "hypothesis", "scope_id",
}  # fmt: skip
ARABIC = "عصفورالكناري"


def sealed(item: str) -> list[Record]:
    """Return records of many kinds, each with the canary in its texts, all of them sealed."""
    who, where, asked, source, dead = (new_id() for _ in range(5))
    told: Any = {"see": "sealed", "case": "zumurruda"}
    at: Any = {"item": item, "pts_start": 0, "pts_end": 12, "timebase": "1/12"}
    names = ({"form": CANARY}, {"form": ARABIC})
    return [
        Entity(id=who, type="person", names=names, **told),
        Entity(id=where, type="site", names=names, lat_e6=33_123_456, lon_e6=36_123_456, **told),
        Source(id=source, type="article", title=CANARY, **told),
        Proposition(id=asked, subject=who, predicate="event", value=CANARY, **told),
        Assertion(id=new_id(), proposition=asked, source=source, text=CANARY, **told),
        Relation(
            id=new_id(), relation="present_at", a=who, b=where, source=source, verbatim=CANARY,
            **told,
        ),
        Conduct(id=new_id(), act=CANARY, severity=4, note_en=CANARY, note_ar=ARABIC, **at, **told),
        Annotation(id=new_id(), lane=CANARY, text_en=CANARY, severity=5, **at, **told),
        Speech(id=new_id(), lang="ar", words=ARABIC, speaker=CANARY, **at, **told),
        Victim(id=dead, names=names, key=CANARY, place_said=CANARY, **told),
        Appearance(id=new_id(), victim=dead, note=CANARY, **at, **told),
        Notification(
            id=new_id(), victim=dead, what="release", to=CANARY, by=CANARY, on="2026", **told
        ),
        Term(id=new_id(), book="acts", key=CANARY, name_en=CANARY, name_ar=ARABIC, **told),
    ]  # fmt: skip


def answers(desk: Desk, who: str, records: list[Record]) -> dict[str, bytes]:
    """Return what every address answers, asked for what is there and for what is sealed."""
    client, given = desk.client(who), samples(desk)
    paths = {path_of(each, given) for each in addresses()}
    about_one = [each for each in addresses() if IDS & set(each.arguments)]
    for record in records:
        plain = {name: value for name, value in given.items() if " " not in name}
        named = {**plain, **dict.fromkeys(IDS, record.id)}
        paths |= {path_of(each, named) for each in about_one}
    paths |= {
        f"{path}?{query}"
        for path in ("/en/search/", "/ar/search/", "/en/search/data", "/en/search/facets")
        # Beginnings of the words, so that what was asked is not mistaken for an answer.
        for query in ("q=Kanarien*", "q=عصفور*", "type=person", "near=33.12,36.12,1000")
    }
    left_out = ("/leave", "/lock", "/logout")
    found = {}
    for path in sorted(paths):
        if any(each in path for each in left_out):
            continue
        answer: Any = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[path] = body + repr(sorted(answer.headers.items())).encode()
    return found


@pytest.mark.parametrize("who", ["rima", "ghassan"])
def test_a_sealed_record_is_in_no_byte_of_any_answer(desk: Desk, who: str) -> None:
    records = sealed(desk.item())
    desk.casebook.write(records, desk.signer("idris"))
    told = {
        path
        for path, body in answers(desk, who, records).items()
        if CANARY.encode() in body or ARABIC.encode() in body or b"33.1234" in body
    }
    assert told == set()


def test_a_file_s_name_is_read_by_nobody_who_sees_open_records_alone(desk: Desk) -> None:
    name = items_like(desk.casebook.ledger, desk.item(), 1)[0].name.encode()
    given = samples(desk)
    rooms = ("describing:", "viewing:", "publishing:")
    paths = {path_of(each, given) for each in addresses() if each.name.startswith(rooms)}
    guest, told = desk.client("ghassan"), desk.client("rima")
    assert [path for path in sorted(paths) if name in guest.get(path).content] == []
    assert name in told.get(f"/en/describing/item/{desk.item()}/").content


def test_whoever_may_see_it_does(desk: Desk) -> None:
    records = sealed(desk.item())
    desk.casebook.write(records, desk.signer("idris"))
    found = answers(desk, "layla", records)
    assert any(CANARY.encode() in body for body in found.values())


def test_what_is_written_in_a_blind_round_is_read_by_its_author_alone(desk: Desk) -> None:
    rima, idris = desk.signer("rima"), desk.signer("idris")
    at: Any = {"item": desk.item(), "pts_start": 0, "pts_end": 12, "timebase": "1/12"}
    blind = Round(
        id=new_id(), item=desk.item(), book="acts", lanes=("what happens",),
        annotators=(rima.person_id, idris.person_id), see="restricted",
    )  # fmt: skip
    desk.casebook.write([blind], desk.signer("layla"))
    own = Annotation(
        id=new_id(), lane="what happens", text_en=CANARY, round=blind.id,
        annotator=rima.person_id, see="restricted", **at,
    )  # fmt: skip
    desk.casebook.write([own], rima)
    found = answers(desk, "idris", [own, blind])
    assert not [path for path, body in found.items() if CANARY.encode() in body]
    assert any(CANARY.encode() in body for body in answers(desk, "rima", [own, blind]).values())
