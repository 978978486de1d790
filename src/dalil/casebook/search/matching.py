"""Whether a document meets what is asked: as an expression of FTS5, and read word by word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dalil.casebook.index.around import Document
from dalil.casebook.search.terms import Phrase, Term


@dataclass(frozen=True, slots=True)
class Wanted:
    """Terms and choices of facets, all of which must be met, as seen from a clearance."""

    terms: Sequence[Term]
    choices: Sequence[Sequence[str]]
    clearance: int

    @property
    def marks(self) -> list[str]:
        """Return what may stand in front of a word: nothing, or a class that is seen."""
        return ["", *(f"{see}=" for see in range(1, self.clearance + 1))]

    def expression(self) -> str:
        """Return the FTS5 expression; empty: everything meets it."""
        parts = [
            _either(f"({' AND '.join(map(self._one, wording))})" for wording in term.choice)
            for term in self.terms
        ]
        parts += [_either(self._one(Phrase((each,))) for each in choice) for choice in self.choices]
        return " AND ".join(parts)

    def _one(self, phrase: Phrase) -> str:
        return _either(quoted(phrase, mark) for mark in self.marks)

    def met_by(self, document: Document) -> bool:
        """Whether a document meets it, with the answer that FTS5 gives."""
        facets = set(document.facets.split())
        for choice in self.choices:
            if not any(f"{mark}{each}" in facets for each in choice for mark in self.marks):
                return False
        if not self.terms:
            return True
        texts = [f" {each} " for each in (document.own, document.also, document.facets)]

        def has(phrase: Phrase) -> bool:
            end, fields = ("", texts[:2]) if phrase.begins else (" ", texts)
            said = (" ".join(f"{mark}{word}" for word in phrase.words) for mark in self.marks)
            return any(f" {each}{end}" in text for each in said for text in fields)

        return all(any(all(map(has, w)) for w in term.choice) for term in self.terms)


def quoted(phrase: Phrase, mark: str = "") -> str:
    """Return a phrase as FTS5 takes it."""
    words = " ".join(f"{mark}{word}" for word in phrase.words).replace('"', '""')
    # A beginning must not be that of a facet's name.
    return f'{{own also}} : "{words}" *' if phrase.begins else f'"{words}"'


def _either(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"
