"""What programs write into CSV files beside plain numbers: truth values, row numbers, other encodings."""

import gzip
import random

import pytest

from symderive import InputError, Moments
from symderive.data.reading import csv as reading
from symderive.data.reading import lines
from symderive.data.reading.plain_rows import Layout, read_plain


def write(tmp_path, text, name="data.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# -- truth values ------------------------------------------------------------------------------------

#: Text with truth values, the same with 1 and 0, and options.
TRUTHS = {
    "as pandas writes": ("a,y\nTrue,1.5\nFalse,2\n", "a,y\n1,1.5\n0,2\n", {}),
    "as polars writes": ("a,y\ntrue,1.5\nfalse,2\n", "a,y\n1,1.5\n0,2\n", {}),
    "as R writes": ("a,y\nTRUE,1.5\nFALSE,2\n", "a,y\n1,1.5\n0,2\n", {}),
    "in quotes": ('a,y\n"True",1.5\nFalse,2\n', "a,y\n1,1.5\n0,2\n", {}),
    "among blanks": ("a , y\n True , 1.5\nFalse, 2\n", "a,y\n1,1.5\n0,2\n", {}),
    "of the target": ("a,y\n7,True\n8,False\n", "a,y\n7,1\n8,0\n", {}),
    "everywhere": ("a,b,y\nFalse,true,True\nTrue,true,False\n", "a,b,y\n0,1,1\n1,1,0\n", {}),
    "European": ("a;y\r\nTrue;1,5\r\nFalse;2\r\n", "a;y\n1;1,5\n0;2\n", {"sep": ";", "decimal": ","}),
    "beside odd numbers": (f"a,y\nTrue,{'1' * 50}\nFalse,2\n", f"a,y\n1,{'1' * 50}\n0,2\n", {}),
    "without a last line end": ("a,y\nFalse,1\nTrue,2", "a,y\n0,1\n1,2", {}),
    "the last cell": ("a,y\n1,False\n2,True", "a,y\n1,0\n2,1", {}),
}


@pytest.mark.parametrize("size", [lines.CHUNK, 24])
@pytest.mark.parametrize("name", TRUTHS)
def test_columns_of_truth_values_are_read_as_1_and_0(name, size, monkeypatch, tmp_path):
    monkeypatch.setattr(lines, "CHUNK", size)
    text, plain, options = TRUTHS[name]
    got = Moments.from_csv(write(tmp_path, text), "y", **options)
    assert got == Moments.from_csv(write(tmp_path, plain), "y", **options)
    place = plain.rindex("0,") if "0," in plain else plain.rindex("0")  # a near miss: one cell more is true
    changed = f"{plain[:place]}1{plain[place + 1 :]}"
    assert got != Moments.from_csv(write(tmp_path, changed), "y", **options)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["True", "1"], "row 3, column 'a': the cell '1' stands among truth values"),
        (["true", "yes"], "row 3, column 'a': the cell 'yes' stands among truth values"),
        (["True", "Truely"], "row 3, column 'a': the cell 'Truely' stands among"),
        (["True", "Tru"], "row 3, column 'a': the cell 'Tru' stands among"),
        (["False", "Falsf"], "row 3, column 'a': the cell 'Falsf' stands among"),
        (["True", "0001"], "row 3, column 'a': the cell '0001' stands among"),
        (["1", "True"], "row 3, column 'a': the cell 'True' is a truth value and the first"),
        (["0.5", "2", "FALSE"], "row 4, column 'a': the cell 'FALSE' is a truth value and the first"),
        (["True", ""], "row 3, column 'a': the cell is empty"),
        (["T", "F"], "row 2, column 'a': the cell 'T' is not a finite decimal number"),
    ],
)
def test_truth_values_among_numbers_are_refused(cells, says, tmp_path, monkeypatch):
    text = "\n".join(["a,y", *(f"{cell},1" for cell in cells)])
    for size in (lines.CHUNK, 8):
        monkeypatch.setattr(lines, "CHUNK", size)
        with pytest.raises(InputError, match=f"^data.csv {says}") as refused:
            Moments.from_csv(write(tmp_path, text), "y")
        assert len(str(refused.value)) < 300


