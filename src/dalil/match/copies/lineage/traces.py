"""What a file tells of how it was written: size, rate, groups of pictures, tags, earlier coding.

Read from the tables of its seal; nothing is decoded.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dalil.errors import Malformed, Missing
from dalil.kernel.canonical import Json
from dalil.media.tables import NONE_64, Tables

NANO = 10**9
# Longer films say no more about their groups of pictures.
MOST_UNITS = 20_000
SHORTEST, LEAST_VISITS, NEAR = 60, 6, 6
PERIODS = range(9, 61)
# Of 80 films coded once, or first without a period, the highest figure was 6.2; of 160 that were
# coded twice, 33 lie above this. Below it nothing is said.
STANDS_OUT = 8.0
OF_A_DEVICE = re.compile(
    r"^(com\.apple\.quicktime\.|com\.android\.|make$|model$|location)", re.IGNORECASE
)
OF_A_PROGRAM = re.compile(r"^(Lavf|Lavc|HandBrake|x264|vlc|GPAC|Adobe)", re.IGNORECASE)
AS_MESSENGERS_NAME = re.compile(
    r"^(VID-\d{8}-WA\d{4}|WhatsApp Video \d|video_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d|signal-\d{4}-)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Traces:
    """Of one file's first film.

    ``rate`` pictures a second, ``bits`` a second, ``key_every`` the median distance of pictures
    that stand alone (0: there is only one). ``coded_before``: the period at which an earlier coding
    shows, None where none shows, which says nothing. ``device``: tags that recording devices write;
    ``program``: the program that a tag names as the file's writer; ``stamped``: the container's own
    time, as it says; ``messenger``: its name has the form that messengers give.
    """

    container: str
    codec: str
    width: int
    height: int
    rate: float
    bits: float
    key_every: int
    coded_before: int | None
    device: tuple[str, ...]
    program: str
    stamped: str
    messenger: bool


def read_traces(tables: Tables, name: str) -> Traces | None:
    """Read what a sealed file tells; None where it is no footage, or its tables are not here."""
    try:
        summary = tables.summary
        film = next((s for s in summary["streams"] if s["kind"] == "video"), None)
        if summary["sealed_by"] != "units" or film is None:
            return None
        rows = tables.rows(0, min(tables.count, MOST_UNITS))
    except (Missing, Malformed):
        return None
    rows = rows[rows["stream"] == film["number"]]
    order = np.argsort(np.where(rows["pts"] == NONE_64, rows["dts"], rows["pts"]), kind="stable")
    sizes, keys = rows["size"][order].astype(np.int64), rows["key"][order].astype(bool)
    seconds = (int(rows["order_ns"].max()) - int(rows["order_ns"].min())) / NANO if len(rows) else 0
    per_second = 1 / seconds if seconds > 0 else 0.0
    width, height = _shape(summary["configs"], film["number"])
    probe = summary["probe"]
    tags = _tags(probe, film["number"])
    return Traces(
        container=str(probe.get("format", "")),
        codec=str(film["codec"]),
        width=width,
        height=height,
        rate=max(0, len(sizes) - 1) * per_second,
        bits=float(sizes.sum()) * 8 * per_second,
        key_every=_key_every(keys),
        coded_before=period_of_earlier_coding(sizes, keys),
        device=tuple(sorted({key for key in tags if OF_A_DEVICE.match(key)})),
        program=next((v for k, v in tags.items() if k == "encoder" and OF_A_PROGRAM.match(v)), ""),
        stamped=tags.get("creation_time", ""),
        messenger=bool(AS_MESSENGERS_NAME.match(name.rsplit("/", 1)[-1])),
    )


def period_of_earlier_coding(sizes: NDArray[np.int64], keys: NDArray[np.bool_]) -> int | None:
    """Return the period at which packets are larger than their neighbours, or None.

    What stood alone in an earlier coding is predicted worse in a later one, so that its packet is
    larger there (Wang and Farid, 2006; Vázquez-Padín and others, 2012, for the effect). Periods
    that divide the film's own distance of key pictures, or are divided by it, are its own.

    Args:
        sizes: of packets, in the order of showing.
        keys: which of them stand alone.

    """
    count = len(sizes)
    if count < SHORTEST:
        return None
    own = _key_every(keys)
    logs = np.where(keys, np.nan, np.log(sizes + 50.0))
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(logs, NEAR, constant_values=np.nan), 2 * NEAR + 1
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a window of nothing but key pictures
        above = logs - np.nanmedian(around, axis=1)
    known = ~np.isnan(above)
    if known.sum() < SHORTEST:
        return None
    spread = float(np.median(np.abs(above[known]))) * 1.4826 + 1e-9
    scores = np.clip(np.where(known, above, 0.0) / spread, -4, 4)
    spread = float(scores[known].std()) + 1e-9
    best, found = STANDS_OUT, None
    for period in PERIODS:
        if own and (own % period == 0 or period % own == 0):
            continue
        phase = np.arange(count) % period
        visits = np.bincount(phase, known, period)
        sums = np.bincount(phase, scores * known, period)
        means = np.where(visits >= LEAST_VISITS, sums / np.sqrt(np.maximum(visits, 1)), 0.0)
        if (highest := float(means.max()) / spread) > best:
            best, found = highest, period
    return found


def _key_every(keys: NDArray[np.bool_]) -> int:
    apart = np.diff(np.flatnonzero(keys))
    return int(np.median(apart)) if len(apart) else 0


def _shape(configs: list[dict[str, Json]], stream: int) -> tuple[int, int]:
    for each in configs:
        said = re.search(r" (\d+)x(\d+)/", str(each["value"]))
        if each["stream"] == stream and said:
            return int(said[1]), int(said[2])
    return 0, 0


def _tags(probe: Json, stream: int) -> dict[str, str]:
    own: Json = next((s["tags"] for s in probe.get("streams", []) if s["number"] == stream), {})
    both = {**own, **probe.get("tags", {})}
    return {str(key).lower(): str(value) for key, value in both.items()}
