"""No two symbols of a statement are written alike.

The printer sees to it within one formula; here it is a claim, its hypotheses and the definitions of what
they speak of together.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive.latex import typeset
from symderive.statements.claim import Claim, Recursion
from symderive.statements.letters import bound, leaves
from symderive.statements.statement import Statement


def require_apart(statement: Statement) -> None:
    """Refuse, by InputError, two symbols that one statement would write alike.

    An index is at home in the claim or the definition that binds it.
    """
    taken: dict[str, Any] = {}
    parts: list[Claim | Recursion] = [statement.claim, *statement.given, *statement.definitions]
    for part in parts:
        for leaf in sorted(leaves(part), key=sp.default_sort_key):
            typeset(leaf, taken=taken)
        own = bound(part)
        taken = {tex: meaning for tex, meaning in taken.items() if meaning not in own}
