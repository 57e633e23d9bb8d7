"""Which networks with several outputs are solved, by what, and why others are not.

A case says when it applies and how it is solved; the first that applies solves.  What none of them takes is
refused with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias, cast

from symderive.arithmetic.exact import check_digits
from symderive.data.output_moments import OutputMoments
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.outputs.autoencoder import is_autoencoder, solve_autoencoder
from symderive.outputs.closed import ClosedOutputs
from symderive.outputs.convex import ConvexOutputs, solve_convex, solve_ridge
from symderive.outputs.dropout import solve_dropout
from symderive.outputs.landscape import OutputLandscape, solve_modes
from symderive.outputs.reduced import Reduced, reduced
from symderive.outputs.undecayed import solve_undecayed

#: What a network with several outputs is solved to.
SolvedOutputs: TypeAlias = OutputLandscape | ClosedOutputs | ConvexOutputs


class Case(NamedTuple):
    """Networks and data that are solved alike: ``solve`` takes them, and digits, where they ``apply``."""

    applies: Callable[[Network, OutputMoments], bool]
    solve: Callable[[Network, OutputMoments, int], Any]


def _is_only_decayed(net: Network) -> bool:
    """Whether all layers are decayed, and none is noisy."""
    return all(net.decays) and not any(net.noise)


def _is_undecayed(net: Network) -> bool:
    """Whether no layer is decayed, and noise, if any, is on the only hidden layer."""
    return net.depth > 0 and not any(net.decays) and (net.depth == 1 or not any(net.noise))


CASES: tuple[Case, ...] = (
    Case(lambda net, _: _is_undecayed(net), solve_undecayed),
    Case(lambda net, data: _is_only_decayed(net) and data.is_isotropic, solve_modes),
    Case(lambda net, data: all(net.decays) and net.depth == 1 and data.is_isotropic, solve_dropout),
    Case(
        lambda net, data: _is_only_decayed(net) and net.depth > 0 and is_autoencoder(data),
        solve_autoencoder,
    ),
    Case(lambda net, _: net.depth == 0, solve_ridge),
    Case(lambda net, _: _is_only_decayed(net) and net.depth == 1, solve_convex),
)


def solve_outputs(net: Network, data: OutputMoments, *, digits: int = 30) -> SolvedOutputs:
    """The global minimum of a network with several outputs.

    Raises :class:`InputError` for a network and data that do not fit, and for what has no known solution.

    >>> net = Network(1, widths=2, decays="1/2", outputs=2)
    >>> solve_outputs(net, OutputMoments.given(1, [[2, 0], [0, 1]], 5)).loss.str(5, radius=False)
    '2.5000'
    """
    check_digits(digits)
    case, seen = case_of(net, data)
    # Attributes of what is found take the network and data as given, and reduce them where they compute.
    return cast(SolvedOutputs, replace(case.solve(*seen, digits), net=net, data=data))


def case_of(net: Network, data: OutputMoments) -> tuple[Case, Reduced]:
    """The case of a network and data, and what it solves; :class:`InputError` where there is none."""
    net.require_numeric()
    if net.outputs != data.outputs:
        raise InputError(f"the network has {net.outputs} outputs and the data have {data.outputs}.")
    seen = reduced(net, data)
    for case in CASES:
        if case.applies(*seen):
            return case, seen
    raise InputError(_reason(seen.net))


def _reason(net: Network) -> str:
    """Why no case applies."""
    if any(net.decays) and not all(net.decays):
        return (
            "some decays are 0 and others (jitter of hidden neurons decays U) are not: the loss comes as "
            "near to its least value without decay as one likes and never attains it; give positive "
            "decays, or 0 for all."
        )
    if not all(net.decays):
        return (
            "several outputs without decay and with noise are solved at depth 1 only: for two noisy layers "
            "no exact solution is known; leave the noise out, or take depth 1."
        )
    if any(net.noise) and net.depth > 1:
        return (
            "several outputs with noise and decay are solved at depth 1 only: the noise of deeper layers "
            "couples the outputs, and no exact solution is known; leave the noise out, or take depth 1."
        )
    if any(net.noise):
        return (
            "one noisy hidden layer with decay is solved for white inputs (A = aI), where noise and decay "
            "see the same norm; whiten the inputs (whiten=True, --whiten), or leave out the noise or all "
            "decay."
        )
    return (
        "the inputs are not white (A is not a multiple of the identity): at depth 2 and more outputs "
        "share the layers in a way that has no known exact solution; whiten the inputs (whiten=True, "
        "--whiten), take depth 1 or 0, solved for any inputs, or give one output."
    )
