"""The layers of a network among the arrays of a file, in the order in which they act."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from symderive.errors import InputError, nearest
from symderive.training.weights.arrays import REMEDY, Archive, Table, clipped, quoted
from symderive.training.weights.order import chains, numbered
from symderive.training.weights.parts import (
    Weight,
    extras,
    is_beside,
    is_told,
    require_harmless,
    weights_of,
)

#: Characters that a list of layers may take in a sentence.
MOST_CHARACTERS = 130


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: W of shape (outputs, inputs) and its bias, exact in float64, and how the file holds them.

    ``transposed`` says that the file has inputs × outputs; ``shape`` and ``bias_shape`` are those there, as
    ``dtype`` and ``bias_dtype`` are the floating types, float64 for integers.
    """

    weight: Weight
    W: Any
    bias: Any
    shape: tuple[int, ...]
    transposed: bool = False
    bias_shape: tuple[int, ...] = ()
    dtype: str = "float64"
    bias_dtype: str = "float64"

    @property
    def name(self) -> str:
        """What the file calls the weight."""
        return self.weight.name


def layers_of(archive: Archive, file: str, wanted: Sequence[str] = ()) -> tuple[list[Layer], list[str]]:
    """The layers W_1, …, W_D, U of an archive, and sentences about what was read and what was not.

    ``wanted`` are the names of the layers in order; without them, names and shapes have to settle it.
    Raises :class:`InputError` for anything but a chain of Linear layers with one output.
    """
    arrays = {**archive.arrays, **archive.others} if wanted else archive.arrays
    if not arrays:
        raise InputError(f"{file} holds no arrays; {REMEDY}.")
    notes = list(archive.notes)
    if wanted:
        found, transposed = _wanted(arrays, file, wanted)
        others = extras(archive.arrays, found)
        left_out = [name for name in others if _looks_left_out(name, archive.arrays[name], found)]
        others = [name for name in others if name not in left_out]
        if left_out:
            one = len(left_out) == 1
            look, it = ("looks like a layer", "it") if one else ("look like layers", "them")
            notes.append(
                f"{quoted(left_out)} in {file} {look}, left out since --layers does not name {it}."
            )
    else:
        weights = weights_of(arrays, file)
        told = is_told(list(weights), weights)
        found, transposed = _told(weights, file) if told else _settled(weights, arrays, file, notes)
        others = extras(arrays, found)
        require_harmless(others, arrays, file, told=list(found.values()) if told else ())
    if others:
        are = "is no layer and is" if len(others) == 1 else "are no layers and are"
        notes.append(f"{quoted(others)} in {file} {are} not read.")
    if transposed:
        notes.append(f"the weights in {file} are read as inputs × outputs, as Keras and Flax keep them.")
    if any(w.normed for w in found.values()):
        notes.append(f"the weights in {file} are made of lengths and directions (weight_norm), in float64.")
    last = list(found)[-1]
    layers = [_layer(w, arrays, file, transposed=transposed, last=w.name == last) for w in found.values()]
    _require_chain(layers, file)
    return layers, notes


def _told(weights: Mapping[str, Weight], file: str) -> tuple[dict[str, Weight], bool]:
    """W1, …, WD, U."""
    depth = max((int(name[1:]) for name in weights if name != "U"), default=0)
    expected = [*(f"W{i}" for i in range(1, min(depth, len(weights)) + 1)), "U"]
    if missing := [name for name in expected if name not in weights]:
        raise InputError(f"{file} has no array {missing[0]!r}; give W1 … W{len(expected) - 1} and U.")
    return {name: weights[name] for name in expected}, False


def _settled(
    weights: Mapping[str, Weight], arrays: Mapping[str, Table], file: str, notes: list[str]
) -> tuple[dict[str, Weight], bool]:
    """The layers in the only order that their names and shapes allow, and whether they are transposed."""
    if not weights:
        name, table = next(iter(arrays.items()))
        raise InputError(
            f"{file} holds {clipped(name)!r} of shape {table.shape}; a layer is a table of rows and "
            f"columns. {REMEDY[0].upper()}{REMEDY[1:]}."
        )
    shapes = {name: _two(weight.table.shape) for name, weight in weights.items()}
    turned = {name: (n, k) for name, (k, n) in shapes.items()}
    kernels = all("kernel" in name for name in shapes)
    groups = numbered(list(shapes))
    for given, transposed in (
        ((turned, True), (shapes, False)) if kernels else ((shapes, False), (turned, True))
    ):
        try:
            orders = chains(given)
        except InputError:
            orders = []
            break
        if len(orders) > 1:
            break
        if orders:
            if len(groups) > 1 and len(orders[0]) > 1:
                order = ", ".join(orders[0])
                if len(order) <= 2 * MOST_CHARACTERS:
                    notes.append(
                        f"the layers in {file} are read in the order {order}, the only one that fits."
                    )
            return {name: weights[name] for name in orders[0]}, transposed
    if len(groups) == 1:  # their numbers are their order, and the shapes say which two do not fit
        return {name: weights[name] for name in groups[0]}, kernels
    fit = "more than one order" if orders else "no order"
    raise InputError(
        f"the layers in {file} fit together in {fit}: {_shapes_listed(shapes)}; name those of the network, "
        "from input to output, with --layers NAME1,NAME2,..."
    )


def _two(shape: tuple[int, ...]) -> tuple[int, int]:
    return (1, shape[0]) if len(shape) == 1 else (shape[0], shape[1])


def _shapes_listed(shapes: Mapping[str, tuple[int, int]]) -> str:
    """``a 4 × 2, b 1 × 4, … (7 in all)``, of bounded length."""
    words = [f"{clipped(name)} {k}×{n}" for name, (k, n) in shapes.items()]
    kept: list[str] = []
    while len(kept) < len(words) and len(", ".join([*kept, words[len(kept)]])) <= MOST_CHARACTERS:
        kept.append(words[len(kept)])
    return ", ".join(kept) + (f", … ({len(words)} in all)" if len(kept) < len(words) else "")


