"""The test that comes along with an exported Python file: it passes, and fails where the file is wrong."""

import subprocess
import sys

import pytest

from symderive import InputError
from symderive.export import export_files
from symderive.export.written_tests.python import written_test

FALSE = {
    "numpy": ("ridge = scale * x", "ridge = scale * x * (1 + 1e-13)"),
    "mpmath": ("if descent > deepest:", "if descent < deepest:"),
}


def run(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    test = next(name for name in files if name.endswith("_test.py"))
    # Compiled files are taken for those of another text of this size that was written in the same second.
    return subprocess.run([sys.executable, "-B", test], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize("target", ["numpy", "mpmath"])
def test_it_passes_and_a_false_file_fails(tmp_path, target):
    files = export_files(target, "my solver's", depth=2)
    assert list(files) == ["my solver's.py", "my solver's_test.py"]
    done = run(tmp_path, files)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("passed") == 3
    right, wrong = FALSE[target]
    assert files["my solver's.py"].count(right) == 1
    files["my solver's.py"] = files["my solver's.py"].replace(right, wrong)
    assert "AssertionError" in run(tmp_path, files).stderr


def test_radii_of_a_certified_file_are_tested(tmp_path):
    files = export_files("numpy", "proved", certified=True)
    done = run(tmp_path, files)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("passed") == 3
    text = files["proved.py"]
    assert text.count("loss = c + gap") == 1
    files["proved.py"] = text.replace("loss = c + gap", "loss = c + gap * (1 + 1e-13)")
    assert "AssertionError: (" in run(tmp_path, files).stderr


def test_bounds_that_are_written_are_no_smaller():
    from symderive.export.written_tests.instances import instances

    text = written_test("numpy", "solver.py", 2)
    names = {}
    exec(text[text.index("CASES = [") : text.index("spec = ")], names)  # noqa: S102
    for written, case in zip(names["CASES"], instances(2), strict=True):
        for point, known in zip(written["points"], case.points, strict=True):
            for name, at in known.values.items():
                value, rounding, allowed = point[name]
                assert value == at.value
                assert at.rounding <= rounding <= 1.02 * at.rounding
                assert at.allowed <= allowed <= 1.02 * at.allowed


def test_other_languages_have_none():
    assert list(export_files("julia", "solver", depth=2)) == ["solver.jl"]
    assert list(export_files("numpy", "solver", depth=5000)) == ["solver.py"]
    with pytest.raises(InputError, match="is no Python"):
        written_test("c", "solver.c", 2)
