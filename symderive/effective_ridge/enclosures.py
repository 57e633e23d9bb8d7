"""What one evaluation of the scalar equation proves about its neighborhood.

With u = ln λ, H(u) = ln ‖m‖² + θu and μ the mean shrinkage, H' = θ - 2μ, and for every data set

    d logit(μ)/du ∈ [-2, 1].

Integrating this once confines μ, and twice confines H, around a *point* u where logit μ = ℓ is known: for
every displacement δ, of either sign,

    lower(δ) ≤ H(u + δ) - H(u) ≤ upper(δ),   sp(x) = ln(1 + eˣ),
    lower(δ) = θδ - 2[sp(ℓ + δ) - sp(ℓ)],   upper(δ) = θδ + sp(ℓ - 2δ) - sp(ℓ).

``lower`` is concave and ``upper`` is convex in δ, so a sign that holds at the end of a displacement holds
all along it.  These bounds are made for long steps.  Next to a double root, where H turns round just before
or at the threshold, short steps with a third-order bound take over (see :func:`is_free_nearby`):

    |H'''| ≤ 1.

Proof: let s = λ/(ρa + λ) ∈ (0, 1), averaged with weights ∝ p s², so that μ = ⟨s⟩.  With t = 3(1 + 2μ)/8,

    1 - H''' = 24⟨s(s - t)²⟩ + (5/2)(μ - 2/3)²(μ + 11/15) + (1 - μ)/24 + 31/216 > 0,

and 1 + H''' is the same in 1 - s and 1 - μ.  The derivation ``curvature-bounds`` proves all these bounds.

Nothing is ever evaluated over an interval: balls stay as tight as at a point.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log1p

from flint import arb

#: How far short of a computed reach a step stops, so that its verification does not fail by rounding.
SHRINK = 0.98

#: Heights that double precision cannot tell from zero.
TINY = 1e-12

#: Longest step in u that is ever tried.
FAR = 1e7


@dataclass(frozen=True, eq=False)
class Jet:
    """A function and its first two derivatives at a point, balls; its third is at most 1 anywhere.

    Of H - ln τ, or of any other function once it is divided by its own bound.
    """

    height: arb
    slope: arb
    curvature: arb

    @property
    def sign(self) -> int:
        """1 or -1 where the sign of the height is certain, else 0."""
        return sign_of(self.height)

    @property
    def trend(self) -> int:
        """1 or -1 where the sign of the slope is certain, else 0."""
        return sign_of(self.slope)


@dataclass(frozen=True, eq=False)
class Sample(Jet):
    """One evaluation at an exact u, at ``bits`` bits.

    ``height`` is H(u) - ln τ, ``slope`` H'(u), ``curvature`` H''(u), ``logit`` ln μ/(1-μ); balls.
    """

    u: arb
    theta: arb
    logit: arb
    bits: int

    @property
    def accuracy(self) -> int:
        """Good bits of the height."""
        return int(self.height.rel_accuracy_bits())


def sign_of(x: arb) -> int:
    """1 or -1 where the sign of a ball is certain, else 0."""
    return 1 if x > 0 else -1 if x < 0 else 0


def softplus(x: arb) -> arb:
    """ln(1 + eˣ)."""
    return x.exp().log1p()


def lower_drift(sample: Sample, delta: arb) -> arb:
    """A bound from below on H(u + δ) - H(u)."""
    return sample.theta * delta - 2 * (softplus(sample.logit + delta) - softplus(sample.logit))


def upper_drift(sample: Sample, delta: arb) -> arb:
    """A bound from above on H(u + δ) - H(u)."""
    return sample.theta * delta + softplus(sample.logit - 2 * delta) - softplus(sample.logit)


def is_free(sample: Sample, delta: arb) -> bool:
    """Whether [u, u + δ] provably holds no root; False proves nothing."""
    sign = sample.sign
    if sign > 0 and sample.height + lower_drift(sample, delta) > 0:
        return True
    if sign < 0 and sample.height + upper_drift(sample, delta) < 0:
        return True
    return is_free_nearby(sample, delta)


def is_free_nearby(jet: Jet, delta: arb) -> bool:
    """:func:`is_free` by the third-order bound alone.

    At the distance x = |δ|, |H - ln τ| ≥ h + sx + bx²/2 - x³/6.  Unless s < 0 < b this is positive on all
    of [0, x] if it is so at the end, for it rises at most once and then falls.  Where H heads for ln τ but
    bends away from it (s < 0 < b) it equals (b/2)[(x - w)² - e - x³/3b] with the turn at w = -s/b and
    e = w² - 2h/b, which is positive on all of [0, x] if at the end e + x³/3b < max(0, w - x)².
    """
    if not jet.sign:
        return False
    h, s, b = _toward(jet, 1 if delta > 0 else -1)
    x = abs(delta)
    if s >= 0 or b <= 0:
        return bool(h + s * x + b * x**2 / 2 - x**3 / 6 > 0)
    turn = -s / b
    return bool(turn**2 - 2 * h / b + x**3 / (3 * b) < (turn - x).nonnegative_part() ** 2)


def _toward(jet: Jet, direction: int) -> tuple[arb, arb, arb]:
    """Exact lower bounds on |H - ln τ| and its first two derivatives along ``direction``."""
    sign = jet.sign
    return (
        abs(jet.height).lower(),
        (sign * direction * jet.slope).lower(),
        (sign * jet.curvature).lower(),
    )


def slope_within(sample: Sample, radius: arb) -> arb:
    """A ball that contains H' on all of [u - radius, u + radius]."""
    spread = arb(0, (2 * radius).abs_upper())
    return sample.theta - 2 / (1 + (-(sample.logit + spread)).exp())


