"""The expected regularized loss as one polynomial in the entries of the weights, for small networks."""

from __future__ import annotations

from math import prod
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.formulas.expectation import average, average_quadratic, noise_moments
from symderive.formulas.loss import entrywise_decay, expected_loss, layers, path_sum
from symderive.formulas.straight_line import evaluate
from symderive.model.network import Network

#: Most terms of f² that :func:`polynomial_loss` writes out.
MAX_TERMS = 20_000


def polynomial_loss(
    network: Network,
    *,
    features: int | None = None,
    A: sp.MatrixBase | None = None,
    v: sp.MatrixBase | None = None,
    c: sp.Expr = sy.c,
    x_mean: sp.MatrixBase | None = None,
    y_mean: sp.Expr = sy.y_mean,
) -> sp.Expr:
    """The loss L as a polynomial in the entries of the weights, for small networks of given widths.

    For noise of single neurons the index form is written out and averaged monomial by monomial: over the
    noise, then over the data.  Other noise is that of :func:`expected_loss`, multiplied out.

    Parameters
    ----------
    network : Network
        Of numeric depth and widths.
    features : int, optional
        Number of features d, with symbols for the entries of A and v.
    A : sympy.Matrix, optional
        An explicit second moment of shape (d, d) instead.
    v : sympy.Matrix, optional
        Explicit mixed moments, d entries.
    c : sympy.Expr, optional
        E[y²]; a symbol unless given.
    x_mean : sympy.Matrix, optional
        The d means of the features that a free bias asks for; symbols unless given.
    y_mean : sympy.Expr, optional
        The mean of the target, likewise.

    Returns
    -------
    sympy.Expr
        The polynomial, multiplied out.

    Raises
    ------
    InputError
        For symbolic widths or depth, or where f² has more than 20 000 terms.

    Examples
    --------
    >>> polynomial_loss(Network(0, decays="1/2"), features=1)
    c + A[1, 1]*U[1]**2 + U[1]**2/2 - 2*U[1]*v[1]
    """
    network.require_one_output()
    if A is None or v is None:
        if features is None:
            raise InputError("neither features nor A and v are given; say how many features there are.")
        A, v = symbolic_moments(features)
    widths = _explicit_widths(network, sp.Matrix(A).rows)
    if network.has_other_noise:
        return _multiplied_out(network, sp.ImmutableMatrix(A), v, c, (x_mean, y_mean))
    x = [sy.x[i] for i in range(1, widths[0] + 1)]
    noise = {
        sy.epsilon[i, j]: noise_moments(network.variance(i))
        for i in range(1, network.depth + 1)
        for j in range(1, widths[i] + 1)
    }
    concrete = {sy.n_in: widths[0]}
    error = path_sum(network).subs(concrete).doit() - sy.y
    second = sp.Matrix([[sp.Matrix(A), sp.Matrix(v)], [sp.Matrix(v).T, sp.Matrix([[c]])]])
    data_term = average_quadratic(average(error**2, noise), [*x, sy.y], second)
    return sp.expand(data_term + entrywise_decay(network).subs(concrete).doit())


def _multiplied_out(network: Network, A: Any, v: Any, c: Any, means: tuple[Any, Any]) -> Any:
    """The recursion on matrices with a symbol for every entry."""
    program, (x_mean, y_mean) = expected_loss(network), means
    if x_mean is None:
        x_mean = [sy.x_mean_entry[j + 1] for j in range(A.rows)]
    letters = {x for _, value in program for x in value.atoms(sp.Symbol, sp.Indexed)}
    values = {
        **{x: x for x in letters.difference(name for name, _ in program)},
        **dict(zip(layers(network), symbolic_weights(network, features=A.rows), strict=True)),
        sy.A: A,
        sy.v: sp.Matrix(v).reshape(A.rows, 1),
        sy.c: c,
        sy.n_in: sp.Integer(A.rows),
        sy.x_mean: sp.Matrix(x_mean).reshape(A.rows, 1),
        sy.y_mean: y_mean,
    }
    return sp.expand(evaluate(program, values)[sy.loss])


def symbolic_moments(features: int) -> tuple[Any, Any]:
    """A (symmetric) and v with an indexed symbol for every entry, counted from 1.

    >>> symbolic_moments(2)[0]
    Matrix([
    [A[1, 1], A[1, 2]],
    [A[1, 2], A[2, 2]]])
    """
    A = sp.ImmutableMatrix(features, features, lambda j, k: sy.A_entry[min(j, k) + 1, max(j, k) + 1])
    return A, sp.ImmutableMatrix(features, 1, lambda j, _: sy.v_entry[j + 1])


def symbolic_weights(network: Network, *, features: int) -> tuple[sp.ImmutableMatrix, ...]:
    """Explicit matrices of the weights, with the entries that :func:`polynomial_loss` uses.

    Parameters
    ----------
    network : Network
        Of numeric depth and widths.
    features : int
        Number of features d.

    Returns
    -------
    tuple of sympy.ImmutableMatrix
        (W_1, …, W_D, U) of shapes (d_i, d_{i-1}) and (1, d_D).

    Raises
    ------
    InputError
        For symbolic widths or depth.

    Examples
    --------
    >>> symbolic_weights(Network(1, widths=2, decays=1), features=1)[1]
    Matrix([[U[1], U[2]]])
    """
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
            raise InputError(
                f"the width of layer {i} is {width}; entries are written out for widths that are numbers."
            )
    sizes = [features, *map(int, widths)]
    if (terms := prod(sizes) ** 2) > MAX_TERMS:
        raise InputError(
            f"f squared has up to {terms} terms, more than {MAX_TERMS}; use expected_loss, the recursion."
        )
    return sizes
