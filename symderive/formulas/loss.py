"""The expected regularized loss of a network, two of three ways.

:func:`index_loss`
    as the source paper prints it: sums over neurons, noise and expectations, nothing carried out;
:func:`expected_loss`
    a recursion over the layers with the expectations carried out, of a size linear in the depth, and
    :func:`loss_gradient`, its reverse sweep;

Both are a :class:`StraightLineProgram`, an ordered list of definitions.  The recursion takes every kind of
noise by what :class:`symderive.model.noise.Noise` asks of it, and a free output bias at its best.  The
third way, :func:`symderive.formulas.polynomial_loss.polynomial_loss`, is one polynomial for small networks.

References
----------
Liu Ziyin, Botao Li, Xiangming Meng, *Exact Solutions of a Deep Linear Network*, NeurIPS 2022,
arXiv:2202.04777, Eq. (1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagonalMatrix

from symderive import symbols as sy
from symderive.arithmetic.exact import sympify_exact
from symderive.formulas.straight_line import StraightLineProgram
from symderive.model.network import Network
from symderive.model.noise.neurons import own_factors
from symderive.statements.nodes import Expectation

# -- (a) index form ------------------------------------------------------------------------------------


def index_loss(network: Network) -> StraightLineProgram:
    """The loss L with sums over neurons, in the paper's index form.

    L = E_x E_ε (Σ U ε^D W^D … ε^1 W^1 x - y)² + decay.  A concrete depth gives one expression whose sum
    runs over all paths i_0, …, i_D.  A symbolic depth gives the outputs h of the layers by recursion.

    Parameters
    ----------
    network : Network
        Numeric or symbolic, with noise of single neurons alone.

    Returns
    -------
    StraightLineProgram
        Entries are W[layer, row, column], ε[layer, neuron].

    Raises
    ------
    InputError
        For other noise, a free bias and several outputs; :func:`expected_loss` takes the first two.

    References
    ----------
    Liu Ziyin, Botao Li, Xiangming Meng, *Exact Solutions of a Deep Linear Network*, NeurIPS 2022,
    arXiv:2202.04777, Eq. 1.

    Examples
    --------
    >>> index_loss(Network(0, decays="1/2"))
    L = Sum(U[j]**2, (j, 1, d[0]))/2 + E_x[E_epsilon[(-y + Sum(U[i[0]]*x[i[0]], (i[0], 1, d[0])))**2]]
    """
    network.require_one_output()
    network.require_neuron_noise("the index form is")
    steps: tuple[tuple[Any, Any], ...] = ()
    if network.has_symbolic_depth:
        below = sp.Sum(
            sy.W_entry[sy.i, sy.j, sy.k] * sy.h[sy.i - 1, sy.k], (sy.k, 1, width_of(network, sy.i - 1))
        )
        steps = ((sy.h[0, sy.j], sy.x[sy.j]), (sy.h[sy.i, sy.j], sy.epsilon[sy.i, sy.j] * below))
    error = path_sum(network) - sy.y
    data_term = Expectation(Expectation(error**2, sy.epsilon.label), sy.x.label)
    return StraightLineProgram((*steps, (sy.loss, data_term + entrywise_decay(network))))


def path_sum(network: Network) -> Any:
    """f(x), a sum over the paths through the network."""
    depth, at = network.depth, sy.path
    if network.has_symbolic_depth:
        return sp.Sum(sy.U_entry[sy.j] * sy.h[depth, sy.j], (sy.j, 1, width_of(network, depth)))
    term = sy.U_entry[at[depth]] * sy.x[at[0]]
    for i in range(1, depth + 1):
        term *= sy.epsilon[i, at[i]] * sy.W_entry[i, at[i], at[i - 1]]
    return sp.Sum(term, *((at[i], 1, width_of(network, i)) for i in range(depth + 1)))


def entrywise_decay(network: Network) -> Any:
    """The decay, a sum over all entries of the weights."""

    def squares(i: Any) -> Any:
        rows, columns = (sy.j, 1, width_of(network, i)), (sy.k, 1, width_of(network, i - 1))
        return network.decay(i) * sp.Sum(sy.W_entry[i, sy.j, sy.k] ** 2, columns, rows)

    depth = network.depth
    output = sp.Sum(sy.U_entry[sy.j] ** 2, (sy.j, 1, width_of(network, depth)))
    return network.decay(depth + 1) * output + _over_layers(network, squares)


# -- (b) matrix recursion ------------------------------------------------------------------------------


def expected_loss(network: Network) -> StraightLineProgram:
    """The loss L by recursion over the second moments of the layer outputs, the noise averaged.

    M_0 = A, v_0 = v;  S_i = W_i M_{i-1} W_iᵀ,  M_i = S_i + σ_i² Diag(S_i),  v_i = W_i v_{i-1};
    L = U M_D Uᵀ - 2 U v_D + c + γ_u‖U‖² + Σ γ_i‖W_i‖_F².

    Parameters
    ----------
    network : Network
        Numeric or symbolic, with one output and any noise.

    Returns
    -------
    StraightLineProgram
        Its last step is L.  The size grows linearly in the depth; a symbolic depth gives the recursion for
        layer i.

    Raises
    ------
    InputError
        For several outputs.

    Notes
    -----
    Noise of the features is in M_0 = A + Diag(σ_0² ∘ diag A) + Diag(s_0²); neurons in G equal groups have
    M_i = S_i + σ_i² E(G) ∘ S_i; noise of the weights adds ω_i² Diag(W_i Diag(M_{i-1}) W_iᵀ) to S_i, and to
    E f² likewise; that of the last hidden layer adds s² to the diagonal of M_D, that of the target to c.
    With a free bias at its best, ȳ - U x̄_D, v and c are centered here, v_0 = v - ȳ x̄ and c - ȳ², and
    (U x̄_D)² is taken off, where x̄_i = W_i x̄_{i-1} and x̄_0 = x̄; A, v and c are about 0.

    Examples
    --------
    >>> print(expected_loss(Network.symbolic(1)))
    M_0 = A
    v_0 = v
    S_1 = W_1*M_0*W_1.T
    M_1 = sigma[1]**2*DiagonalMatrix(S_1) + S_1
    v_1 = W_1*v_0
    Eff = U*M_1*U.T
    Efy = U*v_1
    Omega = gamma_u*Trace(U*U.T) + gamma[1]*Trace(W_1*W_1.T)
    L = Eff - 2*Efy + Omega + c
    """
    network.require_one_output()
    M, S, v, h = (_family(network, symbol) for symbol in (sy.M, sy.S, sy.v_i, sy.x_bar))
    (*W, U), depth, bias = layers(network), network.depth, network.bias
    steps = [(M(0), noisy_features(network, sy.A)), (v(0), sy.v - sy.y_mean * sy.x_mean if bias else sy.v)]
    steps += [(h(0), sy.x_mean)] if bias else []
    for i, W_i in zip(_layer_indices(network), W, strict=True):
        blurred = _with_noise(network, S(i), i)
        if i == depth and (added := network.last_layer_variance) != 0:
            blurred += sympify_exact(added) * sp.Identity(width_of(network, i))
        steps += [
            (S(i), _second_moment(network, W_i, M(i - 1), i)),
            (M(i), blurred),
            (v(i), W_i * v(i - 1)),
        ]
        steps += [(h(i), W_i * h(i - 1))] if bias else []
    steps += [(sy.mean, U * h(depth))] if bias else []
    W_of = _family(network, sy.W)
    decay = network.decay(depth + 1) * sp.Trace(U * U.T) + _over_layers(
        network, lambda i: network.decay(i) * sp.Trace(W_of(i) * W_of(i).T)
    )
    return StraightLineProgram(
        (
            *steps,
            (sy.f_square, _second_moment(network, U, M(depth), depth + 1)),
            (sy.f_target, U * v(depth)),
            (sy.decay_term, decay),
            (sy.loss, sy.f_square - 2 * sy.f_target + _target_moment(network, sy.c) + sy.decay_term),
        )
    )


def noisy_features(network: Network, A: Any) -> Any:
    """A' = A + Diag(relative ∘ diag A) + Diag(absolute), a SymPy expression in the matrix A."""
    if network.has_symbolic_depth:
        return A
    relative, absolute = ([sympify_exact(value) for value in values] for values in network.feature_effect)
    if any(relative):
        A += _as_diagonal(relative, sp.Identity(A.shape[0])) * _diagonal(A)
    if any(absolute):
        A += _as_diagonal(absolute, sp.Identity(A.shape[0]))
    return A


