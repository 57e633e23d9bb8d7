"""The network: depth, widths, weight decays and noise variances.

One class serves three uses::

    Network.symbolic()                     # depth is the symbol D; every parameter a symbol
    Network.symbolic(3)                    # three hidden layers; every parameter a symbol
    Network(2, widths=32, decays="1/100", dropout="0.1")      # exact numbers

Numbers and symbols mix freely; what needs numbers says which parameter is still symbolic.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symderive.arithmetic.exact import Exact, Number, OneOrEach, sympify_exact
from symderive.arithmetic.turns import cached_property
from symderive.errors import InputError
from symderive.model.noise.of_network import WithNoise
from symderive.model.parameters import (
    feature_variances,
    is_symbolic,
    layer_variances,
    one_variance,
    own_groups,
    per_layer,
    require_not_negative,
    require_sizes,
    summary,
)
from symderive.notebooks import InNotebooks

if TYPE_CHECKING:
    from types import ModuleType

    import sympy

    from symderive.data.interface import Data

#: Largest depth of a network whose parameters are listed one by one.
MAX_DEPTH = 100_000


@dataclass(frozen=True, init=False, eq=False)
class Network(WithNoise, InNotebooks):
    """A deep linear network with weight decay and stochastic neurons.

    ``f(x) = U ε_D W_D … ε_1 W_1 x`` with ``D`` hidden layers of widths ``d_1 … d_D`` and independent noise
    of the neurons, of mean 1 and variance ``σ_i²`` in layer i.  The record holds the network's description
    and no weights; every value is exact.

    Parameters
    ----------
    depth : int
        Number of hidden layers; 0 is linear (ridge) regression.
    widths : Exact or sequence of Exact
        One width for all hidden layers, or ``depth`` of them; positive integers or SymPy symbols.
    decays : Exact or sequence of Exact
        Weight decays, dimension loss per squared weight: one for all ``depth + 1`` layers, or
        values in the order W_1 … W_D, U.  Not negative.  :func:`symderive.loss_decay` has them from an
        optimizer's ``weight_decay``; that of AdamW is another loss.
    noise : Exact or sequence of Exact, optional
        Noise *variances* σ_i² ≥ 0 (dimensionless), one or ``depth`` of them.  Default: no noise.
    dropout : Exact or sequence of Exact, optional
        Drop probabilities P in [0, 1) instead of ``noise``: inverted dropout has σ² = P / (1 - P).
    groups : Exact or sequence of Exact, optional
        How many groups of equal size the neurons of a layer form whose noise is one factor each: one number
        or ``depth`` of them, divisors of the widths; 1 is one factor for the layer.  Default, and () in the
        record: as many as neurons.
    weight_noise : Exact or sequence of Exact, optional
        Variances ω_i² ≥ 0 of a factor of every single weight: one, or ``depth + 1`` in the order of the
        decays.
    dropconnect : Exact or sequence of Exact, optional
        Drop probabilities of single weights (DropConnect) instead of ``weight_noise``.
    feature_noise : Exact or sequence of Exact, optional
        Variances of a factor of every feature: one, or one for each feature.
    feature_dropout : Exact or sequence of Exact, optional
        Drop probabilities of features (dropout on the input) instead of ``feature_noise``.
    feature_jitter : Exact or sequence of Exact, optional
        Variances of additive noise on the features, after their multiplicative noise, dimension of A in the
        coordinates of the data: one, or one for each feature.
    hidden_jitter : Exact, optional
        Variance of additive noise on every neuron of the last hidden layer.
    target_noise : Exact, optional
        Variance of additive noise on the target, dimension target².
    bias : bool, optional
        Whether the output has a free bias without decay; the data must then know the means of x and y.
    outputs : int, optional
        Number of outputs, 1 unless given.  More than one is for :func:`symderive.solve` with
        :class:`symderive.OutputMoments` alone: one hidden layer or none with any inputs, any depth with
        whitened ones; noise on hidden neurons in some cases, of features, of the last hidden layer
        by jitter, and of the targets in all of these.

    Raises
    ------
    InputError
        For values outside these ranges or a wrong number of them, and for what does not reduce to a scalar
        problem: additive noise in an earlier hidden layer.

    Notes
    -----
    *Exact* is an integer, a fraction, text such as ``"0.1"`` or ``"1/3"``, a float, which stands for its
    binary value, or a SymPy expression.  Numbers and symbols mix freely; what needs numbers says which
    parameter is still a symbol.

    References
    ----------
    Liu Ziyin, Botao Li, Xiangming Meng, *Exact Solutions of a Deep Linear Network*, NeurIPS 2022,
    arXiv:2202.04777, Eq. 1.

    Examples
    --------
    >>> Network(2, widths=32, decays="1/100", dropout="0.5").noise
    (Fraction(1, 1), Fraction(1, 1))
    >>> Network(1, widths=4, decays=["0.1", "0.2"]).decays
    (Fraction(1, 10), Fraction(1, 5))
    """

    depth: int | sympy.Symbol
    widths: tuple[Number, ...] | sympy.IndexedBase
    decays: tuple[Number, ...] | sympy.IndexedBase
    noise: tuple[Number, ...] | sympy.IndexedBase
    groups: tuple[Number, ...]
    weight_noise: tuple[Number, ...]
    feature_noise: tuple[Number, ...]
    feature_jitter: tuple[Number, ...]
    hidden_jitter: Number
    target_noise: Number
    bias: bool
    outputs: int

    def __init__(
        self,
        depth: int,
        *,
        widths: OneOrEach = (),
        decays: OneOrEach,
        noise: OneOrEach | None = None,
        dropout: OneOrEach | None = None,
        groups: OneOrEach | None = None,
        weight_noise: OneOrEach | None = None,
        dropconnect: OneOrEach | None = None,
        feature_noise: OneOrEach | None = None,
        feature_dropout: OneOrEach | None = None,
        feature_jitter: OneOrEach = 0,
        hidden_jitter: Exact = 0,
        target_noise: Exact = 0,
        bias: bool = False,
        outputs: int = 1,
    ) -> None:
        if isinstance(depth, bool) or not isinstance(depth, int) or not 0 <= depth <= MAX_DEPTH:
            raise InputError(
                f"depth is {depth!r}; give the number of hidden layers, from 0 to {MAX_DEPTH}."
            )
        if isinstance(outputs, bool) or not isinstance(outputs, int) or outputs < 1:
            raise InputError(f"outputs is {outputs!r}; give the number of outputs, at least 1.")
        if not isinstance(bias, bool):
            raise InputError(f"bias is {bias!r}; give True for a free bias of the output, else False.")
        blurs = layer_variances(noise, dropout, ("noise", "dropout"), depth)
        listed = per_layer(widths, depth, "width")
        self._set(
            depth=depth,
            widths=listed,
            decays=per_layer(decays, depth + 1, "decay"),
            noise=blurs,
            groups=own_groups(groups, listed),
            weight_noise=layer_variances(
                weight_noise, dropconnect, ("weight_noise", "dropconnect"), depth + 1
            ),
            feature_noise=feature_variances(
                feature_noise, feature_dropout, ("feature_noise", "feature_dropout")
            ),
            feature_jitter=feature_variances(feature_jitter, None, ("feature_jitter", "")),
            hidden_jitter=one_variance(hidden_jitter, "hidden_jitter"),
            target_noise=one_variance(target_noise, "target_noise"),
            bias=bias,
            outputs=outputs,
        )
        require_sizes(listed, self.group_counts)
        require_not_negative(self.decays, "decay of layer")
        if depth == 0 and self.hidden_jitter != 0:
            raise InputError("hidden_jitter is given and there is no hidden layer; leave it out.")

    def __eq__(self, other: object) -> bool:
        """Whether both are the same network, however it was told: noise that is 0 for every feature is no
        noise, and groups of neurons without noise are none.  One value for all features goes with data of
        any width, so that it is not the same as that value for each of two."""
        return self._content == other._content if isinstance(other, Network) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._content)

    @cached_property
    def _content(self) -> tuple[Any, ...]:
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("feature_noise", "feature_jitter"):
            values = told[name]
            told[name] = values[:1] if not any(value != 0 for value in values) else values
        for name, silent in (("groups", "noise"), ("weight_noise", "weight_noise")):
            if isinstance(told[silent], tuple) and not any(value != 0 for value in told[silent]):
                told[name] = ()
        return tuple(told.values())

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __getstate__(self) -> dict[str, Any]:
        """What it holds, and nothing that was worked out since."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def symbolic(cls, depth: int | None = None) -> Network:
        """The network whose parameters are the symbols d_i, γ_i, γ_u and σ_i.

        Parameters
        ----------
        depth : int, optional
            Number of hidden layers; without it the depth is the symbol D.

        Returns
        -------
        Network
            It can be reduced and printed; to be solved it needs numbers.

        Examples
        --------
        >>> Network.symbolic(1).decays
        (gamma[1], gamma_u)
        """
        from symderive import symbols as sy

        if depth is None:
            net = object.__new__(cls)
            net._set(depth=sy.D, widths=sy.d, decays=sy.gamma, noise=sy.sigma, **SILENT)
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
        listed = {
            "width": self.widths,
            "decay": self.decays,
            "noise": self.noise,
            "number of groups": self.groups,
            "weight noise": self.weight_noise,
        }
        alone = {
            "feature noise": self.feature_noise,
            "feature jitter": self.feature_jitter,
            "hidden jitter": (self.hidden_jitter,),
            "target noise": (self.target_noise,),
        }
        return (
            *(
                f"{name} of layer {i}"
                for name, values in listed.items()
                for i, value in enumerate(values, start=1)
                if is_symbolic(value)
            ),
            *(name for name, values in alone.items() if any(map(is_symbolic, values))),
        )

    def require_numeric(self) -> None:
        """Refuse a network with symbols.

        Raises
        ------
        InputError
            Naming the symbolic parameters, if there are any.
        """
        if names := self.free_parameters:
            raise InputError(
                f"the network's {', '.join(names[:4])} {'is' if len(names) == 1 else 'are'} symbolic; "
                "give numbers, for example Network(2, widths=32, decays='1/100')."
            )

    def require_one_output(self) -> None:
        """Refuse a network with several outputs.

        Raises
        ------
        InputError
            If there is more than one output.
        """
        if self.outputs > 1:
            raise InputError(
                f"the network has {self.outputs} outputs, which share its hidden layers; this is for one "
                "output; symderive.solve takes several, with OutputMoments: one hidden layer or none with "
                "any inputs, and any depth with white inputs."
            )

    def width(self, i: int | sympy.Expr) -> sympy.Expr:
        """The width d_i of a hidden layer.

        Parameters
        ----------
        i : int or sympy.Expr
            Number of the layer, from 1 to D.

        Returns
        -------
        sympy.Expr
            d_i, a number of neurons.
        """
        return self._parameter(self.widths, i)

    def decay(self, i: int | sympy.Expr) -> sympy.Expr:
        """The decay of a layer.

        Parameters
        ----------
        i : int or sympy.Expr
            Number of the layer: 1 to D for W_i, and D + 1 for U.

        Returns
        -------
        sympy.Expr
            γ_i, or γ_u for the output layer; dimension loss per squared weight.
        """
        if self.has_symbolic_depth and i == self.depth + 1:
            from symderive.symbols import gamma_u

            return gamma_u
        return self._parameter(self.decays, i)

    def variance(self, i: int | sympy.Expr) -> sympy.Expr:
        """The variance σ_i² of the noise of a hidden layer's neurons.

        Parameters
        ----------
        i : int or sympy.Expr
            Number of the layer, from 1 to D.

        Returns
        -------
        sympy.Expr
            σ_i², dimensionless.
        """
        if self.has_symbolic_depth:
            return self.noise[i] ** 2
        return self._parameter(self.noise, i)

    def weight_variance(self, i: int | sympy.Expr) -> sympy.Expr:
        """The variance ω_i² of the noise of each weight of a layer.

        Parameters
        ----------
        i : int or sympy.Expr
            Number of the layer: 1 to D for W_i, and D + 1 for U.

        Returns
        -------
        sympy.Expr
            ω_i², dimensionless; 0 where weights are not noisy.
        """
        return sympify_exact(Fraction(0) if self.has_symbolic_depth else self.weight_variances[i - 1])

    def _parameter(self, values: Any, i: Any) -> Any:
        return values[i] if self.has_symbolic_depth else sympify_exact(values[i - 1])

    def lambdify(self, target: str = "numpy", *, data: Data | None = None) -> ModuleType:
        """The same as :func:`symderive.lambdify` of this network, which new code calls.

        Parameters
        ----------
        target : str, optional
            What to compute with: ``"numpy"`` or ``"mpmath"``.
        data : Data, optional
            The data, where the network's noise needs them.

        Returns
        -------
        types.ModuleType
            A module that solves the network for other data.
        """
        from symderive.export.live import lambdify

        return lambdify(self, target, data=data)

    def with_depth(self, depth: int) -> Network:
        """The symbolic network with a number of hidden layers.

        Parameters
        ----------
        depth : int
            Number of hidden layers.

        Returns
        -------
        Network
            Of a network of symbolic depth that of this depth; any other network as it is.
        """
        return type(self).symbolic(depth) if self.has_symbolic_depth else replace(self)

    def __repr__(self) -> str:
        if self.has_symbolic_depth:
            return "Network.symbolic()"
        listed = {"widths": self.widths, "decays": self.decays, "noise": self.noise}
        told = {
            "groups": self.groups,
            "weight_noise": self.weight_noise,
            "feature_noise": self.feature_noise,
            "feature_jitter": self.feature_jitter,
        }
        alone = {"hidden_jitter": self.hidden_jitter, "target_noise": self.target_noise}
        parts = [f"{name}=({summary(values)})" for name, values in listed.items() if values]
        parts += [f"{name}=({summary(x)})" for name, x in told.items() if any(value != 0 for value in x)]
        parts += [f"{name}={value}" for name, value in alone.items() if value != 0]
        if self.bias:
            parts.append("bias=True")
        if self.outputs > 1:
            parts.append(f"outputs={self.outputs}")
        return f"Network({', '.join([str(self.depth), *parts])})"


#: What a network has that no kind of noise was given for beside that of its neurons.
SILENT: dict[str, Any] = {
    "groups": (),
    "weight_noise": (),
    "feature_noise": (Fraction(0),),
    "feature_jitter": (Fraction(0),),
    "hidden_jitter": Fraction(0),
    "target_noise": Fraction(0),
    "bias": False,
    "outputs": 1,
}


def require_network(net: Any) -> None:
    """Refuse what is no network with a sentence that says how one is made."""
    if not isinstance(net, Network):
        raise InputError(
            f"the network has type {type(net).__name__}; give a Network, for example "
            "Network(2, widths=32, decays='1/100')."
        )
