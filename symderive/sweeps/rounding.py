"""The exact parameters of the cells of a grid as doubles, with a bound on what rounding them costs.

A solver in doubles needs of a cell its depth, the geometric mean γ̄ of the decays and ρ.  A decay that all
layers share is γ̄ itself and rounded once; other means come from balls.  ρ is computed exactly, or in balls
where that gets long, once for each combination of depth, width and noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

from symderive.arithmetic.doubles import ERROR_BITS, rounded, rounded_ball
from symderive.arithmetic.exact import TURN, ball, from_flint, to_flint, working_precision
from symderive.sweeps.grid import Grid, Layered

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

#: Bits up to which a power is taken exactly.
EXACT_BITS = 4096

#: Parameters that ρ depends on.
NOISE_NAMES = ("depth", "width", "noise")


@dataclass(frozen=True, eq=False)
class Parameters:
    """Parameters of n cells, each of shape (n,).

    Attributes
    ----------
    depth
        Whole numbers, as float64.
    mean_decay, noise_factor
        γ̄ and ρ as float64, each up to ``ulps`` · 2^-53, relative; infinite where doubles cannot hold them.
    ulps
        Whole numbers; 0 where both are exact.
    noiseless
        Where ρ is 1, exactly.
    """

    depth: np.ndarray
    mean_decay: np.ndarray
    noise_factor: np.ndarray
    ulps: np.ndarray
    noiseless: np.ndarray


def rounded_parameters(grid: Grid, start: int, stop: int) -> Parameters:
    """The parameters of the cells from ``start`` up to ``stop``."""
    import numpy as np

    count = stop - start
    at = np.unravel_index(np.arange(start, stop), grid.shape) if grid.axes else ()
    places = {axis.name: place for axis, place in zip(grid.axes, at, strict=True)}
    values: dict[str, tuple[Layered, ...]] = {name: (value,) for name, value in grid.fixed.items()}
    values |= {axis.name: axis.values for axis in grid.axes}

    def table(names: tuple[str, ...], number: Callable[..., tuple[float, int]]) -> tuple[np.ndarray, ...]:
        """A number for each combination of these parameters that occurs, and its error."""
        here = [places.get(name, np.zeros(count, np.intp)) for name in names]
        shape = tuple(len(values[name]) for name in names)
        found, back = np.unique(np.ravel_multi_index(here, shape), return_inverse=True)
        chosen = np.stack(np.unravel_index(found, shape), axis=-1).tolist()
        pairs = [number(*(values[n][i] for n, i in zip(names, row, strict=True))) for row in chosen]
        return tuple(np.array(column)[back.reshape(-1)] for column in zip(*pairs, strict=True))

    depth, _ = table(("depth",), lambda value: (float(value), 0))
    mean_decay, decay_error = table(("decay",), _mean_decay)
    noise_factor, noise_error = table(NOISE_NAMES, _noise_factor)
    noiseless = (noise_factor == 1) & (noise_error == 0)
    return Parameters(depth, mean_decay, noise_factor, np.maximum(decay_error, noise_error), noiseless)


def _mean_decay(decay: Layered) -> tuple[float, int]:
    """γ̄ of one decay for all layers, or of one for each."""
    if isinstance(decay, Fraction):
        return rounded(decay)
    with TURN, working_precision(ERROR_BITS):
        return rounded_ball(ball(prod(decay)).root(len(decay)))


def _noise_factor(depth: Fraction, width: Layered, noise: Layered) -> tuple[float, int]:
    """ρ = Π (1 + σ_i²/d_i)."""
    widths, noises = (value if isinstance(value, tuple) else (value,) for value in (width, noise))
    layers = max(len(widths), len(noises))
    if layers > 1:
        pairs = zip(noises * (layers // len(noises)), widths * (layers // len(widths)), strict=True)
        factor, power = prod((1 + s / d for s, d in pairs), start=Fraction(1)), 1
    else:
        factor, power = 1 + noises[0] / widths[0], int(depth)
    bits = max(factor.numerator.bit_length(), factor.denominator.bit_length())
    if bits * power <= EXACT_BITS:
        return rounded(from_flint(to_flint(factor) ** power))
    with TURN, working_precision(ERROR_BITS + power.bit_length()):
        return rounded_ball(ball(factor) ** power)