def _diagonal(M: Any) -> Any:
    """M with zeros off its diagonal."""
    return M if M.is_Identity else DiagonalMatrix(M)


def _as_diagonal(values: list[Any], identity: Any) -> Any:
    """Diag(values), where one value stands for all."""
    return values[0] * identity if len(values) == 1 else sp.DiagMatrix(sp.ImmutableMatrix(values))


def _target_moment(network: Network, c: Any) -> Any:
    """c with the noise of the target, centered for a free bias; without its mean square where that is."""
    if network.has_symbolic_depth:
        return c
    centered = c - sy.y_mean**2 - sy.mean**2 if network.bias else c
    return centered + sympify_exact(network.target_variance)


def loss_gradient(network: Network) -> StraightLineProgram:
    """The loss and its gradient: :func:`expected_loss` followed by the reverse sweep.

    Parameters
    ----------
    network : Network
        Numeric or symbolic, with one output and any noise.

    Returns
    -------
    StraightLineProgram
        A bar marks the derivative of L by what it stands on: Ū and W̄_i are the gradient;
        :func:`gradient_layers` has their names.

    Raises
    ------
    InputError
        For several outputs.

    Notes
    -----
    Noise of the neurons is its own adjoint.  A free bias adds f̄ x̄_i to v_i, where f̄ = U x̄_D.

    Examples
    --------
    >>> print(StraightLineProgram(loss_gradient(Network.symbolic(1)).steps[-7:]))
    Ubar = (2*gamma_u)*U + 2*U*M_1 - 2*v_1.T
    Mbar_1 = U.T*U
    vbar_1 = -2*U.T
    Sbar_1 = sigma[1]**2*DiagonalMatrix(Mbar_1) + Mbar_1
    Wbar_1 = (2*gamma[1])*W_1 + 2*Sbar_1*W_1*M_0 + vbar_1*v_0.T
    Mbar_0 = W_1.T*Sbar_1*W_1
    vbar_0 = W_1.T*vbar_1
    """
    network.require_one_output()
    M, v, h, M_bar, S_bar, v_bar, W_bar = (
        _family(network, symbol)
        for symbol in (sy.M, sy.v_i, sy.x_bar, sy.M_bar, sy.S_bar, sy.v_bar, sy.W_bar)
    )
    (*W, U), depth = layers(network), network.depth
    U_bar = sp.MatrixSymbol(sy.U_bar.name, *U.shape)

    def signal(i: Any) -> Any:
        """The column that v_i is in the derivative of all but E f² and the decay."""
        return (v(i) + sy.mean * h(i)).T if network.bias else v(i).T

    def quadratic(S: Any, W_i: Any, i: Any) -> Any:
        """Half the derivative of tr(S S_i) by W_i, for a symmetric S; None is the number 1."""
        variance, own = network.weight_variance(i), W_i * _diagonal(M(i - 1))
        plain = W_i * M(i - 1)
        if S is not None:
            plain, own = S * plain, _diagonal(S) * own
        return 2 * plain + 2 * variance * own if variance != 0 else 2 * plain

    steps = [
        (U_bar, quadratic(None, U, depth + 1) - 2 * signal(depth) + 2 * network.decay(depth + 1) * U),
        (M_bar(depth), _second_moment(network, U.T, sp.Identity(1), depth + 1)),
        (v_bar(depth), -2 * U.T),
    ]
    for i, W_i in zip(reversed(_layer_indices(network)), reversed(W), strict=True):
        steps += [
            (S_bar(i), _with_noise(network, M_bar(i), i)),
            (W_bar(i), quadratic(S_bar(i), W_i, i) + v_bar(i) * signal(i - 1) + 2 * network.decay(i) * W_i),
            (M_bar(i - 1), _second_moment(network, W_i.T, S_bar(i), i)),
            (v_bar(i - 1), W_i.T * v_bar(i)),
        ]
    return StraightLineProgram((*expected_loss(network), *steps))


