"""Moments: exact against fractions, and every bad file answered in one sentence."""

import io
import time
import warnings
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracles.sampled import fewer

from symderive import InputError, Moments

cells = st.fractions(-100, 100, max_denominator=50)
#: tmp_path is shared by the examples of one test, each of which overwrites its file.
on_disk = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@st.composite
def samples(draw, min_rows=1):
    n, d = draw(st.integers(min_rows, 6)), draw(st.integers(1, 3))
    table = draw(st.lists(st.lists(cells, min_size=d + 1, max_size=d + 1), min_size=n, max_size=n))
    return [row[:d] for row in table], [row[d] for row in table]


def average(values):
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def matrix(data):
    d = data.dimension
    return [[data.entry(i, j) for j in range(d + 1)] for i in range(d + 1)]


def gram(columns):
    return [[average(x * y for x, y in zip(a, b, strict=True)) for b in columns] for a in columns]


# -- values ------------------------------------------------------------------------------------------


@given(samples())
def test_moments_are_averages_of_products(data):
    X, y = data
    columns = [*map(list, zip(*X, strict=True)), y]
    got = Moments.from_samples(X, y)
    assert matrix(got) == gram(columns)
    assert got.c == average(t * t for t in y)
    assert got.v_norm_squared == sum(
        average(x * t for x, t in zip(c, y, strict=True)) ** 2 for c in columns[:-1]
    )
    assert got.trace == sum(average(x * x for x in c) for c in columns[:-1])


@given(samples())
def test_centering_subtracts_the_means_exactly(data):
    X, y = data
    columns = [*map(list, zip(*X, strict=True)), y]
    centered = [[x - average(column) for x in column] for column in columns]
    assert matrix(Moments.from_samples(X, y, center=True)) == gram(centered)
    shifted = [[x + 5 for x in row] for row in X]
    assert matrix(Moments.from_samples(shifted, y, center=True)) == gram(centered)


@given(samples(min_rows=2))
def test_standardizing_divides_by_the_deviations(data):
    X, y = data
    columns = list(zip(*X, strict=True))
    deviations = [average((x - average(c)) ** 2 for x in c) for c in columns]
    if not all(deviations):
        with pytest.raises(InputError, match="constant and has no standard deviation"):
            Moments.from_samples(X, y, standardize=True)
        return
    got = Moments.from_samples(X, y, standardize=True)
    assert got.variances == got.metric == tuple(deviations)
    assert got.trace == got.dimension
    rescaled = Moments.from_samples([[3 * x - 1 for x in row] for row in X], y, standardize=True)
    assert got.v_norm_squared == rescaled.v_norm_squared
    assert got.c == average((t - average(y)) ** 2 for t in y)


def test_standardized_matrices_are_correlations():
    got = Moments.from_samples([[1, 10], [2, 40], [3, 10]], [1, 0, 5], standardize=True)
    assert sp.eye(2) == got.A
    assert got.v == sp.Matrix(
        [sp.Rational(4, 3) / sp.sqrt(sp.Rational(2, 3)), -10 * sp.Integer(2) / sp.sqrt(200)]
    )
    correlated = Moments.from_samples([[1, 2], [2, 3], [4, 9]], [1, 0, 5], standardize=True)
    expected = np.corrcoef([[1, 2, 4], [2, 3, 9]])[0, 1]
    assert float(correlated.A[0, 1]) == pytest.approx(expected, rel=16 * np.finfo(float).eps)


def test_given_moments_are_kept():
    got = Moments.given([["1/2", 0], [0, "0.1"]], ["1/7", 0], 3)
    assert got.A[0, 0] == sp.Rational(1, 2)
    assert got.A[1, 1] == sp.Rational(1, 10)
    assert got.v == sp.Matrix([sp.Rational(1, 7), 0])
    assert (got.c, got.dimension, got.features) == (3, 2, ("x1", "x2"))
    assert Moments.given(sp.eye(2), sp.Matrix([1, 0]), 1).v_norm_squared == 1
    assert Moments.given(np.eye(2), np.array([1.0, 0]), 1).v_norm_squared == 1
    assert Moments.given([[0]], [0], 0).trace == 0


