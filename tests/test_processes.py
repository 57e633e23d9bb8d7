"""Work in two processes: the results of one, in order, whatever happens to them."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from symderive import processes
from symderive.processes import in_order

HERE = os.getpid()

pytestmark = pytest.mark.filterwarnings("ignore:os.fork")  # of JAX, where another test has loaded it


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that no test of another library has been in."""
    monkeypatch.setattr(processes, "_THREADED", ())


forks = pytest.mark.skipif(
    sys.platform != "linux" or (os.cpu_count() or 1) < 2, reason="needs fork and two processors"
)


@pytest.fixture(params=["two processes", "one processor", "few items"])
def spread(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "one processor":
        monkeypatch.setattr(os, "cpu_count", lambda: 1)
    if request.param == "few items":
        monkeypatch.setattr(processes, "FEWEST", 1_000)


@pytest.mark.usefixtures("spread")
def test_the_results_are_those_of_map() -> None:
    """Items and function need not travel; a lambda could not."""
    items: list[Callable[[], int]] = [lambda number=number: number**2 for number in range(40)]
    assert list(in_order(lambda item: item(), items)) == [number**2 for number in range(40)]
    assert list(in_order(str, [])) == []


@forks
def test_others_do_the_work() -> None:
    at_work = set(in_order(lambda _: os.getpid(), range(200)))
    assert HERE not in at_work
    assert 1 <= len(at_work) <= processes.WORKERS


@pytest.mark.usefixtures("spread")
def test_an_error_is_that_of_its_item() -> None:
    found = in_order(lambda number: 1 / (5 - number), range(10))
    assert [next(found) for _ in range(5)] == [1 / (5 - number) for number in range(5)]
    with pytest.raises(ZeroDivisionError):
        next(found)


@forks
def test_what_a_killed_process_leaves_is_done_here() -> None:
    def fragile(number: int) -> int:
        if number == 7 and os.getpid() != HERE:
            os._exit(9)
        return -number

    assert list(in_order(fragile, range(20))) == [-number for number in range(20)]


@forks
def test_a_process_at_work_starts_no_others() -> None:
    def nested(_: int) -> set[int]:
        return set(in_order(lambda _: os.getpid(), range(10))) - {os.getpid()}

    assert list(in_order(nested, range(6))) == [set()] * 6


@forks
def test_one_who_stops_listening_is_not_kept_waiting() -> None:
    def slow(number: int) -> int:
        time.sleep(0.2 * (number > 0))
        return number

    start = time.monotonic()
    found: Any = in_order(slow, range(1_000))
    assert next(found) == 0
    found.close()
    assert time.monotonic() - start < 20
    assert not multiprocessing.active_children()
    assert list(in_order(str, range(5))) == list("01234")


@forks
def test_the_first_error_ends_the_work() -> None:
    def slow(number: int) -> float:
        time.sleep(0.2 * (number > 0))
        return 1 / number

    start = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        list(in_order(slow, range(1_000)))
    assert time.monotonic() - start < 20


@forks
def test_a_library_with_threads_of_its_own_keeps_the_work_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_THREADED", ("pytest",))
    assert set(in_order(lambda _: os.getpid(), range(20))) == {HERE}
