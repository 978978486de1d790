"""A part leaves the house by forms: what would leave is told first, and nothing is done twice."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from dalil.ledger.ledger import Ledger
from dalil.web.publishing.forms import FORMS
from web.publishing.forms_filled import FILLED, address_of_made, in_words, posted, until_done

if TYPE_CHECKING:
    from pathlib import Path

    from web.rooms import Desk

SPAN = {"from_": "0:01", "to": "0:02"}
BOX = {"hide": "70,70,20,20"}


def test_every_form_opens_in_both_languages(desk: Desk) -> None:
    lina = desk.client("lina")
    forms = [f"part/{desk.item()}/{kind}/" for kind in ("excerpt", "redact", "still")]
    papers = [f"paper/{kind}/{desk.item()}/" for kind in ("custody", "certificate")]
    for path in ["", "part/", "case-file/", "paper/exhibits/", *forms, *papers]:
        for lang in ("en", "ar"):
            assert lina.get(f"/{lang}/publishing/{path}").status_code == 200


def test_what_would_leave_is_told_and_nothing_is_signed_by_looking(desk: Desk) -> None:
    lina, before = desk.client("lina"), Ledger.open(desk.archive).size
    for kind, asked, told in (
        ("excerpt", SPAN, "12 pictures of 72"),
        ("redact", SPAN | BOX, "1 are left out"),
        ("still", {"at": "frame:9"} | BOX, "1 picture of 72"),
    ):
        said = posted(lina, desk.item(), kind, FILLED | asked)
        assert said.status_code == 200
        assert told in in_words(said)
    assert Ledger.open(desk.archive).size == before


@pytest.mark.parametrize(
    ("kind", "asked", "field"),
    [
        ("excerpt", {"from_": "late", "to": "0:02"}, "from_"),
        ("excerpt", SPAN | {"mute": "0:01-0:02\nquiet"}, "mute"),
        ("redact", SPAN | {"hide": "70,70,0,20"}, "hide"),
        ("redact", SPAN | {"hide": "9000,70,20,20"}, ""),
        ("excerpt", {"from_": "0:40", "to": "0:41"}, ""),
        ("still", {"at": "frame:99999"}, ""),
        ("excerpt", SPAN | {"legal_basis": "  "}, "legal_basis"),
        ("excerpt", SPAN | {"purpose": "fame"}, "purpose"),
    ],
)
def test_what_is_typed_wrongly_is_said_beside_it_and_kept(
    desk: Desk, kind: str, asked: dict[str, str], field: str
) -> None:
    lina, before = desk.client("lina"), Ledger.open(desk.archive).size
    said = posted(lina, desk.item(), kind, FILLED | asked, step="sign")
    assert said.status_code == 422
    form = said.context["page"].form
    assert (field in form.errors) if field else form.non_field_errors()
    assert form.data["recipient"] == FILLED["recipient"]
    assert Ledger.open(desk.archive).size == before


def test_positions_are_typed_in_digits_of_either_script() -> None:
    typed = {**FILLED, "from_": "٠٠:٠١٫٥", "to": "frame:٤٠", "mute": "١-٢"}
    form = FORMS["excerpt"](typed, lang="ar")
    assert form.is_valid(), form.errors
    order = form.order("an item")
    assert (order.from_, order.to, order.mute) == ("00:01.5", "frame:40", ("1-2",))


def test_a_signed_part_is_fetched_as_one_zip_that_a_stranger_checks(
    desk: Desk, tmp_path: Path
) -> None:
    lina = desk.client("lina")
    sent = posted(lina, desk.item(), "excerpt", FILLED | SPAN, step="sign", once="one")
    again = posted(lina, desk.item(), "excerpt", FILLED | SPAN, step="sign", once="one")
    assert sent.status_code == 302
    assert again["Location"] == sent["Location"]
    address = address_of_made(until_done(lina, sent))
    shown = lina.get(address)
    assert "Court of first instance" in in_words(shown)
    first, second = (b"".join(lina.get(f"{address}part.zip")) for _ in range(2))
    assert first == second
    zipfile.ZipFile(io.BytesIO(first)).extractall(tmp_path / "out")
    part = tmp_path / "out" / "part" / "excerpt.mp4"
    command = [sys.executable, "-m", "dalil.verifier.verify", str(part)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    disclosed = list(Ledger.open(desk.archive).acts("disclosed"))
    assert [each.act.opened()["recipient"] for each in disclosed] == ["Court of first instance"]
    assert "Court of first instance" in in_words(lina.get("/en/publishing/"))
    assert lina.post(f"{address}remove", {"once": "gone"}).status_code == 302
    assert lina.get(address).status_code == 404
    assert "Court of first instance" not in in_words(lina.get("/en/publishing/"))
    assert not list((desk.folder / "publishing" / "parts").iterdir())


def test_who_may_not_publish_opens_none_of_it(desk: Desk) -> None:
    for who in ("omar", "rima", "idris", "layla", "ghassan"):
        client = desk.client(who)
        for path in ("", "part/", "case-file/", f"part/{desk.item()}/excerpt/"):
            assert client.get(f"/en/publishing/{path}").status_code == 403
        assert posted(client, desk.item(), "still", FILLED).status_code == 403


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    lina, token = desk.client("lina"), "0" * 16
    for path in (
        f"part/{desk.item()}/everything/", f"part/{'0' * 32}/excerpt/", f"made/{token}/",
        f"made/{token}/part.zip", "made/..%2f..%2fkeys/", f"case/{token}/",
        f"case/{token}/case.zip", f"paper/secrets/{desk.item()}/", f"paper/custody/{'0' * 32}.pdf",
    ):  # fmt: skip
        assert lina.get(f"/en/publishing/{path}").status_code == 404, path


def test_papers_come_as_pdf_in_the_language_of_the_page_and_to_whom_they_concern(
    desk: Desk,
) -> None:
    lina, omar, item = desk.client("lina"), desk.client("omar"), desk.item()
    papers = ("custody/" + item, "certificate/" + item, "exhibits")
    for lang in ("en", "ar"):
        for paper in papers:
            given = lina.get(f"/{lang}/publishing/paper/{paper}.pdf")
            assert given.content.startswith(b"%PDF")
            assert f".{lang}.pdf" in given["Content-Disposition"]
    allowed = {paper: omar.get(f"/en/publishing/paper/{paper}.pdf").status_code for paper in papers}
    assert allowed == dict(zip(papers, (200, 403, 403), strict=True))
