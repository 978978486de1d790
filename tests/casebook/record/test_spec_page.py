"""spec/casebook.md says of every kind what the program reads and writes."""

import dataclasses
import re
from pathlib import Path

from dalil.casebook.record import (
    claims,
    describing,
    law,
    relations,
    sites,
    sources,
    things,
    victims,
)
from dalil.casebook.record.form import Record, kinds
from dalil.kernel.record import commit

PAGE = Path(__file__).resolve().parents[3] / "spec" / "casebook.md"
COMMON = {field.name for field in dataclasses.fields(Record)}
ROW = re.compile(r"^\| `([a-z_]+)` \| (.+) \|$", re.MULTILINE)


def test_every_kind_and_every_field_stands_on_the_page_and_no_other() -> None:
    found = {}
    for kind, cells in ROW.findall(PAGE.read_text(encoding="utf-8")):
        if kind in kinds():
            marked = re.findall(r"(\*\*)?`(\w+)`", cells)
            found[kind] = {name: bool(bold) for bold, name in marked}
    expected = {
        kind: {
            field.name: field.default is dataclasses.MISSING
            for field in dataclasses.fields(cls)
            if field.name not in COMMON
        }
        for kind, cls in kinds().items()
    }
    assert found == expected


def test_every_word_of_a_fixed_list_stands_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    lists = (
        things.TYPES, things.ROLES, sources.DERIVATIONS, relations.RELATIONS, claims.STATUSES,
        claims.MODALITIES, claims.OBTAINED, describing.BASES, describing.MEDIA,
        describing.ROUND_STATES, victims.SEXES, victims.AGE_CLASSES, victims.FATES,
        victims.GRADES, victims.TOLD, victims.ANSWERS, law.BEARS, sites.STATES,
        sites.POSITION_FROM, sites.WARNING_ANSWERS, sites.EXACT_FOR,
    )  # fmt: skip
    assert [word for words in lists for word in words if word not in page] == []


def test_the_leaf_on_the_page_is_that_of_the_record_on_the_page() -> None:
    fields = {"kind": "source", "id": "0" * 32, "title": "حي التضامن", "published": "2022-04-27"}
    assert commit(fields, bytes(range(32))).leaf.hex() in PAGE.read_text(encoding="utf-8")
