"""What the theory asks of the data, of both kinds that there are, against one another and against SymPy."""

import json
import pickle
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpz_mat

from symderive import InputError, Moments, Network, OutputMoments, Spectrum, solve, verify
from symderive.arithmetic.eigenvalues import symmetric_axes
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.data.float_spectrum import spectrum
from symderive.data.interface import Data, common_eigenvalue
from symderive.effective_ridge.closed_form import eigenvalue
from symderive.effective_ridge.resolvent import DenseResolvent, SpectralResolvent, resolvent_of
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.sweeps.grid import Grid
from symderive.sweeps.sweep import solve_grid
from symderive.thresholds.thresholds import thresholds

#: What the protocol lists.
ASKED = {name for name in vars(Data) if not name.startswith("_")}

#: Eigenvalues, components of v, and E[y²]: simple, with a null space, multiple, isotropic, v = 0.
DIAGONAL = {
    "simple": (["1", "400"], ["1/10", "7/10"], "1"),
    "unsorted": (["7/3", "1/2", "5"], ["2", "1/3", "1"], "20"),
    "singular": (["0", "3", "0", "1/7"], ["0", "2", "0", "1"], "9"),
    "multiple": (["2", "5", "2"], ["1", "3", "2"], "30"),
    "isotropic": (["3", "3"], ["1", "2"], "4"),
    "one part": (["3", "8"], ["0", "2"], "4"),
    "no signal": (["1", "2"], ["0", "0"], "1"),
}


def moments_of(name):
    a, v, c = DIAGONAL[name]
    return Moments.given([[x if i == j else 0 for j in range(len(a))] for i, x in enumerate(a)], v, c)


def spectrum_of(name):
    a, v, c = DIAGONAL[name]
    return Spectrum.of(a, [Fraction(x) ** 2 for x in v], c)


def samples(rows=7, columns=3, seed=1):
    rng = np.random.default_rng(seed)
    X = rng.integers(-5, 6, (rows, columns))
    return X, X @ rng.integers(-2, 3, columns) + rng.integers(-2, 3, rows)


class Veiled:
    """A spectrum of which nothing is known but what the protocol tells."""

    def __init__(self, data):
        self._data = data

    def __getattr__(self, name):
        if name not in ASKED:
            raise AttributeError(name)
        return getattr(self._data, name)


# -- two kinds, one protocol ------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [moments_of("simple"), spectrum_of("simple")], ids=repr)
def test_both_kinds_answer_all(data):
    assert {"c", "power_moment", "balls", "fingerprint"} < ASKED
    assert all(getattr(data, name) is not None for name in ASKED)


@pytest.mark.parametrize("name", DIAGONAL)
def test_both_kinds_agree(name):
    dense, bare = moments_of(name), spectrum_of(name)
    for asked in ("dimension", "nullity", "c", "v_norm_squared", "explained"):
        assert getattr(dense, asked) == getattr(bare, asked)
    assert [dense.power_moment(k) for k in range(5)] == [bare.power_moment(k) for k in range(5)]
    assert common_eigenvalue(dense) == common_eigenvalue(bare)
    assert bare.eigenvalue_bound == max(bare.a) <= dense.eigenvalue_bound == sum(bare.a)
    assert bare.has_known_axes
    assert not dense.has_known_axes
    with TURN, working_precision(100):
        (A, v), (B, w) = dense.balls(), bare.balls()
        assert A.overlaps(B)
        assert v.overlaps(w)


def test_data_nearly_the_same_do_not_agree():
    dense, bare = moments_of("simple"), spectrum_of("simple")
    tiny = Fraction(1, 10**25)
    for change in ({"a": (bare.a[0] + tiny, bare.a[1])}, {"p": (bare.p[0] + tiny, bare.p[1])}):
        near = replace(bare, **change)
        assert near.power_moment(1) != dense.power_moment(1)
        with TURN, working_precision(200):
            (A, v), (B, w) = dense.balls(), near.balls()
            assert not (A.overlaps(B) and v.overlaps(w))


