"""The search for every root of φ(λ) = τ in doubles, with the proof that there is no other.

It proves what the search in balls proves, by the same facts (|H''| ≤ 1, |H'''| ≤ 1, d logit μ/du ∈ [-2, 1])
and a-priori bounds on what rounding does to H, H' and H'': all sums are of positive terms.  ``exp`` and
``log`` of the C library propose points and nothing else; proofs use the logarithm of
:mod:`symderive.effective_ridge.float_sums`.

With θ = (D+1)/D, x = λ/2^k and u = ln x, all bounds below are multiples of u = 2⁻⁵³:

    H(u) = ln S₂ + θu - ln τ,   H' = θ - 2μ,   H'' = 6ν - (4μ + 2)μ,   μ = xS₃/S₂,   ν = x²S₄/S₂.

Anything that stays open is None, never a guess: then balls decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, frexp, ldexp, log, sqrt

from symderive.arithmetic.exact import ball, working_precision
from symderive.effective_ridge.float_sums import (
    LOOP_SIZE,
    ArraySums,
    LoopSums,
    Sums,
    U,
    gamma,
    logarithm,
)
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.model.spectrum import Spectrum

#: Scaled eigenvalues and weights lie between these, so that no term of a sum leaves the normal doubles.
SMALLEST, LARGEST = 1e-60, 1e60

#: Roots have |ln x| below this.
MOST_LOG = 138.0

#: Evaluations after which the search gives up.
MOST_STEPS = 200

#: The smallest number that is rounded to nearest with a relative error of u.
NORMAL = 2.3e-308

#: More features than the bounds are stated for.
MOST_FEATURES = 100_000


@dataclass(frozen=True)
class FloatRoot:
    """A simple root λ with |ln λ - ln ``ridge``| ≤ ``radius``; ``rising`` as in a Root."""

    ridge: float
    radius: float
    rising: bool


@dataclass(frozen=True)
class FloatRoots:
    """All roots in increasing λ, and the number of evaluations."""

    roots: tuple[FloatRoot, ...]
    evaluations: int


def search_in_doubles(equation: ScalarEquation) -> FloatRoots | None:
    """Every root, proved, or None: for data without known axes, D = 1, numbers out of range, open signs."""
    if equation.depth < 2 or not isinstance(equation.data, Spectrum):
        return None
    try:
        scaled = _scaled(equation, equation.data)
    except OverflowError:
        return None
    if scaled is None:
        return None
    found = scaled.march()
    if found is None:
        return None
    places, evaluations = found
    roots = []
    for place in places:
        root = scaled.settle(place)
        if root is None:
            return None
        roots.append(root)
    return FloatRoots(tuple(roots), evaluations + len(roots))


def _nearest(values: Sequence[Fraction]) -> list[float]:
    """The double next to each number: Python divides integers with one rounding."""
    return [numerator / denominator for numerator, denominator in map(Fraction.as_integer_ratio, values)]


@dataclass(frozen=True)
class _Errors:
    """Bounds on errors: relative ones of S₂ and of μ, absolute ones of H' and H''."""

    sum2: float
    shrinkage: float
    slope: float
    bend: float

    @classmethod
    def of(cls, additions: int) -> _Errors:
        """After so many roundings of additions in each sum.

        A scaled ρa is off by 3 roundings (its factors and the product), 1/(ρa + x) by 5, a weight p by 1:
        so a term of S₂ is off by 2·5 + 2 + 1, and each further power of 1/(ρa + x) adds 6.
        """
        n2 = additions + 13
        g2, g3, g4 = gamma(n2), gamma(n2 + 6), gamma(n2 + 12)
        shrinkage = g2 + g3 + 3 * U  # two sums, the product and the quotient; second order in γ's 1.01
        return cls(
            sum2=g2,
            shrinkage=shrinkage,
            slope=2 * shrinkage + 16 * U,  # θ is off by 1.5u, and θ - 2μ, at most 1.5, rounds once
            bend=6 * (g4 + g2 + 4 * U) + 10 * (shrinkage + 2 * U) + 40 * U,
        )


