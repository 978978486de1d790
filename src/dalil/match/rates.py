"""How often the operating point errs: measured by bench/bench_match.py, kept beside the code.

``missed`` is kept as a count of true copies, since a share without its number says little.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from dalil.match.found import Rates

NAMES = ("without", "with")
COUNTS = (
    "films", "kinds", "copies", "missed", "others", "false", "scenes", "false_scene",
)  # fmt: skip


@cache
def rates(learned: bool) -> Rates:  # noqa: FBT001 - one switch: were both sides described so
    """Return the rates with the learned descriptor, or without it.

    Raises:
        ValueError: the file that the package carries is not in its form.

    """
    text = (resources.files("dalil.match") / "rates.json").read_text("utf-8")
    return read_rates(text)[learned]


def read_rates(text: str) -> tuple[Rates, Rates]:
    """Read the rates without and with the learned descriptor.

    Raises:
        ValueError: the text is not in its form, or its counts contradict each other.

    """
    value = json.loads(text)
    if not isinstance(value, dict) or set(value) != {"v", *NAMES} or value["v"] != 1:
        raise ValueError("measured rates of another form")
    without, learned = (_rates(value[name]) for name in NAMES)
    return without, learned


def _rates(value: object) -> Rates:
    if not isinstance(value, dict) or set(value) != set(COUNTS):
        raise ValueError("measured rates with other fields")
    counts = [value[name] for name in COUNTS]
    if not all(type(each) is int for each in counts):
        raise ValueError("measured rates with a field of another kind")
    films, kinds, copies, missed, others, false, scenes, false_scene = counts
    known = films >= 0 and kinds >= 0 and 0 <= missed <= copies
    if not (known and 0 <= false <= others and 0 <= false_scene <= scenes):
        raise ValueError("measured rates that contradict themselves")
    share = missed / copies if copies else 0.0
    return Rates(films, kinds, copies, share, others, false, scenes, false_scene)
