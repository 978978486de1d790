"""Who looks, as of when: what a page says of its view, and carries on in its links."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from dalil.casebook.index.view import View
from dalil.casebook.record.form import CLASSES
from dalil.casebook.report.phrases import field_name, term
from dalil.web.frame.access import OF_VIEW, person_of, view_of_request
from dalil.web.frame.say import say, words_of

HELD, SPLIT, BARE = "held", "split", "bare"
# Words, shape and hue together: one filled, one half, one empty; no status says what is true.
SHAPES = {
    "corroborated": HELD,
    "contested": SPLIT,
    "divergent_scope": SPLIT,
    "refuted": SPLIT,
}


@dataclass(frozen=True, slots=True)
class Look:
    """The view of a page: the class shown and those that may be, the days asked for.

    ``query`` is what a link to another page carries on (empty, or from ``?`` on).
    """

    see: str
    classes: tuple[str, ...]
    known_on: str
    said_by: str
    on: str
    query: str

    @property
    def limited(self) -> bool:
        """Whether less is asked for than the person may see now."""
        return bool(self.query)


def look_of(request: HttpRequest) -> tuple[View, Look]:
    """Return the view of a request, and what its page says of it.

    Raises:
        UsageRefused: a word of the address is no class or no day.

    """
    view = view_of_request(request)
    asked = {name: request.GET[name] for name in OF_VIEW if request.GET.get(name)}
    own = CLASSES.index(person_of(request).clearance)
    return view, Look(
        see=CLASSES[view.clearance],
        classes=CLASSES[: own + 1],
        known_on=asked.get("known_on", ""),
        said_by=asked.get("said_by", ""),
        on=asked.get("on", ""),
        query=f"?{urlencode(asked)}" if asked else "",
    )


def term_in(word: str, lang: str) -> str:
    """Return one of the fixed words of records in ``lang``: this room's words, or the report's."""
    if f"word-{word}" in words_of("casebook"):
        return say(lang, f"casebook.word-{word}")
    return term(word, lang)


def field_in(name: str, lang: str, kind: str = "") -> str:
    """Return the name of a field of a record as a form and a page of ``lang`` say it.

    ``kind``: where the same field means another thing in one kind of record.
    """
    for key in (f"label-{kind}-{name}", f"label-{name}"):
        if key in words_of("casebook"):
            return say(lang, f"casebook.{key}")
    return field_name(name, lang)


def shape_of(status: str) -> str:
    """Return the shape by which a status is drawn: held, split or bare."""
    return SHAPES.get(status, BARE)
