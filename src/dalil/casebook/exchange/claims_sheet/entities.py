"""Who and what the claims speak of, and every form of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dalil.casebook.exchange.claims_sheet.layout import Layout, any_in, said_in
from dalil.casebook.exchange.claims_sheet.reading import ClaimRow, NameRow
from dalil.casebook.exchange.fieldmap.deceiving import deceptions
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.record.things import Entity, Name
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import fold
from dalil.errors import RecordRefused
from dalil.kernel.canonical import Json

SCRIPT = re.compile(r"(?P<script>[A-Z][a-z]{3})(?:\((?P<lang>[a-z]{2,3}(?:-\w+)*)\))?")
DATED = re.compile(r"(?P<name>.+)-(?P<date>\d{4}(?:-\d\d){0,2})")
# The scripts of the two languages that are spoken here.
LABELS = ("Latn", "Arab")
INITIAL = re.compile(r"(?P<initial>\w)\.\s*(?P<rest>\w{2,}.*)")


@dataclass(slots=True)
class Entities:
    """Every entity by its key, with the forms by which it is known."""

    layout: Layout
    into: Into
    faults: Faults
    known: dict[str, Entity] = field(default_factory=dict)
    forms: dict[str, set[str]] = field(default_factory=dict)
    called: dict[str, dict[str, None]] = field(default_factory=dict)
    names: dict[str, Name] = field(default_factory=dict)
    labels: dict[str, dict[str, Json]] = field(default_factory=dict)

    def subjects_of(self, row: ClaimRow) -> tuple[str, ...]:
        """Return the keys of those whom a claim is about; a list of people is several."""
        prefix, _, rest = row.subject.partition(":")
        one = self.layout.several.get(prefix)
        if one is not None:
            keys = [f"{one}:{name.strip()}" for name in rest.split(",") if name.strip()]
        elif prefix == self.layout.byname and any_in(row.value, self.layout.two_persons):
            keys = [f"{row.subject}#1", f"{row.subject}#2"]
        else:
            keys = [row.subject]
        good = prefix in self.layout.types and bool(rest)
        if not good:
            types = ", ".join(sorted(self.layout.types))
            row.place.fault(
                self.faults, "subject", row.subject, f"type:name, where type is one of {types}"
            )
            return ()
        for key in keys:
            self.add(key)
        return tuple(dict.fromkeys(keys))

    def add(self, key: str, name: str | None = None) -> str:
        """Write an entity down once, called as its key where nobody names it; return its id."""
        if key in self.known:
            return self.known[key].id
        prefix, _, rest = key.partition(":")
        dated = DATED.fullmatch(rest)
        date = dated["date"] if dated and _is_date(dated["date"]) else None
        label = name or _label(rest if dated is None or date is None else dated["name"])
        form: Json = {"form": label if date is None else f"{label} {date}"}
        if prefix == self.layout.byname:
            form["role"] = "byname"
        labels = tuple(self.labels.get(key, {}).values()) or (form,)
        self.known[key] = Entity(
            id=self.into.id("entity", key),
            see=self.into.see,
            case=self.into.case,
            type=self.layout.types[prefix],
            key=key,
            names=labels,
            date=date,
        )
        self._learn(key, *(str(each["form"]) for each in labels))
        return self.known[key].id

    def add_names(self, rows: Iterable[NameRow], sources: Mapping[str, str]) -> None:
        """Write down every form of a name, with where it was seen (``sources``: key → id)."""
        given = list(rows)
        for row in given:
            self._label(row)
        for row in given:
            prefix, _, rest = row.entity.partition(":")
            if prefix not in self.layout.types or not rest:
                row.place.fault(self.faults, "entity", row.entity, "type:name, as in the claims")
                continue
            name = self._name(row, sources)
            if name.id in self.names:
                row.place.fault(self.faults, "form", row.form, "each form once for each sighting")
                continue
            self.names[name.id] = name
            for expected in deceptions(row.form):
                row.place.remark(self.faults, "form", row.form, expected)
            self._learn(row.entity, row.form)

    def _label(self, row: NameRow) -> None:
        """Take the first plain name in each script for what the thing is called."""
        written = SCRIPT.fullmatch(row.script)
        script = written["script"] if written else ""
        plain = not said_in(row.remark, self.layout.roles) and script in {"", *LABELS}
        if plain and not (written and written["lang"]):
            form = {"form": row.form, **({"script": script} if script else {})}
            self.labels.setdefault(row.entity, {}).setdefault(script, form)

    def find(self, text: str, type: str | None = None) -> str | None:  # noqa: A002 - its field
        """Return the key of the one entity that this form names, initials included."""
        found = list(self.called.get(fold(text), ()))
        initial = INITIAL.fullmatch(text.strip())
        if initial:
            found += [key for key, forms in self.forms.items() if _begins(forms, initial)]
        fitting = {
            key
            for key in found
            if type is None or self.layout.types.get(key.partition(":")[0]) == type
        }
        return fitting.pop() if len(fitting) == 1 else None

    def _learn(self, key: str, *forms: str) -> None:
        for form in map(fold, forms):
            self.forms.setdefault(key, set()).add(form)
            self.called.setdefault(form, {})[key] = None

    def _name(self, row: NameRow, sources: Mapping[str, str]) -> Name:
        written = SCRIPT.fullmatch(row.script)
        source = sources.get(row.source)
        seen = "" if source or not row.source else f"seen in: {row.source}"
        return Name(
            id=self.into.id("name", f"{row.entity}|{row.form}|{row.script}|{row.source}"),
            see=self.into.see,
            case=self.into.case,
            entity=self.add(row.entity),
            form=row.form,
            lang=written["lang"] if written else None,
            script=written["script"] if written else None,
            role=said_in(row.remark, self.layout.roles) or "name",
            source=source,
            remark="; ".join(each for each in (row.remark, seen) if each) or None,
        )


def _label(rest: str) -> str:
    bare = rest.partition("#")[0]
    return bare if "." in bare else re.sub(r"(?<=\w)-(?=\w)", " ", bare)


def _is_date(text: str) -> bool:
    try:
        bounds_of(text)
    except RecordRefused:
        return False
    return True


def _begins(forms: Iterable[str], initial: re.Match[str]) -> bool:
    first, rest = fold(initial["initial"]), fold(initial["rest"])
    return any(form.startswith(first) and form.endswith(f" {rest}") for form in forms)
