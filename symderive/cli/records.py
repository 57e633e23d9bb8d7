"""What a command is given, as records: the data, and the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from symderive.cli import streams
from symderive.cli.types import Given, Layered
from symderive.errors import InputError
from symderive.model.keywords import OTHER_NOISE

if TYPE_CHECKING:
    from fractions import Fraction

    from symderive.cli.terminal import Advance
    from symderive.data.makers import FileMakers
    from symderive.data.moments import Moments
    from symderive.data.output_moments import OutputMoments
    from symderive.data.rows import Rows
    from symderive.model.network import Network
    from symderive.training.checkpoint import Checkpoint
    from symderive.training.optimizers import Loss


#: Moments, or rows with them.
Made = TypeVar("Made", bound="FileMakers")

#: What an option about the data is called, by the field that holds it.
DATA_OPTIONS = {
    "target": "--target",
    "center": "--center",
    "standardize": "--standardize",
    "columns": "--columns",
    "drop_constant": "--drop-constant",
    "sample_weight": "--sample-weight",
    "sep": "--sep",
    "decimal": "--decimal",
    "fractions": "--fractions",
    "encoding": "--encoding",
}

#: What is about text only, and what is about columns that have names.
OF_TEXT = ("sep", "decimal", "fractions", "encoding")
OF_NAMES = ("columns",)


@dataclass(frozen=True)
class DataOptions:
    """A file of samples, and what is done with its columns."""

    path: str | None = None
    target: str | None = None
    center: bool = False
    standardize: bool = False
    columns: Given[tuple[str, ...]] | None = None
    drop_constant: bool = False
    sample_weight: str | None = None
    sep: str | None = None
    decimal: str | None = None
    fractions: bool = False
    encoding: str | None = None

    def given(self) -> list[str]:
        """The options that are given beside the file."""
        named = [(field, DATA_OPTIONS[field.name]) for field in fields(self) if field.name in DATA_OPTIONS]
        return [option for field, option in named if getattr(self, field.name) != field.default]

    def require_target(self) -> None:
        """:class:`InputError` where the file cannot do without a target and none is given."""
        if self.target is None and self.kind != "npz":
            raise InputError(f"the target column of {self.name} is missing; give --target COLUMN.")

    @property
    def kind(self) -> str:
        """``npz``, ``parquet`` or ``csv``, which is whatever ends otherwise."""
        suffix = Path(self.path or "").suffix.lower().removeprefix(".")
        return {"npz": "npz", "parquet": "parquet", "pq": "parquet"}.get(suffix, "csv")

    @property
    def may_have_several(self) -> bool:
        """Whether what is to be predicted may be several columns, as far as the options tell."""
        return "," in (self.target or "") or self.kind == "npz"

    @property
    def name(self) -> str:
        """The name of the file."""
        return "standard input" if self.path == "-" else Path(self.path or "").name

    def moments(self, advance: Advance | None = None, *, told: bool = True) -> Moments:
        """The moments of the file; what was left out of it is told on standard error.

        ``advance`` is told the share that is read, and the rows.  ``told`` is whether there are notes.
        Raises :class:`InputError` where the file or its target cannot be read, and for options that are not
        about files of its kind.
        """
        from symderive.data.moments import Moments

        moments = self._read(Moments, advance)
        _tell(moments if told else None)
        return moments

    def either_moments(self, advance: Advance | None = None) -> Moments | OutputMoments:
        """The same, :class:`~symderive.data.output_moments.OutputMoments` where there are several targets.

        ``--target A,B`` names them where no column has that very name.
        """
        from symderive.data.output_moments import AnyMoments

        found: Moments | OutputMoments = cast(Any, self._read(AnyMoments, advance))
        _tell(found)
        return found

    def rows(self, advance: Advance | None = None) -> Rows:
        """The same, and the rows behind the moments as long as they are few."""
        from symderive.data.rows import Rows

        rows = self._read(Rows, advance)
        _tell(rows.moments)
        return rows

    def _read(self, maker: type[Made], advance: Advance | None) -> Made:
        """What ``maker`` makes of the file."""
        assert self.path is not None  # a command that can do without data asks first
        self.require_target()
        self._require_fit()
        columns = None if self.columns is None else self.columns.value
        of_all: dict[str, Any] = {
            "center": self.center,
            "standardize": self.standardize,
            "drop_constant": self.drop_constant,
            "sample_weight": self.sample_weight,
            "progress": None if advance is None else lambda rows, share: advance(share, rows),
        }
        if self.kind == "npz":
            return maker.from_npz(self.path, self.target or "y", **of_all)
        if self.kind == "parquet":
            return maker.from_parquet(self.path, self.target or "", columns=columns, **of_all)
        given = {name: getattr(self, name) for name in OF_TEXT}
        text: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        return maker.from_csv(self.path, self.target or "", columns=columns, **text, **of_all)

    def _require_fit(self) -> None:
        refused = {"npz": (*OF_TEXT, *OF_NAMES), "parquet": OF_TEXT, "csv": ()}[self.kind]
        for field in refused:
            if getattr(self, field):
                what = "columns with names" if field in OF_NAMES else "CSV files"
                raise InputError(f"{DATA_OPTIONS[field]} is about {what}; leave it out for {self.name}.")


def _tell(moments: Moments | OutputMoments | None) -> None:
    for note in () if moments is None else moments.notes:
        click.echo(f"symderive: {note}", err=True)


@dataclass(frozen=True)
class NetworkOptions:
    """A network as it was given, each number as text; None is what was not given.

    The decay is told in one of two ways: ``decay`` is the factor of ‖W‖² in the loss, ``weight_decay`` what
    an optimizer takes; ``loss`` is the kind of loss that either belongs to.
    """

    depth: Given[int] | None = None
    width: str | None = None
    widths: Layered | None = None
    decay: Layered | None = None
    noise: Layered | None = None
    dropout: Layered | None = None
    weight_decay: Layered | None = None
    loss: Loss | None = None
    groups: Layered | None = None
    weight_noise: Layered | None = None
    dropconnect: Layered | None = None
    feature_noise: Layered | None = None
    feature_dropout: Layered | None = None
    feature_jitter: Layered | None = None
    hidden_jitter: Layered | None = None
    target_noise: str | None = None
    bias: bool = False

    def network(self, samples: Fraction | int | None = 1, *, outputs: int = 1) -> Network:
        """The network; :class:`InputError` says what is missing, given twice, or wrong.

        ``samples`` is the number of samples, which a summed loss is divided by; without data at hand a call
        refuses what will be refused.
        """
        self.require_decay()
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
        return self.of_shape(layers, listed or self.width or (), samples, outputs=outputs)

    def of_shape(
        self, depth: int, widths: Any, samples: Fraction | int | None = None, *, outputs: int = 1
    ) -> Network:
        """The network with this depth and these widths, and the decay and noise that were given."""
        from symderive.model.network import Network

        if isinstance(self.hidden_jitter, tuple):
            raise InputError(
                "--hidden-jitter has several values; noise added before the last hidden layer adds terms "
                "in products of the later layers alone, which reduce to no scalar problem; give one."
            )
        if self.groups is not None and self.noise is None and self.dropout is None:
            raise InputError(
                "--groups says which neurons share their noise, and they have none; give --noise or "
                "--dropout, or leave it out."
            )
        if outputs > 1 and self.weight_decay is not None and self.loss != "sum":
            streams.say(
                f"note: squares are summed over the {outputs} targets, of which MSELoss takes the mean; "
                f"for it --weight-decay is {outputs} times the optimizer's."
            )
        decays = self.decays(samples)
        given = {"noise": self.noise, "outputs": outputs, **self.other_noise}
        return Network(depth, widths=widths, decays=decays, **given)

    @property
    def other_noise(self) -> dict[str, Any]:
        """The keywords of :class:`~symderive.model.network.Network` for noise beside ``noise``."""
        names = ("dropout", *OTHER_NOISE, "bias")
        return {name: value for name in names if (value := getattr(self, name)) not in (None, False)}

    def of_checkpoint(self, checkpoint: Checkpoint, moments: Moments) -> Network:
        """The network whose shape the weights of a file tell; dropout that it tells must not be
        contradicted."""
        shape = checkpoint.depth, checkpoint.widths, moments.weight
        if checkpoint.dropout is None:
            return self.of_shape(*shape)
        told = tuple(repr(p) for p in checkpoint.dropout)
        if checkpoint.feature_dropout is not None:
            return self._with_feature_dropout(checkpoint, moments)
        as_told = replace(self, noise=None, dropout=told)
        if self.noise is None and self.dropout is None:
            return as_told.of_shape(*shape)
        net = self.of_shape(*shape)
        if told and as_told.of_shape(*shape).noise != net.noise:
            raise InputError(
                f"the Dropout layers of {checkpoint.source} have p = {', '.join(told)}, which is not the "
                "noise that is given; leave out --dropout and --noise."
            )
        return net

    def _with_feature_dropout(self, checkpoint: Checkpoint, moments: Moments) -> Network:
        """The same where the file has Dropout before the first layer, which is that of the features."""
        rest, rate = replace(checkpoint, feature_dropout=None), repr(checkpoint.feature_dropout)
        net = replace(self, feature_noise=None, feature_dropout=rate).of_checkpoint(rest, moments)
        if (self.feature_noise, self.feature_dropout) != (None, None):
            given = self.of_checkpoint(rest, moments)
            if given.feature_noise != net.feature_noise:
                raise InputError(
                    f"{checkpoint.source} has Dropout of p = {rate} before its first layer, which is not "
                    "the noise that is given; leave out --feature-dropout and --feature-noise."
                )
        return net

    def require_decay(self) -> None:
        """Refuse no decay, and two of them."""
        if self.decay is None and self.weight_decay is None:
            raise InputError(
                "the decay is missing; give --decay G, or --weight-decay G as an optimizer takes it."
            )
        if self.decay is not None and self.weight_decay is not None:
            raise InputError("--decay and --weight-decay are both given; give one of them.")

    def decays(self, samples: Fraction | int | None) -> Any:
        """The decay of the mean loss, one for all layers or one for each: text as given, or exact."""
        from symderive.training.optimizers import loss_decay

        self.require_decay()
        loss = self.loss or "mean"
        if self.weight_decay is None and loss == "mean":
            return self.decay
        return loss_decay(weight_decay=self.weight_decay, decay=self.decay, loss=loss, samples=samples)

    def weight_decay_worth(self, samples: Fraction | int | None) -> Fraction | None:
        """The decay γ that one of --weight-decay stands for; None where that is not how it was given."""
        from symderive.training.optimizers import loss_decay

        if self.weight_decay is None:
            return None
        return cast("Fraction", loss_decay(weight_decay=1, loss=self.loss or "mean", samples=samples))


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
