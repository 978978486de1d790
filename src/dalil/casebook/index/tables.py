"""The rows that follow the acts (SQLAlchemy Core; SQLite now, other engines later)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, Table, Text

META = MetaData()

# Which acts have been followed, and how these tables are laid.
STATE = Table(
    "state",
    META,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# One row for each act that wrote records: when, by which key (base64url), of which import.
ACT = Table(
    "act",
    META,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("recorded_at", Text, nullable=False),
    Column("by_key", Text),
    Column("note", Text),
)

# One row for each revision of each record. `see`: the highest class among it and what it speaks
# of (0 open, 1 restricted, 2 sealed); `own_see` its own. `known_to` is null for the latest one.
RECORD = Table(
    "record",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("case", Text),
    Column("key", Text),
    Column("own_see", Integer, nullable=False),
    Column("see", Integer, nullable=False),
    Column("known_from", Text, nullable=False),
    Column("known_to", Text),
    Column("withdrawn", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index("record_id", "id", "revision"),
    Index("record_kind", "kind", "case"),
    Index("record_place", "seq", "place"),
    Index("record_key", "kind", "key"),
)

# Every id that a record names, and in which field; `hides`: its class is the record's too.
MENTION = Table(
    "mention",
    META,
    Column("target", Text, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("field", Text, primary_key=True),
    Column("hides", Boolean, nullable=False),
    Index("mention_n", "n"),
    sqlite_with_rowid=False,
)

# Every form of every name. `searched`: false for translations and errors that nobody linked.
NAME = Table(
    "name",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("i", Integer, primary_key=True, autoincrement=False),
    Column("entity", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("skeleton", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("searched", Boolean, nullable=False),
    Column("see", Integer, nullable=False),
    Column("known_from", Text, nullable=False),
    Column("known_to", Text),
    Index("name_folded", "folded"),
    Index("name_skeleton", "skeleton"),
    Index("name_entity", "entity"),
)

# What weighing reads. Days are ordinals (null: no such bound).
ASSERTION = Table(
    "assertion",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("proposition", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("origin", Text),
    Column("said_min", Integer),
    Column("see", Integer, nullable=False),
    Column("known_from", Text, nullable=False),
    Column("known_to", Text),
    Index("assertion_proposition", "proposition"),
    Index("assertion_source", "source"),
)

# What is asked, by its question on the page: what a case too large to be weighed whole is paged
# and weighed by. `question`: the id of the group (its `name`, in `place` among the others of the
# case); `asked`: the same for all that answer one question, so that rivals are found by it.
PROPOSITION = Table(
    "proposition",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("case", Text),
    Column("question", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("measure", Text),
    Column("see", Integer, nullable=False),
    Column("known_from", Text, nullable=False),
    Column("known_to", Text),
    Index("proposition_case", "case", "place", "question", "see", "known_to", "known_from"),
    Index("proposition_question", "question"),
    Index("proposition_asked", "asked"),
    Index("proposition_subject", "subject", "measure"),
)

# What chains of command are made of. s: start, e: end, each between two days (null: unknown).
RELATION = Table(
    "relation",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("a", Text, nullable=False),
    Column("b", Text),
    Column("polarity", Text, nullable=False),
    Column("s_min", Integer),
    Column("s_max", Integer),
    Column("e_min", Integer),
    Column("e_max", Integer),
    Column("start_known", Boolean, nullable=False),
    Column("end_known", Boolean, nullable=False),
    Column("sometime", Boolean, nullable=False),
    Column("is_command", Boolean, nullable=False),
    Column("see", Integer, nullable=False),
    Column("known_from", Text, nullable=False),
    Column("known_to", Text),
    Index("relation_a", "relation", "a"),
    Index("relation_b", "relation", "b"),
)

# Which record speaks of which item of the archive; `track`: its lane, or the language of speech.
FOOTAGE = Table(
    "footage",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("item", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("track", Text),
    Column("round", Text),
    Column("see", Integer, nullable=False),
    Column("known_from", Text, nullable=False),
    Column("known_to", Text),
    Index("footage_item", "item", "kind", "see", "known_to"),
)

# What lists say of victims, by which they are counted, found and compared; their names are in NAME.
# Days are ordinals, and ages whole years (null: no such bound).
VICTIM = Table(
    "victim",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("case", Text),
    Column("source", Text),
    Column("sex", Text),
    Column("age_lo", Integer),
    Column("age_hi", Integer),
    Column("day_min", Integer),
    Column("day_max", Integer),
    Column("place", Text),
    Column("unidentified", Boolean, nullable=False),
    Column("see", Integer, nullable=False),
    Column("known_from", Text, nullable=False),
    Column("known_to", Text),
    Index("victim_source", "source", "known_to"),
    Index("victim_id", "id"),
)

TABLES_WITH_CLASS = (RECORD, NAME, ASSERTION, PROPOSITION, RELATION, FOOTAGE, VICTIM)
