"""The chain of Linear layers in a PyTorch model, and a test that its output is theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from symderive.errors import InputError
from symderive.training.weights.parts import lengths_of

if TYPE_CHECKING:
    from torch import Tensor, nn

#: Modules that leave a row of features as it is.
_IDLE = ("Identity", "Flatten")

#: Modules that the output does not pass through: losses and metrics.
_APART = ("torch.nn.modules.loss", "torchmetrics")

#: What wraps a model without changing it, by the name under which the model is found.
_WRAPPED = {"OptimizedModule": "_orig_mod", "DistributedDataParallel": "module", "DataParallel": "module"}

#: Rows on which output and layers are compared.
ROWS = 8

#: Roundings of all products, as a multiple of the unit and of the spectral norms that are multiplied.
ROUNDINGS = 64


@dataclass(frozen=True, eq=False)
class Chain:
    """The Linear layers from input to output, and the drop probabilities behind the hidden ones.

    ``feature_dropout`` is that before the first.  ``dropout`` is None where the model has no Dropout, so
    that noise may be given beside it.  DropConnect is no module of PyTorch, and never recognized.
    """

    linears: tuple[nn.Linear, ...]
    dropout: tuple[float, ...] | None
    feature_dropout: float = 0.0

    @property
    def weights(self) -> tuple[Any, ...]:
        """W_1, …, W_D, U as float64 arrays; every number type of PyTorch is a part of float64."""
        return tuple(_weight(layer) for layer in self.linears)

    @property
    def biases(self) -> tuple[Any, ...]:
        """One float64 vector or None for each layer."""
        return tuple(None if layer.bias is None else numbers(layer.bias) for layer in self.linears)

    @property
    def has_bias(self) -> bool:
        """Whether any layer has a bias."""
        return any(layer.bias is not None for layer in self.linears)


def chain_of(model: nn.Module, layers: Sequence[nn.Linear] | None = None) -> Chain:
    """The layers of a model in the order in which it was given them, or ``layers`` where they are told.

    Raises :class:`InputError` naming a module that is no part of a deep linear network: an activation, a
    normalization, Dropout behind the last layer or twice in a row, parameters beside those of Linear
    layers.
    """
    model = unwrapped(model)
    if layers is not None:
        chain = Chain(tuple(layers), None)
    else:
        found = list(_leaves(model, ""))
        chain = Chain(tuple(leaf for _, leaf in found if not _is(leaf, "Dropout")), *_rates(found))
    _require_chain(chain)
    return chain


def unwrapped(model: Any) -> Any:
    """The model inside ``torch.compile`` and data parallelism."""
    while (inner := _WRAPPED.get(type(model).__name__)) is not None and hasattr(model, inner):
        model = getattr(model, inner)
    return model


def require_its_output(model: nn.Module, chain: Chain, X: Any) -> None:
    """Raise :class:`InputError` where the model gives something else than the product of its layers.

    A forward method is code, in which an activation leaves no trace.  So a few rows are sent through the
    model, in evaluation mode and without gradients; its modes are put back.  A model whose forward cannot
    be called with one table of rows, as of a LightningModule without one, is taken at its word.  PyTorch's
    random numbers go on as if it had not been called.
    """
    import numpy as np
    import torch

    first = chain.linears[0].weight
    rows = torch.as_tensor(np.asarray(X, dtype=np.float64)[:ROWS])
    devices = [first.device] if first.device.type == "cuda" else []
    kept = torch.random.fork_rng(devices)
    with torch.no_grad(), kept, _evaluating(unwrapped(model)) as evaluated:
        try:
            output = evaluated(rows.to(first.device, first.dtype))
        except Exception:  # whatever its code may raise: it is not called by a table of rows
            return
    if not isinstance(output, torch.Tensor) or output.numel() != len(rows):
        return
    x, size = rows.numpy(), np.linalg.norm(rows.numpy(), axis=1)
    for W, b in zip(chain.weights, chain.biases, strict=True):
        length = 0.0 if b is None else float(np.linalg.norm(b))
        if not np.isfinite(W).all():  # the first look says what is wrong with it
            return
        x, size = x @ W.T + (0.0 if b is None else b), size * np.linalg.norm(W, 2) + length
    unit = ROUNDINGS * torch.finfo(first.dtype).eps
    if not (abs(numbers(output).reshape(-1) - x[:, 0]) <= unit * size).all():
        raise InputError(
            "the output of the model is not that of its Linear layers, one after the other: its forward "
            "does something else, such as an activation, and a deep linear network has none."
        )


def numbers(tensor: Tensor) -> Any:
    """A tensor as a float64 array of its own, off its device and its graph."""
    import torch

    return tensor.detach().to("cpu", torch.float64).numpy().copy()


def _leaves(module: nn.Module, name: str) -> Iterator[tuple[str, nn.Module]]:
    """Linear and Dropout modules in order; what does nothing is passed over, and all else is refused."""
    kind, inside = type(module).__name__, list(module.named_children())
    if _is(module, "Linear") or _is(module, "Dropout"):
        yield name, module
        return
    if kind in _IDLE or type(module).__module__.startswith(_APART):
        return
    if not inside:
        raise InputError(
            f"the model has a {kind} at {name or 'its top'}; a deep linear network is made of Linear "
            "layers, with at most one Dropout between two of them."
        )
    if own := [parameter for parameter, _ in module.named_parameters(recurse=False)]:
        raise InputError(
            f"the model has a parameter {f'{name}.{own[0]}'.lstrip('.')!r} beside those of its Linear "
            "layers, which may change what it computes; name the layers with layers=[...]."
        )
    for child, part in inside:
        yield from _leaves(part, f"{name}.{child}".lstrip("."))


def _is(module: nn.Module, kind: str) -> bool:
    """Whether a module is a Linear, a parametrized one among them, or just a Dropout."""
    from torch import nn

    return isinstance(module, nn.Linear) if kind == "Linear" else type(module) is nn.Dropout


def _rates(found: Sequence[tuple[str, nn.Module]]) -> tuple[tuple[float, ...] | None, float]:
    """The drop probability behind each hidden layer, None without Dropout, and that of the features."""
    if not any(_is(leaf, "Dropout") for _, leaf in found):
        return None, 0.0
    rates: list[float] = []
    of_features = 0.0
    leaves: list[tuple[str, Any]] = [*found, ("", None)]
    for (name, leaf), (_, after) in pairwise(leaves):
        if not _is(leaf, "Dropout"):
            rates.append(0.0)
        elif after is None or _is(after, "Dropout"):
            raise InputError(
                f"the model has Dropout at {name}; it belongs before the first layer or behind a hidden "
                "one, once, and not behind the last."
            )
        elif not rates:
            of_features = float(leaf.p)
        else:
            rates[-1] = float(leaf.p)
    return tuple(rates[:-1]), of_features


def _weight(layer: nn.Linear) -> Any:
    """The weight that the layer multiplies with; of the older weight_norm it is made of its two parts."""
    if hasattr(layer, "weight_g"):  # the attribute ``weight`` is renewed by the next forward alone
        g, v = numbers(layer.weight_g), numbers(layer.weight_v)
        return g * (v / lengths_of(v, g.shape))
    import torch

    with torch.no_grad():
        return numbers(layer.weight)


def _require_chain(chain: Chain) -> None:
    from torch import nn

    if not chain.linears:
        raise InputError("the model has no Linear layer; give one whose layers are Linear.")
    for place, layer in enumerate(chain.linears):
        if not isinstance(layer, nn.Linear):
            raise InputError(f"layers[{place}] is a {type(layer).__name__}; give Linear modules.")
        if layer.weight.is_meta or isinstance(layer.weight, nn.parameter.UninitializedParameter):
            raise InputError(
                f"the weight of Linear layer {place + 1} has no numbers yet; give the model as it is when "
                "training starts."
            )
        if hasattr(layer, "weight_orig") or _computes_in_training(layer):
            raise InputError(
                f"the weight of Linear layer {place + 1} is made by spectral_norm, pruning or another "
                "parametrization, which training does not leave alone; remove it."
            )
    for place, (below, above) in enumerate(pairwise(chain.linears), start=1):
        if above.in_features != below.out_features:
            raise InputError(
                f"Linear layer {place + 1} of the model takes {above.in_features} inputs and the "
                f"one before gives {below.out_features}; name the layers in order with layers=[...]."
            )
    if chain.linears[-1].out_features != 1:
        raise InputError(
            f"the model has {chain.linears[-1].out_features} outputs; the landscape is that of one output."
        )


def _computes_in_training(layer: nn.Linear) -> bool:
    """Whether a parametrization other than weight_norm makes the weight; some change at every look."""
    from torch.nn.utils import parametrize

    if not parametrize.is_parametrized(layer):
        return False
    kinds = [type(p).__name__ for parts in layer.parametrizations.values() for p in parts]
    return kinds != ["_WeightNorm"]


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[nn.Module]:
    """The model in evaluation mode; each module gets its own mode back."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        yield model
    finally:
        for module, mode in modes.items():
            module.training = mode
