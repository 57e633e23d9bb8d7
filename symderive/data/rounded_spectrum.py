"""A spectrum in doubles that stands for the exact data, with a bound on what that costs.

All that a solver needs of A and v are sums such as S_k = vᵀ(ρA + x)^{-k}v for x ≥ 0, up to k = 4, and
Σ p a/(ρa + x)^k.  *To stand for the data up to n ulps* means here that there are changes of a, p and c by
at most n·2^-53, relative, each sum with changes of its own, after which every such sum is that of the
data.  That is what an error bound for these sums asks of its input.

**Axes.**  Balls give an orthogonal P with PᵀAP = Λ + E, ‖E‖ ≤ ε (:mod:`symderive.arithmetic.eigenvalues`).
The columns of P need not be near eigenvectors, for eigenvalues may be multiple; the sums do not mind.  With
D = ρΛ + x, w = Pᵀv and κ = Λ_max/Λ_min ≥ D_max/D_min,

    (ρA + x)^{-1} = P T D^{-1} Pᵀ,   T = (I + D^{-1}ρE)^{-1},   ‖T - I‖ ≤ t = η/(1 - η),   η = ε/Λ_min,

so that q_k = (TD^{-1})^k w differs from D^{-k}w by t at k = 1 and t(1 + (1+t)κ) ≤ 3tκ at k = 2, relative
to its norm.  The sums are products of q_0, q_1, q_2 with each other, or through ρA.  Those of the D^{-k}w
are at least 1/κ² of the product of norms that bounds their change, so that no sum changes by more than
8tκ³, relative.

**Samples.**  Of n samples that are fewer than the features, K = f X V^{-1} Xᵀ and the targets Y
(:mod:`symderive.data.kept_samples`) take the place of A and v, and p_i = f Λ_i w_i² with w = PᵀY.  The sums
are then f q_iᵀ(Λ + E)q_j and f ((Λ + E)q_i)ᵀ(Λ + E)q_j.  With m = 1 or 2, they change by 9tκ Λ_max^m
‖D^{-i}w‖ ‖D^{-j}w‖ at most (6tκ for the q, 2t for E, and what is of second order), and are at least
Λ_min^m/κ² of these norms before: none changes by more than 16tκ⁵, relative.

**The null space.**  It has a known dimension n, and v is orthogonal to it.  Let U be its complement and Û
the span of the last columns of P, with Λ_min the least Λ there.  Where Ay = 0, the part of y in Û is
-Λ^{-1} times that of Ey, so that sin ∠(U, Û) ≤ η, and there is an orthogonal Z with ZÛ = U and
‖Z - I‖ ≤ √2 η (C. Davis and W. M. Kahan, *The rotation of eigenvectors by a perturbation III*, SIAM J.
Numer. Anal. 7, 1970).  On Û, ZᵀAZ takes the place of A and Zᵀv that of v: ε grows by 2√2 η ‖A‖, and every
component of w by √2 η ‖v‖.

**Small components.**  Where w_i cannot be told from 0 it is left out, if that is proved to be harmless: in
every sum the ratio of two terms is at most κ⁴ times that of their p.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flint import arb, arb_mat

from symderive.arithmetic.doubles import rounded, rounded_ball
from symderive.arithmetic.eigenvalues import norm, symmetric_axes
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.data.interface import Data
from symderive.data.moments import Moments, WideMoments
from symderive.data.spectrum import Spectrum

if TYPE_CHECKING:
    import numpy as np

#: Bits at which that is tried, in turn.
BITS = (128, 256, 512, 1024)

#: What is small enough, relative: each of three such changes is an eighth of an ulp.
SMALL_BITS = 56


@dataclass(frozen=True, eq=False)
class RoundedSpectrum:
    """Doubles that stand for data up to ``ulps`` ulps, in the sense of this module.

    Attributes
    ----------
    a, p
        Eigenvalues of A and squared components of v, float64 of shape (d,), all positive; a single pair
        (1, 0) where v = 0.
    c
        E[y²].
    ulps
        0 where all of them are exact.
    """

    a: np.ndarray
    p: np.ndarray
    c: float
    ulps: int


def rounded_spectrum(data: Data) -> RoundedSpectrum | None:
    """The spectrum of data in doubles; None where that cannot be proved to stand for them.

    That happens to eigenvalues that differ by a hundred orders of magnitude, and to numbers below the range
    of normal doubles.  Moments of d features take a dozen products of d × d matrices of balls: 2 seconds at
    d = 300, 15 at d = 600, which is what ten networks take that are solved in balls; those of n < d samples
    take products of n × n.

    >>> found = rounded_spectrum(Moments.given([[2, 1], [1, 2]], [1, 0], 1))
    >>> found.a.tolist(), found.p.tolist(), found.ulps
    ([1.0, 3.0], [0.5, 0.5], 2)
    """
    try:
        if data.v_norm_squared == 0:
            return _made([(1.0, 0)], [(0.0, 0)], data, 0)
        if isinstance(data, Spectrum):
            pairs = sorted((a, p) for a, p in zip(data.a, data.p, strict=True) if p)
            return _made([rounded(a) for a, _ in pairs], [rounded(p) for _, p in pairs], data, 0)
        assert isinstance(data, Moments)
        for bits in BITS:
            if found := _enclosed(data, bits):
                values, squares = found
                return _made([rounded_ball(x) for x in values], [rounded_ball(x) for x in squares], data, 1)
    except ValueError:  # a number without a relative error
        pass
    return None


def _made(
    a: list[tuple[float, int]], p: list[tuple[float, int]], data: Data, more: int
) -> RoundedSpectrum | None:
    """The record; ``more`` ulps are what the sums change by beside rounding."""
    import numpy as np

    numbers = [*a, *p, rounded(data.c)]
    if not all(np.isfinite(x) for x, _ in numbers):
        return None
    return RoundedSpectrum(
        np.array([x for x, _ in a]),
        np.array([x for x, _ in p]),
        float(data.c),
        more + max(error for _, error in numbers),
    )


def _enclosed(data: Moments, bits: int) -> tuple[list[arb], list[arb]] | None:
    """Λ and w² on the axes that count; None where more bits are needed."""
    with TURN, working_precision(bits):
        problem = _problem(data)
        matrix, column, kernel = problem.matrix, problem.column, problem.nullity
        found = symmetric_axes(matrix, refined_size=int(matrix.nrows()))
        values, small = found.values[kernel:], arb(2) ** -SMALL_BITS
        least, largest, error = values[0], values[-1], found.error
        if not (error.is_finite() and least > 2 * error):
            return None
        condition, drift = largest / least, arb(0)
        if kernel:
            turned = arb(2).sqrt() * error / least
            error += 2 * turned * (largest + error)
            drift = (turned * norm(column.entries())).abs_upper()
        share = error / least
        most = problem.factor * condition**problem.power
        if not share < 1 or not share / (1 - share) * most < small:
            return None
        components = [x + arb(0, drift) for x in found.components(column)[kernel:]]
        squares = [x * x for x in components]
        if problem.unit is not None:  # v = f XᵀY, whose squares along the axes are f κ_i times those of Y
            squares = [problem.unit * value * x for value, x in zip(values, squares, strict=True)]
        sharp = [x.rel_accuracy_bits() > SMALL_BITS for x in squares]
        heaviest = max((x.lower() for x, good in zip(squares, sharp, strict=True) if good), default=arb(0))
        dropped = sum((x.upper() for x, good in zip(squares, sharp, strict=True) if not good), arb(0))
        if not dropped * condition**4 <= small * heaviest or not heaviest > 0:
            return None
        kept = [i for i, good in enumerate(sharp) if good]
        return [values[i] for i in kept], [squares[i] for i in kept]


@dataclass(frozen=True, eq=False)
class _Problem:
    """A and v, or K and Y of samples, as balls at the current precision.

    No sum changes by more than ``factor`` t κ^``power``, relative, as the module derives it; ``unit`` is f
    in K = f XXᵀ, None for A itself.
    """

    matrix: arb_mat
    column: arb_mat
    nullity: int
    factor: int
    power: int
    unit: arb | None = None


def _problem(data: Moments) -> _Problem:
    if isinstance(data, WideMoments):
        numerators, denominator = data.samples.fitted
        nullity = data.samples.count - len(data.samples.independent)
        unit = ball(data.samples.unit)
        return _Problem(data.kernel(), arb_mat(numerators) / denominator, nullity, 16, 5, unit)
    return _Problem(*data.balls(), data.nullity, 8, 3)
