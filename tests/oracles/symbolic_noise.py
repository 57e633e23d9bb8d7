"""The symbolic loss of a network on rational weights and samples, in exact fractions."""

from fractions import Fraction
from itertools import product

from symderive import symbols as sy
from symderive.formulas.loss import expected_loss, gradient_layers, layers, loss_gradient
from symderive.formulas.straight_line import StraightLineProgram, evaluate


def fraction(value):
    """A SymPy rational as a fraction."""
    return Fraction(int(value.p), int(value.q))


def moments(samples):
    """A, v, c, x̄ and ȳ of samples of equal chance."""
    n, d = len(samples), range(len(samples[0][0]))

    def mean(term):
        return sum((term(x, y) for x, y in samples), Fraction(0)) / n

    return {
        sy.n_in: len(d),
        sy.A: [[mean(lambda x, _, j=j, k=k: x[j] * x[k]) for k in d] for j in d],
        sy.v: [[mean(lambda x, y, j=j: x[j] * y)] for j in d],
        sy.c: mean(lambda _, y: y * y),
        sy.x_mean: [[mean(lambda x, _, j=j: x[j])] for j in d],
        sy.y_mean: mean(lambda _, y: y),
    }


def run(program, net, weights, samples):
    values = {**dict(zip(layers(net), weights, strict=True)), **moments(samples)}
    return evaluate(program, values, number=fraction)


def symbolic_loss(net, weights, samples):
    """L by running :func:`symderive.expected_loss`."""
    return run(expected_loss(net), net, weights, samples)[sy.loss]


def symbolic_gradient(net, weights, samples):
    """∂L/∂W_1, …, ∂L/∂U by running :func:`symderive.loss_gradient`."""
    found = run(loss_gradient(net), net, weights, samples)
    return [found[name] for name in gradient_layers(net)]


def moment_step(noise, S, i=1):
    """M_i of the numbers S_i, by the symbolic step of a noise."""
    letter = sy.LayerMatrix("S", i, len(S), len(S))
    program = StraightLineProgram(((sy.M, noise.neuron_moments(letter, i)),))
    return evaluate(program, {letter: S}, number=fraction)[sy.M].tolist()


def outer(h):
    """h hᵀ as nested lists."""
    return [[a * b for b in h] for a in h]


def enumerated_moments(count, outputs):
    """E h hᵀ over all signs of ``count`` coins, where h = outputs(signs)."""
    all_of = [outer(outputs(signs)) for signs in product((-1, 1), repeat=count)]
    rows = range(len(all_of[0]))
    return [[sum(M[j][k] for M in all_of) / Fraction(len(all_of)) for k in rows] for j in rows]


def least_moments(M):
    """X and Y of the column of ones: the sum of all entries, and that of the diagonal."""
    return sum(map(sum, M)), sum(M[j][j] for j in range(len(M)))
