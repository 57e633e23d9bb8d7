"""Trained layers as they are given, as arrays that stand for exact numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symderive.errors import InputError
from symderive.full_loss.layers import Layers
from symderive.model.network import Network


def arrays_of(weights: Any) -> tuple[Any, ...]:
    """W_1, …, W_D and U (shape (1, d_D)) as float64 arrays.

    ``weights`` is a sequence of arrays or tensors, a mapping with the names ``W1`` … ``WD``, ``U``, or
    :class:`Layers`; U may be flat.  Raises :class:`InputError` for what is no table of finite numbers.
    """
    if isinstance(weights, Layers):
        weights = weights.floats()
    names = names_of(len(weights))
    if isinstance(weights, Mapping):
        if missing := [name for name in names if name not in weights]:
            raise InputError(f"the weights have no {missing[0]!r}; give {', '.join(names)}.")
        weights = [weights[name] for name in names]
    if not len(weights):
        raise InputError("no weights are given; give W_1, …, W_D and U.")
    return tuple(_table(W, name) for W, name in zip(weights, names, strict=True))


def biases_of(biases: Sequence[Any], weights: Sequence[Any]) -> tuple[Any, ...]:
    """One float64 vector, or None, for each of the layers ``weights``."""
    names = names_of(len(weights))
    if len(biases) != len(weights):
        raise InputError(
            f"{len(biases)} biases are given for {len(weights)} layers; give one, or None, each."
        )
    found = []
    for b, W, name in zip(biases, weights, names, strict=True):
        vector = None if b is None else _numbers(b, f"the bias of {name}").reshape(-1)
        if vector is not None and len(vector) != len(W):
            raise InputError(f"the bias of {name} has {len(vector)} entries for {len(W)} neurons.")
        found.append(vector)
    return tuple(found)


def names_of(count: int) -> tuple[str, ...]:
    """``W1`` … ``WD``, ``U`` for so many layers."""
    return (*(f"W{i}" for i in range(1, count)), "U")[:count]


def require_fit(net: Network, features: int, weights: Sequence[Any]) -> None:
    """The widths of the network and the number of features are those of the weights."""
    sizes = (features, *(int(width) for width in net.widths), 1)
    shapes = [tuple(W.shape) for W in weights]
    if len(shapes) != net.depth + 1:
        raise InputError(f"{len(shapes)} layers are given and the network has {net.depth + 1}.")
    for i, (shape, before, after) in enumerate(zip(shapes, sizes, sizes[1:], strict=False), start=1):
        if shape != (after, before):
            name = "U" if i == len(shapes) else f"W{i}"
            taken = "the data have" if i == 1 else "the layer before has"
            raise InputError(
                f"{name} has shape {shape[0]} × {shape[1]} and needs {after} × {before}: {taken} {before} "
                f"{'features; give the columns that it was trained on' if i == 1 else 'neurons'}."
            )


def _table(values: Any, name: str) -> Any:
    table = _numbers(values, name)
    if name == "U" and table.ndim == 1:
        table = table[None, :]
    if table.ndim != 2 or 0 in table.shape:
        raise InputError(f"{name} has shape {table.shape}; a layer is a table of rows and columns.")
    return table


def _numbers(values: Any, name: str) -> Any:
    """A float64 array; a tensor is taken off its device first."""
    import numpy as np

    if hasattr(values, "detach"):
        values = values.detach().cpu().double().numpy()
    try:
        array = np.asarray(values)
        numbers = array.astype(np.float64) if array.dtype.kind in "iufO" else None
    except (TypeError, ValueError, OverflowError):
        numbers = None
    if numbers is None:
        raise InputError(f"{name} holds something other than real numbers; give arrays of floats.")
    if not np.isfinite(numbers).all():
        raise InputError(f"{name} holds a number that is not finite; the training has diverged.")
    return numbers
