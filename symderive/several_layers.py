"""Layers of a network with several outputs, and the check of them on the full loss, in mpmath.

W_1 = Σ_k β_1k e_k v_kᵀ, W_i = Σ_k β_ik e_k e_kᵀ, U = Σ_k β_uk u_k e_kᵀ with γ_i β_ik² = κ_k in every layer,
where M = Σ_k z_k u_k v_kᵀ is the end-to-end map and e_1, e_2, … are the first unit vectors of each hidden
layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flint import arb, fmpq_mat
from mpmath import MPContext

from symderive.exact import Number, bits_for, sympify_exact, working_precision
from symderive.verdict import Verdict
from symderive.verification import Verification

if TYPE_CHECKING:
    from symderive.several import Choice, OutputLandscape

#: Digits carried beyond those asked for; eigenvectors lose as many as nearly equal singular values share.
GUARD_DIGITS = 20


def rebuild(landscape: OutputLandscape, choice: Choice, digits: int) -> dict[str, Any]:
    """``W1`` … ``WD``, ``U`` to ``digits`` digits, as matrices of mpmath's global context."""
    import mpmath

    mp = _context(landscape, digits)
    layers = _layers(mp, landscape, choice)
    with mpmath.workdps(digits + GUARD_DIGITS):
        return {
            name: mpmath.matrix(W.tolist()) for name, W in zip(_names(len(layers)), layers, strict=True)
        }


def verify(landscape: OutputLandscape, choice: Choice, digits: int) -> Verification:
    """Compare the full loss with the claim and its gradient with zero, to ``digits`` digits."""
    mp = _context(landscape, digits)
    layers = _layers(mp, landscape, choice)
    A, V = _moments(mp, landscape)
    decays = [_number(mp, g) for g in landscape.net.decays]
    before, after = _products(mp, layers)
    M = before[-1]
    error = M * A - V
    squares = [_square(W) for W in layers]
    terms = [
        _trace(M * A * M.T),
        -2 * _trace(M * V.T),
        _number(mp, landscape.data.c),
        mp.fsum(g * s for g, s in zip(decays, squares, strict=True)),
    ]
    loss, claimed = mp.fsum(terms), _of_ball(mp, landscape.value(choice))
    size = mp.fsum(map(abs, terms))
    gradient = mp.sqrt(
        mp.fsum(
            _square(2 * (after[i].T * error * before[i].T + decays[i] * W)) for i, W in enumerate(layers)
        )
    )
    scale = mp.sqrt(mp.fsum(_square(2 * g * W) for g, W in zip(decays, layers, strict=True)))
    tolerance = mp.mpf(10) ** -digits
    difference = abs(loss - claimed)
    agrees = difference <= tolerance * size and gradient <= tolerance * (scale + mp.sqrt(size) * tolerance)
    with working_precision(bits_for(digits + GUARD_DIGITS)):
        values = [arb(mp.nstr(x, digits)) for x in (loss, difference, gradient)]
        relative = values[1] / abs(values[0]) if values[0] != 0 else values[1]
    verdict, reason = Verdict.CHECKED, "The full loss equals the claim and its gradient is zero."
    if not agrees:
        verdict, reason = (
            Verdict.REFUTED,
            "The full loss at the layers is not the claim, or has a gradient.",
        )
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


def _context(landscape: OutputLandscape, digits: int) -> Any:
    """A private context with enough digits to tell neighboring singular values apart."""
    mp = MPContext()
    squares = [mode.singular_value**2 for mode in landscape.modes]
    gaps = [(x - y).abs_lower() / squares[0] for x, y in zip(squares, [*squares[1:], arb(0)], strict=True)]
    lost = max((-(gap.log() / arb(10).log()).floor().unique_fmpz() for gap in gaps), default=0)
    mp.dps = digits + GUARD_DIGITS + max(0, int(lost))
    return mp


