"""Records on law, as one line each; a supposition is called one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dalil.casebook.record.form import Record
from dalil.casebook.record.law import Bearing, Hypothesis, LawTree, SignedOff
from dalil.casebook.report.desk import Desk
from dalil.casebook.report.phrases import phrase, quoted, term


def _tree(_desk: Desk, record: LawTree, lang: str) -> str:
    return phrase("line-law-tree", lang, tree=quoted(record.key))


def _hypothesis(desk: Desk, record: Hypothesis, lang: str) -> str:
    return phrase(
        "line-hypothesis",
        lang,
        suspect=getattr(desk.name(record.suspect), lang),
        incident=getattr(desk.name(record.incident), lang),
        tree=quoted(record.tree),
        crime=quoted(record.crime),
        mode=quoted(record.mode),
    )


def _bearing(_desk: Desk, record: Bearing, lang: str) -> str:
    claim = (record.proposition or record.link or "")[:12]
    how, why = term(record.bears, lang), quoted(record.reasoning)
    element = quoted(record.element)
    return phrase("line-bearing", lang, claim=quoted(claim), how=how, element=element, why=why)


def _signed_off(_desk: Desk, record: SignedOff, lang: str) -> str:
    why = quoted(record.reasoning)
    tree, element = quoted(record.tree), quoted(record.element)
    return phrase("line-signed-off", lang, tree=tree, element=element, why=why)


LINES: dict[type[Record], Callable[[Desk, Any, str], str]] = {
    LawTree: _tree,
    Hypothesis: _hypothesis,
    Bearing: _bearing,
    SignedOff: _signed_off,
}