def test_truth_values_take_the_quick_way(tmp_path, monkeypatch):
    """Also in columns between others that are not read; only the first chunk is taken apart."""
    rng = random.Random(0)
    rows = [(rng.choice(["True", "False"]), rng.choice("xyz"), rng.random()) for _ in range(3000)]
    told = "".join(f"{t},{text},{x}\n" for t, text, x in rows)
    path = write(tmp_path, "a,text,y\n" + told)
    taken = []
    slow = reading._Reading._rows
    monkeypatch.setattr(lines, "CHUNK", 4096)
    monkeypatch.setattr(
        reading._Reading, "_rows", lambda self, *given: taken.append(1) or slow(self, *given)
    )
    got = Moments.from_csv(path, "y", columns=["a"])
    assert len(taken) == 1
    plain = told.replace("True", "1").replace("False", "0")
    assert got == Moments.from_csv(write(tmp_path, "a,text,y\n" + plain), "y", columns=["a"])


def test_damaged_truth_values_are_never_read():
    rng = random.Random(3)
    layout = Layout(ord(","), ord("."), 3, (0, 1, 2), truths=(1,))
    read = left = 0
    for _ in range(800):
        rows = [["1", rng.choice(["True", "false", "TRUE", '"False"']), "2.5"] for _ in range(3)]
        text = list("\n".join(map(",".join, rows)) + "\n")
        for _ in range(rng.randint(0, 1)):
            text[rng.randrange(len(text))] = rng.choice([*'0.e," \nTt', ""])
        whole = "".join(text)
        found = read_plain(whole.encode(), layout)
        cells = [row.split(",") for row in whole.strip().splitlines() if row]
        fits = all(
            len(row) == 3 and row[1].strip('"').lower() in ("true", "false") for row in cells
        ) and not any('"' in row[0] + row[2] or row[1].count('"') % 2 for row in cells)
        if found is None:
            left += 1
            continue
        read += 1
        assert fits, whole
        assert [row[1] for row in found.fractions()] == [
            int(row[1].strip('"').lower() == "true") for row in cells
        ]
    assert min(read, left) > 150


# -- decimal marks and thousands ---------------------------------------------------------------------

SEMI, EURO = {"sep": ";"}, {"sep": ";", "decimal": ","}


@pytest.mark.parametrize(
    ("cell", "options", "says", "instead"),
    [
        ("20,47", SEMI, 'has a comma; give --decimal , (decimal=",") if it is', ("20,47", EURO)),
        ("-1,5e3", SEMI, 'has a comma; give --decimal , (decimal=",") if it is', ("-1,5e3", EURO)),
        ("1.230,50", SEMI, "take out the separators of thousands, and give --decimal ,", ("1230,50", EURO)),
        ("1.230,50", EURO, "both a point and a comma; take out the separators of thou", ("1230,50", EURO)),
        (
            "1,230.50",
            SEMI,
            "both a point and a comma; take out the separators of thousands.",
            ("1230.50", SEMI),
        ),
        ("1,230,500", SEMI, "has several commas; take out", ("1230500", SEMI)),
        ("1,230,500", EURO, "has several commas; take out", ("1230500", EURO)),
        ("1.5", EURO, "has a point; the decimal mark is a comma", ("1,5", EURO)),
        ('"1,5"', {}, 'give --decimal , (decimal=",") with another --sep (sep)', ("1.5", {})),
        ("a,5", SEMI, "is not a finite decimal number.", ("5", SEMI)),
    ],
)
def test_marks_of_other_countries_name_the_remedy(cell, options, says, instead, tmp_path):
    def moments(cell, options):
        sep = options.get("sep", ",")
        return Moments.from_csv(write(tmp_path, f"a{sep}y\n{cell}{sep}1\n"), "y", **options)

    with pytest.raises(InputError) as refused:
        moments(cell, options)
    assert says in str(refused.value)
    assert str(refused.value).startswith("data.csv row 2, column 'a': the cell ")
    assert len(str(refused.value)) < 300
    assert moments(*instead).weight == 1


# -- encodings ---------------------------------------------------------------------------------------