@pytest.mark.parametrize("name", DIAGONAL)
def test_the_general_way_and_the_short_one_give_the_same_doubles(name):
    """Eigenvalues, which are unique, and the squared length of v in every eigenspace."""
    bare = spectrum_of(name)
    short, general, dense = spectrum(bare), spectrum(Veiled(bare)), spectrum(moments_of(name))
    for found in (general, dense):
        assert found.a.tolist() == short.a.tolist()
        assert found.c == short.c
        for a in set(short.a):
            assert found.p[found.a == a].sum() == pytest.approx(short.p[short.a == a].sum(), rel=2.0**-50)


@pytest.mark.parametrize("name", ["simple", "unsorted", "singular", "multiple", "isotropic"])
@pytest.mark.parametrize("depth", [0, 2])
def test_landscapes_and_hessians_of_both_kinds_overlap(name, depth):
    net = Network(depth, widths=3, decays="1/500", noise="1/2" if depth else None)
    ours, theirs = (solve(net, data) for data in (moments_of(name), spectrum_of(name)))
    assert len(ours.points) == len(theirs.points) > 0
    for one, other in zip(ours.points, theirs.points, strict=True):
        assert one.kind == other.kind
        assert one.loss.overlaps(other.loss)
        first, second = (found.hessian(one.index) for found in (ours, theirs))
        assert (first.morse_index, first.nullity) == (second.morse_index, second.nullity)
        assert first.largest.overlaps(second.largest)


@pytest.mark.parametrize("name", ["simple", "singular", "multiple"])
def test_least_squares_of_both_kinds(name):
    rho = Fraction(3, 2)
    with TURN, working_precision(80):
        dense, bare = (resolvent_of(data, rho) for data in (moments_of(name), spectrum_of(name)))
        assert isinstance(dense, DenseResolvent)
        assert isinstance(bare, SpectralResolvent)
        for x, y, near in zip(
            dense.least_squares(), bare.least_squares(), bare.ridge_solution(arb(2) ** -200), strict=True
        ):
            assert x.overlaps(y)
            assert abs(y - near) < arb(2) ** -70
            assert y == 0 or not x.overlaps(y * arb("1.0000001"))


def test_data_of_another_kind_have_no_resolvent():
    with pytest.raises(TypeError, match="Veiled has no resolvent"):
        resolvent_of(Veiled(spectrum_of("simple")), Fraction(1))


# -- general moments --------------------------------------------------------------------------------------


@pytest.mark.parametrize("standardize", [False, True])
def test_power_moments_and_balls_against_sympy(standardize):
    data = Moments.from_samples(*samples(), standardize=standardize)
    A, v = data.A, data.v
    for k in range(4):
        exact = data.power_moment(k)
        assert sp.simplify((v.T * A**k * v)[0] - sp.Rational(exact.numerator, exact.denominator)) == 0
        assert sp.simplify((v.T * A ** (k + 1) * v)[0]) != sp.Rational(exact.numerator, exact.denominator)
    with TURN, working_precision(150):
        for found, wanted in zip(data.balls(), (A, v), strict=True):
            assert (found.nrows(), found.ncols()) == wanted.shape
            for x, y in zip(found.entries(), wanted, strict=True):
                assert x.overlaps(ball(sp.sympify(y)))
                assert x.rel_accuracy_bits() > 140 or x == 0


def test_exact_numbers_are_exact_balls():
    data = Moments.given([[1, "1/2"], ["1/2", 400]], ["1/4", 3], 1)
    with TURN, working_precision(64):
        A, v = data.balls()
        assert all(x.is_exact() for x in (*A.entries(), *v.entries()))
        assert [float(x) for x in A.entries()] == [1, 0.5, 0.5, 400]
        assert [float(x) for x in v.entries()] == [0.25, 3]


@pytest.mark.parametrize("standardize", [False, True])
def test_nullity_counts_what_is_certainly_zero(standardize):
    X, y = samples(4, 6)
    data = Moments.from_samples(X, y, standardize=standardize)
    assert data.nullity == 6 - np.linalg.matrix_rank(np.array(data.A, dtype=float)) > 0
    with TURN, working_precision(128):
        values = symmetric_axes(data.balls()[0]).eigenvalues()
    assert all(x.contains(0) for x in values[: data.nullity])
    assert all(x > 0 for x in values[data.nullity :])


