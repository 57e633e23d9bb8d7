"""Rivals of a claimed minimum: weights whose full loss must not be lower.

Four families, each over several scales.  *Perturbed*: random noise on all layers.  *Fresh*: random
layers, shrunk or stretched to their best size.  *Turned*: the end-to-end map of the claimed layers moves
by a small vector while the layers stay balanced.  *Replaced*: W_1 passes on another direction.  The
vectors of the last two are ridge solutions (A + s)^{-1}v and (A + s)^{-1}m over a grid of s, with random
ones beside them: the first pass near every other minimum and the second along the descent from a saddle.

Each rival is an actual set of weights and its loss is the full loss; only the choice of rivals uses
theory.  The turned and replaced ones change W_1 by rank one, so that their loss follows from the reverse
sweep at the cost of one product of a vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flint import arb, arb_mat

from symderive.arithmetic.matrices import Floats
from symderive.arithmetic.symmetric import Factored
from symderive.full_loss.float_loss import FloatLoss
from symderive.full_loss.recursion import FullLoss, Gradient, Terms

#: Relative sizes of the perturbations.
SCALES = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)

#: A local minimum is only compared with what lies closer than this.
LOCAL_SCALE = 1e-6

#: Smallest perturbation whose effect, its square, stands out of float64 rounding on large matrices.
FLOAT_SCALE = 1e-5

#: Multiply-adds of one loss up to which random rivals are computed in balls; beyond it, in float64.
BALL_WORK = 1_000_000

#: Grid of ridges s / tr A (powers of ten and count), number of random vectors and of random networks.
RIDGES = (-9, 4, 40)
RANDOM_VECTORS = 8
RANDOM_NETWORKS = 4

#: Eigenvalues of the samples' inner products, relative to the largest, that floats cannot tell from 0, and
#: the length of a unit vector's part in their span from which on the rest is taken for rounding.
NULL = 1e-13
SEEN = 1 - 1e-12

#: Sizes tried for a replaced or fresh rival, as fractions of the best size without decay.
SIZES = (*(k / 32 for k in range(1, 33)), *(2.0**-k for k in range(6, 41)))


class Rival(NamedTuple):
    """One set of weights: how it was made, the parts of its loss, and what the first order may explain.

    The gradient at the checked point is tiny but not zero, so that a rival closer than ``slack`` in loss
    refutes nothing.
    """

    family: str
    terms: Terms
    slack: arb


@dataclass(frozen=True)
class Contest:
    """``decided`` rivals were compared, ``lowest_gap`` is the least loss of a rival minus the loss checked,
    and ``winner`` names the family of a rival that is certainly lower, if there is one."""

    decided: int
    lowest_gap: arb | None
    winner: str | None


def challenge(
    setting: FullLoss,
    weights: Sequence[arb_mat],
    sweep: Gradient,
    *,
    tolerance: arb,
    gradient_norm: arb,
    local: bool,
    seed: int = 0,
) -> Contest:
    """Compare the loss at ``weights`` with its rivals, in balls at the current precision.

    ``setting`` is over :class:`Balls` and ``sweep`` its sweep at ``weights``; a rival wins by more than
    ``tolerance`` (fresh ones) or than the gradient explains (near ones).  ``local`` leaves out rivals
    further away than LOCAL_SCALE.  Deterministic for a given ``seed``.
    """
    loss = setting.total(sweep.terms)
    decided, lowest, winner = 0, None, None
    for rival in _rivals(setting, weights, sweep, tolerance, gradient_norm, local, seed):
        gap = setting.total(rival.terms) - loss
        if not (gap > -rival.slack or gap < -rival.slack):
            continue
        decided += 1
        lowest = gap if lowest is None or gap.mid() < lowest.mid() else lowest
        if gap < -rival.slack:
            winner = winner or rival.family
    return Contest(decided, lowest, winner)


def _rivals(
    setting: FullLoss,
    weights: Sequence[arb_mat],
    sweep: Gradient,
    tolerance: arb,
    gradient_norm: arb,
    local: bool,
    seed: int,
) -> Iterator[Rival]:
    import numpy as np

    rng = np.random.default_rng(seed)
    scales = [scale for scale in SCALES if scale <= LOCAL_SCALE] if local else list(SCALES)
    size = sum((setting.op.square(W) for W in weights), arb(0)).sqrt()
    vectors = _Vectors(setting)
    evaluate, finest = _evaluator(setting, weights)
    if not size.is_zero():
        axle = _Axle(setting, weights, sweep)
        slacks = {scale: 2 * size * gradient_norm * arb(scale) for scale in scales}
        for probe in axle.probes(vectors.near(axle.direction, rng)):
            for scale, slack in slacks.items():
                for step in (scale, -scale):
                    yield Rival("turned", axle.turned(probe, arb(step)), slack)
        floats = [Floats().matrix(W) for W in weights]
        for scale, slack in slacks.items():
            for _ in range(2 if scale >= finest else 0):
                yield Rival("perturbed", evaluate(_perturbed(floats, scale, rng)), slack)
        if local:
            return
    else:
        ones = _constant_layers(setting, weights)
        axle = _Axle(setting, ones, setting.sweep(ones))
    # Around the origin "near" means small layers, whatever their shape.
    sizes = [arb(scale) for scale in scales] if local else None
    for probe in axle.probes(vectors.near(setting.v, rng)):
        for terms in _sized(setting, axle.replaced(probe), sizes):
            yield Rival("replaced", terms, tolerance)
    for _ in range(RANDOM_NETWORKS):
        for terms in _sized(setting, evaluate(_fresh(setting, weights, rng)), sizes):
            yield Rival("fresh", terms, tolerance)


def _scaled(A: Factored) -> Any:
    """F in floats, such that FFᵀ has the trace 1; zeros where A is 0."""
    if not A.trace > 0:
        return Floats().matrix(A.factor * 0)
    # A power of two first, which makes no entry longer and keeps all in the range of floats.
    mantissa, exponent = (int(x) for x in A.trace.mid().man_exp())
    power = arb(2) ** ((mantissa.bit_length() + exponent) // 2)
    return Floats().matrix(A.factor * (1 / power)) * float((A.unit / A.trace).sqrt() * power)


class _Vectors:
    """Unit vectors that are worth trying, proposed in floats."""

    def __init__(self, setting: FullLoss) -> None:
        import numpy as np

        A, self._size = setting.A, int(setting.v.nrows())
        trace = A.trace
        if isinstance(A, Factored):
            F = _scaled(A)
            squares, turns = np.linalg.eigh(F @ F.T)
            seen = squares > NULL * squares[-1]
            self._eigenvalues, self._basis = squares[seen], F.T @ (turns[:, seen] / np.sqrt(squares[seen]))
        else:
            scaled = A.matrix * (1 / trace if trace > 0 else arb(0))
            self._eigenvalues, self._basis = np.linalg.eigh(Floats().matrix(scaled))

    def near(self, column: arb_mat, rng: Any) -> arb_mat:
        """(A + s)^{-1} ``column`` for s on a grid, and random vectors; side by side."""
        import numpy as np

        found = []
        norm = sum((x * x for x in column.entries()), arb(0)).sqrt()
        if norm > 0:
            unit = np.array([float(x / norm) for x in column.entries()])
            components = unit @ self._basis
            # What the basis does not reach, the null space; of v it is nothing but rounding.
            rest = unit - self._basis @ components if np.linalg.norm(components) < SEEN else 0.0
            for ridge in np.logspace(*RIDGES):
                inside = self._basis @ (components / (np.maximum(self._eigenvalues, 0) + ridge))
                found.append(inside + rest / ridge)
        found += [rng.standard_normal(self._size) for _ in range(RANDOM_VECTORS)]
        return arb_mat(np.array([z / np.linalg.norm(z) for z in found]).T.tolist())


class _Probe(NamedTuple):
    """A column z in the scalars that W_1 + t y zᵀ needs: the second moment of y zᵀ, z·v, what it has with
    W_1, yᵀW_1 z and ‖z‖²."""

    curvature: arb
    signal: arb
    cross: arb
    overlap: arb
    square: arb


class _Axle:
    """The loss as a function of W_1 along y zᵀ, the other layers held or scaled as a whole.

    y = W_1 m̂, the pattern in which the first layer passes m on; where m = 0, all ones.
    """

    def __init__(self, setting: FullLoss, weights: Sequence[arb_mat], sweep: Gradient) -> None:
        first, self._depth = weights[0], len(weights) - 1
        m = sweep.carrier * first
        length = (m * m.transpose())[0, 0].sqrt()
        if length > 0:
            self.direction = m.transpose() * (1 / length)
            pattern = first * self.direction
        else:
            self.direction, pattern = setting.v, arb_mat([[1]] * int(first.nrows()))
        response = pattern if sweep.sensitivity is None else sweep.sensitivity.times(setting.op, pattern)
        self._setting, self._terms = setting, sweep.terms
        self._square, self._pattern_square = setting.op.square(first), setting.op.square(pattern)
        self._rest = sweep.terms.decay - setting.decays[0] * self._square
        self._stiffness = (pattern.transpose() * response)[0, 0]
        self._reach = (sweep.carrier * pattern)[0, 0]
        self._cross = setting.A.times(setting.op, (response.transpose() * first).transpose()).transpose()
        self._overlap = pattern.transpose() * first
        self._own = arb(0)
        if setting.weight_noise and setting.weight_noise[0]:
            above = sweep.sensitivity
            entries = [arb(1)] if above is None else above.entries(setting.op)
            weighted = setting.op.scale_rows(entries, pattern)
            self._own = setting.weight_noise[0] * (pattern.transpose() * weighted)[0, 0]
            along = setting.op.scale_rows(setting.diagonal, (weighted.transpose() * first).transpose())
            self._cross = self._cross + setting.weight_noise[0] * along.transpose()
        if setting.mean is not None:
            self._cross = self._cross - (m * setting.mean)[0, 0] * self._reach * setting.mean.transpose()

    def probes(self, columns: arb_mat) -> Iterator[_Probe]:
        """What is needed of each column, at the cost of A times all of them."""
        op, rows = self._setting.op, columns.transpose()
        curvatures = op.row_products(rows, self._setting.A.times(op, columns).transpose())
        bent = [self._stiffness * x for x in curvatures]
        if not self._own.is_zero():
            scaled = op.scale_rows(self._setting.diagonal, columns).transpose()
            bent = [x + self._own * s for x, s in zip(bent, op.row_products(rows, scaled), strict=True)]
        if self._setting.mean is not None:
            means = (rows * self._setting.mean).entries()
            bent = [x - (self._reach * t) ** 2 for x, t in zip(bent, means, strict=True)]
        return map(
            _Probe,
            bent,
            (rows * self._setting.v).entries(),
            (self._cross * columns).entries(),
            (self._overlap * columns).entries(),
            op.row_products(rows, rows),
        )

    def turned(self, z: _Probe, step: arb) -> Terms:
        """The loss where W_1 becomes W_1 + step y zᵀ and then, the product kept, all layers are scaled to
        share its change of norm."""
        growth = (2 * step * z.overlap + step**2 * self._pattern_square * z.square) / self._square
        return Terms(
            self._terms.second_moment + 2 * step * z.cross + step**2 * z.curvature,
            self._terms.alignment + step * self._reach * z.signal,
            self._terms.decay * (1 + growth).root(self._depth + 1),
        )

    def replaced(self, z: _Probe) -> Terms:
        """The loss where W_1 becomes y zᵀ, scaled to the mean decay of the other layers."""
        own = self._setting.decays[0] * self._pattern_square * z.square
        factor = (self._rest / self._depth / own).sqrt() if self._rest > 0 and own > 0 else arb(1)
        return Terms(
            factor**2 * z.curvature,
            factor * self._reach * z.signal,
            self._rest + factor**2 * own,
        )


def _sized(setting: FullLoss, terms: Terms, sizes: Sequence[arb] | None) -> Iterator[Terms]:
    """The same layers times a common factor: at the given fractions of the size that fits the data best
    without decay, or at the best of SIZES."""
    layers = len(setting.decays)
    fit = abs(terms.alignment.mid()) / terms.second_moment.mid()
    if not fit.is_finite():
        return
    fractions = sizes or [arb(size) for size in SIZES]
    scaled = []
    for fraction in fractions:
        p = (fit * fraction).mid()  # the factor of the end-to-end map
        scaled.append(
            Terms(
                p**2 * terms.second_moment,
                p * abs(terms.alignment),  # the sign of the output layer is free
                (p**2).root(layers) * terms.decay,
            )
        )
    yield from scaled if sizes else [min(scaled, key=lambda item: setting.total(item).mid())]


def _perturbed(layers: Sequence[Any], scale: float, rng: Any) -> list[Any]:
    """The layers, in floats, each with random noise of ``scale`` times its norm."""
    import numpy as np

    noises = [rng.standard_normal(W.shape) for W in layers]
    return [
        W + scale * np.linalg.norm(W) / np.linalg.norm(noise) * noise
        for W, noise in zip(layers, noises, strict=True)
    ]


def _fresh(setting: FullLoss, weights: Sequence[arb_mat], rng: Any) -> list[Any]:
    """Random layers that carry equal decay."""
    import numpy as np

    layers = [rng.standard_normal((int(W.nrows()), int(W.ncols()))) for W in weights]
    norms = [float(norm) for norm in _balanced_norms(setting)]
    return [norm / np.linalg.norm(W) * W for norm, W in zip(norms, layers, strict=True)]


def _constant_layers(setting: FullLoss, weights: Sequence[arb_mat]) -> list[arb_mat]:
    """Layers with equal entries that carry equal decay."""
    layers = []
    for norm, W in zip(_balanced_norms(setting), weights, strict=True):
        rows, columns = int(W.nrows()), int(W.ncols())
        entry = (norm / arb(rows * columns).sqrt()).mid()
        layers.append(arb_mat([[entry] * columns] * rows))
    return layers


def _balanced_norms(setting: FullLoss) -> list[arb]:
    """Norms of layers with equal decay, relative to the mean decay; ones where there is no decay."""
    decays = setting.decays
    if not all(g > 0 for g in decays):
        return [arb(1)] * len(decays)
    mean = (sum((g.log() for g in decays), arb(0)) / len(decays)).exp()
    return [(mean / g).sqrt().mid() for g in decays]


def _evaluator(setting: FullLoss, weights: Sequence[arb_mat]) -> tuple[Any, float]:
    """A function from float layers to the parts of their loss, as balls, and the finest useful scale."""
    sizes = [int(weights[0].ncols()), *(int(W.nrows()) for W in weights)]
    work = setting.A.work * sizes[1] + sum(
        2 * before * size * after for before, size, after in zip(sizes, sizes[1:], sizes[2:], strict=False)
    )
    if work <= BALL_WORK:
        return lambda layers: setting.terms([arb_mat(W.tolist()) for W in layers]), 0.0
    return FloatLoss(setting, sizes).terms, FLOAT_SCALE
