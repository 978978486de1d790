"""What every page about a case is written from: the records, as the view lets them be seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.tables import NAME, RECORD
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import ID, Record
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.report.page import SourceShown, Worded
from dalil.casebook.report.phrases import in_both, phrase, quoted
from dalil.casebook.text.names import script_of
from dalil.engines.sqlite import pieces
from dalil.errors import NoSuchThing
from dalil.kernel.disclosure import b64url
from dalil.ledger.people import people_of

WITHHELD = SourceShown(withheld=True)
SCRIPTS = {"en": "Latn", "ar": "Arab"}
# In this order a form of a name stands for the thing.
PREFERRED = ("name", "alias", "byname", "code", "spelling")
CITED_NAME = 160
BEGINNING = re.compile(r"[0-9a-f]{4,31}")
WITH_KEYS = ("entity", "victim", "source", "assertion")
SHOWN = 5
_PEOPLE: dict[tuple[str, int], Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a name; ``searched``: whoever searches for it finds the thing.

    ``record`` is the id of the record that holds this form alone, where there is one.
    """

    form: str
    role: str
    searched: bool
    record: str | None


@dataclass(slots=True)
class Desk:
    """One casebook as one view sees it; what was looked up once is kept."""

    casebook: Casebook
    view: View
    people: Mapping[str, str]
    _records: dict[str, Record | None] = field(default_factory=dict)
    _forms: dict[str, list[Form]] = field(default_factory=dict)

    def fetch(self, ids: Iterable[str | None]) -> None:
        """Look several records up at once."""
        missing = {id_ for id_ in ids if id_ is not None and id_ not in self._records}
        if not missing:
            return
        for known in self.casebook.with_ids(missing, self.view):
            if isinstance(known.record, Source | Entity | Proposition):
                self._records[known.record.id] = known.record
        for id_ in missing:
            self._records.setdefault(id_, None)
        entities = [id_ for id_ in missing if isinstance(self._records[id_], Entity)]
        for chunk in pieces(sorted(entities)):
            self._fetch_forms(chunk)

    def _fetch_forms(self, entities: Sequence[str]) -> None:
        columns = (NAME.c.entity, NAME.c.form, NAME.c.role, NAME.c.searched, RECORD.c.id)
        chosen = (
            select(*columns)
            .join(RECORD, RECORD.c.n == NAME.c.n)
            .where(NAME.c.entity.in_(entities), self.view.rows(NAME))
        )
        with self.casebook.reading() as connection:
            for entity, form, role, searched, holder in connection.execute(
                chosen.order_by(NAME.c.n, NAME.c.i)
            ):
                self._forms.setdefault(entity, []).append(
                    Form(form, role, searched, holder if holder != entity else None)
                )

    def forms(self, id_: str) -> list[Form]:
        """Return every form of an entity's name that may be seen, as they were recorded."""
        self.fetch([id_])
        return self._forms.get(id_, [])

    def record(self, id_: str) -> Record | None:
        """Return a source, entity or proposition, or nothing where it may not be seen."""
        self.fetch([id_])
        return self._records[id_]

    def source(self, id_: str) -> SourceShown:
        """Return who a source is, or that it is withheld."""
        found = self.record(id_)
        return source_shown(found) if isinstance(found, Source) else WITHHELD

    def name(self, id_: str) -> Worded:
        """Return what an entity is called, in each language in its own script where there is one.

        Of what may not be seen nothing is said but that it is withheld.
        """
        found = self.record(id_)
        if not isinstance(found, Entity):
            return Worded(phrase("withheld-thing", "en"), phrase("withheld-thing", "ar"))
        return in_both(lambda lang: quoted(_name_in(found, self.forms(id_), lang)))

    def plain_name(self, id_: str, lang: str) -> str:
        """Return the same in one language as it is written, for whoever quotes it."""
        found = self.record(id_)
        if not isinstance(found, Entity):
            return phrase("withheld-thing", lang)
        return _name_in(found, self.forms(id_), lang)

    def who(self, key: str | None) -> str:
        """Return the name of the person with this key."""
        return self.people.get(key or "", (key or "?")[:12])


def open_desk(casebook: Casebook, view: View) -> Desk:
    """Gather what pages are written from."""
    return Desk(casebook, view, _people(casebook))


def _people(casebook: Casebook) -> Mapping[str, str]:
    """Return the names of persons by their keys; read anew when an act has come."""
    # By origin, not by path: two archives may stand at one path, one after the other.
    key = (casebook.ledger.origin, casebook.ledger.store.count())
    found = _PEOPLE.get(key)
    if found is None:
        found = {b64url(one.key): one.name for one in people_of(casebook.archive)}
        # Other threads may be reading: nothing is looked up after it was cleared.
        _PEOPLE.clear()
        _PEOPLE[key] = found
    return found


