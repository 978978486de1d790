"""Looks at films and listens to sounds while they are decoded, and ends in their features.

Few frames are taken, by when they are shown, and shrunk at once where they are decoded; what is
made of them is made in a thread beside, which OpenCV and Chromaprint leave the interpreter to.
Memory: about a megabyte on its way and what the makers keep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from queue import Queue
from threading import Thread
from typing import Any, Generic, Protocol, TypeVar

import cv2
import numpy as np
from av.audio.frame import AudioFrame
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame

from dalil.media.container import FFMPEG_SAYS_NO
from dalil.media.features.clock import Clock
from dalil.media.features.features import (
    EDITION,
    LOOK_EVERY_NS,
    LOOK_SIDE,
    MOTION_EVERY_NS,
    MOTION_SIDE,
    NANO,
    Features,
    Heard,
    Motion,
    Points,
    Prints,
    Seen,
)
from dalil.media.features.makers import learned
from dalil.media.features.makers.learned import LearnedMaker, Network
from dalil.media.features.makers.montage import Montage, MontageMaker
from dalil.media.features.makers.motion import MotionMaker
from dalil.media.features.makers.points import PointMaker
from dalil.media.features.makers.prints import PrintMaker
from dalil.media.features.makers.shots import ShotMaker
from dalil.media.features.makers.sound import SoundMaker
from dalil.media.features.picture import RGB, Picture, Shrinker, size_within, turn_of

FILMS_AT_MOST = 4
SOUNDS_AT_MOST = 4
# Handed to the thread together: two that take turns often wait and cool each other's caches, which
# costs more than the work. About a second of footage, of which few are on their way.
TOGETHER, TOGETHER_BYTES = 64, 1 << 18
ON_THEIR_WAY = 2
LONGEST_NS = 24 * 3600 * NANO
# After each so many looks they come half as often: a day comes to 16,425 of them.
LOOKS_OF_A_PACE = 3600
LEAST_LOOKS = 2
MOST_PROBLEMS = 20

Task = tuple[Callable[..., None], tuple[Any, ...]]
Made = TypeVar("Made")
Made_co = TypeVar("Made_co", covariant=True)


class Maker(Protocol[Made_co]):
    """Makes one kind of feature of the pictures of one film."""

    def take(self, picture: Picture, at_ns: int) -> None:
        """Take the next picture."""

    def finish(self) -> Made_co:
        """Return what was made."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What one file came to."""

    features: Features
    montages: tuple[Montage, ...]


class Watch:
    """Watches one file: begin, see and hear as it is decoded, end, and take what it came to."""

    def __init__(self, network: Network | None = None) -> None:
        """Make ready; ``network`` makes learned vectors too."""
        # One file is one process here, and there are as many of them as cores.
        cv2.setNumThreads(1)
        self._network = network
        self._films: dict[int, _Film] = {}
        self._sounds: dict[int, _Sound] = {}
        self._problems: list[str] = []
        self._beside = _Beside()

    def begin(self, films: Sequence[Stream], sounds: Sequence[Stream]) -> None:
        """Watch these streams of an opened file; of very many the first few alone."""
        self._films = {
            each.index: _Film(each, self._beside.put, self._problem, self._network)
            for each in films[:FILMS_AT_MOST]
        }
        self._sounds = {
            each.index: _Sound(each, self._problem)
            for each in [s for s in sounds if s.codec_context is not None][:SOUNDS_AT_MOST]
        }
        if len(films) > FILMS_AT_MOST or len(sounds) > SOUNDS_AT_MOST:
            self._problem(f"only {FILMS_AT_MOST} films and {SOUNDS_AT_MOST} sounds are looked at")

    def see(self, stream: int, frame: VideoFrame) -> None:
        """Take the next frame of a film, in order of showing."""
        film = self._films.get(stream)
        if film is not None:
            film.see(frame)

    def hear(self, packet: Packet[Any]) -> None:
        """Take the next packet of any stream; those of sounds are decoded."""
        sound = self._sounds.get(packet.stream_index)
        if sound is not None and packet.size:
            self._beside.put(packet.size, sound.hear, packet)

    def end(self) -> None:
        """Take in what decoders still hold, and wait for what is on its way.

        Raises:
            MemoryError: there was not enough of it.

        """
        for film in self._films.values():
            film.end()
        for sound in self._sounds.values():
            self._beside.put(0, sound.hear, None)
        self._beside.finish()

    def watched(self) -> Watched:
        """Return what the file came to, once it has ended."""
        films = [film for film in self._films.values() if film.frames]
        zero = next((film.zero_ns for film in films if film.zero_ns is not None), None)
        seen = tuple(film.seen() for film in films)
        heard = tuple(each for s in self._sounds.values() if (each := s.heard(zero)) is not None)
        montages = tuple(film.montage() for film in films)
        by = learned.NAME if self._network is not None else ""
        return Watched(Features(EDITION, seen, heard, by, tuple(self._problems)), montages)

    def _problem(self, said: str) -> None:
        if len(self._problems) < MOST_PROBLEMS and said not in self._problems:
            self._problems.append(said)


