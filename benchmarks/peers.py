"""Other software's answers to the same equation.

A peer is prepared outside the clock (conversions to its own types), then called under it.  What it returns
is read, outside the clock again, as intervals of positive λ that each claim to hold one root.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from benchmarks.instances import NOISE_FACTOR, Instance, combine

#: An interval of λ; a point for the peers that give numbers.
Enclosure = tuple[Fraction, Fraction]

#: The grid of λ, relative to ρ a_max, on which brentq looks for sign changes.
GRID_RANGE, GRID_POINTS = 1e8, 1000

#: A floating-point root counts as real where its imaginary part is relatively below this.
REAL = 1e-6


@dataclass(frozen=True)
class Case:
    """An instance, and its stationarity polynomial as integers, constant term first (or empty)."""

    instance: Instance
    coefficients: list[int]


@dataclass(frozen=True)
class Peer:
    """``complete``: returns every root or fails, so that its answer can be relied upon.

    ``most_degree`` is the largest degree it is tried on; None for a peer that needs no polynomial.
    """

    name: str
    prepare: Callable[[Case], Callable[[], Any]]
    read: Callable[[Any], list[Enclosure]]
    complete: bool
    most_degree: int | None = 1000


def _points(values: Any) -> list[Enclosure]:
    return [(Fraction(x), Fraction(x)) for x in map(float, values) if x > 0]


def _nearly_real(values: Any) -> list[Enclosure]:
    roots = [complex(z) for z in values]
    return _points(z.real for z in roots if abs(z.imag) <= REAL * abs(z))


def _flint(case: Case) -> Callable[[], Any]:
    from flint import fmpz_poly

    return fmpz_poly(case.coefficients).complex_roots


def _read_flint(roots: Any) -> list[Enclosure]:
    # A root that FLINT proves real has an imaginary part that is exactly zero.
    return _points(root.real.mid() for root, _ in roots if root.imag == 0)


def _sympy(**bounds: int) -> Callable[[Case], Callable[[], Any]]:
    def prepare(case: Case) -> Callable[[], Any]:
        import sympy as sp

        poly = sp.Poly(case.coefficients[::-1], sp.Symbol("x"), domain=sp.ZZ)
        return lambda: poly.intervals(**bounds)

    return prepare


def _read_sympy(intervals: Any) -> list[Enclosure]:
    ends = [[Fraction(int(x.p), int(x.q)) for x in interval] for interval, _ in intervals]
    return [(low, high) for low, high in ends if high > 0]


def pari_session() -> Any:
    """PARI with room for large polynomials."""
    from cypari import pari

    pari.allocatemem(2**28, 2**31, silent=True)
    return pari


def _pari(*bounds: str) -> Callable[[Case], Callable[[], Any]]:
    def prepare(case: Case) -> Callable[[], Any]:
        pari = pari_session()
        poly, ends = pari(case.coefficients[::-1]).Pol(), [pari(end) for end in bounds]
        return lambda: pari.polrootsreal(poly, *ends)

    return prepare


def pari_expansion(instance: Instance) -> Callable[[], Any]:
    """The stationarity polynomial expanded by PARI, which then need not be converted."""
    pari = pari_session()
    x, one, zero = pari("x"), pari("1"), pari("0")

    def number(q: Fraction) -> Any:
        return pari(q.numerator) / q.denominator

    def expand() -> Any:
        p, n = combine(instance, x, one, zero, number)
        depth = instance.depth
        return x ** (depth + 1) * n**depth - number(instance.decay_product) * p ** (2 * depth)

    return expand


def _numpy(case: Case) -> Callable[[], Any]:
    import numpy as np

    largest = max(map(abs, case.coefficients))
    scaled = np.array([float(Fraction(c, largest)) for c in case.coefficients[::-1]])

    def call() -> Any:
        with np.errstate(all="ignore"):
            return np.roots(scaled)

    return call


def _mpmath(case: Case) -> Callable[[], Any]:
    import mpmath

    def call() -> Any:
        with mpmath.workdps(15):
            return mpmath.polyroots(
                case.coefficients[::-1], maxsteps=500, extraprec=4 * len(case.coefficients)
            )

    return call


def _brentq(case: Case) -> Callable[[], Any]:
    import numpy as np
    from scipy.optimize import brentq

    a, p, theta, threshold = _floats(case.instance)
    grid, heights = _heights(case.instance)

    def height(u: float) -> float:
        return float(np.log((p / (a + np.exp(u)) ** 2).sum()) + theta * u - threshold)

    def call() -> Any:
        (changes,) = np.nonzero(np.diff(np.sign(heights(grid))))
        return np.exp([brentq(height, grid[i], grid[i + 1], xtol=1e-14) for i in changes])

    return call


def _find_root(case: Case) -> Callable[[], Any]:
    import numpy as np
    from scipy.optimize.elementwise import find_root

    grid, heights = _heights(case.instance)

    def call() -> Any:
        (changes,) = np.nonzero(np.diff(np.sign(heights(grid))))
        return np.exp(find_root(heights, (grid[changes], grid[changes + 1])).x)

    return call


def _floats(instance: Instance) -> tuple[Any, Any, float, float]:
    """ρa, p, θ and ln τ in doubles."""
    import numpy as np

    a = np.array([float(NOISE_FACTOR * x) for x in instance.spectrum.a])
    p = np.array([float(x) for x in instance.spectrum.p])
    return a, p, 1 + 1 / instance.depth, float(instance.equation().log_decay_level)


def _heights(instance: Instance) -> tuple[Any, Callable[[Any], Any]]:
    """The grid of u = ln λ on which changes of sign are looked for, and H - ln τ on an array of u."""
    import numpy as np

    a, p, theta, threshold = _floats(instance)
    reach = np.log(GRID_RANGE)

    def heights(u: Any) -> Any:
        return np.log((1 / (a + np.exp(u)[:, None]) ** 2) @ p) + theta * u - threshold

    return np.log(a.max()) + np.linspace(-reach, reach, GRID_POINTS), heights


PEERS = (
    Peer("FLINT complex_roots", _flint, _read_flint, complete=True),
    Peer("SymPy intervals", _sympy(), _read_sympy, complete=True),
    Peer("SymPy intervals, λ > 0", _sympy(inf=0), _read_sympy, complete=True),
    Peer("PARI polrootsreal", _pari(), _points, complete=True),
    Peer("PARI polrootsreal, λ > 0", _pari("[0, +oo]"), _points, complete=True),
    Peer("mpmath polyroots", _mpmath, _nearly_real, complete=False, most_degree=60),
    Peer("numpy.roots", _numpy, _nearly_real, complete=False),
    Peer("SciPy brentq on a grid", _brentq, _points, complete=False, most_degree=None),
    Peer("SciPy find_root on a grid", _find_root, _points, complete=False, most_degree=None),
)
