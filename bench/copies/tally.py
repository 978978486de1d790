"""What a matcher said of every pair, counted against what was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from copies.attacks import Copy
from copies.scenes import Scene

WITHIN_S = 0.5
OWN, INSIDE, SCENE, OTHER = "own", "inside", "scene", "other"
Stretch = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Said:
    """Of one pair: whether it was called the same footage, how it stands in order, which stretches.

    ``stretches``: seconds in the copy from and to, in the reference from and to.
    """

    same: bool
    score: float
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A copy and a reference, how the two are related, and what was said of them."""

    copy: Copy
    reference: str
    kind: str
    fitted: bool
    said: Said

    @property
    def placed(self) -> bool:
        """Whether the longest stretch lies within half a second of where it was cut."""
        if not self.said.stretches:
            return False
        longest = max(self.said.stretches, key=lambda each: each[1] - each[0])
        off = (abs(b - self._should(a)) for a, b in (longest[::2], longest[1::2]))
        return max(off) <= WITHIN_S

    def _should(self, at: float) -> float:
        return self.copy.b_from + (at - self.copy.a_from) * self.copy.speed


def pairs(
    made: Iterable[Copy], scenes: dict[str, Scene], judge: Callable[[Copy, str], Said]
) -> list[Pair]:
    """Ask ``judge`` about every copy with every reference."""
    found = []
    for copy in made:
        held = {scenes[name].scene for name in (copy.of, *copy.also)}
        for name, scene in scenes.items():
            same_scene = SCENE if scene.scene in held else OTHER
            kind = OWN if name == copy.of else INSIDE if name in copy.also else same_scene
            said = judge(copy, name)
            found.append(Pair(copy, name, kind, scenes[copy.of].fitted, said))
    return found


def share(chosen: Iterable[Pair], of: Callable[[Pair], bool]) -> float:
    """Return the share of the pairs of which something holds; 0 of none."""
    held = [of(pair) for pair in chosen]
    return sum(held) / len(held) if held else 0.0


def recall(found: list[Pair]) -> float:
    """Return the share of true copies that were called the same footage."""
    return share((pair for pair in found if pair.kind == OWN), lambda pair: pair.said.same)


def placing(found: list[Pair]) -> float:
    """Return the share of the copies found that were placed within half a second."""
    own = (pair for pair in found if pair.kind == OWN and pair.said.same)
    return share(own, lambda pair: pair.placed)


def wrong(found: list[Pair], kind: str) -> tuple[int, int]:
    """Return how many pairs of a kind were called the same footage, and how many there are."""
    of_kind = [pair for pair in found if pair.kind == kind]
    return sum(pair.said.same for pair in of_kind), len(of_kind)


def by_attack(matchers: dict[str, list[Pair]]) -> str:
    """Return recall per attack as a Markdown table, one column a matcher."""
    attacks = list(dict.fromkeys(pair.copy.attack for found in matchers.values() for pair in found))
    rows = [f"| copy | {' | '.join(matchers)} |", f"|---|{'---|' * len(matchers)}"]
    for attack in attacks:
        cells = (
            f"{recall([pair for pair in found if pair.copy.attack == attack]):.2f}"
            for found in matchers.values()
        )
        rows.append(f"| {attack} | {' | '.join(cells)} |")
    return "\n".join(rows)
