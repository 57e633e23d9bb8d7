"""Solves among the samples against exact ones among the features, and whole landscapes either way."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb, fmpq, fmpq_mat
from oracles.few_samples import ODDITIES, SHAPES, WAYS, dense, odd_samples
from oracles.sampled import some

from symderive import InputError, Moments, Network, solve
from symderive.arithmetic.exact import TURN, working_precision
from symderive.certificates.certificate import certificate
from symderive.certificates.checker import check_certificate
from symderive.certificates.checker_numbers import CertificateError
from symderive.data.blocks import Table
from symderive.data.moments import WideMoments
from symderive.effective_ridge.dual_resolvent import DualResolvent
from symderive.effective_ridge.resolvent import DenseResolvent, resolvent_of
from symderive.effective_ridge.response import GOOD_BITS
from symderive.effective_ridge.ridge_system import DIRECT_SIZE
from symderive.thresholds.thresholds import thresholds

FIELDS = ("r1", "r2", "r3", "r4", "energy", "shrunk_energy")
RHO = Fraction(7, 4)
BITS = 128
LOST_BITS = 40


def moments_of(shape, way, oddity, seed=0):
    return Moments.from_samples(*odd_samples(*shape, oddity, seed), **way)


def has_moments(shape, way, oddity):
    """Whether all columns can be standardized where that is asked for, and v is not 0."""
    try:
        return moments_of(shape, way, oddity).v_norm_squared != 0
    except InputError:
        return False


KINDS = [(shape, way, oddity) for shape in SHAPES for way in WAYS for oddity in ODDITIES]
CASES = [kind for kind in KINDS if has_moments(*kind)]
assert any(rows > DIRECT_SIZE for rows, _ in SHAPES)


def test_cases_of_every_shape_way_and_oddity_are_tried():
    assert (len(CASES), len(KINDS)) == (78, 105)
    for part in range(3):
        missing = {str(kind[part]) for kind in KINDS} - {str(case[part]) for case in CASES}
        assert missing == set(), missing


def as_fmpq(x):
    return fmpq(x.numerator, x.denominator)


def exact_vectors(data, ridge):
    """C, V, b and x = (ρC + λV)^{-1} b, y = (ρC + λV)^{-1} V x in fractions."""
    d = data.dimension
    C = fmpq_mat([[as_fmpq(data.entry(i, j)) for j in range(d)] for i in range(d)])
    b = fmpq_mat([[as_fmpq(data.entry(i, d))] for i in range(d)])
    V = fmpq_mat([[as_fmpq(data.metric[i]) if i == j else 0 for j in range(d)] for i in range(d)])
    M = C * as_fmpq(RHO) + V * as_fmpq(ridge)
    x = M.solve(b)
    return C, V, b, x, M.solve(V * x)


def exact_response(data, ridge):
    C, V, b, x, y = exact_vectors(data, ridge)

    def dot(left, right):
        return (left.transpose() * right)[0, 0]

    rho = as_fmpq(RHO)
    values = (
        dot(b, x),
        dot(x, V * x),
        dot(x, V * y),
        dot(y, V * y),
        rho * dot(x, C * x),
        rho * dot(x, C * y),
    )
    return dict(zip(FIELDS, values, strict=True))


def dyadic_ridge(data, power):
    trace = int(data.trace) + 1
    return Fraction(2) ** (trace.bit_length() + power)


@pytest.mark.parametrize(("shape", "way", "oddity"), CASES)
def test_responses_enclose_the_exact_solves(shape, way, oddity):
    data = moments_of(shape, way, oddity)
    resolvent = resolvent_of(data, RHO)
    assert type(resolvent) is DualResolvent
    for power in (-60, -3, 20) if shape[1] < 20 else (-24,):
        ridge = dyadic_ridge(data, power)
        exact = exact_response(data, ridge)
        with TURN, working_precision(BITS):
            response = resolvent.response(arb(as_fmpq(ridge)))
            for name in FIELDS:
                value = getattr(response, name)
                assert value.contains(exact[name]), name
                assert value.rel_accuracy_bits() > BITS - LOST_BITS, name
                assert not value.contains(exact[name] * (1 + fmpq(1, 2 ** (BITS - LOST_BITS))))


@pytest.mark.parametrize(("shape", "way", "oddity"), some(CASES, 5))
def test_vectors_maps_and_limits_are_those_of_the_features(shape, way, oddity):
    data = moments_of(shape, way, oddity)
    dual, features = resolvent_of(data, RHO), DenseResolvent(dense(data), RHO)
    assert dual.largest == features.largest
    ridge = dyadic_ridge(data, -7)
    _, _, _, x, y = exact_vectors(data, ridge)
    with TURN, working_precision(BITS):
        lam = arb(as_fmpq(ridge))
        for found, exact in zip(dual.vectors(lam), (x, y), strict=True):
            assert all(a.contains(b) for a, b in zip(found.entries(), exact.entries(), strict=True))
        for found, other in (
            (dual.ridge_solution(lam), features.ridge_solution(lam)),
            (dual.least_squares(), features.least_squares()),
        ):
            length = sum((a * a for a in found), arb(0)).sqrt()
            for a, b in zip(found, other, strict=True):
                assert a.overlaps(b)
                assert a.rad() < length * arb(2) ** (LOST_BITS - BITS)
    for a, b in zip(dual.limits, features.limits, strict=True):
        assert a.overlaps(b)
        assert a.rel_accuracy_bits() >= GOOD_BITS
        assert not a.overlaps(b * (1 + arb(2) ** (3 - GOOD_BITS)))
    # An exact w with Cw = b, and the bound that it makes.
    w, d = dual.limit_solution(), data.dimension
    for i in range(d):
        assert sum(data.entry(i, j) * w[j] for j in range(d)) == data.entry(i, d)
    with TURN, working_precision(BITS):
        assert not arb(as_fmpq(dual.limit_norm_squared())) < dual.limits[1]


def test_a_ball_of_ridges_is_enclosed():
    data = moments_of((5, 9), {"center": True}, "nothing")
    with TURN, working_precision(BITS):
        response = resolvent_of(data, RHO).response(arb(2, "0.01"))
        for ridge in (Fraction(199, 100), Fraction(2), Fraction(201, 100)):
            assert all(
                getattr(response, name).contains(x) for name, x in exact_response(data, ridge).items()
            )
        beyond = exact_response(data, Fraction(5, 2))
        assert not any(getattr(response, name).contains(x) for name, x in beyond.items())


@pytest.mark.parametrize("slip", ["a row is missing", "means are left in", "the share is that of n + 1"])
def test_slips_among_the_samples_are_not_enclosed(slip):
    """Near-misses: the response of samples that are slightly others."""
    data = moments_of((5, 9), {"center": True}, "nothing")
    X, y = odd_samples(5, 9, "nothing")
    plain = Moments.from_samples(X, y)
    samples = {
        "a row is missing": Moments.from_samples(X[1:], y[1:], center=True).samples,
        "means are left in": replace(plain.samples, means=data.samples.means),
        "the share is that of n + 1": replace(data.samples, unit=data.samples.unit * Fraction(5, 6)),
    }[slip]
    wrong = WideMoments.of(samples, Table(data.features, "y", (), "samples"), standardize=False)
    exact = exact_response(data, Fraction(2))
    with TURN, working_precision(BITS):
        right, other = (DualResolvent(x, RHO).response(arb(2)) for x in (data, wrong))
        assert all(getattr(right, name).contains(exact[name]) for name in FIELDS)
        assert not any(getattr(other, name).contains(exact[name]) for name in FIELDS)


def test_targets_beyond_the_range_of_dependent_samples_are_projected():
    """Near-miss: with Y itself in place of PY the bound on ‖(ρA)⁺v‖² and vᵀA⁺v are others."""
    X, y = odd_samples(5, 9, "half of the samples are one")
    data = Moments.from_samples(X, y)
    numerators, denominator = data.samples.fitted
    assert data.explained < data.c
    assert any(
        Fraction(int(a), denominator) != int(b)
        for a, b in zip(numerators.entries(), data.samples.Y.entries(), strict=True)
    )
    assert data.explained == dense(data).explained


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "oddity", some(["nothing", "half of the samples are one", "one column is huge"], 3, 1, ci=1)
)
def test_landscapes_are_the_same_to_the_last_digit(way, oddity):
    data = moments_of((5, 9), way, oddity, seed=1)
    net = Network(2, widths=3, decays="1/50", noise="1/2")
    one, other = solve(net, data, digits=25), solve(net, dense(data), digits=25)
    assert one.origin == other.origin
    assert [point.kind for point in one.points] == [point.kind for point in other.points]
    for a, b in zip(one.points, other.points, strict=True):
        for name in ("ridge", "loss", "layer_decay", "norm", "prediction_variance"):
            assert getattr(a, name).overlaps(getattr(b, name)), name
    assert str(one) == str(other)
    verified = one.verify()
    assert verified.verdict.name == "CHECKED"
    difference = verified.loss - other.verify().loss
    assert abs(difference) < arb(10) ** -25 * verified.loss


@pytest.mark.parametrize("way", WAYS)
def test_thresholds_are_the_same_to_the_last_digit(way):
    data = moments_of((5, 9), way, "nothing", seed=2)
    net = Network(3, widths=4, decays="1/20", noise="1/3")
    assert str(thresholds(net, data, digits=20)) == str(thresholds(net, dense(data), digits=20))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("decay", ["1/40", "1e-40"])
def test_certificates_of_few_samples_are_accepted(way, depth, decay):
    data = moments_of((4, 7), way, "two samples nearly the same", seed=3)
    landscape = solve(Network(depth, widths=3, decays=decay), data, digits=12)
    record = certificate(landscape)
    report = check_certificate(record)
    assert report.roots == len(landscape.points)
    # Near-miss: the moments of other data.
    other = moments_of((4, 7), way, "two samples nearly the same", seed=4)
    with pytest.raises(CertificateError, match=r"row|range|limit|minimum"):
        check_certificate({**record, "data": other.record()})


def test_depth_zero_and_least_squares():
    data = moments_of((5, 9), {}, "half of the samples are one")
    for decay in ("1/10", 0):
        one, other = (solve(Network(0, decays=decay), x) for x in (data, dense(data)))
        assert one.points[0].loss.overlaps(other.points[0].loss)
        for a, b in zip(one.end_to_end_map(0), other.end_to_end_map(0), strict=True):
            assert a.overlaps(b)


def test_what_lies_beyond_the_range_is_gone_before_anything_is_divided_by_a_tiny_ridge():
    X, y = odd_samples(5, 9, "half of the samples are one")
    data = Moments.from_samples(X, y)
    with TURN, working_precision(BITS):
        response = resolvent_of(data, Fraction(1)).response(arb(10) ** -30)
        r2, limit = response.r2, resolvent_of(data, Fraction(1)).limits[1]
        assert abs(r2 / limit - 1) < arb(10) ** -6
