"""Every solution of H(u) = ln τ, each with a proof, and the proof that there is no other.

Doubles with proved error bounds (:mod:`symderive.effective_ridge.float_search`) find the roots and prove
that there are no others.  What they leave open is searched in balls
(:mod:`symderive.effective_ridge.ball_search`); digits beyond theirs come from Newton's method in balls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import arb

from symderive.arithmetic.exact import TURN, bits_for, check_digits, working_precision
from symderive.arithmetic.precision import BASE_BITS, GUARD_DIGITS, LIMIT_BITS
from symderive.arithmetic.records import Record
from symderive.arithmetic.turns import cached_property
from symderive.effective_ridge.ball_search import BallSearch, search_in_balls
from symderive.effective_ridge.enclosures import Jet, Sample
from symderive.effective_ridge.float_search import FloatRoot, search_in_doubles
from symderive.effective_ridge.march import Cluster, Zero
from symderive.effective_ridge.scalar_equation import ScalarEquation

#: Bits that an evaluation is given beyond those that are hoped for.
SLACK_BITS = 24

#: How many times the good bits one step leaves (a little less than three times).
ORDER = 3


@dataclass(frozen=True, eq=False)
class Root(Record):
    """A certified simple root of φ = τ: exactly one lies in its ball.

    Attributes
    ----------
    equation : ScalarEquation
        What it is a root of.
    rising : bool
        Whether φ crosses τ upwards (a local minimum of the reduced loss) or downwards (a saddle).
    enclosure : arb
        The ball, of λ, dimension of A.

    Notes
    -----
    The relative radius of the ball is below |H'|/4 at its middle, so that the balls of two roots are
    disjoint: no other root is within |H'| of the middle in ln λ, because |H''| ≤ 1.
    """

    equation: ScalarEquation
    rising: bool
    enclosure: arb

    def ridge(self, bits: int) -> arb:
        """The effective ridge λ, rounded.

        Parameters
        ----------
        bits : int
            Bits to which the ball is rounded.

        Returns
        -------
        arb
            A ball, dimension of A.
        """
        with TURN, working_precision(bits):
            return self.enclosure + 0

    def log_ridge(self) -> arb:
        """u = ln λ as a ball, at the current precision."""
        return self.enclosure.log()


@dataclass(frozen=True, eq=False)
class RootSet(Record):
    """All roots of φ = τ.

    Attributes
    ----------
    equation : ScalarEquation
        The equation.
    digits : int
        Digits to which the roots are known.
    places : tuple of Root or Cluster
        The roots, and the clusters that stayed undecided, in increasing λ.
    evaluations : int
        How often the function was called, in doubles and in balls.
    limit_bits : int
        The most bits of a search in balls.
    searched : BallSearch or None
        The search in balls, None where doubles decided everything.
    """

    equation: ScalarEquation
    digits: int
    places: tuple[Root | Cluster, ...]
    evaluations: int
    limit_bits: int
    searched: BallSearch | None

    def __repr__(self) -> str:
        return f"RootSet({len(self.roots)} roots, {len(self.clusters)} undecided, {self.digits} digits)"

    @property
    def roots(self) -> tuple[Root, ...]:
        """The simple roots."""
        return tuple(place for place in self.places if isinstance(place, Root))

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters; none where doubles decided."""
        return tuple(place for place in self.places if isinstance(place, Cluster))

    @cached_property
    def evidence(self) -> BallSearch:
        """The search in balls, made now if doubles decided; ArithmeticError if the two differ."""
        if self.searched is not None:
            return self.searched
        found = search_in_balls(self.equation, limit_bits=self.limit_bits)
        kinds = [zero.sample.trend > 0 for zero in found.zeros]
        if found.clusters or kinds != [root.rising for root in self.roots]:
            raise ArithmeticError(
                f"doubles found {len(self.roots)} roots and balls {len(kinds)} roots and "
                f"{len(found.clusters)} clusters, or roots of other kinds: one of them is wrong."
            )
        return found


