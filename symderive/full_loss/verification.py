"""Checks of a stationary point on the full loss, in high precision.

The weights are rebuilt, and loss and gradient are evaluated on full matrices by the recursion of
``symderive.full_loss.recursion``, which knows nothing of the reduced problem.  Whoever claims a minimum
is also challenged by competitors: weights drawn at random or chosen with malice, whose loss must not be
lower. Competitors can refute a claim; that none did proves nothing, which is why the best verdict is
CHECKED.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

from flint import arb, arb_mat, ctx

from symderive.arithmetic.exact import TURN, Number, ball, bits_for, check_digits, working_precision
from symderive.arithmetic.matrices import Arithmetic, Balls, Multiprecision
from symderive.data.interface import require_data
from symderive.data.moments import Moments
from symderive.errors import InputError
from symderive.full_loss.competitors import Contest, challenge
from symderive.full_loss.layers import Layers, Matrices, as_balls
from symderive.full_loss.recursion import FullLoss, Gradient, full_loss
from symderive.model.network import Network
from symderive.notebooks import InNotebooks
from symderive.verdict import Verdict

#: Multiply-adds of loss and gradient up to which ``auto`` takes mpmath (1.2 µs each: a quarter second).
MPMATH_WORK = 200_000

#: Multiply-adds up to which ``auto`` takes FLINT (5 ns each, so half a minute); beyond it nothing is run.
FLINT_WORK = 6_000_000_000

#: Entries of matrices are also read and written one by one, each at the price of this many multiply-adds.
ENTRY_WORK = 400

#: Digits carried beyond those asked for; an undecided check is repeated once with the second number.
GUARD_DIGITS = (15, 60)

#: Claims that competitors may refute.
MINIMA = ("local minimum", "global minimum")

Method = Literal["auto", "mpmath", "flint", "off"]
ClaimedKind = Literal["stationary", "saddle", "degenerate", "local minimum", "global minimum"]


@dataclass(frozen=True)
class Verification(InNotebooks):
    """What :func:`verify` measured.

    Attributes
    ----------
    verdict : Verdict
        The outcome.
    reason : str
        One sentence that says why.
    method : str
        The arithmetic of loss and gradient: ``"mpmath"``, ``"flint"``, or ``"off"`` where nothing ran.
    digits : int
        Digits to which loss and gradient were compared.
    loss : arb or None
        The full loss at the rebuilt weights.
    loss_difference : arb or None
        Its distance from the claimed loss.
    relative_difference : arb or None
        The same relative to the claimed loss (0/0 counts as 0).
    gradient_norm : arb or None
        Euclidean norm of the gradient over all weights.
    competitors : int
        Number of competitors whose comparison was decided.
    lowest_gap : arb or None
        The least of their losses minus the loss checked; None without competitors.
    """

    verdict: Verdict
    reason: str
    method: str
    digits: int
    loss: arb | None = None
    loss_difference: arb | None = None
    relative_difference: arb | None = None
    gradient_norm: arb | None = None
    competitors: int = 0
    lowest_gap: arb | None = None

    def __str__(self) -> str:
        lines = [f"{self.verdict.name}: {self.reason}"]
        if self.loss is not None:
            lines += [
                f"  gradient norm     {_short(self.gradient_norm)}",
                f"  loss difference   {_short(self.loss_difference)} "
                f"(relative {_short(self.relative_difference)})",
                f"  method            {self.method}, {self.digits} digits",
            ]
        if self.competitors:
            lines.append(f"  competitors       {self.competitors}, lowest gap {_short(self.lowest_gap)}")
        return "\n".join(lines)

    __repr__ = __str__


def verify(
    net: Network,
    moments: Moments,
    layers: Layers | Matrices,
    loss: arb | Number,
    *,
    digits: int = 30,
    claim: ClaimedKind = "global minimum",
    method: Method = "auto",
    seed: int = 0,
) -> Verification:
    """Check on the full loss that ``layers`` are the stationary point that they are claimed to be.

    The loss at the layers must equal ``loss``, and every layer's gradient must vanish, to ``digits``
    digits of the terms that cancel in them.  A claimed minimum must withstand competitors, other weights
    near and far: all of them for a global minimum, near ones for a local minimum.

    Parameters
    ----------
    net : Network
        A numeric network.
    moments : Moments
        The data.
    layers : Layers or sequence or mapping
        Factors from :func:`rebuild_layers`, or arbitrary W_1, …, W_D, U.  Of balls the midpoints are
        checked.
    loss : arb or Exact
        The claimed loss.
    digits : int, optional
        Decimal digits of the check.
    claim : str, optional
        What the point is claimed to be: ``"global minimum"``, ``"local minimum"``, or ``"saddle"``,
        ``"degenerate"`` and ``"stationary"``, which only ask for loss and gradient.
    method : str, optional
        ``"mpmath"`` or ``"flint"`` for loss and gradient; ``"auto"`` takes mpmath up to 200 000
        multiply-adds, FLINT up to 6 · 10⁹ and nothing beyond; ``"off"`` runs nothing.
    seed : int, optional
        Seed of the random competitors.

    Returns
    -------
    Verification
        What was measured, and the verdict.

    Raises
    ------
    InputError
        For layers that do not fit the network or the data, and for options out of range.

    Notes
    -----
    Not promised: CHECKED is not PROVED, for only finitely many competitors are tried.  Where layers or loss
    are known to fewer digits, the verdict is UNDECIDED.

    Examples
    --------
    >>> net, data = Network(0, decays=1), Moments.given([[1]], [2], 4)
    >>> verify(net, data, [[1]], 2).verdict.name
    'CHECKED'
    >>> verify(net, data, [[1]], 3).verdict.name
    'REFUTED'
    """
    require_data(moments)
    net.require_numeric()
    check_digits(digits)
    if method not in get_args(Method):
        raise InputError(f"method is {method!r}; give one of {', '.join(get_args(Method))}.")
    if claim not in get_args(ClaimedKind):
        raise InputError(f"claim is {claim!r}; give one of {', '.join(get_args(ClaimedKind))}.")
    if method == "off":
        return Verification(Verdict.UNDECIDED, "No check was asked for.", "off", digits)
    sizes = (moments.dimension, *(int(width) for width in net.widths), 1)
    if method == "auto":
        work, entries = _work(sizes, moments.product_work)
        if work + ENTRY_WORK * entries > FLINT_WORK:
            reason = f"The full loss takes about {work:.0e} multiply-adds; the method flint insists on it."
            return Verification(Verdict.UNDECIDED, reason, "off", digits)
        method = "mpmath" if work <= MPMATH_WORK else "flint"
    for guard in GUARD_DIGITS:
        with TURN, working_precision(bits_for(digits + guard)):
            result = _verify(net, moments, layers, ball(loss), digits, claim, method, seed)
        if result.verdict is not Verdict.UNDECIDED:
            break
    return result


class Measurement(NamedTuple):
    """Loss and gradient norms layer by layer, beside the sizes of the terms that cancel in them."""

    loss: arb
    loss_size: arb
    gradients: list[arb]
    gradient_sizes: list[arb]

    @property
    def gradient_norm(self) -> arb:
        return _root(sum((g**2 for g in self.gradients), arb(0)))

    def agrees(self, claimed: arb, tolerance: arb) -> bool | None:
        """Whether the loss is ``claimed`` and the gradient zero; None where the balls are too wide."""
        pairs = [
            (abs(self.loss - claimed), self.loss_size),
            *zip(self.gradients, self.gradient_sizes, strict=True),
        ]
        if any(x.abs_lower() > (tolerance * size).abs_upper() for x, size in pairs):
            return False
        return True if all(x.abs_upper() <= (tolerance * size).abs_lower() for x, size in pairs) else None


def measure(setting: FullLoss, weights: list[arb_mat]) -> tuple[Measurement, Gradient]:
    """Loss and gradient at weights, beside what cancels in them, and the sweep; at FLINT's precision."""
    op = setting.op
    sweep = setting.sweep([op.matrix(W) for W in weights])
    second, alignment, decay = (arb(x) for x in sweep.terms)
    measurement = Measurement(
        arb(setting.total(sweep.terms)),
        second + 2 * abs(alignment) + arb(setting.c) + decay,
        [_root(arb(op.square(gradient))) for gradient in sweep.gradients],
        [2 * (_root(arb(x)) + _root(arb(y))) for x, y in sweep.balances],
    )
    return measurement, sweep


