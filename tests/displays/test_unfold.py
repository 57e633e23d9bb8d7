"""Displays in entries: against NumPy's matrices, and what has no entries is refused with both shapes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp
from oracles.display_numbers import IDENTITY, matrix, number
from oracles.display_vocabulary import VOCABULARY
from symderive.derivations.notation import A, D, M, T, U, W, a, d, g, gamma, gamma_u, k, lam, m, n, rho, v

from symderive import symbols as sy
from symderive.displays.reading.reader import read
from symderive.displays.unfold import Unfolder, unfold
from symderive.displays.values import Matrix
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.statements.claim import Relation
from symderive.statements.display import Definition, Letter, Vocabulary
from symderive.statements.statement import Statement

DEPTH, WIDTHS = 3, (2, 3, 1, 4)


def reading_of(*spoken: Any, setting: str = "", vocabulary: Vocabulary = VOCABULARY) -> Reading:
    """A reading for a statement that speaks of some letters and nothing else."""
    statement = Statement(id="spoken", title="Spoken", left=sum(spoken), right=0, reference="none")
    return Reading(vocabulary, statement, setting)


def claims(tex: str, *spoken: Any, **more: Any) -> Any:
    reading = reading_of(*spoken, **more)
    return unfold(read(tex, reading.functions), reading)


class Numbers:
    """Random arrays for the letters of a network, and the same as functions of indices."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        draw = self.random.normal
        self.W = {i: draw(size=(WIDTHS[i], WIDTHS[i - 1])) for i in range(1, DEPTH + 1)}
        root = draw(size=(WIDTHS[0], WIDTHS[0]))
        self.A, self.v = root @ root.T, draw(size=(WIDTHS[0], 1))
        self.U, self.m = draw(size=(1, WIDTHS[-1])), draw(size=(WIDTHS[0], 1))
        self.numbers = {
            name: float(self.random.uniform(0.5, 2)) for name in ("c", "lambda", "kappa", "gamma_u")
        }
        self.sigma = {i: float(self.random.uniform(0.5, 2)) for i in range(1, DEPTH + 1)}
        self.gamma = {i: float(self.random.uniform(0.5, 2)) for i in range(1, DEPTH + 1)}
        self.M, self.T = {0: self.A}, {0: np.eye(WIDTHS[0])}
        for i in range(1, DEPTH + 1):
            S = self.W[i] @ self.M[i - 1] @ self.W[i].T
            self.M[i] = S + self.sigma[i] ** 2 * np.diag(np.diag(S))
            self.T[i] = self.W[i] @ self.T[i - 1]
        self.rho = math.prod(1 + self.sigma[i] ** 2 / WIDTHS[i] for i in range(1, DEPTH + 1))
        self.bar = (self.numbers["gamma_u"] * math.prod(self.gamma.values())) ** (1 / (DEPTH + 1))

    def reduced(self, x: Any) -> float:
        size = np.linalg.norm(x) ** (2 / (DEPTH + 1))
        data = self.rho * x.T @ self.A @ x - 2 * self.v.T @ x
        return float(data[0, 0] + self.numbers["c"] + (DEPTH + 1) * self.bar * size)

    def named(self, tex: str, at: tuple[int, ...]) -> Any:
        """What a name of a display stands for."""
        if at:
            table = {"W": self.W, "M": self.M, "T": self.T, r"\sigma": self.sigma, r"\gamma": self.gamma}
            table["S"] = {i: self.W[i] @ self.M[i - 1] @ self.W[i].T for i in self.W}
            table["d"] = dict(enumerate(WIDTHS))
            return table[tex][at[0]]
        return {
            "A": self.A,
            "v": self.v,
            "m": self.m,
            "U": self.U,
            "I": IDENTITY,
            "D": DEPTH,
            "c": self.numbers["c"],
            r"\lambda": self.numbers["lambda"],
            r"\kappa": self.numbers["kappa"],
            r"\gamma_u": self.numbers["gamma_u"],
            r"\rho": self.rho,
            r"\bar{\gamma}": self.bar,
            "F": self.reduced,
        }[tex]

    @property
    def letters(self) -> dict[str, Any]:
        """What a symbol or a family stands for, its indices from 1 on."""
        return {
            **self.numbers,
            "D": DEPTH,
            "d": lambda i: WIDTHS[i],
            "W": lambda i, j, k: self.W[i][j - 1, k - 1],
            "M": lambda i, j, k: self.M[i][j - 1, k - 1],
            "T": lambda i, j, k: self.T[i][j - 1, k - 1],
            "A": lambda j, k: self.A[j - 1, k - 1],
            "U": lambda j: self.U[0, j - 1],
            "v": lambda j: self.v[j - 1, 0],
            "g": lambda j: self.m[j - 1, 0],
            "sigma": self.sigma.get,
            "gamma": self.gamma.get,
        }


