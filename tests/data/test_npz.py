"""NPZ archives are read some rows at a time: of every order and type, and checked to their last byte."""

import io
import zipfile
from fractions import Fraction

import numpy as np
import pytest

from symderive import InputError, Moments
from symderive.data.reading import matrix
from tests.oracles.slow_moments import slow_moments

RNG = np.random.default_rng(0)


def archive(tmp_path, save=np.savez, **arrays):
    path = tmp_path / "data.npz"
    save(path, **arrays)
    return path


def exact(moments):
    rows = [[int(x) for x in row] for row in moments.gram.tolist()]
    return rows, moments.denominator, moments.variances, moments.means


def table(X, y):
    return [
        [*map(Fraction, row), Fraction(t)] for row, t in zip(X.tolist(), np.ravel(y).tolist(), strict=True)
    ]


ARRAYS = {
    "rows first": RNG.normal(size=(700, 3)),
    "columns first": np.asfortranarray(RNG.normal(size=(700, 3))),
    "transposed": RNG.normal(size=(3, 700)).T,
    "every other row": RNG.normal(size=(1400, 3))[::2],
    "float32": RNG.normal(size=(700, 3)).astype("f4"),
    "float16": RNG.normal(size=(700, 3)).astype("f2"),
    "of the other end": RNG.normal(size=(700, 3)).astype(">f8"),
    "bytes": RNG.integers(-128, 128, size=(700, 3)).astype("i1"),
    "columns first, of bytes": np.asfortranarray(RNG.integers(-128, 128, size=(700, 3)).astype("i1")),
    "large integers": RNG.integers(-(2**63), 2**63 - 1, size=(700, 3)),
    "larger integers": RNG.integers(0, 2**64 - 1, size=(700, 3), dtype="u8"),
    "truth values": RNG.integers(0, 2, size=(700, 3)).astype(bool),
    "all magnitudes": RNG.normal(size=(700, 3)) * 10.0 ** RNG.integers(-300, 300, size=(700, 3)),
    "one row": RNG.normal(size=(1, 3)),
    "one column": RNG.normal(size=(700, 1)),
}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays(name, save, tmp_path, monkeypatch):
    monkeypatch.setattr(matrix, "BLOCK_ROWS", (1, 300))
    X = ARRAYS[name]
    y = RNG.normal(size=len(X))
    got = Moments.from_npz(archive(tmp_path, save, X=X, y=y))
    rows = table(X, y)
    assert exact(got) == slow_moments(rows)
    rows[0][0] += 1
    assert exact(got) != slow_moments(rows)


@pytest.mark.parametrize("shape", [(700,), (700, 1), (1, 700)])
def test_shapes_of_the_target(shape, tmp_path):
    X, y = ARRAYS["rows first"], RNG.normal(size=700)
    got = Moments.from_npz(archive(tmp_path, X=X, t=np.asfortranarray(y.reshape(shape))), "t")
    assert exact(got) == slow_moments(table(X, y))


def test_weights(tmp_path):
    path = archive(tmp_path, X=np.array([[1.0], [2.0]]), y=np.array([1, 4]), w=np.array([0.5, 1.5]))
    got = Moments.from_npz(path, sample_weight="w")
    assert (got.weight, got.c) == (2, Fraction(1 + 3 * 16, 4))
    assert Moments.from_npz(path).c == Fraction(17, 2)
    with pytest.raises(InputError, match="name each once"):
        Moments.from_npz(path, sample_weight="y")
    with pytest.raises(InputError, match="no array 'v'"):
        Moments.from_npz(path, sample_weight="v")
    path = archive(tmp_path, X=np.ones((3, 1)), y=np.ones(3), w=np.array([1, 0, -2]))
    with pytest.raises(InputError, match="sample 3 weighs -2"):
        Moments.from_npz(path, sample_weight="w")


