"""How many independent origins stand behind some sources: copies of one leak are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def roots_of(source: str, parents: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the sources from which one comes that come from nowhere else; itself if it does.

    Circles are refused when written; should there be one, all of its members count as roots.
    """
    found, seen, waiting = set(), {source}, [source]
    while waiting:
        one = waiting.pop()
        above = parents.get(one, set())
        found |= {one} if not above or above & seen else set()
        waiting += sorted(above - seen)
        seen |= above
    return frozenset(found)


def independent(sources: Iterable[str], parents: Mapping[str, set[str]]) -> int:
    """Return how many groups of sources share no root with one another."""
    groups: list[set[str]] = []
    for source in sorted(set(sources)):
        merged = set(roots_of(source, parents))
        apart = []
        for group in groups:
            if group & merged:
                merged |= group
            else:
                apart.append(group)
        groups = [*apart, merged]
    return len(groups)