EXPRESSIONS = (
    "U T_{D} v",
    r"U M_{D} U^{\top} - 2 U T_{D} v + c",
    r"v^{\top} A m",
    r"v m^{\top} A",
    r"A^{3} v - 2 m",
    r"(U T_{D})^{\top}",
    r"\lVert (U T_{D})^{\top} \rVert^{2/(D+1)}",
    r"\sum_{i=1}^{D} \gamma_{i} \lVert W_{i} \rVert_{F}^{2} + \gamma_{u} \lVert U \rVert^{2}",
    r"\prod_{i=1}^{D} (1 + \sigma_{i}^{2}/d_{i})",
    r"\rho m^{\top} A m",
    "F(m)",
    r"F((U T_{D})^{\top})",
    "F(2 m - v)",
    "S_{2}",
    r"S_{1} + \sigma_{1}^{2} \operatorname{Diag}(S_{1})",
    r"\operatorname{Diag}(m) v",
    r"m^{\top} \operatorname{Diag}(v)",
    r"\operatorname{Diag}(m) A \operatorname{Diag}(v)",
    r"\operatorname{Diag}(m + v) \operatorname{Diag}(v)",
    r"(\operatorname{Diag}(m) + 7 I)^{-1} v",
    r"\operatorname{tr}(W_{1} A W_{1}^{\top})",
    r"\operatorname{tr}(\operatorname{Diag}(m))",
    r"\lVert v m^{\top} \rVert_{F}",
    r"(A + \lambda I) m",
    r"(\lambda I - A) (A + \kappa I)",
    r"W_{2} W_{1} - T_{2}",
    r"\frac{v}{\lVert v \rVert}",
    r"\sum_{i=1}^{D} \sigma_{i} A^{2}",
    r"\sqrt{\kappa/\gamma_{2}} v^{\top}",
    r"\ln \lambda + \exp(-\kappa)",
    r"\bar{\gamma} \lVert m \rVert^{2/(D+1)-2}",
)


def in_numbers(tex: str, numbers: Numbers) -> Any:
    """What an expression unfolds to, as an array of its entries or a number."""
    reading = reading_of()
    value = Unfolder(reading).value(read(tex, reading.functions), {})
    if not isinstance(value, Matrix):
        return number(value, numbers.letters)
    rows, columns = (round(number(size, numbers.letters)) for size in (value.rows, value.columns))
    entry = [
        [sp.sympify(value.entry(sp.Integer(j), sp.Integer(k))) for k in range(1, columns + 1)]
        for j in range(1, rows + 1)
    ]
    return np.array([[number(part, numbers.letters) for part in row] for row in entry])


@pytest.mark.parametrize("tex", EXPRESSIONS)
@pytest.mark.parametrize("seed", range(3))
def test_unfolded_expressions_have_the_values_of_their_matrices(tex: str, seed: int) -> None:
    numbers = Numbers(seed)
    expected = matrix(read(tex, reading_of().functions), numbers.named)
    found = in_numbers(tex, numbers)
    assert np.shape(found) == np.shape(expected)
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("tex", "other"),
    [
        (r"v^{\top} A m", r"v^{\top} A^{2} m"),
        ("F(m)", "F(2 m)"),
        (r"(A + \lambda I) m", r"A m + \lambda v"),
        (r"\operatorname{Diag}(S_{1})", "S_{1}"),
        (r"v m^{\top}", r"m v^{\top}"),
    ],
)
def test_the_numbers_tell_displays_apart(tex: str, other: str) -> None:
    numbers = Numbers(0)
    wrong = matrix(read(other, reading_of().functions), numbers.named)
    assert np.shape(in_numbers(tex, numbers)) == np.shape(wrong)
    assert in_numbers(tex, numbers) != pytest.approx(wrong, rel=1e-3)


# -- claims ------------------------------------------------------------------------------------------------


def test_an_equation_of_matrices_is_one_of_entries() -> None:
    (claim,) = claims(r"M_{D} = T_{D} A T_{D}^{\top}")
    assert claim.relation is Relation.EQUAL
    (j, low, high), (column, _, other) = claim.over
    assert (low, high, other) == (1, d[D], d[D])
    assert claim.left == M[D, j, column]
    assert claim.right.has(T)
    assert not claim.right.has(M)


def test_a_chain_makes_one_claim_for_each_link() -> None:
    first, second = claims(r"c = \lambda \le \kappa")
    assert (first.left, first.right) == (sy.c, lam)
    assert (second.relation, second.left, second.right) == (Relation.AT_LEAST, sy.kappa, lam)


