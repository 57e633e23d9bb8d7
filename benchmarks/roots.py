"""Our certified root search beside its peers: same instances, one run, ratios of times.

    python -m benchmarks.roots [--quick] [--json] [--limit SECONDS]

Each time is the best of several calls in this process, in CPU seconds of the calling thread, so that other
work on the machine favors nobody.  Every peer is first tried in a forked child, which is killed at the
limit; it is timed here only if the child came back.
"""

from __future__ import annotations

import json
import os
import select
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from time import thread_time
from typing import Any

import click

from benchmarks.instances import Instance, close_pair, polynomial, seeded
from benchmarks.peers import PEERS, Case, Enclosure, Peer, pari_expansion
from symderive.arithmetic.exact import bits_for
from symderive.effective_ridge.roots import RootSet, isolate_roots

#: Repetitions stop after this many seconds or calls; there is always at least one call.
REPEAT_SECONDS, MOST_REPEATS = 0.5, 200

#: Digits to which a peer's root must agree with ours.
AGREEMENT_DIGITS = 10

#: Digits of our timed solves; the first, about what peers in doubles give, is the one that ratios refer to.
OUR_DIGITS = (13, 30)

#: The peer that takes over a minute for degree 60.
SLOWEST = "mpmath polyroots"

#: Seeds of the close pairs on which incomplete peers are counted.
CLOSE_SEEDS = range(1, 21)

DIABETES = Path(__file__).parents[1] / "examples" / "diabetes.csv"


@dataclass(frozen=True)
class Line:
    """One row of a table: a solver on an instance.

    ``seconds`` is the time without expanding the polynomial, None where ``note`` says why there is none;
    ``expansion`` is what expanding adds (0 where no polynomial is needed).  ``ratio`` and
    ``ratio_expanded`` are these times, without and with the expansion, over ours at 13 digits.
    """

    solver: str
    seconds: float | None
    expansion: float
    ratio: float | None
    ratio_expanded: float | None
    right: int | None
    missing: int | None
    wrong: int | None
    note: str
    complete: bool


@dataclass(frozen=True)
class Comparison:
    """All solvers on one instance; ``expansion`` maps FLINT and PARI to their expansion times."""

    label: str
    degree: int
    roots: int
    evaluations: int
    ours: float
    expansion: dict[str, float]
    lines: tuple[Line, ...]

    def line(self, solver: str) -> Line:
        """The row of a solver."""
        return next(line for line in self.lines if line.solver == solver)

    def ours_at(self, digits: int) -> float:
        """Our seconds."""
        return self.line(_our_name(digits)).seconds or 0.0

    def least(self, prefix: str, digits: int, expansion: str | None = None) -> float | None:
        """The time of a peer's fastest variant, an expansion added if asked, over ours; None for none."""
        added = self.expansion.get(expansion, 0.0) if expansion else 0.0
        times = [x.seconds for x in self.lines if x.solver.startswith(prefix) and x.seconds]
        return (min(times) + added) / self.ours_at(digits) if times else None

    def best_complete(self, digits: int) -> float | None:
        """The same for the fastest complete peer, its expansion by FLINT counted."""
        peers = self.lines[len(OUR_DIGITS) :]
        times = [x.seconds + x.expansion for x in peers if x.complete and x.seconds]
        return min(times) / self.ours_at(digits) if times else None


def _our_name(digits: int) -> str:
    return f"symderive, {digits} digits"


@dataclass(frozen=True)
class Goal:
    """What was aimed at and what came out."""

    aim: str
    measured: str
    met: bool


def best_time(call: Callable[[], Any]) -> tuple[float, Any]:
    """The least time of several calls, in seconds, and the last result."""
    times: list[float] = []
    while len(times) < MOST_REPEATS and sum(times) < REPEAT_SECONDS:
        start = thread_time()
        result = call()
        times.append(thread_time() - start)
    return min(times), result


def our_time(instance: Instance, digits: int) -> tuple[float, RootSet]:
    """A complete certified solve, every time from a fresh problem."""
    return best_time(lambda: isolate_roots(instance.equation(), digits=digits))