def holds_root(sample: Sample, radius: arb) -> bool:
    """Whether [u - radius, u + radius] provably holds a root, and only one; False proves nothing."""
    steepness = abs(slope_within(sample, radius)).abs_lower()
    return bool(abs(sample.height).abs_upper() < steepness * radius)


def monotone_reach(sample: Sample, turning: arb, direction: int) -> arb | None:
    """How far from u, in one direction, H' provably keeps its sign; None when it does for ever.

    ``turning`` is logit(θ/2), where H' = 0 (infinite at D = 1: there H' > 0 everywhere).  A root in this
    neighborhood is the only one there.
    """
    if not turning.is_finite():
        return None
    gap = abs(turning - sample.logit).abs_lower()
    # logit μ rises by at most 1 a unit of u and falls by at most 2.
    return arb(gap) if sample.trend == direction else arb(gap / 2)


def proposed_step(sample: Sample, direction: int) -> arb:
    """The largest δ ≥ 0 for which [u, u ± δ] looks free, from the bounds above; a proposal, no proof."""
    step = nearby_step(sample, direction)
    if abs(sample.height) > TINY:
        step = step.max(SHRINK * arb(_long_step(sample, direction)))
    return step.mid()


def nearby_step(jet: Jet, direction: int) -> arb:
    """The largest δ ≥ 0 for which :func:`is_free_nearby` looks true; a proposal, no proof."""
    return _short_step(*_toward(jet, direction))


def _short_step(h: arb, s: arb, b: arb) -> arb:
    """A step that the third-order bound allows."""
    if s < 0 < b:
        turn = -s / b
        e = turn**2 - 2 * h / b
        beyond = SHRINK * (-3 * e * b).nonnegative_part().root(3)
        if beyond > turn:
            return beyond
        # Short of the turn x³ is at most the cube of the parabola's first zero.
        e = e.nonnegative_part()
        near = (2 * h / b / (turn + e.sqrt())).min(turn)
        before = turn - (e + near**3 / (3 * b)).sqrt() / SHRINK
        return before.max(_short_step(h, s, arb(0)))
    if s >= 0 and b > 0:
        return SHRINK * (6 * h).root(3).max(3 * b).max((6 * s).sqrt())
    # x³ ≤ far x² up to the parabola's zero ``far``, so that a steeper parabola stays below.
    far = _parabola_zero(h, s, -b)
    return SHRINK * _parabola_zero(h, s, far / 3 - b)


def _parabola_zero(h: arb, s: arb, drop: arb) -> arb:
    """The positive zero of h + sx - drop x²/2, where h > 0 and drop ≥ 0."""
    root = (s * s + 2 * drop * h).sqrt()
    return (s + root) / drop if s > 0 and drop > 0 else 2 * h / (root - s)


def _long_step(sample: Sample, direction: int) -> float:
    """The step with the bounds ``lower`` and ``upper``, in double precision."""
    theta, logit = float(sample.theta.mid()), float(sample.logit.mid())
    height, sign = abs(float(sample.height.mid())), sample.sign

    def margin(x: float) -> tuple[float, float]:
        """The bound on |H - ln τ| at distance x and its derivative; concave in x, positive at 0."""
        delta = direction * x
        if sign > 0:
            drift = theta * delta - 2 * (_softplus(logit + delta) - _softplus(logit))
            rate = theta - 2 * _logistic(logit + delta)
        else:
            drift = theta * delta + _softplus(logit - 2 * delta) - _softplus(logit)
            rate = theta - 2 * _logistic(logit - 2 * delta)
        return height + sign * drift, sign * direction * rate

    x = 1.0
    while margin(x)[0] > 0:
        x *= 4
        if x > FAR:
            return FAR
    # From beyond its zero, Newton's method descends to the zero of a concave function monotonically.
    for _ in range(60):
        value, rate = margin(x)
        following = x - value / rate if rate < 0 else 0.0
        if not 0 < following < x * (1 - 1e-3):
            break
        x = following
    return x


def _softplus(x: float) -> float:
    return x + log1p(exp(-x)) if x > 0 else log1p(exp(x))


def _logistic(x: float) -> float:
    if x > 0:
        return 1 / (1 + exp(-x))
    power = exp(x)
    return power / (1 + power)
