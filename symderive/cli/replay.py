"""``symderive replay``: the paper behind the package, claim by claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from symderive.cli.options import add_option, cache_option, epilog, json_option
from symderive.cli.terminal import progress, show, show_json
from symderive.errors import InputError, nearest

if TYPE_CHECKING:
    from symderive.cli.types import Given
    from symderive.statements.paper_claim import PaperClaim

#: What stands above the claims.
TITLE = (
    "Liu Ziyin, Botao Li, Xiangming Meng: Exact Solutions of a Deep Linear Network (NeurIPS 2022, "
    "arXiv:2202.04777), in the paper's letters: A = E[x xᵀ], v = E[x y]; in formulas of deep networks μ, "
    "s² and b run over the layers from the second on."
)


@click.command(
    epilog=epilog(
        "Exit code 0: every claim is decided, or words only. 1: one is UNDECIDED. 2: bad input.",
        "replay",
        "replay variance-width --verbose",
    )
)
@click.argument("names", metavar="[CLAIM ...]", nargs=-1)
@cache_option
@json_option()
@add_option("-v", "--verbose", is_flag=True, help="Name every statement that a claim rests on.")
def replay(names: tuple[str, ...], cache: Given[str] | None, as_json: bool, verbose: bool) -> int:
    """Print what is known of each claim of Ziyin, Li and Meng, in the letters of their paper.

    PROVED, PROVED UNDER A CONDITION that is named, REFUTED AS WORDED by an exact instance whose numbers are
    computed anew, or WORDS ONLY. A claim whose statements do not prove, or whose instance does not come
    out, is UNDECIDED. A CLAIM is an id of the list.
    """
    from symderive.library.load import load_claims
    from symderive.paper.assembly import assemble
    from symderive.paper.replay import Standing, derivation_of, judge
    from symderive.proofs.ledger import Ledger
    from symderive.report.replay import replay_json, replay_page

    claims = _chosen(names, load_claims())
    ledger = Ledger(None if cache is None else cache.value)
    ledger.records.open()  # so that it is said once, and before the work is shared, if nothing is kept
    with progress("Proving") as advance:
        sections = assemble((derivation_of(claims),), ledger=ledger, progress=advance)
    judged = judge(claims, {entry.id: entry for section in sections for entry in section.entries})
    if as_json:
        show_json(replay_json(judged))
    else:
        show(replay_page(judged, title=TITLE, verbose=verbose))
    return 1 if any(one.standing is Standing.UNDECIDED for one in judged) else 0


def _chosen(names: tuple[str, ...], claims: tuple[PaperClaim, ...]) -> tuple[PaperClaim, ...]:
    """The claims of these ids, in the order of the paper; all without ids."""
    known = [claim.id for claim in claims]
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"the nearest is {near!r}" if near else f"they are {', '.join(known)}"
            raise InputError(f"{name[:40]!r} is no claim of the paper; {hint}.")
    return tuple(claim for claim in claims if not names or claim.id in names)
