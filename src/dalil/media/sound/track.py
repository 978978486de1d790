"""The first sound track of a file, decoded whole, on the clock of its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from av.container import InputContainer
from av.stream import Stream

from dalil.errors import MediaTooLarge, MediaUnreadable
from dalil.kernel.seal import nanoseconds
from dalil.media import container
from dalil.media.container import FFMPEG_SAYS_NO
from dalil.media.sound.samples import Samples, Sampling

# Enough pictures for one that is stored early and shown late.
LOOKED_AT = 64


@dataclass(frozen=True, slots=True)
class Track:
    """Samples i2[n] at ``rate`` a second; the first is heard at ``start_ns``.

    Times are ns since the first picture shown; of a file without film, since its first sample.
    ``left_out``: why what follows was not read, in words; empty where all was.
    """

    rate: int
    start_ns: int
    samples: Samples
    left_out: str


def read_track(path: Path, rate: int, most_seconds: int) -> Track:
    """Decode the first sound track of an untrusted file; call it in a process of its own.

    Sound lies to pictures as a player plays them: edit lists are followed for that, though the
    clock begins at the first picture that is stored.

    Raises:
        MediaUnreadable: it has no sound that decodes. MediaTooLarge: more than ``most_seconds``.

    """
    stored, zero_ns = _stored_pictures(path)
    sampling = Sampling(rate)
    parts: list[Samples] = []
    shift: int | None = None
    with container.open_footage(path, as_played=True) as opened:
        if not opened.streams.audio:
            raise MediaUnreadable("it has no sound")
        sound = opened.streams.audio[0]
        try:
            for packet in container.packets_of(opened):
                if shift is None and packet.stream.type == "video" and packet.pos in stored:
                    shift = stored[packet.pos] - _time(packet.pts, packet.stream)
                if packet.stream_index != sound.index:
                    continue
                parts.extend(_sounding(sampling, sound, packet))
                if sampling.given > most_seconds * rate:
                    raise MediaTooLarge(f"more than {most_seconds // 3600} hours of sound")
        except (*FFMPEG_SAYS_NO, container.LateStreamError):
            shift = shift or 0
    parts.extend(sampling.rest())
    if not parts:
        raise MediaUnreadable("its sound does not decode")
    start = sampling.start_ns or 0
    on_film = 0 if zero_ns is None else start + (shift or 0) - zero_ns
    return Track(rate, on_film, np.concatenate(parts), sampling.problem)


def _sounding(
    sampling: Sampling,
    sound: Any,  # noqa: ANN401 - PyAV's stream
    packet: container.AnyPacket,
) -> list[Samples]:
    made: list[Samples] = []
    try:
        frames = sound.codec_context.decode(packet)
    except FFMPEG_SAYS_NO:
        return made
    for frame in frames:
        told = frame.pts is not None and frame.time_base is not None
        at = nanoseconds(frame.pts, *frame.time_base.as_integer_ratio()) if told else None
        made.extend(sampling.take(frame, at))
    return made


def _stored_pictures(path: Path) -> tuple[dict[int, int], int | None]:
    """Return when the first pictures are shown, by their place in the file, and the earliest."""
    shown: dict[int, int] = {}
    with container.open_footage(path) as opened:
        film = _film(opened)
        if film is None:
            return shown, None
        try:
            for packet in opened.demux(film):
                if packet.pts is not None and packet.pos is not None and packet.size:
                    shown[packet.pos] = _time(packet.pts, film)
                if len(shown) >= LOOKED_AT:
                    break
        except FFMPEG_SAYS_NO:
            pass
    return shown, min(shown.values(), default=None)


def _film(opened: InputContainer) -> Stream | None:
    try:
        return container.moving_pictures(opened)[0]
    except MediaUnreadable:
        return None


def _time(ticks: int | None, stream: Stream) -> int:
    tick = stream.time_base
    return 0 if ticks is None or tick is None else nanoseconds(ticks, *tick.as_integer_ratio())
