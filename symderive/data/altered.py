"""Data whose second moments are altered as noise and an output bias alter them, exactly.

    B = f A + Diag(r ∘ diag A) + Diag(s) - x̄x̄ᵀ,   v - ȳ x̄,   c - ȳ² + t,

with the means x̄, ȳ only where they are to be taken off.  Fewer samples than features are kept as they are
where only c is altered, and all d² entries are made otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb, arb_mat, fmpq, fmpq_mat

from symderive.arithmetic.exact import ball, to_flint
from symderive.arithmetic.matrices import Balls
from symderive.data.interface import Data
from symderive.data.moments import Moments, WideMoments
from symderive.data.output_moments import OutputMoments
from symderive.data.spectrum import Spectrum
from symderive.errors import InputError


@dataclass(frozen=True)
class Alteration:
    """f, r, s, whether means are taken off, and t; r and s hold one value for all features or one for each.

    r and f are dimensionless, s has the dimension of A, and t that of c.
    """

    full: Fraction = Fraction(1)
    relative: tuple[Fraction, ...] = (Fraction(0),)
    absolute: tuple[Fraction, ...] = (Fraction(0),)
    less_means: bool = False
    target: Fraction = Fraction(0)


def altered(data: Data, by: Alteration) -> Data:
    """The altered data, of the same kind.

    Raises :class:`InputError` for means or noise of features that the data do not know.

    >>> one = Moments.given([[2, 1], [1, 3]], [1, 0], 1)
    >>> altered(one, Alteration(full=Fraction(2), relative=(Fraction(1),))).A
    Matrix([
    [6, 2],
    [2, 9]])
    """
    if by == Alteration():
        return data
    if isinstance(data, Spectrum):
        return _along_axes(data, by)
    assert isinstance(data, Moments)
    if isinstance(data, WideMoments) and by == Alteration(target=by.target):
        return replace(data, beyond=data.beyond + by.target)
    d = data.dimension
    relative, absolute = (for_each(values, d) for values in (by.relative, by.absolute))
    changed = fmpq_mat(data.gram) * fmpq(1, data.denominator)
    edge = [changed[i, d] for i in range(d + 1)]
    changed *= to_flint(by.full)
    for i in range(d):
        diagonal = relative[i] * data.entry(i, i) + absolute[i] * data.metric[i]
        changed[i, i] += to_flint(diagonal)
        changed[i, d] = changed[d, i] = edge[i]
    changed[d, d] = edge[d] + to_flint(by.target)
    if by.less_means:
        column = fmpq_mat(d + 1, 1, [to_flint(x) for x in known_means(data)])
        changed -= column * column.transpose()
    gram, denominator = changed.numer_denom()
    described = data.features, data.target, data.source, data.means, data.weight, data.notes
    return Moments(gram, int(denominator), data.variances, *described)


def altered_outputs(data: OutputMoments, by: Alteration) -> OutputMoments:
    """The same of several targets: ``target`` is for each of them, and means stay where they are.

    Raises :class:`InputError` for whitened inputs with noise of their own: their V is irrational.

    >>> two = OutputMoments.given([[2, 1], [1, 3]], [[1, 0], [0, 1]], 2)
    >>> noisy = altered_outputs(two, Alteration(relative=(Fraction(1),), target=Fraction(1, 2)))
    >>> noisy.A.tolist(), noisy.c
    ([[4, 1], [1, 6]], Fraction(3, 1))
    """
    d = data.dimension
    relative, absolute = (for_each(values, d) for values in (by.relative, by.absolute))
    if by.less_means or by.full != 1:
        raise ValueError("means and factors of A are for one target")
    c = data.c + data.outputs * by.target
    if not any(relative) and not any(absolute):
        return replace(data, c=c)
    if data.whitened:
        raise InputError(
            "noise of the features is not solved behind whitening, which leaves the rationals; whiten the "
            "samples beforehand, or leave out --whiten or the noise of the features."
        )
    A = fmpq_mat(data.A)
    metric = data.variances or (Fraction(1),) * d
    for i in range(d):
        A[i, i] += to_flint(relative[i]) * A[i, i] + to_flint(absolute[i] * metric[i])
    return replace(data, A=A, c=c)


def quadratic(data: Data, by: Alteration, m: Sequence[arb]) -> arb:
    """mᵀ(f A + Diag(r ∘ diag A) + Diag(s))m, a sum of terms ≥ 0, at the current precision."""
    A, _ = data.operator()
    column = arb_mat([[x] for x in m])
    signal = (column.transpose() * A.times(Balls(), column))[0, 0]
    rest = arb(0)
    if any(by.relative) or any(by.absolute):
        relative, absolute = (for_each(values, len(m)) for values in (by.relative, by.absolute))
        parts = zip(m, relative, data.diagonal, absolute, strict=True)
        rest = sum((x * x * ball(r * a + s) for x, r, a, s in parts), arb(0))
    return ball(by.full) * signal + rest


def for_each(values: Sequence[Fraction], count: int) -> tuple[Fraction, ...]:
    """One value for all features, or one for each, as one for each."""
    if len(values) not in (1, count):
        raise InputError(
            f"noise of the features has {len(values)} values for {count} features; give one, or one for "
            "each."
        )
    return tuple(values) if len(values) == count else tuple(values) * count


def known_means(data: Data) -> tuple[Fraction, ...]:
    """E x and E y before standardizing; :class:`InputError` where the data do not know them."""
    if not isinstance(data, Moments) or data.first_moments is None:
        raise InputError(
            "an output bias asks for E[x] and E[y], which these data do not know; give means= with "
            "Moments.given, or make the moments of samples."
        )
    return data.first_moments


def first_moments_of(data: Data) -> list[arb]:
    """E x, in the coordinates of A, and E y, d + 1 balls at the current precision."""
    *features, target = known_means(data)
    assert isinstance(data, Moments)
    pairs = zip(features, data.metric, strict=True)
    return [*(ball(x) / ball(s).sqrt() if x else arb(0) for x, s in pairs), ball(target)]


def _along_axes(data: Spectrum, by: Alteration) -> Spectrum:
    """What is known without the features: noise that is the same along all axes, or where A is aI."""
    relative, absolute = by.relative[0], by.absolute[0]
    round_data = len(set(data.a)) == 1
    if by.less_means or len(by.relative) > 1 or len(by.absolute) > 1 or (relative and not round_data):
        raise InputError(
            "a bare spectrum knows neither the features nor their means, which noise of the features or of "
            "the weights, and an output bias, ask for; give Moments."
        )
    a = tuple((by.full + relative) * x + absolute for x in data.a)
    return Spectrum(a, data.p, data.c + by.target)
