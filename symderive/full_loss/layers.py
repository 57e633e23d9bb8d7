"""The layers of a stationary point, from the end-to-end map m and back.

At a stationary point of the loss every layer has rank one and all carry the same decay κ:

    U = b_u r_Dᵀ,   W_i = b_i r_i r_{i-1}ᵀ,   W_1 = b_1 r_1 m̂ᵀ,   γ_u ‖U‖² = γ_i ‖W_i‖² = κ,

with sign vectors r_i ∈ {±1}^{d_i} that are free (Ziyin, Li and Meng, arXiv:2202.04777, in the letters of
the reduced problem).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from flint import arb, arb_mat

from symderive.arithmetic.exact import TURN, Number, ball, bits_for, check_digits, exact, working_precision
from symderive.arithmetic.precision import GUARD_DIGITS
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.notebooks import InNotebooks
from symderive.weight_files import write_weights

if TYPE_CHECKING:
    import mpmath
    import numpy as np

#: Layers as users hold them: a list W_1, …, W_D, U or a mapping with those names; entries exact numbers,
#: floats (which stand for their binary values), mpmath numbers or balls.
Matrices: TypeAlias = Sequence[Any] | Mapping[str, Any]

#: Bits at which layers are computed before they are rounded to float64.
FLOAT_BITS = 96

#: Memory that arrays of all layers may take.
MOST_BYTES = 16 * 2**30


@dataclass(frozen=True)
class Layers(InNotebooks):
    """The balanced rank-one layers of one stationary point, kept as factors until asked for.

    Make one with :meth:`Landscape.layers` or :func:`rebuild_layers`.

    Attributes
    ----------
    widths : tuple of int
        (d_1, …, d_D).
    decays : tuple of Fraction
        γ_1, …, γ_D, γ_u of the reduced problem; dimension loss per squared weight.
    map : tuple of arb
        The end-to-end map m, d balls, dimension target per feature.
    layer_decay : arb
        κ, dimension of the loss.
    signs : tuple of tuple or None
        For each hidden layer r_i as a tuple of ±1, or None where all are +1.

    Examples
    --------
    >>> from symderive import Moments, solve
    >>> net = Network(1, widths=2, decays="1/10")
    >>> found = solve(net, Moments.given([[1]], [1], 1)).layers(0).floats()
    >>> found["W1"].shape, found["U"].shape, found["U"].round(4).tolist()
    ((2, 1), (2,), [0.6708, 0.6708])
    """

    widths: tuple[int, ...]
    decays: tuple[Number, ...]
    map: tuple[arb, ...]
    layer_decay: arb
    signs: tuple[tuple[int, ...] | None, ...]

    def scales(self, bits: int) -> tuple[arb, ...]:
        """The factors b_1, …, b_D, b_u of the layers; at depth 0 the one scale is ‖m‖.

        Parameters
        ----------
        bits : int
            Working precision.

        Returns
        -------
        tuple of arb
            Balls as narrow as those of ``map`` and ``layer_decay`` allow.
        """
        with TURN, working_precision(bits):
            length = _norm(self.map)
            depth = len(self.widths)
            if depth == 0:
                return (length,)
            if self.layer_decay.is_zero() and not any(self.decays):
                # Without decay nothing fixes the balance; equal norms are as good as any.
                root = length.root(depth + 1) if not length.is_zero() else length
                norms = [root] * (depth + 1)
            else:
                norms = [(self.layer_decay / ball(g)).sqrt() for g in self.decays]
            sides = (1, *self.widths, 1)
            return tuple(norm / ball(sides[i] * sides[i + 1]).sqrt() for i, norm in enumerate(norms))

    def balls(self, bits: int) -> list[arb_mat]:
        """The layers as matrices of balls.

        Parameters
        ----------
        bits : int
            Working precision.

        Returns
        -------
        list of arb_mat
            W_1, …, W_D and U; U is a row of shape (1, d_D).
        """
        scales = self.scales(bits)
        with TURN, working_precision(bits):
            length = _norm(self.map)
            entries = [x if length.is_zero() else x / length for x in self.map]
            right = arb_mat([entries])
            layers = []
            for scale, left in zip(scales, [*map(self._signs, range(len(self.widths))), [1]], strict=True):
                layers.append(arb_mat([[scale * r] for r in left]) * right)
                right = arb_mat([left])
            return layers

    def floats(self) -> dict[str, np.ndarray]:
        """The layers as NumPy arrays.

        Returns
        -------
        dict of str to ndarray
            Float64 arrays ``W1`` … ``WD``, ``U``; U has shape (d_D,), at depth 0 (d,).

        Raises
        ------
        InputError
            Where they would take more than 16 GiB of memory.
        """
        import numpy as np

        sizes = (len(self.map), *self.widths, 1)
        if (size := 8 * sum(a * b for a, b in pairwise(sizes))) > MOST_BYTES:
            raise InputError(
                f"the layers as float64 arrays take {size / 2**30:.0f} GiB, more than {MOST_BYTES >> 30}; "
                "work with their factors, which Layers keeps."
            )

        scales = [float(scale.mid()) for scale in self.scales(FLOAT_BITS)]
        with TURN, working_precision(FLOAT_BITS):
            length = _norm(self.map)
            unit = [0.0 if length.is_zero() else float((x / length).mid()) for x in self.map]
        right = np.array(unit)
        arrays = {}
        for i, scale in enumerate(scales[:-1]):
            left = np.array(self._signs(i), dtype=float)
            arrays[f"W{i + 1}"] = scale * np.outer(left, right)
            right = left
        return {**arrays, "U": scales[-1] * right}

    def mpmath(self, digits: int) -> dict[str, mpmath.matrix]:
        """The layers as matrices of mpmath.

        Parameters
        ----------
        digits : int
            Digits to which entries are known.

        Returns
        -------
        dict of str to mpmath.matrix
            ``W1`` … ``WD``, ``U``; U is a row.
        """
        import mpmath

        bits = bits_for(check_digits(digits) + GUARD_DIGITS)
        with TURN, working_precision(bits), mpmath.workprec(bits):  # mpmath's is one for all threads too
            return {
                name: mpmath.matrix([[mpmath.mpf(x.mid()) for x in row] for row in layer.tolist()])
                for name, layer in zip(_names(len(self.widths)), self.balls(bits), strict=True)
            }

    def save(self, path: str | Path, *, bias: float | None = None) -> None:
        """Write the arrays of :meth:`floats` in the format of the suffix; equal layers give equal bytes.

        Parameters
        ----------
        path : str or Path
            ``.npz`` has the names W1, …, U; ``.safetensors``, ``.pt`` and ``.pth`` hold a state dict that
            loads into a ``Sequential`` of bias-free Linear layers.  The file appears whole or not at all.
        bias : float, optional
            A bias of the output, as of :meth:`Landscape.bias`, which is written with them.

        Raises
        ------
        InputError
            For another suffix, before anything is computed, or when the file cannot be written.
        """
        write_weights(self.floats, path, bias=bias)

    def _signs(self, layer: int) -> Sequence[int]:
        return self.signs[layer] or (1,) * self.widths[layer]

    def __repr__(self) -> str:
        size = _norm(self.map).str(6, radius=False)
        return f"Layers(depth {len(self.widths)}, {len(self.map)} features, ‖m‖ = {size})"


def rebuild_layers(
    net: Network,
    end_to_end_map: Sequence[arb],
    layer_decay: arb,
    *,
    signs: Sequence[Sequence[int] | None] | None = None,
) -> Layers:
    """The balanced layers whose product U W_D … W_1 is m.

    Parameters
    ----------
    net : Network
        A numeric network.
    end_to_end_map : sequence of arb
        m, d balls.
    layer_decay : arb
        κ, the decay that every layer carries; that it belongs to m is not checked here (see
        :func:`symderive.verify`).
    signs : sequence, optional
        Per hidden layer a sequence r_i of d_i values ±1 or None for all +1; default all +1.

    Returns
    -------
    Layers
        Factors, from which arrays are made.

    Raises
    ------
    InputError
        For wrong signs, a symbolic network, or a decay of zero beside a positive one.

    References
    ----------
    Liu Ziyin, Botao Li, Xiangming Meng, *Exact Solutions of a Deep Linear Network*, NeurIPS 2022,
    arXiv:2202.04777, in the letters of the reduced problem.

    Examples
    --------
    >>> net = Network(1, widths=2, decays="1/2")
    >>> rebuild_layers(net, [arb(1)], arb("0.5"), signs=[[1, -1]]).floats()["U"].round(3).tolist()
    [0.707, -0.707]
    """
    net.require_numeric()
    net.require_one_output()
    widths = tuple(int(width) for width in net.widths)
    chosen = (None,) * len(widths) if signs is None else tuple(signs)
    if len(chosen) != len(widths):
        raise InputError(f"signs holds {len(chosen)} layers and the network has {len(widths)} hidden ones.")
    for i, (layer, width) in enumerate(zip(chosen, widths, strict=True), start=1):
        if layer is None:
            continue
        if len(layer) != width:
            raise InputError(
                f"signs of layer {i} has {len(layer)} values and the layer has {width} neurons."
            )
        for j, sign in enumerate(layer, start=1):
            if sign not in (1, -1):
                raise InputError(f"signs of layer {i} has {sign} at place {j}; give 1 or -1.")
    decays = net.reduced_decays
    if widths and any(decays) and not all(decays):
        zero = next(i for i, decay in enumerate(decays, start=1) if not decay)
        raise InputError(
            f"the decay of layer {zero} is 0 and others are positive; no finite layers are balanced."
        )
    return Layers(
        widths,
        decays,
        tuple(end_to_end_map),
        layer_decay,
        tuple(None if layer is None else tuple(map(int, layer)) for layer in chosen),
    )


def as_balls(
    layers: Layers | Matrices, bits: int, *, net: Network | None = None, features: int | None = None
) -> list[arb_mat]:
    """Any layers as a list W_1, …, W_D, U of matrices of balls at ``bits`` bits; U may be given flat.

    Raises :class:`InputError` naming the layer that does not fit its neighbor, the network (where it is
    given) or the number of features.
    """
    if isinstance(layers, Layers):
        matrices = layers.balls(bits)
        names = _names(len(matrices) - 1)
    else:
        names = _names(len(layers) - 1)
        if isinstance(layers, Mapping):
            if missing := [name for name in names if name not in layers]:
                raise InputError(f"the layers have no {missing[0]!r}; give {', '.join(names)}.")
            layers = [layers[name] for name in names]
        with TURN, working_precision(bits):
            matrices = [_as_ball_matrix(value, name) for value, name in zip(layers, names, strict=True)]
    if net is not None and len(matrices) != net.depth + 1:
        raise InputError(f"{len(matrices)} layers are given and the network has {net.depth + 1}.")
    widths = [int(width) for width in net.widths] if net is not None else []
    columns = int(matrices[0].ncols()) if features is None else features
    for i, (name, matrix) in enumerate(zip(names, matrices, strict=True)):
        shape = int(matrix.nrows()), int(matrix.ncols())
        rows = 1 if name == "U" else widths[i] if widths else shape[0]
        if shape != (rows, columns):
            raise InputError(
                f"{name} has shape {shape[0]} × {shape[1]}; {rows} × {columns} fits the layers beside it."
            )
        columns = rows
    return matrices


def end_to_end(layers: Layers | Matrices, *, bits: int = 256) -> list[arb]:
    """m = (U W_D … W_1)ᵀ of arbitrary layers, as d balls.

    >>> [int(x.unique_fmpz()) for x in end_to_end([[[1, 2], [3, 4]], [1, -1]])]
    [-2, -2]
    """
    matrices = as_balls(layers, bits)
    with TURN, working_precision(bits):
        row = matrices[-1]
        for matrix in reversed(matrices[:-1]):
            row = row * matrix
        return list(row.entries())


def _names(depth: int) -> list[str]:
    if depth < 0:
        raise InputError("there are no layers; give W1, …, WD, U, or U alone.")
    return [*(f"W{i}" for i in range(1, depth + 1)), "U"]


def _as_ball_matrix(value: Any, name: str) -> arb_mat:
    if isinstance(value, arb_mat):
        return value
    rows = value.tolist() if hasattr(value, "tolist") else list(value)
    if name == "U" and rows and not isinstance(rows[0], (list, tuple)):
        rows = [rows]
    if not rows or any(not isinstance(row, (list, tuple)) or len(row) != len(rows[0]) for row in rows):
        raise InputError(f"{name} is not a table of numbers with rows of one length.")
    return arb_mat([[_entry(x, f"an entry of {name}") for x in row] for row in rows])


def _entry(value: Any, name: str) -> arb:
    if isinstance(value, arb) or hasattr(value, "_mpf_"):
        value = arb(value)
        if not value.is_finite():
            raise InputError(f"{name} is {value}; give a finite number.")
        return value
    return ball(exact(value, name))


def _norm(vector: Sequence[arb]) -> arb:
    return sum((x * x for x in vector), arb(0)).sqrt()
