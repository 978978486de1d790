"""Laws of search: of invented books, in any order, seen by anybody, on any day."""

from collections.abc import Sequence
from dataclasses import fields, replace
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from casebook.search.rows import Rows
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import CLASSES, Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity, Name

WORDS = ("van", "pit", "white", "حفرة", "والحفرة", "إعدام", "Tadamun", "التضامن", "Nour", "نور")
DATES = ("2013", "2013-04-16", "2012/2014", "2022-05~", "2015/..")
SEES = ("open", "open", "restricted", "sealed")
# An example writes some dozens of records three times over.
FEW = settings(max_examples=(settings.default or settings()).max_examples // 8)
BOOKS = st.integers(0, 10**6)


class Book:
    """An invented book: records that name each other, and revisions of some."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._last = 0
        self.places = [self._entity("place") for _ in range(4)]
        self.others = [self._entity(t) for t in ("person", "incident", "unit", "document")]
        self.sources = [self._make(Source, type="paper", title=self.text()) for _ in range(2)]
        self.records: list[Record] = [*self.places, *self.others, *self.sources]
        things = [*self.places, *self.others]
        for _ in range(7):
            a, b = self.random.sample(things, 2)
            how = self.random.choice(("part_of", "located_at", "present_at", "related_to"))
            note = self.text() if self.random.random() < 0.4 else None
            self._add(Relation, relation=how, a=a.id, b=b.id, note=note, valid=self.date())
        for _ in range(3):
            self._add(Name, entity=self.pick(things).id, form=self.text(), role=self.role())
            asked = self._add(
                Proposition, subject=self.pick(things).id, predicate=self.text(), valid=self.date()
            )
            said = {"proposition": asked.id, "source": self.pick(self.sources).id}
            self._add(Assertion, **said, text=self.text(), asserted=self.date())
        self._add(Conduct, act=self.text(), place=self.pick(self.places).id, date=self.date())

    def pick(self, some: Sequence[Any]) -> Any:  # noqa: ANN401 - one of them, whatever they are
        """Return one of some."""
        return self.random.choice(some)

    def text(self) -> str:
        """Return one to three words."""
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 3)))

    def date(self) -> str | None:
        """Return a date, or none."""
        return self.random.choice((None, *DATES))

    def role(self) -> str:
        """Return the role of a form."""
        return self.random.choice(("name", "byname", "translation"))

    def revised(self, count: int) -> list[Record]:
        """Return revisions of some records: withdrawn, of another class, or of other words."""
        latest = {record.id: record for record in self.records}
        made = []
        for _ in range(count):
            old = latest[self.pick(sorted(latest))]
            new: dict[str, object] = {"revises": old.revises + 1}
            change = self.random.random()
            if change < 0.3:
                new["see"] = self.pick(SEES)
            elif change < 0.5:
                new["withdrawn"] = None if old.withdrawn else "a mistake"
            else:
                text = {"title", "text", "note", "form", "predicate", "act"}
                text |= {"about"} if isinstance(old, Entity) else set()
                new |= dict.fromkeys(text & {f.name for f in fields(old)}, self.text())
            made.append(replace(old, **new))  # type: ignore[arg-type]
            latest[old.id] = made[-1]
        return made

    def queries(self) -> list[dict[str, Any]]:
        """Return searches of every sort."""
        things = [*self.places, *self.others]
        asked: list[dict[str, Any]] = [{}, {"words": self.text()}, {"words": self.pick(WORDS)}]
        asked += [{"place": each.id} for each in self.places[:2]]
        asked += [{"place": self.places[0].id, "with_parts": False, "words": self.pick(WORDS)}]
        asked += [{"year_from": 2013, "year_to": 2013}, {"source": self.sources[0].id}]
        asked += [{"related": self.pick(things).id, "kinds": ("entity", "assertion")}]
        return [*asked, {"words": "whi*"}, {"near": (1_000_000, 1_000_000, 2000)}]

    def _entity(self, type_: str) -> Entity:
        names = tuple({"form": self.text(), "role": self.role()} for _ in range(2))
        at = {"lat_e6": 1_000_000, "lon_e6": 1_000_000} if self.random.random() < 0.5 else {}
        about = self.text() if self.random.random() < 0.5 else None
        return self._make(Entity, type=type_, names=names, about=about, date=self.date(), **at)  # type: ignore[no-any-return]

    def _make(self, kind: type[Any], **values: object) -> Any:  # noqa: ANN401 - of that kind
        self._last += 1
        return kind(id=f"{self._last:032x}", see=self.pick(SEES), **values)

    def _add(self, kind: type[Any], **values: object) -> Any:  # noqa: ANN401 - of that kind
        self.records.append(self._make(kind, **values))
        return self.records[-1]


def in_acts(random: Random, records: Sequence[Record]) -> list[list[Record]]:
    """Return records in acts of a few."""
    acts: list[list[Record]] = []
    rest = list(records)
    while rest:
        count = random.randint(1, 8)
        acts.append(rest[:count])
        rest = rest[count:]
    return acts


@FEW
@given(BOOKS)
@example(75)  # a question is revised while it is withdrawn
def test_the_order_of_arrival_changes_no_document_and_neither_does_writing_all_anew(
    seed: int,
) -> None:
    book = Book(seed)
    later = book.revised(8)
    one, other, whole = Rows(), Rows(), Rows()
    for act in in_acts(book.random, [*book.records, *later]):
        one.write(*act)
    shuffled = list(book.records)
    book.random.shuffle(shuffled)
    for act in in_acts(book.random, [*shuffled, *later]):
        other.write(*act)
    whole.write_together([[*book.records, *later]])
    assert one.documents() == other.documents() == whole.documents()
    whole.write_all_words()
    assert one.documents() == whole.documents()


@FEW
@given(BOOKS)
def test_what_is_found_now_is_what_is_found_as_known_today(seed: int) -> None:
    book = Book(seed)
    rows = Rows()
    rows.write_together(in_acts(book.random, [*book.records, *book.revised(8)]))
    for query in book.queries():
        for see in CLASSES:
            then = view_of(see, known_on="2026-01-01")
            assert rows.ids(see=see, **query) == rows.ids_then(then, **query), (query, see)


@FEW
@given(BOOKS)
def test_what_was_found_on_a_day_is_found_for_that_day_ever_after(seed: int) -> None:
    book = Book(seed)
    rows = Rows()
    rows.write(*book.records, day="2026-01-01")
    # A class goes by today: what is sealed later is hidden for earlier days too.
    later = [each for each in book.revised(12) if each.see == _first(book, each).see]
    queries = book.queries()
    before = [rows.ids(see="sealed", **query) for query in queries]
    for day, record in enumerate(later, 2):
        fixed = replace(record, revises=sum(r.id == record.id for r in later[: day - 2]) + 1)
        rows.write(fixed, day=f"2026-01-{day:02}")
    then = view_of("sealed", known_on="2026-01-01")
    assert [rows.ids_then(then, **query) for query in queries] == before


def _first(book: Book, record: Record) -> Record:
    return next(each for each in book.records if each.id == record.id)


@FEW
@given(BOOKS)
def test_a_lower_clearance_finds_less_and_as_much_as_if_the_rest_did_not_exist(seed: int) -> None:
    book = Book(seed)
    rows, poorer = Rows(), Rows()
    rows.write(*book.records)
    seen = {see: rows.ids(see=see) for see in CLASSES}
    assert seen["open"] <= seen["restricted"] <= seen["sealed"]
    with rows.reading() as connection:
        chosen = connection.exec_driver_sql("SELECT id FROM record WHERE see < 2").all()
    kept = {id_ for (id_,) in chosen}
    poorer.write(*(each for each in book.records if each.id in kept))
    for query in book.queries():
        assert rows.ids(**query) == poorer.ids(**query), query
