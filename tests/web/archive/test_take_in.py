"""What was sent through the browser comes in once, as it was read, under the names it had."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from dalil.intake.listing import accession_line, accession_lines, receipts_in
from dalil.ledger.ledger import Ledger
from dalil.web.archive.models import Arriving, Delivery
from dalil.web.archive.work import KINDS
from dalil.web.frame.once import fresh_token
from dalil.web.jobs.models import Job
from dalil.web.jobs.work import Work
from web.archive.arriving import SAID, TUS, begin, bring, create, patch, take_in, tell

if TYPE_CHECKING:
    from web.rooms import Desk

FOLDERS = 6
FILES = {
    f"ذاكرة/مجلد {number:02}/video.mp4": f"clip {number}".encode() * 40 for number in range(FOLDERS)
}


def test_clips_of_one_name_in_many_folders_are_as_many_items_under_their_own_paths(
    desk: Desk,
) -> None:
    delivery = begin(desk)
    bring(desk.client("omar"), delivery, FILES)
    done = take_in(desk, delivery)
    ledger = Ledger.open(desk.archive)
    receipts = receipts_in(ledger, done.url_args[0], slice(None))
    expected = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    assert {r.name_text: r.sha256 for r in receipts} == expected
    assert len({r.item for r in receipts}) == FOLDERS
    line = accession_line(ledger, done.url_args[0])
    assert line.closed_by is not None
    assert (desk.archive / "receipts" / f"act-{line.closed_by}.tlog-proof").is_file()


def test_nothing_in_flight_is_left_once_it_is_taken_in(desk: Desk) -> None:
    delivery = begin(desk)
    bring(desk.client("omar"), delivery, {"a.txt": b"one", "b.txt": b""})
    done = take_in(desk, delivery)
    assert not delivery.folder.exists()
    assert not Arriving.objects.exists()
    assert Delivery.objects.get().accession == done.url_args[0]


def test_what_arrived_otherwise_than_it_was_read_is_not_taken_in(desk: Desk) -> None:
    omar, delivery = desk.client("omar"), begin(desk)
    good, bad = bring(omar, delivery, {"good.bin": b"good", "bad.bin": b"bad!"})
    place = Arriving.objects.get(name="bad.bin").place
    place.write_bytes(b"bad?")
    before = Ledger.open(desk.archive).store.count()
    done = take_in(desk, delivery)
    assert done.url_name == "archive:delivery"
    assert Ledger.open(desk.archive).store.count() == before
    page = omar.get(f"/en/archive/upload/{delivery.id}/").content.decode()
    assert page.count("what arrived differs from what was read") == 1
    assert omar.delete(bad, headers=TUS).status_code == 204
    bring(omar, delivery, {"bad.bin": b"bad!"})
    assert take_in(desk, delivery).url_name == "archive:accession"
    assert good


def test_work_that_was_stopped_goes_on_and_takes_nothing_in_twice(desk: Desk) -> None:
    delivery = begin(desk)
    bring(desk.client("omar"), delivery, FILES)
    Delivery.objects.filter(id=delivery.id).update(said=SAID)
    params = {"delivery": delivery.id}

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        KINDS["take-in"](Work(desk.archive, desk.folder, desk.signer("omar"), params, "en", stop))
    ledger = Ledger.open(desk.archive)
    half = accession_lines(ledger, slice(0, 1))[0]
    assert half.closed_by is None
    assert 0 < half.receipts < FOLDERS
    done = take_in(desk, delivery)
    assert done.url_args[0] == half.accession
    assert accession_line(ledger, half.accession).receipts == FOLDERS
    again = take_in(desk, delivery)
    assert again.url_args == done.url_args
    assert accession_line(ledger, half.accession).receipts == FOLDERS


def test_the_form_takes_nothing_in_before_every_file_is_here(desk: Desk) -> None:
    omar, delivery = desk.client("omar"), begin(desk)
    address = f"/en/archive/upload/{delivery.id}/"

    def asked(**typed: str) -> int:
        return omar.post(address, {"once": fresh_token(), **typed}).status_code

    assert asked() == 422
    where = create(omar, delivery, "a.txt", 3).headers["Location"]
    assert asked() == 422
    patch(omar, where, 0, b"abc")
    assert asked() == 422
    tell(omar, where, b"abc")
    assert asked(who="Karim") == 422
    page = omar.post(address, {"once": fresh_token(), "who": "Karim"}).content.decode()
    assert 'value="Karim"' in page
    assert not Job.objects.exists()


def test_sent_twice_the_form_begins_one_piece_of_work(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Job] = []
    monkeypatch.setattr("dalil.web.jobs.start._run", lambda job, *_: started.append(job))
    omar, delivery = desk.client("omar"), begin(desk)
    bring(omar, delivery, {"a.txt": b"abc"})
    address, form = f"/en/archive/upload/{delivery.id}/", {"once": fresh_token(), "about": "a"}
    answers = [omar.post(address, form), omar.post(address, form)]
    answers.append(omar.post(address, {**form, "once": fresh_token()}))
    assert len(started) == 1
    assert [a.status_code for a in answers] == [302, 302, 200]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    late = create(omar, delivery, "late.txt", 3)
    assert late.status_code == 409


def test_the_telling_that_was_typed_comes_in_with_the_files(desk: Desk) -> None:
    delivery = begin(desk)
    bring(desk.client("omar"), delivery, {"a.txt": b"abc"})
    told = {
        "who": "كريم",
        "role": "",
        "when": "2013~",
        "where": "",
        "how": "h",
        "source": "s",
        "note": "",
    }
    done = take_in(desk, delivery, told=told, generation="first recording")
    hop = accession_line(Ledger.open(desk.archive), done.url_args[0]).telling[0].hop
    assert (hop.hop, hop.who, hop.when, hop.how, hop.source) == (1, "كريم", "2013~", "h", "s")
    assert Delivery.objects.get().said == {}


def test_an_upload_thrown_away_leaves_nothing(desk: Desk) -> None:
    omar, delivery = desk.client("omar"), begin(desk)
    bring(omar, delivery, {"a.txt": b"abc"})
    address = f"/en/archive/upload/{delivery.id}/discard"
    assert desk.client("salma").post(address, {"once": fresh_token()}).status_code == 404
    assert omar.post(address, {"once": fresh_token()}).status_code == 302
    assert not delivery.folder.exists()
    assert not Delivery.objects.exists()
