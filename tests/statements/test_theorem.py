"""Facts add to the records that are carried out; theorems inherit; near-misses change one thing."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from symderive.derivations import notation
from symderive.derivations.inequalities import CAUCHY_SCHWARZ, SAME_POWER

from symderive import symbols as sy
from symderive.library.load import load_all
from symderive.proofs.ledger import Ledger
from symderive.proofs.prover import prove
from symderive.statements import (
    HYPOTHESIS,
    BothWays,
    Combine,
    Differentiate,
    Domain,
    Induct,
    Recursion,
    Relation,
    Statement,
    Use,
    at_least,
    both_ways,
    combine,
    count,
    differentiate,
    equal,
    equivalent,
    exact_algebra,
    greater,
    in_words,
    induction,
    instead,
    left,
    limit,
    matrix_at_least,
    nonnegative,
    right,
    semidefinite,
    theorem,
    without,
)
from symderive.statements.proof import facts
from symderive.verdict import Verdict

i, j, k, n, D = sy.i, sy.j, sy.k, sy.n, sy.D
x, y = sp.symbols("x y", positive=True)
w = sp.Symbol("w", real=True)
X, Y = (sp.IndexedBase(name, real=True) for name in "XY")
EVEN = equal(x**2, y)
ORDER = at_least(x, y)
ROWS = equal(X[j], Y[j], (j, 1, n))
STEP = in_words("step", "A step", "So it is.", by="Rolle's theorem", reference="analysis", rests_on=())
DERIVATIONS = Path(__file__).parents[2] / "derivations"


# -- facts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "record"),
    [
        (EVEN + ORDER, combine(Use(EVEN), Use(ORDER))),
        (EVEN - ORDER, combine(Use(EVEN), Use(ORDER, times=-1))),
        (2 * EVEN, Use(EVEN, times=2)),
        (EVEN * 2, Use(EVEN, times=2)),
        (-EVEN / x, Use(EVEN, times=-1 / x)),
        (+EVEN - (+ORDER), combine(Use(EVEN), Use(ORDER, times=-1))),
        (x * EVEN, Use(EVEN, times=x)),
        (X[k] * ROWS, Use(ROWS, times=X[k])),
        (sp.Sum(X[k], (k, 1, n)) * EVEN, Use(EVEN, times=sp.Sum(X[k], (k, 1, n)))),
        (sp.Integer(3) * sp.sqrt(x) * EVEN, Use(EVEN, times=3 * sp.sqrt(x))),
        (x * HYPOTHESIS.at({x: y}), Use(HYPOTHESIS, times=x, where={x: y})),
        ((X[j] * ROWS).sum((j, 1, n)), Use(ROWS, times=X[j], over=((j, 1, n),))),
        (
            2 * (EVEN - x * ORDER + nonnegative(x)),
            combine(Use(EVEN, times=2), Use(ORDER, times=-2 * x), plus=2 * x),
        ),
        (EVEN - (ORDER + EVEN), combine(Use(EVEN), Use(ORDER, times=-1), Use(EVEN, times=-1))),
        (
            (ROWS + nonnegative(X[j] ** 2)).sum((j, 1, n)),
            combine(Use(ROWS, over=((j, 1, n),)), plus=sp.Sum(X[j] ** 2, (j, 1, n))),
        ),
        (sum([EVEN, ORDER]), combine(Use(EVEN), Use(ORDER))),
        (SAME_POWER.because(EVEN), Use(SAME_POWER, given=(combine(Use(EVEN)),))),
        (SAME_POWER.at({}).because(None, 2 * EVEN), Use(SAME_POWER, given=(None, combine(Use(EVEN, 2))))),
        (nonnegative(x, y), combine(plus=(x, y))),
    ],
)
def test_facts_add_to_records(written: Any, record: Any) -> None:
    assert written == record
    assert type(written) is type(record)


@pytest.mark.parametrize(
    ("written", "record"),
    [
        (
            induction(D, base=EVEN, step=-HYPOTHESIS),
            Induct(D, combine(Use(EVEN)), combine(Use(HYPOTHESIS, -1))),
        ),
        (induction(D), Induct(D, Combine(), Combine())),
        (differentiate(2 * EVEN), Differentiate(combine(Use(EVEN, times=2)))),
        (both_ways(EVEN, x * ORDER), BothWays(combine(Use(EVEN)), combine(Use(ORDER, times=x)))),
    ],
)
def test_a_fact_alone_is_a_proof(written: Any, record: Any) -> None:
    assert written == record


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda: (2 * EVEN).at({x: y}), "first taken at its place"),
        (lambda: EVEN.at({x: y}).at({y: x}), "first taken at its place"),
        (lambda: X[j] * ROWS.at({}).sum((j, 1, n)), "multiply first, then sum"),
        (lambda: EVEN - nonnegative(x), "cannot be subtracted"),
        (lambda: SAME_POWER.because(EVEN).because(EVEN), "proved already"),
    ],
)
def test_the_order_of_a_record_is_kept(write: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        write()


@pytest.mark.parametrize(
    "write",
    [lambda: EVEN + x, lambda: x + EVEN, lambda: EVEN * ORDER, lambda: EVEN - 1, lambda: EVEN * "x"],
)
def test_what_is_no_fact_does_not_add(write: Any) -> None:
    with pytest.raises(TypeError):
        write()


def test_claims_are_still_records() -> None:
    assert equal(x, y) == equal(x, y) != equal(y, x)
    assert len({equal(x, y), equal(x, y), at_least(x, y)}) == 2


# -- claims ------------------------------------------------------------------------------------------------


def test_claims_in_words() -> None:
    assert limit(1 / x, x, sp.oo, 0).left == sp.Limit(1 / x, x, sp.oo, "-")
    assert limit(x, x, 0, 0).left == sp.Limit(x, x, 0, "+")
    sides = equivalent(greater(x, 1), EVEN)
    assert sides.left == sp.Gt(x, 1, evaluate=False)
    assert sides.right == sp.Eq(x**2, y, evaluate=False)
    assert count(w**2 - 1, w, 0, 2, 1).relation is Relation.COUNT
    assert matrix_at_least(X[j, k], 0, (j, 1, n), (k, 1, n)) == semidefinite(X[j, k], (j, 1, n), (k, 1, n))
    with pytest.raises(ValueError, match="no side of an equivalence"):
        equivalent(ROWS, EVEN)


# -- theorems ----------------------------------------------------------------------------------------------

MAP = Recursion(X, (i,), sp.Integer(1), 2 * X[i - 1])
WORDS = "$x$ is a width"


def made(id_: str, claim: Any, **fields: Any) -> Statement:
    return theorem(id_, "A theorem", claim, **({"reference": "a test", "misses": {}} | fields))


BASIC = made("basic", equal(X[D], 2**D), given=(MAP, WORDS), proof=induction(D, step=2 * HYPOTHESIS))
ON_TOP = made("on-top", equal(3 * X[D], 3 * 2**D), proof=3 * BASIC, misses={"twice": left(6 * X[D])})


def test_definitions_and_conditions_are_inherited() -> None:
    assert ON_TOP.definitions == BASIC.definitions == (MAP,)
    assert ON_TOP.conditions == BASIC.conditions == (WORDS,)
    assert prove(ON_TOP, ledger=Ledger()).verdict is Verdict.PROVED
    through_a_proof = made("deep", equal(x, y), given=(EVEN,), proof=SAME_POWER.because(0 * BASIC + EVEN))
    assert through_a_proof.definitions == (MAP,)


@pytest.mark.parametrize("copied", [MAP, WORDS])
def test_what_is_inherited_is_not_said_again(copied: Any) -> None:
    with pytest.raises(ValueError, match="need not say it"):
        made("copy", ON_TOP.claim, given=(copied,), proof=3 * BASIC)


def test_only_what_can_be_supposed_is_supposed() -> None:
    with pytest.raises(TypeError, match="neither a claim"):
        made("wrong", EVEN, given=(x,), proof=EVEN)


@pytest.mark.parametrize("proof", [x - y, "induction on n", True, STEP])
def test_what_is_no_proof_is_refused_where_it_is_written(proof: Any) -> None:
    with pytest.raises(TypeError, match="is no proof; give facts"):
        made("wrong", EVEN, proof=proof)
    with pytest.raises(TypeError, match="is no proof"):
        induction(n, step=proof)


def test_a_claim_is_one_that_the_words_make() -> None:
    with pytest.raises(TypeError, match=r"claims x >= y; write equal"):
        made("wrong", x >= y, proof=EVEN)


def test_a_claim_of_which_nothing_is_left_is_refused() -> None:
    """SymPy cancels before anyone sees it: the denominator that was to be proved not 0 is gone."""
    with pytest.raises(ValueError, match="says nothing: SymPy has made y of both sides"):
        made("wrong", equal((x + w) * (y / (x + w)), y), proof=exact_algebra)


def test_no_statement_of_the_package_loses_what_its_facts_need() -> None:
    for statement in (statement for derivation in load_all() for statement in derivation.statements):
        for fact in facts(statement.proof):
            if isinstance(fact, Statement):
                assert set(fact.definitions) <= set(statement.definitions), statement.id


@pytest.mark.parametrize(
    ("change", "altered"),
    [
        (right(x), {"right": x}),
        (left(x), {"left": x}),
        (greater(x**2, y), {"relation": Relation.GREATER}),
        (at_least(x**2, 2 * y), {"right": 2 * y}),
        (without(ORDER), {"given": (EVEN,)}),
        (instead(ORDER, at_least(x, 1)), {"given": (EVEN, at_least(x, 1))}),
    ],
)
def test_a_near_miss_is_one_change(change: Any, altered: dict[str, Any]) -> None:
    claim = at_least(x**2, y)
    statement = made("miss", claim, given=(EVEN, ORDER), proof=EVEN, misses={"why": change})
    (near_miss,) = statement.near_misses
    missed = statement.altered(near_miss)
    for name in ("left", "relation", "right", "over", "given"):
        assert getattr(missed, name) == altered.get(name, getattr(statement, name)), name


@pytest.mark.parametrize(
    "change", [at_least(x, x), at_least(x**2, y), without(at_least(y, 1)), equal(x**2, x)]
)
def test_a_near_miss_that_changes_nothing_or_two_things_is_refused(change: Any) -> None:
    with pytest.raises(ValueError, match="near-miss 'why'"):
        made("miss", at_least(x**2, y), given=(EVEN,), proof=EVEN, misses={"why": change})


def test_a_relation_that_is_missed_is_refuted() -> None:
    square = made("square", at_least(w**2, 0), proof=nonnegative(w**2), misses={"strict": greater(w**2, 0)})
    (near_miss,) = square.near_misses
    at_zero = Domain(define={w: sp.Integer(0)})
    assert square.altered(near_miss).relation is Relation.GREATER
    pair = made(
        "square", at_least(w**2, 0), proof=nonnegative(w**2), misses={"strict": (greater(w**2, 0), at_zero)}
    )
    result = prove(pair, ledger=Ledger())
    assert result.verdict is Verdict.PROVED
    assert [why for why, *_ in result.near_misses] == ["strict"]


# -- test points -------------------------------------------------------------------------------------------


def test_where_it_is_tested_is_what_is_written_by_hand() -> None:
    """Where nothing is written the test finds all points by itself, for near-misses too."""
    here, there = Domain(define={y: x**2}), Domain(ranges={x: (1, 2)})
    miss = {"no hypothesis": without(EVEN)}
    for written, domains in (({}, (Domain(),)), ({"test": here}, (here,)), ({"test": (here, there)},) * 2):
        statement = made("where", EVEN, given=(EVEN,), proof=EVEN, misses=miss, **written)
        assert statement.domains == (domains if isinstance(domains, tuple) else domains["test"])
        assert statement.altered(*statement.near_misses).domains == statement.domains
    hint = made("hint", EVEN, given=(EVEN,), proof=EVEN, misses={"no hypothesis": (without(EVEN), there)})
    assert hint.domains == (Domain(),)
    assert hint.altered(*hint.near_misses).domains == (there,)
    assert all(prove(each, ledger=Ledger()).verdict is Verdict.PROVED for each in (statement, hint))


# -- the letters -------------------------------------------------------------------------------------------


def stars(path: Path) -> list[str]:
    """The modules from which a file imports everything."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return ["." * node.level + (node.module or "") for node in found if node.names[0].name == "*"]