def layers(network: Network) -> tuple[Any, ...]:
    """The weights (W_1, …, W_D, U) as matrix symbols; (W_i, U) for a symbolic depth."""
    W = _family(network, sy.W)
    return (
        *(W(i) for i in _layer_indices(network)),
        sp.MatrixSymbol(sy.U.name, 1, width_of(network, network.depth)),
    )


def gradient_layers(network: Network) -> tuple[sp.MatrixSymbol, ...]:
    """The names (W̄_1, …, W̄_D, Ū) under which :func:`loss_gradient` defines the gradient.

    Parameters
    ----------
    network : Network
        Numeric or symbolic.

    Returns
    -------
    tuple of sympy.MatrixSymbol
        One for each layer; (W̄_i, Ū) for a symbolic depth.

    Examples
    --------
    >>> gradient_layers(Network.symbolic(1))
    (Wbar_1, Ubar)
    """
    W_bar = _family(network, sy.W_bar)
    return (
        *(W_bar(i) for i in _layer_indices(network)),
        sp.MatrixSymbol(sy.U_bar.name, 1, width_of(network, network.depth)),
    )


def _with_noise(network: Network, matrix: Any, i: Any) -> Any:
    """The noise of the neurons of layer i on a second moment, or on its adjoint."""
    if network.has_symbolic_depth:
        return own_factors(matrix, network.variance(i))
    for noise in network.noises:
        matrix = noise.neuron_moments(matrix, i)
    return matrix


