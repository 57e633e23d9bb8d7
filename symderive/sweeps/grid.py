"""Networks on a grid: every combination of the values of some parameters, all else fixed.

Cells are numbered in C order, the last axis fastest.  Values are exact.  What solvers take of them in
doubles is in :mod:`symderive.sweeps.rounding`; the lines between regimes take logarithms, from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from symderive.arithmetic.exact import rational
from symderive.errors import InputError
from symderive.model.network import MAX_DEPTH, Network

if TYPE_CHECKING:
    import numpy as np

    from symderive.data.interface import Data

#: What can be varied, in the order in which the parameters of a network are named.
NAMES = ("depth", "width", "decay", "noise")

#: Cells of one grid at most.
MAX_CELLS = 10**7

#: Widths up to here are whole numbers as doubles too.
MAX_WIDTH = 2**53

#: Numbers of a grid are 0 or at least the first and at most the second in size, so that doubles hold them.
DOUBLE_RANGE = Fraction(1, 10**300), Fraction(10**300)

#: One value for every layer, or one for each.
Layered: TypeAlias = Fraction | tuple[Fraction, ...]


@dataclass(frozen=True)
class Axis:
    """A parameter and the increasing values that it takes, the same in every layer."""

    name: str
    values: tuple[Fraction, ...]

    @classmethod
    def of(cls, name: str, values: Any) -> Axis:
        """Checked maker; values are exact numbers (text, int, fraction, float) in increasing order."""
        if name == "dropout":
            raise InputError("dropout cannot be varied; vary noise, whose variance is P/(1 - P).")
        if name not in NAMES:
            raise InputError(f"{name!r} cannot be varied; give one of {', '.join(NAMES)}.")
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            raise InputError(f"the values of {name} are not a list of numbers.")
        numbers = tuple(
            _checked(name, rational(x, f"{name} {i}"), i) for i, x in enumerate(values, start=1)
        )
        if not numbers:
            raise InputError(f"no values are given for {name}; give at least one.")
        for i, (left, right) in enumerate(pairwise(numbers), start=1):
            if left >= right:
                raise InputError(
                    f"{name} {i + 1} is {float(right):g} after {float(left):g}; give increasing values."
                )
            if float(left) == float(right):
                raise InputError(f"{name} {i} and {i + 1} are closer than double precision tells apart.")
        return cls(name, numbers)

    def array(self) -> np.ndarray:
        """The values as doubles, or as integers where they are whole by nature."""
        import numpy as np

        whole = self.name in ("depth", "width")
        return np.array([int(x) if whole else float(x) for x in self.values])


@dataclass(frozen=True)
class Grid:
    """Fixed parameters and axes; together they give every parameter once.

    ``others`` are keywords of :class:`Network` for noise beside that of single neurons and for a bias, the
    same in every cell: cells are then solved one by one.
    """

    fixed: Mapping[str, Layered]
    axes: tuple[Axis, ...]
    others: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        vary: Mapping[str, Any],
        *,
        depth: Any = None,
        width: Any = None,
        decay: Any = None,
        noise: Any = None,
        dropout: Any = None,
        **others: Any,
    ) -> Grid:
        """Checked maker from the values of the varied parameters and the fixed ones.

        Raises :class:`InputError` for a parameter that is missing or given twice, for values outside
        their ranges, and for a grid of more than ``MAX_CELLS`` cells.
        """
        axes = tuple(Axis.of(name, values) for name, values in vary.items())
        varied = [axis.name for axis in axes]
        if noise is None and dropout is None and "noise" not in varied:
            noise = 0
        fixed = {"depth": depth, "width": width, "decay": decay, "noise": noise, "dropout": dropout}
        for name in NAMES:
            given = fixed[name] is not None or (name == "noise" and dropout is not None)
            if given and name in varied:
                raise InputError(f"{name} is both fixed and varied; give one of the two.")
            if not given and name not in varied:
                raise InputError(f"{name} is neither fixed nor varied; give a value or a range.")
        cells = prod(len(axis.values) for axis in axes)
        if cells > MAX_CELLS:
            raise InputError(f"the grid has {cells} cells; give at most {MAX_CELLS}.")
        told = {name: value for name, value in others.items() if value is not None and value is not False}
        grid = cls(_fixed(axes, fixed), axes, told)
        if told:  # what does not fit is refused before anything is solved
            for cell in {0, grid.size - 1}:
                grid.network(cell)
        return grid

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values along each axis."""
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def size(self) -> int:
        """Number of cells."""
        return prod(self.shape)

    def network(self, cell: int) -> Network:
        """The exact network of a cell."""
        values = dict(self.fixed)
        for axis in reversed(self.axes):
            cell, at = divmod(cell, len(axis.values))
            values[axis.name] = axis.values[at]
        depth = values["depth"]
        assert isinstance(depth, Fraction)
        widths = values["width"] if depth else ()
        return Network(
            int(depth), widths=widths, decays=values["decay"], noise=values["noise"], **self.others
        )

    def loss_at_origin(self, data: Data) -> Fraction:
        """The loss of m = 0, which noise of the target and a free bias change, in every cell alike."""
        if not self.others:
            return data.c
        from symderive.effective_ridge.effective_data import effective_data

        return effective_data(self.network(0), data).data.c

    def parameters(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Depths, ln γ_uΠγ_i and ln ρ of the cells from ``start`` up to ``stop``, as arrays."""
        import numpy as np

        if not self.axes:
            return self.parameters_at({}, stop - start)
        places = np.unravel_index(np.arange(start, stop), self.shape)
        values = {
            axis.name: self._arrays[axis.name][place] for axis, place in zip(self.axes, places, strict=True)
        }
        return self.parameters_at(values, stop - start)

    def parameters_at(
        self, varied: Mapping[str, np.ndarray], count: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same for any ``count`` values of the varied parameters, on the grid or between."""
        import numpy as np

        def layers(name: str) -> list[np.ndarray]:
            if name in varied:
                return [varied[name]]
            value = self.fixed[name]
            values = value if isinstance(value, tuple) else (value,)
            return [np.full(count, float(x)) for x in values]

        (depth,), widths, decays, noises = (layers(name) for name in NAMES)
        depths = depth.astype(int)
        log_decays = sum(map(np.log, decays)) * (1 if len(decays) > 1 else depths + 1)
        most = max(len(noises), len(widths))
        pairs = zip(noises * (most // len(noises)), widths * (most // len(widths)), strict=True)
        log_rho = sum(np.log1p(s / d) for s, d in pairs) * (1 if most > 1 else depths)
        return depths, np.asarray(log_decays), np.asarray(log_rho)

    def fixed_texts(self) -> dict[str, str]:
        """The fixed parameters as exact text, layers apart by commas."""
        layers: dict[str, tuple[Any, ...]] = {
            name: value if isinstance(value, tuple) else (value,) for name, value in self.fixed.items()
        }
        layers |= {
            name: tuple(value) if isinstance(value, (list, tuple)) else (value,)
            for name, value in self.others.items()
        }
        return {name: ", ".join(map(str, values)) for name, values in layers.items()}

    @cached_property
    def _arrays(self) -> dict[str, np.ndarray]:
        return {axis.name: axis.array() for axis in self.axes}


def _fixed(axes: Sequence[Axis], given: Mapping[str, Any]) -> dict[str, Layered]:
    """The fixed parameters as exact numbers, read and checked as those of a :class:`Network`."""
    depth = given["depth"]
    largest = int(max(axis.values[-1] for axis in axes if axis.name == "depth")) if depth is None else depth
    net = Network(
        largest,
        widths=1 if given["width"] is None else given["width"],
        decays=1 if given["decay"] is None else given["decay"],
        noise=given["noise"],
        dropout=given["dropout"],
    )
    read = {"width": net.widths, "decay": net.decays, "noise": net.noise}
    fixed: dict[str, Layered] = {} if depth is None else {"depth": Fraction(largest)}
    varied = {axis.name for axis in axes}
    for name, values in read.items():
        if name in varied:
            continue
        numbers = tuple(
            _checked(name, rational(x, f"{name} {i}"), i) for i, x in enumerate(values, start=1)
        )
        if len(set(numbers)) > 1 and depth is None:
            raise InputError(
                f"{name} differs from layer to layer while the depth is varied; give one value."
            )
        alike = len(set(numbers)) <= 1
        fixed[name] = (numbers[0] if numbers else Fraction(name == "width")) if alike else numbers
    return fixed


def _checked(name: str, value: Fraction, index: int) -> Fraction:
    """``value`` where a network of a grid can have it, else :class:`InputError`."""
    if name == "depth" and not (value.denominator == 1 and 0 <= value <= MAX_DEPTH):
        raise InputError(f"depth {index} is {value}; give whole numbers from 0 to {MAX_DEPTH}.")
    if name == "width" and not (value.denominator == 1 and 1 <= value <= MAX_WIDTH):
        raise InputError(f"width {index} is {value}; give whole numbers from 1 to {MAX_WIDTH}.")
    if name == "decay" and value <= 0:
        raise InputError(f"decay {index} is {value}; a sweep takes positive decays.")
    if name == "noise" and value < 0:
        raise InputError(f"noise {index} is {value}; give variances that are not negative.")
    if value and not DOUBLE_RANGE[0] <= value <= DOUBLE_RANGE[1]:
        raise InputError(f"{name} {index} is beyond the range of double precision, from 1e-300 to 1e300.")
    return value
