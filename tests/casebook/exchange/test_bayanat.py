"""What Bayanat gives out comes in under its own names, in a stream, and whole or not at all."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.bureau import Bureau, open_bureau
from casebook.exchange.bayanat_export import (
    STAFF,
    Object,
    actor,
    bulletin,
    event,
    given_out,
    incident,
    link,
    location,
)
from dalil.casebook.exchange.bayanat.convert import convert
from dalil.casebook.exchange.bayanat.marked_up import plain
from dalil.casebook.exchange.expected import expectation
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.json_document import objects, table_of
from dalil.casebook.exchange.sheets import Fault, Faults, sheets_in
from dalil.casebook.export.sheets import export_csv
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import Record, fields_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.record.victims import Victim
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.errors import ImportRefused

VIEW = view_of("sealed")
R = TypeVar("R", bound=Record)
FOLDER: list[Path] = []
EXPECTED: dict[str, set[str]] = {}


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    FOLDER[:] = [tmp_path_factory.mktemp("bayanat")]


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a bureau into which nothing comes."""
    return open_bureau(tmp_path_factory.mktemp("empty"))


def laid(folder: Path, **lists: Sequence[Object]) -> Path:
    """Write lists into a folder."""
    path = folder / "given"
    path.mkdir(parents=True, exist_ok=True)
    for table, listed in lists.items():
        given_out(path, table, listed)
    return path


def read(bureau: Bureau, path: Path, see: str = "restricted") -> tuple[list[Record], list[Fault]]:
    """Return the records of an export, and what was remarked on."""
    listing = look_at(bureau.casebook, path, "creek", see, Faults())
    assert listing.layout == "bayanat"
    assert all(map(in_arabic, listing.remarks))
    return list(listing.records()), list(listing.remarks)


def wrong(path: Path) -> list[Fault]:
    """Return what is wrong with an export."""
    faults = Faults()
    found = list(convert(sheets_in(path, faults), Into("a" * 32, "creek"), faults))
    assert all(isinstance(record, Record) for record in found)
    return faults.found


def first(pair: tuple[int, Object]) -> int:
    """Return the place of an object."""
    return pair[0]


def in_arabic(fault: Fault) -> bool:
    """Whether what was expected is said in Arabic too."""
    return bool(re.search("[\u0621-\u064a]", expectation(fault.expected, "ar")))


def of(kind: type[R], records: Sequence[Record]) -> list[R]:
    """Return the records of one kind."""
    return [record for record in records if type(record) is kind]


def keyed(records: Sequence[Record]) -> dict[str, Entity]:
    """Return entities and victims by Bayanat's own numbers."""
    return {str(record.key): record for record in records if isinstance(record, Entity)}


def said(records: Sequence[Record]) -> list[tuple[str, str, str, str]]:
    """Return of each relation its word, its ends by key, and what Bayanat calls it."""
    keys = {record.id: key for key, record in keyed(records).items()}
    return [
        (each.relation, keys[each.a], keys[str(each.b)], word(each, "role"))
        for each in of(Relation, records)
    ]


def word(relation: Relation, name: str) -> str:
    """Return a word of a relation."""
    detail: dict[str, str] = relation.detail or {}
    return detail.get(name, "")


def named(number: int, name: str) -> Object:
    """Return an actor as another object names it."""
    return {"id": number, "name": name, "sources": []}


def test_roles_keep_their_names_and_relations_are_marked_undated(
    empty: Bureau, tmp_path: Path
) -> None:
    seen = bulletin(11, "Boats", actor_relations=[link("actor", named(5, "Amina"), [2, 4])])
    night = incident(3, "A night", actor_relations=[link("actor", named(5, "Amina"), [1])])
    records, _ = read(empty, laid(tmp_path, bulletins=[seen], incidents=[night]))
    assert said(records) == [
        ("named_in", "actor:5", "bulletin:11", "Witness; Appeared"),
        ("related_to", "actor:5", "incident:3", "Injured Party"),
    ]
    assert {word(each, "dates") for each in of(Relation, records)} == {"undated"}
    assert all(each.valid is None for each in of(Relation, records))