def isolate_roots(
    equation: ScalarEquation,
    *,
    digits: int = 30,
    limit_bits: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> RootSet:
    """Find every root of φ(λ) = τ to ``digits`` digits, with certificates.

    ``limit_bits`` caps the working precision (default 1024), but never below four times what the digits
    take.  ``progress`` is called with the fraction of the search range that is done.

    Not promised: that a double root is told from two close ones; see :class:`Cluster`.

    >>> from fractions import Fraction
    >>> from symderive.data.spectrum import Spectrum
    >>> data = Spectrum.of([1, 400], ["1/100", "49/100"])
    >>> four = ScalarEquation(2, Fraction(1), Fraction(1, 50**3), data)
    >>> [root.ridge(64).str(5, radius=False) for root in isolate_roots(four, digits=5).roots]
    ['1.3280', '8.3800', '93.319', '2.9651e+4']
    """
    limit_bits = max(limit_bits or LIMIT_BITS, 4 * bits_for(check_digits(digits) + GUARD_DIGITS))
    if (quick := search_in_doubles(equation)) is not None:
        if progress:
            progress(1.0)
        refined = [_root_of_doubles(equation, found, digits) for found in quick.roots]
        evaluations = quick.evaluations + sum(calls for _, calls in refined)
        return RootSet(equation, digits, tuple(root for root, _ in refined), evaluations, limit_bits, None)
    searched = search_in_balls(equation, limit_bits=limit_bits, progress=progress)
    places: list[Root | Cluster] = []
    evaluations = searched.evaluations
    for piece in searched.pieces:
        if isinstance(piece, Cluster):
            places.append(piece)
        elif isinstance(piece, Zero):
            rough, calls = _root_of(searched, piece)
            root, more = refine(rough, digits)
            places.append(root)
            evaluations += calls + more
    return RootSet(equation, digits, tuple(places), evaluations, limit_bits, searched)


def _root_of_doubles(equation: ScalarEquation, found: FloatRoot, digits: int) -> tuple[Root, int]:
    """A root that doubles found, to ``digits`` digits, and the evaluations in balls that it took."""
    root = Root(equation, found.rising, arb(found.ridge, found.radius))
    is_enough = found.radius < 2.0 ** -bits_for(digits) * found.ridge
    return (root, 0) if is_enough else refine(root, digits)


def _root_of(searched: BallSearch, zero: Zero[Sample]) -> tuple[Root, int]:
    """A zero of the search in balls, and the evaluations that it took."""
    polished, calls = searched.polished(zero, 0)
    sample = polished.sample
    with TURN, working_precision(2 * sample.bits):
        u = sample.u + _displacement(sample, polished.radius)
        return Root(searched.equation, sample.trend > 0, u.exp()), calls


def refine(root: Root, digits: int) -> tuple[Root, int]:
    """The same root to ``digits`` digits and some guard digits, and the evaluations that it took.

    The middle λ₀ of the ball is evaluated, with ever more bits.  At the root, δ = ln λ - ln λ₀ away,

        h + sδ + bδ²/2 + cδ³/6 = 0,   |c| ≤ 1

    with h, s and b the height, slope and curvature at λ₀, so that a ball that holds δ holds it still after
    it is mapped by δ ↦ -h/(s + bδ/2 + cδ²/6), and is tighter.  This proves that it is the same root.
    """
    wanted, calls = bits_for(digits + GUARD_DIGITS), 0
    enclosure, good = root.enclosure, _good_bits(root.enclosure)
    bits = BASE_BITS
    while good < wanted:
        bits = max(bits, _next_bits(good, wanted) + SLACK_BITS)
        center = enclosure.mid()
        jet = root.equation.jet(center, bits)
        calls += 1
        with TURN, working_precision(bits):
            tighter = center * _displacement(jet, _log_radius(enclosure)).exp()
        gained = _good_bits(tighter)
        if gained > good:
            enclosure, good = tighter, gained
        else:
            bits *= 2
    return Root(root.equation, root.rising, enclosure), calls


def _next_bits(good: int, wanted: int) -> int:
    """What the next step is to reach, so that the last one, which costs most, just reaches what is wanted.

    >>> _next_bits(45, 120), _next_bits(45, 140), _next_bits(45, 1000)
    (120, 47, 112)
    """
    while wanted > ORDER * good:
        wanted = -(-wanted // ORDER)
    return wanted


def _displacement(jet: Jet, radius: arb) -> arb:
    """δ at the root, as a ball, by the evaluation of which it is known that |δ| ≤ ``radius``."""
    delta = arb(0, radius)
    for _ in range(2):
        square = abs(delta).abs_upper() ** 2
        moved = -jet.height / (jet.slope + jet.curvature * delta / 2 + arb(0, square / 6))
        if not moved.overlaps(delta):
            raise ArithmeticError("there is no root of φ = τ where one was proved to be.")
        delta = moved
    return delta


def _log_radius(enclosure: arb) -> arb:
    """A bound on |ln λ - ln λ₀| for every λ of a ball with the middle λ₀."""
    return -(1 - (enclosure.rad() / enclosure.mid()).upper()).log().lower()


def _good_bits(enclosure: arb) -> int:
    """Bits after the point to which the ball tells ln λ."""
    return int(enclosure.rel_accuracy_bits())