def source_shown(source: Source) -> SourceShown:
    """Return who a source is."""
    name = source.publisher or source.author
    return SourceShown(
        withheld=False,
        id=source.id,
        key=source.key,
        type=source.type,
        name=name,
        title=source.title,
        published=source.published,
        url=source.url,
    )


def cited(source: SourceShown, lang: str) -> str:
    """Return a source in full: who it is, its title, and its key."""
    if source.withheld:
        return phrase("withheld-source", lang)
    said = ": ".join(dict.fromkeys(filter(None, (source.name, source.title))))
    return _with_key(source, said, lang)


def named(source: SourceShown, lang: str, *, apart: bool = True) -> str:
    """Return a source as a line names it: who it is, and its key.

    ``apart``: keep the direction of its name apart; not where whoever quotes it does so.
    """
    if source.withheld:
        return phrase("withheld-source", lang)
    return _with_key(source, source.name or source.title or "", lang, apart=apart)


def _with_key(source: SourceShown, said: str, lang: str, *, apart: bool = True) -> str:
    show = quoted if apart else str
    shown = show(said[:CITED_NAME] or source.key or source.id or "")
    if said and source.key:
        return phrase("source-with-key", lang, code=show(source.key), source=shown)
    return shown


def latest(found: Iterable[Known]) -> list[Known]:
    """Return records that were not withdrawn, the newest first."""
    return sorted(
        (known for known in found if known.record.withdrawn is None),
        key=lambda known: (known.seq, known.place),
        reverse=True,
    )


def _name_in(entity: Entity, forms: Sequence[Form], lang: str) -> str:
    """Return the first form in the script of ``lang``; one that merely repeats the key is last."""
    key = (entity.key or "").partition(":")[2]
    written = [form.form for form in forms]
    ranked = sorted(
        (form for form in forms if form.role in PREFERRED),
        key=lambda form: (
            script_of(form.form) != SCRIPTS[lang],
            form.form in (key, key.replace("-", " ")) and written.count(form.form) == 1,
            PREFERRED.index(form.role),
        ),
    )
    if ranked:
        return ranked[0].form
    return getattr(entity, "label", None) or entity.key or entity.id[:12]


def cases_of(casebook: Casebook, view: View) -> list[str]:
    """Return the names of the cases of which something may be seen."""
    chosen = select(RECORD.c.case).distinct().where(RECORD.c.case.is_not(None), view.rows(RECORD))
    with casebook.reading() as connection:
        return sorted(str(case) for (case,) in connection.execute(chosen))


def find_record(casebook: Casebook, word: str, view: View, kind: str | None = None) -> Known:
    """Return the record that ``word`` means: an id, four digits or more of one, or a key.

    A key (``T087``, ``place:hill``) is looked for in every case; ``case/key`` says which.

    Raises:
        NoSuchThing: none that may be seen, or several; the message says how to choose.

    """
    if ID.fullmatch(word):
        found = [casebook.get(word, view)]
    else:
        found = [casebook.get(id_, view) for id_ in _meant(casebook, word, view)]
    found = [known for known in found if kind in (None, known.record.kind)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NoSuchThing(f"no {kind or 'record'} has the id or key {word}")
    some = ", ".join(f"{k.record.kind} {k.record.id[:12]}" for k in found[:SHOWN])
    raise NoSuchThing(f"{word} may mean {len(found)} records: {some}; give more of the id")


def key_in(casebook: Casebook, case: str | None, view: View) -> Callable[[str], str | None]:
    """Return what gives the id of ``@key`` in a case (none: in any), or nothing."""

    def id_of(word: str) -> str | None:
        key = word.removeprefix("@")
        looked = (casebook.by_key(case, kind, key, view) for kind in WITH_KEYS)
        return next((known.record.id for known in looked if known is not None), None)

    return id_of


def _meant(casebook: Casebook, word: str, view: View) -> list[str]:
    case, _, key = word.partition("/")
    means = [RECORD.c.key == word, (RECORD.c.case == case) & (RECORD.c.key == key)]
    if BEGINNING.fullmatch(word):
        # Up to the next text of this length: an index serves a range, and no LIKE.
        means.append((RECORD.c.id >= word) & (RECORD.c.id < word[:-1] + chr(ord(word[-1]) + 1)))
    chosen = select(RECORD.c.id).distinct().where(or_(*means), view.rows(RECORD))
    with casebook.reading() as connection:
        return [str(id_) for (id_,) in connection.execute(chosen.order_by(RECORD.c.id).limit(50))]