@given(samples())
def test_moments_of_samples_are_a_valid_triple(data):
    X, y = data
    entries = matrix(Moments.from_samples(X, y))
    d = len(X[0])
    A, v, c = [row[:d] for row in entries[:d]], [row[d] for row in entries[:d]], entries[d][d]
    assert matrix(Moments.given(A, v, c)) == entries


@pytest.mark.parametrize(
    ("A", "v", "c", "message"),
    [
        ([[1, 2], [2, 1]], [0, 0], 1, "A is not positive semidefinite"),
        ([[-1]], [0], 1, "A is not positive semidefinite"),
        ([[1, 0], [0, 0]], [0, 1], 1, "v is not in the range of A"),
        ([[0]], ["1/1000000"], 1, "v is not in the range of A"),
        ([[1]], [2], "3.999999", "c is less than vᵀA⁺v"),
        ([[1]], [0], -1, "c is less than vᵀA⁺v"),
        ([[1, 2], [3, 4]], [0, 0], 1, "A\\[1\\]\\[0\\] and A\\[0\\]\\[1\\] differ"),
        ([[1, 2]], [0], 1, "A has 1 rows of 2 and v has 1 entries"),
        ([[1]], [0, 0], 1, "A has 1 rows of 1 and v has 2 entries"),
        ([], [], 1, "A has no rows"),
        ([[1, 0], [0]], [0, 0], 1, "A row 2 has 1 entries"),
        ([["a"]], [0], 1, "A row 1, column 1 'a' is not"),
        ([[1]], [float("nan")], 1, "v row 1 is nan"),
        ([[1]], [0], float("inf"), "c is inf"),
        ([[1]], [0], None, "c has type NoneType"),
        ([1], [0], 1, "A row 1 is not a row of numbers; it has type int"),
        (1, [0], 1, "A is not a table"),
        ([[1]], 0, 1, "v is not a list"),
    ],
)
def test_invalid_triples(A, v, c, message):
    with pytest.raises(InputError, match=message):
        Moments.given(A, v, c)


def test_the_edges_of_validity_are_valid():
    assert Moments.given([[1]], [2], 4).c == 4
    assert Moments.given([[1, 1], [1, 1]], [1, 1], 1).dimension == 2
    with pytest.raises(InputError, match="range"):
        Moments.given([[1, 1], [1, 1]], [1, 1 + Fraction(1, 10**40)], 9)


def hilbert(d, last):
    """Moments of monomials on [0, 1], badly conditioned, and a last entry that may spoil them."""
    full = [[Fraction(1, i + j + 1) for j in range(d + 1)] for i in range(d + 1)]
    return [row[:d] for row in full[:d]], [row[d] for row in full[:d]], full[d][d] + last


@pytest.mark.parametrize("d", [5, 40])
def test_validity_is_decided_exactly_at_any_size(d):
    """The Hilbert matrix is definite although floats cannot tell; 10^-d off its last entry spoils it."""
    assert Moments.given(*hilbert(d, 0)).dimension == d
    with pytest.raises(InputError, match="c is less than"):
        Moments.given(*hilbert(d, -Fraction(1, 10**d)))


def test_large_well_conditioned_triples_are_quick():
    d = 150
    A = [[Fraction(i + 1 if i == j else 1, 7) for j in range(d)] for i in range(d)]
    start = time.perf_counter()
    assert Moments.given(A, [Fraction(1, 9)] * d, 5).dimension == d
    assert time.perf_counter() - start < 2
    A[3][3] = Fraction(-1)
    with pytest.raises(InputError, match="not positive semidefinite"):
        Moments.given([row[:30] for row in A[:30]], [0] * 30, 5)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([], [], "no rows"),
        ([[]], [1], "no columns"),
        ([[1], [2]], [1], "X has 2 rows and y has 1"),
        ([[1, 2], [3]], [1, 2], "X row 2 has 1 entries"),
        ([[1, None]], [1], "X row 1, column 2 is missing"),
        ([[1], ["x"]], [1, 2], "X row 2, column 1 'x' is not"),
        ([[1], [2]], [1, float("nan")], "y row 2 is nan"),
        (np.array([[1.0], [np.inf]]), [1, 2], "X row 2, column 1 is inf"),
        (np.ones(3), np.ones(3), "X has 1 dimension;"),
        (np.ones((2, 1)), np.ones((2, 2)), "y has 2 columns; give one number a row"),
        (np.array([["1"]]), [1], "X holds text \\(<U1"),
        (np.array([[1j]]), [1], "X holds complex numbers"),
        ([1, 2], [1, 2], "X row 1 is not a row"),
        ([[1]], 1, "y is not a list"),
        (7, [1], "X is not a table"),
        (["12", "34"], [1, 2], "X row 1 is not a row of numbers; it has type str"),
        ([[1]], "1", "y is the name '1' and X has no columns with names"),
    ],
)
def test_bad_samples(X, y, message):
    with pytest.raises(InputError, match=message):
        Moments.from_samples(X, y)


