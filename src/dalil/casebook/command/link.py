"""A link of a chain of command: who says so, how it stands on the day, what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass

from dalil.casebook.command.standing import STANDINGS

PRESENT, UNDER, COMMANDS = "present", "under", "commands"
# Told beside the chains, and not followed as command.
MEMBER, OTHERWISE = "member", "otherwise_under"
# The label of an entity that stands for a unit that nobody could name.
PLACEHOLDER = "placeholder"
# Beyond two independent origins a link gains no more.
ENOUGH_ORIGINS = 2

Grade = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity that an answer names: every form of its name, and whether it is a placeholder.

    ``names`` are (form, language) as recorded. A placeholder stands for a level of command that
    nobody could name; it bridges that level, and nobody commands it.
    """

    id: str
    type: str
    names: tuple[tuple[str, str], ...]
    key: str = ""
    placeholder: bool = False


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source that may be seen: the list's own key, its title, who published it and when."""

    id: str
    key: str
    title: str
    publisher: str
    published: str


@dataclass(frozen=True, slots=True)
class Citation:
    """What cites one datapoint of a statement (``unit``, ``first`` …), with stated confidence.

    ``sources`` are ids; ``withheld``: there are others, of which nothing may be told.
    """

    point: str
    sources: tuple[str, ...]
    withheld: bool
    confidence: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One relation record as it stands on the day.

    ``valid`` is its own EDTF text, ``said`` its own words (role, title, rank …), ``basis`` de jure,
    de facto or unstated, ``source`` whoever compiled it (absent: withheld or not said).
    """

    id: str
    valid: str
    standing: str
    gap: int
    side: str
    basis: str
    start_known: bool
    end_known: bool
    said: tuple[tuple[str, str], ...]
    source: str | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against a link: a denial, or another person who is said to command then.

    ``sources`` say so (those that may be seen), ``told_by`` tells it, if another; ``who`` is empty
    for a denial.
    """

    how: str
    record: str
    who: str
    sources: tuple[str, ...]
    told_by: str | None
    standing: str
    gap: int
    side: str


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain, from ``a`` to ``b``, with each statement of it that may hold.

    ``what``: a unit ``present`` in a place, a unit ``under`` another, a person who ``commands`` a
    unit; and beside the chains a unit that is ``member`` of an operation or ``otherwise_under``
    another (administratively, informally). Standing and origins are those of its best statements
    alone: an inferred statement lends nothing to an attested one.
    ``stated_by`` are the sources that say the link itself (not merely its dates), ``origins`` how
    many of them are independent; ``withheld`` ones are not counted.
    """

    what: str
    a: str
    b: str
    standing: str
    rank: int
    gap: int
    side: str
    stated_by: tuple[str, ...]
    origins: int
    withheld: bool
    basis: str
    statements: tuple[Statement, ...]
    against: tuple[Against, ...]

    @property
    def grade(self) -> Grade:
        """Larger is weaker: standing, what speaks against it, origins, days of the gap."""
        return (
            self.rank,
            2 if _as_strong(self) else 1 if self.against else 0,
            max(0, ENOUGH_ORIGINS - self.origins),
            self.gap,
        )


@dataclass(frozen=True, slots=True)
class Chain:
    """From the place to one commander: indices into the answer's links, and its weakest link.

    The grade of a chain is that of its weakest link; nothing is multiplied.
    """

    links: tuple[int, ...]
    weakest: int
    grade: Grade


def _as_strong(link: Link) -> bool:
    """Whether something against the link stands at least as well as the link itself."""
    return any(
        each.how == "denied" or (STANDINGS.index(each.standing), each.gap) <= (link.rank, link.gap)
        for each in link.against
    )
