"""Exact sums: limbs against sums of fractions, and a product that is wrong is found."""

from fractions import Fraction
from math import lcm

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from symderive import InputError
from symderive.arithmetic.one_thread import ONE_THREAD
from symderive.data import sums as module
from symderive.data.averages import sums_behind
from symderive.data.blocks import Block, Decimals, Floats, Fractions, Integers
from symderive.data.limbs import LIMB_BITS, Sheet, add_limbs
from symderive.data.moments import Moments
from symderive.data.sums import Sums, exact_product

LARGEST = 2 ** (LIMB_BITS - 1)

whole = st.integers(-(2**63), 2**63 - 1) | st.sampled_from([0, 1, 2**20, 2**20 + 1, -(2**20), 2**62])
floats = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-8, 8) | st.integers(-9, 9).map(float)


@st.composite
def columns(draw, rows):
    """Columns of one of the four kinds."""
    shape = (rows, draw(st.integers(1, 2)))
    kind = draw(st.sampled_from(["floats", "integers", "decimals", "fractions"]))
    if kind == "floats":
        return Floats(draw(arrays.arrays(np.float64, shape, elements=floats)))
    if kind == "integers":
        return Integers(draw(arrays.arrays(np.int64, shape, elements=whole)), draw(st.integers(-3, 20)))
    if kind == "decimals":
        limbs = arrays.arrays(
            np.int64, (draw(st.integers(0, 3)), *shape), elements=st.integers(-(10**6), 10**6)
        )
        return Decimals(draw(limbs), draw(st.integers(-4, 3)))
    numbers = st.fractions(-100, 100, max_denominator=30)
    return Fractions([[draw(numbers) for _ in range(shape[1])] for _ in range(rows)])


@st.composite
def blocks(draw):
    rows = draw(st.integers(1, 5))
    parts = tuple(draw(columns(rows)) for _ in range(draw(st.integers(1, 3))))
    weights = draw(st.none() | columns(rows))
    if weights is not None:
        exact = [[abs(row[0])] for row in weights.fractions()]
        weights = Fractions(exact)
        if draw(st.booleans()):
            weights = Floats(np.array([[float(x)] for (x,) in exact]))
    return Block(parts, weights)


def slowly(block):
    """Σ w z zᵀ, one product after the other."""
    rows = [[*row, Fraction(1)] for row in block.fractions()]
    weights = [Fraction(1)] * len(rows)
    if block.weights is not None:
        weights = [x for (x,) in block.weights.fractions()]
    size = range(len(rows[0]))
    return [
        [
            sum((w * row[i] * row[j] for w, row in zip(weights, rows, strict=True)), Fraction(0))
            for j in size
        ]
        for i in size
    ]


def entries(sums):
    return [[Fraction(int(x), sums.denominator) for x in row] for row in sums.gram.tolist()]


@given(block=blocks())
@settings(max_examples=60, deadline=None)
def test_sums_are_those_of_fractions(block):
    got = Sums.of([block], block.width)
    expected = slowly(block)
    assert entries(got) == expected
    assert (got.rows, got.weight) == (block.rows, expected[-1][-1])


@given(block=blocks())
@settings(max_examples=30, deadline=None)
def test_limbs_are_small_and_make_up_the_numbers(block):
    for part in block.columns:
        sheet = Sheet()
        sheet.start(part.shape[0])
        if not add_limbs(sheet, part, 0):
            assert isinstance(part, (Fractions, Floats))
            continue
        total = [[Fraction(0)] * part.shape[1] for _ in range(part.shape[0])]
        for (column, (two, ten)), values in zip(sheet.keys, sheet.values, strict=True):
            assert np.abs(values).max() <= LARGEST
            for row, value in enumerate(values.tolist()):
                total[row][column] += Fraction(value) * Fraction(2) ** two * Fraction(10) ** ten
        assert total == part.fractions()


@pytest.mark.parametrize(
    "values",
    [
        [5e-324, 1.0],
        [1.7e308, 1.0],
        [1.7e308, 5e-324],
        [2.0**-1021, 3.0],
        [1e-300, 1e-310],
        [0.0, -0.0],
        [1e200, 1e-100],
        [2.0**1000, 2.0**980],
        [2.0**-990, 2.0**-1000],
        [float(2**53 - 1), -(2.0**53)],
        [8.0, 8.0 - 2.0**-49],
        [2.0**100 + 2.0**48, 2.0**-17],
    ],
)
def test_floats_of_every_size(values):
    block = Block((Floats(np.array(values)[:, None]), Floats(np.ones((len(values), 1)))))
    assert entries(Sums.of([block], 2)) == slowly(block)


def test_the_largest_limbs_fill_a_product_to_its_bound():
    """4096 rows of limbs of 2^20 make 2^52."""
    values = np.full((2, module.ROWS), float(LARGEST))
    values[1] = -LARGEST
    product = exact_product(values)
    assert product.tolist() == [[2**52, -(2**52)], [-(2**52), 2**52]]


@pytest.mark.parametrize("split", [1, 7, 4096, 5000])
def test_rows_in_any_parts_and_order_have_the_same_sums(split):
    rng = np.random.default_rng(split)
    X = rng.normal(size=(5000, 3)) * [1, 1e-9, 1e12]
    whole_table = Sums.of([Block((Floats(X),))], 3)
    few = X[:40] if split == 1 else X
    parts = [Block((Floats(few[i : i + split]),)) for i in range(0, len(few), split)]
    reference = Sums.of([Block((Floats(few),))], 3)
    assert Sums.of(reversed(parts), 3) == reference
    added = [Sums.of([part], 3) for part in parts]
    assert sum(added[1:], added[0]) == reference
    assert (reference == whole_table) is (split != 1)


