"""All copies of one recording, from candidates and judgements: where each sits, what it lacks.

A family is a way to look at items; it merges nothing, is kept nowhere, and is worked out anew. So a
judgement that is withdrawn leaves no trace in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dalil.match.copies.judgement import NOT_SAME, Judgement, Pair, by_pair, pair_of
from dalil.match.copies.laid_over import lies_over
from dalil.match.copies.picture import Against, Pictures, parts
from dalil.match.copies.placing import NANO, Cluster, Extent, Laid, Stretch, Tie, lay, rest_of
from dalil.match.found import QUERY, SAME, SCENE, Found

# Ends of pieces are placed to half a second; nothing shorter than two such ends is called missing.
LEAST_NS = NANO
Range = tuple[int, int]
_Placed = tuple[Stretch, float, float, bool]


@dataclass(frozen=True, slots=True)
class Sits:
    """A stretch of a copy (ns of its own) and where it lies on the family's clock (ns).

    ``speed`` at which it plays: seconds of the family that pass in a second of it. ``alone``: no
    other copy has it; that it belongs is told by no cut lying between, not by comparison.
    """

    own_from_ns: int
    own_to_ns: int
    from_ns: int
    to_ns: int
    speed: float
    alone: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One copy: its stretches in the family's order, what the others have and it lacks.

    ``against``: how its picture stands to that of the first member; None where not known.
    """

    item: str
    sits: tuple[Sits, ...]
    lacks: tuple[Range, ...]
    against: Against | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A choice of stretches in which the recording circulates, and the copies that are it."""

    ranges: tuple[Range, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Copies of one recording; the first member holds most of it, and the clock is that one's.

    ``whole``: the copies that lack nothing of what is known, in time and in picture; empty where
    each lacks something. Whole in time alone are ``cropped``, of whose picture another copy shows
    more, and ``covered``, in whose picture something stands around or over it.
    ``gaps``: stretches of the clock that no copy holds. ``beside``: copies by a person's word that
    nothing places. ``disputed``: pairs on which persons disagree; ``apart``: pairs that a person
    told apart; ``held_back``: pairs found alike that stay unjoined, since it would bring files that
    were told apart to the same time. ``judged``: pairs that a person called the same footage.
    """

    members: tuple[Member, ...]
    length_ns: int
    whole: tuple[str, ...]
    cropped: tuple[str, ...]
    covered: tuple[str, ...]
    cuts: tuple[Cut, ...]
    gaps: tuple[Range, ...]
    beside: tuple[str, ...]
    judged: tuple[Pair, ...]
    disputed: tuple[Pair, ...]
    apart: tuple[Pair, ...]
    held_back: tuple[Pair, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Every copy, those beside last."""
        return (*(each.item for each in self.members), *self.beside)


@dataclass(frozen=True, slots=True)
class _Word:
    """What is to be made of each pair."""

    joined: dict[Pair, Found]
    judged: frozenset[Pair]
    bare: frozenset[Pair]
    disputed: frozenset[Pair]
    apart: frozenset[Pair]


def families(
    leads: Iterable[Found], judgements: Iterable[Judgement], extents: Mapping[str, Extent]
) -> tuple[Family, ...]:
    """Group copies; the largest family first. A file cut together from several is in several.

    A person's word goes before a machine's. Where persons disagree, the two are not joined, since
    joined they would hide one another in a list; both words are named. ``cannot-tell`` by a person
    leaves a candidate as it is.

    Args:
        leads: what comparisons found between items; queries are left out.
        judgements: those that stand.
        extents: of items, as far as known; of others, their pieces tell.

    """
    word = _word(leads, judgements)
    ties = [tie for pair, found in word.joined.items() for tie in _ties(found, pair in word.judged)]
    known = _extents(ties, extents)
    laid = lay(ties, word.apart, known)
    own = {item: each.steady.own for item, each in known.items() if each.steady}
    pictures = Pictures(word.joined.values(), own)
    made = [_family(cluster, laid, known, word, pictures) for cluster in laid.clusters]
    made = _with_bare(made, word)
    return tuple(sorted(made, key=lambda each: (-len(each.items), each.items)))


def _word(leads: Iterable[Found], judgements: Iterable[Judgement]) -> _Word:
    found: dict[Pair, Found] = {}
    for lead in sorted(leads, key=lambda each: (each.score, each.a, each.b)):
        if not (lead.a.startswith(QUERY) or lead.b.startswith(QUERY)):
            found[pair_of(lead.a, lead.b)] = lead
    said = by_pair(j for j in judgements if not any(each.startswith(QUERY) for each in j.pair))
    same = frozenset(p for p, own in said.items() if any(j.judgement == SAME for j in own))
    other = frozenset(
        p for p, own in said.items() if any(j.judgement in {SCENE, NOT_SAME} for j in own)
    )
    joined = {
        pair: lead
        for pair, lead in found.items()
        if lead.pieces and pair not in other and (pair in same or lead.verdict == SAME)
    }
    for pair in same - other - set(joined):
        kept = sorted((j for j in said[pair] if j.lead and j.lead.pieces), key=lambda j: -j.seq)
        if kept and kept[0].lead:
            joined[pair] = kept[0].lead
    return _Word(joined, same - other, same - other - set(joined), same & other, other - same)


def _ties(found: Found, judged: bool) -> Iterator[Tie]:  # noqa: FBT001 - one of two strengths
    for p in found.pieces:
        a, b = (p.a_from_ns, p.a_to_ns), (p.b_from_ns, p.b_to_ns)
        if a[1] > a[0] and b[1] > b[0] and p.speed > 0:
            strength, (box_a, box_b) = (int(judged), found.score), parts(p.transform)
            yield Tie(found.a, a, found.b, b, p.speed, strength, box_a, box_b)


def _extents(ties: Iterable[Tie], known: Mapping[str, Extent]) -> dict[str, Extent]:
    ends: dict[str, int] = {}
    for tie in ties:
        ends[tie.item_a] = max(ends.get(tie.item_a, 0), tie.a[1])
        ends[tie.item_b] = max(ends.get(tie.item_b, 0), tie.b[1])
    return {item: known.get(item) or Extent(end) for item, end in ends.items()}


def _family(
    cluster: Cluster,
    laid: Laid,
    extents: Mapping[str, Extent],
    word: _Word,
    pictures: Pictures,
) -> Family:
    placed = {item: tuple(_parts(cluster, item, laid, extents)) for item in sorted(cluster.items())}
    first = _fullest(placed, extents, pictures)
    sits = _on_clock(placed, first)
    held = _union(_spans(each) for each in sits.values())
    lacks = {item: _without(held, _union([_spans(each)])) for item, each in sits.items()}
    order = sorted(sits, key=lambda item: (_length(lacks[item]), item != first, item))
    lasting = [item for item in order if not lacks[item]]
    cropped = tuple(item for item in lasting if pictures.cropped(item))
    covered = tuple(item for item in lasting if _covered(item, extents, pictures))
    members = tuple(
        Member(item, sits[item], lacks[item], pictures.against(item, first)) for item in order
    )
    items = frozenset(sits)
    return Family(
        members=members,
        length_ns=held[-1][1],
        whole=tuple(item for item in lasting if item not in {*cropped, *covered}),
        cropped=cropped,
        covered=tuple(item for item in covered if item not in cropped),
        cuts=_cuts(order, sits, lacks),
        gaps=_without(((0, held[-1][1]),), held),
        beside=(),
        judged=_within(word.judged, items, both=True),
        disputed=_within(word.disputed, items, both=False),
        apart=_within(word.apart, items, both=False),
        held_back=_within(laid.held_back, items, both=False),
    )


def _parts(
    cluster: Cluster, item: str, laid: Laid, extents: Mapping[str, Extent]
) -> Iterator[_Placed]:
    """Yield parts of a file on the cluster's clock: offset, rate, and whether it alone has them."""
    among = laid.stretches[item]
    for stretch in (each for each in among if each in cluster.at):
        offset, rate = cluster.at[stretch]
        start, end = rest_of(stretch, among, extents)
        follows = [s for s in among if s.end == start and s.end > 0]
        if follows and follows[0] in cluster.at:
            start = stretch.start  # what lies between is told after the one before
        own = Stretch(
            item,
            start if stretch.start - start <= LEAST_NS else stretch.start,
            end if end - stretch.end <= LEAST_NS else stretch.end,
        )
        if own.start > start:
            yield Stretch(item, start, own.start), offset, rate, True
        yield own, offset, rate, False
        if end > own.end:
            yield Stretch(item, own.end, end), offset, rate, True


def _fullest(
    placed: Mapping[str, Sequence[_Placed]],
    extents: Mapping[str, Extent],
    pictures: Pictures,
) -> str:
    """Return the copy that holds most: of the recording, and then of its picture.

    Of several, one at the speed that most of them have, of which no other shows more of the
    picture, in no frame and with nothing over it, of most samples, and to which the others are most
    alike.
    """
    rates = Counter(round(each[0][2], 2) for each in placed.values())

    def order(item: str) -> tuple[float, int, bool, bool, int, int, str]:
        held = sum(rate * (part.end - part.start) for part, _, rate, _ in placed[item])
        usual = rates[round(placed[item][0][2], 2)]
        covered = pictures.framed(item) or _covered(item, extents, pictures)
        most = (-extents[item].samples, -pictures.nearness[item], item)
        return -round(held / LEAST_NS), -usual, pictures.cropped(item), covered, *most

    return min(placed, key=order)


def _covered(item: str, extents: Mapping[str, Extent], pictures: Pictures) -> bool:
    """Whether something stands around or over the picture of a copy that holds all of the time."""
    mine = extents[item].steady
    return pictures.in_picture(item) or any(
        mine is not None and theirs is not None and lies_over(mine, theirs, matrix)
        for other, matrix in pictures.near(item)
        if other in extents and extents[other].length_ns <= extents[item].length_ns + LEAST_NS
        for theirs in (extents[other].steady,)
    )


def _on_clock(placed: Mapping[str, Sequence[_Placed]], first: str) -> dict[str, tuple[Sits, ...]]:
    unit = placed[first][0][2]
    begins = min(off + rate * part.start for each in placed.values() for part, off, rate, _ in each)

    def sits(part: Stretch, offset: float, rate: float, alone: bool) -> Sits:  # noqa: FBT001
        at = [round((offset + rate * each - begins) / unit) for each in (part.start, part.end)]
        return Sits(part.start, part.end, at[0], at[1], rate / unit, alone)

    return {
        item: tuple(sorted((sits(*e) for e in each), key=lambda s: (s.from_ns, s.own_from_ns)))
        for item, each in placed.items()
    }


def _spans(sits: Iterable[Sits]) -> list[Range]:
    return [(each.from_ns, each.to_ns) for each in sits]


def _union(spans: Iterable[Iterable[Range]]) -> tuple[Range, ...]:
    found: list[Range] = []
    for start, end in sorted(each for some in spans for each in some):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _without(held: Sequence[Range], own: Sequence[Range]) -> tuple[Range, ...]:
    """Return what of ``held`` is not in ``own``, leaving out what is shorter than two ends."""
    found: list[Range] = []
    for start, end in held:
        at = start
        for first, last in own:
            if last > at and first < end:
                found.append((at, first))
                at = last
        found.append((at, end))
    return tuple((a, b) for a, b in found if b - a > LEAST_NS)


def _length(ranges: Iterable[Range]) -> int:
    return sum(end - start for start, end in ranges)


def _cuts(
    order: Sequence[str], sits: Mapping[str, Sequence[Sits]], lacks: Mapping[str, Sequence[Range]]
) -> tuple[Cut, ...]:
    found: list[tuple[tuple[Range, ...], list[str]]] = []
    for item in order:
        if not lacks[item]:
            continue
        own = _union([_spans(sits[item])])
        alike = next((items for ranges, items in found if _alike(ranges, own)), None)
        if alike is None:
            found.append((own, [item]))
        else:
            alike.append(item)
    return tuple(Cut(ranges, tuple(items)) for ranges, items in sorted(found))


def _alike(one: Sequence[Range], other: Sequence[Range]) -> bool:
    return len(one) == len(other) and all(
        abs(a - b) <= LEAST_NS
        for p, q in zip(one, other, strict=True)
        for a, b in zip(p, q, strict=True)
    )


def _within(pairs: Iterable[Pair], items: frozenset[str], *, both: bool) -> tuple[Pair, ...]:
    needed = 2 if both else 1
    return tuple(sorted(pair for pair in pairs if len(items & set(pair)) >= needed))


def _with_bare(made: Sequence[Family], word: _Word) -> list[Family]:
    """Add what a person calls the same footage and no piece places."""
    groups: list[set[str]] = []
    for pair in sorted(word.bare):
        touched = [each for each in groups if each & set(pair)]
        groups = [each for each in groups if each not in touched]
        groups.append(set(pair).union(*touched))
    found = list(made)
    for group in groups:
        near = [i for i, each in enumerate(found) if group & set(each.items)]
        for i in near:
            found[i] = _joined_by(found[i], group, word)
        if not near:
            empty = Family((), 0, (), (), (), (), (), (), (), (), (), ())
            found.append(_joined_by(empty, group, word))
    return found


def _joined_by(family: Family, group: set[str], word: _Word) -> Family:
    members = {each.item for each in family.members}
    beside = tuple(sorted({*family.beside, *group} - members))
    items = frozenset({*members, *beside})
    return replace(
        family,
        beside=beside,
        judged=_within(word.judged, items, both=True),
        disputed=_within(word.disputed, items, both=False),
        apart=_within(word.apart, items, both=False),
    )
