"""Which statements of a paper Coq has checked, just as they are."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from symderive.coq.marks import Checked, marks, read
from symderive.library.formal import scripts, sections
from symderive.library.kept import Kept
from symderive.proofs.digest import fingerprint
from symderive.statements.statement import Statement


def checked_by_coq(statements: Iterable[Statement], kept: Kept | None) -> dict[Statement, Checked]:
    """The marks that still hold; ``kept`` spares making all propositions again."""
    homes = {
        id_: section
        for section, own in read(scripts()).get("sections", {}).items()
        for id_ in own["proved"]
    }
    asked = [statement for statement in statements if statement.id in homes]
    if not asked:
        return {}
    words = [*scripts().values(), *(str(fingerprint(statement)) for statement in asked)]
    name = f"checked-by-coq-{sha256(chr(0).join(words).encode()).hexdigest()}"
    known = kept.get(name) if kept else None
    if known is None:
        found = marks({homes[x.id]: None for x in asked}, sections(), scripts())
        known = {x.id: [found[x].coq, *found[x].axioms] for x in asked if x in found}
        if kept:
            kept.put(name, known)
    return {x: Checked(known[x.id][0], tuple(known[x.id][1:])) for x in asked if x.id in known}
