"""The map of collapse: no outcome contradicts what is certified, and the line is where that ends."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from symderive import Network, Rows, predict_collapse

pytest.importorskip("matplotlib")

EXAMPLE = Path(__file__).parents[2] / "examples" / "collapse_map.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("collapse_map", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_map_is_drawn_and_no_certified_run_escapes(example, tmp_path):
    path = tmp_path / "map.png"
    done = CliRunner().invoke(example.main, [str(path), "--quick"])
    assert done.exit_code == 0, done.output
    assert path.read_bytes().startswith(b"\x89PNG")
    runs, collapsed, certain, wrong, undecided = map(int, re.findall(r"\d+", done.output))
    assert runs > collapsed > certain > 0
    assert wrong == undecided == 0


def test_the_line_is_where_the_certificate_ends(example):
    rows = Rows.from_csv(example.DATA, example.TARGET, standardize=True)
    net, start = Network(2, widths=example.WIDTHS, decays=30.0), example.drawn(10)
    at = example.certified_scale(30.0, rows)
    said = [
        predict_collapse(net, rows, start, activation="relu", scale=at * factor).conclusion
        for factor in (0.999, 1.001)
    ]
    assert said == ["collapses", "not provable"]


def test_the_gradient_that_trains_is_that_of_the_loss(example):
    X, y = example.samples()
    layers = [W[None] for W in example.drawn(len(X))]
    _, gradients = example._loss_and_gradient(layers, 2.0, X, y)
    rng = np.random.default_rng(0)
    move = [rng.normal(size=W.shape) for W in layers]
    losses = [
        example._loss_and_gradient([W + s * M for W, M in zip(layers, move, strict=True)], 2.0, X, y)[0][0]
        for s in (1e-6, -1e-6)
    ]
    slope = sum(float((g * M).sum()) for g, M in zip(gradients, move, strict=True))
    assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(slope, rel=1e-6)


def test_a_figure_of_unknown_kind_is_refused_before_training(example, tmp_path):
    done = CliRunner().invoke(example.main, [str(tmp_path / "map.gif")])
    assert done.exit_code == 2
    assert "ends in none of .pdf, .svg, .png" in done.output
    assert not list(tmp_path.iterdir())
