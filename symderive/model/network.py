"""The network: depth, widths, weight decays and noise variances.

One class serves three uses::

    Network.symbolic()                     # depth is the symbol D; every parameter a symbol
    Network.symbolic(3)                    # three hidden layers; every parameter a symbol
    Network(2, widths=32, decays="1/100", dropout="0.1")      # exact numbers

Numbers and symbols mix freely; what needs numbers says which parameter is still symbolic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symderive.arithmetic.exact import Number, exact, exact_product, sympify_exact
from symderive.errors import InputError
from symderive.notebooks import InNotebooks

if TYPE_CHECKING:
    from types import ModuleType

    import sympy

    from symderive.data.interface import Data

#: Largest depth of a network whose parameters are listed one by one.
MAX_DEPTH = 100_000


@dataclass(frozen=True, init=False)
class Network(InNotebooks):
    """A deep linear network with weight decay and stochastic neurons.

    ``f(x) = U ε_D W_D … ε_1 W_1 x`` with ``D`` hidden layers of widths ``d_1 … d_D``, a scalar
    output and independent neuron noise of mean 1 and variance ``σ_i²`` in layer i (Ziyin, Li and
    Meng 2022, Eq. 1).

    Parameters
    ----------
    depth
        Number of hidden layers; 0 is linear (ridge) regression.
    widths
        One width for all hidden layers, or ``depth`` of them; positive integers or SymPy symbols.
    decays
        Weight decays, dimension loss per squared weight: one for all ``depth + 1`` layers, or
        values in the order W_1 … W_D, U.  Not negative.  :func:`symderive.loss_decay` has them from an
        optimizer's ``weight_decay``; that of AdamW is another loss.
    noise
        Noise *variances* σ_i² ≥ 0 (dimensionless), one or ``depth`` of them.  Default: no noise.
    dropout
        Drop probabilities P in [0, 1) instead of ``noise``: inverted dropout has σ² = P / (1 - P).
    outputs
        Number of outputs, 1 unless given.  More than one is for :func:`symderive.solve` with
        :class:`symderive.OutputMoments` alone, which wants no noise and whitened inputs.

    Raises
    ------
    InputError
        For values outside these ranges or a wrong number of them.

    Examples
    --------
    >>> Network(2, widths=32, decays="1/100", dropout="0.5").noise
    (Fraction(1, 1), Fraction(1, 1))
    """

    depth: int | sympy.Symbol
    widths: tuple[Number, ...] | sympy.IndexedBase
    decays: tuple[Number, ...] | sympy.IndexedBase
    noise: tuple[Number, ...] | sympy.IndexedBase
    outputs: int

    def __init__(
        self,
        depth: int,
        *,
        widths: Any = (),
        decays: Any,
        noise: Any = None,
        dropout: Any = None,
        outputs: int = 1,
    ) -> None:
        if isinstance(depth, bool) or not isinstance(depth, int) or not 0 <= depth <= MAX_DEPTH:
            raise InputError(
                f"depth is {depth!r}; give the number of hidden layers, from 0 to {MAX_DEPTH}."
            )
        if isinstance(outputs, bool) or not isinstance(outputs, int) or outputs < 1:
            raise InputError(f"outputs is {outputs!r}; give the number of outputs, at least 1.")
        if noise is not None and dropout is not None:
            raise InputError("noise and dropout are both given; give one of them.")
        if dropout is not None:
            rates = _per_layer(dropout, depth, "dropout")
            noise = tuple(_noise_of_dropout(rate, i) for i, rate in enumerate(rates, start=1))
        values: dict[str, Any] = {
            "depth": depth,
            "widths": _per_layer(widths, depth, "width"),
            "decays": _per_layer(decays, depth + 1, "decay"),
            "noise": _per_layer(0 if noise is None else noise, depth, "noise"),
            "outputs": outputs,
        }
        for i, width in enumerate(values["widths"], start=1):
            if isinstance(width, Fraction) and (width < 1 or width.denominator != 1):
                raise InputError(
                    f"the width of layer {i} is {width}; a layer has a whole number of neurons, at least 1."
                )
        for name in ("decays", "noise"):
            for i, value in enumerate(values[name], start=1):
                if _is_negative(value):
                    what = "decay" if name == "decays" else "noise variance"
                    raise InputError(
                        f"the {what} of layer {i} is {value}; give a value that is not negative."
                    )
        self._set(**values)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @classmethod
    def symbolic(cls, depth: int | None = None) -> Network:
        """The network whose parameters are the symbols d_i, γ_i, γ_u, σ_i; ``depth`` None is D."""
        from symderive import symbols as sy

        if depth is None:
            net = object.__new__(cls)
            net._set(depth=sy.D, widths=sy.d, decays=sy.gamma, noise=sy.sigma, outputs=1)
            return net
        layers = range(1, depth + 1)
        return cls(
            depth,
            widths=tuple(sy.d[i] for i in layers),
            decays=(*(sy.gamma[i] for i in layers), sy.gamma_u),
            noise=tuple(sy.sigma[i] ** 2 for i in layers),
        )

    @property
    def has_symbolic_depth(self) -> bool:
        """Whether the depth is the symbol D."""
        return not isinstance(self.depth, int)

    @property
    def is_numeric(self) -> bool:
        """Whether depth and all parameters are numbers, so that the network can be solved."""
        return not self.has_symbolic_depth and not self.free_parameters

    @property
    def free_parameters(self) -> tuple[str, ...]:
        """Names of the parameters that still hold symbols, such as ``"decay of layer 2"``."""
        if self.has_symbolic_depth:
            return ("depth",)
        groups = (("width", self.widths), ("decay", self.decays), ("noise", self.noise))
        return tuple(
            f"{name} of layer {i}"
            for name, values in groups
            for i, value in enumerate(values, start=1)
            if not isinstance(value, Fraction) and value.free_symbols
        )

    def require_numeric(self) -> None:
        """Raise :class:`InputError` naming the symbolic parameters, if there are any."""
        if names := self.free_parameters:
            raise InputError(
                f"the network's {', '.join(names[:4])} {'is' if len(names) == 1 else 'are'} symbolic; "
                "give numbers, for example Network(2, widths=32, decays='1/100')."
            )

    def require_one_output(self) -> None:
        """Raise :class:`InputError` for a network with several outputs."""
        if self.outputs > 1:
            raise InputError(
                f"the network has {self.outputs} outputs, which share its hidden layers; for general "
                "inputs this is known for one output only; solve takes several with OutputMoments "
                "(whitened inputs, no noise)."
            )

    @property
    def noise_factor(self) -> Number:
        """ρ = Π (1 + σ_i²/d_i) ≥ 1, dimensionless and exact; of a numeric network.

        >>> Network(2, widths=(2, 4), decays=1, noise=1).noise_factor
        Fraction(15, 8)
        """
        self.require_numeric()
        return exact_product(
            1 + variance / width for variance, width in zip(self.noise, self.widths, strict=True)
        )

    def width(self, i: Any) -> Any:
        """d_i, the width of hidden layer i = 1 … D, as a SymPy expression."""
        return self._parameter(self.widths, i)

    def decay(self, i: Any) -> Any:
        """γ_i, the decay of W_i for i = 1 … D and γ_u for i = D + 1, as a SymPy expression."""
        if self.has_symbolic_depth and i == self.depth + 1:
            from symderive.symbols import gamma_u

            return gamma_u
        return self._parameter(self.decays, i)

    def variance(self, i: Any) -> Any:
        """σ_i², the noise variance of hidden layer i = 1 … D, as a SymPy expression."""
        if self.has_symbolic_depth:
            return self.noise[i] ** 2
        return self._parameter(self.noise, i)

    def _parameter(self, values: Any, i: Any) -> Any:
        return values[i] if self.has_symbolic_depth else sympify_exact(values[i - 1])

    def lambdify(self, target: str = "numpy", *, data: Data | None = None) -> ModuleType:
        """:func:`symderive.lambdify` of this network, which new code calls."""
        from symderive.export.live import lambdify

        return lambdify(self, target, data=data)

    def with_depth(self, depth: int) -> Network:
        """The symbolic network specialized to ``depth`` hidden layers."""
        return type(self).symbolic(depth) if self.has_symbolic_depth else replace(self)

    def __repr__(self) -> str:
        if self.has_symbolic_depth:
            return "Network.symbolic()"
        groups = (("widths", self.widths), ("decays", self.decays), ("noise", self.noise))
        parts = [f"{name}=({_summary(values)})" for name, values in groups if values]
        if self.outputs > 1:
            parts.append(f"outputs={self.outputs}")
        return f"Network({', '.join([str(self.depth), *parts])})"


def require_network(net: Any) -> None:
    """Refuse what is no network with a sentence that says how one is made."""
    if not isinstance(net, Network):
        raise InputError(
            f"the network has type {type(net).__name__}; give a Network, for example "
            "Network(2, widths=32, decays='1/100')."
        )


def _per_layer(value: Any, count: int, name: str) -> tuple[Number, ...]:
    """``value`` repeated ``count`` times, or the ``count`` values that it holds; all exact."""
    if (isinstance(value, Sequence) and not isinstance(value, str)) or hasattr(value, "__array__"):
        values = tuple(value) if getattr(value, "shape", None) != () else (value,) * count
        if len(values) != count and not (len(values) == 0 and count == 0):
            raise InputError(
                f"{len(values)} {name} value{'s' * (len(values) != 1)} given for {count} "
                f"layer{'s' * (count != 1)}; give one value for all or exactly {count}."
            )
    else:
        values = (value,) * count
        exact(value, name)  # a bad value is reported even where no layer uses it
    return tuple(exact(item, f"the {name} of layer {i}") for i, item in enumerate(values, start=1))


def _noise_of_dropout(rate: Number, layer: int) -> Number:
    if isinstance(rate, Fraction) and not 0 <= rate < 1:
        raise InputError(
            f"the dropout of layer {layer} is {rate}; give a drop probability from 0 up to, but not "
            "including, 1."
        )
    return exact(rate / (1 - rate))


def _is_negative(value: Number) -> bool:
    return value < 0 if isinstance(value, Fraction) else value.is_negative is True


def _summary(values: Sequence[Any]) -> str:
    texts = [str(value) for value in values]
    if len(texts) > 6:
        texts = [*texts[:3], "…", texts[-1]]
    return ", ".join(texts)
