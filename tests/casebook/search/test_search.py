"""Search finds a thing under every form of its name, and tells nothing that may not be seen."""

from dataclasses import replace

import pytest

from casebook.search.rows import Rows
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import new_id
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity, Name
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.errors import UsageRefused

FORMS = ("التضامن", "At-Tadamon", "Tadamun", "Tadi-moon", "तदामोन", "حي التضامن")


@pytest.fixture
def rows() -> Rows:
    return Rows()


def entity(form: str = "", type_: str = "place", **more: object) -> Entity:
    names = ({"form": form},) if form else ()
    return Entity(id=new_id(), type=type_, **{"names": names, **more})  # type: ignore[arg-type]


def relation(kind: str, a: Entity, b: Entity, **more: object) -> Relation:
    return Relation(id=new_id(), relation=kind, a=a.id, b=b.id, **more)  # type: ignore[arg-type]


def told(text: str, **more: object) -> tuple[Entity, Source, Proposition, Assertion]:
    """Return somebody of whom a source says something."""
    who, by = entity("Salim", "person"), Source(id=new_id(), type="journalism", title="A paper")
    asked = Proposition(id=new_id(), subject=who.id, predicate="rank")
    fields = {"text": text, **more}
    said = Assertion(id=new_id(), proposition=asked.id, source=by.id, **fields)  # type: ignore[arg-type]
    return who, by, asked, said


@pytest.mark.parametrize(
    "asked", [*FORMS, "Al Tadamoun", "tadamon", "التّضامن", "ﺍﻟﺘﻀﺎﻣﻦ", "TADAMUN"]
)
def test_a_place_is_found_under_every_form_and_so_is_text_that_uses_any(
    rows: Rows, asked: str
) -> None:
    place = entity(names=tuple({"form": form} for form in FORMS))
    texts = [told(f"they were led through {form} at noon") for form in FORMS]
    rows.write(place, entity("Daraya"), *(each for text in texts for each in text))
    assert rows.ids(asked) == {place.id, *(text[3].id for text in texts)}
    hits = rows.search(asked).hits
    assert [hit.named for hit in hits] == [True] + [False] * len(FORMS)


def test_a_translated_name_finds_the_place_once_a_person_links_it(rows: Rows) -> None:
    place = entity(
        names=({"form": "التضامن"}, {"form": "Solidarity", "role": "translation"}),
    )
    rows.write(place)
    assert rows.ids("Solidarity") == set()
    form = Name(id=new_id(), entity=place.id, form="Solidarity", role="translation")
    rows.write(form)
    assert rows.ids("Solidarity") == set()
    rows.write(replace(form, linked=True, revises=1))
    assert rows.ids("Solidarity") == rows.ids("Tadamun") == {place.id}
    rows.write(replace(form, revises=2, withdrawn="linked by mistake"))
    assert rows.ids("Solidarity") == set()


def test_two_numbers_stay_two(rows: Rows) -> None:
    one, other = entity("Branch 227", "unit"), entity("Branch 277", "unit")
    rows.write(one, other)
    assert rows.ids("Branch 227") == rows.ids("branch ٢٢٧") == {one.id}
    assert rows.ids("branch 277") == {other.id}
    assert rows.ids("branch") == {one.id, other.id}


def test_two_who_share_a_byname_are_two_hits(rows: Rows) -> None:
    one = entity("Samir Haddad", "person", names=({"form": "Samir"}, {"form": "the Falcon"}))
    other = entity("Jamal Nasser", "person", names=({"form": "Jamal"}, {"form": "الفلكون"}))
    rows.write(one, other, replace(one, id=new_id()))
    assert len(rows.ids("the Falcon")) == 2
    assert [hit.named for hit in rows.search("the Falcon").hits] == [True, True]


def test_a_name_within_a_longer_search_is_found_in_its_other_spellings(rows: Rows) -> None:
    place = entity(names=({"form": "التضامن"}, {"form": "Tadamun"}))
    near, far = told("قتل في التضامن رجال"), told("قتل في درعا رجال")
    rows.write(place, *near, *far)
    assert rows.ids("Tadamun رجال") == {near[3].id}
    assert rows.ids("رجال") == {near[3].id, far[3].id}
    assert rows.ids('"Tadamun" رجال') == set()


