"""Every root of the scalar equation by bisection in balls: slow, and sharing nothing with the solvers.

H(u) = ln ‖m‖² + θu - ln τ is enclosed on an interval of u = ln λ by the mean value form; an interval is
halved until H has a sign on it or H′ has, and then H changes its sign at the ends or does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq

#: Bits of the search, and of the roots that are found.
BITS, FINE_BITS = 128, 320

#: Halvings after which a double root is suspected and the oracle gives up.
DEEPEST = 60


@dataclass(frozen=True)
class Instance:
    """Exact data of one problem; features with p = 0 are left out."""

    a: tuple[Fraction, ...]
    p: tuple[Fraction, ...]
    c: Fraction
    mean_decay: Fraction
    noise_factor: Fraction
    depth: int

    @classmethod
    def of(cls, a, p, c, mean_decay, noise_factor, depth):
        pairs = [(Fraction(float(x)), Fraction(float(w))) for x, w in zip(a, p, strict=True) if w > 0]
        exact = [Fraction(float(value)) for value in (c, mean_decay, noise_factor)]
        return cls(tuple(x for x, _ in pairs), tuple(w for _, w in pairs), *exact, int(depth))


@dataclass(frozen=True)
class TruePoint:
    """Balls for everything that is known at a root; ``kind`` is 1 or -1."""

    ridge: arb
    loss: arb
    gap: arb
    norm: arb
    layer_decay: arb
    variance: arb
    kind: int


class UndecidedError(Exception):
    """Two roots are too near each other for the oracle."""


def _ball(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


class Curve:
    """H and H′ of one instance at the current precision."""

    def __init__(self, instance: Instance):
        self.rho, self.decay = _ball(instance.noise_factor), _ball(instance.mean_decay)
        self.pairs = [(self.rho * _ball(a), _ball(p)) for a, p in zip(instance.a, instance.p, strict=True)]
        self.theta = _ball(Fraction(instance.depth + 1, instance.depth)) if instance.depth else None
        self.level = self.theta * self.decay.log() if instance.depth else None

    def sums(self, ridge):
        s2 = rest = arb(0)
        for a, p in self.pairs:
            r = 1 / (a + ridge)
            term = p * r * r
            s2, rest = s2 + term, rest + term * r * a
        return s2, rest

    def at(self, u):
        """H and H′ = θ - 2 + 2(1 - μ) over a ball of u."""
        s2, rest = self.sums(u.exp())
        return s2.log() + self.theta * u - self.level, self.theta - 2 + 2 * rest / s2

    def sign(self, u) -> int:
        height, _ = self.at(u)
        if height > 0 or height < 0:
            return 1 if height > 0 else -1
        raise UndecidedError


def _dyadic(value: arb) -> arb:
    return arb(float(value))


def _range(curve: Curve, depth: int):
    """Where the roots are, as doubles: by ‖m‖² ≤ S(0), ‖m‖² ≤ ‖v‖²/λ², and vᵀA⁺v/4λ."""
    s0 = sum((p / (a * a) for a, p in curve.pairs), arb(0))
    s1 = sum((p / a for a, p in curve.pairs), arb(0))
    v2 = sum((p for _, p in curve.pairs), arb(0))
    low = (curve.level - s0.log()) / curve.theta
    other = depth * (curve.level - (s1 / 4).log())
    low = max(float(low), float(other)) - 1e-3
    if depth == 1:
        high = low + 1
        while curve.sign(arb(high)) < 0:
            high = low + 2 * (high - low)
        return low, high
    return low, float((v2.log() - curve.level) / (2 - curve.theta)) + 1e-3


def true_points(instance: Instance) -> list[TruePoint]:
    """Every stationary point but the origin, in increasing λ; UndecidedError near a double root."""
    before, ctx.prec = ctx.prec, BITS
    try:
        if not instance.p:
            return []
        curve = Curve(instance)
        if instance.depth == 0:
            return [_point(instance, _ball(instance.mean_decay), 1)]
        v2 = sum(instance.p)
        if instance.depth == 1 and instance.mean_decay**2 >= v2:
            return []
        low, high = _range(curve, instance.depth)
        if low > high:
            return []
        brackets = _brackets(curve, low, high)
        ctx.prec = FINE_BITS
        fine = Curve(instance)
        return [_point(instance, _refined(fine, left, right).exp(), kind) for left, right, kind in brackets]
    finally:
        ctx.prec = before


def _brackets(curve, low, high):
    found = []
    pending = [(low, high, 0)]
    while pending:
        left, right, deep = pending.pop()
        middle = arb((left + right) / 2)
        whole = arb(left).union(arb(right))
        _, slope = curve.at(whole)
        height, _ = curve.at(middle)
        around = height + slope * (whole - middle)
        if around > 0 or around < 0:
            continue
        if slope > 0 or slope < 0:
            before, after = curve.sign(arb(left)), curve.sign(arb(right))
            if before != after:
                found.append((left, right, after))
            continue
        if deep > DEEPEST or not left < (left + right) / 2 < right:
            raise UndecidedError
        pending += [((left + right) / 2, right, deep + 1), (left, (left + right) / 2, deep + 1)]
    return found


def _refined(curve, left, right):
    """The root in a bracket on which H is monotone: Newton's method over intervals."""
    ball = arb(left).union(arb(right))
    for _ in range(200):
        middle = arb(ball.mid())
        height, _ = curve.at(middle)
        _, slope = curve.at(ball)
        if slope > 0 or slope < 0:
            new = middle - height / slope
            smaller = new.intersection(ball)
        else:
            smaller = ball
        if not float(smaller.rad()) < 0.9 * float(ball.rad()):
            if float(ball.rad()) < 1e-60:
                return ball
            at = curve.sign(middle)
            half = (ball.lower(), middle) if at == curve.sign(arb(ball.upper())) else (middle, ball.upper())
            smaller = arb(half[0]).union(arb(half[1]))
        ball = smaller
        if float(ball.rad()) < 1e-70:
            return ball
    return ball


