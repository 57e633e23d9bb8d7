"""Layers of a network with several outputs, and the check of them on the full loss, in mpmath.

W_1 = Σ_k β_1k e_k v_kᵀ, W_i = Σ_k β_ik e_k e_kᵀ, U = Σ_k β_uk u_k e_kᵀ with γ_i β_ik² = κ_k in every layer,
where M = Σ_k z_k u_k v_kᵀ is the end-to-end map and e_1, e_2, … are the first unit vectors of each hidden
layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, zip_longest
from typing import Any

from flint import arb, arb_mat
from mpmath import MPContext

from symderive.arithmetic.exact import TURN, ball, bits_for, working_precision
from symderive.arithmetic.precision import sharpen
from symderive.data.output_moments import OutputMoments, SingularSquare
from symderive.errors import InputError
from symderive.full_loss.verification import Verification
from symderive.outputs.full_loss import (
    GUARD_DIGITS,
    Setting,
    digits_before_point,
    matrix_of,
    middle_of,
    number_of,
    verification,
)
from symderive.outputs.modes import Selection, modes_of
from symderive.verdict import Verdict

#: Bits at which the digits that cancel are counted, and good bits that this takes.
COUNTING_BITS = 128
COUNTED_BITS = 8

#: Entries of all layers that are written out.
MOST_ENTRIES = 10_000_000


def rebuild(at: Selection, digits: int) -> dict[str, Any]:
    """``W1`` … ``WD``, ``U`` to ``digits`` digits, as matrices of mpmath's global context."""
    import mpmath

    widths = [int(width) for width in at.net.widths]
    sizes = [at.data.dimension, *widths, at.data.outputs]
    if (entries := sum(rows * columns for rows, columns in pairwise(sizes))) > MOST_ENTRIES:
        raise InputError(
            f"the layers have {entries} entries, more than {MOST_ENTRIES}; take a narrower net."
        )
    mp = _context(at, digits)
    layers = _layers(mp, at, widths)
    # mpmath's precision is one for all threads, too.
    bits = working_precision(bits_for(digits + GUARD_DIGITS))
    with TURN, bits, mpmath.workdps(digits + GUARD_DIGITS):
        return {
            name: mpmath.matrix(W.tolist()) for name, W in zip(_names(len(layers)), layers, strict=True)
        }


def verify(at: Selection, claim: arb, digits: int) -> Verification:
    """Compare the full loss with the claim and its gradient with zero, to ``digits`` digits."""
    mp = _context(at, digits)
    carried = max(1, sum(map(sum, at.choice)))
    layers = _layers(mp, at, [min(int(width), carried) for width in at.net.widths])
    a, V = number_of(mp, at.data.eigenvalue), _mixed_moments(mp, at.data)
    decays = [number_of(mp, g) for g in at.net.decays]
    found = Setting(mp, lambda M: a * M, V, number_of(mp, at.data.c), decays).measured(layers)
    claimed, unsure = middle_of(mp, claim.mid()), middle_of(mp, claim.rad())
    tolerance = mp.mpf(10) ** -digits
    agrees = abs(found.loss - claimed) <= tolerance * found.loss_size and found.is_flat(tolerance)
    verdict, reason = Verdict.CHECKED, "The full loss equals the claim and its gradient is zero."
    if unsure > tolerance * found.loss_size:
        verdict, reason = Verdict.UNDECIDED, f"The claimed loss is known to fewer than {digits} digits."
    elif not agrees:
        verdict = Verdict.REFUTED
        reason = "The full loss at the layers is not the claim, or has a gradient."
    return verification(found, claimed, verdict, reason, digits, mp)


