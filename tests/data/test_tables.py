"""Samples of every library: the moments that fractions give one by one, and sentences for what is none."""

import datetime
import decimal
import pickle
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sparse
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symderive import InputError, Moments, OutputMoments
from symderive.data.reading import matrix

ROWS = [[1.0, 2.0], [3.0, -4.5], [0.1, 7.0], [0.0, 2.0**-40]]
TARGETS = [1.0, 2.0, 3.5, -1.0]
X, Y = np.array(ROWS), np.array(TARGETS)
FRAME = pd.DataFrame(ROWS, columns=["a", "b c"])
SERIES = pd.Series(TARGETS, name="price")

#: Letters of the longest message.
MOST = 300


def one_by_one(rows, targets, weights=None):
    """Σ w z zᵀ/Σ w with fractions, the slow and plain way."""
    table = [[Fraction(x) for x in (*row, y)] for row, y in zip(rows, targets, strict=True)]
    weights = [Fraction(w) for w in weights] if weights is not None else [Fraction(1)] * len(table)
    size = range(len(table[0]))
    total = sum(weights)
    return [
        [sum(w * row[i] * row[j] for w, row in zip(weights, table, strict=True)) / total for j in size]
        for i in size
    ]


def entries(moments):
    return [
        [moments.entry(i, j) for j in range(moments.dimension + 1)] for i in range(moments.dimension + 1)
    ]


WANTED = one_by_one(ROWS, TARGETS)


# -- every library -----------------------------------------------------------------------------------------


def torch_of(values, kind="float64"):
    import torch

    return torch.tensor(values, dtype=getattr(torch, kind))


@pytest.mark.parametrize(
    ("samples", "names"),
    [
        (lambda: (X, Y), None),
        (lambda: (X.astype(">f8"), Y[:, None]), None),
        (lambda: (np.asfortranarray(X), Y[None]), None),
        (lambda: (X.view(np.matrix), Y[None].view(np.matrix)), None),
        (lambda: (X.astype(object), Y.astype(object)), None),
        (lambda: (np.ma.array(X), Y), None),
        (lambda: (X.astype(np.longdouble), Y), None),
        (lambda: (ROWS, TARGETS), None),
        (lambda: (tuple(map(tuple, ROWS)), iter(TARGETS)), None),
        (lambda: ((row for row in ROWS), (y for y in TARGETS)), None),
        (lambda: ([np.array(row) for row in ROWS], Y), None),
        (lambda: (sp.Matrix(X), sp.Matrix(Y)), None),
        (lambda: (FRAME, SERIES), ("a", "b c", "price")),
        (lambda: (FRAME, SERIES.to_frame()), ("a", "b c", "price")),
        (lambda: (FRAME.assign(price=Y), "price"), ("a", "b c", "price")),
        (lambda: (FRAME, TARGETS), ("a", "b c", "y")),
        (lambda: (FRAME.convert_dtypes(), SERIES.convert_dtypes()), ("a", "b c", "price")),
        (lambda: (FRAME.convert_dtypes(dtype_backend="pyarrow"), SERIES), ("a", "b c", "price")),
        (lambda: (FRAME.astype(object), SERIES), ("a", "b c", "price")),
        (lambda: (FRAME.astype(pd.SparseDtype(float, 0)), SERIES), ("a", "b c", "price")),
        (lambda: (FRAME.set_axis([0, 1], axis=1), SERIES), ("0", "1", "price")),
        (lambda: (FRAME.set_axis([["p", "p"], ["b", "c"]], axis=1), Y), ("p/b", "p/c", "y")),
        (lambda: (FRAME, SERIES.set_axis([7, 8, 9, 10])), ("a", "b c", "price")),
        (lambda: (FRAME.set_axis([1, 1, 2, 2]), SERIES.set_axis([2, 1, 1, 2])), ("a", "b c", "price")),
        (lambda: (pl.DataFrame(FRAME), pl.Series("price", Y)), ("a", "b c", "price")),
        (lambda: (pl.DataFrame(FRAME.assign(price=Y)), "price"), ("a", "b c", "price")),
        (lambda: (pa.table(FRAME.assign(price=Y)), "price"), ("a", "b c", "price")),
        (lambda: (pa.record_batch(FRAME.assign(price=Y)), "price"), ("a", "b c", "price")),
        (lambda: (pa.table(FRAME), pa.chunked_array([Y[:1], Y[1:]])), ("a", "b c", "y")),
        pytest.param(lambda: (torch_of(ROWS), torch_of(TARGETS)), None, marks=pytest.mark.torch),
        pytest.param(
            lambda: (torch_of(ROWS).requires_grad_(), torch_of(TARGETS)[:, None]),
            None,
            marks=pytest.mark.torch,
        ),
        *(
            (lambda form=form: (getattr(sparse, form)(X), sparse.csc_array(Y[:, None])), None)
            for form in ("bsr_matrix", "coo_array", "csc_matrix", "csr_array", "dia_matrix", "dok_array")
        ),
        (lambda: (sparse.lil_matrix(X), sparse.coo_array(Y)), None),
    ],
)
def test_one_table_in_many_libraries(samples, names, monkeypatch):
    """Also in blocks of two rows; names are those that the data bring."""
    moments = Moments.from_samples(*samples())
    assert entries(moments) == WANTED
    assert (*moments.features, moments.target) == (names or ("x1", "x2", "y"))
    assert moments.weight == len(ROWS)
    monkeypatch.setattr(matrix, "BLOCK_NUMBERS", 4)
    monkeypatch.setattr(matrix, "BLOCK_ROWS", (1, 2))
    assert Moments.from_samples(*samples()) == moments
    centered = Moments.from_samples(*samples(), center=True)
    assert centered.means[2] == sum(map(Fraction, TARGETS)) / 4


