"""What a command is given, as records: the data, and the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symderive.cli.types import Given, Layered
from symderive.errors import InputError

if TYPE_CHECKING:
    from symderive.data.moments import Moments
    from symderive.model.network import Network


@dataclass(frozen=True)
class DataOptions:
    """A file of samples, and what is done with its columns."""

    path: str | None = None
    target: str | None = None
    center: bool = False
    standardize: bool = False

    def moments(self) -> Moments:
        """The moments of the file; :class:`InputError` where it or its target cannot be read."""
        from symderive.data.moments import Moments

        assert self.path is not None  # a command that can do without data asks first
        path = Path(self.path)
        if path.suffix.lower() == ".npz":
            return Moments.from_npz(
                path, self.target or "y", center=self.center, standardize=self.standardize
            )
        if self.target is None:
            raise InputError(f"the target column of {path.name} is missing; give --target COLUMN.")
        return Moments.from_csv(path, self.target, center=self.center, standardize=self.standardize)


@dataclass(frozen=True)
class NetworkOptions:
    """A network as it was given, each number as text; None is what was not given."""

    depth: Given[int] | None = None
    width: str | None = None
    widths: Layered | None = None
    decay: Layered | None = None
    noise: Layered | None = None
    dropout: Layered | None = None

    def network(self) -> Network:
        """The network; :class:`InputError` says what is missing, given twice, or wrong."""
        if self.decay is None:
            raise InputError("the decay is missing; give --decay G.")
        if self.width is not None and self.widths is not None:
            raise InputError("--width and --widths are both given; give one of them.")
        listed = (self.widths,) if isinstance(self.widths, str) else self.widths
        if self.depth is not None:
            layers = self.depth.value
        elif listed is not None:
            layers = len(listed)
        else:
            raise InputError("the depth is missing; give --depth D --width N, or --widths N1,N2,...")
        if layers > 0 and self.width is None and listed is None:
            raise InputError(
                f"the widths of {layers} hidden layers are missing; give --width N or --widths."
            )
        return self.of_shape(layers, listed or self.width or ())

    def of_shape(self, depth: int, widths: Any) -> Network:
        """The network with this depth and these widths, and the decay and noise that were given."""
        from symderive.model.network import Network

        return Network(depth, widths=widths, decays=self.decay, noise=self.noise, dropout=self.dropout)


def gathered(**records: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Hand a command records in place of the options that they have fields for, under the names given here.

    A field that a command has no option for keeps its default.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(**options: Any) -> Any:
            made = {}
            for name, record in records.items():
                held = [field.name for field in fields(record) if field.name in options]
                made[name] = record(**{field: options.pop(field) for field in held})
            return command(**made, **options)

        return run

    return decorate
