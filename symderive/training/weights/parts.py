"""What the arrays of a file are: weights, their biases, and what stands beside the network."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symderive.errors import InputError
from symderive.training.weights.arrays import Table, clipped

#: Words for a weight, and for the bias that has the same name otherwise.
_BIASES = (
    ("weights", "biases"),
    ("weight", "bias"),
    ("kernel", "bias"),
    ("coef", "intercept"),
    ("U", "bU"),
    ("U", "b"),
    ("W", "b"),
    ("w", "b"),
)

_NUMBERED = re.compile(r"W[1-9]\d*")

#: The two layouts of weight_norm: lengths and directions, after the name of the layer.
_NORMED = (
    ("weight_g", "weight_v"),
    ("parametrizations.weight.original0", "parametrizations.weight.original1"),
)

#: What a training loop keeps beside the network, told by how a name ends: a record, the data, a counter or
#: setting, a sum of torchmetrics.  A word before the end says nothing: ``best_scale`` is a scale.
_BESIDE = re.compile(
    r"(?<![a-z])((loss|losses|criterion|cost|error|mse|rmse|mae|r2|metrics?|acc|accuracy|scores?)"
    r"([._](train|val|test|curve|values))?|[xy][._](train|val|test)|epochs?|steps?|iterations?|lr|learning_rate|"
    r"history|seed|time|version|best|patience|optimizer|n_averaged|num_batches_tracked|total_ops|total_params|"
    r"total|sum_squared_error|sum_squared_obs|sum_abs_error)[\d_]*$"
)

#: What is said of the data, in the units of which W1, …, U are: means and scales of features and target.
_OF_DATA = re.compile(r"^(x|y|features?|inputs?|targets?)[._]")

#: The same where the end of the name is that of a layer, whatever else it says.
_BESIDE_LAYERS = re.compile(r"(?<![a-z])(loss|losses|criterion|metrics?|optimizer)(?![a-z])")

#: Arrays that change what the network computes, and what they belong to.
_CHANGING = (
    (re.compile(r"(^|\.)weight_u$|parametrizations\.\w+\.0\._[uv]$"), "spectral_norm"),
    (re.compile(r"(^|\.)weight_mask$"), "pruning"),
    (re.compile(r"(^|\.)parametrizations\."), "a parametrization"),
    (re.compile(r"(^|[./_])(running|moving)_(mean|var|variance)$"), "a normalization layer"),
    (re.compile(r"(^|[./_])(gamma|beta)$"), "a normalization layer"),
)


@dataclass(frozen=True, eq=False)
class Weight:
    """A weight as a file holds it.

    ``normed`` are the names of lengths and directions where weight_norm keeps it as two arrays, ``lengths``
    is the shape of the former, and ``bias`` is the name of its bias, or None.
    """

    name: str
    table: Table
    bias: str | None = None
    normed: tuple[str, str] | None = None
    lengths: tuple[int, ...] = ()


def weights_of(arrays: Mapping[str, Table], file: str) -> dict[str, Weight]:
    """All tables of rows and columns that may be weights, in the order of the file.

    The last row may be flat, as ``U`` in an NPZ.  Raises :class:`InputError` naming an array that changes
    what the network computes and is no weight.
    """
    merged, normed = _merged(arrays, file)
    for pattern, belongs in _CHANGING:
        if found := next(filter(pattern.search, merged), None):
            raise InputError(
                f"{file} holds {clipped(found)!r}, which belongs to {belongs}; remove that from the model, "
                "with its effect folded into the weights, and save it again."
            )
    names = [name for name, x in merged.items() if len(x.shape) == 2 and not is_beside(name, x)]
    if is_told(names, merged):
        names = [name for name in merged if name == "U" or _NUMBERED.fullmatch(name)]
    if not any(1 in merged[name].shape for name in names) and "U" not in names:
        taken = {bias for name in names for bias in _biases(name, merged)}
        lone = [name for name, x in merged.items() if len(x.shape) == 1 and _may_be_row(name, x, taken)]
        names += lone if len(lone) == 1 else []
    biases = {name: next(_biases(name, merged), None) for name in names}
    return {
        name: Weight(name, merged[name], biases.get(name), *_pair(normed.get(name), arrays))
        for name in merged
        if name in names
    }


def _pair(
    normed: tuple[str, str] | None, arrays: Mapping[str, Table]
) -> tuple[tuple[str, str] | None, tuple[int, ...]]:
    return (None, ()) if normed is None else (normed, arrays[normed[0]].shape)


def is_told(tables: Sequence[str], names: Container[str]) -> bool:
    """Whether the layers have the names W1, …, WD, U, as in the files of this package."""
    return "U" in names and all(name == "U" or _NUMBERED.fullmatch(name) for name in tables)


def extras(arrays: Mapping[str, Table], used: Mapping[str, Weight]) -> list[str]:
    """The names of the arrays that are no part of the weights used."""
    parts = {name for w in used.values() for name in (w.name, w.bias, *(w.normed or ())) if name}
    return [name for name in arrays if name not in parts]


def require_harmless(
    names: list[str], arrays: Mapping[str, Table], file: str, *, told: Sequence[Weight] = ()
) -> None:
    """Raise :class:`InputError` naming an array that may change what the network computes.

    ``told`` are the layers where they have the names W1, …, U: then it is a bias, or one number for each
    neuron of a layer.
    """
    hidden = {weight.table.shape[0] for weight in told[:-1]}
    for name in names:
        table = arrays[name]
        if is_beside(name, table):
            continue
        if re.search(r"(^|[._/])(bias|biases|intercept|b)[\d_U]*$", name):
            raise InputError(f"{file} holds {clipped(name)!r} without its weight; give both, or neither.")
        if not told or (_is_row(table, hidden) and not _OF_DATA.search(name.lower())):
            shape = " × ".join(map(str, table.shape)) or "a number"
            raise InputError(
                f"{file} holds {clipped(name)!r} ({shape}), which is no layer of a deep linear network and "
                "may change what it computes; remove it, or say with --layers which the layers are."
            )


def _is_row(table: Table, lengths: Container[int]) -> bool:
    """Whether a table has one number, not a whole one, for each neuron of a layer with such a length."""
    size = int(table.values.size)
    return table.values.dtype.kind in "bfc" and size in lengths and size in table.shape


def is_beside(name: str, table: Table) -> bool:
    """Whether an array is no part of the network by its type or its name: a counter, a text, a record."""
    kind = table.values.dtype.kind
    is_layer = name.endswith(("weight", "kernel", "bias"))
    words = _BESIDE_LAYERS if is_layer else _BESIDE
    is_record = words.search(name.lower()) and not (is_layer and len(table.shape) > 1)
    return kind not in "biufc" or (kind in "biu" and table.shape == ()) or bool(is_record)


def _may_be_row(name: str, table: Table, biases: Container[str]) -> bool:
    """Whether a list may be the output row, given flat."""
    is_named = re.search(r"bias|intercept|(^|[._/])(b|weight|scale)[\d_]*$", name)
    return not is_named and name not in biases and not is_beside(name, table)


def _biases(name: str, arrays: Mapping[str, Table]) -> Iterator[str]:
    """Names of lists (or numbers, of one output) in the file that the bias of this weight would have."""
    for word, bias in _BIASES:
        for found in re.finditer(word, name):
            other = f"{name[: found.start()]}{bias}{name[found.end() :]}"
            if other in arrays and len(arrays[other].shape) < 2:
                yield other


def _merged(arrays: Mapping[str, Table], file: str) -> tuple[dict[str, Table], dict[str, tuple[str, str]]]:
    """The arrays with each pair of weight_norm as one weight, and the names of the pairs."""
    merged, normed = {}, {}
    for name, table in arrays.items():
        for length, direction in _NORMED:
            stem = name.removesuffix(length)
            if stem != name and f"{stem}{direction}" in arrays:
                pair = (name, f"{stem}{direction}")
                merged[f"{stem}weight"] = _weight_norm(table, arrays[pair[1]], f"{stem}weight", file)
                normed[f"{stem}weight"] = pair
                break
            stem = name.removesuffix(direction)
            if stem != name and f"{stem}{length}" in arrays:
                break
        else:
            merged[name] = table
    return merged, normed


def _weight_norm(lengths: Table, directions: Table, name: str, file: str) -> Table:
    """g v/‖v‖ in float64, with the norm over the axes along which g is constant."""
    import numpy as np

    g, v = lengths.values, directions.values
    one_axis = (
        1 in g.shape and g.ndim == 2 and all(a in (1, b) for a, b in zip(g.shape, v.shape, strict=True))
    )
    fits = v.ndim == 2 and (g.ndim == 0 or one_axis)
    if not (lengths.is_real and directions.is_real and fits):
        raise InputError(
            f"the lengths and directions of {clipped(name)} in {file} have shapes {g.shape} and {v.shape}, "
            "which are not those of weight_norm on a Linear layer."
        )
    g, v = g.astype(np.float64), v.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):  # 0/0 is refused with the other numbers
        return Table(g * (v / lengths_of(v, g.shape)), lengths.dtype)


def lengths_of(v: Any, shape: tuple[int, ...]) -> Any:
    """The norms of v over the axes along which ``shape`` is constant, in that shape."""
    import numpy as np

    axes = tuple(i for i in range(v.ndim) if not shape or shape[i] == 1)
    return np.sqrt((v * v).sum(axis=axes, keepdims=bool(shape)))