def test_not_zero_says_that_the_squares_are_positive() -> None:
    (claim,) = claims(r"m \ne 0")
    assert claim.relation is Relation.GREATER
    (index, low, high) = claim.left.limits[0]
    assert claim.left.function == g[index] ** 2
    assert (low, high, claim.right) == (1, d[0], 0)


def test_an_equivalence_is_one_entry_by_entry() -> None:
    (claim,) = claims(r"A m = v \iff m = A v")
    assert claim.relation is Relation.EQUIVALENT
    assert isinstance(claim.left, sp.Eq)
    assert len(claim.over) == 1
    with pytest.raises(InputError, match="do not have the same entries"):
        claims(r"A m = v \iff c = 0")


def test_signs_say_what_the_squares_are() -> None:
    (claim,) = claims(r"m \in \{\pm \lambda\}^{d_{0}}")
    assert claim.right == lam**2
    with pytest.raises(InputError, match="not a vector of"):
        claims(r"m \in \{\pm \lambda\}^{D}")


def test_a_limit_is_a_limit() -> None:
    (claim,) = claims(r"\lim_{\lambda \to \infty} \frac{c}{\lambda} = 0")
    assert claim.relation is Relation.LIMIT
    assert claim.left == sp.Limit(sy.c / lam, lam, sp.oo, "-")


def test_blocks_are_compared_block_by_block() -> None:
    found = claims(r"\begin{pmatrix} A & v \\ v^{\top} & c \end{pmatrix} = 0")
    assert [len(claim.over) for claim in found] == [2, 1, 1, 0]
    with pytest.raises(InputError, match="not put together in the same way"):
        claims(r"\begin{pmatrix} A & v \end{pmatrix} = \begin{pmatrix} A \\ v \end{pmatrix}")


def test_a_product_of_blocks_is_one() -> None:
    (claim,) = claims(
        r"\begin{pmatrix} c & \lambda \end{pmatrix} \begin{pmatrix} \kappa \\ 2 \end{pmatrix}"
        r" = \begin{pmatrix} c \kappa + 2 \lambda \end{pmatrix}"
    )
    assert sp.expand(claim.left - claim.right) == 0


def test_a_table_of_numbers_is_a_matrix_beside_one() -> None:
    ours = Letter("X", sp.IndexedBase("X", real=True), (2, 2))
    with_letter = replace(VOCABULARY, entries=(*VOCABULARY.entries, ours))
    row, column = r"\begin{pmatrix} c & \lambda \end{pmatrix}", r"\begin{pmatrix} 3 \\ \kappa \end{pmatrix}"
    (claim,) = claims(f"{row} X {column} = 0", vocabulary=with_letter)
    X = ours.stands_for
    wanted = 3 * (sy.c * X[1, 1] + lam * X[2, 1]) + sy.kappa * (sy.c * X[1, 2] + lam * X[2, 2])
    assert sp.expand(claim.left.doit() - wanted) == 0
    for wrong in (
        rf"X {row} = 0",
        rf"{column} X = 0",
        r"\begin{pmatrix} c & \lambda & 1 \end{pmatrix} X = 0",
        r"X \begin{pmatrix} m \\ 1 \end{pmatrix} = 0",
        f"{row} A = 0",
    ):
        with pytest.raises(InputError, match="cannot be multiplied"):
            claims(wrong, vocabulary=with_letter)


# -- names -------------------------------------------------------------------------------------------------


def test_a_letter_with_subscripts_of_its_own_goes_before_its_family() -> None:
    (claim,) = claims(r"\gamma_{u} = \gamma_{1}")
    assert (claim.left, claim.right) == (gamma_u, gamma[1])


def test_a_definition_is_its_letter_where_the_statement_speaks_of_it() -> None:
    (named,) = claims(r"\rho = 1", rho)
    (written,) = claims(r"\rho = 1")
    assert named.left == rho
    assert isinstance(written.left, sp.Product)


def test_the_setting_is_the_one_that_fits() -> None:
    assert reading_of(a[k], v[k], n).setting == "eigenbasis"
    assert reading_of(sy.a0, v[k], n).setting == "isotropic"
    assert reading_of(A[k, k], a[k]).setting == ""
    assert reading_of(U[k]).setting == ""
    (claim,) = claims(r"(\rho A + \lambda I)^{-1} v = m", a[k], n, rho)
    (index, _, size) = claim.over[0]
    assert size == n
    assert claim.right == m[index]
    assert claim.left == v[index] / (lam + rho * a[index])