def test_stars_bring_the_notation_and_nothing_else() -> None:
    for path in DERIVATIONS.rglob("*.py"):
        in_a_part = path.parent != DERIVATIONS
        assert set(stars(path)) <= ({"..notation"} if in_a_part else set()), path
    for path in (DERIVATIONS.parent / "symderive").rglob("*.py"):
        assert stars(path) == [], path


def shadowed(path: Path) -> set[str]:
    """Names that a file imports or defines before its star, which gives them another meaning in silence."""
    before: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                return before & set(notation.__all__)
            case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                before |= {alias.asname or alias.name for alias in imported}
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                before.add(name)
            case _:
                parts = (part for part in ast.walk(node) if isinstance(part, ast.Name))
                before |= {part.id for part in parts if isinstance(part.ctx, ast.Store)}
    return set()


def test_the_star_gives_no_name_another_meaning() -> None:
    """A letter that a section means otherwise is imported or assigned after the star, where it is seen."""
    modules = [path for path in DERIVATIONS.glob("*/*.py") if stars(path)]
    assert len(modules) > 50
    assert {path.name: names for path in modules if (names := shadowed(path))} == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from .spinodal import V, a\nfrom ..notation import *\n", {"a"}),
        ("from .spinodal import s as t, x\nfrom ..notation import *\n", {"t"}),
        ("from ..notation import *\nfrom .spinodal import s as t, x\n", set()),
        ("lam = 1\ndef dot(): pass\nfrom ..notation import *\n", {"lam", "dot"}),
        ("from ..notation import *\na = 1\n", set()),
    ],
)
def test_a_shadow_is_found(tmp_path: Path, source: str, names: set[str]) -> None:
    (tmp_path / "planted.py").write_text(source)
    assert shadowed(tmp_path / "planted.py") == names


def test_the_notation_is_written_out() -> None:
    assert len(set(notation.__all__)) == len(notation.__all__)
    assert all(hasattr(notation, name) for name in notation.__all__)


def test_a_star_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("def f():\n    from sympy import *\nfrom ..a.b import *\n")
    assert sorted(stars(tmp_path / "planted.py")) == ["..a.b", "sympy"]


def test_cauchy_schwarz_in_letters() -> None:
    assert CAUCHY_SCHWARZ.claim == at_least(
        sp.Sum(X[j] ** 2, (j, 1, n)) * sp.Sum(Y[j] ** 2, (j, 1, n)), sp.Sum(X[j] * Y[j], (j, 1, n)) ** 2
    )
    assert notation.form(sy.A_entry, sy.v_entry, n) == sp.Sum(
        sy.A_entry[j, k] * sy.v_entry[j] * sy.v_entry[k], (j, 1, n), (k, 1, n)
    )
