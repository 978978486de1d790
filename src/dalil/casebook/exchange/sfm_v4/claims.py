"""Claims as relations: each row with its citations, its ranges, its status and all its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sfm_v4.citations import Citations
from dalil.casebook.exchange.sfm_v4.columns import (
    CITED,
    ENTITY,
    STATUS,
    TYPE,
    handbook,
    uuid_in,
    uuids_in,
)
from dalil.casebook.exchange.sfm_v4.learned import NAME, THINGS, Learned
from dalil.casebook.exchange.sfm_v4.locations import Locations
from dalil.casebook.exchange.sfm_v4.ranges import Range, ranges_of
from dalil.casebook.exchange.sheets import Faults, Row
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Name

NOTES = "public_notes:meta"
DESCRIBED = "incident:violation:descriptions:assertion"
COMMANDER = "commander"
CONFLICT = "conflict"
# What is said of a thing itself names it in the list.
LISTED = "named_in"
MAX_WORDS = 4000
# What cells are called in the words of a relation, where others read them.
CALLED = {
    "posting:roles:assertion": "role",
    "posting:titles:assertion": "title",
    "posting:ranks:assertion": "rank",
    "relation:related_unit_classes:assertion": "kind",
    STATUS: "status",
}
PERSONS, UNITS = ("person",), ("unit",)
# Which relation a claim between two things is, from which cell to which.
BETWEEN = {
    "posting": ("posting:person:refs:assertion", PERSONS, "posting:unit:refs:assertion", UNITS),
    "relation": (
        "relation:unit:refs:assertion", UNITS, "relation:related_unit:refs:assertion", UNITS,
    ),
    "positioning": (
        "positioning:unit:refs:assertion", UNITS, "positioning:location:refs:assertion", (),
    ),
}  # fmt: skip
UNDER = {"child-of": "subordinate_to", "member-of": "member_of"}
AT = {"site": "site", "aoo": "area"}
# Whom an incident names besides its place, and under which label.
IN_INCIDENTS = (
    ("incident:perpetrator:refs:assertion", "took_part_in", "incident:perpetrator"),
    ("incident:victim:refs:assertion", "related_to", "incident:victim"),
)
WHERE = "incident:location:refs:assertion"
NAMES = {"unit": "unit:names:assertion", "person": "person:names:assertion"}
NOWHERE = "a location; without one the claim is kept in words"
ABSENT = "a UUID that stands in {what}, or in the case"


@dataclass(slots=True)
class Claims:
    """Turns claims into records. ``lists`` has, by file, the source and the document of a sheet."""

    into: Into
    faults: Faults
    learned: Learned
    citations: Citations
    locations: Locations
    _times: dict[str, int] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)

    def records(self, row: Row, file: str, list_key: str) -> Iterator[Record]:
        """Yield what one row says.

        Raises:
            ImportRefused: fifty places are wrong.

        """
        type_ = row[TYPE]
        known = len(self.faults.found)
        if type_ not in handbook().types:
            expected = f"one of {', '.join(handbook().types)}"
            self.faults.add(file, row.number, TYPE, type_, expected)
            return
        if row[STATUS] not in handbook().statuses:
            expected = f"one of {', '.join(handbook().statuses)}"
            self.faults.remark(file, row.number, STATUS, row[STATUS], expected)
        claim = self._claim(row, file, list_key)
        if claim is None or len(self.faults.found) > known:
            return
        if type_ in BETWEEN:
            yield from self._between(claim, list_key)
            return
        yield from self._names(claim)
        if type_ in THINGS:
            target = self.into.id("entity", list_key)
            yield from claim.relations(LISTED, claim.about, target, claim.words(set()))
        if type_ == "incident":
            yield from self._incident(claim)

    def _claim(self, row: Row, file: str, list_key: str) -> Claim | None:
        about = uuid_in(row, ENTITY, file, self.faults)
        cited = []
        for number in uuids_in(row, CITED, file, self.faults):
            source = self.citations.source(number)
            if source is None:
                self._absent(row, file, CITED, number, "the sources")
            else:
                cited.append(source)
        if not row[CITED]:
            self.faults.add(file, row.number, CITED, "", "something; this column may not be empty")
        for column, cell in row.cells.items():
            if len(cell) > MAX_WORDS and column not in {NOTES, DESCRIBED}:
                expected = f"at most {MAX_WORDS:,} characters; here are {len(cell):,}"
                self.faults.add(file, row.number, column, cell, expected)
        ranges = ranges_of(row, file, self.faults)
        key = f"{row[TYPE]}:{about}:{row[CITED]}"
        self._times[key] = times = self._times.get(key, 0) + 1
        if not about:
            return None
        entity = self.into.id("entity", f"{row[TYPE]}:{about}")
        source = self.into.id("source", list_key)
        return Claim(self.into, row, file, f"{key}:{times}", entity, source, cited, ranges)

    def _names(self, claim: Claim) -> Iterator[Record]:
        """Yield the form that a citation uses of a name, with the citation; once each."""
        column = NAMES.get(claim.row[TYPE], "")
        form = claim.row[column] if column else ""
        wrong = claim.row[STATUS] == CONFLICT
        role = "error" if wrong else "name" if form == claim.row[NAME] else "alias"
        for cited in claim.cited if form else ():
            key = f"{claim.about}:{form}:{cited}"
            if key not in self._named:
                self._named.add(key)
                yield Name(
                    id=self.into.id(Name.kind, key),
                    entity=claim.about,
                    form=form,
                    role=role,
                    source=cited,
                    see=self.into.see,
                    case=self.into.case,
                )

    def _between(self, claim: Claim, list_key: str) -> Iterator[Record]:
        row, type_ = claim.row, claim.row[TYPE]
        column_a, types_a, column_b, types_b = BETWEEN[type_]
        a = self._thing(claim, column_a, types_a)
        if type_ == "positioning" and not row[column_b]:
            # Some bases lie nobody knows where: the unit is named with them, in words.
            self.faults.remark(claim.file, row.number, column_b, "", NOWHERE)
            target, said = self.into.id("entity", list_key), claim.words({column_a})
            yield from claim.relations(LISTED, a, target, said) if a else ()
            return
        b = self._thing(claim, column_b, types_b) if types_b else self._place(claim, column_b)
        what, said = "posted_to", claim.words({column_a, column_b})
        if type_ == "relation":
            what = self._one_of(claim, "relation:types:assertion", UNDER)
        elif type_ == "positioning":
            what = "present_at"
            said["kind"] = self._one_of(claim, "positioning:types:assertion", AT)
        is_command = row["posting:roles:assertion"].casefold() == COMMANDER
        if a and b and what:
            yield from claim.relations(what, a, b, said, is_command=is_command)

    def _incident(self, claim: Claim) -> Iterator[Record]:
        if claim.row[WHERE] and (place := self._place(claim, WHERE)):
            yield from claim.relations("located_at", claim.about, place, {"role": "location"})
        for column, what, role in IN_INCIDENTS:
            for number in uuids_in(claim.row, column, claim.file, self.faults):
                key = self.learned.find(number, ("unit", "person"))
                if key is None:
                    self._absent(
                        claim.row, claim.file, column, number, "the claims of type unit, person"
                    )
                    continue
                who = self.into.reference("entity", key)
                said = {"role": role, "modality": "alleges"}
                yield from claim.relations(what, who, claim.about, said)

    def _thing(self, claim: Claim, column: str, types: tuple[str, ...]) -> str:
        number = uuid_in(claim.row, column, claim.file, self.faults)
        key = self.learned.find(number, types) if number else None
        if number and key is None:
            self._absent(claim.row, claim.file, column, number, f"the claims of type {types[0]}")
        return self.into.reference("entity", key) if key else ""

    def _place(self, claim: Claim, column: str) -> str:
        number = uuid_in(claim.row, column, claim.file, self.faults)
        key = f"place:{number}"
        if number and number not in self.locations.rows and not self.into.known("entity", key):
            self._absent(claim.row, claim.file, column, number, "the locations")
            return ""
        return self.into.reference("entity", key) if number else ""

    def _one_of(self, claim: Claim, column: str, words: Mapping[str, str]) -> str:
        cell = claim.row[column]
        if cell not in words:
            expected = f"one of {', '.join(words)}"
            self.faults.add(claim.file, claim.row.number, column, cell, expected)
        return words.get(cell, "")

    def _absent(self, row: Row, file: str, column: str, number: str, what: str) -> None:
        self.faults.add(file, row.number, column, number, ABSENT.format(what=what))


@dataclass(frozen=True, slots=True)
class Claim:
    """One row: its key, of whom it speaks, who compiled it, what it cites, and when it held."""

    into: Into
    row: Row
    file: str
    key: str
    about: str
    source: str
    cited: list[str]
    ranges: list[Range]

    def words(self, read: set[str]) -> dict[str, str]:
        """Return every cell as a word of the relation, under the label of its column."""
        read = read | {TYPE, CITED, NOTES}
        read |= {ENTITY} if self.row[TYPE] in THINGS else set()
        read |= {DESCRIBED} if self.row[TYPE] == "incident" else set()
        said = {"row": str(self.row.number)}
        for column, cell in self.row.cells.items():
            if cell.strip() and column not in read:
                said[CALLED.get(column, column)] = cell.strip()
        return said

    def relations(
        self, what: str, a: str, b: str, said: Mapping[str, str], *, is_command: bool = False
    ) -> Iterator[Relation]:
        """Yield a relation for each range, and where the claim is in conflict its denial.

        A claim that its compilers hold to be wrong is still what the citation says: they deny it,
        for those days and no others.
        """
        status = self.row[STATUS]
        for place, when in enumerate(self.ranges):
            words = dict(said) if when.valid else {**said, "dates": "undated"}
            if status:
                words["status"] = status
            key = f"{what}:{self.key}:{a}:{b}:{place}"
            listed = what == LISTED
            relation = Relation(
                id=self.into.id(Relation.kind, key),
                relation=what,
                a=a,
                b=b,
                valid=when.valid or None,
                sometime=when.sometime,
                start_known=when.starts and bool(when.valid),
                end_known=when.ends and bool(when.valid),
                is_command=is_command,
                detail=dict(words),
                cited={"b": {"sources": self.cited}},
                source=self.source,
                verbatim=(self.row[DESCRIBED] or None) if listed else None,
                note=self.row[NOTES] or None,
                see=self.into.see,
                case=self.into.case,
            )
            yield relation
            if status == CONFLICT and not listed:
                yield self._denial(relation, key)

    def _denial(self, relation: Relation, key: str) -> Relation:
        return replace(
            relation,
            id=self.into.id(Relation.kind, f"{key}:denied"),
            polarity="denies",
            start_known=bool(relation.valid),
            end_known=bool(relation.valid),
            detail={"status": CONFLICT, "row": str(self.row.number)},
            cited=None,
        )
