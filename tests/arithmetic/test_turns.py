"""One working precision for all threads: in turns, restored, and without influence outside blocks."""

from __future__ import annotations

import ast
import contextlib
import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flint import arb, ctx
from oracles.sources import trees

from symderive import Moments, Network, OutputMoments, Spectrum, root_counts, solve, trainable_depths
from symderive.arithmetic.records import content
from symderive.arithmetic.turns import TURN, cached_property, working_precision
from symderive.certificates.certificate import certificate
from symderive.report.landscape import landscape_record

DATA = Spectrum.of([1, 400, 10**5], ["1/100", "49/100", 7], 10)
DENSE = Moments.given([[1, "1/3"], ["1/3", 400]], ["1/10", "7/10"], 1)
NET = Network(2, widths=3, decays="1/50")

#: Seconds after which a thread counts as lost.
PATIENCE = 30


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads are switched a thousand times as often as usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def run_all(works: list[Callable[[], None]]) -> None:
    """Every work in a thread of its own, to its end; what one raises is raised here."""
    raised: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=guarded, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a thread never came back"
    if raised:
        raise raised[0]


def asked_of(data: Spectrum | Moments, digits: int) -> list[object]:
    """What a landscape holds and answers later on, as data that compare bit by bit."""
    landscape = solve(NET, data, digits=digits)
    hessian = landscape.hessian(0)
    found = [content(landscape), content(hessian.largest), landscape_record(landscape, None)]
    found += [[content(x) for x in landscape.end_to_end_map(i, digits=2 * digits)] for i in (0, 1)]
    found += [certificate(landscape), content(landscape.decay_level), str(landscape)]
    if isinstance(data, Moments):
        verification = landscape.verify()
        found += [content(verification.loss_difference), content(verification.gradient_norm)]
        found.append([str(W) for W in landscape.layers(0).mpmath(digits).values()])
    return found


@pytest.mark.usefixtures("hasty")
def test_threads_get_what_one_thread_gets() -> None:
    jobs = [(data, digits) for data in (DATA, DENSE) for digits in (10, 120)]
    alone = [asked_of(*job) for job in jobs]

    def work(place: int) -> None:
        for _ in range(2):
            assert asked_of(*jobs[place]) == alone[place]

    before = ctx.prec
    run_all([functools.partial(work, place) for place in range(len(jobs))])
    assert ctx.prec == before


@pytest.mark.usefixtures("hasty")
def test_threads_ask_one_landscape_at_once() -> None:
    alone = [[content(x) for x in solve(NET, DENSE).end_to_end_map(0, digits=k)] for k in (40, 80, 160)]
    shared = solve(NET, DENSE)

    def work(place: int) -> None:
        found = [content(x) for x in shared.end_to_end_map(0, digits=(40, 80, 160)[place])]
        assert found == alone[place]

    run_all([functools.partial(work, place) for place in range(3)])


@pytest.mark.parametrize("bits", [20, 400])
def test_no_result_depends_on_the_precision_outside_blocks(bits: int) -> None:
    """So that a thread between two blocks may see any other's."""
    several = Network(1, widths=2, decays="1/2", outputs=2), OutputMoments.given(1, [[2, 0], [0, 1]], 5)

    def everything() -> list[object]:
        return [
            asked_of(DATA, 15),
            asked_of(DENSE, 15),
            content(solve(*several).loss),
            [str(W) for W in solve(*several).layers().values()],
            content(root_counts(NET, DENSE)),
            trainable_depths(decay="1/50", eigenvalue=2, v_norm_squared="1/3", noise_to_width="1/100"),
        ]

    usual = everything()
    with TURN, working_precision(bits):
        assert everything() == usual


def test_blocks_nest_and_restore_whatever_happens() -> None:
    before = ctx.prec

    def fails() -> None:
        with TURN, working_precision(200):
            raise ZeroDivisionError(ctx.prec)

    with TURN, working_precision(100):
        with pytest.raises(ZeroDivisionError, match="200"):
            fails()
        assert ctx.prec == 100
    assert ctx.prec == before


@pytest.mark.parametrize("bits", [0, 1, "many"])
def test_a_precision_that_is_none_leaves_the_turn_to_others(bits: object) -> None:
    before = ctx.prec
    with pytest.raises((ValueError, TypeError)), TURN, working_precision(bits):
        pass

    def work() -> None:
        with TURN, working_precision(90):
            assert ctx.prec == 90

    run_all([work])
    assert ctx.prec == before


def test_a_block_is_never_entered_by_two() -> None:
    inside, most = [], []

    def work() -> None:
        for _ in range(20):
            with TURN, working_precision(64), TURN, working_precision(80):
                inside.append(1)
                most.append(len(inside))
                time.sleep(1e-4)
                inside.pop()

    run_all([work] * 3)
    assert max(most) == 1


