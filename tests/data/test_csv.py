"""CSV files: quick and slow reading give the moments that fractions give, or one sentence."""

import gzip
import io
import random
import sys
import time
from fractions import Fraction

import numpy as np
import pytest

from symderive import InputError, Moments
from symderive.arithmetic.exact import parse_number
from symderive.data.reading import csv as reading
from symderive.data.reading import lines
from symderive.data.reading.choice import choose
from symderive.data.reading.csv import CsvFormat, read_csv
from symderive.data.reading.plain_rows import Layout, read_plain
from tests.oracles.slow_moments import slow_csv, slow_moments

COMMA, POINT = ord(","), ord(".")


def write(tmp_path, text, name="data.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def exact(moments):
    rows = [[int(x) for x in row] for row in moments.gram.tolist()]
    return rows, moments.denominator, moments.variances, moments.means


# -- files of all kinds ------------------------------------------------------------------------------

#: Name, text with the target last, and options; one comma or digit more would be another table.
VALID = {
    "integers": ("a,y\n1,2\n3,4\n", {}),
    "signs": ("a,y\n+1,-2\n-3,+4\n", {}),
    "no digits before the point": ("a,y\n.5,-.25\n+.125,0\n", {}),
    "no digits behind the point": ("a,y\n5.,-2.\n1.,0.\n", {}),
    "leading zeros": ("a,y\n007,00.10\n-000.5,0\n", {}),
    "minus zero": ("a,y\n-0,1\n-0.0,2\n", {}),
    "six and seven digits": ("a,y\n123456.654321,1234567.7654321\n1,2\n", {}),
    "twelve and thirteen digits": ("a,y\n123456789012.210987654321,1234567890123\n1,.0000000000001\n", {}),
    "seventeen digits": ("a,y\n0.12573022109339327,-0.13210486329130189\n0.1,0.2\n", {}),
    "nineteen digits": ("a,y\n1.234567890123456789,9223372036854775808\n1,1\n", {}),
    "36 digits": (f"a,y\n{'123456' * 6}.{'654321' * 6},1\n1,2\n", {}),
    "37 digits": (f"a,y\n{'9' * 37},1\n1,0.{'3' * 37}\n", {}),
    "a thousand digits": (f"a,y\n{'7' * 1000},1\n1,2\n", {}),
    "exponents": ("a,y\n1e2,2E-3\n-1.5e+10,+.5e0\n", {}),
    "exponents of all remainders": ("a,y\n" + "".join(f"-12.345e{k},6.7e-{k}\n" for k in range(14)), {}),
    "as NumPy writes": ("a,y\n1.234567890123456789e-02,-9.876543210987654321e+00\n0.000e+00,1.0e+00\n", {}),
    "zero with an exponent": ("a,y\n0e999,0.0E-50\n1,2\n", {}),
    "a wide range": ("a,y\n1e-60,1e60\n1,2\n", {}),
    "a range beyond binary64": ("a,y\n1e-400,1e400\n1,2\n", {}),
    "the largest exponent": ("a,y\n1e2000,1e-2000\n1,2\n", {}),
    "exponents with zeros": ("a,y\n1e0000002,2e-0001\n3e+003,4\n", {}),
    "carriage returns and newlines": ("a,y\r\n1,2\r\n3,4\r\n", {}),
    "carriage returns": ("a,y\r1,2\r3,4\r", {}),
    "all line ends": ("a,y\n1,2\r\n3,4\r5,6\n", {}),
    "no newline at the end": ("a,y\n1,2\n3,4", {}),
    "blank lines": ("\n\na,y\n\n1,2\n\n\n3,4\n\n", {}),
    "blank lines of carriage returns": ("a,y\r\n\r\n1,2\r\n\r\r\n3,4", {}),
    "a byte order mark": ("\ufeffa,y\n1,2\n", {}),
    "a byte order mark before a quote": ('\ufeff"a",y\n1,2\n', {}),
    "quoted cells": ('"a","y"\n"1","2.5"\n"-3","4e1"\n', {}),
    "some quoted cells": ('a,y\n"1",2\n3,"4"\n', {}),
    "quotes around blanks": ('a,y\n" 1 ",2\n', {}),
    "a line end in quotes": ('a,y\n"1\n",2\n3,"\r\n4"\n', {}),
    "a newline in a name": ('"a\nb",y\n1,2\n', {}),
    "a comma in a name": ('"a,b",y\n1,2\n', {}),
    "a quote in a name": ('"a""b",y\n1,2\n', {}),
    "half a quoted cell": ('a,y\n"1"5,2\n', {}),
    "quotes that do not end": ('a,y\n1,"2', {}),
    "blanks around cells": ("a , y\n 1,  2 \n3 ,4\n", {}),
    "many blanks": (f"a,y\n{' ' * 40}1,2{' ' * 40}\n", {}),
    "tabs around cells": ("a,y\n\t1,2\t\n", {}),
    "wide blanks of Unicode": ("a,y\n\u30001,2\u00a0\n", {}),
    "names in other letters": ("größe,y\n1,2\n", {}),
    "an odd row among plain ones": ("a,y\n" + "1.5,2\n" * 200 + "1e-500,3\n" + "2,1\n" * 200, {}),
    "odd rows everywhere": ("a,y\n" + f"{'1' * 40},2\n3,4\n" * 40, {}),
    "semicolons": ("a;y\n1.5;2\n", {"sep": ";"}),
    "semicolons and decimal commas": ("a;y\n1,5;-2,25e1\n,5;3,\n", {"sep": ";", "decimal": ","}),
    "quoted decimal commas": ('a;y\n"1,5";"2"\n', {"sep": ";", "decimal": ","}),
    "odd decimal commas": (f"a;y\n1,{'5' * 40};2\n3,5;4\n", {"sep": ";", "decimal": ","}),
    "tabs": ("a\ty\n1\t2.5\n", {"sep": "tab"}),
    "tabs and blanks": ("a\ty\n1 \t 2.5\n", {"sep": "\t"}),
    "blanks": ("a y\n1 2.5\n", {"sep": "space"}),
    "bars": ("a|y\n1|2.5\n", {"sep": "|"}),
    "fractions": ("a,y\n1/3,2\n0.5,-7/9\n", {"fractions": True}),
    "fractions with blanks": ("a,y\n 1/3 ,2\n", {"fractions": True}),
}


@pytest.mark.parametrize("name", VALID)
@pytest.mark.parametrize("treatment", ["plain", "center"])
def test_valid_files(name, treatment, tmp_path):
    text, options = VALID[name]
    named = {"tab": "\t", "space": " "}
    rows = slow_csv(text.encode(), **{k: named.get(v, v) if k == "sep" else v for k, v in options.items()})
    center = treatment == "center"
    got = Moments.from_csv(write(tmp_path, text), "y", center=center, **options)
    assert exact(got) == slow_moments(rows, center=center)
    assert got.weight == len(rows)
    rows[-1][0] += Fraction(1, 10**9)  # a near miss: one digit of one cell
    assert exact(got) != slow_moments(rows, center=center)


#: Text that is no table, options, and the beginning of the sentence.
INVALID = {
    "two points": ("a,y\n1.2.3,4\n", {}, "data.csv row 2, column 'a': the cell '1.2.3' is not a finite"),
    "two signs": ("a,y\n1,2\n--3,4\n", {}, "data.csv row 3, column 'a': the cell '--3' is not"),
    "a sign behind": ("a,y\n1-,2\n", {}, "data.csv row 2, column 'a': the cell '1-' is not"),
    "a sign within": ("a,y\n1-2,2\n", {}, "data.csv row 2, column 'a': the cell '1-2' is not"),
    "a sign alone": ("a,y\n1,-\n", {}, "data.csv row 2, column 'y': the cell '-' is not"),
    "a point alone": ("a,y\n.,1\n", {}, "data.csv row 2, column 'a': the cell '.' is not"),
    "a sign and a point": ("a,y\n+.,1\n", {}, r"data.csv row 2, column 'a': the cell '\+.' is not"),
    "no mantissa": ("a,y\ne5,1\n", {}, "data.csv row 2, column 'a': the cell 'e5' is not"),
    "a point for a mantissa": ("a,y\n.e5,1\n", {}, "data.csv row 2, column 'a': the cell '.e5' is not"),
    "no exponent": ("a,y\n1e,1\n", {}, "data.csv row 2, column 'a': the cell '1e' is not"),
    "a sign for an exponent": ("a,y\n1e+,1\n", {}, r"data.csv row 2, column 'a': the cell '1e\+' is not"),
    "two exponents": ("a,y\n1e2e3,1\n", {}, "data.csv row 2, column 'a': the cell '1e2e3' is not"),
    "a point in an exponent": ("a,y\n1e2.5,1\n", {}, "data.csv row 2, column 'a': the cell '1e2.5' is not"),
    "a late sign": ("a,y\n1e2-,1\n", {}, "data.csv row 2, column 'a': the cell '1e2-' is not"),
    "a long exponent": ("a,y\n1,2\n1e2001,1\n", {}, "data.csv row 3, .* exponent beyond 2000"),
    "a huge exponent": ("a,y\n1e999999999,1\n", {}, "data.csv row 2, .* exponent beyond 2000"),
    "an endless exponent": (f"a,y\n1e{'9' * 1000},1\n", {}, "data.csv row 2, column 'a': the cell '1e999"),
    "2001 digits": (f"a,y\n{'1' * 2001},1\n", {}, "data.csv row 2, column 'a': the cell has 2001 char"),
    "a blank within": ("a,y\n1 2,3\n", {}, "data.csv row 2, column 'a': the cell '1 2' is not"),
    "a blank in quotes": ('a,y\n"1 2",3\n', {}, "data.csv row 2, column 'a': the cell '1 2' is not"),
    "quotes within": ('a,y\n1"2",3\n', {}, "data.csv row 2, column 'a': the cell '1\"2\"' is not"),
    "quotes in quotes": ('a,y\n"""1""",3\n', {}, "data.csv row 2, column 'a': the cell '\"1\"' is not"),
    "an open quote": ('a,y\n1,2\n"3,4\n', {}, "data.csv row 3 has 1 cells and the header has 2"),
    "a lone carriage return": ("a,y\n1\r2,3\n", {}, "data.csv row 2 has 1 cells"),
    "a line of blanks": ("a,y\n1,2\n  \n3,4\n", {}, "data.csv row 3 has 1 cells"),
    "a row too long": ("a,y\n1,2\n\n3,4,\n", {}, "data.csv row 4 has 3 cells and the header has 2"),
    "rows that make up for each other": ("a,y\n1,2,3\n4\n", {}, "data.csv row 2 has 3 cells"),
    "an empty cell": ("a,y\n1,2\n,3\n", {}, "data.csv row 3, column 'a': the cell is empty"),
    "an empty cell in quotes": ('a,y\n1,""\n', {}, "data.csv row 2, column 'y': the cell is empty"),
    "a cell of blanks": ("a,y\n1,   \n", {}, "data.csv row 2, column 'y': the cell is empty"),
    "digits of other scripts": ("a,y\n１,2\n", {}, "data.csv row 2, column 'a': the cell '１' is not"),
    "underscores": ("a,y\n1_000,2\n", {}, "data.csv row 2, column 'a': the cell '1_000' is not"),
    "hexadecimal": ("a,y\n0x1F,2\n", {}, "data.csv row 2, column 'a': the cell '0x1F' is not"),
    "not a number": ("a,y\n1,2\n1,NaN\n", {}, "data.csv row 3, column 'y': the cell 'NaN' is not"),
    "infinity": ("a,y\n-inf,2\n", {}, "data.csv row 2, column 'a': the cell '-inf' is not"),
    "a fraction": (
        "a,y\n1,2\n1/2,2\n",
        {},
        "data.csv row 3, column 'a': the cell '1/2' looks .* --fractions",
    ),
    "a date": ("a,y\n1/2/2024,2\n", {"fractions": True}, "data.csv row 2, column 'a': the cell '1/2/2024'"),
    "a divisor 0": ("a,y\n1/0,2\n", {"fractions": True}, "data.csv row 2, column 'a': .* divides by zero"),
    "a point with commas": ("a;y\n1,5;2.5\n", {"sep": ";", "decimal": ","}, "data.csv row 2, column 'y'"),
    "a comma with points": ("a;y\n1,5;2.5\n", {"sep": ";"}, "data.csv row 2, column 'a': the cell '1,5'"),
    "another separator": ("a;y\n1;2\n", {}, "data.csv has no column 'y'; its columns are a;y .*--sep ';'"),
    "tabs and no option": ("a\ty\n1\t2\n", {}, "data.csv has no column 'y'; .*--sep tab"),
    "bytes of no text": (b"a,y\n1,2\n\xff,3\n", {}, "data.csv is not a CSV file in UTF-8"),
    "UTF-16": ("a,y\n1,2\n".encode("utf-16"), {}, "data.csv is not a CSV file in UTF-8"),
    "a zero byte": ("a,y\n1\0,2\n", {}, "data.csv row 2, column 'a': the cell '1\\\\x00' is not"),
    "two unnamed columns": (",,y\n0,1,2\n", {}, "data.csv has no name for column 2"),
    "a comma at the end": ("a,y,\n1,2,\n", {}, "data.csv has no name for column 3"),
    "an index alone": (",y\n1,2\n", {}, "data.csv has only the column 'y'"),
    "a megabyte": (f"a,y\n{'x' * 10**6},2\n", {}, "data.csv row 2 has a cell of more than 131072"),
    "a quote that does not end": (
        'a,y\n1,2\n"3,4\n' + "5,6\n" * 40000,
        {},
        "data.csv row 3 has a cell of more",
    ),
    "a long cell": (f"a,y\n{'x' * 10**5},2\n", {}, "data.csv row 2, column 'a': the cell has 100000 char"),
    "control characters": (f"a,y\n{chr(1) * 60},2\n", {}, "data.csv row 2, column 'a': the cell '"),
    "a long name": (f"{'a' * 5000},y\nx,2\n", {}, "data.csv row 2, column 'aaa"),
    "ten thousand names": (
        ",".join(f"column {i}" for i in range(10**4)) + "\n",
        {},
        "data.csv has no column",
    ),
    "a long separator": ("a,y\n1,2\n", {"sep": ";;"}, "the separator is ';;'; give one character"),
    "a digit for a separator": ("a,y\n1,2\n", {"sep": "1"}, "the separator is '1'"),
    "no separator": ("a,y\n1,2\n", {"sep": ""}, "the separator is ''"),
    "one mark for both": ("a,y\n1,2\n", {"decimal": ","}, "',' cannot separate cells and be the decimal"),
    "a strange decimal mark": ("a,y\n1,2\n", {"decimal": "'"}, "the decimal mark is"),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_files(name, tmp_path):
    text, options, message = INVALID[name]
    with pytest.raises(InputError, match=f"^{message}") as raised:
        Moments.from_csv(write(tmp_path, text), "y", **options)
    assert len(str(raised.value)) < 300


def test_messages_are_short_however_long_the_name_of_the_file(tmp_path):
    path = write(tmp_path, f"{'a' * 500},y\n{chr(1) * 300},2\n", "x" * 200 + ".csv")
    with pytest.raises(InputError) as raised:
        Moments.from_csv(path, "y")
    assert len(str(raised.value)) < 300
    with pytest.raises(InputError, match="cannot be read") as raised:
        Moments.from_csv(tmp_path / ("/".join(["x" * 100] * 20)), "y")
    assert len(str(raised.value)) < 300


# -- the quick way beside the slow one ---------------------------------------------------------------


def random_cell(rng):
    digits = [
        "".join(rng.choices("0123456789", k=rng.randint(0, rng.choice([2, 8, 20])))) for _ in range(2)
    ]
    text = digits[0] + ("." + digits[1] if digits[1] or not digits[0] else "")
    text = text if digits[0] or digits[1] else "0"
    if rng.random() < 0.2:
        text += rng.choice("eE") + rng.choice(["", "+", "-"]) + str(rng.randint(0, 30))
    text = rng.choice(["", "", "-", "+"]) + text
    if rng.random() < 0.05:
        return f'"{text}"'
    return " " * rng.randint(0, 2) + text + " " * rng.randint(0, 2) if rng.random() < 0.05 else text


def test_plain_rows_are_what_csv_and_fractions_give():
    rng = random.Random(1)
    read = 0
    for _ in range(400):
        width = rng.randint(2, 4)
        rows = [[random_cell(rng) for _ in range(width)] for _ in range(rng.randint(1, 5))]
        chosen = tuple(rng.sample(range(width), rng.randint(1, width)))
        end = rng.choice(["\n", "\r\n", "\r", "\n\n"])
        text = end.join(map(",".join, rows)) + rng.choice(["", "\n"])
        if found := read_plain(text.encode(), Layout(COMMA, POINT, width, chosen)):
            read += 1
            expected = [[parse_number(row[i].strip('"')) for i in chosen] for row in rows]
            assert found.fractions() == expected, text
    assert read > 200


def test_damaged_rows_are_read_as_csv_reads_them_or_not_at_all():
    rng = random.Random(2)
    read = left = 0
    for _ in range(1500):
        rows = [",".join(random_cell(rng) for _ in range(3)) for _ in range(rng.randint(1, 3))]
        text = list("\n".join(rows) + "\n")
        for _ in range(rng.randint(1, 2)):
            text[rng.randrange(len(text))] = rng.choice([*'0.-+eE," \n\rx/', ""])
        whole = "".join(text)
        found = read_plain(whole.encode(), Layout(COMMA, POINT, 3, (0, 1, 2)))
        if found is None:
            left += 1
            continue
        read += 1
        assert found.fractions() == slow_csv(("a,b,c\n" + whole).encode()), whole
    assert min(read, left) > 150


@pytest.mark.parametrize("size", [5, 16, 61])
def test_chunks_may_end_anywhere(size, monkeypatch, tmp_path):
    text = 'a,y\r\n1,2\r\n\r\n"3",4.5\r\n"\n5",6\n7,"8\r\n"\r9,1e40\n' * 1
    path = write(tmp_path, text)
    expected = Moments.from_csv(path, "y")
    monkeypatch.setattr(lines, "CHUNK", size)
    assert Moments.from_csv(path, "y") == expected
    with pytest.raises(InputError, match="row 7, column 'a'"):
        Moments.from_csv(write(tmp_path, text.replace("9,1e40", "9x,1e40")), "y")


def test_row_numbers_count_over_chunks_of_both_kinds(monkeypatch, tmp_path):
    monkeypatch.setattr(lines, "CHUNK", 64)
    rows = ["1,2"] * 50 + [f"{'3' * 40},4"] + ["", "5,6"] * 20 + ["7,x"]
    with pytest.raises(InputError, match=rf"row {len(rows) + 1}, column 'y': the cell 'x'"):
        Moments.from_csv(write(tmp_path, "\n".join(["a,y", *rows])), "y")


def test_only_the_rows_around_odd_cells_go_cell_by_cell(monkeypatch, tmp_path):
    taken = []
    slow = reading._Reading._cell

    def counted(self, text, row, column, **options):
        taken.append(row)
        return slow(self, text, row, column, **options)

    monkeypatch.setattr(reading._Reading, "_cell", counted)
    rows = ["1.5,2"] * 3000
    rows[1500] = "1e-700,2"
    got = Moments.from_csv(write(tmp_path, "\n".join(["a,y", *rows])), "y")
    assert got.weight == 3000
    assert 0 < len(taken) <= 2 * reading.FEW_ROWS
    assert 1502 in taken


def test_a_line_without_an_end_is_given_up(monkeypatch, tmp_path):
    monkeypatch.setattr(lines, "CHUNK", 1000)
    monkeypatch.setattr(lines, "MOST_LINE", 5000)
    with pytest.raises(InputError, match="line of more than"):
        Moments.from_csv(write(tmp_path, "a,y\n" + "1" * 10_000), "y")
    assert Moments.from_csv(write(tmp_path, "a,y\n" + "1,2\n" * 4000), "y").weight == 4000


# -- which columns -----------------------------------------------------------------------------------

TABLE = 'id,a,b,w,y\n"x, z",1,2,3,4\nq,5,6,0,7\n'


def test_columns_are_chosen_in_order_and_others_may_hold_anything(tmp_path):
    path = write(tmp_path, TABLE)
    got = Moments.from_csv(path, "y", columns=["b", "a"])
    assert got.features == ("b", "a")
    assert exact(got) == slow_moments([[Fraction(x) for x in row] for row in ((2, 1, 4), (6, 5, 7))])
    with pytest.raises(InputError, match="row 2, column 'id': the cell 'x, z' is not"):
        Moments.from_csv(path, "y")


def test_a_column_of_weights(tmp_path):
    got = Moments.from_csv(write(tmp_path, TABLE), "y", columns=["a"], sample_weight="w")
    assert (got.weight, got.c, got.entry(0, 0)) == (3, 16, 1)
    assert Moments.from_csv(write(tmp_path, TABLE), "y", columns=["a"]).c != 16


@pytest.mark.parametrize("cell", ["-1", "-1e-30", "-0.5"])
def test_negative_weights_name_the_row(cell, tmp_path):
    rows = ["1,2,3"] * 10
    rows[6] = f"1,2,{cell}"
    path = write(tmp_path, "\n".join(["a,y,w", *rows]))
    with pytest.raises(InputError, match=r"row 8, column 'w': the weight '-.*' is negative"):
        Moments.from_csv(path, "y", sample_weight="w")
    rows[6] = f"1,2,{cell[1:]}"
    path = write(tmp_path, "\n".join(["a,y,w", *rows]))
    assert Moments.from_csv(path, "y", sample_weight="w").weight == 27 + Fraction(cell[1:])


def test_an_unnamed_first_column_is_an_index(tmp_path):
    import pandas as pd

    frame = pd.DataFrame({"a": [1.5, 2.5], "y": [1, 2]}, index=["r,1", "r2"])
    path = tmp_path / "data.csv"
    frame.to_csv(path)
    got = Moments.from_csv(path, "y")
    assert got.features == ("a",)
    assert got.notes == (
        "Dropped the first column of data.csv: it has no name, like the index of a data frame.",
    )
    frame.to_csv(path, index=False)
    other = Moments.from_csv(path, "y")
    assert other == got
    assert other.notes == ()
    frame.to_csv(path, index_label="name")
    with pytest.raises(InputError, match="row 2, column 'name'"):
        Moments.from_csv(path, "y")


# -- where the bytes come from -----------------------------------------------------------------------


def test_compressed_files(tmp_path):
    text = "a,y\n" + "".join(f"{i}.5,{i}\n" for i in range(5000))
    plain = Moments.from_csv(write(tmp_path, text), "y")
    packed = gzip.compress(text.encode())
    got = Moments.from_csv(write(tmp_path, packed, "data.csv.gz"), "y")
    assert exact(got) == exact(plain)
    for cut in (12, len(packed) // 2, len(packed) - 1):
        with pytest.raises(InputError, match=r"data\.csv\.gz is damaged or ends too early"):
            Moments.from_csv(write(tmp_path, packed[:cut], "data.csv.gz"), "y")
    damaged = bytearray(packed)
    damaged[len(packed) // 2] ^= 0xFF
    with pytest.raises(InputError):
        Moments.from_csv(write(tmp_path, bytes(damaged), "data.csv.gz"), "y")


def test_standard_input(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(b"a,y\n1,2\n"))
    monkeypatch.setattr(sys, "stdin", stream)
    got = Moments.from_csv("-", "y")
    assert (got.source, got.c) == ("standard input", 4)
    assert not stream.closed
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,y\n1,x\n")))
    with pytest.raises(InputError, match=r"^standard input row 2, column 'y'"):
        Moments.from_csv("-", "y")


def test_names_of_separators():
    assert CsvFormat("tab").sep == CsvFormat("\\t").sep == "\t"
    assert CsvFormat("space").sep == " "


def test_a_wide_file_is_quick(tmp_path):
    names = [f"x{i}" for i in range(5000)]
    path = write(tmp_path, ",".join([*names, "y"]) + "\n" + ",".join(["1.25"] * 5001) + "\n")
    start = time.process_time()
    table = read_csv(path, "y")
    assert sum(block.rows for block in table.blocks) == 1
    assert time.process_time() - start < 2


def test_a_long_file_stays_out_of_memory(tmp_path):
    """Chunks are handed on before the next ones are read."""
    path = write(tmp_path, "a,y\n" + "0.123456,1\n" * 200_000)
    sizes = [block.rows for block in read_csv(path, "y").blocks]
    assert sum(sizes) == 200_000
    assert max(sizes) * 11 <= lines.CHUNK + 11
    assert np.ptp(sizes[:-1]) < 100


def test_the_columns_of_a_very_wide_file_are_chosen_in_one_pass():
    class Counted(list):
        looks = 0

        def count(self, name):
            self.looks += 1
            return super().count(name)

    header = Counted([*(f"c{i}" for i in range(1000)), "y"])
    assert len(choose(header, "t.csv", "y").features) == 1000
    assert header.looks < 10
    with pytest.raises(InputError, match="two columns named 'c7'"):
        choose([*header, "c7"], "t.csv", "y")