def test_an_installation_that_gives_its_own_names_is_taken_at_its_word(
    empty: Bureau, tmp_path: Path
) -> None:
    pair = actor(5, "Amina", actor_relations=[link("actor", named(7, "Basel"), 3, probability=2)])
    path = laid(tmp_path, actors=[pair])
    _, remarks = read(empty, path)
    assert [each.expected for each in remarks if "atoa_info" in each.expected]
    with (path / "atoa_info.csv").open("w", encoding="utf-8") as stream:
        rows = [
            ["id", "title", "reverse_title", "title_tr"],
            ["3", "Captain of", "Sails under", "قبطان"],
        ]
        csv.writer(stream).writerows(rows)
    records, remarks = read(empty, path)
    (relation,) = of(Relation, records)
    names = ("role", "reverse", "role_tr", "role_number", "probability")
    assert [word(relation, name) for name in names] == [
        "Captain of", "Sails under", "قبطان", "3", "Certain",
    ]  # fmt: skip
    assert not [each for each in remarks if "atoa_info" in each.expected]


def test_a_number_without_a_name_stays_a_number(empty: Bureau, tmp_path: Path) -> None:
    pair = actor(5, "Amina", actor_relations=[link("actor", named(7, "Basel"), 99)])
    records, remarks = read(empty, laid(tmp_path, actors=[pair]))
    assert said(records) == [("related_to", "actor:5", "actor:7", "99")]
    assert [each.value for each in remarks if "atoa" in each.expected] == ["99"]


def test_a_relation_that_both_ends_tell_comes_in_once_from_the_lower_number(
    empty: Bureau, tmp_path: Path
) -> None:
    high = actor(7, "Basel", actor_relations=[link("actor", named(5, "Amina"), 3)])
    low = actor(5, "Amina", actor_relations=[link("actor", named(7, "Basel"), 3)])
    records, _ = read(empty, laid(tmp_path, actors=[high, low]))
    assert said(records) == [("related_to", "actor:5", "actor:7", "Parent")]


def test_an_event_keeps_its_kind_its_days_and_its_place(empty: Bureau, tmp_path: Path) -> None:
    coast = {"id": 1, "title": "Coast", "full_string": "Coast | ", "admin_level": ""}
    arrest = event(
        9, "Arrest", from_date="2016-11-09T14:30", to_date="2016-11-10T00:00", estimated=True,
        location=location(2, "Zumurruda", full=True, parent=coast),
    )  # fmt: skip
    records, _ = read(empty, laid(tmp_path, actors=[actor(5, "Amina", events=[arrest])]))
    entities = keyed(records)
    happened = entities["event:9"]
    assert (happened.type, happened.date, happened.labels) == (
        "incident", "2016-11-09~/2016-11-10~", ("Arrest",),
    )  # fmt: skip
    assert "from_date: 2016-11-09T14:30" in str(happened.about)
    place = entities["location:2"]
    assert (place.lat_e6, place.lon_e6, place.radius_m) == (33_470_001, 36_324_101, None)
    assert ("part_of", "location:2", "location:1", "parent") in said(records)
    dated = {(each.valid, word(each, "kind")) for each in of(Relation, records) if each.valid}
    assert ("2016-11-09~/2016-11-10~", "Arrest") in dated


def test_an_event_that_ends_before_it_begins_is_kept_in_words(
    empty: Bureau, tmp_path: Path
) -> None:
    turned = event(9, "Arrest", from_date="2016-11-09T00:00", to_date="2016-11-08T00:00")
    records, remarks = read(empty, laid(tmp_path, actors=[actor(5, "Amina", events=[turned])]))
    happened = keyed(records)["event:9"]
    assert happened.date is None
    assert "to_date: 2016-11-08T00:00" in str(happened.about)
    assert [each.column for each in remarks] == ["events[0].to_date"]