@pytest.mark.jax
def test_jax_arrays_stand_for_the_values_that_they_hold():
    import jax
    import jax.numpy as jnp

    single = [[float(np.float32(x)) for x in row] for row in ROWS]
    got = Moments.from_samples(jnp.array(X, dtype="float32"), jnp.array(Y, dtype="float32"))
    assert entries(got) == one_by_one(single, TARGETS)
    half = [[float(jnp.bfloat16(x)) for x in row] for row in ROWS]
    assert half != single
    got = Moments.from_samples(jnp.array(X, dtype=jnp.bfloat16), Y)
    assert entries(got) == one_by_one(half, TARGETS)
    with pytest.raises(
        InputError, match="a placeholder inside jit, grad or vmap; make the moments outside"
    ):
        jax.jit(lambda x: Moments.from_samples(x, Y).c)(X)


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float8_e4m3fn", "int8", "uint8", "bool"])
def test_small_numbers_of_torch_are_exact(kind):
    rows = [[1, 0], [0.0625, 1]] if "float" in kind else [[1, 0], [0, 1]]
    got = Moments.from_samples(torch_of(rows, "float64").to(torch_of([0], kind).dtype), [1, 2])
    assert entries(got) == one_by_one(rows, [1, 2])


BIG = 2**53 + 1


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (np.array([BIG, -BIG, 2**63 - 1]), [BIG, -BIG, 2**63 - 1]),
        (np.full(3, -(2**63)), [-(2**63)] * 3),
        (np.array([2**64 - 1, 0, BIG], dtype="u8"), [2**64 - 1, 0, BIG]),
        (pd.array([BIG, 3, 5], dtype="Int64"), [BIG, 3, 5]),
        (pd.array([BIG, 3, 5], dtype="int64[pyarrow]"), [BIG, 3, 5]),
        (pl.Series([2**64 - 1, 0, BIG], dtype=pl.UInt64), [2**64 - 1, 0, BIG]),
        (pl.Series([2**100, 1, -(2**90)], dtype=pl.Int128), [2**100, 1, -(2**90)]),
        (pl.Series(["0.1", "2.25", "3"]).cast(pl.Decimal(10, 2)), ["0.1", "2.25", 3]),
        (pa.array([decimal.Decimal("0.1"), decimal.Decimal(2), decimal.Decimal(0)]), ["0.1", 2, 0]),
        (pa.array(np.array([0.1, 2, 3], dtype="f2")), [Fraction(float(np.float16(0.1))), 2, 3]),
        (np.array([True, False, True]), [1, 0, 1]),
        (pd.array([True, False, True], dtype="boolean"), [1, 0, 1]),
        (pl.Series([True, False, True]), [1, 0, 1]),
        (pd.Series([Fraction(1, 3), sp.Rational(2, 7), 1], dtype=object), [Fraction(1, 3), "2/7", 1]),
        (np.array(["1/3", decimal.Decimal("0.1"), 2], dtype=object), ["1/3", "0.1", 2]),
        (["1/3", "2e-3", 2**200], ["1/3", "2e-3", 2**200]),
        (np.array([0.1, 2, 3], dtype="f4"), [Fraction(float(np.float32(0.1))), 2, 3]),
        (np.array([1e300, 5e-324, -0.0]), [1e300, 5e-324, 0]),
        (
            np.array([np.longdouble(1) / 3, 2, 3]),
            [Fraction(*(np.longdouble(1) / 3).as_integer_ratio()), 2, 3],
        ),
    ],
)
def test_columns_are_exact_whatever_holds_them(column, values):
    """As the target, as a feature in a frame or an array, and beside a column of floats."""
    features = [[0.5], [2.0], [-3.0]]
    assert entries(Moments.from_samples(features, column)) == one_by_one(features, values)
    if isinstance(column, list):  # text in the column of a frame is not read as numbers
        frame = [[*row, x] for row, x in zip(features, column, strict=True)]
    else:
        library = pl.DataFrame if isinstance(column, pl.Series) else pd.DataFrame
        library = pa.table if isinstance(column, pa.Array) else library
        frame = library({"f": [0.5, 2.0, -3.0], "c": column})
    rows = [[*row, x] for row, x in zip(features, values, strict=True)]
    assert entries(Moments.from_samples(frame, [1, 2, 5])) == one_by_one(rows, [1, 2, 5])