def obstacle(call: Callable[[], Any], limit: float) -> str:
    """Why ``call`` cannot be timed, from a trial in a forked child; empty if it can."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # forking beside idle threads, of BLAS or JAX
        child = os.fork()
    if child == 0:
        message = " "
        try:
            call()
        except Exception as error:  # any failure of a peer is a result of the benchmark
            message = f"failed: {type(error).__name__}"
        finally:
            os.write(writing, message.encode())
            os._exit(0)
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], limit)
        if ready:
            return os.read(reading, 200).decode().strip() or ""
        os.kill(child, signal.SIGKILL)
        return f"> {limit:g} s"
    finally:
        os.close(reading)
        os.waitpid(child, 0)


def agreement(ours: Sequence[Fraction], claims: Sequence[Enclosure]) -> tuple[int, int, int]:
    """How many of our roots a peer has, how many it misses, and how many of its claims are wrong.

    A claim is right if it holds, to :data:`AGREEMENT_DIGITS` digits, a root that no other claim has taken.
    """
    slack = Fraction(1, 10**AGREEMENT_DIGITS)
    left = list(claims)
    for root in ours:
        for low, high in left:
            if low - slack * root <= root <= high + slack * root:
                left.remove((low, high))
                break
    right = len(claims) - len(left)
    return right, len(ours) - right, len(left)


def midpoints(found: RootSet) -> list[Fraction]:
    """Our roots λ, well beyond the digits of the comparison."""
    bits = bits_for(2 * AGREEMENT_DIGITS)
    values = [root.ridge(bits).mid().man_exp() for root in found.roots]
    return [Fraction(int(mantissa)) * Fraction(2) ** int(exponent) for mantissa, exponent in values]


def compare(instance: Instance, *, limit: float) -> Comparison:
    """Time our solver and every peer on one instance; a peer gets ``limit`` seconds at most."""
    timed = [our_time(instance, k) for k in OUR_DIGITS]
    ours, found = timed[0]
    if found.clusters:
        raise ArithmeticError(f"the roots of {instance.label} stayed undecided; choose another seed")
    roots = midpoints(found)
    lines = [
        Line(_our_name(k), time, 0.0, time / ours, time / ours, len(roots), 0, 0, "", True)
        for k, (time, _) in zip(OUR_DIGITS, timed, strict=True)
    ]
    expansion: dict[str, float] = {}
    coefficients: list[int] = []
    if instance.degree <= max(peer.most_degree or 0 for peer in PEERS):
        expansion["FLINT"], coefficients = best_time(lambda: polynomial(instance))
        with suppress(ImportError):  # the rows of PARI say so
            expansion["PARI"], _ = best_time(pari_expansion(instance))
    lines += [
        _line(peer, Case(instance, coefficients), roots, ours, expansion.get("FLINT", 0.0), limit)
        for peer in PEERS
    ]
    return Comparison(
        instance.label, instance.degree, len(roots), found.evaluations, ours, expansion, tuple(lines)
    )


def _line(
    peer: Peer,
    case: Case,
    roots: list[Fraction],
    ours: float,
    expansion: float,
    limit: float,
) -> Line:
    def absent(note: str) -> Line:
        return Line(peer.name, None, expansion, None, None, None, None, None, note, peer.complete)

    if peer.most_degree is None:
        expansion = 0.0
    elif case.instance.degree > peer.most_degree:
        return absent(f"not run: degree {case.instance.degree} is over {peer.most_degree}")
    try:
        call = peer.prepare(case)
    except ImportError as error:
        return absent(f"not run: {error.name} is not installed")
    if note := obstacle(call, limit):
        return absent(note)
    seconds, result = best_time(call)
    right, missing, wrong = agreement(roots, peer.read(result))
    ratios = seconds / ours, (seconds + expansion) / ours
    return Line(peer.name, seconds, expansion, *ratios, right, missing, wrong, "", peer.complete)


def count_evaluations(instances: Sequence[Instance]) -> Iterator[dict[str, Any]]:
    """Evaluations of the function for a complete solve at 13 and 30 digits, and its time."""
    for instance in instances:
        row: dict[str, Any] = {"label": instance.label}
        for digits in OUR_DIGITS:
            seconds, found = our_time(instance, digits)
            row |= {"roots": len(found.roots), f"evaluations at {digits} digits": found.evaluations}
            row |= {f"seconds at {digits} digits": seconds}
        yield row


def close_pairs(seeds: Sequence[int]) -> dict[str, dict[str, int]]:
    """Over close pairs with these seeds: roots in all, and what the incomplete peers miss and get wrong."""
    tally: dict[str, dict[str, int]] = {}
    for instance in (close_pair(10, 3, seed=seed) for seed in seeds):
        ours = midpoints(isolate_roots(instance.equation(), digits=OUR_DIGITS[0]))
        case = Case(instance, polynomial(instance))
        for peer in PEERS:
            if peer.complete or peer.name == SLOWEST:
                continue
            try:
                call = peer.prepare(case)
            except ImportError:
                continue
            _, missing, wrong = agreement(ours, peer.read(call()))
            counts = tally.setdefault(peer.name, {"roots": 0, "missing": 0, "wrong": 0})
            for name, count in (("roots", len(ours)), ("missing", missing), ("wrong", wrong)):
                counts[name] += count
    return tally


def diabetes_time(digits: int) -> float:
    """Seconds of ``symderive.solve`` at ``digits`` digits on the diabetes data, moments in hand."""
    from symderive import Moments, Network, solve

    net = Network(2, widths=32, decays="1/50", noise=1)
    times = []
    for _ in range(5):
        data = Moments.from_csv(DIABETES, target="progression", center=True, standardize=True)
        start = thread_time()
        solve(net, data, digits=digits)
        times.append(thread_time() - start)
    return min(times)


def symbolic_loss(depth: int) -> tuple[float, int]:
    """Seconds and number of nodes of the expected loss at a concrete depth, caches cleared."""
    from sympy.core.cache import clear_cache

    from symderive import Network, expected_loss

    times = []
    for _ in range(3):
        clear_cache()
        start = thread_time()
        program = expected_loss(Network.symbolic(depth))
        times.append(thread_time() - start)
    return min(times), program.size


def goals(report: dict[str, Any]) -> list[Goal]:
    """The aims against this run; a ratio counts the fastest variant of a peer."""
    by_label = {comparison.label: comparison for comparison in report["comparisons"]}
    small, large = by_label["d = 10, D = 3"], by_label["d = 100, D = 3"]
    quick, sharp = OUR_DIGITS

    def least(aim: float, what: str, ratio: float | None) -> Goal:
        measured = "no variant finished" if ratio is None else f"{ratio:.3g}×"
        return Goal(f"{what}: at least {aim:g}×", measured, ratio is not None and ratio >= aim)

    counts = [n for row in report["evaluations"] for k, n in row.items() if k.startswith("evaluations")]
    wide = by_label["d = 1000, D = 10"].ours
    deepest = report["symbolic"][-1]
    pari, told = "PARI polrootsreal, λ > 0", "SymPy intervals, λ > 0"
    at = "d = 10, D = 3"
    whole = small.line("SymPy intervals").seconds
    best = large.best_complete(quick)

    def line(digits: int) -> float | None:
        return None if whole is None else whole / small.ours_at(digits)

    return [
        least(500, f"{at}, {quick} digits against FLINT", small.least("FLINT", quick)),
        least(400, f"{at}, {quick} digits against SymPy, whole line", line(quick)),
        least(100, f"{at}, {quick} digits against SymPy, λ > 0", small.least(told, quick)),
        least(10, f"{at}, {quick} digits against PARI, expanding", small.least(pari, quick, "PARI")),
        least(150, f"{at}, {sharp} digits against SymPy, whole line", line(sharp)),
        least(2.5, f"{at}, {sharp} digits against PARI, expanding", small.least(pari, sharp, "PARI")),
        least(3000, f"d = 100, D = 3, {quick} digits against the best complete peer", best),
        Goal("evaluations: about 25", f"{min(counts)} to {max(counts)}", max(counts) <= 25),
        Goal(f"d = 1000, D = 10, {quick} digits: under 1 ms", f"{1e3 * wide:.3f} ms", wide < 1e-3),
        Goal("1000 digits, diabetes: under 2 s", f"{report['diabetes']:.3f} s", report["diabetes"] < 2),
        Goal("symbolic, depth 200: under 1 s", f"{deepest['seconds']:.2f} s", deepest["seconds"] < 1),
    ]


def table(comparison: Comparison) -> str:
    """A comparison as plain text; every peer has a row."""
    expansion = ", ".join(f"{name} {seconds:.3g} s" for name, seconds in comparison.expansion.items())
    rows: list[tuple[str, ...]] = [("", "seconds", "ratio", "with expansion", "roots", "missing", "wrong")]
    for line in comparison.lines:
        if line.seconds is None:
            rows.append((line.solver, line.note, *[""] * 5))
        else:
            ratio = (f"{line.ratio:.2f}", f"{line.ratio_expanded:.2f}")
            counts = (str(line.right), str(line.missing), str(line.wrong))
            rows.append((line.solver, f"{line.seconds:.3g}", *ratio, *counts))
    head = f"{comparison.label}: {comparison.roots} roots, {comparison.evaluations} evaluations"
    return f"{head}, degree {comparison.degree}; expansion: {expansion or 'not made'}\n{aligned(rows)}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text as columns, the first to the left and the others to the right."""
    # A note may run on over the empty cells to its right.
    widths = [max(len(row[i]) for row in rows if row[-1] or i == 0) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines)