def _wanted(
    arrays: Mapping[str, Table], file: str, wanted: Sequence[str]
) -> tuple[dict[str, Weight], bool]:
    """The layers that were asked for, and whether they fit together only when transposed."""
    if len(set(wanted)) < len(wanted):
        twice = next(name for name in wanted if wanted.count(name) > 1)
        raise InputError(
            f"--layers names {clipped(twice)!r} twice; name each layer once, from input to output."
        )
    # Only what belongs to the layers asked for is looked at; what else is in the file is another network.
    found: dict[str, Weight] = {}
    for name in wanted:
        own = {key: x for key, x in arrays.items() if _belongs(key, name)}
        weights = weights_of(own, file) if own else {}
        flat = {key: Weight(key, own[key]) for key in own if key == name and len(own[key].shape) == 1}
        chosen = {key: w for key, w in weights.items() if key == name} or weights or flat
        if len(chosen) != 1:
            if not chosen:
                similar = nearest(name, [key for key, x in arrays.items() if len(x.shape) == 2])
                hint = f"; the nearest is {clipped(similar)!r}" if similar else ""
                raise InputError(f"{file} has no layer {clipped(name)!r}{hint}.")
            raise InputError(
                f"--layers {clipped(name)!r} is the beginning of {len(chosen)} layers in {file}: "
                f"{_shapes_listed({key: _two(w.table.shape) for key, w in chosen.items()})}; name one."
            )
        found |= chosen
    shapes = [_two(w.table.shape) for w in found.values()]
    turned = [(n, k) for k, n in shapes]
    kernels = all("kernel" in name for name in found)
    return found, _fit(turned) and (kernels or not _fit(shapes))


def _looks_left_out(name: str, table: Table, found: Mapping[str, Weight]) -> bool:
    """Whether an array would fit between two of the layers, or before the first, and leave a chain."""
    if len(table.shape) != 2 or is_beside(name, table):
        return False
    inside = {n for w in found.values() for n in _two(w.table.shape)} - {1}
    return table.shape[0] == table.shape[1] and table.shape[0] in inside


def _belongs(key: str, name: str) -> bool:
    """Whether an array is a layer of this name, a part of it, or its bias."""
    if key == name or key.startswith((f"{name}.", f"{name}/")):
        return True
    stem = re.sub(r"[./]?(weight|kernel)$", "", name)
    return stem != name and key.startswith((f"{stem}.", f"{stem}/")) and "weight" not in key[len(stem) :]


def _fit(shapes: Sequence[tuple[int, int]]) -> bool:
    """Whether layers of (outputs, inputs) follow one another, down to one output."""
    return shapes[-1][0] == 1 and all(below[0] == above[1] for below, above in pairwise(shapes))


def _layer(
    weight: Weight, arrays: Mapping[str, Table], file: str, *, transposed: bool, last: bool
) -> Layer:
    """A layer with its numbers; the last may be flat."""
    table = weight.table
    W = _matrix(table, weight.name, file, flat=last)
    bias, bias_shape, bias_dtype = None, tuple[int, ...](), "float64"
    if weight.bias is not None:
        held = arrays[weight.bias]
        bias_shape, bias_dtype = held.shape, held.floating
        flat = Table(held.values.reshape(-1), held.dtype)
        bias = _matrix(flat, weight.bias, file, flat=True)[0]
    turned = transposed and len(table.shape) == 2
    W = W.T if turned else W
    return Layer(weight, W, bias, table.shape, turned, bias_shape, table.floating, bias_dtype)


def _matrix(table: Table, name: str, file: str, *, flat: bool) -> Any:
    """The numbers of a table in float64, exact; a list as one row where it may be flat."""
    import numpy as np

    if not table.is_real:
        raise InputError(f"{clipped(name)} in {file} holds {table.dtype}; give real numbers.")
    values = table.values[None, :] if flat and table.values.ndim == 1 else table.values
    if values.ndim != 2 or 0 in values.shape:
        raise InputError(
            f"{clipped(name)} in {file} has shape {table.shape}; a layer is a table of rows and columns."
        )
    with np.errstate(all="ignore"):
        exact = values.astype(np.float64)
        same = (exact.astype(values.dtype) == values).all() and not (abs(exact) > 2.0**63).any()
    if not np.isfinite(exact).all():
        raise InputError(
            f"{clipped(name)} in {file} holds a number that is not finite; the training has diverged."
        )
    if (values.dtype.kind != "f" and not same) or (values.dtype.itemsize > 8 and not same):
        raise InputError(
            f"{clipped(name)} in {file} holds a number that float64 cannot hold; write it as float64."
        )
    return exact


def _require_chain(layers: Sequence[Layer], file: str) -> None:
    for below, above in pairwise(layers):
        if above.W.shape[1] != below.W.shape[0]:
            raise InputError(
                f"{clipped(above.name)} in {file} takes {above.W.shape[1]} inputs and "
                f"{clipped(below.name)} gives {below.W.shape[0]}; the layers do not fit together."
            )
    for layer in layers:
        if layer.bias is not None and len(layer.bias) != len(layer.W):
            raise InputError(
                f"the bias of {clipped(layer.name)} in {file} has {len(layer.bias)} "
                f"entries for {len(layer.W)} neurons."
            )
    if len(layers[-1].W) != 1:
        raise InputError(
            f"{clipped(layers[-1].name)} in {file} has {len(layers[-1].W)} outputs, and "
            "trained weights are compared at one output only; solve takes several targets."
        )
