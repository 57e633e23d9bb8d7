"""The figures of ``symderive phase``: every kind of axis draws, and what is drawn says what is known."""

import numpy as np
import pytest
from oracles.sampled import some

from symderive import Spectrum
from symderive.report.branch_plot import draw_branches
from symderive.report.diagrams import draw
from symderive.report.panels import edges
from symderive.report.phase_diagram import draw_diagram, roomiest
from symderive.sweeps.grid import Grid
from symderive.sweeps.study import study
from symderive.sweeps.sweep import solve_grid

pytest.importorskip("matplotlib")


def test_edges_lie_half_way():
    np.testing.assert_allclose(edges([1.0, 2.0, 4.0], log=False), [0.5, 1.5, 3, 5])
    np.testing.assert_allclose(edges([1.0, 4.0, 16.0], log=True), [0.5, 2, 8, 32])


@pytest.mark.parametrize(
    ("vary", "fixed", "log"),
    some(
        [
            ({"depth": range(7)}, {"width": 2, "decay": "0.3", "noise": "0.2"}, ()),
            ({"decay": ["0.1", 2], "noise": [1, 2]}, {"depth": 1, "width": 2}, ("decay", "noise")),
            ({"depth": range(1, 5), "width": [1, 2, 3]}, {"decay": "0.3", "noise": 2}, ("depth",)),
            ({"decay": [5, 6], "noise": [1, 2]}, {"depth": 4, "width": 2}, ()),
        ],
        2,
        1,
        ci=1,
    ),
)
def test_every_kind_of_axis_draws(vary, fixed, log):
    data = Spectrum.of([1], [1], 2)
    grid = Grid.of(vary, **fixed)
    found = study(grid, data, solve_grid(grid, data), log=frozenset(log))
    assert draw(found, "png")["png"].startswith(b"\x89PNG")


def drawn(draw_on, vary, **fixed):
    """The texts in the panels of a figure, and the entries of its legends."""
    from matplotlib.figure import Figure

    data = Spectrum.of([1], [1], 2)
    grid = Grid.of(vary, **fixed)
    figure = Figure(layout="constrained")
    draw_on(figure, study(grid, data, solve_grid(grid, data)))
    legends = [*figure.legends, *filter(None, (panel.get_legend() for panel in figure.axes))]
    texts = {text.get_text() for panel in figure.axes for text in panel.texts}
    return texts, [text.get_text() for legend in legends for text in legend.get_texts()]


#: With a = v = 1 the transition is at γ = 1 for D = 1 and below 0.4, the spinodal below 0.5, for D = 2.
DECAYS = np.linspace(0.02, 0.9, 30).tolist()


@pytest.mark.parametrize(
    ("decays", "depth", "texts", "entries"),
    [
        (
            DECAYS,
            2,
            {"collapsed", "trained\n(origin metastable)"},
            ["transition", "spinodal", "metastable"],
        ),
        # Where there is little room, the label is short.
        ([*DECAYS, 1.2], 2, {"collapsed", "trained"}, ["transition", "spinodal", "metastable"]),
        (np.linspace(0.02, 1.9, 30).tolist(), 1, {"collapsed", "trained"}, ["transition", "spinodal"]),
        (DECAYS[:4], 1, {"trained"}, []),
        (DECAYS[-4:], 2, {"collapsed"}, []),
    ],
)
def test_a_diagram_names_what_occurs_and_nothing_else(decays, depth, texts, entries):
    vary = {"decay": decays, "noise": [0, 1, 2]}
    assert drawn(draw_diagram, vary, depth=depth, width=9) == (texts, entries)


@pytest.mark.parametrize(
    ("decays", "noise", "entries"),
    [
        (
            DECAYS,
            0,
            ["global minimum", "local minimum", "saddle", "origin", "transition", "spinodal"],
        ),
        (DECAYS[:4], 1, ["global minimum", "local minimum", "saddle", "origin"]),
        (DECAYS[-4:], 0, ["global minimum", "origin"]),
    ],
)
def test_a_branch_plot_explains_what_occurs_and_nothing_else(decays, noise, entries):
    found = drawn(draw_branches, {"decay": decays}, depth=2, width=9, noise=noise)[1]
    assert sorted(found) == sorted(entries)


@pytest.mark.parametrize("draw_on", [draw_diagram, draw_branches])
@pytest.mark.parametrize(
    ("doubles", "decay", "remark"),
    some(
        [
            (False, "0.05", ""),
            (True, "0.05", "double precision, not certified"),
            # One tenth is a double root, which doubles cannot tell from none and from two.
            (False, "0.1", ""),
            (True, "0.1", "double precision, not certified; {} of {} networks undecided"),
        ],
        3,
        ci=1,
    ),
)
def test_a_figure_says_what_its_numbers_are_worth(draw_on, doubles, decay, remark):
    from matplotlib.figure import Figure

    data = Spectrum.of([400], [9])  # at D = 3 and ρ = 1 two points merge at γ = 1/10
    vary = {"decay": [decay, "3"]} | ({"noise": [0, 1]} if draw_on is draw_diagram else {})
    grid = Grid.of(vary, depth=3, width=2)
    found = study(grid, data, solve_grid(grid, data, doubles=doubles), doubles=doubles)
    figure = Figure(layout="constrained")
    draw_on(figure, found)
    assert figure.get_supxlabel() == remark.format(1, found.points.size)


def test_the_roomiest_place_is_in_the_middle():
    mask = np.zeros((9, 9), dtype=bool)
    assert roomiest(mask) == (0, 0, 0)
    mask[2:7, 3:6] = True
    assert roomiest(mask) == (4, 4, 3)
    assert roomiest(mask.T) == (4, 4, 2)  # a label is wider than high
    mask[4] = False  # less room, beside the gap
    i, j, room = roomiest(mask)
    assert mask[i, j]
    assert room == 1
