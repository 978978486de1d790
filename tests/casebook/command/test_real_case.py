"""The published claims on one day in 2013: who held the post then is said, and denied."""

from datetime import date
from pathlib import Path

import pytest

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.who import who_commanded_unit
from dalil.casebook.command.wording import told
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.index.view import View
from shared_data import shared


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    folder: Path = tmp_path_factory.mktemp("case")
    bureau: Bureau = open_bureau(folder)
    given = shared("data", "tadamon")
    listing = look_at(bureau.casebook, given, "tadamon", "restricted", Faults())
    bring_in(bureau.casebook, listing, bureau.signer)
    day = date(2013, 4, 16).toordinal()
    return who_commanded_unit(bureau.casebook, "post:NDF-Damascus-commander", day, View())


def test_the_commander_of_that_day_is_contested(answer: Answer) -> None:
    (chain,) = answer.chains
    (link,) = answer.links
    assert (link.what, link.standing, link.origins) == ("commands", "edge", 1)
    assert [each.how for each in link.against] == ["denied", "denied"]
    assert chain.grade == (3, 2, 1, 0)


def test_two_reports_of_one_denial_are_one_who_denies(answer: Answer) -> None:
    (link,) = answer.links
    denying = {source for each in link.against for source in each.sources}
    assert len(denying) == 1
    assert not denying & set(link.stated_by)
    tellers = {each.told_by for each in link.against}
    assert len(tellers) == 2
    assert tellers <= {source.id for source in answer.sources}


def test_nothing_stands_above_him_that_anybody_recorded(answer: Answer) -> None:
    assert [gap.kind for gap in answer.gaps] == ["no_superior"]
    assert "contradicted by a denial" in told(answer, "en")
    assert "يعارضه: نفي" in told(answer, "ar")
