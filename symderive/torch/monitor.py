"""How far training is from the exact minimum, after every epoch.

The landscape of the model's network and data is solved once; each look at the model then costs a loss
and a few distances.  The loss is that of the whole data set with weight decay, averaged over the noise of
Dropout, at the exact values of the weights, whatever batches and number types the training uses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import Signature, signature
from typing import TYPE_CHECKING, Any

from symderive.arithmetic.exact import Exact
from symderive.data.moments import Moments
from symderive.errors import InputError, MissingExtraError
from symderive.landscape.landscape import Landscape
from symderive.landscape.solve import solve
from symderive.model.network import Network
from symderive.torch.chain import Chain, chain_of, numbers, require_its_output
from symderive.training.conclusion import TOLERANCE
from symderive.training.diagnosis import Diagnosis, diagnose
from symderive.training.optimizers import Loss, loss_decay
from symderive.training.words import decays_text

if TYPE_CHECKING:
    from torch import nn

#: What a trainer's log calls the numbers of a :class:`Progress`.
PREFIX = "optimum/"

#: Modules that have Lightning's ``Callback``.
_LIGHTNING = ("lightning.pytorch", "pytorch_lightning")


@dataclass(frozen=True)
class Progress:
    """Where the weights stand after an epoch; made by :meth:`DistanceToOptimum.step`.

    Attributes
    ----------
    epoch : int
        Its number, as it was given or counted from 0.
    loss : float
        The full loss L at the weights; dimension target².  Rounded from balls, as all numbers here.
    gap : float
        L - F*, how far it lies above the global minimum; never negative.
    relative_gap : float or None
        The gap in units of what the minimum explains, c - F* (of c where F* = c); None where that is 0.
    distance : float
        From the global minimum next to the weights, Euclidean over all weights, from above.
    gradient_norm : float
        Of the full loss, over all weights and biases.
    diagnosis : str
        ``"global minimum"``, ``"bad minimum"``, ``"saddle"`` or ``"not converged"``; or ``"diverged"``,
        with all numbers NaN.
    reason : str
        Why.
    warnings : tuple of str
        What the numbers suggest beside that, such as another decay.

    Examples
    --------
    >>> found = Progress(3, 0.5, 0.1, 0.2, 1.5, 0.01, "not converged", "the gradient is not small")
    >>> found.numbers()["optimum/gap"]
    0.1
    """

    epoch: int
    loss: float
    gap: float
    relative_gap: float | None
    distance: float
    gradient_norm: float
    diagnosis: str
    reason: str
    warnings: tuple[str, ...] = ()

    def numbers(self) -> dict[str, float]:
        """Name what a trainer logs.

        Returns
        -------
        dict of str to float
            The numbers by name, ``optimum/loss`` and so on, and whether the global minimum is reached, 1 or
            0.
        """
        named = {
            "loss": self.loss,
            "gap": self.gap,
            "relative_gap": self.relative_gap,
            "distance": self.distance,
            "gradient_norm": self.gradient_norm,
            "reached": float(self.diagnosis == "global minimum"),
        }
        return {f"{PREFIX}{name}": value for name, value in named.items() if value is not None}


class DistanceToOptimum:
    """Monitor that compares a model in training with the certified global minimum of its loss.

    In a plain loop call :meth:`step` after every epoch.  In Lightning give the object to the trainer, as
    one of its ``callbacks``: it logs ``optimum/gap``, ``optimum/distance`` and its neighbors at the end
    of every training epoch.  Lightning is needed for that alone, and imported before the object is made.

    Parameters
    ----------
    model : torch.nn.Module
        A ``Sequential`` of Linear layers, or any module whose Linear layers follow one another; Dropout
        between them is read as noise, and before the first as that of the features.  It is only looked at:
        neither modes nor gradients nor random numbers change.  A call in ``forward``, such as
        ``F.dropout(x, p, self.training)``, is not seen, since it does nothing in evaluation mode: give it
        as ``dropout``.
    X : tensor or array of shape (n, d)
        The features of the training data as the model sees them.  Whoever standardizes does so before; of a
        model with biases the data are centered here.
    y : tensor or array of shape (n,) or (n, 1)
        The targets.
    weight_decay : number, str or list of these, optional
        The decay as the optimizer takes it; one, or one a layer.  A float stands for its binary value,
        ``"0.02"`` for two hundredths.
    decay : number, str or list of these, optional
        In its place: the factor of ‖W‖² in the loss.
    loss : "mean", "sum" or "half-mean"
        Of squares: what the training script minimizes beside the decay; see :func:`symderive.loss_decay`.
    noise : number, str or list of these, optional
        Noise variances of the hidden layers that the model does not show as Dropout modules.
    dropout : number, str or list of these, optional
        In their place: drop probabilities.
    layers : sequence of torch.nn.Linear, optional
        The Linear modules from input to output, where the model holds others, too.
    every : int
        Epochs from one look to the next.
    tolerance : float
        How small a gap and a distance count as none, as of :func:`symderive.diagnose`.
    log : callable, optional
        A function that is called with every :class:`Progress`.
    center : bool
        Refused where it is True: X and y are the data as the model sees them.
    standardize : bool
        Refused likewise.

    Attributes
    ----------
    landscape : Landscape
        All stationary points, certified.
    history : list of Progress
        Every :class:`Progress` so far.
    last : Diagnosis or None
        The whole diagnosis behind the last of them; None before the first, and after a divergence.

    Raises
    ------
    InputError
        For models that are no chain of linear layers, for biases together with noise, and for data and
        decays that have no certified minimum.
    MissingExtraError
        Without PyTorch.

    Notes
    -----
    Biases are taken as free of decay, so put them into a group of the optimizer without it.  Not promised:
    the loss that a batch shows.  The loss here is that of the whole data set with weight decay, averaged
    over the noise of Dropout, at the exact values of the weights.

    Examples
    --------
    >>> import torch
    >>> X, y = torch.eye(2, dtype=torch.float64), torch.tensor([1.0, -1.0], dtype=torch.float64)
    >>> layers = [torch.nn.Linear(2, 3, bias=False), torch.nn.Linear(3, 1, bias=False)]
    >>> model = torch.nn.Sequential(*layers).double()
    >>> for layer in layers:
    ...     torch.nn.init.zeros_(layer.weight).shape
    torch.Size([3, 2])
    torch.Size([1, 3])
    >>> watch = DistanceToOptimum(model, X, y, weight_decay="0.02")
    >>> found = watch.step()
    >>> found.epoch, found.diagnosis, round(found.loss, 6)
    (0, 'saddle', 1.0)
    """

    def __new__(cls, *_arguments: Any, **_options: Any) -> DistanceToOptimum:
        """An object that is a callback of Lightning, too, where that is imported."""
        return super().__new__(_as_callback(cls))

    def __init__(
        self,
        model: nn.Module,
        X: Any,
        y: Any,
        *,
        weight_decay: Exact | Sequence[Exact] | None = None,
        decay: Exact | Sequence[Exact] | None = None,
        loss: Loss = "mean",
        noise: Exact | Sequence[Exact] | None = None,
        dropout: Exact | Sequence[Exact] | None = None,
        layers: Sequence[nn.Linear] | None = None,
        every: int = 1,
        tolerance: float = TOLERANCE,
        log: Callable[[Progress], None] | None = None,
        center: bool = False,
        standardize: bool = False,
    ) -> None:
        if center or standardize:
            raise InputError(
                f"{'center' if center else 'standardize'}=True is given, and X and y are the data as the "
                "model sees them: change them before, and give both model and callback the same; a model "
                "with biases needs no centering."
            )
        _require_torch()
        if isinstance(every, bool) or not isinstance(every, int) or every < 1:
            raise InputError(f"every is {every!r}; give the number of epochs from one look to the next.")
        self.every, self.tolerance = every, tolerance
        self._told = log  # a trainer of Lightning puts its own ``log`` on its callbacks
        self.history: list[Progress] = []
        self.last: Diagnosis | None = None
        self._chain = chain_of(model, layers)
        table, target = _samples(X, y)
        self._moments = Moments.from_samples(table, target, center=self._chain.has_bias)
        require_its_output(model, self._chain, table)
        net = _network(self._chain, self._moments, (weight_decay, decay, loss), (noise, dropout))
        self.landscape: Landscape = solve(net, self._moments)
        self.look()  # what cannot be compared is refused now, not after an epoch

    def __repr__(self) -> str:
        net, count = self.landscape.net, len(self.history)
        last = f", {self.history[-1].diagnosis}, gap {self.history[-1].gap:.3g}" if count else ""
        told = f"{self._moments!r}, depth {net.depth}, {decays_text(net.decays)}"
        return f"DistanceToOptimum({told}; {count} look{'s' * (count != 1)}{last})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled and copied as what it is where it comes back, a callback or not."""
        return _made, (), self.__dict__

    def step(self, epoch: int | None = None) -> Progress | None:
        """Look at the model after an epoch; the result is kept in ``history`` and logged.

        Parameters
        ----------
        epoch : int, optional
            Its number; it counts from 0 by itself where none is given.

        Returns
        -------
        Progress or None
            What is found; None where no look is due.
        """
        number = self._next if epoch is None else int(epoch)
        self._next = number + 1
        if number % self.every:
            return None
        try:
            self.last = self.look()
            found = self._progress(number, self.last)
        except InputError as error:
            self.last, nan = None, float("nan")
            found = Progress(number, nan, nan, nan, nan, nan, "diverged", str(error))
        self.history.append(found)
        if self._told is not None:
            self._told(found)
        return found

    __call__ = step

    _next = 0

    def look(self) -> Diagnosis:
        """Diagnose the weights as they are; nothing is kept.

        Returns
        -------
        Diagnosis
            The whole diagnosis, as of :func:`symderive.diagnose`.

        Raises
        ------
        InputError
            Where the training has diverged.
        """
        chain = self._chain
        return diagnose(
            self.landscape.net,
            self._moments,
            chain.weights,
            landscape=self.landscape,
            biases=chain.biases if chain.has_bias else None,
            tolerance=self.tolerance,
        )

    def _progress(self, epoch: int, found: Diagnosis) -> Progress:
        unit = float(found.explained.mid()) or float(self.landscape.loss_at_origin)
        gap = max(0.0, float(found.gap.mid()))
        return Progress(
            epoch=epoch,
            loss=float(found.loss.mid()),
            gap=gap,
            relative_gap=gap / unit if unit else None,
            distance=found.optimum.distance,
            gradient_norm=float(found.gradient_norm.mid()),
            diagnosis=found.conclusion,
            reason=found.reason,
            warnings=found.notes,
        )

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Look at the model and log it; Lightning calls this after every training epoch.

        Parameters
        ----------
        trainer : lightning.Trainer
            The trainer, which knows the epoch.
        pl_module : lightning.LightningModule
            What is trained, which logs.
        """
        found = self.step(trainer.current_epoch)
        if found is not None:
            pl_module.log_dict(found.numbers())


def _shown() -> Signature:
    """The arguments of ``__init__``, which ``__new__`` hides from help, completion and the reference."""
    found = signature(DistanceToOptimum.__init__)
    return found.replace(parameters=list(found.parameters.values())[1:], return_annotation=Signature.empty)


DistanceToOptimum.__signature__ = _shown()  # type: ignore[attr-defined]


def _made() -> DistanceToOptimum:
    return DistanceToOptimum.__new__(DistanceToOptimum)


def _require_torch() -> None:
    from importlib.util import find_spec

    if find_spec("torch") is None:
        raise MissingExtraError.of("the comparison of a model in training needs PyTorch", "train")


def _as_callback(cls: type[DistanceToOptimum]) -> type[DistanceToOptimum]:
    """The class itself, or one that is a callback of each Lightning that is imported, too.

    A trainer asks for more than its hooks: states, keys, a place in an order.  All that comes from the
    class that it expects, of which there is one in each of the two packages.
    """
    import sys

    modules = [sys.modules[name] for name in _LIGHTNING if name in sys.modules]
    bases = tuple(dict.fromkeys(module.Callback for module in modules if hasattr(module, "Callback")))
    missing = tuple(base for base in bases if not issubclass(cls, base))
    return type(cls.__name__, (cls, *missing), {"__module__": cls.__module__}) if missing else cls


def _samples(X: Any, y: Any) -> tuple[Any, Any]:
    """Tables as arrays, tensors off their devices; one column of targets as a list."""
    table, target = (numbers(part) if hasattr(part, "detach") else part for part in (X, y))
    if tuple(getattr(target, "shape", ()))[1:] == (1,):
        target = target.reshape(-1) if hasattr(target, "reshape") else target.iloc[:, 0]
    return table, target


def _network(
    chain: Chain, moments: Moments, decay: tuple[Any, Any, Loss], noise: tuple[Any, Any]
) -> Network:
    """The network of the chain; noise that the model shows is not given a second time."""
    widths = [layer.out_features for layer in chain.linears[:-1]]
    variances, rates = noise
    if chain.dropout is not None:
        if variances is not None or rates is not None:
            raise InputError("the model has Dropout itself; leave out noise and dropout.")
        rates = tuple(map(repr, chain.dropout))
    weight_decay, factor, loss = decay
    decays = loss_decay(weight_decay=weight_decay, decay=factor, loss=loss, samples=moments.weight)
    of_features = repr(chain.feature_dropout)
    return Network(
        len(widths),
        widths=widths,
        decays=decays,
        noise=variances,
        dropout=rates,
        feature_dropout=of_features,
    )
