"""How far training is from the exact minimum, after every epoch.

The landscape of the model's network and data is solved once; each look at the model then costs a loss
and a few distances.  The loss is that of the whole data set with weight decay, averaged over the noise of
Dropout, at the exact values of the weights, whatever batches and number types the training uses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    """Where the weights stand after an epoch.

    Attributes
    ----------
    epoch
        Its number, as it was given or counted from 0.
    loss, gap
        The full loss L at the weights, and L - F* above the global minimum; dimension target².  In float64,
        rounded from balls; never negative.
    relative_gap
        The gap in units of what the minimum explains, c - F* (of c where F* = c); None where that is 0.
    distance
        From the global minimum next to the weights, Euclidean over all weights, from above.
    gradient_norm
        Of the full loss, over all weights and biases.
    diagnosis, reason
        ``"global minimum"``, ``"bad minimum"``, ``"saddle"`` or ``"not converged"``, and why; or
        ``"diverged"``, with all numbers NaN.
    warnings
        What the numbers suggest beside that, such as another decay.
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
        """What a trainer logs: the numbers by name, and whether the global minimum is reached."""
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
    """Compares a model in training with the certified global minimum of its loss.

    In a plain loop call :meth:`step` after every epoch.  In Lightning give the object to the trainer, as
    one of its ``callbacks``: it logs ``optimum/gap``, ``optimum/distance`` and its neighbors at the end of
    every training epoch.  Lightning is needed for that alone, and imported before the object is made.

    Parameters
    ----------
    model
        A ``Sequential`` of Linear layers, or any module whose Linear layers follow one another; Dropout
        between them is read as noise, and before the first as that of the features. It is only looked at:
        neither modes nor gradients nor random numbers change. A call in ``forward``, such as
        ``F.dropout(x, p, self.training)``, is not seen, since it does nothing in evaluation mode: give it
        as ``dropout``.
    X, y
        The training data as the model sees them, of shapes (n, d) and (n,) or (n, 1): tensors or arrays.
        Whoever standardizes does so before, and of a model with biases the data are centered here; so
        ``center=True`` and ``standardize=True`` are refused.
    weight_decay, decay, loss
        The decay as the optimizer takes it, or as a factor of ‖W‖² in the loss; one, or one a layer.
        ``loss`` is what the training script minimizes beside it: ``"mean"``, ``"sum"`` or ``"half-mean"``
        of squares.  See :func:`symderive.training.optimizers.loss_decay`.
    noise, dropout
        Noise of the hidden layers that the model does not show as Dropout modules.
    layers
        The Linear modules from input to output, where the model holds others, too.
    every
        Epochs from one look to the next.
    tolerance
        How small a gap and a distance count as none, as of :func:`symderive.diagnose`.
    log
        A function that is called with every :class:`Progress`.

    A model with biases is compared without noise only; they are taken as free of decay, so put them into a
    group of the optimizer without it.  Raises :class:`InputError` for other models, and for data and decays
    that have no certified minimum.

    Attributes
    ----------
    landscape
        All stationary points, certified.
    history
        Every :class:`Progress` so far.
    last
        The whole diagnosis behind the last of them; None before the first, and after a divergence.
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
        weight_decay: Any = None,
        decay: Any = None,
        loss: Loss = "mean",
        noise: Any = None,
        dropout: Any = None,
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
        """What is found after an epoch, kept in :attr:`history` and logged; None where no look is due.

        ``epoch`` counts from 0 by itself where it is not given.
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
        """The whole diagnosis of the weights as they are; nothing is kept.

        Raises :class:`InputError` where the training has diverged.
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
        """Lightning calls this after every training epoch."""
        found = self.step(trainer.current_epoch)
        if found is not None:
            pl_module.log_dict(found.numbers())


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