@pytest.mark.parametrize(
    ("form", "asked"),
    [("نور", "Noor"), ("نور", "Nur"), ("فادي", "Fady"), ("منى", "Muna"), ("سوسة", "Sousa")],
)
def test_a_short_key_finds_who_is_called_so_but_not_every_text(
    rows: Rows, form: str, asked: str
) -> None:
    who, text = entity(form, "person"), told(f"قال {form} الدين")
    rows.write(who, *text)
    assert rows.ids(asked) == {who.id}
    assert rows.ids(form) == {who.id, text[3].id}


@pytest.mark.parametrize(
    ("form", "asked"),
    [("منى", "men"), ("فادي", "video"), ("نور", "near"), ("फद", "fada")],
)
def test_a_word_is_no_name_because_two_consonants_agree(rows: Rows, form: str, asked: str) -> None:
    rows.write(entity(form, "person"))
    assert rows.search(asked).total == 0
    assert rows.search(form).total == 1


def test_what_looks_nothing_alike_is_not_found_for_its_consonants(rows: Rows) -> None:
    who, text = entity("Batuta", "person"), told("it about it")
    rows.write(who, entity("Obtaatea", "person"), *text)
    assert rows.ids("Batuta") == {who.id}


@pytest.mark.parametrize("written", ["إعدام", "اعدام", "الإعدام", "والإعدام", "بالإعدام", "وإعدام"])
def test_a_word_is_found_however_its_hamza_is_written_and_whatever_is_written_onto_it(
    rows: Rows, written: str
) -> None:
    text = told(f"حكم عليهم {written} في الليل")
    rows.write(*text)
    assert rows.ids("اعدام") == rows.ids("إعدام") == {text[3].id}


def test_words_are_found_side_by_side_or_by_their_beginning(rows: Rows) -> None:
    one, other = told("a white van, then shots"), told("shots, then a van that was white")
    rows.write(*one, *other)
    assert rows.ids("white van") == {one[3].id, other[3].id}
    assert rows.ids('"white van"') == {one[3].id}
    assert rows.ids("whi* sho*") == {one[3].id, other[3].id}
    assert rows.ids("kind*") == rows.ids("typ*") == set()
    with pytest.raises(UsageRefused, match="3 letters"):
        rows.search("wh*")


@pytest.mark.parametrize(
    "asked", ["!!", '"', '""', "AND", "NOT (", "own:van", "van NEAR", "'); --"]
)
def test_signs_mean_nothing_and_harm_nothing(rows: Rows, asked: str) -> None:
    rows.write(*told("a white van"))
    assert rows.search(asked).total == 0


def test_an_empty_search_finds_everything_and_nothing_twice(rows: Rows) -> None:
    text = told("a white van")
    rows.write(*text)
    rows.write(replace(text[0], about="changed", revises=1))
    assert rows.ids() == {each.id for each in text}
    assert rows.search(limit=0).total == 4
    pages = [rows.search(limit=1, offset=n).hits for n in range(5)]
    assert [len(page) for page in pages] == [1, 1, 1, 1, 0]
    assert {hit.id for page in pages for hit in page} == rows.ids()


def test_a_revision_is_found_by_its_new_words_and_a_withdrawn_record_by_none(rows: Rows) -> None:
    text = told("a white van")
    rows.write(*text)
    rows.write(replace(text[3], text="a grey van", revises=1))
    assert (rows.ids("white"), rows.ids("grey")) == (set(), {text[3].id})
    rows.write(replace(text[3], text="a grey van", revises=2, withdrawn="not said"))
    assert rows.ids("grey") == set()


def test_places_have_parts_and_what_is_asked_or_done_there_is_found(rows: Rows) -> None:
    city, part, other = entity("Damascus"), entity("Tadamun"), entity("Homs")
    what = entity("the pit", "incident")
    asked = Proposition(id=new_id(), subject=what.id, predicate="deaths")
    by = Source(id=new_id(), type="journalism")
    said = Assertion(id=new_id(), proposition=asked.id, source=by.id, text="many")
    done = Conduct(id=new_id(), act="led to the pit", place=part.id)
    rows.write(what, asked, by, said, city, part, other, done)
    assert rows.ids(place=city.id) == {city.id}
    # What comes last changes what was written before it.
    rows.write(relation("located_at", what, part))
    rows.write(relation("part_of", part, city))
    there = {part.id, what.id, asked.id, said.id, done.id}
    assert rows.ids(place=city.id) == {city.id, *there}
    assert rows.ids(place=city.id, with_parts=False) == {city.id}
    assert rows.ids(place=part.id, with_parts=False) == there
    assert rows.ids(place=other.id) == {other.id}
    assert rows.ids("pit", place=city.id, kinds=("conduct",)) == {done.id}


