"""How many independent origins stand behind some sources: copies of one leak are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def independent(sources: Iterable[str], parents: Mapping[str, set[str]]) -> int:
    """Return how many groups of sources have nothing in common that they come from.

    ``parents`` say from what each source comes. Circles are refused when written; should there be
    one, it is one group.
    """
    wanted = set(sources)
    first: dict[str, str] = {}

    def of(source: str) -> str:
        while source in first:
            source = first[source]
        return source

    waiting, seen = sorted(wanted), set(wanted)
    while waiting:
        child = waiting.pop()
        for parent in sorted(parents.get(child, ())):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
            one, other = sorted((of(child), of(parent)))
            if one != other:
                first[other] = one
    return len({of(source) for source in wanted})
