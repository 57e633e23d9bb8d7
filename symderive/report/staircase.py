"""The rank of the global minimum against the decay as people and programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symderive.figure_style import COLUMN_WIDTH, SMALL, render
from symderive.outputs.staircase import draw
from symderive.report.landscape import TABLE_DIGITS, text_of
from symderive.report.page import Column, Line, Page, Table

if TYPE_CHECKING:
    from symderive.outputs.staircase import Staircase


#: The decay has a logarithmic axis where the largest threshold is beyond so many of the least.
WIDE = 30


def staircase_figure(found: Staircase, kind: str) -> bytes:
    """The rank against the mean decay, as a file of the kind "pdf", "svg" or "png"."""
    edges = [float(step.threshold) for step in found.steps]

    def picture(figure: Any) -> None:
        axes = figure.subplots()
        draw([found], axes, labels=[f"depth {found.net.depth}"])
        axes.yaxis.get_major_locator().set_params(integer=True)
        if edges and max(edges) > WIDE * min(edges):
            axes.set(xscale="log", xlim=(min(edges) / 3, 3 * max(edges)))

    return render(picture, kind, width=COLUMN_WIDTH, height=2.5, style=SMALL)[kind]


def staircase_record(found: Staircase) -> dict[str, Any]:
    """The JSON object of ``symderive phase --json`` for several targets; numbers are decimal text.

    ``steps`` are in decreasing order of ``decay``, the mean decay at which the rank falls from ``rank``;
    ``spinodal`` is the decay up to which the mode is a stationary point of its own problem.
    """
    digits, net = found.digits, found.net
    return {
        "depth": net.depth,
        "widths": [int(width) for width in net.widths],
        "digits": digits,
        "outputs": net.outputs,
        "targets": list(found.data.targets) or None,
        "whitened": found.data.whitened,
        "most_rank": found.most,
        "kept_out_by_noise": found.kept_out,
        "steps": [
            {
                "rank": step.rank,
                "decay": text_of(step.threshold, digits),
                "spinodal": text_of(step.spinodal, digits),
                "singular_value": text_of(step.singular_value, digits),
                "multiplicity": step.multiplicity,
            }
            for step in found.steps
        ],
    }


def staircase_page(found: Staircase) -> Page:
    """The same for people, to a few digits."""
    digits = min(TABLE_DIGITS, found.digits)
    page: list[Line | Table] = [
        Line(f"{found.data!r}, depth {found.net.depth}: rank of the global minimum", "bold")
    ]
    if found.steps:
        columns = ("rank", "up to mean decay", "spinodal", "singular value", "multiplicity")
        rows = [
            (
                str(step.rank),
                *(text_of(x, digits) for x in (step.threshold, step.spinodal, step.singular_value)),
                str(step.multiplicity),
            )
            for step in found.steps
        ]
        page.append(Table.of(map(Column, columns), rows))
    else:
        page.append(Line("The rank is 0 at every decay."))
    if found.kept_out:
        count, many = found.kept_out, "s" * (found.kept_out != 1)
        page.append(Line(f"The noise keeps {count} mode{many} out at every decay."))
    page.append(Line("Thresholds are certified; beyond the first the global minimum is zero."))
    return tuple(page)
