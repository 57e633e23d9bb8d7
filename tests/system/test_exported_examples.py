"""Exported files that people read, and the scripts that use them.

    python tests/system/test_exported_examples.py --update

writes the files anew; the diff of a commit then shows what changed in them.
"""

import re
import shlex
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from symderive import Moments, Network, cli, solve
from symderive.export import TARGETS, export_files
from symderive.export.check.runners import C_WARNINGS, _compiler, suffix

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
EXPORTED = EXAMPLES / "exported"

#: Options of the files beside those for any depth, of which every target has one.
SPECIAL = {
    "depth_2_jax": {"target": "jax", "depth": 2},
    "diabetes_numpy": {"target": "numpy", "data": True},
    "diabetes_c": {"target": "c", "depth": 2, "data": True},
    "diabetes_julia": {"target": "julia", "data": True},
}
FILES = {f"any_depth_{target}": {"target": target} for target in TARGETS} | SPECIAL

#: Decimals of the loss, 2881.39…, that the scripts in Python have to print right.
DECIMALS = {"numpy": 11, "mpmath": 40, "jax": 10, "torch": 11}
SCRIPTS = ["numpy", "mpmath", *(pytest.param(x, marks=getattr(pytest.mark, x)) for x in ("jax", "torch"))]


@lru_cache
def diabetes():
    return Moments.from_csv(EXAMPLES / "diabetes.csv", "progression", standardize=True)


def path_of(name):
    return EXPORTED / f"{name}{suffix(FILES[name]['target'])}"


@lru_cache
def texts_of(name):
    """All that is written for it, without the test where there is one: that is read and run elsewhere."""
    options = dict(FILES[name])
    data = diabetes() if options.pop("data", False) else None
    texts = export_files(options.pop("target"), name, data=data, **options)
    return {file: text for file, text in texts.items() if "_test." not in file}


def update():
    EXPORTED.mkdir(exist_ok=True)
    for name in FILES:
        for file, text in texts_of(name).items():
            (EXPORTED / file).write_text(text)


@pytest.mark.parametrize("name", FILES)
def test_files_are_what_is_exported(name):
    same = all((EXPORTED / file).read_text() == text for file, text in texts_of(name).items())
    assert same, (
        f"{name} has changed; run python {Path(__file__).relative_to(ROOT)} --update and look at the diff"
    )


def test_no_file_is_left_over():
    found = {path.name for path in EXPORTED.iterdir() if path.is_file()}
    assert found == {file for name in FILES for file in texts_of(name)}


@pytest.mark.parametrize("script", sorted(EXAMPLES.glob("use_*")), ids=lambda path: path.name)
def test_scripts_say_how_their_files_are_made(script, monkeypatch, tmp_path):
    monkeypatch.chdir(EXAMPLES)
    said = re.sub(r"\\?\n( \* |# )? *", " ", script.read_text())
    command = re.search(r"symderive (export .*?--out \S+)", said)[1]
    *arguments, out = shlex.split(command)
    made = tmp_path / Path(out).name
    CliRunner().invoke(cli.cli, [*arguments, str(made)], catch_exceptions=False)
    assert made.read_text() == (EXAMPLES / out).read_text()
    assert Path(out).stem in script.read_text().replace(command, "")


@lru_cache
def certified_loss():
    net = Network(2, widths=32, decays="0.01", dropout="0.1")
    return solve(net, diabetes(), digits=50).global_minimum.loss.str(48, radius=False)


def minimum_in(printed):
    return re.search(r"global minimum ([\d.]+)", printed)[1]


def check_loss(printed, decimals):
    """The loss agrees with the certified one up to one unit of a decimal."""
    whole, fraction = minimum_in(printed).split(".")
    known, exact = certified_loss().split(".")
    found, expected = (
        int(x + y[:decimals].ljust(decimals, "0")) for x, y in ((whole, fraction), (known, exact))
    )
    assert abs(found - expected) <= 1


@pytest.mark.ci
@pytest.mark.parametrize("target", SCRIPTS)
def test_python_scripts_find_the_minimum(target):
    command = [sys.executable, str(EXAMPLES / f"use_{target}.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    check_loss(done.stdout, DECIMALS[target])


def test_the_c_script_finds_the_minimum(tmp_path):
    if _compiler() is None:
        pytest.skip("no C compiler is installed")
    sources = [str(EXAMPLES / "use_c.c"), str(path_of("diabetes_c"))]
    flags = ["-std=c99", "-O1", *C_WARNINGS]
    subprocess.run([_compiler(), *flags, *sources, "-lm", "-o", tmp_path / "use"], check=True)
    done = subprocess.run([tmp_path / "use"], capture_output=True, text=True, check=True)
    check_loss(done.stdout, DECIMALS["numpy"])
    assert f"layers {32 * 10 + 32 * 32 + 32} numbers" in done.stdout


@pytest.mark.julia
def test_the_julia_script_finds_the_minimum():
    command = ["julia", "--startup-file=no", str(EXAMPLES / "use_julia.jl")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    check_loss(done.stdout, DECIMALS["numpy"])


def test_a_wrong_digit_is_seen():
    exact = certified_loss()
    check_loss(f"global minimum {exact}", 40)
    with pytest.raises(AssertionError):
        check_loss(f"global minimum {exact[:-20]}", 40)


@pytest.mark.parametrize("name", ["any_depth_numpy", "diabetes_numpy"])
def test_numpy_files_import_numpy_alone(name):
    """So that they cost its time and no more."""
    program = (
        "import sys, numpy; before = {*sys.modules, '__future__'};"
        f" import {name}; print(*set(sys.modules) - before)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=EXPORTED, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [name]


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit(__doc__)
    update()