def _names(count: int) -> list[str]:
    return [*(f"W{i}" for i in range(1, count)), "U"]


def _layers(mp: Any, landscape: OutputLandscape, choice: Choice) -> list[Any]:
    left, right, sizes, decays = _chosen(mp, landscape, choice)
    widths = [int(width) for width in landscape.net.widths]
    shapes = list(zip([*widths, landscape.data.outputs], [landscape.data.dimension, *widths], strict=True))
    layers = [mp.matrix(rows, columns) for rows, columns in shapes]
    for k, (u, v, z, kappa) in enumerate(zip(left, right, sizes, decays, strict=True)):
        norms = [mp.sqrt(kappa / _number(mp, g)) for g in landscape.net.decays]
        if not widths:
            norms = [z]
        for i, (W, norm) in enumerate(zip(layers, norms, strict=True)):
            column = u if i == len(layers) - 1 else {k: mp.mpf(1)}
            row = v if i == 0 else {k: mp.mpf(1)}
            for r, x in column.items():
                for c, y in row.items():
                    W[r, c] += norm * x * y
    return layers


def _chosen(mp: Any, landscape: OutputLandscape, choice: Choice) -> tuple[list[Any], ...]:
    """Singular vectors (as index: entry), z and κ of the modes that are not 0."""
    _, V = _moments(mp, landscape)
    by_outputs = landscape.data.outputs <= landscape.data.dimension
    kernel = V * V.T if by_outputs else V.T * V
    values, vectors = mp.eigsy(kernel)
    order = sorted(range(len(values)), key=lambda i: -values[i])
    left, right, sizes, decays = [], [], [], []
    at = 0
    for mode, counts in zip(landscape.modes, choice, strict=True):
        copies = order[at : at + mode.multiplicity]
        at += mode.multiplicity
        s = _of_ball(mp, mode.singular_value)
        points = [p for p, count in zip(mode.points, counts, strict=True) for _ in range(count)]
        for index, point in zip(copies, points, strict=False):
            one = vectors[:, index]
            other = (V.T * one if by_outputs else V * one) / s
            u, v = (one, other) if by_outputs else (other, one)
            left.append(dict(enumerate(u)))
            right.append(dict(enumerate(v)))
            sizes.append(_of_ball(mp, point.size))
            decays.append(_of_ball(mp, point.layer_decay))
    return left, right, sizes, decays


def _moments(mp: Any, landscape: OutputLandscape) -> tuple[Any, Any]:
    """A and V of the inputs that the network sees."""
    data = landscape.data
    A, V = _matrix(mp, data.A), _matrix(mp, data.V)
    if not data.whitened:
        return A, V
    values, vectors = mp.eigsy(A)
    root = vectors * mp.diag([1 / mp.sqrt(x) for x in values]) * vectors.T
    return mp.eye(data.dimension), V * root


def _products(mp: Any, layers: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """What comes before each layer (and, last, the whole map), and what comes after it."""
    before = [mp.eye(layers[0].cols)]
    for W in layers:
        before.append(W * before[-1])
    after = [mp.eye(layers[-1].rows)]
    for W in reversed(layers[1:]):
        after.append(after[-1] * W)
    return before, after[::-1]


def _matrix(mp: Any, matrix: fmpq_mat) -> Any:
    return mp.matrix([[mp.mpf(int(x.p)) / int(x.q) for x in row] for row in matrix.tolist()])


def _number(mp: Any, value: Number) -> Any:
    number = sympify_exact(value)
    return mp.mpf(int(number.p)) / int(number.q)


def _of_ball(mp: Any, value: arb) -> Any:
    mantissa, exponent = value.mid().man_exp()
    return mp.ldexp(mp.mpf(int(mantissa)), int(exponent))


def _square(matrix: Any) -> Any:
    return sum(x * x for x in matrix)


def _trace(matrix: Any) -> Any:
    return sum(matrix[i, i] for i in range(matrix.rows))
