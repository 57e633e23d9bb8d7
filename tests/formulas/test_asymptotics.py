"""Leading terms against exact solutions, over many orders of magnitude; wrong constants are found."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import pytest
import sympy as sp

from symderive import Network, Spectrum, solve
from symderive import symbols as sy
from symderive.formulas.asymptotics import ASYMPTOTICS, decay, noise_per_width
from symderive.formulas.isotropic import isotropic
from symderive.thresholds.largest_depth import largest_depth

#: Digits of the exact solutions.
DIGITS = 90

#: (exact - leading)/error changes by less than this share of itself between the last two points.
CONVERGED = mpmath.mpf("0.02")

#: How much larger that ratio gets from the first point to the last if a constant or an order is wrong.
BLOWN_UP = 50

A, P = (1, 3, Fraction(1, 2)), (2, 1, Fraction(1, 3))
DATA = Spectrum.of(A, P, 7)
ISOTROPIC_A, ISOTROPIC_V = Fraction(2, 3), Fraction(5, 2)
ONE = Spectrum.of([ISOTROPIC_A], [ISOTROPIC_V**2])

Powers = tuple[int, int, int]
Case = tuple[dict[Any, Any], mpmath.mpf]


def number(x: Any) -> Any:
    return x if isinstance(x, sp.Basic) else sp.Rational(Fraction(x).numerator, Fraction(x).denominator)


def value(expression: Any, values: dict[Any, Any]) -> mpmath.mpf:
    """A formula at numbers, to DIGITS digits."""
    expression = sp.sympify(expression)
    if expression.has(sp.Sum):
        expression = expression.subs({key: values[key] for key in (sy.n, sy.D) if key in values}).doit()
    with mpmath.workdps(DIGITS):
        numbers = {
            key: mpmath.mpf(sp.Float(number(x).evalf(DIGITS), DIGITS)._mpf_) for key, x in values.items()
        }
        return compiled(expression, tuple(values))(*numbers.values())


@cache
def compiled(expression: Any, letters: tuple[Any, ...]) -> Callable[..., mpmath.mpf]:
    names = {letter: sp.Dummy() for letter in letters}
    return sp.lambdify(list(names.values()), expression.xreplace(names), "mpmath")


def letters(net: Network, data: Spectrum) -> dict[Any, Any]:
    """What the letters of the formulas stand for."""
    rho = net.noise_factor
    product = sp.Mul(*(number(g) for g in net.decays))
    found: dict[Any, Any] = {
        sy.D: sp.Integer(net.depth),
        sy.n: sp.Integer(len(data.a)),
        sy.rho: sp.sympify(rho),
        sy.tau: product ** sp.Rational(1, net.depth),
        sy.gamma_bar: product ** sp.Rational(1, net.depth + 1),
        sy.v_norm: sp.sqrt(number(data.v_norm_squared)),
        sy.c: number(data.c),
        sy.a0: number(data.a[0]),
    }
    for k, (eigenvalue, weight) in enumerate(zip(data.a, data.p, strict=True), start=1):
        found |= {sy.a[k]: number(eigenvalue), sy.p[k]: number(weight)}
    problem = isotropic(net, eigenvalue=data.a[0], v_norm=found[sy.v_norm])
    return found | {sy.q: problem.q}


def middle(x: Any) -> mpmath.mpf:
    """The middle of a ball that is accurate to DIGITS digits."""
    with mpmath.workdps(DIGITS):
        return mpmath.mpf(x.str(DIGITS, radius=False))


def over_scale(ridge: mpmath.mpf, found: dict[Any, Any]) -> mpmath.mpf:
    """ζ = λ/(ρa)."""
    with mpmath.workdps(DIGITS):
        return ridge / value(sy.rho * sy.a0, found)


def small_decays(
    quantity: str,
    *,
    index: int = 0,
    data: Spectrum = DATA,
    powers: Powers = (6, 12, 18),
    ratio: bool = False,
) -> Iterator[Case]:
    """A quantity of one root of a noisy network with three decays that shrink together."""
    for power in powers:
        net = Network(2, widths=[2, 3], decays=[Fraction(k, 10**power) for k in (1, 2, 3)], noise=[1, 2])
        found = letters(net, data)
        exact = middle(getattr(solve(net, data, digits=DIGITS).points[index], quantity))
        yield found, over_scale(exact, found) if ratio else exact


def near_spinodal(index: int) -> Iterator[Case]:
    """ζ of one root, where the decays are slightly less than those of the spinodal."""
    top = isotropic(Network(3, widths=2, noise=1, decays=1), eigenvalue=ISOTROPIC_A, v_norm=ISOTROPIC_V)
    for power in (8, 12, 16):
        short = (1 - Fraction(1, 10**power)) ** 4
        product = Fraction(str(top.spinodal.decay_product)) * short
        net = Network(3, widths=2, noise=1, decays=[product, 1, 1, 1])
        found = letters(net, ONE)
        found[sy.q] = top.spinodal.q * number(1 - Fraction(1, 10**power))
        yield found, over_scale(middle(solve(net, ONE, digits=DIGITS).points[index].ridge), found)


def near_threshold(quantity: str) -> Iterator[Case]:
    """Depth 1 and general data with ‖v‖ = 5, slightly below the threshold."""
    data = Spectrum.of([1, 3], [9, 16], 40)
    for power in (5, 8, 11):
        net = Network(1, widths=2, decays=5 - Fraction(1, 10**power), noise=3)
        yield letters(net, data), middle(getattr(solve(net, data, digits=DIGITS).points[0], quantity))


def signal_without_noise(net: Network) -> sp.Float:
    """mᵀAm of the first root for the general data without noise."""
    quiet = Network(net.depth, widths=net.widths, decays=net.decays)
    ridge = sp.Float(solve(quiet, DATA, digits=DIGITS).points[0].ridge.str(DIGITS, radius=False), DIGITS)
    return sum(number(p) * number(a) / (number(a) + ridge) ** 2 for a, p in zip(A, P, strict=True))


def wide(*, variance: bool) -> Iterator[Case]:
    """Two layers whose widths grow."""
    for power in (6, 10, 14):
        net = Network(2, widths=[10**power, 2 * 10**power], decays="1/50", noise=[1, 4])
        found = letters(net, DATA) | {
            sy.d[1]: 10**power,
            sy.d[2]: 2 * 10**power,
            sy.sigma[1]: 1,
            sy.sigma[2]: 2,
        }
        if not variance:
            yield found, value(net.noise_factor - 1, {})
            continue
        found[sy.m_quad] = signal_without_noise(net)
        yield found, middle(solve(net, DATA, digits=DIGITS).points[0].prediction_variance)


def strong_noise() -> Iterator[Case]:
    """Depth 1 under growing noise."""
    for power in (6, 10, 14):
        net = Network(1, widths=2, decays="1/50", noise=10**power)
        found = letters(net, DATA)
        found[sy.m_quad] = signal_without_noise(net)
        yield found, middle(solve(net, DATA, digits=DIGITS).points[0].prediction_variance)


def least_squares(noise_factors: Callable[[int], tuple[dict[Any, Any], Any]]) -> Iterator[Case]:
    """(ρ - 1) mᵀAm of the least-squares map m = A⁺v/ρ."""
    for power in (6, 10, 14):
        names, rho = noise_factors(power)
        variance = (rho - 1) * sum(
            number(p) * number(a) / (rho * number(a)) ** 2 for a, p in zip(A, P, strict=True)
        )
        found = {sy.n: 3, sy.rho: rho} | names
        found |= {sy.a[k]: a for k, a in enumerate(A, start=1)} | {
            sy.p[k]: p for k, p in enumerate(P, start=1)
        }
        yield found, value(variance, {})


def deep(threshold: str) -> Iterator[Case]:
    """Equal decay at a threshold of deep networks."""
    problem = isotropic(eigenvalue=ISOTROPIC_A, v_norm=ISOTROPIC_V)
    for power in (4, 6, 8):
        found = {sy.D: 10**power, sy.rho: 2, sy.a0: ISOTROPIC_A, sy.v_norm: ISOTROPIC_V}
        yield found, value(getattr(problem, threshold).decay, found)


def largest(noise: Fraction, powers: Powers) -> Iterator[Case]:
    """The real depth at which γ_u Π γ_i is that of the transition, by bisection."""
    for power in powers:
        gamma, a = Fraction(1, 10**power), Fraction(2, 10 ** (power // 2))
        with mpmath.workdps(DIGITS):
            g, e, y = (mpmath.mpf(x.numerator) / x.denominator for x in (gamma, a, noise))

            def margin(depth: Any, g: Any = g, e: Any = e, y: Any = y) -> Any:
                log = mpmath.log
                rest = (depth - 1) * (log(e) + depth * log(1 + y)) + (depth + 1) * log(g)
                return (depth - 1) * log(depth - 1) - 2 * depth * log(depth) - rest

            low, high = mpmath.mpf(3), 2 / (e * g)
            while high - low > mpmath.mpf(10) ** (-DIGITS // 2):
                half = (low + high) / 2
                low, high = (half, high) if margin(half) > 0 else (low, half)
        assert largest_depth(Spectrum.of([a], [1]), decay=gamma, noise_to_width=noise) == int(low)
        yield {decay: gamma, sy.a0: a, sy.v_norm: 1, noise_per_width: noise}, low


CASES: dict[str, Callable[[], Iterator[Case]]] = {
    "ridge-small-decay": lambda: small_decays("ridge"),
    "norm-small-decay": lambda: small_decays("norm"),
    "loss-small-decay": lambda: small_decays("loss"),
    "variance-small-decay": lambda: small_decays("prediction_variance"),
    "ridge-ratio-small-decay": lambda: small_decays("ridge", data=ONE, ratio=True),
    "ridge-ratio-saddle-small-decay": lambda: small_decays(
        "ridge", data=ONE, ratio=True, index=1, powers=(3, 6, 9)
    ),
    "ridge-ratio-near-spinodal": lambda: near_spinodal(0),
    "ridge-ratio-saddle-near-spinodal": lambda: near_spinodal(1),
    "ridge-near-threshold": lambda: near_threshold("ridge"),
    "norm-near-threshold": lambda: near_threshold("norm"),
    "loss-near-threshold": lambda: near_threshold("loss"),
    "variance-near-threshold": lambda: near_threshold("prediction_variance"),
    "noise-factor-wide": lambda: wide(variance=False),
    "variance-wide": lambda: wide(variance=True),
    "variance-strong-noise-one-layer": strong_noise,
    "variance-strong-noise": lambda: least_squares(lambda power: ({}, sp.Integer(10) ** power)),
    "variance-deep": lambda: least_squares(
        lambda power: ({sy.D: power, noise_per_width: 9}, sp.Integer(10) ** power)
    ),
    "transition-deep": lambda: deep("transition"),
    "spinodal-deep": lambda: deep("spinodal"),
    "largest-depth": lambda: largest(Fraction(0), (8, 16, 24)),
    "largest-depth-noisy": lambda: largest(Fraction(1, 10), (50, 1600, 3200)),
}


def test_every_record_has_a_case_and_words() -> None:
    assert set(CASES) == set(ASYMPTOTICS)
    assert all(record.quantity and record.limit and record.condition for record in ASYMPTOTICS.values())
    assert all("O\\left(" in record._repr_latex_() for record in ASYMPTOTICS.values())


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.ci] * (name == "largest-depth-noisy")) for name in CASES]
)
def test_leading_term_and_order_of_the_error(name: str) -> None:
    record, points = ASYMPTOTICS[name], list(CASES[name]())
    leading, error = (
        [value(part, found) for found, _ in points] for part in (record.leading, record.error)
    )
    with mpmath.workdps(DIGITS):
        terms = [(exact, *rest) for (_, exact), *rest in zip(points, leading, error, strict=True)]
        first, before, last = (abs(exact - term) / abs(size) for exact, term, size in terms)
        # The ratio tends to a constant that is not 0: the order of the error is right, and is attained.
        assert abs(last - before) < CONVERGED * last, (first, before, last)
        # Near-misses: a constant that is wrong by a thousandth, and an error of twice the order.
        wrong = [abs(exact - term * 1001 / 1000) / abs(size) for exact, term, size in terms]
        assert wrong[-1] > BLOWN_UP * wrong[0], wrong
        if record.error != 1:
            assert last / error[-1] > BLOWN_UP * first / error[0]