def test_a_missing_person_is_a_victim_and_who_saw_them_is_sealed(
    empty: Bureau, tmp_path: Path
) -> None:
    profile = {
        "id": 1, "mode": 3, "actor_id": 5, "MP": True, "last_address": "Quay 3",
        "saw_name": "W. Itness", "saw_phone": "000", "case_status": "Missing", "sources": [],
    }  # fmt: skip
    path = laid(tmp_path, actors=[actor(5, "Amina", sex="Female", actor_profiles=[profile])])
    records, _ = read(empty, path, see="open")
    (victim,) = of(Victim, records)
    assert (victim.key, victim.see) == ("missing:1", "restricted")
    assert (victim.sex, victim.age_class, victim.fate) == ("female", "adult", "missing")
    assert victim.place_said == "Quay 3"
    telling = [each for each in records if "W. Itness" in json.dumps(fields_of(each))]
    assert [each.see for each in telling] == ["sealed"]
    assert ("related_to", "missing:1", "actor:5", "profile of a missing person") in said(records)


def test_who_saw_a_missing_person_is_in_no_output_of_a_lower_class(
    bureau: Bureau, tmp_path: Path
) -> None:
    profile = {
        "id": 1,
        "mode": 3,
        "MP": True,
        "saw_name": "Canarybird",
        "description": "Canarybird",
    }
    path = laid(tmp_path, actors=[actor(5, "Amina", actor_profiles=[profile])])
    listing = look_at(bureau.casebook, path, "creek", "restricted", Faults())
    bring_in(bureau.casebook, listing, bureau.signer)
    hits, told = {}, {}
    for see in ("restricted", "sealed"):
        view = view_of(see)
        hits[see] = search(bureau.casebook, Query("Canarybird"), view).total
        export_csv(bureau.casebook, view, tmp_path / see)
        told[see] = "".join(each.read_text("utf-8") for each in (tmp_path / see).iterdir())
    assert hits["restricted"] == 0
    assert hits["sealed"] > 0
    assert "Canarybird" not in told["restricted"]
    assert "profile:1" not in told["restricted"]
    assert "Canarybird" in told["sealed"]


def test_what_bayanat_shows_to_groups_is_never_open(empty: Bureau, tmp_path: Path) -> None:
    closed = bulletin(
        11, "Closed", roles=[{"id": 1, "name": "Group"}], sources=[{"id": 1, "title": "Lighthouse"}]
    )
    path = laid(tmp_path, bulletins=[closed, bulletin(12, "Open")])
    records, _ = read(empty, path, see="open")
    see = {key: entity.see for key, entity in keyed(records).items()}
    assert see == {"bulletin:11": "restricted", "bulletin:12": "open", "source:1": "open"}


def test_who_worked_on_it_is_left_out_and_told(empty: Bureau, tmp_path: Path) -> None:
    seen = bulletin(11, "Boats", actor_relations=[link("actor", named(5, "Amina"), [2])])
    records, remarks = read(empty, laid(tmp_path, bulletins=[seen]))
    assert str(STAFF["name"]) not in "".join(json.dumps(fields_of(each)) for each in records)
    assert {"assigned_to", "actor_relations[0].user_id"} <= {each.column for each in remarks}


def test_a_new_field_is_kept_as_it_is_and_told_once(empty: Bureau, tmp_path: Path) -> None:
    seen = [bulletin(n, "Boats", weather={"wind": "calm"}, docket=None) for n in (11, 12)]
    records, remarks = read(empty, laid(tmp_path, bulletins=seen))
    kept = [str(each.about) for each in keyed(records).values()]
    assert all('weather: {"wind": "calm"}' in each for each in kept)
    assert [(each.row, each.column) for each in remarks if each.column == "weather"] == [
        (1, "weather")
    ]


