"""Where a network collapses to zero: the decay, noise, width and depth at which it does, all else fixed.

For each quantity there are two values.  At the *transition* the origin becomes the global minimum; at the
*spinodal* the last stationary point other than the origin vanishes.  With P_c or P_sp at ρ = 1 (see
:mod:`symderive.thresholds.critical_decay`) both solve

    γ_u Π γ_i = P ρ^{-(D-1)},   ρ = Π (1 + σ_i²/d_i),

for one unknown.  At D = 1 the transition is of second order: ‖m‖ goes to 0 continuously, and no noise
enters.  At D ≥ 2 it is of first order: ‖m‖ jumps.

With other noise the data are those of :mod:`symderive.effective_ridge.effective_data`, and γ_u that of the
reduced problem; where the noise of the neurons moves these data there are no thresholds in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, Literal, TypeVar

from flint import arb

from symderive.arithmetic.exact import (
    TURN,
    ball,
    check_digits,
    decimal,
    is_accurate,
    rational,
    working_precision,
)
from symderive.arithmetic.precision import sharpen
from symderive.data.interface import Data
from symderive.effective_ridge.resolvent import Resolvent, resolvent_of
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.model.network import Network
from symderive.notebooks import InNotebooks
from symderive.thresholds.critical_decay import LIMIT_DIGITS, CriticalDecay, Kind, decided_sign, value_bits
from symderive.thresholds.largest_depth import largest_depth

T = TypeVar("T")

ZERO_DATA = "v is 0: the global minimum is zero whatever the parameters are."
NO_LAYER = "Without a hidden layer the global minimum never is zero."
CLUSTERED = "Critical points lie too close together to tell the value to these digits."
OPEN = "The decays are too close to the threshold of a network without noise to tell."
NO_DECAY = "Without decay in every layer nothing collapses."
SHALLOW_NOISE = "At one hidden layer the noise does not enter."
SHALLOW_RIDGE = "At one hidden layer the ridge grows without bound towards the transition."
MOVING = "With noisy weights or a free bias the noise changes the data; no threshold in it is known."
GROUPED = "Groups of neurons do not grow with the width."
JITTERED = "Noise on the last hidden layer adds to the decay of U; decay_product is the threshold of both."
AMBIGUOUS = "Several minima are equally good at the transition, as far as can be told."


@dataclass(frozen=True, eq=False)
class Answer(Generic[T]):
    """A value, or None and the reason in one sentence.

    Attributes
    ----------
    value : arb, int, str or None
        The value, if there is one.
    reason : str
        Why there is none; empty where there is.
    """

    value: T | None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Pair:
    """The two thresholds of one quantity.

    Attributes
    ----------
    transition : Answer
        Where the origin becomes the global minimum; the value is a ball.
    spinodal : Answer
        Where the last stationary point other than the origin vanishes; the value is a ball.
    """

    transition: Answer[arb]
    spinodal: Answer[arb]


@dataclass(frozen=True, eq=False)
class Thresholds(InNotebooks):
    """Where a network collapses; made by :func:`thresholds`, its balls are accurate to ``digits`` digits.

    Attributes
    ----------
    net : Network
        The network.
    data : Data
        The data.
    digits : int
        Digits that were asked for.
    decay_product : Pair
        γ_u Π γ_i; m ≠ 0 exists, or is a global minimum, up to this value.  With noise on the last hidden
        layer γ_u is that of the reduced problem.
    decay : Pair
        The common decay of all D + 1 layers, likewise.
    noise : Pair
        The common noise variance σ² of all hidden layers, likewise, dimensionless; widths as they are.
    width : Pair
        The common width, a real number: *from* this value on.
    largest_depth : Answer
        The largest number of hidden layers at which the global minimum is not zero; see
        :func:`largest_depth`.
    order : Answer
        Of the transition: ``"first"`` or ``"second"``.
    jump : Answer
        ‖m‖ of the minimum that ties with the origin at the transition in the decays, ρ as it is.
    ridge : Answer
        The effective ridge λ there, dimension of A.
    """

    net: Network
    data: Data
    digits: int
    decay_product: Pair
    decay: Pair
    noise: Pair
    width: Pair
    largest_depth: Answer[int]
    order: Answer[Literal["first", "second"]]
    jump: Answer[arb]
    ridge: Answer[arb]

    def __str__(self) -> str:
        lines = [f"{self.net!r} on {self.data!r}"]
        for name in ("decay_product", "decay", "noise", "width"):
            pair: Pair = getattr(self, name)
            title = name.replace("_", " ")
            if pair.transition.reason == pair.spinodal.reason != "":
                lines.append(f"  {title}: {pair.transition.reason}")
                continue
            lines += [f"  {title}, {kind}: {_text(getattr(pair, kind))}" for kind in KINDS]
        lines += [
            f"  {name.replace('_', ' ')}: {_text(getattr(self, name))}"
            for name in ("largest_depth", "order", "jump", "ridge")
        ]
        return "\n".join(lines)

    __repr__ = __str__


KINDS: tuple[Kind, Kind] = ("transition", "spinodal")


def thresholds(net: Network, data: Data, *, digits: int = 30) -> Thresholds:
    """Find the decay, noise, width and depth at which the global minimum collapses to zero.

    Parameters
    ----------
    net : Network
        A network with numbers.
    data : Data
        :class:`Moments` or a :class:`Spectrum`.
    digits : int
        Digits to which each value is certified.

    Returns
    -------
    Thresholds
        The values.  One that the layers of ``net`` do not share is None with a reason; the product of the
        decays is always given.

    Raises
    ------
    InputError
        For a symbolic network and for irrational parameters.

    Notes
    -----
    Not promised: a value where critical points lie so close together that the digits cannot tell them; then
    it is None, and says so.

    References
    ----------
    Ziyin, Li and Meng, *Exact solutions of a deep linear network*, NeurIPS 2022, arXiv:2202.04777.

    Examples
    --------
    >>> from symderive import Spectrum
    >>> found = thresholds(Network(2, widths=4, decays="1/100", noise=1), Spectrum.of([1], [1]), digits=10)
    >>> decimal(found.decay_product.transition.value, 10), found.order.value, found.largest_depth.value
    ('0.04', 'first', 11)
    """
    equation = ScalarEquation.of(net, data)
    check_digits(digits)
    depth, shallow, seen = equation.depth, equation.depth == 1, equation.data
    nothing = ZERO_DATA if seen.v_norm_squared == 0 else NO_LAYER if depth == 0 else ""
    if nothing:
        empty: Answer[Any] = Answer(None, nothing)
        pair = Pair(empty, empty)
        return Thresholds(net, data, digits, pair, pair, pair, pair, empty, empty, empty, empty)
    resolvent = resolvent_of(seen, Fraction(1))
    cases = {
        kind: _Case(net, equation, CriticalDecay(seen, depth, kind, resolvent), digits) for kind in KINDS
    }
    return Thresholds(
        net,
        data,
        digits,
        **{
            name: Pair(*(getattr(cases[kind], name)() for kind in KINDS))
            for name in ("decay_product", "decay", "noise", "width")
        },
        largest_depth=_largest_depth(net, seen, resolvent),
        order=Answer("second" if shallow else "first"),
        jump=Answer(arb(0)) if shallow else cases["transition"].jump(),
        ridge=Answer(None, SHALLOW_RIDGE) if shallow else cases["transition"].ridge(),
    )


def transition_decay(net: Network, data: Data, *, digits: int = 30) -> arb | None:
    """Find the common decay of all layers up to which the global minimum is not zero.

    Parameters
    ----------
    net : Network
        A network with numbers; its decays do not enter.
    data : Data
        :class:`Moments` or a :class:`Spectrum`.
    digits : int
        Digits to which it is certified.

    Returns
    -------
    arb or None
        The decay, a ball.  None at depth 0, for v = 0, for noise on the last hidden layer, and where
        critical points lie too close together to tell.

    Raises
    ------
    InputError
        For a symbolic network and for irrational parameters.

    Examples
    --------
    >>> from symderive import Spectrum
    >>> found = transition_decay(Network(2, widths=4, decays=1), Spectrum.of([1], [1]), digits=10)
    >>> decimal(found**3, 8)
    '0.0625'
    """
    equation = ScalarEquation.of(net, data)
    check_digits(digits)
    if equation.depth == 0 or equation.data.v_norm_squared == 0:
        return None
    critical = CriticalDecay(equation.data, equation.depth, "transition")
    return _Case(net, equation, critical, digits).common_decay().value


@dataclass(frozen=True, eq=False)
class _Case:
    """The thresholds of one kind, D ≥ 1 and v ≠ 0."""

    net: Network
    equation: ScalarEquation
    critical: CriticalDecay
    digits: int

    @property
    def depth(self) -> int:
        return self.equation.depth

    def _log_product(self, digits: int) -> arb:
        """ln of the threshold of γ_u Π γ_i."""
        return self.critical.log_product(digits) - (self.depth - 1) * ball(self.equation.rho).log()

    def _log_noise_factor(self, digits: int) -> arb:
        """ln of the threshold of ρ, for the decays as they are; D ≥ 2."""
        with TURN, working_precision(value_bits(digits)):
            product = ball(self.equation.decay_product).log()
            return (self.critical.log_product(digits) - product) / (self.depth - 1)

    def _solved(self, compute: Callable[[int], arb | None], reason: str = CLUSTERED) -> Answer[arb]:
        """The value at as many working digits as its own digits take."""

        def at(working: int) -> arb | None:
            with TURN, working_precision(value_bits(working)):
                return compute(working)

        limit = max(LIMIT_DIGITS, 4 * self.digits)
        value = sharpen(at, lambda x: is_accurate(x, self.digits), start=self.digits, limit=limit)
        return Answer(value) if value is not None else Answer(None, reason)

    def decay_product(self) -> Answer[arb]:
        return self._solved(lambda digits: self._log_product(digits).exp())

    def decay(self) -> Answer[arb]:
        if reason := _unequal(self.net.decays, "decays"):
            return Answer(None, reason)
        return self.common_decay()

    def common_decay(self) -> Answer[arb]:
        """Whatever the decays of the network are."""
        if self.net.last_layer_variance:
            return Answer(None, JITTERED)
        return self._solved(lambda digits: (self._log_product(digits) / (self.depth + 1)).exp())

    def _noise_refusal(self) -> str:
        """Why there is no threshold in ρ at all, if there is none."""
        if self.depth == 1:
            return SHALLOW_NOISE
        if _moves(self.net):
            return MOVING
        return "" if self.equation.decay_product else NO_DECAY

    def _sign_without_noise(self) -> int | None:
        """Whether the network without noise is below (1), at (0) or above (-1) the threshold."""
        sign = decided_sign(self._log_noise_factor)
        if sign or self.critical.is_met(Fraction(1), self.equation.decay_product):
            return sign
        return None

    def noise(self) -> Answer[arb]:
        if reason := self._noise_refusal() or _unequal(self.net.noise, "noise variances"):
            return Answer(None, reason)
        sign = self._sign_without_noise()
        if sign is None:
            return Answer(None, OPEN)
        if sign < 0:
            return Answer(None, _collapsed(self.critical.kind, "noise"))
        if sign == 0:
            return Answer(arb(0))
        counts = Counter(self.net.group_counts)
        return self._solved(lambda digits: _common_noise(counts, self._log_noise_factor(digits)))

    def width(self) -> Answer[arb]:
        variance = rational(self.net.noise[0])
        unequal = _unequal(self.net.noise, "noise variances") or _unequal(self.net.widths, "widths")
        if reason := self._noise_refusal() or unequal:
            return Answer(None, reason)
        if variance and tuple(self.net.group_counts) != tuple(self.net.widths):
            return Answer(None, GROUPED)
        if variance == 0:
            return Answer(None, "Without noise the width does not enter.")
        sign = self._sign_without_noise()
        if sign is None:
            return Answer(None, OPEN)
        if sign <= 0:
            return Answer(None, _collapsed(self.critical.kind, "width"))

        def compute(digits: int) -> arb:
            return ball(variance) / (self._log_noise_factor(digits) / self.depth).expm1()

        return self._solved(compute)

    def ridge(self) -> Answer[arb]:
        def compute(digits: int) -> arb | None:
            u = self.critical.log_ridge(digits)
            return None if u is None else ball(self.equation.rho) * u.exp()

        return self._solved(compute, AMBIGUOUS)

    def jump(self) -> Answer[arb]:
        def compute(digits: int) -> arb | None:
            u = self.critical.log_ridge(digits)
            if u is None:
                return None
            return self.critical.resolvent.response(u.exp()).r2.sqrt() / ball(self.equation.rho)

        return self._solved(compute, AMBIGUOUS)


def _common_noise(widths: Counter[Any], log_factor: arb) -> arb | None:
    """The root s of Σ ln(1 + s/d_i) = ln ρ, which increases; None where it stays open."""
    if not log_factor > 0:
        return None
    terms = [(ball(width), count) for width, count in widths.items()]
    if len(terms) == 1:
        width, depth = terms[0]
        return width * (log_factor / depth).expm1()

    def excess(s: arb) -> arb:
        return sum((count * (s / width).log1p() for width, count in terms), arb(0)) - log_factor

    def slope(s: arb) -> arb:
        return sum((count / (width + s) for width, count in terms), arb(0))

    # Concave: from the left Newton's method rises monotonically, until rounding takes over.
    s, last = arb(0), arb(-1)
    while s > last:
        last, s = s, (s - excess(s) / slope(s)).mid()
    error = (2 * abs(excess(last)) / slope(last)).upper()
    if last > error and excess(last - error) < 0 and excess(last + error) > 0:
        return last + arb(0, error)
    return None


def _largest_depth(net: Network, data: Data, resolvent: Resolvent) -> Answer[int]:
    noisy = any(net.noise)
    reason = (
        _unequal(net.decays, "decays")
        or _unequal(net.noise, "noise variances")
        or (_unequal(net.group_counts, "widths") if noisy else "")
        or (JITTERED if net.last_layer_variance else "")
        or (MOVING if (noisy and net.bias) or any(net.weight_noise) else "")
    )
    if not reason and not net.decays[0]:
        reason = "Without decay no depth collapses."
    if reason:
        return Answer(None, reason)
    ratio = rational(net.noise[0]) / rational(net.group_counts[0])
    depth = largest_depth(data, decay=net.decays[0], noise_to_width=ratio, resolvent=resolvent)
    return Answer(depth, "" if depth is not None else "A depth is too close to its threshold to tell.")


def _moves(net: Network) -> bool:
    """Whether B is no multiple of one matrix when the noise of the neurons changes."""
    return net.bias or any(net.weight_noise)


def _unequal(values: tuple[Any, ...], name: str) -> str:
    return f"The layers have different {name}." if len(set(values)) > 1 else ""


def _collapsed(kind: Kind, name: str) -> str:
    what = "the global minimum is zero" if kind == "transition" else "zero is the only stationary point"
    return f"With these decays {what} at every {name}."


def _text(answer: Answer[Any]) -> str:
    if answer.value is None:
        return answer.reason
    return decimal(answer.value, 12) if isinstance(answer.value, arb) else str(answer.value)