def test_totals_are_folded_before_they_overflow(monkeypatch):
    monkeypatch.setattr(module, "MOST_PRODUCTS", 2)
    monkeypatch.setattr(module, "SPARE", -100)
    blocks_ = [Block((Integers(np.array([[2**62, i]])), Floats(np.array([[0.5**i]])))) for i in range(7)]
    expected = [slowly(block) for block in blocks_]
    total = [[sum(part[i][j] for part in expected) for j in range(4)] for i in range(4)]
    assert entries(Sums.of(blocks_, 3)) == total


def test_as_many_products_as_int64_holds():
    """2047 products of 2^52 stay below 2^63; one more would not."""
    assert module.MOST_PRODUCTS * 2**52 < 2**63 <= (module.MOST_PRODUCTS + 1) * 2**52


@pytest.mark.parametrize("error", [1, -1, 2**20, 2**31])
def test_a_wrong_product_is_found_and_made_right(error, monkeypatch):
    rng = np.random.default_rng(1)
    limbs = rng.integers(-LARGEST, LARGEST, size=(6, 50)).astype(float)
    right = exact_product(limbs)
    honest = module._float_product

    def wrong(left, other):
        product = honest(left, other)
        product[2, 3] += error
        return product

    monkeypatch.setattr(module, "_float_product", wrong)
    assert (exact_product(limbs) == right).all()
    monkeypatch.setattr(module, "PRIME", 1)  # modulo 1 everything is right, and the error passes
    assert (exact_product(limbs) != right).any()


def test_products_in_single_precision_are_found(monkeypatch):
    """What an accelerator might do: the sums of such products are rounded."""
    limbs = np.random.default_rng(2).integers(-LARGEST, LARGEST, size=(4, 300)).astype(float)
    expected = limbs.astype(int) @ limbs.astype(int).T

    def rounded(left, right):
        return (left.astype(np.float32) @ right.astype(np.float32).T).astype(float)

    monkeypatch.setattr(module, "_float_product", rounded)
    assert (exact_product(limbs) == expected).all()
    assert (rounded(limbs, limbs) != expected).any()


def test_whole_weights_repeat_rows():
    rng = np.random.default_rng(3)
    X, w = rng.normal(size=(9, 3)), rng.integers(0, 5, 9)
    weighted = Sums.of([Block((Floats(X),), Integers(w[:, None]))], 3)
    repeated = Sums.of([Block((Floats(np.repeat(X, w, axis=0)),))], 3)
    assert entries(weighted) == entries(repeated)
    other = Sums.of([Block((Floats(X),), Integers(w[:, None] + 1))], 3)
    assert entries(other) != entries(repeated)


@pytest.mark.parametrize(
    "weights",
    [
        Floats(np.array([[1.0], [-0.5]])),
        Integers(np.array([[1], [-1]])),
        Fractions([[Fraction(1)], [Fraction(-1, 3)]]),
        Decimals(np.array([[[1], [-5]]]), -1),
    ],
)
def test_negative_weights_are_refused_with_the_number_of_the_sample(weights):
    ones = Floats(np.ones((2, 2)))
    with pytest.raises(InputError, match=r"^sample 4 weighs -"):
        Sums.of([Block((ones,)), Block((ones,), weights)], 2)


def test_a_block_of_other_width_is_no_block_of_this_table():
    with pytest.raises(ValueError, match="2 columns instead of 3"):
        Sums.of([Block((Floats(np.ones((1, 2))),))], 3)


def test_sums_of_nothing_are_zero():
    none = Sums.of([], 2)
    assert entries(none) == [[0] * 3] * 3
    one = Sums.of([Block((Floats(np.ones((1, 2))),))], 2)
    assert none + one == one


@given(data=blocks(), scale=st.fractions(Fraction(1, 9), 9, max_denominator=9))
@settings(max_examples=30, deadline=None)
def test_sums_come_back_from_averages(data, scale):
    sums = Sums.of([Block(data.columns)], data.width)
    expected, n = slowly(Block(data.columns)), data.rows
    means = tuple(row[-1] / n for row in expected[:-1])
    gram, denominator = module.reduced(sums.gram, int(sums.gram[data.width, data.width]))
    rows = gram.tolist()
    size = data.width
    centered = [
        [Fraction(int(rows[i][j]), denominator) - means[i] * means[j] for j in range(size)]
        for i in range(size)
    ]
    common = lcm(*(x.denominator for row in centered for x in row))
    matrix = type(gram)([[int(x * common) for x in row] for row in centered])
    known = {"means": means, "first_moments": (Fraction(0),) * size, "weight": n * scale}
    back = sums_behind(Moments(matrix, common, **known))
    assert entries(back) == [[x * scale for x in row] for row in expected]
    plainly = type(gram)([row[:size] for row in rows[:size]])
    plain = sums_behind(Moments(plainly, denominator, weight=n * scale, first_moments=means))
    assert entries(plain) == [[x * scale for x in row] for row in expected]
    forgotten = sums_behind(Moments(plainly, denominator, weight=n * scale))
    assert entries(forgotten)[-1][:-1] == [0] * size


def test_threads_are_limited_inside_only_and_counted():
    from threadpoolctl import ThreadpoolController

    def threads():
        return {x["num_threads"] for x in ThreadpoolController().info() if x["user_api"] == "blas"}

    before = threads()
    with ONE_THREAD:
        with ONE_THREAD:
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == before