def full_report(*, limit: float) -> dict[str, Any]:
    """Everything that the goals name."""
    instances = [
        seeded(3, 2),
        seeded(10, 3),
        seeded(10, 3, binary=True),
        close_pair(10, 3),
        seeded(100, 3),
        seeded(10, 50),
        seeded(1000, 10),
    ]
    counted = [seeded(10, 3), seeded(100, 3), seeded(10, 50), seeded(1000, 10), seeded(10, 1000)]
    report: dict[str, Any] = {"comparisons": []}
    for instance in instances:
        click.echo(f"timing {instance.label} …", err=True)
        report["comparisons"].append(compare(instance, limit=limit))
    report["evaluations"] = list(count_evaluations(counted))
    report["close pairs"] = close_pairs(CLOSE_SEEDS)
    report["diabetes"] = diabetes_time(1000)
    report["symbolic"] = [
        {"depth": depth, "seconds": seconds, "nodes": nodes}
        for depth in (50, 100, 200)
        for seconds, nodes in [symbolic_loss(depth)]
    ]
    report["goals"] = goals(report)
    return report


def text(report: dict[str, Any]) -> str:
    """A report as plain text."""
    parts = [table(comparison) for comparison in report["comparisons"]]
    if "goals" in report:
        counts = [tuple(report["evaluations"][0])]
        counts += [
            tuple(f"{x:.3g}" if isinstance(x, float) else str(x) for x in row.values())
            for row in report["evaluations"]
        ]
        parts.append("Evaluations of the function for a complete solve\n" + aligned(counts))
        tally = [("peer", "roots", "missing", "wrong")]
        tally += [(name, *map(str, row.values())) for name, row in report["close pairs"].items()]
        parts.append(f"{len(CLOSE_SEEDS)} close pairs, d = 10, D = 3\n" + aligned(tally))
        parts.append(f"1000 digits, all points, diabetes data: {report['diabetes']:.3g} s")
        steps = [tuple(report["symbolic"][0])]
        steps += [(str(s["depth"]), f"{s['seconds']:.3f}", str(s["nodes"])) for s in report["symbolic"]]
        parts.append("Expected loss in symbols\n" + aligned(steps))
        aims = [(g.aim, g.measured, "met" if g.met else "MISSED") for g in report["goals"]]
        parts.append("Goals\n" + aligned(aims))
    return "\n\n".join(parts)


@click.command()
@click.option("--quick", is_flag=True, help="Two small instances only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--limit", default=20.0, show_default=True, help="Seconds that a peer gets for one call.")
def main(*, quick: bool, as_json: bool, limit: float) -> None:
    """Time the certified root search beside its peers."""
    if quick:
        report = {"comparisons": [compare(i, limit=min(limit, 3)) for i in (seeded(3, 2), seeded(10, 3))]}
    else:
        report = full_report(limit=limit)
    if as_json:
        plain = {
            name: [asdict(x) for x in value] if name in ("comparisons", "goals") else value
            for name, value in report.items()
        }
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
    else:
        click.echo(text(report))


if __name__ == "__main__":
    main()