def test_sparse_entries_that_stand_twice_are_added_as_scipy_adds_them():
    twice = sparse.coo_array(([0.1, 0.2, 3.0], ([0, 0, 1], [0, 0, 1])), shape=(2, 2))
    assert entries(Moments.from_samples(twice, [1, 2])) == one_by_one(twice.toarray(), [1, 2])


def test_a_sparse_table_is_never_dense_as_a_whole(monkeypatch):
    shapes = []
    dense = sparse.csr_array.toarray
    monkeypatch.setattr(
        sparse.csr_array, "toarray", lambda self, *rest: shapes.append(self.shape) or dense(self, *rest)
    )
    monkeypatch.setattr(matrix, "BLOCK_ROWS", (8, 100))
    table = sparse.random_array((3000, 40), density=0.01, format="csc", rng=np.random.default_rng(0))
    got = Moments.from_samples(table, np.arange(3000))
    assert max(rows for rows, _ in shapes) == 100
    assert got.trace == sum(Fraction(float(x)) ** 2 for x in table.data) / 3000


# -- what is refused, each beside what is not -----------------------------------------------------------

WITH_C = FRAME.assign


def refused(columns, says, near):
    """A frame with one more column, and one that passes."""
    return (lambda: (WITH_C(c=columns), SERIES)), says, (lambda: (WITH_C(c=near), SERIES))


class Duck:
    """A data frame of nobody's: it iterates over its column names."""

    def __init__(self, values):
        self.values = values

    def __iter__(self):
        return iter(["1", "2"])

    def to_numpy(self):
        return self.values


