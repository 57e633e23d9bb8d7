"""Trained weights from a file: NPZ, safetensors, or a PyTorch checkpoint; no object but tensors is read.

The layers of a network are W_1, …, W_D and the output row U.  A file may name them so (``W1`` … ``WD``,
``U``), number them as PyTorch's ``Sequential`` does (``0.weight``, ``2.weight``, …), or call them what it
likes, where their shapes fit together in one order only or the order is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symderive.errors import InputError
from symderive.training.weights.formats import read_archive
from symderive.training.weights.layers import Layer, layers_of
from symderive.training.weights.parts import lengths_of
from symderive.weight_files import write_arrays


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The weights of a trained network.

    Attributes
    ----------
    weights
        W_1, …, W_D of shapes (d_i, d_{i-1}) and U of shape (1, d_D), as float64 arrays of the exact values
        in the file; D ≥ 0.  Only those of weight_norm are computed, from its lengths and directions.
    biases
        One vector or None for each layer, in the same way.
    dropout
        Drop probabilities of the D hidden layers, where the file tells them, else None.
    feature_dropout
        That before the first layer, where the file tells it.  DropConnect is no module, and never told.
    names
        What the file calls the weights, in the same order.
    dtype
        The floating type of W_1 in the file, such as ``"float32"`` or ``"bfloat16"``; of integers float64.
    source
        Name of the file.
    notes
        Sentences about what was read how, and what was not read.
    layers
        The layers as the file holds them.
    hyperparameters
        Plain values that a LightningModule kept beside them.
    """

    weights: tuple[Any, ...]
    biases: tuple[Any, ...]
    dropout: tuple[float, ...] | None
    feature_dropout: float | None
    names: tuple[str, ...]
    dtype: str
    source: str
    notes: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        """Number of hidden layers D."""
        return len(self.weights) - 1

    @property
    def widths(self) -> tuple[int, ...]:
        """d_1, …, d_D."""
        return tuple(len(W) for W in self.weights[:-1])

    @property
    def features(self) -> int:
        """Number of inputs."""
        return int(self.weights[0].shape[1])

    @property
    def has_bias(self) -> bool:
        """Whether any layer has a bias."""
        return any(b is not None for b in self.biases)


def read_checkpoint(path: str | Path, *, layers: Sequence[str] = ()) -> Checkpoint:
    """The weights in a file, whose suffix tells its format.

    ``.npz``; ``.safetensors``; PyTorch's ``.pt``, ``.pth``, ``.ckpt`` (Lightning's, too), ``.bin`` and
    ``.pth.tar``; and the index ``.json`` of a model in several files.  ``layers`` names the layers from
    input to output, where the file does not settle them.

    Raises :class:`InputError` for files that are missing, damaged, or hold anything but a chain of Linear
    layers with one output, and :class:`MissingExtraError` where the library of the format is missing.
    """
    path = Path(path)
    archive = read_archive(path)
    held, notes = layers_of(archive, path.name, layers)
    if archive.dropout is not None and len(archive.dropout) != len(held) - 1:
        raise InputError(
            f"{path.name} has {len(archive.dropout)} Dropout layers for {len(held) - 1} hidden layers; "
            "dropout belongs behind every hidden layer or none."
        )
    return Checkpoint(
        weights=tuple(layer.W for layer in held),
        biases=tuple(layer.bias for layer in held),
        dropout=archive.dropout,
        feature_dropout=archive.feature_dropout,
        names=tuple(layer.name for layer in held),
        dtype=held[0].dtype,
        source=path.name,
        notes=tuple(notes),
        layers=tuple(held),
        hyperparameters=archive.hyperparameters,
    )


def write_checkpoint(
    weights: Sequence[Any], like: Checkpoint, path: str | Path, *, offset: float | None = None
) -> None:
    """Write ``weights`` in the order W_1, …, U, each under the name and in the number type of ``like``.

    The suffix decides the format, as for reading; shapes, transposed or flat, and the two arrays of
    weight_norm are those of ``like``.  ``offset`` is the bias of the output layer where ``like`` has
    biases; all others become 0.  The file appears whole or not at all.
    """
    arrays: dict[str, Any] = {}
    dtypes: dict[str, str] = {}
    for layer, W in zip(like.layers, weights, strict=True):
        parts = _as_held(W.T if layer.transposed else W, layer)
        arrays |= parts
        dtypes |= dict.fromkeys(parts, layer.dtype)
        if layer.weight.bias is not None:
            arrays[layer.weight.bias] = 0 * layer.bias.reshape(layer.bias_shape)
            dtypes[layer.weight.bias] = layer.bias_dtype
    if like.has_bias:
        last = like.layers[-1].weight.bias
        if last is None:
            raise InputError(f"{like.source} has biases but none in the output layer; add it to the model.")
        arrays[last] = arrays[last] + (offset or 0.0)
    write_arrays(arrays, path, dtypes)


def _as_held(W: Any, layer: Layer) -> dict[str, Any]:
    """The arrays of one weight, in the shape and under the names of its file."""
    import numpy as np

    if layer.weight.normed is None:
        return {layer.name: W.reshape(layer.shape)}
    lengths, directions = layer.weight.normed
    shape = layer.weight.lengths
    g = lengths_of(W, shape)
    # A weight of length 0 has no direction, and PyTorch would divide 0 by 0; any direction will do.
    return {lengths: g, directions: np.where(g == 0, 1.0, W)}
