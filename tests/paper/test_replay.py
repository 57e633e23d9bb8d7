"""Claims of a paper: what is known of each follows from verdicts and from numbers computed anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import Any

import mpmath
import pytest
from symderive.derivations.seed_paper import measured
from symderive.derivations.seed_paper import seed_counterexamples as instances
from symderive.derivations.seed_paper.claims import CLAIMS, REDUCTION, SIGNS
from symderive.derivations.seed_paper.seed_letters import MAP, NOISE

from symderive.errors import InputError
from symderive.library.load import load_all, load_claims
from symderive.paper.assembly import assemble
from symderive.paper.blocks import Grid, Paragraph
from symderive.paper.replay import Standing, blocks, derivation_of, judge
from symderive.proofs.ledger import Ledger
from symderive.statements.document import Replayed
from symderive.statements.paper_claim import Measured, PaperClaim

PLAIN = PaperClaim(id="plain", wording="It is so.", proved_by=(MAP, NOISE), shown=(NOISE,))
LOOSE = PaperClaim(
    id="loose",
    wording="The variance vanishes with the depth.",
    proved_by=(NOISE,),
    condition="layers are equal",
    needed=(instances.DEPTH,),
    is_refuted=True,
    instance="$d_i = 2^i$",
    measure=measured.doubling_widths,
)
WORDS = PaperClaim(id="words", wording="It is fundamental.")


@cache
def entries(*claims: PaperClaim) -> dict[str, Any]:
    sections = assemble((derivation_of(claims),), ledger=Ledger())
    return {entry.id: entry for section in sections for entry in section.entries}


def standing(claim: PaperClaim) -> tuple[Standing, str]:
    (judged,) = judge((claim,), entries(claim))
    return judged.standing, judged.reason


def test_each_kind_of_standing() -> None:
    assert standing(PLAIN) == (Standing.PROVED, "")
    assert standing(WORDS) == (Standing.WORDS, "")
    assert standing(LOOSE) == (Standing.REFUTED, "")
    assert standing(replace(LOOSE, is_refuted=False)) == (Standing.CONDITIONAL, "")


def test_what_claims_of_minima_take_for_granted_is_named() -> None:
    """Decays are positive where a claim says what minima are; where it says signs, there is noise."""
    minima = [claim for claim in CLAIMS if set(REDUCTION) <= set(claim.proved_by)]
    assert [claim.id for claim in minima] == ["exact-solutions", "two-layers", "deep-networks"]
    assert all("decays are positive" in claim.condition for claim in minima)
    signed = [claim for claim in CLAIMS if set(SIGNS) <= set(claim.proved_by)]
    assert [claim.id for claim in signed] == ["two-layers", "deep-networks", "signs"]
    assert all(r"\sigma" in claim.condition for claim in signed)


def test_a_statement_that_is_not_proved_leaves_its_claim_undecided() -> None:
    broken = replace(NOISE, right=2 * NOISE.right, display=None)
    told, reason = standing(replace(PLAIN, proved_by=(broken,), shown=()))
    assert told is Standing.UNDECIDED
    assert "seed-letters-noise is REFUTED" in reason


def test_a_broken_instance_refutes_nothing() -> None:
    broken = replace(instances.DEPTH, right=2 * instances.DEPTH.right)
    told, reason = standing(replace(LOOSE, needed=(broken,)))
    assert told is Standing.UNDECIDED
    assert "seed-depth" in reason


def test_a_number_that_comes_out_otherwise_refutes_nothing() -> None:
    told, reason = standing(replace(LOOSE, measure=lambda: (Measured("the limit", "0.1", holds=False),)))
    assert told is Standing.UNDECIDED
    assert reason == "the limit came out as 0.1"


def test_what_no_section_tells_is_not_believed() -> None:
    (judged,) = judge((PLAIN,), {})
    assert judged.standing is Standing.UNDECIDED
    assert not judged.displays


def test_a_step_below_a_claim_counts_with_what_it_rests_on() -> None:
    claim = replace(LOOSE, needed=(instances.STRONG_ORIGIN,), measure=None)
    (judged,) = judge((claim,), entries(claim))
    assert {"seed-strong-origin", "seed-strong", "dual"} == set(judged.against)
    left_out = {id_: x for id_, x in entries(claim).items() if id_ != "seed-strong"}
    assert judge((claim,), left_out)[0].standing is Standing.UNDECIDED


def test_the_table_says_only_what_is_decided() -> None:
    replayed = Replayed(id="claims", caption="Claims.", claims=(PLAIN, LOOSE))
    known = entries(PLAIN, LOOSE)
    grid, *told = blocks(replayed, known)
    assert isinstance(grid, Grid)
    assert [row[1] for row in grid.rows] == ["proved", "refuted"]
    assert len(told) == 1
    assert isinstance(told[0], Paragraph)
    assert "2.384231029" in told[0].text
    grid, *told = blocks(replayed, {id_: x for id_, x in known.items() if id_ != "seed-depth"})
    assert [row[1] for row in grid.rows] == ["proved", "undecided"]
    assert not told


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"proved_by": ()}, "has a condition and nothing that proves it"),
        ({"needed": ()}, "needs an instance in words and what proves it"),
        ({"needed": (), "instance": ""}, "is refuted by nothing"),
        ({"condition": ""}, "an instance against it and no condition"),
        ({"needed": ("seed-depth",)}, "is no statement and no step"),
    ],
)
def test_records_that_would_decide_nothing_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        replace(LOOSE, **changes)


# -- the claims of Ziyin, Li and Meng ----------------------------------------------------------------------


def test_what_the_claims_name_is_told_by_a_section_as_it_is_named() -> None:
    assert load_claims() is CLAIMS
    told = {entry.id: entry for derivation in load_all() for entry in derivation.entries}
    for claim in CLAIMS:
        assert all(told[entry.id] is entry for entry in claim.entries), claim.id
        assert all(entry.display is not None for entry in claim.shown), claim.id
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)


def test_no_number_of_a_theorem_of_the_paper_is_printed() -> None:
    for claim in CLAIMS:
        said = f"{claim.wording} {claim.condition} {claim.remark}"
        assert not any(word in said for word in ("Theorem", "Lemma", "Proposition", "Eq. ")), claim.id


def test_the_variance_of_one_wide_layer_against_a_root_of_the_gradient() -> None:
    """F(m) = ρm² - 2m + 1 + 3γ|m|^{2/3} with mpmath, at the root near least squares."""
    numbers = measured.wide_layer()
    with mpmath.workdps(20):
        for number, widened in zip(numbers, (2, 10**3, 10**6, mpmath.inf), strict=True):
            rho = 1.5 * (1 + 1 / mpmath.mpf(widened))
            at = partial(lambda m, rho: rho * m - 1 + m ** (-mpmath.mpf(1) / 3) / 1000, rho=rho)
            m = mpmath.findroot(at, 1 / rho)
            assert abs((rho - 1) * m**2 - mpmath.mpf(number.value)) < 2e-10
    assert all(number.holds for number in numbers)
    assert not all(number.holds for number in measured.wide_layer(narrow=10**6))


def test_the_limits_of_doubling_widths_against_mpmath() -> None:
    factor, share = measured.doubling_widths()
    with mpmath.workdps(20):
        rho = mpmath.nprod(lambda i: 1 + mpmath.mpf(2) ** -i, [1, mpmath.inf])
        assert abs(rho - mpmath.mpf(factor.value)) < 1e-9
        assert abs((rho - 1) / rho**2 - mpmath.mpf(share.value)) < 1e-10
    assert factor.holds
    assert share.holds
    assert not measured.doubling_widths(base=10)[1].holds


def test_four_roots_and_another_decay() -> None:
    (roots,) = measured.four_roots()
    assert roots.holds
    assert roots.value.startswith("1.327986")
    assert not measured.four_roots(decay="1/10")[0].holds
