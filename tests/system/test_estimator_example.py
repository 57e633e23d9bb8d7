"""The example of the estimator: what it prints, checked with scikit-learn's own ridge regression."""

import re
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

EXAMPLE = Path(__file__).parents[2] / "examples" / "estimator.py"


#: With fewer depths, decays and draws; as it stands it takes long.
SMALLER = {"(0, 1, 2, 3)": "(0, 1, 2)", "n_decays=20": "n_decays=6", "draws=50": "draws=10"}


@pytest.mark.parametrize(
    "smaller", [SMALLER, pytest.param({}, marks=pytest.mark.ci)], ids=["smaller", "whole"]
)
def test_the_example_runs_and_says_what_it_found(smaller, capsys):
    source = EXAMPLE.read_text(encoding="utf-8")
    for written, instead in smaller.items():
        assert source.count(written) == 1
        source = source.replace(written, instead)
    exec(compile(source, EXAMPLE, "exec"), {"__name__": "__main__", "__file__": str(EXAMPLE)})  # noqa: S102
    told = capsys.readouterr().out
    depth, best = re.search(r"chosen: depth (\d), .* mean squared error ([\d.]+)", told).groups()
    by_depth = dict(re.findall(r"depth (\d): at best ([\d.]+)", told))
    assert by_depth[depth] == best == min(by_depth.values())
    assert len(by_depth) == (3 if smaller else 4)
    deep, ridge = map(float, re.findall(r": mean squared error ([\d.]+) in nested", told))
    assert abs(deep / ridge - 1) < (0.1 if smaller else 0.02)
    assert f"of {10 if smaller else 50} draws collapse" in told
    assert len(re.findall("standard error", told)) == 10
