"""``symderive phase`` for several targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from symderive.cli.terminal import progress, show, show_json
from symderive.cli.types import suffix_of
from symderive.files import unfinished_file

if TYPE_CHECKING:
    from symderive.data.output_moments import OutputMoments
    from symderive.model.network import Network


def phase_several(
    net: Network, data: OutputMoments, *, digits: int, as_json: bool, figure: str | None
) -> int:
    """Show at which mean decays the rank of the global minimum falls, and draw it; the exit code."""
    from symderive.outputs.staircase import rank_staircase
    from symderive.report.staircase import staircase_figure, staircase_page, staircase_record

    with progress("Searching for thresholds"):
        found = rank_staircase(net, data, digits=digits)
    if figure is not None:
        with unfinished_file(figure) as out:
            out.write_bytes(staircase_figure(found, suffix_of(figure)))
    if as_json:
        show_json(staircase_record(found) | {"figure": figure})
    else:
        show(staircase_page(found))
        if figure is not None:
            click.echo(f"Written to {figure}.")
    return 0