def test_a_place_that_is_part_of_itself_is_found_and_ends(rows: Rows) -> None:
    one, other = entity("A-town"), entity("B-town")
    rows.write(one, other, relation("part_of", one, other), relation("part_of", other, one))
    assert rows.ids(place=one.id) == rows.ids(place=other.id) == {one.id, other.id}


def test_a_place_that_is_denied_or_withdrawn_is_no_place(rows: Rows) -> None:
    city, what = entity("Homs"), entity("raid", "incident")
    there = relation("located_at", what, city)
    rows.write(city, what, there, relation("located_at", what, city, polarity="denies"))
    assert rows.ids(place=city.id) == {city.id, what.id}
    rows.write(replace(there, revises=1, withdrawn="misread"))
    assert rows.ids(place=city.id) == {city.id}


def test_what_lies_within_a_circle_is_found_with_what_happened_there(rows: Rows) -> None:
    here = entity("A", lat_e6=33_480_000, lon_e6=36_300_000)
    far = entity("B", lat_e6=33_480_000, lon_e6=36_354_000)
    what = entity("raid", "incident")
    rows.write(here, far, what, relation("located_at", what, here))
    near = (33_480_000, 36_300_000, 4900)
    assert rows.ids(near=near) == {here.id, what.id}
    # 54,000 millionths of a degree of longitude at this latitude are 5,008 metres.
    assert far.id not in rows.ids(near=(*near[:2], 5007))
    assert far.id in rows.ids(near=(*near[:2], 5010))


def test_years_are_those_spoken_of_and_else_those_of_saying_it(rows: Rows) -> None:
    then = entity("raid", "incident", date="2012-12/2013-02")
    since = relation("posted_to", then, entity("x"), valid="2015/..", note="posted")
    asserted = told("said later", asserted="2022-05-01")
    held = told("held then", asserted="2022-05-01", valid="2013~")
    rows.write(then, *asserted, *held)
    assert rows.ids(year_from=2013, year_to=2013) == {then.id, held[3].id}
    assert rows.ids(year_from=2014) == {asserted[3].id}
    assert rows.ids(year_to=2012) == {then.id}
    assert since.valid == "2015/.."
    with pytest.raises(UsageRefused, match="backwards"):
        rows.search(year_from=2014, year_to=2013)


def test_sources_relations_types_labels_and_cases_narrow_a_search(rows: Rows) -> None:
    one, other = told("a van", case=None), told("a van")
    labelled = entity("van", "thing", labels=("Hard evidence", "سيارة"), case="sea")
    rows.write(*one, *other, labelled)
    rows.write(relation("related_to", labelled, one[0]))
    assert rows.ids("van", source=one[1].id) == {one[3].id}
    assert rows.ids(related=one[0].id) == {one[2].id, one[3].id, labelled.id}
    assert rows.ids("van", related=one[0].id, kinds=("assertion",)) == {one[3].id}
    assert rows.ids("van", types=("thing",)) == rows.ids(case="sea") == {labelled.id}
    assert rows.ids(labels=("hard evidence", "سياره")) == {labelled.id}
    assert rows.ids(labels=("hard",)) == set()
    assert rows.ids("van", kinds=("entity", "assertion")) == {one[3].id, other[3].id, labelled.id}
    assert rows.ids(related=new_id()) == rows.ids(source=new_id()) == set()


