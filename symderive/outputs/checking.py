"""The check of a claimed minimum of several outputs on the full loss, noise included, in balls.

Loss and gradient come from the recursion of :mod:`symderive.full_loss.recursion`, which knows nothing of
singular values, thresholds or water filling.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flint import arb, arb_mat

from symderive.arithmetic.exact import TURN, ball, bits_for, working_precision
from symderive.arithmetic.matrices import Balls
from symderive.arithmetic.symmetric import Whole
from symderive.full_loss.recursion import FullLoss, of_moments
from symderive.full_loss.verification import FLINT_WORK, Measurement, Verification, measure
from symderive.model.network import Network
from symderive.verdict import Verdict

#: Digits carried beyond those that are asked for.
GUARD_DIGITS = 20

#: Relative sizes of random changes of all layers, and how many of each are tried.
SCALES = (1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8)
DRAWS = 2


def check(
    net: Network,
    A: Any,
    V: Any,
    c: Any,
    layers: Sequence[Any],
    claim: arb,
    digits: int,
    *,
    seed: int = 0,
    rivals: bool = True,
) -> Verification:
    """Whether the loss at ``layers`` is ``claim``, its gradient 0 and no rival lower, to ``digits`` digits.

    A (d × d), V (o × d) and the layers W_1, …, U are matrices of mpmath numbers, and what they stand for is
    taken exactly; all noise of ``net`` is added here.  Rivals, the layers moved at random on many scales,
    can refute a minimum and never prove one; without ``rivals`` the point may be any stationary one.
    """
    sizes = [A.rows, *(W.rows for W in layers)]
    work = sum(3 * max(sizes) * before * after for before, after in pairwise(sizes))
    if work > FLINT_WORK:
        reason = f"The full loss takes about {work:.0e} multiply-adds; a narrower network can be checked."
        return Verification(Verdict.UNDECIDED, reason, "off", digits)
    with TURN, working_precision(bits_for(digits + GUARD_DIGITS)):
        c = ball(c) + int(V.rows) * ball(net.target_variance)
        setting = of_moments(net, Whole(_exact(A)), _exact(V).transpose(), c, Balls())
        weights = [_exact(W) for W in layers]
        measured, _ = measure(setting, weights)
        tolerance = arb(10) ** -digits
        unsure = not claim.rad() <= (tolerance * measured.loss_size).abs_upper()
        agrees = None if unsure else measured.agrees(claim.mid(), tolerance)
        tried, lowest = 0, None
        if agrees and rivals:
            tried, lowest = _lowest_gap(setting, weights, measured, seed)
        verdict, reason = _judge(agrees, lowest, tolerance * measured.loss_size)
        difference = abs(measured.loss - claim.mid())
        relative = difference if claim.mid().is_zero() else difference / abs(claim.mid())
        return Verification(
            verdict,
            reason,
            "flint",
            digits,
            loss=measured.loss,
            loss_difference=difference,
            relative_difference=relative,
            gradient_norm=measured.gradient_norm,
            competitors=tried,
            lowest_gap=lowest,
        )


def _judge(agrees: bool | None, lowest: arb | None, tolerance: arb) -> tuple[Verdict, str]:
    if agrees is None:
        return Verdict.UNDECIDED, "Layers or loss are not known to the digits of the check."
    if not agrees:
        return Verdict.REFUTED, "The full loss at the layers is not the claim, or has a gradient."
    if lowest is not None and lowest < -tolerance:
        return Verdict.REFUTED, "Layers nearby have a lower loss than the claimed minimum."
    return Verdict.CHECKED, "The full loss equals the claim, its gradient is zero and no rival is lower."


def _lowest_gap(
    setting: FullLoss, weights: Sequence[arb_mat], measured: Measurement, seed: int
) -> tuple[int, arb | None]:
    """The number of rivals, and the least of their losses minus the loss checked; at FLINT's precision."""
    import numpy as np

    rng = np.random.default_rng(seed)
    gaps = []
    for scale in SCALES:
        for _ in range(DRAWS):
            moved = []
            for W in weights:
                rows, columns = int(W.nrows()), int(W.ncols())
                size = setting.op.square(W).mid().sqrt() / (rows * columns)
                step = scale * (size if size > 0 else arb(1)).mid()
                noise = arb_mat(rng.standard_normal((rows, columns)).tolist())
                moved.append((W + noise * step).mid())
            gaps.append(setting.loss(moved) - measured.loss)
    return len(gaps), min(gaps, key=lambda gap: gap.mid())


def _exact(matrix: Any) -> arb_mat:
    """A matrix of mpmath numbers as it stands."""
    return arb_mat([[_number(x) for x in row] for row in matrix.tolist()])


def _number(x: Any) -> arb:
    sign, mantissa, exponent, _ = x._mpf_
    return arb(((-1) ** sign * int(mantissa), int(exponent)))