CASES = {
    "null": refused(pd.array([1, None, 3, 4], "Int64"), "X row 2, column 'c' is missing", [1, 2, 3, 4]),
    "null truth": refused(pd.array([True, None, True, True], "boolean"), "row 2, column 'c'", [True] * 4),
    "NaN": refused([1, 2, 3, np.nan], "X row 4, column 'c' is", [1, 2, 3, 1e-300]),
    "inf": refused([1, -np.inf, 3, 4], "X row 2, column 'c' is -inf; give a finite", [1, -1e300, 3, 4]),
    "None among objects": refused(
        [Fraction(1, 3), None, 1, 1], "X row 2, column 'c'", [Fraction(1, 3)] * 4
    ),
    "NA among objects": refused(
        pd.Series([Fraction(1, 3), pd.NA, 1, 1], dtype=object),
        "row 2, column 'c'",
        [Fraction(1, 3), 2, 1, 1],
    ),
    "text": refused(["u", "v", "w", "x"], "X, column 'c' holds text (String)", [1, 2, 3, 4]),
    "text of numbers": refused(["1", "2", "3", "4"], "column 'c' holds text", [1.0, 2.0, 3.0, 4.0]),
    "categories": refused(
        pd.Categorical(["u", "v", "u", "v"]), "holds categories (Categorical)", pd.Series([0, 1, 0, 1])
    ),
    "dates": refused(
        pd.to_datetime(["2020", "2021", "2022", None]), "holds times (Datetime)", [2020, 2021, 2022, 2023]
    ),
    "differences": refused(pd.to_timedelta([1, 2, 3, 4]), "holds time differences", [1, 2, 3, 4]),
    "complex": refused([1j, 2, 3, 4], "holds complex numbers (complex128)", [1.0, 2, 3, 4]),
    "mixed": refused([1, "x", 2.5, 4], "X row 2, column 'c' 'x' is not a finite decimal", [1, 2, 2.5, 4]),
    "one name twice": (
        lambda: (FRAME.set_axis(["a", "a"], axis=1), Y),
        "X has two columns named 'a'",
        lambda: (FRAME.set_axis(["a", "A"], axis=1), Y),
    ),
    "1 and '1'": (
        lambda: (FRAME.set_axis([1, "1"], axis=1), Y),
        "X has two columns named '1'",
        lambda: (FRAME.set_axis([1, "2"], axis=1), Y),
    ),
    "shuffled": (
        lambda: (FRAME, SERIES[[3, 1, 0, 2]]),
        "y has the index of X in another order; give y.loc[X.index]",
        lambda: (FRAME, SERIES[[3, 1, 0, 2]].reset_index(drop=True)),
    ),
    "lazy": (
        lambda: (pl.DataFrame(FRAME).lazy(), Y),
        "X is lazy (polars.LazyFrame); compute or collect it",
        lambda: (pl.DataFrame(FRAME).lazy().collect(), Y),
    ),
    "polars null": (
        lambda: (pl.DataFrame({"a": [1, None, 3, 4]}), Y),
        "X row 2, column 'a' is missing",
        lambda: (pl.DataFrame({"a": [1, 0, 3, 4]}), Y),
    ),
    "all null": (
        lambda: (pl.DataFrame({"a": [None] * 4}), Y),
        "X row 1, column 'a' is missing",
        lambda: (pl.DataFrame({"a": [0] * 4}), Y),
    ),
    "polars NaN": (
        lambda: (pl.DataFrame({"a": [1.0, 2, 3, float("nan")]}), Y),
        "X row 4, column 'a' is nan, a missing value",
        lambda: (pl.DataFrame({"a": [1.0, 2, 3, 4]}), Y),
    ),
    "lists in cells": (
        lambda: (pl.DataFrame({"a": [[1, 2]] * 4}), Y),
        "X, column 'a' holds lists",
        lambda: (pl.DataFrame({"a": [[1, 2]] * 4}).select(pl.col("a").list.first()), Y),
    ),
    "a dictionary of text": (
        lambda: (pa.table({"a": pa.array(list("uvuv")).dictionary_encode()}), Y),
        "X, column 'a' holds categories",
        lambda: (pa.table({"a": pa.array(list("uvuv")).dictionary_encode().indices}), Y),
    ),
    "a series as X": (
        lambda: (FRAME["a"], Y),
        "X is a single column; give a table, for example X.to_frame()",
        lambda: (FRAME["a"].to_frame(), Y),
    ),
    "two columns as y": (
        lambda: (FRAME, FRAME),
        "y has 2 columns; give one number a row (several outputs are for OutputMoments",
        lambda: (FRAME, FRAME[["a"]]),
    ),
    "a name and no names": (
        lambda: (X, "price"),
        "y is the name 'price' and X has no columns with names",
        lambda: (FRAME.assign(price=Y), "price"),
    ),
    "a name that is none": (
        lambda: (FRAME, "aa"),
        "X has no column 'aa'; its columns are a, b c",
        lambda: (FRAME, "a"),
    ),
    "missing in y": (
        lambda: (FRAME, pd.Series([1, None, 2, 3], dtype="Int64", name="price")),
        "y row 2 is missing",
        lambda: (FRAME, pd.Series([1, 0, 2, 3], dtype="Int64", name="price")),
    ),
    "text in y": (
        lambda: (FRAME, pd.Series(list("uvwx"))),
        "y holds text (String)",
        lambda: (FRAME, pd.Series([1, 2, 3, 4])),
    ),
    "masked": (
        lambda: (np.ma.array(X, mask=X > 6), Y),
        "X row 3, column 2 is missing",
        lambda: (np.ma.array(X, mask=X > 7), Y),
    ),
    "NumPy text": (
        lambda: (X.astype(str), Y),
        "X holds text (<U32)",
        lambda: (X.astype(str).astype(object), Y),
    ),
    "NumPy dates": (
        lambda: (X.astype("M8[s]"), Y),
        "X holds dates (datetime64[s])",
        lambda: (X.astype("M8[s]").astype("i8"), Y),
    ),
    "NumPy differences": (
        lambda: (X.astype("m8[s]"), Y),
        "X holds time differences (timedelta64[s])",
        lambda: (X.astype("m8[s]") / np.timedelta64(1, "s"), Y),
    ),
    "records": (
        lambda: (np.zeros(4, dtype=[("a", int)]), Y),
        "X holds records",
        lambda: (np.zeros(4, dtype=[("a", int)])["a"][:, None], Y),
    ),
    "complex array": (lambda: (X + 0j, Y), "X holds complex numbers", lambda: ((X + 0j).real, Y)),
    "complex sparse": (
        lambda: (sparse.csr_array(X + 0j), Y),
        "X holds complex numbers",
        lambda: (sparse.csr_array(X).astype(bool), Y),
    ),
    "one dimension": (
        lambda: (Y, Y),
        "X has 1 dimension; give a table with rows and columns; X.reshape(-1, 1) makes",
        lambda: (Y.reshape(-1, 1), Y),
    ),
    "three dimensions": (lambda: (X[None], Y), "X has 3 dimensions", lambda: (X[None][0], Y)),
    "a cube as y": (lambda: (X, X[None]), "y has 3 dimensions; give one number a row", lambda: (X, Y)),
    "truth among numbers": (
        lambda: ([[1, True], [2, 3]], [1, 2]),
        "X row 1, column 2 is True, which is a truth value",
        lambda: (np.array([[1, True], [2, 3]]), [1, 2]),
    ),
    "a dict": (
        lambda: ({"a": [1, 2]}, [1, 2]),
        "X is not a table of numbers; it has type dict; make a data frame of it",
        lambda: (pd.DataFrame({"a": [1, 2]}), [1, 2]),
    ),
    "rows as dicts": (
        lambda: ([{"a": 1}, {"a": 2}], [1, 2]),
        "X row 1 is not a row of numbers; it has type dict",
        lambda: (pd.DataFrame([{"a": 1}, {"a": 2}]), [1, 2]),
    ),
    "a set": (lambda: ([[1], [2]], {1, 2}), "y is not a list of numbers", lambda: ([[1], [2]], [1, 2])),
    "a date in a list": (
        lambda: ([[datetime.date(2020, 1, 1)]], [1]),
        "X row 1, column 1 has type date",
        lambda: ([[datetime.date(2020, 1, 1).toordinal()]], [1]),
    ),
    "nobody's frame": (
        lambda: (Duck(np.array([[1.0, np.nan]])), [1]),
        "X row 1, column 2 is nan",
        lambda: (Duck(np.array([[1.0, 2.0]])), [1]),
    ),
    "no rows": (lambda: (FRAME[:0], []), "X has no rows", lambda: (FRAME[:1], [1])),
    "no columns": (lambda: (FRAME[[]], Y), "X has no rows or no columns", lambda: (FRAME[["a"]], Y)),
    "rows that do not fit": (
        lambda: (FRAME, SERIES[:3]),
        "X has 4 rows and y has 3; give as many of both",
        lambda: (FRAME[:3], SERIES[:3]),
    ),
    "a long name": (
        lambda: (FRAME.rename(columns={"a": "n" * 10_000}).assign(**{"n" * 9999: "text"}), Y),
        "holds text (String)",
        lambda: (FRAME.rename(columns={"a": "n" * 10_000}), Y),
    ),
    "many names": (
        lambda: (pd.DataFrame(np.ones((2, 3000))).rename(columns=lambda i: f"column {i}"), "column"),
        "X has no column 'column'; the nearest of its 3000 columns are",
        lambda: (pd.DataFrame(np.ones((2, 30))).rename(columns=lambda i: f"column {i}"), "column 3"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_refused_and_what_is_next_to_it(case):
    bad, says, good = CASES[case]
    with pytest.raises(InputError) as error:
        Moments.from_samples(*bad())
    message = str(error.value)
    assert says in message
    assert len(message) <= MOST
    assert message.endswith(".")
    assert "\n" not in message
    assert Moments.from_samples(*good()).dimension >= 1


@pytest.mark.torch
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t * 1j, "X is a tensor that is complex"),
        (lambda t: t.to_sparse(), "X is a tensor that is sparse"),
        (lambda t: t.to("meta"), "X is a tensor that is without data (on the device meta)"),
        (lambda t: t / 0, "X row 1, column 1 is inf"),
        (lambda t: t[0], "X has 1 dimension"),
    ],
)
def test_tensors_that_are_refused(change, says):
    with pytest.raises(InputError) as error:
        Moments.from_samples(change(torch_of(ROWS)), Y)
    assert says in str(error.value)
    assert entries(Moments.from_samples(torch_of(ROWS), Y)) == WANTED


