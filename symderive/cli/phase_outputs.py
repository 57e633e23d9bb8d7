"""``symderive phase`` for several targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderive.cli.terminal import progress, show, show_json

if TYPE_CHECKING:
    from symderive.data.output_moments import OutputMoments
    from symderive.model.network import Network


def phase_several(net: Network, data: OutputMoments, *, digits: int, as_json: bool) -> int:
    """Show at which mean decays the rank of the global minimum falls; the exit code."""
    from symderive.outputs.staircase import rank_staircase
    from symderive.report.staircase import staircase_page, staircase_record

    with progress("Searching for thresholds"):
        found = rank_staircase(net, data, digits=digits)
    if as_json:
        show_json(staircase_record(found))
    else:
        show(staircase_page(found))
    return 0
