"""One file against another, stage by stage, up to the stage that settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dalil.match.decide import Decision, compare
from dalil.match.exact import FRAMES, PACKETS, Chain, covered, length_of, same_stretches
from dalil.match.found import METHOD, NONE, SAME, SCENE, STAGES, UNSURE, Found, Piece, Stage
from dalil.match.picture.learned import likely
from dalil.match.rates import rates
from dalil.match.sound import second_witness, shared_sound
from dalil.media.features.features import Features, Seen

# What is left over beside equal stretches is the last moment of a cut, and no footage of its own.
WHOLE = 0.95
# Below whatever the pictures say.
HEARD_SCORE = 0.05
RANK = (NONE, UNSURE, SCENE, SAME)


@dataclass(frozen=True, slots=True)
class Side:
    """A file as it is compared: its name, its chains by (kind, film), its features if any.

    ``name``: the id of an item, or "query:" and a SHA-256.
    """

    name: str
    chains: Mapping[tuple[int, int], Chain]
    features: Features | None

    @property
    def length_ns(self) -> int:
        """The length of its longest film."""
        films = self.features.films if self.features is not None else ()
        known = [length_of(chain) for chain in self.chains.values()]
        return max([*known, *(film.length_ns for film in films)], default=0)


def same_bytes(a: Side, b: Side) -> Found:
    """Return the lead of two files that are equal byte for byte."""
    whole = Piece(0, a.length_ns, 0, a.length_ns, 1.0, None)
    pieces = (whole,) if a.length_ns else ()
    return _told(a, b, SAME, 1.0, pieces, [Stage("bytes", "yes", 1.0)])


def compare_files(a: Side, b: Side, *, look: bool = True) -> Found:
    """Compare two files whose bytes differ.

    Args:
        a: the one whose ranges are asked for, a query where there is one.
        b: the other.
        look: whether they resemble each other enough for their pictures to be compared.

    """
    stages = [Stage("bytes", "no")]
    equal: tuple[Piece, ...] = ()
    shortest = max(1, min(a.length_ns, b.length_ns))
    for name, kind in (("packets", PACKETS), ("frames", FRAMES)):
        found = _equal(a, b, kind)
        stages.append(_said(name, a, b, kind, covered(found, shortest)))
        equal = _beside(equal, found)
        if covered(equal, shortest) >= WHOLE:
            return _told(a, b, SAME, 1.0, equal, stages)
    decided = _resembling(a, b) if look else None
    if decided is None:
        return _told(a, b, SAME if equal else NONE, 1.0 if equal else 0.0, equal, stages)
    stages += decided.stages
    pieces = _beside(equal, decided.pieces if decided.verdict == SAME or not equal else ())
    stages += _heard(a, b, pieces)
    if decided.verdict == NONE and not equal:
        return _only_heard(a, b, stages)
    verdict = SAME if equal else decided.verdict
    return _told(a, b, verdict, 1.0 if equal else decided.score, pieces, stages)


def _equal(a: Side, b: Side, kind: int) -> tuple[Piece, ...]:
    """Return the equal stretches of the two films that share most."""
    best: tuple[Piece, ...] = ()
    for here in (chain for (k, _), chain in sorted(a.chains.items()) if k == kind):
        for there in (chain for (k, _), chain in sorted(b.chains.items()) if k == kind):
            best = max(best, same_stretches(here, there), key=lambda each: covered(each, 1))
    return best


def _said(name: str, a: Side, b: Side, kind: int, share: float) -> Stage:
    asked = all(any(k == kind for k, _ in side.chains) for side in (a, b))
    if not asked:
        return Stage(name, "cannot-tell")
    return Stage(name, "yes" if share else "no", min(1.0, share))


def _resembling(a: Side, b: Side) -> Decision | None:
    """Return what the two most alike films come to; None where either file has no features."""
    if a.features is None or b.features is None:
        return None
    found = [_seen(here, there) for here in a.features.films for there in b.features.films]
    return max(found, key=lambda each: (RANK.index(each.verdict), each.score), default=None)


def _seen(a: Seen, b: Seen) -> Decision:
    pairs, said = likely(a, b)
    decided = compare(a, b, pairs)
    return replace(decided, stages=(said, *decided.stages))


def _heard(a: Side, b: Side, pieces: Sequence[Piece]) -> list[Stage]:
    """Return what the two tracks that agree best say of the pieces."""
    if a.features is None or b.features is None:
        return []
    said = [
        second_witness(here, there, pieces)
        for here in a.features.sounds
        for there in b.features.sounds
    ]
    order = ("not-asked", "cannot-tell", "no", "yes")
    return [max(said, key=lambda each: order.index(each.said))] if said else []


def _only_heard(a: Side, b: Side, stages: Sequence[Stage]) -> Found:
    """Return what the tracks of two files share whose pictures share nothing: no more than that."""
    sounds_a, sounds_b = (s.features.sounds if s.features is not None else () for s in (a, b))
    shared = [shared_sound(here, there) for here in sounds_a for there in sounds_b]
    pieces = max(shared, key=lambda each: covered(each, 1), default=())
    if not pieces:
        return _told(a, b, NONE, 0.0, (), stages)
    without = [stage for stage in stages if stage.name != "sound"]
    return _told(a, b, UNSURE, HEARD_SCORE, pieces, [*without, Stage("sound", "yes")])


def _beside(pieces: Sequence[Piece], more: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return pieces with those of ``more`` that lie outside them in ``a``, in its order."""
    kept = [
        each
        for each in more
        if all(each.a_shared_ns(other) * 2 < each.a_length_ns for other in pieces)
    ]
    return tuple(sorted((*pieces, *kept), key=lambda each: (each.a_from_ns, each.b_from_ns)))


def _told(
    a: Side,
    b: Side,
    verdict: str,
    score: float,
    pieces: Sequence[Piece],
    stages: Sequence[Stage],
) -> Found:
    said = {stage.name: stage for stage in stages}
    every = tuple(said.get(name, Stage(name, "not-asked")) for name in STAGES)
    learned = said.get("learned", Stage("learned", "not-asked")).said != "not-asked"
    return Found(a.name, b.name, verdict, score, tuple(pieces), every, METHOD, rates(learned))