@pytest.mark.torch
def test_tensors_without_numbers():
    import torch

    def moment(x):
        return x.sum() * float(Moments.from_samples(x, Y).c)

    assert moment(torch_of(ROWS)) > 0
    with pytest.raises(InputError, match="X is a placeholder for a tensor, inside vmap or compile"):
        torch.func.vmap(moment)(torch_of([ROWS]))


def test_names_that_are_given():
    assert Moments.from_samples(X, Y, features=["u", "v"], target="t").features == ("u", "v")
    assert Moments.from_samples(FRAME, Y, target="t").target == "t"
    assert Moments.from_samples(FRAME, Y, features=["a", "b c"]).features == ("a", "b c")
    assert Moments.given(pd.DataFrame(np.eye(2), columns=["u", "v"]), [0, 0], 1).features == ("u", "v")
    for X_, features, says in (
        (X, ["u"], "features has 1 names and X has 2 columns"),
        (X, ["u", "u"], "features names 'u' twice"),
        (FRAME, ["b c", "a"], "X names its columns itself (a, b c)"),
        (X, [1, 2], "features is a list of names"),
        (X, "uv", "features is a list of names"),
    ):
        with pytest.raises(InputError) as error:
            Moments.from_samples(X_, Y, features=features)
        assert says in str(error.value)


