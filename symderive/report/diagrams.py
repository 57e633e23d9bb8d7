"""The figures of ``symderive phase``: branches along one parameter, a phase diagram over two."""

from __future__ import annotations

from symderive.figure_style import COLUMN_WIDTH, SMALL, TEXT_WIDTH, render
from symderive.report.branch_plot import draw_branches
from symderive.report.phase_diagram import draw_diagram
from symderive.sweeps.study import PhaseStudy


def draw(study: PhaseStudy, *kinds: str) -> dict[str, bytes]:
    """The figure of a study as files of the kinds "pdf", "svg", "png"."""
    if len(study.values) == 1:
        return render(
            lambda figure: draw_branches(figure, study), *kinds, width=TEXT_WIDTH, height=3.7, style=SMALL
        )
    return render(
        lambda figure: draw_diagram(figure, study), *kinds, width=COLUMN_WIDTH, height=2.75, style=SMALL
    )