class _Beside:
    """A thread that does what it is handed, in order; handing waits while it is behind."""

    def __init__(self) -> None:
        self._queue: Queue[list[Task] | None] = Queue(ON_THEIR_WAY)
        self._tasks: list[Task] = []
        self._size = 0
        self._failure: BaseException | None = None
        self._thread: Thread | None = None

    def put(self, size: int, do: Callable[..., None], *what: object) -> None:
        """Have ``do`` called with ``what``, of ``size`` bytes, soon or at the end."""
        self._tasks.append((do, what))
        self._size += size
        if len(self._tasks) >= TOGETHER or self._size >= TOGETHER_BYTES:
            self._hand_over()

    def finish(self) -> None:
        if self._tasks:
            self._hand_over()
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        if self._failure is not None:
            raise self._failure

    def _hand_over(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._run, daemon=True)
            self._thread.start()
        self._queue.put(self._tasks)
        self._tasks, self._size = [], 0

    def _run(self) -> None:
        while (tasks := self._queue.get()) is not None:
            for do, what in tasks:
                if self._failure is None:
                    try:
                        do(*what)
                    except BaseException as failure:  # noqa: BLE001 - finish() raises it
                        self._failure = failure


class _Trusted(Generic[Made]):
    """A maker until it fails: then its work is dropped, and the film goes on without it."""

    def __init__(self, maker: Maker[Made], problem: Callable[[str], None]) -> None:
        self._maker: Maker[Made] | None = maker
        self._problem = problem

    def take(self, taken: Picture, at_ns: int) -> None:
        if self._maker is not None:
            try:
                self._maker.take(taken, at_ns)
            except MemoryError:
                raise
            except Exception as why:  # noqa: BLE001 - no maker may keep a file from being sealed
                self._drop(why)

    def finish(self) -> Made | None:
        if self._maker is None:
            return None
        try:
            return self._maker.finish()
        except MemoryError:
            raise
        except Exception as why:  # noqa: BLE001 - the same
            self._drop(why)
            return None

    def _drop(self, why: Exception) -> None:
        self._problem(f"{type(self._maker).__name__} stopped: {type(why).__name__}")
        self._maker = None


