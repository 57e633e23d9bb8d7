"""The expected regularized loss of a network, three ways.

:func:`index_loss`
    as the source paper prints it: sums over neurons, noise and expectations, nothing carried out;
:func:`expected_loss`
    a recursion over the layers with the expectations carried out, of a size linear in the depth, and
    :func:`loss_gradient`, its reverse sweep;
:func:`polynomial_loss`
    one polynomial in the weight entries, for small networks.

Each is a :class:`Program`, an ordered list of definitions.  The noise average is taken by
:func:`symderive.expectation.average`, from E ε = 1 and E ε² = 1 + σ² alone.

References
----------
Liu Ziyin, Botao Li, Xiangming Meng, *Exact Solutions of a Deep Linear Network*, NeurIPS 2022,
arXiv:2202.04777, Eq. (1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagonalMatrix

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.expectation import Expectation, average, average_quadratic, noise_moments
from symderive.network import Network

#: Most terms of f² that :func:`polynomial_loss` writes out.
MAX_TERMS = 20_000


@dataclass(frozen=True)
class Program:
    """An ordered list of definitions; each uses the inputs and the names defined before it.

    Attributes
    ----------
    steps
        Pairs of a name (matrix or scalar symbol) and its expression.  A name that carries the symbol i
        is defined by recursion, for i = 1 … D or, where it is defined from layer i + 1, downwards.

    A 1 × 1 matrix stands for its entry where the name is a scalar.
    """

    steps: tuple[tuple[Any, Any], ...]

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, name: Any) -> Any:
        """The expression that defines ``name``."""
        return dict(self.steps)[name]

    @property
    def result(self) -> Any:
        """The expression of the last step."""
        return self.steps[-1][1]

    @property
    def size(self) -> int:
        """Number of nodes of all expressions."""
        return sum(1 for _, value in self.steps for _ in sp.preorder_traversal(value))

    def __repr__(self) -> str:
        return "\n".join(f"{name} = {value}" for name, value in self.steps)

    def _repr_latex_(self) -> str:
        rows = (f"{sy.latex(name)} &= {sy.latex(value)}" for name, value in self.steps)
        return r"$\displaystyle \begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}$"


# -- (a) index form ------------------------------------------------------------------------------------


def index_loss(network: Network) -> Program:
    """L = E_x E_ε (Σ U ε^D W^D … ε^1 W^1 x - y)² + decay, with sums over neurons (paper's Eq. 1).

    A concrete depth gives one expression whose sum runs over all paths i_0, …, i_D.  A symbolic depth
    gives the outputs h of the layers by recursion.  Entries are W[layer, row, column], ε[layer,
    neuron].

    >>> index_loss(Network(0, decays="1/2"))
    L = E_x[E_epsilon[(-y + Sum(U[i[0]]*x[i[0]], (i[0], 1, d[0])))**2]] + Sum(U[j]**2, (j, 1, d[0]))/2
    """
    steps: tuple[tuple[Any, Any], ...] = ()
    if network.has_symbolic_depth:
        below = sp.Sum(
            sy.W_entry[sy.i, sy.j, sy.k] * sy.h[sy.i - 1, sy.k], (sy.k, 1, _width(network, sy.i - 1))
        )
        steps = ((sy.h[0, sy.j], sy.x[sy.j]), (sy.h[sy.i, sy.j], sy.epsilon[sy.i, sy.j] * below))
    error = _path_sum(network) - sy.y
    data_term = Expectation(Expectation(error**2, sy.epsilon.label), sy.x.label)
    return Program((*steps, (sy.loss, data_term + _entrywise_decay(network))))


def _path_sum(network: Network) -> Any:
    """f(x), a sum over the paths through the network."""
    depth, at = network.depth, sy.path
    if network.has_symbolic_depth:
        return sp.Sum(sy.U_entry[sy.j] * sy.h[depth, sy.j], (sy.j, 1, _width(network, depth)))
    term = sy.U_entry[at[depth]] * sy.x[at[0]]
    for i in range(1, depth + 1):
        term *= sy.epsilon[i, at[i]] * sy.W_entry[i, at[i], at[i - 1]]
    return sp.Sum(term, *((at[i], 1, _width(network, i)) for i in range(depth + 1)))


def _entrywise_decay(network: Network) -> Any:
    def squares(i: Any) -> Any:
        rows, columns = (sy.j, 1, _width(network, i)), (sy.k, 1, _width(network, i - 1))
        return network.decay(i) * sp.Sum(sy.W_entry[i, sy.j, sy.k] ** 2, columns, rows)

    depth = network.depth
    output = sp.Sum(sy.U_entry[sy.j] ** 2, (sy.j, 1, _width(network, depth)))
    return network.decay(depth + 1) * output + _over_layers(network, squares)


# -- (b) matrix recursion ------------------------------------------------------------------------------


def expected_loss(network: Network) -> Program:
    """L by recursion over the second moments of the layer outputs, the noise averaged.

    M_0 = A, v_0 = v;  S_i = W_i M_{i-1} W_iᵀ,  M_i = S_i + σ_i² Diag(S_i),  v_i = W_i v_{i-1};
    L = U M_D Uᵀ - 2 U v_D + c + γ_u‖U‖² + Σ γ_i‖W_i‖_F².

    A symbolic depth gives the recursion for layer i.  The size grows linearly in the depth.

    >>> print(expected_loss(Network.symbolic(1)))
    M_0 = A
    v_0 = v
    S_1 = W_1*M_0*W_1.T
    M_1 = sigma[1]**2*DiagonalMatrix(S_1) + S_1
    v_1 = W_1*v_0
    Eff = U*M_1*U.T
    Efy = U*v_1
    Omega = gamma[1]*Trace(W_1*W_1.T) + gamma_u*Trace(U*U.T)
    L = Eff - 2*Efy + Omega + c
    """
    M, S, v = (_family(network, symbol) for symbol in (sy.M, sy.S, sy.v_i))
    (*W, U), depth = layers(network), network.depth
    steps = [(M(0), sy.A), (v(0), sy.v)]
    for i, W_i in zip(_layer_indices(network), W, strict=True):
        steps += [
            (S(i), W_i * M(i - 1) * W_i.T),
            (M(i), _with_noise(S(i), network.variance(i))),
            (v(i), W_i * v(i - 1)),
        ]
    W_of = _family(network, sy.W)
    decay = network.decay(depth + 1) * sp.Trace(U * U.T) + _over_layers(
        network, lambda i: network.decay(i) * sp.Trace(W_of(i) * W_of(i).T)
    )
    return Program(
        (
            *steps,
            (sy.f_square, U * M(depth) * U.T),
            (sy.f_target, U * v(depth)),
            (sy.decay_term, decay),
            (sy.loss, sy.f_square - 2 * sy.f_target + sy.c + sy.decay_term),
        )
    )


def loss_gradient(network: Network) -> Program:
    """The loss and its gradient: :func:`expected_loss` followed by the reverse sweep.

    A bar marks the derivative of L by what it stands on: Ū and W̄_i are the gradient.  The map
    S ↦ S + σ² Diag(S) is its own adjoint.

    >>> print(Program(loss_gradient(Network.symbolic(1)).steps[-7:]))
    Ubar = (2*gamma_u)*U + 2*U*M_1 - 2*v_1.T
    Mbar_1 = U.T*U
    vbar_1 = -2*U.T
    Sbar_1 = sigma[1]**2*DiagonalMatrix(Mbar_1) + Mbar_1
    Wbar_1 = (2*gamma[1])*W_1 + 2*Sbar_1*W_1*M_0 + vbar_1*v_0.T
    Mbar_0 = W_1.T*Sbar_1*W_1
    vbar_0 = W_1.T*vbar_1
    """
    M, v, M_bar, S_bar, v_bar, W_bar = (
        _family(network, symbol) for symbol in (sy.M, sy.v_i, sy.M_bar, sy.S_bar, sy.v_bar, sy.W_bar)
    )
    (*W, U), depth = layers(network), network.depth
    U_bar = sp.MatrixSymbol(sy.U_bar.name, *U.shape)
    steps = [
        (U_bar, 2 * U * M(depth) - 2 * v(depth).T + 2 * network.decay(depth + 1) * U),
        (M_bar(depth), U.T * U),
        (v_bar(depth), -2 * U.T),
    ]
    for i, W_i in zip(reversed(_layer_indices(network)), reversed(W), strict=True):
        steps += [
            (S_bar(i), _with_noise(M_bar(i), network.variance(i))),
            (W_bar(i), 2 * S_bar(i) * W_i * M(i - 1) + v_bar(i) * v(i - 1).T + 2 * network.decay(i) * W_i),
            (M_bar(i - 1), W_i.T * S_bar(i) * W_i),
            (v_bar(i - 1), W_i.T * v_bar(i)),
        ]
    return Program((*expected_loss(network), *steps))


def layers(network: Network) -> tuple[Any, ...]:
    """The weights (W_1, …, W_D, U) as matrix symbols; (W_i, U) for a symbolic depth."""
    W = _family(network, sy.W)
    return (
        *(W(i) for i in _layer_indices(network)),
        sp.MatrixSymbol(sy.U.name, 1, _width(network, network.depth)),
    )


def gradient_layers(network: Network) -> tuple[Any, ...]:
    """The names (W̄_1, …, W̄_D, Ū) under which :func:`loss_gradient` defines the gradient."""
    W_bar = _family(network, sy.W_bar)
    return (
        *(W_bar(i) for i in _layer_indices(network)),
        sp.MatrixSymbol(sy.U_bar.name, 1, _width(network, network.depth)),
    )


def _with_noise(matrix: Any, variance: Any) -> Any:
    """E ε_j ε_k S_jk as a matrix: one mean off the diagonal, where j ≠ k, another on it."""
    one, other = sy.epsilon[sy.i, sy.j], sy.epsilon[sy.i, sy.k]
    moments = noise_moments(variance)
    off_diagonal = average(one * other, {one: moments, other: moments})
    diagonal = average(one * one, {one: moments})
    return off_diagonal * matrix + (diagonal - off_diagonal) * DiagonalMatrix(matrix)


# -- (c) polynomial ------------------------------------------------------------------------------------


def polynomial_loss(
    network: Network, *, features: int | None = None, A: Any = None, v: Any = None, c: Any = sy.c
) -> Any:
    """L as a polynomial in the entries of the weights, for small networks of given widths.

    The index form is written out and averaged monomial by monomial: over the noise, then over the data.

    Parameters
    ----------
    features
        Number of features d, with symbols for the entries of A and v.
    A, v, c
        Explicit moments instead; A of shape (d, d) and v of d entries.

    Raises
    ------
    InputError
        For symbolic widths or depth, or where f² has more than MAX_TERMS terms.

    Examples
    --------
    >>> polynomial_loss(Network(0, decays="1/2"), features=1)
    c + A[1, 1]*U[1]**2 + U[1]**2/2 - 2*U[1]*v[1]
    """
    if A is None or v is None:
        if features is None:
            raise InputError("neither features nor A and v are given; say how many features there are.")
        A, v = symbolic_moments(features)
    widths = _explicit_widths(network, sp.Matrix(A).rows)
    x = [sy.x[i] for i in range(1, widths[0] + 1)]
    noise = {
        sy.epsilon[i, j]: noise_moments(network.variance(i))
        for i in range(1, network.depth + 1)
        for j in range(1, widths[i] + 1)
    }
    concrete = {sy.n_in: widths[0]}
    error = _path_sum(network).subs(concrete).doit() - sy.y
    second = sp.Matrix([[sp.Matrix(A), sp.Matrix(v)], [sp.Matrix(v).T, sp.Matrix([[c]])]])
    data_term = average_quadratic(average(error**2, noise), [*x, sy.y], second)
    return sp.expand(data_term + _entrywise_decay(network).subs(concrete).doit())


def symbolic_moments(features: int) -> tuple[Any, Any]:
    """A (symmetric) and v with an indexed symbol for every entry, counted from 1.

    >>> symbolic_moments(2)[0]
    Matrix([
    [A[1, 1], A[1, 2]],
    [A[1, 2], A[2, 2]]])
    """
    A = sp.ImmutableMatrix(features, features, lambda j, k: sy.A_entry[min(j, k) + 1, max(j, k) + 1])
    return A, sp.ImmutableMatrix(features, 1, lambda j, _: sy.v_entry[j + 1])


def symbolic_weights(network: Network, *, features: int) -> tuple[Any, ...]:
    """Explicit matrices (W_1, …, W_D, U) with the entries that :func:`polynomial_loss` uses."""
    widths = _explicit_widths(network, features)
    U = sp.ImmutableMatrix(1, widths[-1], lambda _, k: sy.U_entry[k + 1])
    return (
        *(
            sp.ImmutableMatrix(widths[i], widths[i - 1], lambda j, k, i=i: sy.W_entry[i, j + 1, k + 1])
            for i in range(1, network.depth + 1)
        ),
        U,
    )


def _explicit_widths(network: Network, features: int) -> list[int]:
    """The widths of layers 0 … D as integers."""
    if network.has_symbolic_depth:
        raise InputError("the depth is symbolic; give a number of layers, for example net.with_depth(2).")
    widths = [network.width(i) for i in range(1, network.depth + 1)]
    for i, width in enumerate(widths, start=1):
        if not width.is_Integer:
            raise InputError(f"width {i} is {width}; entries are written out for widths that are numbers.")
    sizes = [features, *map(int, widths)]
    if (terms := reduce(lambda product, size: product * size, sizes, 1) ** 2) > MAX_TERMS:
        raise InputError(
            f"f squared has up to {terms} terms, more than {MAX_TERMS}; use expected_loss, the recursion."
        )
    return sizes


# -- evaluation ----------------------------------------------------------------------------------------


def evaluate(
    program: Program, values: Mapping[Any, Any], *, number: Callable[[Any], Any] = sp.S
) -> dict[Any, Any]:
    """Run a straight-line program of concrete depth on matrices of any kind of numbers.

    Parameters
    ----------
    program
        From :func:`expected_loss` or :func:`loss_gradient`.
    values
        Every input (weights as :func:`layers` names them, A, v, c, symbolic parameters) with its
        value; matrices as nested lists, NumPy arrays or SymPy matrices, v as a column.
    number
        Makes a number of that kind from a SymPy rational; the default keeps it.

    Returns
    -------
    dict
        The value of every name: NumPy object arrays for matrices, numbers for scalars.

    Raises
    ------
    InputError
        For an input without a value, such as the symbolic layer of a network of symbolic depth.
    """
    import numpy as np

    def array(value: Any) -> Any:
        if isinstance(value, sp.MatrixBase):
            value = value.tolist()
        return np.array(value, dtype=object) if isinstance(value, (list, tuple)) else value

    # A NumPy array stands left of every number, since SymPy's numbers would swallow it.
    def product(*factors: Any) -> Any:
        matrices = [factor for factor in factors if isinstance(factor, np.ndarray)]
        scalars = [factor for factor in factors if not isinstance(factor, np.ndarray)]
        result = reduce(lambda left, right: left @ right, matrices) if matrices else number(sp.S.One)
        return reduce(lambda left, right: left * right, scalars, result)

    rules: dict[Any, Callable[..., Any]] = {
        sp.Add: lambda *terms: reduce(lambda left, right: left + right, terms),
        sp.MatAdd: lambda *terms: reduce(lambda left, right: left + right, terms),
        sp.Mul: product,
        sp.MatMul: product,
        sp.Pow: lambda base, power: base**power,
        sp.Transpose: np.transpose,
        sp.Trace: np.trace,
        DiagonalMatrix: lambda matrix: np.diag(np.diag(matrix)),
    }

    def value_of(expression: Any) -> Any:
        if expression in known:
            return known[expression]
        if expression.is_Rational:
            return number(expression)
        if expression.func is sp.Pow and expression.exp.is_Integer:
            return value_of(expression.base) ** int(expression.exp)
        if rule := rules.get(expression.func):
            return rule(*map(value_of, expression.args))
        raise InputError(f"{expression} has no value; give one for it, and a network of concrete depth.")

    known = {name: array(value) for name, value in values.items()}
    for name, expression in program:
        result = value_of(expression)
        scalar = isinstance(name, sp.Symbol) and isinstance(result, np.ndarray)
        known[name] = result[0, 0] if scalar else result
    return known


# -- layers --------------------------------------------------------------------------------------------


def _width(network: Network, i: Any) -> Any:
    """d_i, where layer 0 holds the features."""
    return sy.n_in if i == 0 else network.width(i)


def _layer_indices(network: Network) -> list[Any]:
    return [sy.i] if network.has_symbolic_depth else list(range(1, network.depth + 1))


def _family(network: Network, symbol: Any) -> Callable[[Any], Any]:
    """The matrices of all layers that go by the name of ``symbol``, in the shapes of the network."""

    def size(dimension: Any, i: Any) -> Any:
        # The symbol is declared at layer i with shapes d_i, d_{i-1} and 1.
        return _width(network, i + dimension.indices[0] - sy.i) if dimension != 1 else dimension

    return lambda i: sy.LayerMatrix(symbol.name, i, *(size(dimension, i) for dimension in symbol.shape))


def _over_layers(network: Network, term: Callable[[Any], Any]) -> Any:
    """Σ term(i) over the hidden layers."""
    if network.has_symbolic_depth:
        return sp.Sum(term(sy.i), (sy.i, 1, network.depth))
    return sp.Add(*(term(i) for i in range(1, network.depth + 1)))
