"""Names that can deceive the eye: brought in as they are, and pointed out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dalil.casebook.record.form import Record
from dalil.casebook.record.things import Entity, Name
from dalil.casebook.text.names import warnings_of

EXPECTED = {
    "bidi_control": "a name without characters that turn its direction",
    "invisible": "a name without characters that cannot be seen",
    "mixed_direction": "a name that is written in one direction",
    "mixed_script": "a name whose words are each of one script",
    "look_alike": "a name without letters that look like those of another script",
    "mixed_digits": "a name with digits of one kind",
}
# Letters and spaces of one script, as most names are: nothing in them deceives.
_PLAIN = re.compile("[ء-غف-ي]+(?: [ء-غف-ي]+)*|[A-Za-z]+(?:[ '-][A-Za-z]+)*")


def deceptions(form: str) -> Iterator[str]:
    """Yield what was expected of a name, for everything in it that can deceive the eye."""
    if _PLAIN.fullmatch(form):
        return
    for warning in warnings_of(form):
        characters = f" ({', '.join(warning.characters)})" if warning.characters else ""
        yield f"{EXPECTED[warning.what]}{characters}"


def forms_of(record: Record) -> tuple[str, ...]:
    """Return the forms of names that a record brings."""
    if isinstance(record, Name):
        return (record.form,)
    if isinstance(record, Entity):
        return tuple(str(name["form"]) for name in record.names)
    return ()