def _context(at: Selection, digits: int) -> Any:
    """A private context with digits enough for what cancels.

    That is, in eigenvectors the size of the matrix over the distance of its eigenvalues; in the gradient
    the map over what its decay takes off, aM over λM; in A^{-1/2} the condition number of A.
    """
    data, squares = at.data, at.data.singular_squares
    with TURN, working_precision(COUNTING_BITS):
        apart = [
            squares[0].ball(COUNTING_BITS) / _distance(square, following)
            for square, following in zip_longest(squares, squares[1:])
        ]
        shrunk = [
            ball(data.eigenvalue) / point.ridge
            for mode, counts in zip(at.modes, at.choice, strict=True)
            for point, count in zip(mode.points, counts, strict=True)
            if count
        ]
        conditions = []
        if data.whitened:
            sizes = [sum(map(abs, arb_mat(matrix).entries()), arb(0)) for matrix in (data.A, data.A.inv())]
            conditions = [sizes[0] * sizes[1]]
        lost = sum(
            max(map(digits_before_point, ratios), default=0) for ratios in (apart, shrunk, conditions)
        )
    mp = MPContext()
    mp.dps = digits + GUARD_DIGITS + lost
    return mp


def _distance(square: SingularSquare, following: SingularSquare | None) -> arb:
    """How far a singular square is from the next, or from 0."""

    def gap(bits: int) -> arb:
        with TURN, working_precision(bits):
            return square.ball(bits) - (following.ball(bits) if following else 0)

    return sharpen(gap, lambda x: x.rel_accuracy_bits() >= COUNTED_BITS, start=COUNTING_BITS)


def _names(count: int) -> list[str]:
    return [*(f"W{i}" for i in range(1, count)), "U"]


def _layers(mp: Any, at: Selection, widths: Sequence[int]) -> list[Any]:
    left, right, sizes, decays = _chosen(mp, at)
    shapes = list(zip([*widths, at.data.outputs], [at.data.dimension, *widths], strict=True))
    layers = [mp.matrix(rows, columns) for rows, columns in shapes]
    for k, (u, v, z, kappa) in enumerate(zip(left, right, sizes, decays, strict=True)):
        norms = [mp.sqrt(kappa / number_of(mp, g)) for g in at.net.decays]
        if not widths:
            norms = [z]
        for i, (W, norm) in enumerate(zip(layers, norms, strict=True)):
            column = u if i == len(layers) - 1 else {k: mp.mpf(1)}
            row = v if i == 0 else {k: mp.mpf(1)}
            for r, x in column.items():
                for c, y in row.items():
                    W[r, c] += norm * x * y
    return layers


def _chosen(mp: Any, at: Selection) -> tuple[list[Any], ...]:
    """Singular vectors (as index: entry), z and κ of the modes that are not 0."""
    if not any(map(any, at.choice)):
        return [], [], [], []
    modes = modes_of(at.net, at.data, mp.dps)
    V = _mixed_moments(mp, at.data)
    by_outputs = at.data.outputs <= at.data.dimension
    kernel = V * V.T if by_outputs else V.T * V
    values, vectors = mp.eigsy(kernel)
    order = sorted(range(len(values)), key=lambda i: -values[i])
    left, right, sizes, decays = [], [], [], []
    first = 0
    for mode, counts in zip(modes, at.choice, strict=True):
        copies = order[first : first + mode.multiplicity]
        first += mode.multiplicity
        s = middle_of(mp, mode.singular_value)
        points = [p for p, count in zip(mode.points, counts, strict=True) for _ in range(count)]
        for index, point in zip(copies, points, strict=False):
            one = vectors[:, index]
            other = (V.T * one if by_outputs else V * one) / s
            u, v = (one, other) if by_outputs else (other, one)
            left.append(dict(enumerate(u)))
            right.append(dict(enumerate(v)))
            sizes.append(middle_of(mp, point.size))
            decays.append(middle_of(mp, point.layer_decay))
    return left, right, sizes, decays


def _mixed_moments(mp: Any, data: OutputMoments) -> Any:
    """V of the inputs that the network sees, for which A = aI."""
    V = matrix_of(mp, data.V)
    if not data.whitened:
        scales = [1 / mp.sqrt(number_of(mp, s)) for s in data.variances or ()]
        return V * mp.diag(scales) if scales else V
    values, vectors = mp.eigsy(matrix_of(mp, data.A))
    return V * (vectors * mp.diag([1 / mp.sqrt(x) for x in values]) * vectors.T)
