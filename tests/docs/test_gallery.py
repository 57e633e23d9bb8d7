"""The gallery: every script draws one figure without a warning, and what its title says is what it finds.

Those that take seconds are for ``ci``.
"""

from __future__ import annotations

import ast
import json
import re
import runpy
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symderive import Network, Rows, Spectrum, predict_collapse, solve_isotropic
from symderive.effective_ridge.scalar_equation import ScalarEquation

pytest.importorskip("matplotlib")
pytest.importorskip("xarray")

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "examples" / "gallery"
FIGURES = runpy.run_path(str(ROOT / "docs" / "figures.py"))

#: What a thumbnail's title may be long, and lines of a script.
MOST_LETTERS, MOST_LINES = 80, 120

#: Scripts that are drawn by the everyday tests.
QUICK = ("prox_maps", "learning_curve")

#: How far lines may be apart where machines round otherwise, as a share of a panel's height.
NEAR = 1e-3


def faults(text: str) -> list[str]:
    """What the docstring of a script lacks."""
    said = ast.get_docstring(ast.parse(text)) or ""
    title, *rest = said.splitlines()
    found = []
    if not 10 <= len(title) <= MOST_LETTERS or set(rest[0]) != {"="} or len(rest[0]) != len(title):
        found.append("title")
    if "Needs the extra" not in said:
        found.append("needs")
    if not re.search(r"takes (a second|\w+ seconds|some \w+ seconds)\.", said):
        found.append("time")
    if len(text.splitlines()) > MOST_LINES:
        found.append("length")
    return found


def scripts() -> list[str]:
    return sorted(path.stem for path in GALLERY.glob("*.py"))


@pytest.mark.parametrize("script", scripts())
def test_a_script_says_what_it_shows_needs_and_takes(script: str) -> None:
    assert faults((GALLERY / f"{script}.py").read_text()) == []


def test_a_script_that_does_not_say_it_is_found() -> None:
    text = (GALLERY / "prox_maps.py").read_text()
    assert faults(text.replace("====\n", "===\n", 1)) == ["title"]
    assert faults(text.replace("Needs", "Has").replace("takes a second", "is quick")) == ["needs", "time"]
    assert faults(text + "\n" * MOST_LINES) == ["length"]


@pytest.fixture
def drawn() -> Any:
    plt = pytest.importorskip("matplotlib.pyplot")
    yield FIGURES["drawn"]
    plt.close("all")


marked = [
    pytest.param(
        name,
        marks=[
            *([] if name in QUICK else [pytest.mark.ci]),
            *([pytest.mark.torch] * (name == "training_curves")),
        ],
    )
    for name in scripts()
]


@pytest.mark.parametrize("script", marked)
def test_a_script_draws_one_figure_with_names_on_its_axes(script: str, drawn: Any) -> None:
    figure = drawn(script)
    panels = [panel for panel in figure.axes if panel.lines or panel.collections]
    assert panels
    assert any(panel.get_xlabel() for panel in panels)
    assert any(panel.get_ylabel() for panel in panels)
    if script in FIGURES["KEPT"]:
        assert differing(kept(script), FIGURES["lines"](figure)) == []


def kept(script: str) -> list[list[list[float]]]:
    """What the lines of a figure that is kept showed when it was written."""
    image = pytest.importorskip("PIL.Image")
    with image.open(FIGURES["STATIC"] / f"{script}.png") as picture:
        return json.loads(picture.text[FIGURES["FIELD"]])


def differing(old: list[list[list[float]]], new: list[list[list[float]]]) -> list[tuple[int, int]]:
    """The lines, by panel and number, that are not the same in two figures of the same kind.

    What is below a thousandth of a panel's highest value is not seen.
    """
    assert [len(panel) for panel in old] == [len(panel) for panel in new]
    found = []
    for number, (before, after) in enumerate(zip(old, new, strict=True)):
        scale = max(abs(y) for line in before for y in line)
        for line, (a, b) in enumerate(zip(before, after, strict=True)):
            if len(a) != len(b) or np.abs(np.subtract(a, b)).max() > NEAR * scale:
                found.append((number, line))
    return found


def test_another_curve_is_seen() -> None:
    old = kept("training_curves")
    new = json.loads(json.dumps(old))
    assert differing(old, new) == []
    new[0][2][10] *= 1.05
    assert differing(old, new) == [(0, 2)]
    assert len(old[0]) > 6
    assert len(old) == 2


def test_the_kept_curves_end_at_the_two_minima() -> None:
    """From small starts at zero weights, 1 in these units; from others at the certified minimum."""
    left = [line for line in kept("training_curves")[0] if len(line) > 2]
    ends = [line[-1] for line in left]
    assert ends[:3] == pytest.approx([1, 1, 1], abs=1e-3)
    assert ends[3:] == pytest.approx([ends[-1]] * 3, abs=1e-3)
    assert ends[-1] < 0.9


@pytest.mark.ci
def test_no_certified_run_escapes_and_the_map_ends_where_the_certificate_does(capsys: Any) -> None:
    pytest.importorskip("matplotlib").use("agg")
    found = runpy.run_path(str(GALLERY / "collapse_map.py"))
    runs, collapsed, certain, wrong, undecided = map(int, re.findall(r"\d+", capsys.readouterr().out))
    assert runs > collapsed > certain > 0
    assert wrong == undecided == 0
    rows = Rows.from_csv(found["DATA"], "progression", standardize=True)
    decay, at = found["DECAYS"][8], found["limits"][8]
    net = Network(2, widths=found["WIDTHS"], decays=float(decay))
    said = [
        predict_collapse(net, rows, found["FIRST"], activation="relu", scale=at * factor).conclusion
        for factor in (0.999, 1.001)
    ]
    assert said == ["collapses", "not provable"]
    _check_gradient(found)


def _check_gradient(found: dict[str, Any]) -> None:
    """What trains is the gradient of the loss."""
    layers = [W[None] for W in found["FIRST"]]
    loss_and_gradient = found["loss_and_gradient"]
    _, gradients = loss_and_gradient(layers, 2.0)
    rng = np.random.default_rng(0)
    move = [rng.normal(size=W.shape) for W in layers]
    losses = [
        loss_and_gradient([W + s * M for W, M in zip(layers, move, strict=True)], 2.0)[0][0]
        for s in (1e-6, -1e-6)
    ]
    slope = sum(float((g * M).sum()) for g, M in zip(gradients, move, strict=True))
    assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(slope, rel=1e-6)


@pytest.mark.ci
def test_deeper_networks_jump_where_the_closed_form_says() -> None:
    pytest.importorskip("matplotlib").use("agg")
    found = runpy.run_path(str(GALLERY / "isotropic.py"))
    sizes = found["sizes"]  # of the last depth, 6
    jump = next(i for i, (a, b) in enumerate(pairwise(sizes)) if a > 0.5 and b == 0)
    for decay, best in ((found["decays"][jump], True), (found["decays"][jump + 1], False)):
        equation = ScalarEquation(6, 1, decay**7, Spectrum.of([1], [1], 1))
        assert any(point.kind == "global minimum" for point in solve_isotropic(equation, digits=8)) == best
