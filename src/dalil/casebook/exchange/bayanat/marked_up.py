"""Descriptions that were written in a browser (HTML), as plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MARKED = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:[a-zA-Z]+|#\w+);")
BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
UNSEEN = frozenset({"script", "style"})
SPACES = re.compile(r"[ \t\u00a0]+")
LINES = re.compile(r" ?\n[ \n]*")


def plain(text: str) -> str:
    """Return a text without its marks; a link keeps its address beside its words."""
    if not MARKED.search(text):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return LINES.sub("\n", SPACES.sub(" ", "".join(reader.found))).strip()


class _Reader(HTMLParser):
    """Collects what a browser would show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        elif tag in BREAKS:
            self.found.append("\n")
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
        elif tag in {"img", "iframe", "video", "audio"} and (source := dict(attrs).get("src")):
            self.found.append(f" ({source}) ")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in BREAKS:
            self.found.append("\n")
        elif tag == "a" and self._links and (link := self._links.pop()):
            self.found.append(f" ({link})")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data)