def _verify(
    net: Network,
    moments: Moments,
    layers: Layers | Matrices,
    claimed: arb,
    digits: int,
    claim: str,
    method: str,
    seed: int,
) -> Verification:
    """One check at FLINT's current precision."""
    bits = ctx.prec
    given = as_balls(layers, bits, net=net, features=moments.dimension)
    weights = [W.mid() for W in given]
    tolerance = arb(10) ** -digits
    op: Arithmetic = Balls() if method == "flint" else Multiprecision(bits)
    measured, sweep = measure(full_loss(net, moments, op), weights)
    agrees = measured.agrees(claimed, tolerance)
    contest = Contest(0, None, None)
    exact_layers = all(W.is_exact() for given_layer in given for W in given_layer.entries())
    if agrees is False and not exact_layers:
        # The midpoints fail; whether the true layers do is for the balls to say.
        agrees = measure(full_loss(net, moments, Balls()), given)[0].agrees(claimed, tolerance)
        agrees = False if agrees is False else None
    if agrees and claim in MINIMA:
        setting = full_loss(net, moments, Balls())
        if method == "mpmath":
            sweep = setting.sweep(weights)
        contest = challenge(
            setting,
            weights,
            sweep,
            tolerance=tolerance * measured.loss_size,
            gradient_norm=measured.gradient_norm,
            local=claim == "local minimum",
            seed=seed,
        )
    difference = abs(measured.loss - claimed)
    verdict, reason = _judge(agrees, measured, claimed, tolerance, contest, claim)
    return Verification(
        verdict,
        reason,
        method,
        digits,
        loss=measured.loss,
        loss_difference=difference,
        relative_difference=difference if difference.is_zero() else difference / abs(claimed),
        gradient_norm=measured.gradient_norm,
        competitors=contest.decided,
        lowest_gap=contest.lowest_gap,
    )


