"""A kind of noise that the package does not know: one class with its hooks, and all else takes it.

Neurons stand in a ring, and each shares a coin with either neighbor: ε_j = 1 + s (c_j + c_{j+1}).
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy as sp
from flint import arb_mat

from symderive import Moments, Network, polynomial_loss, reduce, solve
from symderive import symbols as sy
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.matrices import Balls
from symderive.arithmetic.spread import Spread
from symderive.errors import InputError
from symderive.full_loss.recursion import full_loss
from symderive.model.noise import Noise
from tests.full_loss.test_mixed_noise import exact_matrix, least_loss
from tests.oracles.symbolic_noise import symbolic_gradient, symbolic_loss

S, WIDTH = Fraction(1, 2), 3  # the side of a coin, and the neurons of the ring


def covariance():
    """Cov ε: 2s² of a neuron, s² of neighbors, who are all others in a ring of three."""
    return [[S**2 * (2 if j == k else 1) for k in range(WIDTH)] for j in range(WIDTH)]


@dataclass(frozen=True)
class Ring(Noise):
    """M_1 = S_1 + Cov ε ∘ S_1; the vector of ones is an eigenvector, with the eigenvalue ``shared``."""

    shared: Fraction = 4 * S**2

    def factor(self, i):
        if i > 1:
            return super().factor(i)
        alone = 1 + 2 * S**2
        return (1 + self.shared / WIDTH, alone), (alone, alone)

    def neuron_moments(self, S, i):
        return S if i > 1 else S + sp.HadamardProduct(sp.ImmutableMatrix(covariance()), S)

    def spread(self, op, S, i):
        """Written out entry by entry: a row of Cov ε ∘ S is one of S, each entry times its own factor."""
        if i > 1:
            return S
        one = op.matrix(arb_mat([[int(j == k) for k in range(WIDTH)] for j in range(WIDTH)]))
        columns = op.transpose(S.times(op, one))
        rows = []
        for j, row in enumerate(covariance()):
            factors = [op.number(ball(1 + x)) for x in row]
            rows.append(op.transpose(op.scale_rows(factors, op.transpose(op.rows(columns, j, j + 1)))))
        return Spread(op.stack(rows), one)


class RingNetwork(Network):
    """A network with the ring in its first hidden layer."""

    ring = Ring()

    @property
    def noises(self):
        return (*super().noises, self.ring)


class Misjudged(RingNetwork):
    """As if neighbors shared nothing."""

    ring = Ring(2 * S**2)


OTHERS = {"decays": ["1/10", "1/5"], "weight_noise": ["1/4", 0], "hidden_jitter": "1/4"}
SAMPLES = [([Fraction(1)], Fraction(2)), ([Fraction(-3, 2)], Fraction(-1)), ([Fraction(2)], Fraction(5, 2))]
WEIGHTS = [[[Fraction(1)], [Fraction(-1, 2)], [Fraction(2)]], [[Fraction(3), Fraction(1), Fraction(1, 2)]]]


def network(kind=RingNetwork, **other):
    return kind(1, widths=WIDTH, **OTHERS, **other)


def enumerated(weights, samples=SAMPLES):
    """The loss over all coins: of the ring, of the weights W_1, of the last hidden layer."""
    (W, (U,)), half, total, count = weights, Fraction(1, 2), Fraction(0), 0
    for c in product((-1, 1), repeat=3 * WIDTH):
        for x, y in samples:
            f = Fraction(0)
            for j in range(WIDTH):
                h = W[j][0] * (1 + half * c[WIDTH + j]) * x[0]
                f += U[j] * (h * (1 + S * (c[j] + c[(j + 1) % WIDTH])) + half * c[2 * WIDTH + j])
            total, count = total + (f - y) ** 2, count + 1
    decay = sum(w[0] ** 2 for w in W) / 10 + sum(u * u for u in U) / 5
    return total / count + decay


def data():
    return Moments.from_samples([x for x, _ in SAMPLES], [y for _, y in SAMPLES])


def test_the_symbolic_loss_takes_it():
    expected = enumerated(WEIGHTS)
    assert symbolic_loss(network(), WEIGHTS, SAMPLES) == expected
    assert symbolic_loss(network(Network, noise=2 * S**2), WEIGHTS, SAMPLES) != expected
    moved = [WEIGHTS[0], [[Fraction(3), Fraction(2), Fraction(1, 2)]]]
    back = [WEIGHTS[0], [[Fraction(3), Fraction(0), Fraction(1, 2)]]]
    slope = (enumerated(moved) - enumerated(back)) / 2
    assert symbolic_gradient(network(), WEIGHTS, SAMPLES)[1][0, 1] == slope
    polynomial = polynomial_loss(network(), A=[[1]], v=[0], c=0)
    assert polynomial.coeff(
        sy.U_entry[1] * sy.U_entry[2] * sy.W_entry[1, 1, 1] * sy.W_entry[1, 2, 1]
    ) == 2 * (1 + sp.Rational(1, 4))


def test_the_recursion_takes_it():
    with TURN, working_precision(100):
        found = full_loss(network(), data(), Balls()).loss([exact_matrix(W) for W in WEIGHTS])
        assert found.overlaps(ball(enumerated(WEIGHTS)))
        assert found.rad() < 1e-20


def test_the_reduction_takes_it():
    """The minimum is that of the reduced problem: attained, and no weights that are found lie below."""
    full, diagonal = network().noise_factors
    assert tuple(reduce(network()).noise_factors) == (full, diagonal)
    assert full == 1 + 4 * S**2 / WIDTH
    found = solve(network(), data())
    least = float(found.global_minimum.loss.mid())
    assert found.verify().verdict.name == "CHECKED"
    assert least_loss(network(), data(), np.random.default_rng(0), 4) == pytest.approx(least, abs=1e-11)
    wrong = float(solve(network(Misjudged), data()).global_minimum.loss.mid())
    assert wrong < least - 1e-3


def test_what_is_proved_for_single_neurons_is_refused():
    assert not network().has_plain_noise
    with pytest.raises(InputError):
        solve(network(), data()).hessian(0)
