"""The rank staircase: against solving on both sides of every step, published numbers, refusals."""

from fractions import Fraction

import pytest
from flint import arb

from symderive import InputError, Network, OutputMoments, rank_staircase, solve
from symderive.arithmetic.exact import TURN, working_precision
from symderive.outputs.closed import ClosedOutputs
from symderive.outputs.staircase import draw

V = [[2, 0, 0, 1], [0, 2, 0, 1], [1, 1, 3, 0]]
WHITE = OutputMoments.given("3/2", V, 30)
A = [[2, 1, 0, 0], [1, 3, 1, 0], [0, 1, 2, 0], [0, 0, 0, 0]]
IDENTITY = OutputMoments.given(A, A, 8)

CASES = [
    (Network(1, widths=4, decays=1, outputs=3), WHITE, 3),
    (Network(3, widths=(4, 2, 5), decays=1, outputs=3), WHITE, 2),
    (Network(1, widths=4, decays=1, noise="1/3", outputs=3), WHITE, 3),
    (Network(1, widths=2, decays=1, noise="1/3", outputs=3), WHITE, 2),
    (Network(1, widths=4, decays=1, outputs=4), IDENTITY, 3),
    (Network(2, widths=4, decays=1, outputs=4), IDENTITY, 3),
]


def rank_at(net, data, decay):
    """The rank of the global minimum, by solving at one decay of all layers."""
    found = solve(
        Network(net.depth, widths=net.widths, decays=decay, noise=net.noise, outputs=net.outputs), data
    )
    return found.rank if isinstance(found, ClosedOutputs) else sum(map(sum, found.choice))


def near(value, factor):
    """A rational number that is the midpoint of a ball times a factor."""
    mantissa, exponent = value.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent) * factor


@pytest.mark.parametrize(("net", "data", "most"), CASES)
def test_the_rank_changes_at_every_step_and_nowhere_else(net, data, most):
    stairs = rank_staircase(net, data, digits=30)
    assert stairs.steps[-1].rank == most
    tiny, above = Fraction(1, 10**12), 0
    for step in stairs.steps:
        below, beyond = near(step.threshold, 1 - tiny), near(step.threshold, 1 + tiny)
        assert rank_at(net, data, below) == stairs.rank(below) == step.rank
        assert rank_at(net, data, beyond) == stairs.rank(beyond) == above
        above = step.rank
    assert stairs.rank("1e-30") == most
    assert stairs.rank(100) == 0
    # The mean of the decays is what counts.
    first = near(stairs.steps[0].threshold, 1 - tiny)
    uneven = [first * 2, *[first] * (net.depth - 1), first / 2]
    assert rank_at(net, data, uneven) == stairs.steps[0].rank


@pytest.mark.parametrize("depth", [1, 2, 3, 7])
def test_thresholds_are_those_of_one_output(depth):
    """The product of the decays is s^{2D} (D-1)^{D-1}/(a^{D-1} D^{2D}) at the transition."""
    stairs = rank_staircase(Network(depth, widths=4, decays=1, outputs=3), WHITE, digits=25)
    for step, square in zip(stairs.steps, WHITE.singular_squares, strict=True):
        with TURN, working_precision(120):
            s2 = square.ball(120)
            expected = s2**depth * arb(depth - 1) ** (depth - 1) / (arb(3) / 2) ** (depth - 1)
            expected /= arb(depth) ** (2 * depth)
            assert (step.threshold ** (depth + 1)).overlaps(expected)
            ratio = arb(depth + 1) ** (depth + 1) / arb(4) ** depth
            assert ((step.spinodal / step.threshold) ** (depth + 1)).overlaps(ratio)
            assert not (step.threshold ** (depth + 1)).overlaps(expected * (1 + arb(10) ** -20))


def test_noise_keeps_weak_modes_out_at_every_decay():
    """t = (4, 3, 5/2, 2, 3/2, 1) and ν = 1/8: thresholds (1 + ν(k-1)) t_k - ν Σ t_i."""
    rows = [[s if i == j else 0 for j in range(6)] for i, s in enumerate((4, 3, "5/2", 2, "3/2", 1))]
    stairs = rank_staircase(
        Network(1, widths=8, decays=1, dropout="1/2", outputs=6), OutputMoments.given(1, rows, 100)
    )
    expected = [4, Fraction(23, 8), Fraction(9, 4), Fraction(25, 16), Fraction(13, 16)]
    assert [near(step.threshold, 1) for step in stairs.steps] == expected
    assert stairs.kept_out == 1
    assert "kept out by the noise" in str(stairs)
    quiet = rank_staircase(Network(1, widths=8, decays=1, outputs=6), OutputMoments.given(1, rows, 100))
    assert (len(quiet.steps), quiet.kept_out) == (6, 0)


def test_repeated_values_are_one_step():
    data = OutputMoments.given(1, [[2, 0, 0], [0, 2, 0], [0, 0, 1]], 30)
    stairs = rank_staircase(Network(2, widths=3, decays=1, outputs=3), data)
    assert [(step.rank, step.multiplicity) for step in stairs.steps] == [(2, 2), (3, 1)]
    narrow = rank_staircase(Network(2, widths=1, decays=1, outputs=3), data)
    assert [(step.rank, step.multiplicity) for step in narrow.steps] == [(1, 2)]
    nothing = OutputMoments.given(1, [[0, 0]], 1)
    assert rank_staircase(Network(1, widths=1, decays=1, outputs=1), nothing).steps == ()


def test_at_a_step_the_lower_rank_is_told():
    data = OutputMoments.given(1, [[2, 0], [0, 1]], 30)
    stairs = rank_staircase(Network(1, widths=2, decays=1, outputs=2), data)
    assert (stairs.rank(1), stairs.rank(2)) == (1, 0)


class Axes:
    """What matplotlib's axes are asked to do."""

    def __init__(self):
        self.lines = []

    def plot(self, x, y, *, label):
        self.lines.append((list(x), list(y), label))

    def set(self, **settings):
        assert settings

    def legend(self):
        assert self.lines


def test_staircases_are_drawn():
    axes = Axes()
    draw([rank_staircase(Network(1, widths=4, decays=1, outputs=4), IDENTITY)], axes, labels=["one"])
    assert axes.lines == [([0, 1, 1, 2, 2, 4, 4], [3, 3, 2, 2, 1, 1, 0], "one")]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rank_staircase(Network(0, decays=1, outputs=3), WHITE), "without hidden layers"),
        (lambda: rank_staircase(Network(2, widths=2, decays=1, outputs=4), WHITE), "outputs"),
        (lambda: rank_staircase(Network(2, widths=2, decays=1, noise=1, outputs=3), WHITE), "depth 1"),
        (
            lambda: rank_staircase(
                Network(1, widths=2, decays=1, outputs=1), OutputMoments.given(A, [[1, 1, 0, 0]], 9)
            ),
            "white",
        ),
        (lambda: rank_staircase(Network(1, widths=2, decays=1, outputs=3), WHITE).rank(0), "positive"),
    ],
)
def test_what_has_no_staircase_is_refused(call, words):
    with pytest.raises(InputError, match=words) as caught:
        call()
    assert str(caught.value).endswith(".")
