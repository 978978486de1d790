"""Work on untrusted footage, each piece in a process of its own with bounds on time and memory."""

from __future__ import annotations

import errno
import gc
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, TypeVar

from dalil.errors import MediaTooLarge, NoSpace, Refusal, SourceUnreadable, WorkerDied

Call = TypeVar("Call", bound=tuple[Any, ...])
Result = TypeVar("Result")

MEMORY_BYTES = 4 << 30
SECONDS_AT_LEAST = 600.0
BYTES_A_SECOND = 20_000
SECONDS_TO_END = 5.0
OPEN_FILES = 256
OBJECTS_TO_COLLECT = 100_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """Address space in bytes and wall time in seconds that one call may use."""

    memory: int
    seconds: float


def bounds_for(size: int) -> Bounds:
    """Return generous bounds for a file of ``size`` bytes."""
    return Bounds(MEMORY_BYTES, SECONDS_AT_LEAST + size / BYTES_A_SECOND)


def bounds_of_file(call: tuple[Any, ...]) -> Bounds:
    """Return bounds by the size of the file whose path stands first in a call."""
    return bounds_for(Path(call[0]).stat().st_size)


def run_isolated(
    function: Callable[..., Result],
    calls: Iterable[Call],
    workers: int,
    bounds: Callable[[Call], Bounds] = lambda _: bounds_for(0),
) -> Generator[tuple[Call, Result | Refusal], None, None]:
    """Yield each call with its result, or with the refusal it ended in, as they are done.

    Args:
        function: called as ``function(*call)``; it and its results must be picklable.
        calls: are taken only as workers become free.
        workers: how many run at once.
        bounds: of one call.

    """
    context = multiprocessing.get_context("forkserver")
    # Loaded once, and not again by every process.
    context.set_forkserver_preload([function.__module__])
    waiting = iter(calls)
    running: list[_Running] = []
    try:
        while True:
            while len(running) < workers and (call := next(waiting, None)) is not None:
                running.append(_start(context, function, call, bounds(call)))
            if not running:
                return
            for done in _wait(running):
                running.remove(done)
                yield done.call, _result(done)
    finally:
        for left in running:
            left.process.kill()
            left.process.join()
            left.pipe.close()


def run_in_order(
    function: Callable[..., Result], calls: Iterable[Call], few: int = 2
) -> Generator[Result, None, None]:
    """Yield the results of calls in their order, made on all cores; of a ``few`` here.

    For work on what we wrote ourselves, or read as text: processes are kept from call to call,
    and have no bounds. Calls are taken only as processes become free.

    Raises:
        Refusal: a call ended in it. WorkerDied: a process died.

    """
    waiting = iter(calls)
    first = list(islice(waiting, few + 1))
    if len(first) <= few:
        yield from (function(*call) for call in first)
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([function.__module__])
    workers = os.cpu_count() or 1
    pool = ProcessPoolExecutor(workers, context, _settle_down)
    asked: deque[Future[Result | Refusal]] = deque()
    try:
        for call in chain(first, waiting):
            asked.append(pool.submit(_outcome, function, call))
            if len(asked) > workers:
                yield _found(asked.popleft())
        while asked:
            yield _found(asked.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _settle_down() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # What is loaded stays; looking through it for what is not needed takes a tenth of the time.
    gc.freeze()
    gc.set_threshold(OBJECTS_TO_COLLECT)


def _outcome(function: Callable[..., Result], call: tuple[Any, ...]) -> Result | Refusal:
    try:
        return function(*call)
    except Refusal as refusal:
        return refusal
    except Exception as error:  # noqa: BLE001 - hostile input must not end in a traceback
        return WorkerDied(f"({type(error).__name__})")


def _found(future: Future[Result | Refusal]) -> Result:
    try:
        found = future.result()
    except BrokenProcessPool:
        raise WorkerDied("") from None
    if isinstance(found, Refusal):
        raise found
    return found


@dataclass(eq=False, slots=True)
class _Running:
    call: Any
    process: ForkServerProcess
    pipe: Connection
    bounds: Bounds
    ends_at: float


def _start(
    context: ForkServerContext,
    function: Callable[..., Any],
    call: Any,  # noqa: ANN401 - whatever the function takes
    bounds: Bounds,
) -> _Running:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_work, args=(theirs, function, call, bounds.memory), daemon=True
    )
    process.start()
    theirs.close()
    return _Running(call, process, ours, bounds, time.monotonic() + bounds.seconds)


def _wait(running: list[_Running]) -> list[_Running]:
    while True:
        now = time.monotonic()
        soonest = min(each.ends_at for each in running)
        ready = wait([each.pipe for each in running], max(0.0, soonest - now))
        done = [each for each in running if each.pipe in ready]
        done = done or [each for each in running if each.ends_at <= time.monotonic()]
        if done:
            return done


def _result(done: _Running) -> Any:  # noqa: ANN401 - whatever the function returns
    try:
        if not done.pipe.poll():
            done.process.kill()
            return MediaTooLarge(f"it took more than {done.bounds.seconds:.0f} seconds")
        try:
            return done.pipe.recv()
        except (EOFError, OSError, UnpicklingError):
            done.process.join(SECONDS_TO_END)
            return WorkerDied(f"(exit {done.process.exitcode})")
    finally:
        done.pipe.close()
        done.process.join(SECONDS_TO_END)
        if done.process.is_alive():
            done.process.kill()
            done.process.join()


def _work(pipe: Connection, function: Callable[..., Any], call: Any, memory: int) -> None:  # noqa: ANN401
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    try:
        result = function(*call)
    except Refusal as refusal:
        result = refusal
    except MemoryError:
        result = MediaTooLarge("it asked for too much memory")
    except OSError as error:
        result = _of_the_system(error)
    except Exception as error:  # noqa: BLE001 - hostile input must not end in a traceback
        result = WorkerDied(f"({type(error).__name__})")
    pipe.send(result)
    pipe.close()


def _of_the_system(error: OSError) -> Refusal:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return NoSpace(os.strerror(error.errno))
    if error.errno == errno.ENOMEM:
        return MediaTooLarge("it asked for too much memory")
    return SourceUnreadable(f"({os.strerror(error.errno or errno.EIO)})")


def _lower(which: int, bound: int) -> None:
    _, hard = resource.getrlimit(which)
    value = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(which, (value, value))


def _end_with_parent() -> None:
    """Do not outlive whoever asked: half-read work must not be written on behind their back."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