def test_every_text_of_an_export_can_be_read_back(empty: Bureau, tmp_path: Path) -> None:
    full = bulletin(
        11, "title-q", title_ar="عنوان", sjac_title="sjac-q", originid="origin-q",
        description="description-q", public_description="public-q", comments="comments-q",
        source_link="https://example.org/q", tags=["tag-q"], review="review-q",
        publish_date="2016-12-01T00:00", documentation_date="2016-12-02T00:00",
        labels=[{"id": 1, "title": "label-q"}], verLabels=[{"id": 2, "title": "x" * 300}],
        locations=[location(2, "location-q")], sources=[{"id": 4, "title": "source-q"}],
        geoLocations=[{
            "id": 1, "title": "geo-q", "lat": 1.5, "lng": 2, "comment": "geocomment-q",
            "geotype": {"id": 1, "title": "geotype-q"}, "main": True,
        }],
        medias=[{"id": 1, "filename": "file-q.mp4", "etag": "etag-q", "fileType": "type-q"}],
        events=[event(1, "kind-q", comments="ecomment-q")],
        incident_relations=[link("incident", {"id": 3, "title": "night-q"}, 1, comment="c-q")],
        bulletin_relations=[link("bulletin", {"id": 9, "title": "other-q"}, [3])],
    )  # fmt: skip
    records, remarks = read(empty, laid(tmp_path, bulletins=[full]))
    told = "".join(json.dumps(fields_of(each), ensure_ascii=False) for each in records)

    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for each in value.values() for text in texts(each)]
        if isinstance(value, list):
            return [text for each in value for text in texts(each)]
        return [value] if isinstance(value, str) else []

    dropped = {str(STAFF["name"]), str(STAFF["username"])}
    lost = {each for each in texts(full) if each.removesuffix("T00:00") not in told} - dropped
    assert not lost
    assert not [each for each in remarks if "is known to have" in each.expected]


CHANGES = [
    (bulletin(11, "x", publish_date="tomorrow"), "publish_date", "tomorrow", "a moment such as"),
    (bulletin(11, "x" * 1001), "title", "x" * 80 + "…", "at most 1,000 characters"),
    (bulletin(11, "x", events={}), "events", "{}", "a list of objects"),
    (bulletin(11, "x", title_ar=["y"]), "title_ar", '["y"]', "a text"),
    (bulletin(11, "x", labels=["y"]), "labels[0]", "y", "an object"),
    (
        bulletin(11, "x", locations=[location(2, "P", lat=95.0)]),
        "locations[0].lat", "95.0", "degrees from -90 to 90",
    ),
    (
        bulletin(11, "x", events=[event(1, "k"), event(2, "k", from_date="2016-13-01T00:00")]),
        "events[1].from_date", "2016-13-01T00:00", "a moment such as",
    ),
    (
        bulletin(11, "x", actor_relations=[{"related_as": [1]}]),
        "actor_relations[0].actor", "", "the actor at the other end",
    ),
    (bulletin(11, "x", description="a\u0007b"), "description", "a\u0007b", "U+0007"),
    (bulletin(11, "x", our="a\u0007b"), "our", "a\u0007b", "U+0007"),
    ({**bulletin(11, "x"), "id": "eleven"}, "id", "eleven", "a number"),
    (bulletin(1, "again"), "id", "1", "object 1 has this one"),
]  # fmt: skip


@pytest.mark.parametrize(("second", "column", "value", "expected"), CHANGES)
def test_what_is_wrong_is_named_by_its_object_and_path(
    tmp_path: Path, second: Object, column: str, value: str, expected: str
) -> None:
    (fault,) = wrong(laid(tmp_path, bulletins=[bulletin(1, "right"), second]))
    assert (fault.file, fault.row, fault.column, fault.value) == (
        "bulletins.json", 2, column, value,
    )  # fmt: skip
    assert expected in fault.expected
    assert in_arabic(fault)


BROKEN = [
    (b'{"bulletins": [{"id": 1}, {"id": 2', 2, "JSON ("),
    (b'{"bulletins": [{"id": 1}, 7]}', 2, "a JSON object"),
    (b'{"bulletins": [{"id": 1, "id": 2}]}', 1, "each name once"),
    (b'{"bulletins": [{"id": 1}]} and more', None, "the end of the document"),
    (b'{"bulletins": [{"id": 1}], "actors": []}', None, "the end of the document"),
    (b'{"bulletins": [{"id": 1, "title": "\xe9"}]}', 1, "UTF-8"),
    (b'{"bulletins": [{"id": ' + b"[" * 100_000 + b"]}", 1, "nested less deeply"),
    (b'{"things": [{"id": 1}]}', None, "a document with one list"),
    (b"", None, "a document with one list"),
]


