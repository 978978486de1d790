"""What stands for and against one element, taken together: one of five words, and no verdict."""

from __future__ import annotations

from collections.abc import Iterable

EMPTY, UNDERMINED, SINGLE, CORROBORATED, CONTESTED = STATES = (
    "empty", "undermined", "single_origin", "corroborated", "contested",
)  # fmt: skip
NOTHING, REFUTED = "nothing", "refuted"
# How much one claim carries, the weakest first.
STRENGTHS = (NOTHING, REFUTED, CONTESTED, SINGLE, CORROBORATED)
_OF_STATUS = {
    "single_origin": SINGLE, "corroborated": CORROBORATED, "contested": CONTESTED,
    "refuted": REFUTED,
}  # fmt: skip


def strength_of(status: str) -> str:
    """Return what a claim of this status carries.

    What nobody says, what offers no evidence and what was taken back carries nothing.
    """
    return _OF_STATUS.get(status, NOTHING)


def state_of(supporting: Iterable[str], undermining: Iterable[str]) -> str:
    """Return the state of an element by the strengths of what bears on it.

    In this order: nothing that carries supports it: ``undermined`` where something that carries
    undermines it, or what supported it was refuted; else ``empty``. Something that carries
    undermines it: ``contested``, and so it is where every support is contested itself. Else it
    is as strong as its strongest support. Origins are not added up over claims: two claims of one
    origin each say two things once each.
    """
    supports = set(supporting) - {NOTHING}
    against = bool(set(undermining) - {NOTHING, REFUTED})
    carrying = supports - {REFUTED}
    if not carrying:
        return UNDERMINED if against or supports else EMPTY
    if against:
        return CONTESTED
    return max(carrying, key=STRENGTHS.index)
