"""A case file is ordered by a form, told before it is signed, and accepted by its own verifier."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

from dalil.ledger.ledger import Ledger
from web.publishing.forms_filled import (
    FILLED,
    address_of_made,
    in_words,
    ordered,
    posted,
    until_done,
)

if TYPE_CHECKING:
    from pathlib import Path

    from web.rooms import Desk

TO = {"recipient": "Court of first instance", "reason": "request of 3 May"}


def test_claims_items_and_parts_leave_together_and_a_stranger_accepts_them(
    desk: Desk, tmp_path: Path
) -> None:
    lina = desk.client("lina")
    asked = {"from_": "0:01", "to": "0:02"}
    made = address_of_made(
        until_done(lina, posted(lina, desk.item(1), "excerpt", FILLED | asked, "sign"))
    )
    part = made.split("/")[-2]
    order: dict[str, Any] = {
        **TO, "items": [desk.item(0)], "parts": [part], "case": "zumurruda",
        "who_1": "az-Zumurruda", "on_1": "2016-11-09",
        f"why_{desk.item(2)}": "shows a witness", f"class_{desk.item(2)}": "protected",
    }  # fmt: skip
    before = Ledger.open(desk.archive).size
    told = ordered(lina, order)
    assert told.status_code == 200, in_words(told)
    assert "2 exhibits" in in_words(told)
    assert "3 items of the same accessions stay" in in_words(told)
    assert "Who commanded at az-Zumurruda on 2016-11-09" in in_words(told)
    assert Ledger.open(desk.archive).size == before
    address = address_of_made(until_done(lina, ordered(lina, order, "sign")))
    whole = b"".join(lina.get(f"{address}case.zip"))
    assert whole == b"".join(lina.get(f"{address}case.zip"))
    zipfile.ZipFile(io.BytesIO(whole)).extractall(tmp_path / "stick")
    case = tmp_path / "stick" / "case-file"
    assert "shows a witness" in (case / "data" / "withheld.jsonl").read_text("utf-8")
    command = [sys.executable, "-I", str(case / "verify.py"), str(case)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    until_done(lina, lina.post(f"{address}check", {"once": "check"}))
    assert "What is here is intact" in in_words(lina.get(address))
    assert "ما هو هنا سليم" in in_words(lina.get(address.replace("/en/", "/ar/")))


def test_an_order_of_nothing_is_refused_in_the_form(desk: Desk) -> None:
    lina = desk.client("lina")
    for asked, where in (
        (TO, None),
        ({"items": [desk.item()], "reason": "x"}, "recipient"),
        ({**TO, "items": ["0" * 32]}, "items"),
        ({**TO, "case": "zumurruda", "who_1": "az-Zumurruda"}, "on_1"),
        ({**TO, "case": "no-such-case"}, "case"),
        ({**TO, "items": [desk.item()], "also_open": "told.who"}, None),
        ({**TO, "items": [desk.item()], f"why_{desk.item()}": "here it is"}, None),
    ):
        said = ordered(lina, asked, "sign")
        assert said.status_code == 422, asked
        form = said.context["page"].form
        assert form.errors[where] if where else form.non_field_errors()
    assert not list(Ledger.open(desk.archive).acts("handed-over"))


def test_what_speaks_against_a_claim_cannot_be_left_behind(desk: Desk) -> None:
    from dalil.casebook.index.view import View
    from dalil.casebook.record.claims import Assertion

    denial = next(
        known.record.id
        for known in desk.casebook.find(Assertion, View(2), case="zumurruda")
        if isinstance(known.record, Assertion) and known.record.polarity == "denies"
    )
    said = ordered(desk.client("lina"), {**TO, "case": "zumurruda", "without": denial}, "sign")
    assert said.status_code == 422
    assert "What speaks against a claim cannot be left behind" in in_words(said)
    assert said.context["page"].form.data["without"] == denial


def test_a_withheld_source_is_chosen_on_the_second_page_and_kept_when_going_back(
    desk: Desk,
) -> None:
    lina = desk.client("lina")
    told = ordered(lina, {**TO, "case": "zumurruda"})
    some = next(each for each in told.context["page"].sources if not each.sealed)
    hidden = {**TO, "case": "zumurruda", "source": [some.source]}
    again = ordered(lina, hidden)
    chosen = [each.source for each in again.context["page"].sources if each.withheld]
    assert some.source in chosen
    assert again.context["page"].hidden_sources == told.context["page"].hidden_sources + 1
    assert ("source", some.source) in ordered(lina, hidden, "change").context["page"].kept