def test_a_data_frame_is_read_by_its_values():
    class Frame:
        """What a data frame is to us: it iterates over its column names."""

        def __iter__(self):
            return iter(["1", "2"])

        def to_numpy(self):
            return np.array([[3.0, 4.0]])

    assert Moments.from_samples(Frame(), [1]).entry(0, 1) == 12


# -- CSV ---------------------------------------------------------------------------------------------


def write(tmp_path, text):
    path = tmp_path / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@given(data=samples())
@on_disk
def test_csv_round_trip_is_exact(data, tmp_path):
    X, y = data
    lines = [",".join(["y", " a", "b", "c"][: 1 + len(X[0])])]
    lines += [",".join(map(str, [target, *row])) for row, target in zip(X, y, strict=True)]
    got = Moments.from_csv(write(tmp_path, "\r\n".join(lines) + "\n\n"), "y", fractions=True)
    assert matrix(got) == matrix(Moments.from_samples(X, y))
    assert got.features == ("a", "b", "c")[: len(X[0])]
    assert got.source == "data.csv"


def test_csv_text_is_decimal_and_not_binary(tmp_path):
    got = Moments.from_csv(write(tmp_path, "\ufeffx,y\n0.1,1\n"), "y")
    assert got.entry(0, 0) == Fraction(1, 100)


@pytest.mark.parametrize(
    "cell", ["", " ", "nan", "inf", "-Infinity", "a", "1e9999", "1/0", "0x1", "\0", "1_0", "1" * 5000]
)
@pytest.mark.parametrize("row", [2, 4])
@pytest.mark.parametrize("column", ["u", "w", "y"])
def test_bad_cells_name_row_and_column(cell, row, column, tmp_path):
    table = [["u", "w", "y"], *([str(i), "2", "3"] for i in range(1, 4))]
    table[row - 1]["uwy".index(column)] = cell
    path = write(tmp_path, "\n".join(map(",".join, table)))
    with pytest.raises(InputError, match=f"^data.csv row {row}, column '{column}': .*\\.$"):
        Moments.from_csv(path, "y")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("x,y\n", "a header and no rows"),
        ("x,y\n1,2,3\n", "row 2 has 3 cells and the header has 2"),
        ("x,y\n1,2\n3\n", "row 3 has 1 cells"),
        ("x,x,y\n1,2,3\n", "two columns named 'x'"),
        ("x,,y\n0,1,2\n", "no name for column 2"),
        ("a,b\n1,2\n", "no column 'y'; its columns are a, b"),
        ("y\n1\n", "only the column 'y'"),
        (b"x,y\n\xff,1\n", "not a CSV file in UTF-8"),
        ("x,y\n1," + "1" * 200_000, "row 2 has a cell of more than 131072 characters"),
    ],
)
def test_bad_csv_files(text, message, tmp_path):
    with pytest.raises(InputError, match=message):
        Moments.from_csv(write(tmp_path, text), "y")


def test_unreadable_paths(tmp_path):
    for read in (Moments.from_csv, Moments.from_npz):
        with pytest.raises(InputError, match="cannot be read"):
            read(tmp_path / "absent", "y")
        with pytest.raises(InputError, match="cannot be read"):
            read(tmp_path, "y")
        with pytest.raises(InputError):
            read("a\0b", "y")


@given(text=st.binary(max_size=60) | st.text(alphabet="xy,\n\r\"'01.e-/ ", max_size=40).map(str.encode))
@on_disk
def test_any_csv_bytes_are_moments_or_one_sentence(text, tmp_path):
    try:
        got = Moments.from_csv(write(tmp_path, text), "y")
    except InputError:
        return
    assert got.dimension >= 1


