"""How much of the target a network of bounded size can reproduce: bounds on E[y g(x)] from the rows.

For every g with |g(x)| ≤ ‖x‖ it is at most E|y|‖x‖.  Where also |g(x) - g(x')| ≤ ‖x - x'‖, rows of opposite
targets take back from each other what they are near: with any plan that moves T_sr ≥ 0 from row s to row r,
and t_s what is left of the q_s y_s of a row of weight q_s, so that q_s y_s = Σ_r (T_sr - T_rs) + t_s,

    E[y g(x)] = Σ T_sr (g(x_s) - g(x_r)) + Σ t_s g(x_s) ≤ Σ T_sr ‖x_s - x_r‖ + Σ |t_s| ‖x_s‖.

The least such bound is a problem of optimal transport (Kantorovich and Rubinstein), to which a plan that
takes the pairs with the largest gain first comes near.  It is made in floats, the bound in balls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import arb

from symderive.data.rows import Rows

#: Rows among which pairs are sought, one after the other as they come: their number is squared.
GROUP = 1024


@dataclass(frozen=True, eq=False)
class Signal:
    """Balls at the current precision: E|y|‖x‖, and the bound with a plan, which is not larger."""

    size: arb
    paired: arb


def signal_of(rows: Rows) -> Signal:
    """Both bounds from rows that are kept."""
    xs: list[list[arb]] = []
    pulls: list[arb] = []
    weight = arb(0)
    for block in rows.blocks or ():
        X, targets, weights = rows.balls(block)
        xs += X.transpose().tolist()
        pulls += [w * y for w, y in zip(weights, targets, strict=True)]
        weight += sum(weights, arb(0))
    sizes = [_length(x) for x in xs]
    alone = sum((abs(p) * size for p, size in zip(pulls, sizes, strict=True)), arb(0))
    paired, rest = arb(0), list(pulls)
    for s, r, amount in _plan(xs, pulls, sizes):
        paired += amount * _length([a - b for a, b in zip(xs[s], xs[r], strict=True)])
        rest[s] -= amount
        rest[r] += amount
    paired += sum((abs(t) * size for t, size in zip(rest, sizes, strict=True)), arb(0))
    return Signal(alone / weight, (paired if paired < alone else alone) / weight)


def _length(x: Sequence[arb]) -> arb:
    return sum((t * t for t in x), arb(0)).max(arb(0)).sqrt()


def _plan(xs: Sequence[Any], pulls: Sequence[arb], sizes: Sequence[arb]) -> list[tuple[int, int, float]]:
    """Rows s and r and what is moved between them, in floats; from positive pulls to negative ones."""
    import numpy as np

    X = np.array([[float(t) for t in x] for x in xs])
    p, norms = np.array([float(t) for t in pulls]), np.array([float(t) for t in sizes])
    groups = (np.arange(at, min(at + GROUP, len(p))) for at in range(0, len(p), GROUP))
    return [moved for group in groups for moved in _plan_of_group(X, p, norms, group)]


def _plan_of_group(X: Any, p: Any, norms: Any, group: Any) -> list[tuple[int, int, float]]:
    """Between some of the rows: whichever two gain most, first."""
    import numpy as np

    sources, sinks = group[p[group] > 0], group[p[group] < 0]
    squares = (norms**2)[sources, None] + (norms**2)[sinks] - 2 * X[sources] @ X[sinks].T
    gain = norms[sources, None] + norms[sinks] - np.sqrt(np.maximum(squares, 0.0))
    left, wanted, plan = p[sources].tolist(), (-p[sinks]).tolist(), []
    for place in np.argsort(-gain, axis=None, kind="stable").tolist():
        s, r = divmod(place, len(wanted))
        if left[s] and wanted[r]:
            amount = min(left[s], wanted[r])
            plan.append((int(sources[s]), int(sinks[r]), amount))
            left[s] -= amount
            wanted[r] -= amount
    return plan