@dataclass(frozen=True)
class _Place:
    """An evaluation that isolates a root: x, u = ln x, a step to near the root, and |H'| from below."""

    x: float
    u: float
    step: float
    steepness: float
    rising: bool


@dataclass(frozen=True)
class _Scaled:
    """The equation in x = λ/2^``exponent``: ``level`` is ln τ there, off by ``level_error`` at most."""

    sums: Sums
    theta: float
    level: float
    level_error: float
    exponent: int
    coarse: _Errors
    fine: _Errors

    def height_error(self, sum2: float, log_sum: float, u: float) -> float:
        """The error of H - ln τ: of S₂, two logarithms, θ, the product and both sums."""
        rounding = 14 + 3 * abs(log_sum) + 5 * self.theta * abs(u) + abs(self.level)
        return 1.01 * (sum2 + U * rounding + self.level_error)

    def range(self) -> tuple[float, float]:
        """Bounds on ln x at every root; see ``search_range``, whose bounds these are, with a margin."""
        total, inverse, square, _ = self.sums.ends
        depth = 1 / (self.theta - 1)
        highest, limit, middle = logarithm(total), logarithm(square), logarithm(inverse / 4)
        size = 1 + abs(self.level) + abs(highest) + abs(limit) + abs(middle)
        margin = (1e-12 + self.sums.additions * 1e-15) * size * depth
        lower = max((self.level - limit) / self.theta, depth * (self.level - middle)) - margin
        return lower, (highest - self.level) * depth / (depth - 1) + margin

    def march(self) -> tuple[list[_Place], int] | None:
        """A place for every root, and how often the function was called."""
        lower, upper = self.range()
        if lower > upper:
            return [], 0
        if not (lower > -MOST_LOG and upper < MOST_LOG):
            return None
        x = exp(lower - 1e-3)
        u = logarithm(x)
        if not u + _log_error(u) <= lower:
            return None
        places: list[_Place] = []
        rising = True  # of the next root: H < ln τ on the left of all roots
        theta, errors, at = self.theta, self.coarse, self.sums.at
        for evaluations in range(1, MOST_STEPS):
            sign = -1.0 if rising else 1.0
            s2, s3, s4 = at(x)
            log_sum = logarithm(s2)
            h = log_sum + theta * u - self.level
            ratio = x / s2
            mu = ratio * s3
            bend = 6.0 * (ratio * x * s4) - (4.0 * mu + 2.0) * mu
            slope = theta - 2.0 * mu
            error = self.height_error(errors.sum2, log_sum, u)
            size = abs(h)
            high, steep = size + error, abs(slope) - errors.slope
            step = off = 0.0
            if sign * slope < 0 < steep and 4.0 * high < steep * steep:
                # |H''| ≤ 1: exactly one root within ``steep`` of u, and it is within 2·high/steep.
                step = -2.0 * h * slope / (2.0 * slope * slope - h * bend)
                if high * 512.0 > steep * steep and size > 4.0 * error:
                    x *= exp(step)
                    before, u = u, logarithm(x)
                    # Still where H' keeps its sign, and so within the same root's neighborhood.
                    if not abs(u - before) + _log_error(u) + _log_error(before) < steep:
                        return None
                    continue
                # Taylor's remainder at the step, over the least slope on the way, is how far it is off.
                length = abs(step)
                square = length * length
                rest = abs(h + slope * step + 0.5 * bend * square) + square * length / 6.0 + error
                rest += errors.slope * length + 0.5 * errors.bend * square + 8.0 * U * size
                off = rest / (steep - 2.0 * high / steep) * 1.0001
                turned = abs(slope + bend * step) - 0.5 * square - errors.bend * length - errors.slope - off
                if not turned > 0:
                    return None
                places.append(_Place(x, u, step, steep, rising))
                rising, sign = not rising, -sign
                height, slope, bend = 0.0, turned, sign * bend - errors.bend - length - off
                spread = 2.0 * (length + off)
            else:
                height, slope, bend, spread = size - error, sign * slope - errors.slope, sign * bend, 0.0
                bend -= errors.bend
                if not (height > 0 and h * sign > 0):
                    return None
            near = _short_step(height, slope, bend)
            largest = min(mu * (1.0 + 2.0 * errors.shrinkage) * (1.0 + 2.0 * spread), 1.0)
            least = mu * (1.0 - 2.0 * errors.shrinkage) * (1.0 - 2.0 * spread)
            stride = 0.98 * max(near, _long_step(height, theta, largest, least, near, sign))
            if not stride > 1e-9:
                return None
            following = x * exp(step + min(stride, 2 * MOST_LOG))
            v = logarithm(following)
            lost = _log_error(u) + _log_error(v)
            reach = v - u - step + lost + off  # at most so far from the sample, or from the root
            if reach > near * 0.999:
                grown = following / x
                short = reach - 2.0 * (lost + off)
                if not _is_free(height, theta, largest, least, sign, grown, step, off, reach, short):
                    return None
            x, u = following, v
            if u - lost >= upper:
                return None if not rising else (places, evaluations)
        return None

    def settle(self, place: _Place) -> FloatRoot | None:
        """A sharp enclosure of the root at a place, and the proof that it is that root."""
        x = place.x * exp(place.step)
        u = logarithm(x)
        s2, s3, s4 = self.sums.finely(x)
        errors, log_sum = self.fine, logarithm(s2)
        h = log_sum + self.theta * u - self.level
        ratio = x / s2
        mu = ratio * s3
        bend = 6.0 * (ratio * x * s4) - (4.0 * mu + 2.0) * mu
        slope = self.theta - 2.0 * mu
        error = self.height_error(errors.sum2, log_sum, u)
        size, steep = abs(h), abs(slope) - errors.slope
        high = size + error
        if not (steep > 0 and 16.0 * high < steep * steep and (slope > 0) == place.rising):
            return None
        ridge = x * exp(-2.0 * h * slope / (2.0 * slope * slope - h * bend))
        # The step that was made, whatever exp said: of the quotient, which rounds once.
        step = logarithm(ridge / x)
        length = abs(step)
        rest = abs(h + slope * step + 0.5 * bend * length * length) + length**3 / 6.0 + error
        rest += errors.slope * length + 0.5 * errors.bend * length * length + 8.0 * U * size
        radius = rest / (steep - 2.0 * high / steep) * 1.0001 + U * (6 + length)
        if not length <= 2.0 * high / steep * 1.01 + 8.0 * U:
            return None
        # Within the neighborhood that the place proved to hold this root alone.
        moved = abs(u + step - place.u) + _log_error(u) + _log_error(place.u) + 8.0 * U
        if not (4.0 * (radius + length) < steep and moved + radius < 0.999 * place.steepness):
            return None
        return FloatRoot(ldexp(ridge, self.exponent), radius, place.rising)


