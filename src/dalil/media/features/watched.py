"""A file sealed and watched in one decoding, or watched alone: what a worker is sent to do."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from dalil.errors import Altered, MediaUnreadable
from dalil.kernel.salt import SealSecret
from dalil.media import container
from dalil.media.container import FFMPEG_SAYS_NO
from dalil.media.features import stored
from dalil.media.features.features import EDITION, Features
from dalil.media.features.makers import learned
from dalil.media.features.makers.learned import Network
from dalil.media.features.watch import Watch, Watched
from dalil.media.survey import Survey, survey

# What is left in the folder beside.
FEATURES, MONTAGES = "features.npz", "montages.npz"
THREADS = 2


def survey_and_watch(
    path: Path,
    out: Path,
    secret: SealSecret,
    tiles: bool,  # noqa: FBT001 - a fact, passed on
    beside: Path,
) -> Survey:
    """Survey a file, and leave its features in the folder ``beside``, of one decoding.

    Without ``tiles`` nothing is decoded and nothing left beside. What a maker of features trips
    over is said in the features, and the survey stands.

    Raises:
        MediaTooLarge: as ``survey`` does. MemoryError: there was not enough for the makers.

    """
    if not tiles:
        return survey(path, out, secret, tiles=False)
    watch = Watch(_network())
    said = survey(path, out, secret, tiles=True, watcher=watch)
    if said.sealed_by == "units":
        leave(beside, watch.watched())
    else:
        watch_alone(path, beside)
    return said


def watch_alone(path: Path, beside: Path) -> None:
    """Leave the features of a file in the folder ``beside``; what is no footage has none.

    Raises:
        MemoryError: there was not enough of it.

    """
    watch = Watch(_network())
    try:
        _decode(path, watch)
    except MediaUnreadable as why:
        leave(beside, without(str(why)))
    else:
        leave(beside, watch.watched())


def without(problem: str) -> Watched:
    """Return the features of a file of which none could be made."""
    return Watched(Features(EDITION, (), (), "", (problem,)), ())


def leave(beside: Path, watched: Watched) -> None:
    """Write what a file came to into the folder ``beside``."""
    stored.write_features(beside / FEATURES, watched.features)
    stored.write_montages(beside / MONTAGES, watched.montages)


def _decode(path: Path, watch: Watch) -> None:
    with container.open_footage(path) as opened:
        sounds = [each for each in opened.streams if each.type == "audio"]
        try:
            films = container.moving_pictures(opened)
        except MediaUnreadable:
            if not sounds:
                raise
            films = []
        watch.begin(films, sounds)
        contexts: dict[int, Any] = {
            film.index: container.decoder_of(film, THREADS) for film in films
        }
        with suppress(*FFMPEG_SAYS_NO):
            for packet in container.packets_of(opened):
                if packet.stream_index in contexts:
                    _see(watch, packet.stream_index, contexts[packet.stream_index], packet)
                else:
                    watch.hear(packet)
        for stream, context in contexts.items():
            _see(watch, stream, context, None)
        watch.end()


def _see(watch: Watch, stream: int, context: Any, packet: Any) -> None:  # noqa: ANN401 - PyAV's
    with suppress(*FFMPEG_SAYS_NO):
        for frame in context.decode(packet):
            watch.see(stream, frame)


def _network() -> Network | None:
    place = learned.place(Path(sys.prefix))
    if place is None:
        return None
    try:
        return Network(place)
    except Altered:
        # Vectors of another network would be compared with those of this one.
        return None