@pytest.mark.parametrize("see", ["open", "restricted", "sealed"])
def test_a_word_of_a_sealed_record_gives_nothing_below_its_class(rows: Rows, see: str) -> None:
    canary = "zephyrine"
    place, source = (
        entity("Harbour", see="open"),
        Source(id=new_id(), type="person", see="sealed", title=canary),
    )
    asked = Proposition(id=new_id(), subject=place.id, predicate="deaths", see="open")
    said = Assertion(id=new_id(), proposition=asked.id, source=source.id, text="forty", see="open")
    secret = entity(canary, "person", see="sealed", about=f"hid in {canary}")
    linked = relation("present_at", secret, place, note=canary)
    form = Name(id=new_id(), entity=place.id, form=f"port {canary}", see="sealed")
    hidden = relation("part_of", place, entity_in := entity("Coast", see="open"), see="sealed")
    rows.write(place, source, asked, said, secret, linked, form, entity_in, hidden)
    low = see != "sealed"
    everything = {place.id, source.id, secret.id, linked.id}
    assert rows.ids(canary, see) == (set() if low else everything)
    assert rows.search(f"port {canary}", see, limit=0).total == (0 if low else 1)
    assert rows.ids(f"{canary[:5]}*", see) == (set() if low else everything)
    assert rows.ids("forty", see) == {said.id}
    assert rows.ids(source=source.id, see=see) == (set() if low else {said.id})
    assert rows.ids(related=secret.id, see=see) == (set() if low else {place.id, linked.id})
    assert secret.id not in rows.ids(related=place.id, see=see) or not low
    inside = rows.ids(place=entity_in.id, see=see)
    assert inside == (
        {entity_in.id} if low else {entity_in.id, place.id, asked.id, said.id, secret.id, linked.id}
    )
    hits = rows.search(see=see, limit=100).hits
    assert any(canary in f"{hit.headings}{hit.excerpt}" for hit in hits) != low


def test_what_is_sealed_later_is_found_no_more_with_all_that_speaks_of_it(rows: Rows) -> None:
    text = told("a white van")
    rows.write(*text)
    assert rows.ids("van") == {text[3].id}
    rows.write(replace(text[0], see="sealed", revises=1))
    assert rows.ids("van") == rows.ids("Salim") == set()
    assert rows.ids("van", see="sealed") == {text[3].id}


def test_the_search_of_an_earlier_day_knows_what_was_known_then(rows: Rows) -> None:
    city, what = entity("Homs"), entity("raid", "incident", about="a white van")
    rows.write(city, what, day="2026-01-01")
    rows.write(relation("located_at", what, city), day="2026-01-03")
    rows.write(replace(what, about="a grey van", revises=1), day="2026-01-05")
    rows.write(Name(id=new_id(), entity=what.id, form="the dawn raid"), day="2026-01-07")
    days = {day: view_of(known_on=f"2026-01-0{day}") for day in range(1, 9)}
    assert [day for day, view in days.items() if rows.ids_then(view, "white")] == [1, 2, 3, 4]
    assert [day for day, view in days.items() if rows.ids_then(view, "grey")] == [5, 6, 7, 8]
    assert [day for day, view in days.items() if rows.ids_then(view, "dawn")] == [7, 8]
    assert [d for d, v in days.items() if what.id in rows.ids_then(v, place=city.id)] == [
        *range(3, 9)
    ]


def test_what_sources_had_not_said_by_a_day_and_where_things_were_not_is_left_out(
    rows: Rows,
) -> None:
    old, new = told("old van", asserted="2013-05"), told("new van", asserted="2022-05")
    city, unit = entity("Homs"), entity("Branch 9", "unit")
    rows.write(*old, *new, city, unit, relation("present_at", unit, city, valid="2013/2014"))
    assert rows.ids_then(view_of(said_by="2020-01-01"), "van") == {old[3].id}
    assert unit.id in rows.ids_then(view_of(on="2013-06-01"), place=city.id)
    assert unit.id not in rows.ids_then(view_of(on="2015-06-01"), place=city.id)


def test_a_hit_says_what_it_is_in_both_scripts_and_where_the_word_stands(rows: Rows) -> None:
    long = " ".join(f"w{n}" for n in range(40))
    what = entity(
        type_="incident",
        names=({"form": "The pit"}, {"form": "A trench"}, {"form": "الحفرة"}),
        about=f"{long} Van {long}",
    )
    rows.write(what)
    (hit,) = rows.search("van").hits
    assert hit.headings == ("The pit", "الحفرة")
    assert hit.excerpt.startswith("… w28")
    assert " Van w0" in hit.excerpt
    assert hit.excerpt.endswith("w10 …")
    assert (hit.kind, hit.type, hit.see, hit.named) == ("entity", "incident", 1, False)


def test_a_page_too_long_and_too_many_words_are_refused(rows: Rows) -> None:
    with pytest.raises(UsageRefused, match="0 to 1000"):
        search(rows, Query(limit=1001), view_of())
    with pytest.raises(UsageRefused, match="40 words"):
        search(rows, Query("w " * 41), view_of())