def _log_error(u: float) -> float:
    """The error of a logarithm and of what is done with it once."""
    return U * (5.0 + 2.0 * abs(u))


def _short_step(height: float, slope: float, bend: float) -> float:
    """How far height + slope·t + bend·t²/2 - t³/6 is positive for sure, t > 0, height ≥ 0."""
    if slope >= 0:
        return 1.5 * bend + sqrt(2.25 * bend * bend + 6.0 * slope)
    # t³ ≤ reach·t² up to any ``reach``, so that a steeper parabola stays below.
    rest = slope * slope - 2.0 * height * bend
    reach = 2.0 * height / (sqrt(max(rest, 0.0)) - slope)
    reach = min(reach, 3.0 * (max(bend, 0.0) + sqrt(height)))
    rest = slope * slope - 2.0 * height * (bend - reach / 3.0)
    return min(reach, 2.0 * height / (sqrt(max(rest, 0.0)) - slope))


def _long_step(
    height: float, theta: float, largest: float, least: float, near: float, sign: float
) -> float:
    """A step that :func:`_is_free` should grant; a proposal."""
    if sign > 0:
        rate, fall, share, half = 1.0 - 0.5 * theta, 0.5 * theta, largest, 0.5 * height
    else:
        rate, fall, share, half = theta, 2.0 - theta, 1.0 - least, height
    grown = 1.0 - (1.0 - share) * exp(-half - fall * near)
    return (half + log(max(grown, share) / share)) / rate


