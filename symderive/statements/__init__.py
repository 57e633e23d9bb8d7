"""The words of a derivation: claims, statements, proofs and derivations, as frozen records.

Nothing here proves anything: :mod:`symderive.proofs` does.  A derivation imports all its words from this
place.
"""

from symderive.statements.claim import (
    Claim,
    Range,
    Recursion,
    Relation,
    at_least,
    different,
    equal,
    greater,
    semidefinite,
    z,
)
from symderive.statements.nodes import Expectation, RootCount, mean
from symderive.statements.proof import (
    AXIOM,
    HYPOTHESIS,
    BothWays,
    Combine,
    CountRoots,
    Differentiate,
    ImplicitSeries,
    Induct,
    Instance,
    LeadingTerms,
    PowerSeries,
    Use,
    combine,
)
from symderive.statements.specialize import at_depth, derivation_at_depth
from symderive.statements.statement import Derivation, Domain, NearMiss, Statement, Table
from symderive.statements.step import Step

__all__ = [
    "AXIOM",
    "HYPOTHESIS",
    "BothWays",
    "Claim",
    "Combine",
    "CountRoots",
    "Derivation",
    "Differentiate",
    "Domain",
    "Expectation",
    "ImplicitSeries",
    "Induct",
    "Instance",
    "LeadingTerms",
    "NearMiss",
    "PowerSeries",
    "Range",
    "Recursion",
    "Relation",
    "RootCount",
    "Statement",
    "Step",
    "Table",
    "Use",
    "at_depth",
    "at_least",
    "combine",
    "derivation_at_depth",
    "different",
    "equal",
    "greater",
    "mean",
    "semidefinite",
    "z",
]