def test_a_cached_value_and_a_block_do_not_wait_for_each_other() -> None:
    """One thread computes the value and wants a turn; one has the turn and wants the value."""
    computing, turn_taken = threading.Event(), threading.Event()

    class Holder:
        @cached_property
        def value(self) -> arb:
            computing.set()
            turn_taken.wait(0.5)
            with TURN, working_precision(100):
                return arb(2).sqrt()

    shared = Holder()

    def first() -> None:
        assert shared.value > 1

    def second() -> None:
        computing.wait(1)
        with TURN, working_precision(64):
            turn_taken.set()
            assert shared.value > 1

    run_all([first, second])


def test_a_cached_value_is_computed_once() -> None:
    calls: list[int] = []

    class Holder:
        @cached_property
        def value(self) -> object:
            """What it is."""
            calls.append(1)
            return object()

    holder = Holder()
    assert holder.value is holder.value
    assert calls == [1]
    assert Holder.value.__doc__ == "What it is."


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:os.fork:RuntimeWarning")
def test_a_process_forked_beside_a_block_has_its_turn() -> None:
    entered = threading.Event()

    def work() -> None:
        with TURN, working_precision(300):
            entered.set()
            time.sleep(0.1)

    thread = threading.Thread(target=work)
    thread.start()
    entered.wait()
    if (child := os.fork()) == 0:

        def enter() -> None:
            TURN.acquire()
            working_precision(70).__enter__()

        ready = threading.Thread(target=enter, daemon=True)
        ready.start()
        ready.join(5)
        os._exit(0 if ctx.prec == 70 else 1)
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


# -- the source --------------------------------------------------------------------------------------------


def blocks(tree: ast.AST) -> Iterator[ast.With]:
    """The blocks of a module that set the working precision."""
    for node in ast.walk(tree):
        if isinstance(node, ast.With) and any(
            isinstance(name, ast.Name) and name.id == "working_precision"
            for item in node.items
            for name in ast.walk(item.context_expr)
        ):
            yield node


def yields_inside(tree: ast.AST) -> bool:
    return any(
        isinstance(node, (ast.Yield, ast.YieldFrom)) for block in blocks(tree) for node in ast.walk(block)
    )


def test_no_block_stretches_over_a_yield() -> None:
    assert yields_inside(ast.parse("def f():\n with TURN, working_precision(9):\n  yield 1"))
    assert sum(len(list(blocks(tree))) for tree in trees().values()) > 80
    assert [name for name, tree in trees().items() if yields_inside(tree)] == []


def sets_precision(tree: ast.AST) -> bool:
    """Whether FLINT's context is written, or its own blocks are used."""
    return imports(tree, "flint", "ctx") and any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "ctx"
        and (isinstance(node.ctx, ast.Store) or node.attr in ("workprec", "workdps", "extraprec"))
        for node in ast.walk(tree)
    )


def out_of_turn(tree: ast.AST) -> bool:
    """Whether the precision is set without the lock, which is taken right before."""
    for block in blocks(tree):
        first = block.items[0].context_expr
        if not (isinstance(first, ast.Name) and first.id == "TURN"):
            return True
    return False


def test_every_block_waits_for_its_turn() -> None:
    assert not out_of_turn(ast.parse("with TURN, working_precision(9): pass"))
    assert out_of_turn(ast.parse("with working_precision(9), TURN: pass"))
    assert [name for name, tree in trees().items() if out_of_turn(tree)] == []


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")
@pytest.mark.parametrize("robust", [True, False])
def test_an_interruption_leaves_neither_the_lock_nor_the_precision(
    robust: bool,
) -> None:
    """Wherever it strikes; managers written in Python do keep the lock."""

    class Slow:
        def __enter__(self) -> None:
            TURN.acquire()

        def __exit__(self, *_: object) -> None:
            TURN.release()

    turn, before, kept = TURN if robust else Slow(), ctx.prec, 0

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def is_free() -> bool:
        found: list[bool] = []

        def ask() -> None:
            if TURN.acquire(timeout=0.05):
                found.append(True)
                TURN.release()

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(PATIENCE)
        return found == [True]

    usual = signal.signal(signal.SIGALRM, interrupt)
    try:
        for i in range(40):
            with contextlib.suppress(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, 0.001 + i * 2e-5)
                while True:
                    with turn, working_precision(90):
                        pass
            assert ctx.prec == before
            if not is_free():
                kept += 1
                TURN.release()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)
    assert (kept == 0) == robust


def test_the_precision_is_set_in_one_place() -> None:
    assert sets_precision(ast.parse("from flint import ctx\nwith ctx.workprec(9): pass"))
    assert [name for name, tree in trees().items() if sets_precision(tree)] == ["arithmetic/turns.py"]


def imports(tree: ast.AST, module: str, name: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and node.module == module and name in [x.name for x in node.names]
        for node in ast.walk(tree)
    )


def test_what_holds_balls_caches_without_a_lock() -> None:
    wrong = [
        name
        for name, tree in trees().items()
        if imports(tree, "flint", "arb") and imports(tree, "functools", "cached_property")
    ]
    assert wrong == []
