"""What options read: each text that is refused stands beside one that is not."""

from fractions import Fraction

import click
import pytest

from symderive.cli.types import (
    DEPTH,
    ISOTROPIC,
    NEW_FILE,
    NUMBER,
    PER_LAYER,
    RANGE,
    Given,
    new_file,
    suffix_of,
)
from symderive.data.spectrum import Spectrum
from symderive.errors import InputError


def read(kind, text, option="--option"):
    """The value of an option that is given on a command line."""
    return kind.convert(text, click.Option([option]), None).value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (DEPTH, "0", 0),
        (DEPTH, "012", 12),
        (DEPTH, "999999999", 999_999_999),
        (NUMBER, "0.1", Fraction(1, 10)),
        (NUMBER, "1/3", Fraction(1, 3)),
        (ISOTROPIC, "2,1/2", Spectrum.of([2], ["1/2"])),
        (ISOTROPIC, "1,1,1.5", Spectrum.of([1], [1], "1.5")),
        (ISOTROPIC, "1,0", Spectrum.of([1], [0])),
    ],
)
def test_a_text_is_read_exactly(kind, text, value):
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        (DEPTH, "", "--option '' is not a whole number; give the number of hidden layers, from 0."),
        (DEPTH, "-1", "--option '-1' is not a whole number"),
        (DEPTH, "1.0", "--option '1.0' is not a whole number"),
        (DEPTH, " 1", "--option ' 1' is not a whole number"),
        (DEPTH, "²", "--option '²' is not a whole number"),
        (DEPTH, "1000000000", "--option '1000000000' is not a whole number"),
        (NUMBER, "1/0", "--option '1/0' divides by zero"),
        (NUMBER, "nan", "--option 'nan' is not a finite decimal number"),
        (ISOTROPIC, "1", "--option '1' has 1 numbers; give A,V2 or A,V2,C."),
        (ISOTROPIC, "1,1,1,1", "--option '1,1,1,1' has 4 numbers"),
        (ISOTROPIC, "1,", "--option V2 '' is not a finite decimal number"),
        (ISOTROPIC, "1,1,c", "--option C 'c' is not a finite decimal number"),
        (ISOTROPIC, "0,1", "--option 0,1: A is positive and V2 is not negative."),
        (ISOTROPIC, "1,-1", "--option 1,-1: A is positive and V2 is not negative."),
        (ISOTROPIC, "1,1,0.9", "less than the explained part"),
    ],
)
def test_a_text_without_a_value_names_its_option(kind, text, says):
    with pytest.raises(InputError) as refused:
        read(kind, text)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_nothing_is_refused_before_it_is_asked_for():
    """The order of refusals is the command's, and not that of the words on the line."""
    given = DEPTH.convert("two", click.Option(["--depth"]), None)
    assert (given.text, given.option) == ("two", "--depth")
    assert DEPTH.convert(given, None, None) is given
    with pytest.raises(InputError):
        _ = given.value


def test_texts_given_alike_are_equal():
    assert DEPTH.convert("2", None, None) == DEPTH.convert("2", None, None)
    assert DEPTH.convert("2", None, None) != DEPTH.convert("3", None, None)
    assert DEPTH.convert("2", None, None) != NUMBER.convert("2", None, None)
    assert DEPTH.convert("2", None, None).option == "--depth"


def test_ranges():
    assert read(RANGE, "decay=1:2:3").axis().values == (1, Fraction(3, 2), 2)
    with pytest.raises(InputError, match="reversed"):
        read(RANGE, "decay=2:1:3")


@pytest.mark.parametrize(
    ("text", "layers"),
    [("0.1", "0.1"), ("1,2", ("1", "2")), ("1,,2", ("1", "", "2")), ("", ""), ("x", "x"), (",", ("", ""))],
)
def test_numbers_of_layers_stay_text(text, layers):
    assert PER_LAYER.convert(text, None, None) == layers


def test_a_new_file_has_a_folder(tmp_path):
    assert read(NEW_FILE, str(tmp_path / "any.thing")) == tmp_path / "any.thing"
    with pytest.raises(InputError, match="nowhere does not exist"):
        read(NEW_FILE, str(tmp_path / "nowhere" / "any.thing"))
    with pytest.raises(InputError, match="is a folder"):
        read(NEW_FILE, str(tmp_path))


def test_a_new_file_ends_in_its_kind(tmp_path):
    figure = new_file("pdf", "svg")
    assert read(figure, str(tmp_path / "f.PDF")) == tmp_path / "f.PDF"
    for name in ("f.png", "f", "pdf", "f.pdf.gz"):
        with pytest.raises(InputError, match=f"--out {name} has to end in .pdf, .svg"):
            read(figure, str(tmp_path / name), "--out")
    with pytest.raises(InputError, match="does not exist"):  # the folder comes first
        read(figure, str(tmp_path / "nowhere" / "f.png"))


def test_a_file_is_printed_as_it_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = NEW_FILE.convert("./f.txt", None, None)
    assert isinstance(given, Given)
    assert (given.text, str(given.value)) == ("./f.txt", "f.txt")


def test_suffixes():
    assert [suffix_of(path) for path in ("a.PDF", "a", ".pdf", "b.d/a", "a.tar.gz")] == [
        "pdf",
        "",
        "",
        "",
        "gz",
    ]
