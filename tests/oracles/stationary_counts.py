"""Exact numbers of stationary points of small networks, by Gröbner bases; knows nothing of the reduction.

The gradient of :func:`symderive.polynomial_loss` is a system of polynomials with rational coefficients.
Its Gröbner basis gives the algebra of polynomials modulo the system, of finite dimension N if the points
are isolated.  The characteristic polynomial of multiplication by a linear form has one root for each
point, the value of the form there; if it is square-free, then there are N complex points, and the real ones
are its real roots.

``python tests/stationary_counts.py`` recomputes the whole table, the slow rows (minutes) too.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import sympy as sp
from flint import Ordering, fmpq, fmpq_mat, fmpq_poly, fmpz_mpoly_ctx, fmpz_mpoly_vec

from symderive import Moments, Network, polynomial_loss, take_census

#: Coefficients of the linear form, one a weight; any that tell all points apart serve.
FORM = (1, 7, 17, 37, 71, 127, 211)

#: Largest dimension of the algebra.
MAX_DIMENSION = 1000


@dataclass(frozen=True)
class Architecture:
    """A network, its data, and the numbers of its complex and real stationary points."""

    net: Network
    data: Moments
    complex: int
    real: int
    slow: bool = False


def one_feature(a, v):
    return Moments.given([[a]], [v], 9)


TWO = Moments.given([[2, "1/2"], ["1/2", 1]], ["3/2", "-1/3"], 9)
FOUR_ROOTS = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)

ARCHITECTURES = {
    "1": Architecture(Network(1, widths=1, decays=["1/5", "1/3"]), one_feature(1, 1), 5, 3),
    "1, strong decay": Architecture(Network(1, widths=1, decays=[2, 3]), one_feature(1, 1), 5, 1),
    "1, noise": Architecture(
        Network(1, widths=1, decays=["1/5", "1/3"], noise="1/2"), one_feature(2, "3/2"), 5, 3
    ),
    "1, two features": Architecture(Network(1, widths=1, decays=["1/5", "1/3"], noise="1/2"), TWO, 9, 3),
    "2, noise": Architecture(
        Network(1, widths=2, decays=["1/5", "1/3"], noise="1/2"), one_feature(2, "3/2"), 25, 9
    ),
    "2, noise, two features": Architecture(
        Network(1, widths=2, decays=["1/5", "1/3"], noise="1/2"), TWO, 81, 9
    ),
    "3, noise": Architecture(
        Network(1, widths=3, decays=["1/5", "1/3"], noise="1/2"), one_feature(2, "3/2"), 125, 27
    ),
    "1-1": Architecture(Network(2, widths=1, decays=["1/5", "1/3", "1/4"]), one_feature(1, 1), 17, 9),
    "1-1, strong decay": Architecture(Network(2, widths=1, decays=1), one_feature(1, 1), 17, 1),
    "1-1, noise": Architecture(
        Network(2, widths=1, decays=["1/5", "1/3", "1/7"], noise=["1/2", "1/3"]),
        one_feature(1, "4/3"),
        17,
        9,
    ),
    "1-1, two features": Architecture(Network(2, widths=1, decays="1/50"), FOUR_ROOTS, 33, 17),
    "2-1, noise": Architecture(
        Network(2, widths=[2, 1], decays=["1/5", "1/3", "1/4"], noise=["1/2", "1/3"]),
        one_feature(2, "3/2"),
        97,
        33,
    ),
    "1-2, noise in the second": Architecture(
        Network(2, widths=[1, 2], decays=["1/5", "1/3", "1/4"], noise=[0, "1/2"]),
        one_feature(2, "3/2"),
        97,
        33,
    ),
    "1-2, nothing with one neuron": Architecture(
        Network(2, widths=[1, 2], decays="1/3", noise=[0, 3]), one_feature(1, 1), 97, 17
    ),
    "1-1-1": Architecture(
        Network(3, widths=1, decays=["1/5", "1/3", "1/7", "1/4"]), one_feature(1, "4/3"), 49, 17
    ),
    "1-1-1, two features": Architecture(
        Network(3, widths=1, decays=["1/5", "1/3", "1/7", "1/4"]), TWO, 97, 17
    ),
    "1-1-1-1": Architecture(
        Network(4, widths=1, decays=["1/5", "1/3", "1/7", "1/4", "1/6"]), one_feature(1, "4/3"), 129, 33
    ),
    "2-1-1, noise": Architecture(
        Network(3, widths=[2, 1, 1], decays=["1/15", "1/13", "1/14", "1/12"], noise=["1/2", 0, 0]),
        one_feature(2, "3/2"),
        289,
        65,
        slow=True,
    ),
    "2-1, noise, two features": Architecture(
        Network(2, widths=[2, 1], decays=["1/15", "1/13", "1/14"], noise=["1/2", 0]),
        TWO,
        321,
        33,
        slow=True,
    ),
}


def count_exactly(net: Network, data: Moments) -> tuple[int, int]:
    """The numbers of complex and of real stationary points; raises ValueError if they are not isolated."""
    loss = polynomial_loss(net, A=data.A, v=data.v, c=sp.Integer(1))
    weights = sorted((x for x in loss.free_symbols if isinstance(x, sp.Indexed)), key=str)
    names = sp.symbols(f"w0:{len(weights)}")
    loss = loss.xreplace(dict(zip(weights, names, strict=True)))
    gradient = [sp.Poly(sp.diff(loss, w), *names).clear_denoms()[1] for w in names]
    characteristic = Quotient(gradient, [str(w) for w in names]).characteristic(FORM)
    if characteristic.gcd(characteristic.derivative()).degree() > 0:
        raise ValueError("points coincide, or the form does not tell them apart")
    real = [root for root, _ in characteristic.numer().complex_roots() if root.imag.is_zero()]
    return characteristic.degree(), len(real)


class Quotient:
    """Polynomials modulo a system: the standard monomials and the normal forms of their neighbors."""

    def __init__(self, system, names):
        context = fmpz_mpoly_ctx.get(names, Ordering.degrevlex)
        integers = [{m: int(c) for m, c in p.as_dict().items()} for p in system]
        ideal = fmpz_mpoly_vec([context.from_dict(p) for p in integers], context)
        basis = [p.to_dict() for p in ideal.buchberger_naive().autoreduction()]
        self.count = len(names)
        leading = {max(p, key=order): p for p in basis}
        self.standard = self._standard(list(leading))
        self.place = {monomial: at for at, monomial in enumerate(self.standard)}
        self.normal = {monomial: {at: fmpq(1)} for monomial, at in self.place.items()}
        border = {times(b, i) for b in self.standard for i in range(self.count)} - set(self.standard)
        for monomial in sorted(border, key=order):
            self.normal[monomial] = self._reduced(monomial, leading.get(monomial))

    def _standard(self, leading):
        """The monomials that no leading monomial divides, degree by degree."""
        found, level = [], [(0,) * self.count]
        while level:
            level = [m for m in level if not any(divides(lead, m) for lead in leading)]
            found += level
            if len(found) > MAX_DIMENSION:
                raise ValueError("the points are not isolated, or there are too many of them")
            level = sorted({times(m, i) for m in level for i in range(self.count)})
        return found

    def _reduced(self, monomial, element):
        """The normal form of a monomial on the border, smaller ones being known."""
        if element is not None:
            lead = fmpq(int(element[monomial]))
            return {self.place[m]: fmpq(int(-c)) / lead for m, c in element.items() if m != monomial}
        i, below = next(
            (i, low)
            for i in range(self.count)
            if monomial[i] and (low := times(monomial, i, -1)) in self.normal and low not in self.place
        )
        total = {}
        for at, factor in self.normal[below].items():
            for k, c in self.normal[times(self.standard[at], i)].items():
                total[k] = total.get(k, fmpq(0)) + factor * c
        return {k: c for k, c in total.items() if c != 0}

    def characteristic(self, form) -> fmpq_poly:
        """The characteristic polynomial of multiplication by the linear form."""
        size = len(self.standard)
        matrix = fmpq_mat(size, size)
        for column, monomial in enumerate(self.standard):
            for i in range(self.count):
                for row, c in self.normal[times(monomial, i)].items():
                    matrix[row, column] = matrix[row, column] + form[i] * c
        return matrix.charpoly()


def order(monomial):
    """Degree reverse lexicographic."""
    return sum(monomial), tuple(-e for e in reversed(monomial))


def divides(one, other):
    return all(a <= b for a, b in zip(one, other, strict=True))


def times(monomial, i, power=1):
    return (*monomial[:i], monomial[i] + power, *monomial[i + 1 :])


if __name__ == "__main__":
    for name, case in ARCHITECTURES.items():
        start = time.perf_counter()
        found = count_exactly(case.net, case.data)
        listed = take_census(case.net, case.data, digits=15).points
        agree = found == (case.complex, case.real) and listed == case.real
        print(f"{name}: {found}, census {listed}, {'' if agree else 'NOT '}as in the table,", end=" ")
        print(f"{time.perf_counter() - start:.1f} s", flush=True)
