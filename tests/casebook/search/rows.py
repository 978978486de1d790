"""An index without its acts, so that a test can say on which day each record became known."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine

from dalil.casebook.index import words
from dalil.casebook.index.project import Recorded, project, write_words
from dalil.casebook.index.tables import META
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.form import Record, check, fields_of
from dalil.casebook.search.query import Found, Query
from dalil.casebook.search.search import search
from dalil.engines.sqlite import reading, writing


class Rows:
    """The rows of some records."""

    def __init__(self) -> None:
        self._engine = create_engine("sqlite://")
        self._seq = 0
        with writing(self._engine) as connection:
            META.create_all(connection)
            words.create(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection on the rows."""
        with reading(self._engine) as connection:
            yield connection

    def write(self, *records: Record, day: str = "2026-01-01") -> None:
        """Write records down, as known from a day on."""
        self.write_together([records], day)

    def write_together(self, acts: Sequence[Sequence[Record]], day: str = "2026-01-01") -> None:
        """Write some acts, then their full text at once, as when an index is written anew."""
        touched: list[int] = []
        with writing(self._engine) as connection:
            for records in acts:
                for record in records:
                    check(record)
                bodies = [json.dumps(fields_of(each), ensure_ascii=False) for each in records]
                batch = [
                    Recorded(self._seq, place, f"{day}T12:00:00Z", body)
                    for place, body in enumerate(bodies)
                ]
                touched += project(connection, batch)
                self._seq += 1
            write_words(connection, touched)

    def write_all_words(self) -> None:
        """Take all full text away and write it anew."""
        with writing(self._engine) as connection:
            count = connection.exec_driver_sql("SELECT count(*) FROM record").scalar() or 0
            words.clear(connection)
            words.add(connection, words.texts_of(connection, range(count)))

    def documents(self) -> list[tuple[object, ...]]:
        """Return what the full text holds of each revision, without the numbers of rows."""
        statement = """SELECT r.id, r.revision, d.at >> 40, w.own, w.also, w.facets
        FROM record r JOIN document d ON d.n = r.n JOIN words w ON w.rowid = d.at ORDER BY 1, 2"""
        with self.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def search(self, words: str = "", see: str = "restricted", **more: object) -> Found:
        """Search as somebody who may see ``see``."""
        return search(self, Query(words, **more), view_of(see))  # type: ignore[arg-type]

    def ids(self, words: str = "", see: str = "restricted", **more: object) -> set[str]:
        """Return the ids of what is found, and see that their number is told rightly."""
        found = self.search(words, see, limit=1000, **more)
        assert found.total == len(found.hits)
        return {hit.id for hit in found.hits}

    def ids_then(self, view: View, words: str = "", **more: object) -> set[str]:
        """Return the ids of what a view finds."""
        found = search(self, Query(words, limit=1000, **more), view)  # type: ignore[arg-type]
        assert found.total == len(found.hits)
        return {hit.id for hit in found.hits}
