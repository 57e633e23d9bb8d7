"""Minima of several outputs as people and programs read them: a page, or one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import arb

from symderive.arithmetic.exact import TURN, decimal, working_precision
from symderive.outputs.closed import ClosedOutputs
from symderive.outputs.convex import ConvexOutputs
from symderive.outputs.landscape import OutputLandscape
from symderive.report.landscape import TABLE_DIGITS, setting_record, text_of, verification_record
from symderive.report.page import Column, Line, Page, Row, Table
from symderive.training.words import decays_text

if TYPE_CHECKING:
    from symderive.full_loss.verification import Verification
    from symderive.outputs.cases import SolvedOutputs

#: Digits of bounds on gaps.
GAP_DIGITS = 3


def outputs_record(found: SolvedOutputs, verification: Verification | None) -> dict[str, Any]:
    """The JSON object of ``symderive solve --json`` for several targets; numbers are decimal text.

    ``method`` is ``"convex"``, ``"ridge"``, ``"singular values"`` or the kind of a closed formula.  Of a
    convex problem the loss has ``lower`` and ``upper`` bounds, apart by at most ``relative_gap`` times the
    upper one, which is proved; others are known to all digits.  ``rank`` is null where it is not decided,
    and ``loss`` where the hidden layer is too narrow for more than bounds.
    """
    digits, net, data = found.digits, found.net, found.data
    narrow = isinstance(found, ConvexOutputs) and found.narrow
    loss = None if narrow else text_of(found.loss, digits)
    best: dict[str, Any] = {"loss": loss, "rank": rank_of(found)}
    if isinstance(found, ConvexOutputs):
        best |= {
            "lower": text_of(found.lower, digits),
            "upper": text_of(found.upper, digits),
            "relative_gap": gap_text(found),
            "least_rank": found.least_rank,
            "most_rank": found.most_rank,
            "too_narrow": found.narrow,
        }
    else:
        best["tie"] = found.tie
    return {
        "depth": net.depth,
        "widths": [int(width) for width in net.widths],
        "digits": digits,
        "outputs": net.outputs,
        "targets": list(data.targets) or None,
        "method": method_of(found),
        "whitened": data.whitened,
        "loss_at_origin": decimal(found.loss_at_origin, digits),
        "global_minimum": best,
        "modes": [_mode_record(*mode, digits) for mode in modes_in(found)],
        "verification": None if verification is None else verification_record(verification),
        **setting_record(found),
    }


def _mode_record(value: arb, multiplicity: int, held: int, size: arb, digits: int) -> dict[str, Any]:
    texts = {"singular_value": text_of(value, digits), "size": text_of(size, digits)}
    return {**texts, "multiplicity": multiplicity, "held": held}


def method_of(found: SolvedOutputs) -> str:
    """How it was solved, in a word or two."""
    if isinstance(found, ClosedOutputs):
        return found.kind
    if isinstance(found, OutputLandscape):
        return "singular values"
    return "convex" if found.net.depth else "ridge"


def rank_of(found: SolvedOutputs) -> int | None:
    """The rank of the map at the minimum; None where it is not decided."""
    if isinstance(found, OutputLandscape):
        return sum(map(sum, found.choice))
    if isinstance(found, ClosedOutputs):
        return found.rank if found.is_rank_decided else None
    return found.rank


def modes_in(found: SolvedOutputs) -> list[tuple[arb, int, int, arb]]:
    """Singular values of the data with their multiplicities, how many are held, and with which size."""
    if isinstance(found, ClosedOutputs):
        return [(mode.singular_value, mode.multiplicity, mode.held, mode.size) for mode in found.modes]
    if isinstance(found, OutputLandscape):
        return [
            (
                mode.singular_value,
                mode.multiplicity,
                sum(counts),
                mode.points[0].size if any(counts) else arb(0),
            )
            for mode, counts in zip(found.modes, found.choice, strict=True)
        ]
    return []


def gap_text(found: ConvexOutputs) -> str:
    """The bound on the relative gap, rounded up."""
    if found.gap.is_zero():
        return "0"
    with TURN, working_precision(64):
        return str((found.gap * arb("1.01")).abs_upper().str(GAP_DIGITS, radius=False))


def outputs_page(found: SolvedOutputs, verification: Verification | None = None) -> Page:
    """The same for people."""
    net = found.net
    title = f"{found.data!r}, depth {net.depth}, {decays_text(net.decays)}: {method_of(found)}"
    page: list[Line | Table] = [Line(title, "bold")]
    rows = [
        Row(
            (text_of(s, TABLE_DIGITS), str(count), str(held), text_of(z, TABLE_DIGITS)),
            "green" if held else "",
        )
        for s, count, held, z in modes_in(found)
    ]
    if rows:
        columns = ("singular value", "multiplicity", "held", "size in the map")
        page.append(Table.of(map(Column, columns), rows))
    lines = _conclusions(found)
    if verification is not None:
        lines.append(f"Full loss: {verification}")
    return (*page, *map(Line, lines))


def _conclusions(found: SolvedOutputs) -> list[str]:
    loss, digits = text_of(found.loss, found.digits), found.digits
    if not isinstance(found, ConvexOutputs):
        unique = ", attained by other maps too" if found.tie else ""
        return [f"Global minimum: rank {_rank(found)}, with loss {loss}{unique} (certified)."]
    if found.narrow:
        width = found.net.widths[0]
        return [
            f"Lower bound {text_of(found.lower, digits)} for any width, attained with rank {_rank(found)}: "
            f"{width} hidden neuron{'s are' if width != 1 else ' is'} too few.",
            f"Stationary layers, the best of several starts, with loss {text_of(found.upper, digits)}: at "
            f"most {gap_text(found)} of it above the minimum (certified).",
        ]
    best = f"Global minimum: rank {_rank(found)}, with loss {loss}"
    if found.gap.is_zero():
        return [f"{best} (exact)."]
    gap = f"between bounds that are apart by at most {gap_text(found)} of it (certified by duality)"
    return [f"{best}, {gap}."]


def _rank(found: SolvedOutputs) -> str:
    rank = rank_of(found)
    if rank is not None:
        return str(rank)
    if isinstance(found, ConvexOutputs):
        return f"{found.least_rank} to {found.most_rank} (undecided)"
    return "undecided"