@pytest.mark.parametrize(("raw", "row", "expected"), BROKEN)
def test_a_document_that_breaks_is_named_where_it_does(
    tmp_path: Path, raw: bytes, row: int | None, expected: str
) -> None:
    path = tmp_path / "bulletins.json"
    path.write_bytes(raw)
    fault = wrong(path)[0]
    assert fault.row == row
    assert expected in fault.expected
    assert in_arabic(fault)


def test_an_empty_list_beside_another_is_no_fault(empty: Bureau, tmp_path: Path) -> None:
    path = laid(tmp_path, bulletins=[bulletin(1, "Boats")], incidents=[])
    records, _ = read(empty, path)
    assert set(keyed(records)) == {"bulletin:1"}
    with pytest.raises(ImportRefused, match="there is no row in it"):
        read(empty, laid(tmp_path / "other", incidents=[]))


def test_a_field_map_may_read_such_a_list_otherwise(empty: Bureau, tmp_path: Path) -> None:
    path = given_out(tmp_path, "bulletins", [bulletin(1, "Boats", docket={"no": 7})])
    name = {"object": {"form": "title"}}
    fields = {"type": {"constant": "document"}, "about": "docket.no", "names": {"list": [name]}}
    record = {"kind": "entity", "key": "b:{id}", "fields": fields}
    words = {"format": "field-map/1", "sheets": [{"records": [record]}]}
    map_file = tmp_path / "map.json"
    map_file.write_text(json.dumps(words), encoding="utf-8")
    listing = look_at(empty.casebook, path, "creek", "restricted", Faults(), map_file)
    (entity,) = of(Entity, list(listing.records()))
    assert (entity.about, entity.names) == ("7", ({"form": "Boats"},))


def test_other_json_beside_lists_is_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "map.json").write_text('{"format": "field-map/1", "sheets": []}')
    given_out(tmp_path, "bulletins", [bulletin(1, "Boats")])
    assert [sheet.file for sheet in sheets_in(tmp_path, Faults())] == ["bulletins.json"]


@given(
    st.lists(
        st.dictionaries(st.text(max_size=3), st.text() | st.booleans(), max_size=3), max_size=9
    ),
    st.integers(1, 4),
    st.sampled_from(["", ".gz"]),
)
def test_a_stream_reads_what_a_whole_reading_would(
    listed: list[Object], batch: int, packed: str
) -> None:
    path = given_out(FOLDER[0], "actors", listed, batch)
    if packed:
        whole = path.with_suffix(".json.gz")
        whole.write_bytes(gzip.compress(path.read_bytes()))
        path = whole
    faults = Faults()
    assert [each for _, each in objects(path, path.name, faults)] == listed
    assert not faults.found
    assert table_of(path) == "actors"


@given(st.binary(max_size=200))
def test_no_bytes_whatsoever_break_the_stream(raw: bytes) -> None:
    path = FOLDER[0] / "any.json"
    path.write_bytes(b'{"actors": [{"id": 1},' + raw)
    faults = Faults()
    first = next(objects(path, "any.json", faults))
    assert first == (1, {"id": "1"})
    list(objects(path, "any.json", faults))


@given(st.text())
def test_what_is_not_marked_up_stays_as_it_is(text: str) -> None:
    if "<" not in text and "&" not in text:
        assert plain(text) == text


def test_marks_go_and_links_stay() -> None:
    marked = (
        '<p>Boats &amp; nets</p><script>x()</script><p>see <a href="https://e.org/1">it</a></p>'
    )
    assert plain(marked) == "Boats & nets\nsee it (https://e.org/1)"
    assert plain("1 < 2 and 3 > 2") == "1 < 2 and 3 > 2"