def test_a_setting_may_be_asked_for() -> None:
    (claim,) = claims(r"v^{\top} v = 0", setting="eigenbasis")
    assert claim.left.limits[0][2] == n
    with pytest.raises(InputError, match="the settings are eigenbasis, isotropic"):
        claims("c = 0", setting="nowhere")


def test_names_of_a_display_go_before_those_of_the_vocabulary() -> None:
    reading = reading_of()
    where = (read(r"m = A v", reading.functions),)
    (claim,) = unfold(read(r"v^{\top} m = 0", reading.functions), reading, where)
    assert claim.left.has(A)
    assert not claim.left.has(g)


def test_a_definition_does_not_speak_of_a_name_that_the_display_defines() -> None:
    reading = reading_of()
    where = (read("v = 0 m", reading.functions),)
    with pytest.raises(InputError, match="speaks of v of the vocabulary as well"):
        unfold(read("F(m) = 0", reading.functions), reading, where)
    (claim,) = unfold(read("F(m) = 0", reading.functions), reading, (read("m = A v", reading.functions),))
    assert claim.left.has(sy.v_entry)


def test_a_function_of_weights_is_not_written_out_at_others_where_its_parts_speak_of_them() -> None:
    with pytest.raises(InputError, match="depends on"):
        claims(r"L(W, 2 U) = c")
    assert claims("L(W, U) = c")


def test_unknown_names_are_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"not in the vocabulary; the nearest names are .*\\gamma"):
        claims(r"\gamma = 0")
    with pytest.raises(InputError, match=r"x is d.* × 1 where a number is needed"):
        claims(r"\gamma_{x} = 0")
    with pytest.raises(InputError, match="not in the vocabulary"):
        claims("P(m) = 0")


def test_a_name_of_two_meanings_and_one_that_is_defined_by_itself_are_refused() -> None:
    twice = replace(VOCABULARY, entries=(*VOCABULARY.entries, Letter("W_{k}", W, (d[k], d[k - 1]))))
    with pytest.raises(InputError, match="two entries"):
        reading_of(vocabulary=twice)
    cycle = (Definition("X", "Y + 1"), Definition("Y", "2 X"))
    around = replace(VOCABULARY, entries=(*VOCABULARY.entries, *cycle))
    with pytest.raises(InputError, match="defined by itself"):
        claims("X = 0", vocabulary=around)


# -- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        ("U v = 0", r"U is 1 × d\[D\] and v is d\[0\] × 1, which cannot be multiplied"),
        (
            r"A + v = 0",
            r"v is d\[0\] × 1 and what stands before it is d\[0\] × d\[0\], which cannot be added",
        ),
        (r"v + 1 = 0", "which cannot be added"),
        (r"A = v", "the left side is"),
        (r"v \ge 0", "the sides of an inequality are numbers"),
        (r"v \succeq 0", "not square"),
        (r"A^{-1} v = m", "the inverse of A, which is not diagonal here, is not written out"),
        (r"A^{+} v = m", "not known to be invertible"),
        (r"\min_{m} F(m) = 0", "in a step in words only"),
        (r"\nabla F(A v) = 0", "by what is not a vector of letters"),
        (r"\lVert A \rVert = 0", "norm of a matrix"),
        (r"c", "claims nothing"),
        ("I = 0", "size of the matrices is not known"),
        (r"\frac{c}{v} = 0", "where a number is needed"),
        (r"\operatorname{tr}(v) = 0", "not to be traced"),
        (r"\mathbb{E}_{\epsilon} c = c", "not written out"),
        (r"\sum_{k=1}^{\infty - 1} \frac{c}{k} = 0", "is no number"),
        (r"\mathbb{E}_{x} \operatorname{Var}_{\epsilon} (f(x) - y) = 0", "not the output of the network"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(tex: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        claims(tex)


def test_a_letter_that_is_given_a_number_has_it_in_definitions_too() -> None:
    reading = reading_of()
    where = (read("D = 1", reading.functions),)
    (claim,) = unfold(read(r"\rho = D", reading.functions), reading, where)
    assert claim.left.limits[0][1:] == (1, 1)
    assert claim.right == 1


def test_series_go_to_infinity() -> None:
    (claim,) = claims(r"\sum_{k \ge 1} q^{k} = c")
    assert claim.left.limits[0][1:] == (1, sp.oo)


def test_what_is_divided_by_is_told() -> None:
    reading = reading_of()
    unfolder = Unfolder(reading)
    unfolder.claims(read(r"\frac{c}{c} = 1", reading.functions))
    assert (sy.c, -1) in unfolder.defined


def test_indices_clash_with_nothing() -> None:
    taken = sp.Symbol("j_1", integer=True, positive=True)
    (claim,) = claims(r"v^{\top} v = 0", taken)
    assert claim.left.limits[0][0] != taken
