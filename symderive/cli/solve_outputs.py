"""``symderive solve`` for several targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderive.cli.terminal import progress, show, show_json
from symderive.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from symderive.data.output_moments import OutputMoments
    from symderive.full_loss.verification import Verification
    from symderive.model.network import Network
    from symderive.outputs.cases import SolvedOutputs


def solve_several(
    net: Network,
    data: OutputMoments,
    *,
    digits: int,
    method: str,
    as_json: bool,
    weights: Path | None,
    certificate: Path | None,
) -> int:
    """Solve, check, write the weights, and show; the exit code.

    Raises :class:`InputError` for what one output alone has: a certificate of its roots, and a choice of
    the arithmetic of the check.
    """
    from symderive.outputs.cases import solve_outputs
    from symderive.report.outputs import outputs_page, outputs_record

    if certificate is not None:
        raise InputError(
            "--certificate is the evidence of a root search, which several targets have none of; --json "
            "tells the bounds."
        )
    if method not in ("auto", "off"):
        raise InputError(f"--verify {method} is for one target; several take auto or off.")
    with progress("Searching for the minimum"):
        found = solve_outputs(net, data, digits=digits)
    verification = None
    if method != "off":
        with progress("Checking the full loss"):
            verification = found.verify()
    if weights is not None:
        found.save(weights)
    if as_json:
        show_json(outputs_record(found, verification))
    else:
        show(outputs_page(found, verification))
    return _exit_code(found, verification)


def _exit_code(found: SolvedOutputs, verification: Verification | None) -> int:
    checked = verification is None or verification.method == "off" or verification.verdict.name == "CHECKED"
    return 0 if checked and not getattr(found, "narrow", False) else 1