def _is_free(
    height: float,
    theta: float,
    largest: float,
    least: float,
    sign: float,
    grown: float,
    step: float,
    off: float,
    reach: float,
    short: float,
) -> bool:
    """Whether H keeps off ln τ from the start to a distance between ``short`` and ``reach``.

    ``grown`` is x'/x from the sample; the start is e^{step ± off} times the sample.
    """
    if sign > 0:  # H(u + δ) - H(u) ≥ θδ - 2 ln(1 - μ + μX), X = e^δ
        grown *= (1.0 - step + step * step + 2.0 * off) * (1.0 + 8.0 * U)
        q = logarithm((1.0 + largest * (grown - 1.0)) * (1.0 + 8.0 * U))
        gone = 2.0 * (q + _log_error(q)) - theta * short
    else:  # H(u + δ) - H(u) ≤ θδ + ln(1 - μ + μX^-2)
        grown *= (1.0 - step - 2.0 * off) * (1.0 - 8.0 * U)
        q = logarithm(((1.0 - least) + least / (grown * grown)) * (1.0 + 8.0 * U))
        gone = q + _log_error(q) + theta * reach
    return gone < height * (1.0 - 1e-14) - 1e-14 * (1.0 + reach)


def _scaled(equation: ScalarEquation, data: Spectrum) -> _Scaled | None:
    """The equation scaled by powers of two, which is exact; None where the doubles' range does not do."""
    seen = [(x, w) for x, w in zip(data.a, data.p, strict=True) if w]
    if not 0 < len(seen) <= MOST_FEATURES:
        return None
    a, p = _nearest([x for x, _ in seen]), _nearest([w for _, w in seen])
    (rho,) = _nearest([equation.rho])
    least, most = min(a), max(p)
    with working_precision(128):  # the double next to it is then the double next to the root
        mean_decay = float(ball(equation.decay_product).root(equation.depth + 1))
    if not (least > NORMAL and min(p) > NORMAL and NORMAL < mean_decay < 1e300 and rho < 1e300):
        return None
    (share, noise_exponent), a_exponent, p_exponent = frexp(rho), frexp(least)[1], frexp(most)[1]
    sums: Sums
    if len(a) <= LOOP_SIZE:
        a = [ldexp(x, -a_exponent) * share for x in a]
        p = [ldexp(w, -p_exponent) for w in p]
        largest, smallest = max(a), min(p)
        if largest < LARGEST and smallest > SMALLEST:
            sums = LoopSums(a, p)
        else:
            return None
    else:
        import numpy as np

        places, weights = np.ldexp(np.array(a), -a_exponent) * share, np.ldexp(np.array(p), -p_exponent)
        if not (places.max() < LARGEST and weights.min() > SMALLEST):
            return None
        sums = ArraySums(places, weights)
    exponent, theta = a_exponent + noise_exponent, (equation.depth + 1) / equation.depth
    log_decay = logarithm(mean_decay)
    level = theta * log_decay - (p_exponent + (theta - 2.0) * exponent) * 0.6931471805599453
    level_error = theta * (5 + 3 * abs(log_decay)) + 6 * (abs(p_exponent) + abs(exponent))
    return _Scaled(
        sums=sums,
        theta=theta,
        level=level,
        level_error=U * (level_error + 2 * abs(level) + 6),
        exponent=exponent,
        coarse=_Errors.of(sums.additions),
        fine=_Errors.of(sums.fine_additions),
    )