def test_an_import_that_is_cut_short_goes_on_and_says_nothing_twice(
    bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dalil.casebook.recording.PART", 4)
    related = [link("actor", named(n, f"N{n}"), [1]) for n in range(1, 6)]
    path = laid(tmp_path, bulletins=[bulletin(11, "Boats", actor_relations=related)])
    listing = look_at(bureau.casebook, path, "creek", "restricted", Faults())

    def stop(done: int, _total: int) -> None:
        if done > 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(bureau.casebook, listing, bureau.signer, stop)
    assert not list(bureau.casebook.find(Entity, VIEW, "creek"))
    listing = look_at(bureau.casebook, path, "creek", "restricted", Faults())
    bring_in(bureau.casebook, listing, bureau.signer)
    assert len(list(bureau.casebook.find(Entity, VIEW, "creek"))) == 6
    listing = look_at(bureau.casebook, path, "creek", "restricted", Faults())
    assert bring_in(bureau.casebook, listing, bureau.signer).records == 0


def test_a_mention_never_takes_the_place_of_what_is_told_in_full(
    bureau: Bureau, tmp_path: Path
) -> None:
    said = bulletin(11, "B", actor_relations=[link("actor", named(5, "A."), [1])])
    for table, listed, see in (
        ("actors", [actor(5, "Amina", occupation="fisher")], "restricted"),
        ("bulletins", [said], "open"),
    ):
        path = laid(tmp_path / table, **{table: listed})
        listing = look_at(bureau.casebook, path, "creek", see, Faults())
        bring_in(bureau.casebook, listing, bureau.signer)
    found = [known.record for known in bureau.casebook.find(Entity, VIEW, "creek")]
    assert "fisher" in str(keyed(found)["actor:5"].about)
    assert [known.record.revises for known in bureau.casebook.find(Source, VIEW, "creek")] == [0, 0]


@given(st.permutations(range(6)), st.permutations(["actors", "bulletins", "incidents"]))
def test_records_do_not_depend_on_the_order_of_an_export(
    order: Sequence[int], tables: Sequence[str]
) -> None:
    """Files are read by name, so that of the lists is turned by writing them under others."""
    harbour = location(2, "Zumurruda", full=True)
    listed: dict[str, list[Object]] = {
        "actors": [
            actor(n, f"N{n}", actor_relations=[link("actor", named((n + 1) % 6 + 1, "M"), 3)],
                  bulletin_relations=[link("bulletin", {"id": n % 2 + 1, "title": "B"}, [2])])
            for n in range(1, 7)
        ],
        "bulletins": [
            bulletin(n, "B", locations=[location(2, "Zumurruda")],
                     events=[event(n, "Arrest", location=harbour)],
                     actor_relations=[link("actor", named(m, "N"), [2]) for m in range(n, 7, 2)])
            for n in (1, 2)
        ],
        "incidents": [incident(9, "Night", actor_relations=[link("actor", named(7, "Z"), [1])])],
    }  # fmt: skip
    folder = Path(mkdtemp(dir=FOLDER[0]))
    for place, table in enumerate(tables):
        rows = [each for _, each in sorted(zip(order, listed[table], strict=False), key=first)]
        given_out(folder, table, rows).rename(folder / f"{place}.json")
    faults = Faults()
    found = list(convert(sheets_in(folder, faults), Into("a" * 32, "creek"), faults))
    assert not faults.found
    ids = [(each.kind, each.id) for each in found]
    assert len(set(ids)) == len(ids)
    assert {json.dumps(fields_of(each), sort_keys=True) for each in found} == EXPECTED.setdefault(
        "records", {json.dumps(fields_of(each), sort_keys=True) for each in found}
    )


def test_one_wrong_place_keeps_all_of_a_list_out(bureau: Bureau, tmp_path: Path) -> None:
    path = laid(tmp_path, bulletins=[bulletin(1, "Boats"), bulletin(2, "Nets", publish_date="?")])
    with pytest.raises(ImportRefused, match=r"row 2, column 'publish_date': '\?'"):
        look_at(bureau.casebook, path, "creek", "restricted", Faults())
    assert not list(bureau.casebook.find(Entity, VIEW, "creek"))


def test_what_bayanat_withheld_is_told_and_not_made_up(empty: Bureau, tmp_path: Path) -> None:
    shut = {"actor": {"id": 5, "restricted": True}, "restricted": True}
    path = laid(
        tmp_path,
        bulletins=[bulletin(11, "B", actor_relations=[shut]), {"id": 12, "restricted": True}],
    )
    records, remarks = read(empty, path)
    assert set(keyed(records)) == {"bulletin:11"}
    withheld = [each for each in remarks if "withheld" in each.expected]
    assert [(each.row, each.column) for each in withheld] == [
        (1, "actor_relations[0]"), (2, ""), (None, None),
    ]  # fmt: skip