# -- Av = av ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "a"),
    [
        (Moments.given([[2, 0], [0, 2]], [1, 3], 9), 2),
        (Moments.given([[2, 1], [1, 2]], [1, -1], 9), 1),
        (Moments.given([["5/7"]], [1], 9), Fraction(5, 7)),
        (Moments.from_samples([[3, 5], [3, -5], [-3, 5], [-3, -5]], [1, 2, 0, -1], standardize=True), 1),
        (Spectrum.of([2, 5, 2], [1, 0, 3]), 2),
    ],
    ids=repr,
)
def test_the_common_eigenvalue_is_found(data, a):
    assert common_eigenvalue(data) == a
    assert eigenvalue(ScalarEquation.of(Network(2, widths=1, decays=1), data)) == a


@pytest.mark.parametrize(
    "data",
    [
        Moments.given([[2, 1], [1, 2]], [1, 1 + Fraction(1, 10**40)], 9),
        Moments.given([[2, 0], [0, 2 + Fraction(1, 10**40)]], [1, 3], 9),
        Spectrum.of([2, 2 + Fraction(1, 10**40)], [1, 3]),
        Spectrum.of([2, 5], [1, Fraction(1, 10**90)]),
        Moments.given([[2, 0], [0, 2]], [0, 0], 9),
        Spectrum.of([2], [0], 1),
    ],
    ids=repr,
)
def test_nearly_isotropic_data_have_none(data):
    assert common_eigenvalue(data) is None
    with pytest.raises(InputError, match="v is 0 or no eigenvector of A"):
        eigenvalue(ScalarEquation.of(Network(2, widths=1, decays=1), data))


# -- equality, hashes, pickles ----------------------------------------------------------------------------

X, Y = [[1, 2], [2, 5], [3, 1]], [1, 2, 4]

MAKERS = {
    "given": lambda: Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1),
    "samples": lambda: Moments.from_samples(X, Y, features=("a", "b")),
    "centered": lambda: Moments.from_samples(X, Y, center=True),
    "standardized": lambda: Moments.from_samples(X, Y, standardize=True),
    "spectrum": lambda: Spectrum.of([1, 400], ["1/100", "49/100"], 1),
    "other spectrum": lambda: Spectrum.of([1, 400], ["1/100", "49/100"]),
}


@pytest.mark.parametrize("name", MAKERS)
def test_equal_by_content(name):
    data = MAKERS[name]()
    for copy in (MAKERS[name](), pickle.loads(pickle.dumps(data)), replace(data)):  # noqa: S301
        assert copy is not data
        assert copy == data
        assert hash(copy) == hash(data)
        assert copy.fingerprint == data.fingerprint
        assert repr(copy) == repr(data)
        assert {data: 1}[copy] == 1
    others = [make() for other, make in MAKERS.items() if other != name]
    assert data not in others
    assert data not in set(others)
    assert data.fingerprint not in {other.fingerprint for other in others}


def test_a_pickle_keeps_what_was_computed_out_of_it():
    data = MAKERS["standardized"]()
    before = pickle.dumps(data)
    assert data.explained <= data.c
    assert pickle.dumps(data) == before
    assert pickle.loads(before).explained == data.explained  # noqa: S301


@pytest.mark.parametrize(
    "change",
    [
        {"gram": fmpz_mat([[10, 0, 1], [0, 4000, 7], [1, 7, 11]])},
        {"gram": fmpz_mat([[11, 0, 1], [0, 4000, 7], [1, 7, 10]])},
        {"gram": fmpz_mat([[10, 1], [1, 10]])},
        {"denominator": 11},
        {"variances": (Fraction(1), Fraction(1))},
    ],
    ids=["c", "A", "size", "denominator", "variances"],
)
def test_one_number_makes_moments_differ(change):
    data = MAKERS["given"]()
    assert data.gram == fmpz_mat([[10, 0, 1], [0, 4000, 7], [1, 7, 10]])
    assert data.denominator == 10
    other = replace(data, **change)
    assert other != data
    assert other.fingerprint != data.fingerprint


