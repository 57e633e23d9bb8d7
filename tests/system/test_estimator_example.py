"""The example of the estimator: what it prints, checked with scikit-learn's own ridge regression."""

import re
import runpy
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

EXAMPLE = Path(__file__).parents[2] / "examples" / "estimator.py"


def test_the_example_runs_and_says_what_it_found(capsys):
    runpy.run_path(str(EXAMPLE), run_name="__main__")
    told = capsys.readouterr().out
    depth, best = re.search(r"chosen: depth (\d), .* mean squared error ([\d.]+)", told).groups()
    by_depth = dict(re.findall(r"depth (\d): at best ([\d.]+)", told))
    assert by_depth[depth] == best == min(by_depth.values())
    assert len(by_depth) == 4
    deep, ridge = map(float, re.findall(r": mean squared error ([\d.]+) in nested", told))
    assert abs(deep / ridge - 1) < 0.02
    assert "of 50 draws collapse" in told
    assert len(re.findall("standard error", told)) == 10