LETTERS = "größe;y\n1,5;2\n-3;4\n"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "encoding", ["cp1252", "latin-1", "utf-16", "utf-16-le", "utf-32", "utf8", "mac-roman"]
)
def test_encodings(encoding, packed, tmp_path, monkeypatch):
    expected = Moments.from_csv(write(tmp_path, LETTERS), "y", **EURO)
    monkeypatch.setattr(lines, "CHUNK", 7)  # characters are divided
    raw = LETTERS.encode(encoding)
    path = write(tmp_path, gzip.compress(raw) if packed else raw)
    got = Moments.from_csv(path, "y", encoding=encoding, **EURO)
    assert got == expected
    assert got.features == ("größe",)
    if encoding != "utf8":
        with pytest.raises(InputError, match="is not a CSV file in UTF-8 text; give --encoding"):
            Moments.from_csv(path, "y", **EURO)


def test_a_mark_of_utf_16_is_told(tmp_path):
    path = write(tmp_path, LETTERS.encode("utf-16"))
    with pytest.raises(InputError, match=r'give --encoding utf-16 \(encoding="utf-16"\)'):
        Moments.from_csv(path, "y", **EURO)
    assert Moments.from_csv(path, "y", encoding="utf-16", **EURO).weight == 2


@pytest.mark.parametrize(
    "name", ["", "utf-9", "base64", "rot13", "idna", "undefined", "unicode_escape", "a\0b", "é"]
)
def test_encodings_that_are_none(name, tmp_path):
    with pytest.raises(InputError, match=r"^the encoding '.*' is unknown; give one that Python knows"):
        Moments.from_csv(write(tmp_path, LETTERS), "y", encoding=name, **EURO)
    assert Moments.from_csv(write(tmp_path, LETTERS), "y", encoding="utf-8", **EURO).weight == 2


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b"a,y\n1,\x81\n", "cp1252"),
        ("a,y\n1,2\n".encode("utf-16")[:-1], "utf-16"),
        (b"a,y\n\xff,1\n", "ascii"),
    ],
)
def test_text_of_another_encoding_is_refused(raw, encoding, tmp_path):
    with pytest.raises(InputError, match=rf"^data.csv is not text in the encoding '{encoding}'; give"):
        Moments.from_csv(write(tmp_path, raw), "y", encoding=encoding)
    good = "a,y\n1,2\n".encode(encoding)
    assert Moments.from_csv(write(tmp_path, good), "y", encoding=encoding).c == 4


# -- columns that number the rows --------------------------------------------------------------------


def test_the_index_of_a_frame_that_pandas_read_again_is_dropped(tmp_path):
    import pandas as pd

    path = tmp_path / "data.csv"
    pd.DataFrame({"a": [1.5, 2.5], "y": [1, 2]}).to_csv(path)
    pd.read_csv(path).to_csv(path, index=False)
    got = Moments.from_csv(path, "y")
    assert got.features == ("a",)
    assert got.notes == (
        "Dropped the first column of data.csv: it has no name, like the index of a data frame.",
    )
    kept = Moments.from_csv(path, "y", columns=["Unnamed: 0", "a"])
    assert (kept.features, kept.notes) == (("Unnamed: 0", "a"), ())
    assert Moments.from_csv(path, "Unnamed: 0").features == ("a", "y")
    later = write(tmp_path, "a,Unnamed: 0,y\n1,2,3\n")
    assert Moments.from_csv(later, "y").features == ("a", "Unnamed: 0")


@pytest.mark.parametrize(
    ("name", "cells", "noted"),
    [
        ("index", "012345678", "begins 0, 1, 2 like"),
        ("Index", "123", "begins 1, 2, 3 like"),
        ("id", "0123", "begins 0, 1, 2 like"),
        ("index", "0124", ""),
        ("index", "234", ""),
        ("index", "01", ""),
        ("a", "0123", ""),
    ],
)
def test_what_looks_like_row_numbers_is_kept_and_told(name, cells, noted, tmp_path):
    path = write(tmp_path, f"{name},b,y\n" + "".join(f"{cell},{7 * int(cell) % 5},3\n" for cell in cells))
    got = Moments.from_csv(path, "y")
    assert got.features == (name, "b")
    assert [noted in note for note in got.notes] == [True] * bool(noted)
    assert Moments.from_csv(path, "y", columns=["b"]).notes == ()
    assert Moments.from_csv(path, name).notes == ()
