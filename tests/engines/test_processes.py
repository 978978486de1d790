"""Work in processes of its own: what a worker may do to itself, it may not do to us."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dalil.engines.processes import Bounds, bounds_for, run_in_order, run_isolated
from dalil.errors import (
    MediaTooLarge,
    MediaUnreadable,
    NoSpace,
    Refusal,
    SourceUnreadable,
    WorkerDied,
)
from workers import (
    bad_sector,
    die,
    disk_full,
    double,
    err,
    never_end,
    refuse,
    take_all_memory,
    write_on,
)

QUICK = Bounds(4 << 30, 20.0)


def test_every_call_comes_back_with_its_result() -> None:
    calls = [(i,) for i in range(5)]
    assert sorted(run_isolated(double, calls, 2)) == [((i,), 2 * i) for i in range(5)]


@pytest.mark.parametrize(
    ("work", "refusal"),
    [
        (die, WorkerDied),
        (take_all_memory, MediaTooLarge),
        (err, WorkerDied),
        (refuse, MediaUnreadable),
        (disk_full, NoSpace),
        (bad_sector, SourceUnreadable),
    ],
)
def test_what_goes_wrong_inside_is_a_refusal_here(
    work: Callable[[int], object], refusal: type[Refusal]
) -> None:
    ((call, result),) = run_isolated(work, [(1,)], 1, lambda _: QUICK)
    assert (call, type(result)) == ((1,), refusal)


def test_work_that_does_not_end_is_ended() -> None:
    start = time.monotonic()
    ((_, result),) = run_isolated(never_end, [(1,)], 1, lambda _: Bounds(4 << 30, 0.5))
    assert isinstance(result, MediaTooLarge)
    assert time.monotonic() - start < 10


def test_one_that_dies_does_not_take_the_others_along() -> None:
    died = list(run_isolated(die, [(1,), (2,)], 2, lambda _: QUICK))
    assert [type(result) for _, result in died] == [WorkerDied, WorkerDied]
    assert list(run_isolated(double, [(3,)], 2)) == [((3,), 6)]


def test_who_stops_listening_ends_the_work(tmp_path: Path) -> None:
    marks = [tmp_path / "a", tmp_path / "b"]
    seconds = iter([2.0, 60.0])
    calls = [(str(mark),) for mark in marks]
    running = run_isolated(write_on, calls, 2, lambda _: Bounds(4 << 30, next(seconds)))
    next(running)
    running.close()
    for mark in marks:
        assert not Path("/proc", mark.read_text(encoding="ascii")).exists()


def test_a_greater_file_has_more_time() -> None:
    assert bounds_for(50 << 30).seconds > bounds_for(0).seconds >= 60


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_results_come_in_the_order_of_their_calls(count: int) -> None:
    assert list(run_in_order(double, ((i,) for i in range(count)))) == [2 * i for i in range(count)]


def test_calls_are_taken_only_as_they_are_needed() -> None:
    taken = []

    def calls() -> Iterator[tuple[int]]:
        for i in range(1000):
            taken.append(i)
            yield (i,)

    results = run_in_order(double, calls())
    assert [next(results) for _ in range(3)] == [0, 2, 4]
    results.close()
    assert len(taken) < 100


@pytest.mark.parametrize(
    ("work", "refusal"), [(die, WorkerDied), (err, WorkerDied), (refuse, MediaUnreadable)]
)
def test_what_goes_wrong_in_one_of_many_calls_is_a_refusal_here(
    work: Callable[[int], object], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        list(run_in_order(work, ((i,) for i in range(9))))
