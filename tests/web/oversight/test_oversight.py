"""Oversight: the state of the whole, for whoever leads; never a person's looks."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from dalil.intake.audit import check_archive
from dalil.ledger.ledger import Draft, Ledger
from dalil.ledger.standing import giving
from dalil.vault.fixity import parse_share
from web.browsing import Browse
from web.rooms import CAST, Desk


def page(desk: Desk, who: str = "layla", lang: str = "en") -> str:
    answer = desk.client(who, lang).get(f"/{lang}/oversight/")
    assert answer.status_code == 200, answer.content[:300]
    text = re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def append(desk: Desk, kind: str, fields: dict[str, object]) -> int:
    ledger = Ledger.open(desk.archive)
    return ledger.append([Draft(kind, fields)], desk.signer("salma"))[0].seq


def test_whoever_does_not_lead_is_refused(desk: Desk) -> None:
    for who in CAST:
        wanted = 200 if who in ("salma", "layla") else 403
        assert desk.client(who).get("/en/oversight/").status_code == wanted, who


def test_an_archive_without_checks_copies_and_clocks_says_so(desk: Desk) -> None:
    text = page(desk)
    assert "No outside clock" in text
    assert "No copy is recorded" in text
    assert "Last check not yet" in text
    assert "0 of 4 items" in text


def test_a_check_of_a_part_covers_that_part_and_a_whole_one_everything(desk: Desk) -> None:
    check_archive(desk.archive, parse_share("1/100"), desk.signer("omar"))
    (read,) = re.findall(r"(\d) of 4 items", page(desk))
    assert "a share of 1/100" in page(desk)
    assert int(read) < 4
    check_archive(desk.archive, parse_share("1"), desk.signer("omar"))
    assert "4 of 4 items" in page(desk)
    assert "as recorded" in page(desk)


def test_a_broken_original_is_told_in_the_words_of_a_broken_proof(desk: Desk) -> None:
    original = max(desk.archive.rglob("v1/content/*"), key=lambda each: each.stat().st_size)
    original.chmod(0o600)
    original.write_bytes(original.read_bytes()[:-1] + b"\0")
    check_archive(desk.archive, parse_share("1"), desk.signer("omar"))
    html = desk.client("layla").get("/en/oversight/").content.decode()
    assert 'class="state broken"' in html


def test_the_last_stamp_of_each_clock_and_what_came_since(desk: Desk) -> None:
    size = Ledger.open(desk.archive).size
    for authority, covers in (("North", 3), ("North", size), ("South", 2)):
        append(desk, "stamped", {
            "authority": authority, "size": covers, "stamped_at": "2026-03-01T10:14:00Z",
        })  # fmt: skip
    text = page(desk)
    assert text.count("North") == 1
    assert f"over the first {size} acts" in text
    assert "over the first 2 acts" in text
    assert "No outside clock" not in text


def test_a_copy_says_how_far_it_has_fallen_behind(desk: Desk) -> None:
    size = Ledger.open(desk.archive).size
    append(desk, "copied", {"to": "/media/second", "items": 4, "log_size": size})
    text = page(desk)
    assert "/media/second" in text
    assert "1 act since" in text


def test_a_clearance_is_told_with_the_act_that_gave_it(desk: Desk) -> None:
    ledger = Ledger.open(desk.archive)
    entry = giving.give_clearance(ledger, desk.signer("salma"), "Rima S.", "sealed", "case 4")
    text = page(desk)
    (row,) = re.findall(r"Rima S\.(.*?)Salma H\.", text)
    assert "reviewer" in row
    assert f"sealed act {entry.seq}" in row


def test_a_job_is_told_without_whose_it_is_and_a_look_not_at_all(desk: Desk) -> None:
    from dalil.web.jobs.models import Job

    rima = desk.account("rima").person_id
    Job.objects.create(id=uuid.uuid4(), person_id=rima, kind="archive.take-in", done=2, total=5)
    Job.objects.create(id=uuid.uuid4(), person_id=rima, kind="viewing.copy")
    html = desk.client("layla").get("/en/oversight/").content.decode()
    assert "archive.take-in" in html
    assert "viewing.copy" not in html
    assert rima not in html


def test_looks_are_told_of_three_or_more_and_never_by_name(desk: Desk) -> None:
    from dalil.web.viewing.models import Look

    text = page(desk)
    assert text.count("fewer than three people") == 4
    week = datetime.now(UTC) - timedelta(weeks=1)
    monday = week - timedelta(days=week.weekday())
    for n in range(3):
        Look.objects.create(
            id=uuid.uuid4().hex, person_id=f"canary-{n}", item=desk.item(0), stream=0,
            timebase="1/90000", pts_start=0, pts_end=90_000, asked_seq=1, asked_at=monday,
            beat_at=monday, closed_at=monday, screen_ms=1_800_000,
        )  # fmt: skip
    told = page(desk)
    assert told.count("fewer than three people") == 3
    assert "01:30:00" in told
    assert "canary" not in told


def test_the_page_speaks_arabic(desk: Desk) -> None:
    text = page(desk, lang="ar")
    assert "الإشراف" in text
    assert "مشرف" in text


@pytest.mark.browser
def test_the_page_looks_as_it_should(desk: Desk, browse: Browse) -> None:
    check_archive(desk.archive, parse_share("1"), desk.signer("omar"))
    browse.shot("oversight/", "oversight", "layla")
