"""A hypothesis as it leaves: its matrix as text in both languages, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.law.matrix import matrix
from dalil.casebook.law.shelf import tree_called
from dalil.casebook.law.wording import say, told
from dalil.casebook.report.desk import open_desk
from dalil.dossier.claims.answering import masked, plain
from dalil.dossier.claims.showing import Shield
from dalil.kernel import canonical
from dalil.kernel.canonical import Json

KIND = "dalil-elements"
LANGUAGES = ("en", "ar")


def pages_of(
    casebook: Casebook, view: View, hypotheses: Iterable[str], shield: Shield
) -> Mapping[str, bytes]:
    """Return the files of some hypotheses by name, below ``data/claims``.

    A line that would hold a protected name, or tell who a withheld source is, is closed.
    """
    pages: dict[str, bytes] = {}
    desk = open_desk(casebook, view)
    for number, id_ in enumerate(hypotheses, 1):
        found = matrix(casebook, id_, view)
        tree = tree_called(casebook, view, found.tree)
        name = f"elements-{number:04}"
        document: Json = {
            "v": 1,
            "kind": KIND,
            "matrix": plain(masked(found, shield)),
            "not_said": {lang: say("caution", lang) for lang in LANGUAGES},
        }
        pages[f"{name}.json"] = canonical.encode(document)
        for lang in LANGUAGES:
            text = told(found, tree, desk, lang)
            pages[f"{name}.{lang}.txt"] = (_closed(text, shield, lang) + "\n").encode()
    return pages


def _closed(text: str, shield: Shield, lang: str) -> str:
    lines = text.split("\n")
    return "\n".join(say("closed", lang) if shield.closes(each) else each for each in lines)
