"""The training example: its runs end where the exact landscape says."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("matplotlib")
pytestmark = pytest.mark.torch

EXAMPLE = Path(__file__).parents[2] / "examples" / "train_torch.py"

#: How near a run of half the steps comes to where it goes, relative to E[y²].
NEAR = 1e-5


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("train_torch", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def trainer(example):
    return example.Trainer.on_diabetes(example.STEPS // 2)


@pytest.mark.ci
def test_runs_collapse_or_reach_the_minimum_and_are_drawn(example, trainer, tmp_path):
    path = tmp_path / "curves.png"
    done = CliRunner().invoke(example.main, [str(path), "--quick"])
    assert done.exit_code == 0, done.output
    assert path.read_bytes().startswith(b"\x89PNG")
    found = re.findall(r"scale ([\d.]+): loss ([\d.]+), ([a-z ]+), gap (\S+)", done.output)
    assert len(found) == 4
    assert [float(scale) for scale, *_ in found] == sorted(float(scale) for scale, *_ in found)
    conclusions = {scale: conclusion for scale, _, conclusion, _ in found}
    assert conclusions["0.750000"] == "bad minimum"
    assert conclusions["1.000000"] == "global minimum"
    losses = {
        "bad minimum": trainer.landscape.loss_at_origin,
        "global minimum": trainer.landscape.global_minimum.loss,
    }
    c = float(trainer.landscape.loss_at_origin)
    for _, loss, conclusion, _ in found:
        if conclusion in losses:
            assert abs(float(loss) - float(losses[conclusion])) < NEAR * c


def test_the_loss_of_the_samples_is_that_of_the_exact_moments(trainer):
    weights_after_one_step = replace(trainer, steps=1).run(1.0).end.loss
    shifted = replace(trainer, y=trainer.y + 1, steps=2)
    for at, same in ((replace(trainer, steps=2), True), (shifted, False)):
        assert np.isclose(at.run(1.0).losses[1], float(weights_after_one_step), rtol=1e-13) == same


def test_a_run_that_is_too_short_has_not_converged(trainer):
    assert replace(trainer, steps=5).run(1.0).end.conclusion == "not converged"


def test_a_figure_of_unknown_kind_is_refused_before_training(example, tmp_path):
    done = CliRunner().invoke(example.main, [str(tmp_path / "curves.gif")])
    assert done.exit_code == 2
    assert "ends in none of .pdf, .svg, .png" in done.output
    assert not list(tmp_path.iterdir())
