"""The pages on the casebook, given at a desk from top to bottom: every command that they show."""

from __future__ import annotations

import re
import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dalil.casebook.exchange.fieldmap.form import parse_map, read_document
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from journeys.desk import Desk

ROOT = Path(__file__).resolve().parents[2]
INCIDENT = ROOT / "tools" / "demo_incident"
# In the order in which somebody would read them: lists come in first.
PAGES = ("import-lists", "who-commanded", "search", "weigh-claims")
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What a page calls by the beginning of a number: the proposition that it speaks of.
CLAIM = "4f0c1d"
A_DAY = "2026-05-03"


def commands(page: str) -> list[list[str]]:
    """Return the commands of a page, in words."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    lines = "".join(CONSOLE.findall(text)).replace("\\\n", " ").splitlines()
    return [shlex.split(line[2:]) for line in lines if line.startswith("$ ")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Make a new archive, and lay out the lists that the pages bring in."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(INCIDENT, folder / "lists")
    desk = Desk(folder, folder / "archive")
    desk.does("init", desk.archive, "--keeper", "Salma", "--sheet", folder / "sheet.txt")
    return desk


def claim_of(desk: Desk) -> str:
    """Return the number of a proposition on which the press release speaks."""
    shown = desk.does("casebook", "show", desk.archive, "zumurruda/Z039", "--json").json()
    return str(shown["fields"]["proposition"])


def test_every_command_of_the_pages_on_the_casebook_does_what_it_says(desk: Desk) -> None:
    for page in PAGES:
        shown = commands(page)
        assert shown, page
        for _, *words in shown:
            real = {"/srv/archive": str(desk.archive), A_DAY: f"{datetime.now(UTC):%Y-%m-%d}"}
            if CLAIM in words:
                real[CLAIM] = claim_of(desk)
            desk.does(*[real.get(word, word) for word in words])
    assert (desk.folder / "case" / "verify.py").exists()
    assert (desk.folder / "out" / "assertion.csv").exists()


def test_the_field_map_of_the_page_is_that_of_the_list(tmp_path: Path) -> None:
    [shown] = YAML.findall((ROOT / "docs" / "import-lists.md").read_text(encoding="utf-8"))
    (tmp_path / "map.yaml").write_text(shown, encoding="utf-8")
    on_page, used = (
        parse_map(read_document(path), path.name).sheets[0].records
        for path in (tmp_path / "map.yaml", INCIDENT / "boats" / "map.json")
    )
    assert set(on_page) <= set(used)
    assert [record.kind for record in on_page] == [Relation.kind]
    named = {value.kind for _, value in on_page[0].fields if value.reading == "reference"}
    assert named == {Entity.kind, Source.kind}