def _judge(
    agrees: bool | None, measured: Measurement, claimed: arb, tolerance: arb, contest: Contest, claim: str
) -> tuple[Verdict, str]:
    if agrees is None:
        return Verdict.UNDECIDED, "Layers or loss are not known to the digits of the check."
    if not agrees:
        if abs(measured.loss - claimed).abs_lower() > (tolerance * measured.loss_size).abs_upper():
            return Verdict.REFUTED, "The full loss at the layers is not the claimed loss."
        return Verdict.REFUTED, "The gradient of the full loss at the layers is not zero."
    if contest.winner:
        return (
            Verdict.REFUTED,
            f"A competitor ({contest.winner} layers) is lower than the claimed {claim}.",
        )
    lower = ", and no competitor is lower" if contest.decided else ""
    return Verdict.CHECKED, f"The full loss equals the claim and its gradient is zero{lower}."


def _work(sizes: tuple[int, ...], product: int) -> tuple[int, int]:
    """Multiply-adds of loss and gradient, and entries of the layers, for sizes (d, d_1, …, d_D, 1).

    ``product`` is what A times a column takes.
    """
    work = product * sizes[1]
    for i in range(1, len(sizes) - 1):
        before, size, after = sizes[i - 1 : i + 2]
        work += before * size * (4 * after + 2 * (min(after, sizes[i - 2]) if i > 1 else after))
    return work, sum(size * after for size, after in pairwise(sizes))


def _root(square: arb) -> arb:
    """The root of a ball that holds a number ≥ 0, also where it reaches below 0."""
    return square.abs_lower().sqrt().union(square.abs_upper().sqrt())


def _short(value: arb | None) -> str:
    return "-" if value is None else value.mid().str(3, radius=False)
