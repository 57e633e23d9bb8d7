"""Numbers of the instances, computed anew by the solver and in ball arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderive.statements.paper_claim import Measured

if TYPE_CHECKING:
    from flint import arb

#: Digits that are printed.
DIGITS = 10

#: Factors of the product of doubling widths that are multiplied out; the rest is bounded.
FACTORS = 64


def wide_layer(*, narrow: int = 2) -> tuple[Measured, ...]:
    """The variance at the global minimum of widths (N, ``narrow``) as N grows, and in the limit of N.

    One feature with a = v = c = 1, decays 1/1000, σ² = 1; in the limit the wide layer has no noise.
    """
    from symderive.data.moments import Moments
    from symderive.landscape.solve import solve
    from symderive.model.network import Network

    data = Moments.given([[1]], [1], c=1)
    found = []
    for width, noise in ((2, 1), (10**3, 1), (10**6, 1), (2, 0)):
        net = Network(2, widths=(width, narrow), decays="1/1000", noise=(noise, 1))
        landscape = solve(net, data, digits=30)
        least = landscape.global_minimum
        where = f"the variance at $N = {width}$" if noise else "its limit"
        if least.index is None or least.at_origin:
            found.append(Measured(where, "0, at the origin", holds=False))
            continue
        variance = landscape.points[least.index].prediction_variance
        found.append(Measured(where, _digits(variance), holds=bool(5 * variance > 1)))
    return tuple(found)


def doubling_widths(*, base: int = 2) -> tuple[Measured, ...]:
    """ρ and (ρ - 1)/ρ² of infinitely many layers of widths b, b², b³, … with σ = 1; b is at least 2."""
    from flint import arb

    from symderive.arithmetic.turns import TURN, working_precision

    with TURN, working_precision(200):
        product = arb(1)
        for i in range(1, FACTORS + 1):
            product *= 1 + arb(base) ** -i
        # The other factors multiply to at least 1 and at most exp(Σ b^-i), where the sum is
        # b^-FACTORS/(b - 1) and so at most b^-FACTORS.
        factor = product * arb(1).union((arb(base) ** -FACTORS).exp())
        share = (factor - 1) / (factor * factor)
        above = bool(share > arb(2) / 9)
        three = bool(factor < 3)
        texts = _digits(factor), _digits(share)
    return (
        Measured(r"the limit of $\rho$", texts[0], holds=three),
        Measured(r"the limit of the variance over $v^{\top} A^{+} v$", texts[1], holds=above),
    )


def four_roots(*, decay: str = "1/50") -> tuple[Measured, ...]:
    """All roots of the scalar equation of an instance with two features, the third a bad minimum."""
    from symderive.data.moments import Moments
    from symderive.landscape.solve import solve
    from symderive.model.network import Network

    data = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], c=1)
    landscape = solve(Network(2, widths=1, decays=decay), data, digits=30)
    kinds = [str(point.kind) for point in landscape.points]
    expected = ["global minimum", "saddle", "local minimum", "saddle"]
    ridges = ", ".join(_digits(point.ridge) for point in landscape.points)
    return (
        Measured(
            r"the roots $\lambda$ of the equation", ridges, holds=landscape.complete and kinds == expected
        ),
    )


def _digits(value: arb) -> str:
    from symderive.arithmetic.exact import decimal

    return decimal(value, DIGITS)