class _Film:
    """One film: which of its frames are taken, in which size, and what is made of them."""

    def __init__(
        self,
        stream: Stream,
        put: Callable[..., None],
        problem: Callable[[str], None],
        network: Network | None,
    ) -> None:
        self._stream, self._put, self._problem = stream.index, put, problem
        # A frame that leaves the decoder at the end does not know its tick; the stream does.
        self._clock = Clock(stream.time_base, getattr(stream, "average_rate", None))
        self.frames = 0
        self.zero_ns: int | None = None
        self._length = self._next_motion = self._next_look = 0
        self._shown = self._large = (0, 0)
        self._small = self._grey = Shrinker((1, 1))
        self._coloured = Shrinker((1, 1), RGB)
        self._looks: list[int] = []
        self._held: tuple[VideoFrame, int] | None = None
        self._open = True
        self._motion = _Trusted(MotionMaker(), problem)
        self._shots = _Trusted(ShotMaker(), problem)
        self._montage = _Trusted(MontageMaker(stream.index), problem)
        self._prints = _Trusted(PrintMaker(), problem)
        self._points = _Trusted(PointMaker(), problem)
        self._learned = _Trusted(LearnedMaker(network), problem) if network else None

    def see(self, frame: VideoFrame) -> None:
        self.frames += 1
        if not self._open:
            return
        at = self._clock.at(frame.pts)
        if at > LONGEST_NS:
            self._open = False
            self._problem(f"stream {self._stream}: only its first 24 hours are looked at")
            return
        self._length = at
        if self.frames == 1:
            self._begin(frame)
        self._shrinking(self._take, frame, at)

    def _shrinking(self, do: Callable[[VideoFrame, int], None], frame: VideoFrame, at: int) -> None:
        try:
            do(frame, at)
        except MemoryError:
            raise
        except (*FFMPEG_SAYS_NO, cv2.error) as why:
            self._open = False
            about = f"stream {self._stream}"
            self._problem(f"{about}: its frames cannot be shrunk: {type(why).__name__}")

    def _begin(self, frame: VideoFrame) -> None:
        self.zero_ns = self._clock.told_ns(frame.pts)
        lying = turn_of(frame) % 180 == 0
        width, height = (frame.width, frame.height)[:: 1 if lying else -1]
        self._shown = (width, height)
        self._large = size_within(width, height, LOOK_SIDE)
        self._small = Shrinker(size_within(width, height, MOTION_SIDE))
        self._grey = Shrinker(self._large)
        self._coloured = Shrinker(size_within(width, height, learned.SIDE), RGB)

    def _take(self, frame: VideoFrame, at: int) -> None:
        if at >= self._next_motion:
            self._next_motion = (at // MOTION_EVERY_NS + 1) * MOTION_EVERY_NS
            small = self._small(frame)
            self._put(small.nbytes, self._move, small, at)
        if at >= self._next_look:
            self._look(frame, at)
        elif len(self._looks) < LEAST_LOOKS:
            self._held = (frame, at)

    def _look(self, frame: VideoFrame, at: int) -> None:
        pace = LOOK_EVERY_NS << len(self._looks) // LOOKS_OF_A_PACE
        self._next_look = (at // pace + 1) * pace
        grey = self._grey(frame)
        coloured = self._coloured(frame) if self._learned else None
        size = grey.nbytes + (0 if coloured is None else coloured.nbytes)
        self._put(size, self._study, grey, coloured, at)
        self._looks.append(at)
        self._held = None

    def end(self) -> None:
        """Look at the last picture too, where a film is too short for two looks."""
        if self._held is not None and len(self._looks) < LEAST_LOOKS:
            self._shrinking(self._look, *self._held)

    def _move(self, small: Picture, at: int) -> None:
        self._motion.take(small, at)
        self._shots.take(small, at)
        self._montage.take(small, at)

    def _study(self, large: Picture, coloured: Picture | None, at: int) -> None:
        self._prints.take(large, at)
        self._points.take(large, at)
        if self._learned is not None and coloured is not None:
            self._learned.take(coloured, at)

    def seen(self) -> Seen:
        count = len(self._looks)
        shots = self._shots.finish()
        vectors = self._learned.finish() if self._learned is not None else None
        return Seen(
            self._stream, *self._shown, self.frames, self._length,
            np.zeros(1, np.int64) if shots is None else shots,
            np.array(self._looks, np.int64), *self._large,
            self._prints.finish() or _no_prints(count),
            self._points.finish() or _no_points(count),
            self._motion.finish() or Motion(MOTION_EVERY_NS, np.zeros((0, 0, 0), np.uint8)),
            learned.no_vectors() if vectors is None else vectors,
        )  # fmt: skip

    def montage(self) -> Montage:
        return self._montage.finish() or MontageMaker(self._stream).finish()


class _Sound:
    """One sound: decoded beside the films, and listened to."""

    def __init__(self, stream: Stream, problem: Callable[[str], None]) -> None:
        self._stream, self._problem = stream.index, problem
        self._context: Any = stream.codec_context
        self._clock = Clock(stream.time_base, None)
        self._maker: SoundMaker | None = SoundMaker(stream.index)
        self._heard_any = False

    def hear(self, packet: Packet[Any] | None) -> None:
        try:
            frames: list[AudioFrame] = self._context.decode(packet)
        except FFMPEG_SAYS_NO:
            return
        for frame in frames:
            self._take(frame)

    def _take(self, frame: AudioFrame) -> None:
        if self._maker is None or frame.sample_rate <= 0:
            return
        self._heard_any = True
        try:
            self._maker.take(frame, self._clock.told_ns(frame.pts))
        except MemoryError:
            raise
        except Exception as why:  # noqa: BLE001 - no maker may keep a file from being sealed
            self._problem(f"stream {self._stream}: not listened to: {type(why).__name__}")
            self._maker = None

    def heard(self, zero_ns: int | None) -> Heard | None:
        """Return what was heard, in time since the first picture, or the first sample."""
        if self._maker is None or not self._heard_any:
            return None
        heard = self._maker.finish()
        if self._maker.problem:
            self._problem(f"stream {self._stream}: {self._maker.problem}")
        return replace(heard, start_ns=0 if zero_ns is None else heard.start_ns - zero_ns)


def _no_prints(count: int) -> Prints:
    return Prints(np.zeros((count, 8, 32), np.uint8), np.zeros(count, np.uint8))


def _no_points(count: int) -> Points:
    none = np.zeros(0, np.float32)
    return Points(
        np.zeros(count + 1, np.int64), none.reshape(0, 2), none, none,
        np.zeros((0, 128), np.uint8),
    )  # fmt: skip
