"""Arrays of a file with their values exact in float64, whatever number type the file has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: Number types by their name in PyTorch, and how NumPy reads their bytes.
PLAIN = {
    "float64": "f8",
    "float32": "f4",
    "float16": "f2",
    "int64": "i8",
    "int32": "i4",
    "int16": "i2",
    "int8": "i1",
    "uint64": "u8",
    "uint32": "u4",
    "uint16": "u2",
    "uint8": "u1",
    "bool": "?",
    # NumPy has none of these; their bits are widened by ``widened``.
    "bfloat16": "u2",
    "float8_e4m3fn": "u1",
    "float8_e5m2": "u1",
}

#: What helps where a file holds no layers.
REMEDY = "give the weights of Linear layers, such as model.state_dict() of a Sequential"


@dataclass(frozen=True, eq=False)
class Table:
    """An array: its values, widened where NumPy lacks the type, and the name of the type in the file."""

    values: Any
    dtype: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return tuple(int(n) for n in self.values.shape)

    @property
    def floating(self) -> str:
        """The name of its floating type; float64 for integers."""
        return self.dtype if self.values.dtype.kind == "f" else "float64"

    @property
    def is_real(self) -> bool:
        """Whether it holds real numbers."""
        return bool(self.values.dtype.kind in "iuf")


@dataclass(frozen=True)
class Archive:
    """The arrays of a file, in its order.

    ``others`` are those beside the state of the model, such as a moving average; ``dropout`` are drop
    probabilities where the file tells them, ``feature_dropout`` that before the first layer; ``notes`` are
    sentences about what was read and what was not; ``hyperparameters`` are those of a LightningModule that
    are plain values.
    """

    arrays: Mapping[str, Table]
    others: Mapping[str, Table] = field(default_factory=dict)
    dropout: tuple[float, ...] | None = None
    feature_dropout: float | None = None
    notes: tuple[str, ...] = ()
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)


def clipped(name: str, most: int = 40) -> str:
    """A name as sentences show it: its beginning and its end where it is long, and no control characters.

    >>> clipped("encoder.weight"), clipped("a" * 50, 9), clipped("a\\nb")
    ('encoder.weight', 'aaaa…aaaa', 'a?b')
    """
    text = "".join(c if c.isprintable() else "?" for c in name)
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-((most - 1) // 2) :]}"


def quoted(names: Iterable[object], most: int = 5) -> str:
    """Names in quotes, as many as ``most``.

    >>> quoted(["a", "b"]), quoted("abcd", 2)
    ("'a' and 'b'", "'a', 'b' and 2 more")
    """
    texts = [repr(clipped(str(name))) for name in names]
    more = [f"{len(texts) - most} more"] if len(texts) > most else []
    *first, last = [*texts[:most], *more]
    return f"{', '.join(first)} and {last}" if first else last


def widened(bits: Any, dtype: str) -> Any:
    """The values that the bits of a type without a NumPy name stand for; others as they are.

    bfloat16 is the upper half of float32 and float8_e5m2 that of float16.  float8_e4m3fn has a bias of 7,
    subnormals below 2⁻⁶, no infinities, and NaN at its two largest patterns (Micikevicius et al.,
    arXiv:2209.05433, table 1).

    >>> import numpy as np
    >>> widened(np.array([0x3F80, 0xC000], np.uint16), "bfloat16").tolist()
    [1.0, -2.0]
    >>> widened(np.array([0x38, 0x01, 0x7E], np.uint8), "float8_e4m3fn").tolist()
    [1.0, 0.001953125, 448.0]
    """
    import numpy as np

    if dtype == "bfloat16":
        return (bits.astype(np.uint32) << 16).view(np.float32)
    if dtype == "float8_e5m2":
        return (bits.astype(np.uint16) << 8).view(np.float16)
    if dtype == "float8_e4m3fn":
        exponent, digits = (bits.astype(np.int64) >> 3) & 15, (bits & 7).astype(np.float64)
        size = np.where(exponent == 0, digits, digits + 8) * 2.0 ** (np.maximum(exponent, 1) - 10)
        size = np.where((bits & 127) == 127, np.nan, size)
        return np.where(bits & 128, -size, size).astype(np.float32)
    return bits