def _second_moment(network: Network, W: Any, M: Any, i: Any) -> Any:
    """W M Wᵀ + ω_i² Diag(W Diag(M) Wᵀ); a row, as U is, has one entry and needs no Diag around it."""
    moment, variance = W * M * W.T, network.weight_variance(i)
    if variance == 0:
        return moment
    own = W * _diagonal(M) * W.T
    return moment + variance * (own if W.shape[0] == 1 else _diagonal(own))


# -- layers --------------------------------------------------------------------------------------------


def width_of(network: Network, i: Any) -> Any:
    """d_i, where layer 0 holds the features."""
    return sy.n_in if i == 0 else network.width(i)


def _layer_indices(network: Network) -> list[Any]:
    return [sy.i] if network.has_symbolic_depth else list(range(1, network.depth + 1))


def _family(network: Network, symbol: Any) -> Callable[[Any], Any]:
    """The matrices of all layers that go by the name of ``symbol``, in the shapes of the network."""

    def size(dimension: Any, i: Any) -> Any:
        # The symbol is declared at layer i with shapes d_i, d_{i-1} and 1.
        return width_of(network, i + dimension.indices[0] - sy.i) if dimension != 1 else dimension

    return lambda i: sy.LayerMatrix(symbol.name, i, *(size(dimension, i) for dimension in symbol.shape))


def _over_layers(network: Network, term: Callable[[Any], Any]) -> Any:
    """Σ term(i) over the hidden layers."""
    if network.has_symbolic_depth:
        return sp.Sum(term(sy.i), (sy.i, 1, network.depth))
    return sp.Add(*(term(i) for i in range(1, network.depth + 1)))