def _point(instance: Instance, ridge: arb, kind: int) -> TruePoint:
    rho, depth = _ball(instance.noise_factor), instance.depth
    norm2 = gap = signal = arb(0)
    for a, p in zip(instance.a, instance.p, strict=True):
        bottom = rho * _ball(a) + ridge
        share = _ball(p) / (bottom * bottom)
        norm2 += share
        gap += share * ((depth - 1) * ridge - rho * _ball(a))
        signal += share * _ball(a)
    return TruePoint(
        ridge=ridge,
        loss=_ball(instance.c) + gap,
        gap=gap,
        norm=norm2.sqrt(),
        layer_decay=ridge * norm2,
        variance=(rho - 1) * signal,
        kind=kind,
    )


VALUES = ("ridge", "loss", "gap", "norm", "layer_decay", "variance")


def faults(found, index, instance: Instance) -> list[str]:
    """What a certified row claims and is not so; nothing where it claims nothing."""
    if found.status[index] != 0:
        return []
    points = true_points(instance)
    count = int(found.count[index])
    if count != len(points):
        return [f"{count} points, not {len(points)}"]
    said = []
    for slot, point in enumerate(points):
        if found.kind[index][slot] != point.kind:
            said.append(f"kind of {slot}")
        for name in VALUES:
            value = _ball(Fraction(float(getattr(found, name)[index][slot])))
            radius = _ball(Fraction(float(getattr(found, f"{name}_radius")[index][slot])))
            if not abs(value - getattr(point, name)) <= radius:
                said.append(f"{name} of {slot}")
    best = int(found.best[index])
    least = arb(0) if best < 0 else points[best].gap
    others = [point.gap for slot, point in enumerate(points) if slot != best] + (
        [arb(0)] if best >= 0 else []
    )
    if not all(least < other for other in others):
        said.append("global minimum")
    return said
