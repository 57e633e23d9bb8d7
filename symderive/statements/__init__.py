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
    count,
    different,
    equal,
    equivalent,
    greater,
    limit,
    matrix_at_least,
    semidefinite,
    z,
)
from symderive.statements.facts import Combine, Use, nonnegative
from symderive.statements.nodes import Expectation, RootCount, mean
from symderive.statements.proof import (
    AXIOM,
    HYPOTHESIS,
    BothWays,
    CountRoots,
    Differentiate,
    ImplicitSeries,
    Induct,
    Instance,
    LeadingTerms,
    PowerSeries,
    both_ways,
    combine,
    differentiate,
    exact_algebra,
    induction,
)
from symderive.statements.specialize import at_depth, derivation_at_depth
from symderive.statements.statement import Derivation, Domain, NearMiss, Statement, Table
from symderive.statements.step import Step, in_words
from symderive.statements.theorem import instead, left, right, theorem, without

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
    "both_ways",
    "combine",
    "count",
    "derivation_at_depth",
    "different",
    "differentiate",
    "equal",
    "equivalent",
    "exact_algebra",
    "greater",
    "in_words",
    "induction",
    "instead",
    "left",
    "limit",
    "matrix_at_least",
    "mean",
    "nonnegative",
    "right",
    "semidefinite",
    "theorem",
    "without",
    "z",
]
