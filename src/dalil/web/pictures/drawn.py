"""What every drawn page needs: addresses that keep the view, and graphs as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from dalil.kernel.canonical import Json
from dalil.web.frame.access import OF_VIEW


@dataclass(frozen=True, slots=True)
class Node:
    """Something in a graph; ``kind`` chooses its shape."""

    id: str
    name: str
    kind: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """From one node up to another; ``said`` stands beside it, ``line`` is solid or dashed.

    ``split``: something speaks against it.
    """

    below: str
    above: str
    said: str
    line: str = "solid"
    split: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in layers, from what is asked at the foot to what it comes from at the head."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def as_json(self) -> dict[str, Json]:
        """Return it as the element reads it."""
        return {
            "nodes": [
                {"id": e.id, "name": e.name, "kind": e.kind, "address": e.address}
                for e in self.nodes
            ],
            "edges": [
                {"below": e.below, "above": e.above, "said": e.said, "line": e.line,
                 "split": e.split}
                for e in self.edges
            ],
        }  # fmt: skip


def address_of(record: str) -> str:
    """Return the page of a record."""
    return reverse("casebook:record", args=[record])


def queried(request: HttpRequest, name: str, *args: str) -> str:
    """Return an address under the same view as this page's."""
    kept = QueryDict(mutable=True)
    for each in (*OF_VIEW, "within"):
        if request.GET.get(each):
            kept[each] = request.GET[each]
    query = kept.urlencode()
    return f"{reverse(name, args=args)}?{query}" if query else reverse(name, args=args)