# -- NPZ ---------------------------------------------------------------------------------------------


def archive(tmp_path, **arrays):
    path = tmp_path / "data.npz"
    np.savez(path, **arrays)
    return path


@given(table=st.lists(st.lists(st.floats(-1e100, 1e100), min_size=3, max_size=3), min_size=1, max_size=5))
@on_disk
def test_npz_floats_stand_for_their_binary_values(table, tmp_path):
    X, y = np.array(table)[:, :2], np.array(table)[:, 2]
    got = Moments.from_npz(archive(tmp_path, X=X, y=y))
    exact = Moments.from_samples(
        [[Fraction(x) for x in row[:2]] for row in table], [Fraction(r[2]) for r in table]
    )
    assert matrix(got) == matrix(exact)


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "f4", "f2", "i1", "u8", ">i4"])
def test_npz_number_types(dtype, tmp_path):
    path = archive(tmp_path, X=np.array([[1], [3]], dtype=dtype), t=np.array([[1], [2]], dtype=dtype))
    assert Moments.from_npz(path, "t").entry(0, 1) == Fraction(7, 2)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"X": np.ones((2, 1))}, "no array 'y'; it holds X"),
        ({"y": np.ones(2)}, "no array 'X'"),
        ({"X": np.array([[None]]), "y": np.ones(1)}, "pickled objects are refused"),
        ({"X": np.array([[1, np.nan]]), "y": np.ones(1)}, "X row 1, column 2 is nan"),
        ({"X": np.ones((2, 1)), "y": np.array([1, -np.inf])}, "y row 2 is -inf"),
        ({"X": np.ones((0, 2)), "y": np.ones(0)}, "no rows or no columns"),
        ({"X": np.ones((2, 0)), "y": np.ones(2)}, "no rows or no columns"),
        ({"X": np.float64(1), "y": np.ones(1)}, "X has 0 dimensions"),
        ({"X": np.zeros(2, dtype=[("a", int)]), "y": np.ones(2)}, "X holds"),
        ({"X": np.array([["1"]]), "y": np.ones(1)}, "X holds text \\(<U1"),
    ],
)
def test_bad_npz_arrays(arrays, message, tmp_path):
    with pytest.raises(InputError, match=message):
        Moments.from_npz(archive(tmp_path, **arrays))


def test_an_archive_of_other_things(tmp_path):
    import zipfile

    path = tmp_path / "data.npz"
    with zipfile.ZipFile(path, "w") as stream:
        stream.writestr("X", b"no array")
        stream.writestr("y", b"no array")
    with pytest.raises(InputError, match="not an NPZ archive"):
        Moments.from_npz(path)
    np.save(tmp_path / "single.npy", np.ones(3))
    with pytest.raises(InputError, match="not an NPZ archive"):
        Moments.from_npz(tmp_path / "single.npy")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_truncated_and_damaged_archives(save, tmp_path):
    """Every truncation, and thousands of flipped bytes: an answer or one sentence, nothing else."""
    buffer = io.BytesIO()
    save(buffer, X=np.ones((2, 1)), y=np.ones(2))
    whole = buffer.getvalue()
    rng = np.random.default_rng(0)
    path = tmp_path / "data.npz"
    damaged = [whole[:n] for n in range(0, len(whole), fewer(4, 1))]
    cut = len(damaged)
    for _ in range(fewer(200, 800)):
        changed = bytearray(whole)
        for at in rng.integers(len(whole), size=rng.integers(1, 4)):
            changed[at] = rng.integers(256)
        damaged.append(bytes(changed))
    for number, content in enumerate(damaged):
        path.write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("error", ResourceWarning)
            try:
                Moments.from_npz(path)
            except InputError:
                continue
        assert number >= cut  # no truncation passes


# -- text --------------------------------------------------------------------------------------------


def test_text_is_for_people():
    assert repr(Moments.given([[1]], [1], 1)) == "Moments(1 feature from given moments)"
    got = Moments.from_samples([[1, 2], [2, 5]], [1, 2], standardize=True)
    assert repr(got) == "Moments(2 features from samples, standardized)"