@pytest.mark.parametrize(
    "change", [{"features": ("a", "b")}, {"target": "z"}, {"source": "a file"}, {"means": (0, 0, 0)}]
)
def test_names_make_moments_differ_but_not_their_fingerprint(change):
    """Tables print names; the numbers of a sweep do not depend on them."""
    data = MAKERS["given"]()
    other = replace(data, **change)
    assert other != data
    assert other.fingerprint == data.fingerprint


def test_data_are_not_equal_to_other_things():
    for data in (MAKERS["given"](), MAKERS["spectrum"]()):
        assert data != 3
        assert data != repr(data)
    assert MAKERS["given"]() != MAKERS["spectrum"]()


def test_fingerprints_stay_as_they_are_on_disk():
    """What stores of version 1 were written with."""
    wanted = {
        "given": "7a2c95d012668e45bc5fab5410754335ddee6230145dc0356886e3477da17eff",
        "standardized": "31e1efd5682cba1e7cd5fd2283f2717d279f74f2a088f06ef557c4f5628a7357",
    }
    assert {name: MAKERS[name]().fingerprint for name in wanted} == wanted
    told = Spectrum.of([1, "1/3"], ["1/2", 2]).fingerprint
    assert told == "f86f429f23ef77b65c6c153d28e8f602c26233973683729c9675c94f9854cd56"


# -- words and records ------------------------------------------------------------------------------------


def test_words():
    dense, bare = moments_of("singular"), spectrum_of("singular")
    assert (dense.description, dense.source) == ("Moments(4 features from given moments)", "given moments")
    assert (bare.description, bare.source) == ("4 eigenvalues", "a given spectrum")


def test_records_hold_the_exact_numbers():
    given, standard = MAKERS["given"](), MAKERS["standardized"]()
    assert given.record() == {
        "gram": [[10], [0, 4000], [1, 7, 10]],
        "denominator": 10,
        "metric": ["1", "1"],
    }
    assert standard.record()["metric"] == [str(x) for x in standard.variances]
    assert MAKERS["spectrum"]().record() == {"a": ["1", "400"], "p": ["1/100", "49/100"], "c": "1"}
    for make in MAKERS.values():
        assert json.loads(json.dumps(make().record())) == make().record()


# -- what is no data --------------------------------------------------------------------------------------


NET, DATA = Network(2, widths=4, decays="1/50"), Moments.given([[1]], [1], 2)
OUTPUTS = OutputMoments.given(1, [[2, 0], [0, 1]], 6)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: solve(DATA, NET), "the network comes first: (net, data)"),
        (lambda: solve(NET, ([[1.0]], [2.0])), "the data have type tuple; give Moments"),
        (lambda: solve(NET, None), "the data have type NoneType; give Moments"),
        (lambda: solve("net", DATA), "the network has type str; give a Network"),
        (
            lambda: solve(Network(2, widths=4, decays=1, outputs=2), DATA),
            "with OutputMoments: one hidden layer or none",
        ),
        (
            lambda: thresholds(NET, OUTPUTS),
            "OutputMoments are moments of several outputs, which solve alone",
        ),
        (lambda: thresholds(DATA, NET), "the network comes first"),
        (lambda: solve_grid(GRID, ([[1.0]], [2.0])), "the data have type tuple"),
        (lambda: verify(NET, [[1.0]], [], 1), "the data have type list"),
    ],
)
def test_what_is_no_data_or_no_network_is_told_so(ask, says):
    with pytest.raises(InputError) as refused:
        ask()
    assert says in str(refused.value)


GRID = Grid.of({"decay": ["1/50"]}, depth=2, width=4)


def test_and_what_is_passes():
    assert solve(NET, DATA).complete
    assert solve_grid(GRID, DATA).size == 1
    assert thresholds(NET, Spectrum.of([1], [1])).net == NET
