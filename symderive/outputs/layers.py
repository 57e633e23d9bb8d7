"""Layers of a network with several outputs, and the check of them on the full loss, in mpmath.

W_1 = Σ_k β_1k e_k v_kᵀ, W_i = Σ_k β_ik e_k e_kᵀ, U = Σ_k β_uk u_k e_kᵀ with γ_i β_ik² = κ_k in every layer,
where M = Σ_k z_k u_k v_kᵀ is the end-to-end map and e_1, e_2, … are the first unit vectors of each hidden
layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, zip_longest
from math import ceil, log
from typing import Any

from flint import arb, arb_mat, fmpq_mat
from mpmath import MPContext

from symderive.arithmetic.exact import TURN, Number, ball, bits_for, sympify_exact, working_precision
from symderive.arithmetic.precision import sharpen
from symderive.data.output_moments import OutputMoments, SingularSquare
from symderive.errors import InputError
from symderive.full_loss.verification import Verification
from symderive.outputs.modes import Selection, modes_of
from symderive.verdict import Verdict

#: Digits carried beyond those asked for and those that are known to cancel.
GUARD_DIGITS = 20

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
            name: mpmath.matrix(W.tolist())
            for name, W in zip(layer_names(len(layers)), layers, strict=True)
        }


def verify(at: Selection, claim: arb, digits: int) -> Verification:
    """Compare the full loss with the claim and its gradient with zero, to ``digits`` digits."""
    mp = _context(at, digits)
    carried = max(1, sum(map(sum, at.choice)))
    layers = _layers(mp, at, [min(int(width), carried) for width in at.net.widths])
    a, V = number_of(mp, at.data.eigenvalue), mixed_moments(mp, at.data)
    decays = [number_of(mp, g) for g in at.net.decays]
    before, after = _products(layers)
    M = before[-1]
    error = a * M - V
    terms = [
        a * _square(M),
        -2 * mp.fsum(x * y for x, y in zip(M, V, strict=True)),
        number_of(mp, at.data.c),
        mp.fsum(g * _square(W) for g, W in zip(decays, layers, strict=True)),
    ]
    loss, claimed, unsure = mp.fsum(terms), of_ball(mp, claim.mid()), of_ball(mp, claim.rad())
    size = mp.fsum(map(abs, terms))
    pulls = [error * before[i - 1].T if i else error for i in range(len(layers))]
    slopes = [after[i].T * pull if i < len(after) else pull for i, pull in enumerate(pulls)]
    gradient = mp.sqrt(
        mp.fsum(_square(2 * (s + g * W)) for s, g, W in zip(slopes, decays, layers, strict=True))
    )
    scale = mp.sqrt(mp.fsum(_square(2 * g * W) for g, W in zip(decays, layers, strict=True)))
    tolerance = mp.mpf(10) ** -digits
    difference = abs(loss - claimed)
    agrees = difference <= tolerance * size and gradient <= tolerance * (scale + mp.sqrt(size) * tolerance)
    with TURN, working_precision(bits_for(digits + GUARD_DIGITS)):
        values = [arb(mp.nstr(x, digits)) for x in (loss, difference, gradient)]
        relative = values[1] / abs(values[0]) if values[0] != 0 else values[1]
    verdict, reason = Verdict.CHECKED, "The full loss equals the claim and its gradient is zero."
    if unsure > tolerance * size:
        verdict, reason = Verdict.UNDECIDED, f"The claimed loss is known to fewer than {digits} digits."
    elif not agrees:
        verdict = Verdict.REFUTED
        reason = "The full loss at the layers is not the claim, or has a gradient."
    return Verification(
        verdict,
        reason,
        "mpmath",
        digits,
        loss=values[0],
        loss_difference=values[1],
        relative_difference=relative,
        gradient_norm=values[2],
    )


def _context(at: Selection, digits: int) -> Any:
    """A private context with digits enough for what cancels.

    That is, in eigenvectors the size of the matrix over the distance of its eigenvalues; in the gradient
    the map over what its decay takes off, aM over λM; in A^{-1/2} the condition number of A.
    """
    data, squares = at.data, at.data.singular_squares
    with TURN, working_precision(COUNTING_BITS):
        apart = [
            squares[0].ball(COUNTING_BITS) / distance(square, following)
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
        lost = sum(max(map(digits_of, ratios), default=0) for ratios in (apart, shrunk, conditions))
    mp = MPContext()
    mp.dps = digits + GUARD_DIGITS + lost
    return mp


def digits_of(ratio: arb) -> int:
    """Decimal digits of a number before its point."""
    return max(0, ceil(float(ratio.log().upper()) / log(10)))


def distance(square: SingularSquare, following: SingularSquare | None) -> arb:
    """How far a singular square is from the next, or from 0."""

    def gap(bits: int) -> arb:
        with TURN, working_precision(bits):
            return square.ball(bits) - (following.ball(bits) if following else 0)

    return sharpen(gap, lambda x: x.rel_accuracy_bits() >= COUNTED_BITS, start=COUNTING_BITS)


def layer_names(count: int) -> list[str]:
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
    V = mixed_moments(mp, at.data)
    by_outputs = at.data.outputs <= at.data.dimension
    kernel = V * V.T if by_outputs else V.T * V
    values, vectors = mp.eigsy(kernel)
    order = sorted(range(len(values)), key=lambda i: -values[i])
    left, right, sizes, decays = [], [], [], []
    first = 0
    for mode, counts in zip(modes, at.choice, strict=True):
        copies = order[first : first + mode.multiplicity]
        first += mode.multiplicity
        s = of_ball(mp, mode.singular_value)
        points = [p for p, count in zip(mode.points, counts, strict=True) for _ in range(count)]
        for index, point in zip(copies, points, strict=False):
            one = vectors[:, index]
            other = (V.T * one if by_outputs else V * one) / s
            u, v = (one, other) if by_outputs else (other, one)
            left.append(dict(enumerate(u)))
            right.append(dict(enumerate(v)))
            sizes.append(of_ball(mp, point.size))
            decays.append(of_ball(mp, point.layer_decay))
    return left, right, sizes, decays


def mixed_moments(mp: Any, data: OutputMoments) -> Any:
    """V of the inputs that the network sees, for which A = aI."""
    V = rational_matrix(mp, data.V)
    if not data.whitened:
        scales = [1 / mp.sqrt(number_of(mp, s)) for s in data.variances or ()]
        return V * mp.diag(scales) if scales else V
    values, vectors = mp.eigsy(rational_matrix(mp, data.A))
    return V * (vectors * mp.diag([1 / mp.sqrt(x) for x in values]) * vectors.T)


def _products(layers: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The map up to and with each layer, and the map after each layer but the last."""
    before, after = [layers[0]], [layers[-1]]
    for W in layers[1:]:
        before.append(W * before[-1])
    for W in reversed(layers[1:-1]):
        after.append(after[-1] * W)
    return before, after[::-1] if len(layers) > 1 else []


def rational_matrix(mp: Any, matrix: fmpq_mat) -> Any:
    return mp.matrix([[mp.mpf(int(x.p)) / int(x.q) for x in row] for row in matrix.tolist()])


def number_of(mp: Any, value: Number) -> Any:
    number = sympify_exact(value)
    return mp.mpf(int(number.p)) / int(number.q)


def of_ball(mp: Any, value: arb) -> Any:
    mantissa, exponent = value.mid().man_exp()
    return mp.ldexp(mp.mpf(int(mantissa)), int(exponent))


def _square(matrix: Any) -> Any:
    return sum(x * x for x in matrix)