# -- weights ---------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 4)), min_size=1, max_size=8),
    st.booleans(),
)
def test_whole_weights_repeat_rows(samples, center):
    rows, targets, weights = [list(column) for column in zip(*samples, strict=True)]
    rows = [[x] for x in rows]
    if not any(weights):
        with pytest.raises(InputError, match="every sample weighs 0"):
            Moments.from_samples(rows, targets, sample_weight=weights)
        return
    repeated = [(x, y) for x, y, w in zip(rows, targets, weights, strict=True) for _ in range(w)]
    weighted = Moments.from_samples(rows, targets, sample_weight=weights, center=center)
    plain = Moments.from_samples(*map(list, zip(*repeated, strict=True)), center=center)
    assert weighted == plain
    assert weighted.weight == len(repeated)


@pytest.mark.parametrize(
    "weights",
    [
        ["1/3", "0.1", 0, 2],
        np.array([0.5, 0.1, 0, 2]),
        pd.Series([0.5, 0.1, 0, 2]),
        np.array([3, 0, 1, 2], dtype="u1"),
        np.array([True, False, True, True]),
        sparse.csr_array([[0.5], [0], [0.25], [0]]),
    ],
)
def test_weights_are_exact(weights):
    told = weights.toarray()[:, 0] if sparse.issparse(weights) else weights
    exact = [Fraction(w) if isinstance(w, str) else Fraction(float(w)) for w in told]
    assert entries(Moments.from_samples(X, Y, sample_weight=weights)) == one_by_one(ROWS, TARGETS, exact)


def test_a_column_may_be_the_weights():
    frame = FRAME.assign(w=[1, 0, 2, 5], price=Y)
    moments = Moments.from_samples(frame, "price", sample_weight="w")
    assert moments == Moments.from_samples(FRAME, SERIES, sample_weight=[1, 0, 2, 5])
    assert moments.features == ("a", "b c")


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ([1, 2, -1, 3], "sample 3 weighs -1; give weights of at least 0"),
        ([1, 2, Fraction(-1, 10**9), 3], "sample 3 weighs -1e-09"),
        ([1, np.nan, 1, 1], "sample_weight row 2 is nan"),
        (np.array([1, np.inf, 1, 1]), "sample_weight row 2 is inf"),
        ([0, 0, 0, 0], "every sample weighs 0"),
        ([1, 2, 3], "X has 4 rows and sample_weight has 3"),
        (np.ones((4, 2)), "sample_weight has 2 columns"),
        ("w", "sample_weight is the name 'w' and X has no columns with names"),
    ],
)
def test_weights_that_are_refused(weights, says):
    with pytest.raises(InputError) as error:
        Moments.from_samples(X, Y, sample_weight=weights)
    assert says in str(error.value)
    assert Moments.from_samples(X, Y, sample_weight=[0, 0, 1e-300, 0]).c == Fraction(49, 4)


