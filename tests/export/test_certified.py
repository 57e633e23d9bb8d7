"""The certified NumPy file: what it claims is so, whatever it is given; what it cannot prove it says."""

import ctypes
import subprocess
import sys
from fractions import Fraction
from platform import machine
from types import SimpleNamespace

import numpy as np
import pytest
from flint import arb
from oracles import adversarial
from oracles.adversarial import STATUS, STATUSES, families, folds, ordinary
from oracles.ball_roots import VALUES, Instance, faults, true_points
from oracles.sampled import THOROUGH, some

from symderive import InputError, Moments, Network, Spectrum, solve
from symderive.export import export, live
from symderive.export.check.runners import _compiler

#: Rows of each family.
ROWS = 6000 if THOROUGH else 16
#: Rows of many features are slow to check.
FEWER = 20


@pytest.fixture(scope="module")
def module():
    return live.namespace("numpy", certified=True)


def wrong(found, batch, rng):
    """Rows that claim what is not so."""
    said = {i: faults(found, i, batch.instance(i, rng)) for i in range(len(batch))}
    return {i: text for i, text in said.items() if text}


RNG = np.random.default_rng(20)
FAMILIES = families(RNG, ROWS)


@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_claimed_is_wrong(module, name):
    batch = FAMILIES[name]
    if batch.a.shape[1] > 100 and len(batch) > ROWS // FEWER:
        batch = batch.first(max(2, ROWS // FEWER))
    assert wrong(batch.solve(module), batch, RNG) == {}


def test_ordinary_instances_are_decided(module):
    rng = np.random.default_rng(3)
    for ulps in (0.0, 1.0):
        batch = ordinary(rng, 20_000, 10, depths=(2, 3, 4, 5), ulps=ulps)
        found = batch.solve(module)
        assert (found.status != 0).mean() < 1e-3
        assert np.nanquantile(found.ridge_radius / found.ridge, 0.99) < 1e-12


def test_what_is_near_a_double_root_is_open(module):
    """At a distance of 1e-16 nothing can be decided, at 1e-10 all can."""
    rng = np.random.default_rng(4)
    near = folds(rng, 20, nearest=-16.5, farthest=-16).solve(module)
    far = folds(rng, 20, nearest=-10.5, farthest=-10).solve(module)
    assert (near.status == 1).mean() > 0.9
    assert (far.status == 0).mean() > 0.9


# -- the oracle sees ---------------------------------------------------------------------------------


def claims(found, i, **changes):
    """Row i of a result, changed."""
    fields = {name: np.array(getattr(found, name)[i : i + 1]) for name in found._fields}
    for name, change in changes.items():
        fields[name] = change(fields[name])
    return SimpleNamespace(**fields)


@pytest.mark.parametrize(
    "changes",
    [
        *({f"{name}_radius": lambda r: r * 1e-5} for name in VALUES if name != "loss"),
        *({name: lambda v: v * (1 + 1e-10)} for name in VALUES),
        {"kind": lambda k: -k},
        {"count": lambda n: n - 1},
        {"count": lambda n: n + 1},
        {"best": lambda b: b + 1},
        {"best": lambda b: b * 0 - 1},
    ],
)
def test_false_claims_are_seen(module, changes):
    a, p = (0.5, 1.0, 3.0), (0.25, 1.0, 2.0)
    row = {"mean_decay": 0.1, "noise_factor": 1.7, "depth": 2}
    found = module.stationary_points([a], [p], [4.0], **row)
    instance = Instance.of(a, p, 4.0, *row.values())
    assert found.count[0] == 2
    assert faults(claims(found, 0), 0, instance) == []
    assert faults(claims(found, 0, **changes), 0, instance) != []


def test_the_oracle_finds_six_roots():
    a, p = (1.0, 3320.0, 22180000.0), (1.0, 120.0, 5000.0)
    points = true_points(Instance.of(a, p, 1e3, 0.35, 1.0, 2))
    assert [point.kind for point in points] == [1, -1] * 3


# -- functions of the library only propose ------------------------------------------------------------


def falsified(how, rng):
    """NumPy with exp, log, expm1 and log1p that are wrong by up to 30 percent."""

    def wrong_by(function):
        def call(x):
            value = function(x)
            if how == "high":
                return value * 1.3
            if how == "low":
                return value * 0.7
            if how == "nothing":
                return np.where(rng.random(np.shape(value)) < 0.05, np.nan, value)
            return value * (1 + rng.uniform(-0.3, 0.3, np.shape(value)))

        return call

    class Library:
        def __getattr__(self, name):
            value = getattr(np, name)
            return wrong_by(value) if name in ("exp", "log", "expm1", "log1p") else value

    return Library()


@pytest.mark.parametrize("how", ["high", "low", "noise", "nothing"])
def test_false_exponentials_leave_more_open_and_nothing_wrong(module, monkeypatch, how):
    rng = np.random.default_rng(9)
    batches = [
        ordinary(rng, ROWS * 2, 3, depths=(1, 2, 3, 5)),
        folds(rng, ROWS // 2, nearest=-9, farthest=-3),
        adversarial.clusters(rng, ROWS),
    ]
    before = sum((batch.solve(module).status == 1).sum() for batch in batches)
    monkeypatch.setattr(module, "np", falsified(how, rng))
    after = decided = 0
    for batch in batches:
        found = batch.solve(module)
        after += (found.status == 1).sum()
        decided += (found.status == 0).sum()
        assert wrong(found, batch, rng) == {}
    assert after > before
    assert decided > 0


# -- the root that was isolated ------------------------------------------------------------------------

FOUR = {"a": [[1.0, 400.0]], "p": [[0.01, 0.49]], "c": [2.0], "mean_decay": [0.02], "depth": 2}


def test_another_root_is_not_taken_for_the_one_isolated(module, monkeypatch):
    """A point that has gone astray, to a root of the same kind, proves nothing."""
    assert module.stationary_points(**FOUR).count == [4]
    settle = module._settle

    def astray(*arguments):
        roots = settle(*arguments)
        return roots[[2, 1, 0, 3]] if len(roots) == 4 else roots

    monkeypatch.setattr(module, "_settle", astray)
    assert module.stationary_points(**FOUR).status == [1]


def test_it_is_the_identity_that_is_missed(module, monkeypatch):
    """Without a bound of how far a root may be from where it was isolated, the same passes."""
    march, settle = module._march, module._settle

    def astray(*arguments):
        owner, slot, x, place, _, kind = march(*arguments)
        return [owner, slot, x[[2, 1, 0, 3]], place, np.full(4, np.inf), kind]

    monkeypatch.setattr(module, "_march", astray)
    monkeypatch.setattr(module, "_settle", settle)
    found = module.stationary_points(**FOUR)
    assert found.status == [0]
    assert faults(found, 0, Instance.of(FOUR["a"][0], FOUR["p"][0], 2.0, 0.02, 1.0, 2)) != []


def test_a_march_that_is_cut_short_proves_nothing(module, monkeypatch):
    looks = []
    step = module._step
    monkeypatch.setattr(module, "_step", lambda *arguments: looks.append(1) or step(*arguments))
    assert module.stationary_points(**FOUR).status == [0]
    for granted, status in ((len(looks), 0), (len(looks) - 1, 1)):
        monkeypatch.setattr(module, "MAX_LOOKS", granted)
        assert module.stationary_points(**FOUR).status == [status]


# -- the contract ------------------------------------------------------------------------------------


def test_bad_rows_have_a_status_and_the_others_are_solved(module):
    found = STATUSES.solve(module)
    assert found.status.tolist() == STATUS
    alone = STATUSES.first(1).solve(module)
    for name in ("ridge", "loss_radius", "kind", "best"):
        assert np.array_equal(getattr(found, name)[0], getattr(alone, name)[0]), name
    lost = found.status != 0
    assert (found.count[lost] == 0).all()
    assert (found.best[lost] == -2).all()
    assert np.isnan(found.ridge[lost]).all()
    assert np.isnan(found.loss_radius[lost]).all()
    assert (found.kind[lost] == 0).all()


def test_large_numbers_are_finite(module):
    found = module.stationary_points([1.0], [1.0], 1e308, mean_decay=1e308, depth=2)
    assert found.status == 1


@pytest.mark.skipif(machine() != "x86_64" or sys.platform != "linux", reason="names of a libm")
@pytest.mark.parametrize("direction", [0x400, 0x800, 0xC00])
def test_nothing_is_claimed_where_sums_are_rounded_in_another_direction(module, direction):
    libm = ctypes.CDLL("libm.so.6")
    try:
        libm.fesetround(direction)
        found = module.stationary_points([1.0], [1.0], 4.0, mean_decay=0.1, depth=2)
    finally:
        libm.fesetround(0)
    assert (found.status, found.best, found.count) == (1, -2, 0)
    assert module.stationary_points([1.0], [1.0], 4.0, mean_decay=0.1, depth=2).status == 0


def test_impossible_data_are_those_beyond_the_error(module):
    """c may miss what x explains by rounding."""
    a, p = np.array([1.0, 3.0, 7.0]), np.array([0.3, 0.7, 0.9])
    explained = (p / a).sum()
    c = explained * (1 + np.array([0, -1e-16, 1e-16, -1e-13]))
    found = module.stationary_points(a, p, c, mean_decay=0.1, depth=2)
    assert found.status.tolist() == [0, 0, 0, 3]
    assert module.stationary_points(a, p, c, mean_decay=0.1, depth=2, ulps=2000).status.tolist() == [0] * 4


def test_wrong_shapes_raise(module):
    for a, p in (((1.0, 2.0), (1.0,)), (1.0, 1.0), ((), ())):
        with pytest.raises(ValueError, match="one entry for each feature"):
            module.stationary_points(a, p, 1.0, mean_decay=0.1, depth=2)


def test_everything_broadcasts(module, monkeypatch):
    a, p = np.array([[1.0, 400.0], [1.0, 300.0]]), np.array([0.01, 0.49])
    decays, ulps = np.array([0.02, 0.03, 5.0])[:, None], np.array([0.0, 100.0])
    found = module.stationary_points(a, p, 2.0, mean_decay=decays, depth=2, ulps=ulps)
    assert found.status.shape == found.best.shape == (3, 2)
    assert found.ridge.shape == found.variance_radius.shape == found.kind.shape == (3, 2, 4)
    each = [
        module.stationary_points(a[j], p, 2.0, mean_decay=decays[i, 0], depth=2, ulps=ulps[j])
        for i in range(3)
        for j in range(2)
    ]
    for k, one in enumerate(each):
        i, j = divmod(k, 2)
        count = int(one.count)
        assert found.count[i, j] == count
        assert np.array_equal(found.ridge[i, j, :count], one.ridge[:count])
        assert np.array_equal(found.gap_radius[i, j, :count], one.gap_radius[:count])
    monkeypatch.setattr(module, "CHUNK", 4)
    parts = module.stationary_points(a, p, 2.0, mean_decay=decays, depth=2, ulps=ulps)
    for name, value in found._asdict().items():
        assert np.array_equal(value, getattr(parts, name), equal_nan=True), name


def test_more_error_of_the_inputs_is_more_error_of_the_results(module):
    found = module.stationary_points([1, 2], [1, 1], 2, mean_decay=0.1, depth=2, ulps=[0, 1, 1000])
    assert (np.diff(found.ridge_radius, axis=0) > 0).all()
    assert (np.diff(found.loss_radius, axis=0) > 0).all()


def test_the_global_minimum(module):
    rows = {"mean_decay": np.array([0.1, 100.0, np.nan]), "depth": 2}
    least = module.global_minimum([1, 2], [1, 1], 2, **rows)
    found = module.stationary_points([1, 2], [1, 1], 2, **rows)
    assert least.index.tolist() == [0, -1, -2]
    assert least.ridge[0] == found.ridge[0, 0]
    assert least.ridge[1] == np.inf
    assert least.loss[1] == 2
    assert np.isnan(least.loss[2])


@pytest.mark.parametrize("depth", some([0, 1, 2, 3], 2, ci=1))
def test_files_of_one_depth_are_the_same_search(depth):
    whole, own = (
        live.namespace("numpy", certified=True),
        live.namespace("numpy", certified=True, depth=depth),
    )
    batch = ordinary(np.random.default_rng(8), 60, 3, depths=(depth,))
    arguments = {"mean_decay": batch.mean_decay, "noise_factor": batch.noise_factor}
    one = own.stationary_points(batch.a, batch.p, batch.c, **arguments)
    other = whole.stationary_points(batch.a, batch.p, batch.c, **arguments, depth=depth)
    assert (one.status == 0).all()
    assert np.array_equal(one.count, other.count)
    with np.errstate(invalid="ignore"):
        near = np.abs(one.ridge - other.ridge) <= one.ridge_radius + other.ridge_radius
    assert near[np.isfinite(one.ridge)].all()
    with pytest.raises(ValueError, match=f"made for depth {depth}"):
        own.stationary_points(batch.a, batch.p, batch.c, **arguments, depth=depth + 1)


def test_data_in_the_file_are_proved():
    """Eigenvalues that are no doubles: 1 and 3 are, the squares of what is left are not."""
    data = Moments.given([["2", "1"], ["1", "3"]], ["1", "1/3"], 1)
    module = live.namespace("numpy", certified=True, data=data)
    found = module.stationary_points(mean_decay=0.05, depth=2)
    assert found.status == 0
    assert "ulps: ArrayLike = 2.0" in export("numpy", certified=True, data=data)
    exact = Spectrum.of([Fraction(1, 2), 2], [1, 1])
    assert "ulps: ArrayLike = 0.0" in export("numpy", certified=True, data=exact)
    assert "ulps: ArrayLike = 1.0" in export("numpy", certified=True, data=Spectrum.of(["1/3", 2], [1, 1]))


def test_what_cannot_be_certified_is_refused():
    with pytest.raises(InputError, match="has no certified solver"):
        export("torch", certified=True)
    tiny = Spectrum.of([1, Fraction(1, 10**320)], [1, Fraction(1, 10**330)])
    with pytest.raises(InputError, match="cannot be proved"):
        export("numpy", certified=True, data=tiny)


def test_the_file_says_what_it_proves():
    text = export("numpy", certified=True)
    assert "Proof: a status of 0 says" in text
    assert "nothing is certified" not in text
    assert "nothing is certified" in export("numpy")


@pytest.mark.parametrize(
    ("gaps", "radii", "best"),
    [
        ([], [], -1),
        ([-1.0], [0.5], 0),
        ([1.0], [0.5], -1),
        ([-1.0], [1.5], -2),
        ([1.0], [1.5], -2),
        ([-1.0, -3.0], [0.5, 0.5], 1),
        ([-1.0, -3.0], [1.0, 1.1], -2),
        ([-3.0, -1.0], [0.5, 3.0], -2),
        ([-3.0, -1.0], [0.5, 1.4], 0),
        ([2.0, 1.0], [0.5, 0.5], -1),
        ([2.0, -1.0], [0.5, 1.5], -2),
        ([-2.0, 1.0], [0.5, 4.0], -2),
    ],
)
def test_the_global_minimum_is_named_where_radii_decide(module, gaps, radii, best):
    rows = [np.array([values + [np.nan] * (2 - len(values))]) for values in (gaps, radii)]
    status = np.zeros(1, np.int8)
    assert module._best(*rows, status) == [best]
    assert status == [1 if best == -2 else 0]


def test_the_square_of_a_norm_that_underflows_is_no_zero(module):
    """At depth 1 there is a point wherever ‖v‖ exceeds the decay, however small both are."""
    norms = [1e-200, -1e-200, 5e-324, 0.0, -0.0]
    found = module.isotropic_points(1.0, norms, 1.0, mean_decay=1e-300, depth=1)
    assert found.status.tolist() == [1, 3, 1, 0, 0]
    assert module.isotropic_points(1.0, 1e-200, 1.0, mean_decay=1e-300, depth=1).status == 1


DENORMALS = """
#include <xmmintrin.h>
unsigned mode(void) { return _mm_getcsr(); }
void set_mode(unsigned to) { _mm_setcsr(to); }
"""


@pytest.mark.skipif(
    _compiler() is None or machine() != "x86_64", reason="no compiler, or another processor"
)
def test_subnormal_numbers_that_pass_for_zero_are_refused(module, tmp_path):
    """Some libraries ask the processor for that, for the whole thread."""
    (tmp_path / "mode.c").write_text(DENORMALS)
    subprocess.run([_compiler(), "-shared", "-fPIC", "mode.c", "-o", "mode.so"], cwd=tmp_path, check=True)
    library = ctypes.CDLL(str(tmp_path / "mode.so"))
    rows = [
        ((1.0, 2.0), (5e-324, 5e-324), 0.1, 2),
        ((1.0, 2.0), (1.0, 5e-324), 0.1, 2),
        ((1e-310, 2.0), (1.0, 1.0), 0.1, 2),
        ((1.0, 2.0), (1.0, 1.0), 5e-324, 0),
        ((1.0, 2.0), (1.0, 1.0), 5e-324, 2),
        ((1.0, 2.0), (1.0, 1.0), 0.1, 2),
    ]
    a, p, mean_decay, depth = (np.array(column, float) for column in zip(*rows, strict=True))
    before = library.mode()
    library.set_mode(before | 0x8040)  # flush to zero, denormals are zero
    try:
        passes = bool(a[2, 0] == 0)
        found = module.stationary_points(a, p, 3.0, mean_decay=mean_decay, depth=depth)
        lost = module.isotropic_points(1.0, 1e-200, 1.0, mean_decay=1e-300, depth=1)
    finally:
        library.set_mode(before)
    assert passes
    assert found.status.tolist() == [1, 1, 1, 1, 1, 0]
    assert lost.status == 1


def test_the_square_of_a_norm_is_rounded(module):
    """v = 1.3 as a double: its square is none, and the true ridge is that of the exact square."""
    norm = 1.3
    found = module.isotropic_points(0.7, norm, 5.0, mean_decay=0.1, depth=2)
    net, exact = Network(2, widths=1, decays=0.1), Spectrum.of([0.7], [Fraction(norm) ** 2], 5)
    for value, radius, point in zip(found.ridge, found.ridge_radius, solve(net, exact).points, strict=True):
        assert point.ridge.overlaps(arb(value, radius))
    blind = module.stationary_points([0.7], [norm * norm], 5.0, mean_decay=0.1, depth=2)
    assert (blind.ridge_radius < found.ridge_radius).all()