def test_bad_cells_are_counted_over_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(matrix, "BLOCK_ROWS", (1, 10))
    X, y = np.ones((35, 2)), np.ones(35)
    X[33, 1] = np.inf
    with pytest.raises(InputError, match=r"^X row 34, column 2 is inf"):
        Moments.from_npz(archive(tmp_path, X=X, y=y))
    X[33, 1], y[34] = 1, np.nan
    with pytest.raises(InputError, match=r"^y row 35 is nan"):
        Moments.from_npz(archive(tmp_path, X=X, y=y))
    y[34] = 2
    assert Moments.from_npz(archive(tmp_path, X=X, y=y)).weight == 35


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_flipped_bit_of_a_number_is_found(order, tmp_path):
    """Every number would be one; the checksum of the archive tells."""
    X = np.array(RNG.normal(size=(50, 2)), order=order)
    path = archive(tmp_path, X=X, y=np.ones(50))
    whole = bytearray(path.read_bytes())
    at = whole.index(X.tobytes(order)) + 123
    whole[at] ^= 1
    path.write_bytes(whole)
    with pytest.raises(InputError, match="not an NPZ archive"):
        Moments.from_npz(path)
    whole[at] ^= 1
    path.write_bytes(whole)
    assert Moments.from_npz(path).weight == 50


def npy(array):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array)
    return stream.getvalue()


@pytest.mark.parametrize(("more", "fits"), [(b"", True), (b"\0", False)])
def test_members_hold_the_array_and_no_more(more, fits, tmp_path):
    path = tmp_path / "data.npz"
    with zipfile.ZipFile(path, "w") as stream:
        stream.writestr("X.npy", npy(np.ones((2, 1))) + more)
        stream.writestr("y.npy", npy(np.ones(2)))
    if fits:
        assert Moments.from_npz(path).c == 1
    else:
        with pytest.raises(InputError, match="not an NPZ archive"):
            Moments.from_npz(path)


def test_a_header_that_promises_too_much_costs_nothing(tmp_path):
    path = tmp_path / "data.npz"
    for shape in ((10**15, 2), (10**9, 10**6)):
        header = io.BytesIO()
        fields = {"descr": "<f8", "fortran_order": shape[1] > 2, "shape": shape}
        np.lib.format.write_array_header_1_0(header, fields)
        with zipfile.ZipFile(path, "w") as stream:
            stream.writestr("X.npy", header.getvalue() + bytes(64))
            stream.writestr("y.npy", npy(np.ones(2)))
        with pytest.raises(InputError, match=r"X has \d+ rows and y has 2"):
            Moments.from_npz(path)


def test_objects_are_not_unpickled(tmp_path):
    path = archive(tmp_path, X=np.array([[{}]]), y=np.ones(1))
    with pytest.raises(InputError, match="pickled objects are refused"):
        Moments.from_npz(path)


def test_a_small_x_is_taken_where_there_is_no_large_one(tmp_path):
    X, other, y = np.array([[1.0], [3.0]]), np.array([[5.0], [7.0]]), np.array([1.0, 2.0])
    want = Moments.from_npz(archive(tmp_path, X=X, y=y))
    assert Moments.from_npz(archive(tmp_path, x=X, y=y)) == want
    assert Moments.from_npz(archive(tmp_path, x=other, X=X, y=y)) == want
    with pytest.raises(InputError, match="no array 'X'; it holds x; save the features as X"):
        Moments.from_npz(archive(tmp_path, x=y), "x")


@pytest.mark.parametrize(
    ("arrays", "options", "says"),
    [
        (("features", "y"), {}, "'X'; it holds features, y; save the features as X"),
        (("X", "labels"), {}, r"'y'; it holds X, labels; name the target with --target \(target\)"),
        (("X", "y"), {"sample_weight": "w"}, "'w'; it holds X, y; name one of them"),
        ((), {}, "'X'; it holds nothing; save the features as X"),
        (tuple(f"{'n' * 200}{i}" for i in range(90)), {}, "'X'; it holds n"),
    ],
)
def test_arrays_that_are_missing_name_the_remedy(arrays, options, says, tmp_path):
    path = archive(tmp_path, **{name: np.ones((2, 1)) for name in arrays})
    with pytest.raises(InputError, match=rf"^data.npz has no array {says}") as refused:
        Moments.from_npz(path, **options)
    assert len(str(refused.value)) < 300
    whole = archive(tmp_path, X=np.ones((2, 1)), y=np.ones(2), w=np.ones(2))
    assert Moments.from_npz(whole, **options).weight == 2