def test_weights_with_the_index_in_another_order_are_refused():
    weights = pd.Series([1, 2, 3, 4])
    with pytest.raises(InputError, match="sample_weight has the index of X in another order"):
        Moments.from_samples(FRAME, Y, sample_weight=weights[::-1])
    Moments.from_samples(FRAME, Y, sample_weight=weights)


# -- constants, chunks, outputs --------------------------------------------------------------------------


def test_constant_features_are_dropped():
    frame = FRAME.assign(k=0.1, z=0)
    moments = Moments.from_samples(frame, Y, drop_constant=True, standardize=True)
    assert moments == Moments.from_samples(FRAME, Y, standardize=True)
    assert moments.notes == ("Dropped k, z: constant features, the same in every row that counts.",)
    almost = frame.assign(k=[0.1, 0.1, 0.1, np.nextafter(0.1, 1)], z=[0, 0, 0, 5e-324])
    assert Moments.from_samples(almost, Y, drop_constant=True).features == ("a", "b c", "k", "z")
    weighted = Moments.from_samples(almost, Y, drop_constant=True, sample_weight=[1, 2, 1, 0])
    assert weighted.features == ("a", "b c")  # the last row does not count
    with pytest.raises(InputError, match=r"every feature is constant \(k, z\) and none is left"):
        Moments.from_samples(frame[["k", "z"]], Y, drop_constant=True)
    with pytest.raises(InputError, match="column 'k' is constant and has no standard deviation"):
        Moments.from_samples(frame, Y, standardize=True)


def test_chunks_of_frames():
    frame = FRAME.assign(price=Y, w=[1, 0, 3, 2])
    whole = Moments.from_samples(frame, "price", sample_weight="w")
    parts = [(frame[:1], "price", "w"), (frame[1:1], "price", "w"), (frame[1:], "price", "w")]
    assert Moments.from_chunks(parts) == whole
    with pytest.raises(InputError, match="part 2 has the columns b c, price and part 1 has a, b c, price"):
        Moments.from_chunks([parts[0], (frame[["b c", "price", "w"]], "price", "w")])
    with pytest.raises(InputError, match="part 3: X row 1, column 'a' is missing"):
        Moments.from_chunks(
            [*parts[:2], (frame[1:].assign(a=pd.array([None, 1, 1], "Int64")), "price", "w")]
        )


def test_moments_with_names_pickle():
    moments = Moments.from_samples(FRAME, SERIES)
    copy = pickle.loads(pickle.dumps(moments))  # noqa: S301 - one's own
    assert copy == moments
    assert copy.features == ("a", "b c")


def test_several_outputs():
    frame = FRAME.assign(price=Y, w=[1, 0, 3, 2])
    by_name = OutputMoments.from_samples(frame, ["price", "a"], sample_weight="w", whiten=True)
    assert (by_name.features, by_name.targets) == (("b c",), ("price", "a"))
    repeated = [0, 2, 2, 2, 3, 3]
    plain = OutputMoments.from_samples(X[repeated][:, 1:], np.c_[Y, X[:, 0]][repeated], whiten=True)
    assert (by_name.A, by_name.V, by_name.c) == (plain.A, plain.V, plain.c)
    assert plain.targets == ("y1", "y2")
    for Y_, says in (
        (["price", "zz"], "X has no column 'zz'"),
        (["price", "price"], "the column 'price' of X is named twice"),
        (np.ones((4, 0)), "Y has no columns"),
        ("price", "Y is a single column"),
    ):
        with pytest.raises(InputError) as error:
            OutputMoments.from_samples(frame, Y_)
        assert says in str(error.value)
    general = OutputMoments.from_samples(FRAME, FRAME)
    assert not general.is_isotropic
    assert general.V == general.A
    with pytest.raises(InputError, match="the inputs are not white"):
        _ = general.eigenvalue
