"""The ledger and digests: a verdict is kept under all that it rests on, believed only as it was kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from sympy.utilities.lambdify import implemented_function
from test_architecture import imports_of, reached, sources

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.proofs import digest as digests
from symderive.proofs.digest import fingerprint
from symderive.proofs.ledger import Ledger, digest
from symderive.proofs.prover import prove
from symderive.statements import (
    AXIOM,
    HYPOTHESIS,
    Domain,
    Induct,
    NearMiss,
    Recursion,
    Relation,
    Statement,
    Use,
    combine,
    equal,
)
from symderive.statements.proof import Mark
from symderive.verdict import Verdict

D, i, j, n = sy.D, sy.i, sy.j, sy.n
w, u = sp.symbols("w u", real=True)
M, X = (sp.IndexedBase(name, real=True) for name in "MX")


def square(**changes: Any) -> Statement:
    """(w + 1)² = w² + 2w + 1, or what the changes make of it."""
    parts: dict[str, Any] = {
        "id": "square",
        "title": "A square",
        "left": (w + 1) ** 2,
        "right": w**2 + 2 * w + 1,
        "reference": "school",
        "proof": combine(),
        "near_misses": (NearMiss("no middle term", right=w**2 + 1),),
    }
    return Statement(**parts | changes)


FALSE = square(right=w**2 + 3 * w + 1)


def by(fact: Any, **place: Any) -> Statement:
    return square(proof=combine(Use(fact, **place)))


# -- verdicts ------------------------------------------------------------------------------------------


def test_the_ledger_keeps_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path / "a" / "b")
    first = prove(square(), ledger=ledger)
    # It would fail if anything were done again.
    monkeypatch.setattr("symderive.proofs.prover._verdict", None)
    assert prove(square(), ledger=ledger) == first
    assert first.verdict is Verdict.PROVED
    assert first.near_misses
    with pytest.raises(TypeError):
        prove(square(), ledger=ledger, seed=1)


def test_a_fresh_ledger_proves_again_and_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = prove(square(), ledger=Ledger(tmp_path, fresh=True))
    monkeypatch.setattr("symderive.proofs.prover._verdict", None)
    assert prove(square(), ledger=Ledger(tmp_path)) == first
    with pytest.raises(TypeError):
        prove(square(), ledger=Ledger(tmp_path, fresh=True))


def record_of(statement: Statement, ledger: Ledger) -> Path:
    return ledger.folder / f"{digest(statement, 50, 0)}.json"


def test_an_edited_verdict_is_not_believed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert prove(FALSE, ledger=ledger).verdict is Verdict.REFUTED
    path = record_of(FALSE, ledger)
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"verdict": "PROVED"}))
    assert prove(FALSE, ledger=ledger).verdict is Verdict.REFUTED
    assert json.loads(path.read_text())["verdict"] == "REFUTED"


def test_the_verdict_of_another_statement_is_not_believed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert prove(square(), ledger=ledger).verdict is Verdict.PROVED
    path = record_of(square(), ledger).rename(record_of(FALSE, ledger))
    assert prove(FALSE, ledger=ledger).verdict is Verdict.REFUTED
    assert json.loads(path.read_text())["verdict"] == "REFUTED"


def test_a_ledger_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        prove(square(), ledger=Ledger(tmp_path / "file" / "folder"))


def test_a_verdict_is_not_that_of_the_same_name_with_other_assumptions(tmp_path: Path) -> None:
    """V > 0 in every index, and V of either sign: printed alike, and only one is true."""
    ledger, label = Ledger(tmp_path), sp.Symbol("V")

    def statement(**assumptions: Any) -> Statement:
        total = sp.Sum(sp.IndexedBase(label, **assumptions)[j], (j, 1, n))
        wrong = NearMiss("the other sign", left=-total)
        return square(
            left=total, right=0, relation=Relation.GREATER, proof=combine(plus=total), near_misses=(wrong,)
        )

    assert prove(statement(positive=True), ledger=ledger).verdict is Verdict.PROVED
    assert prove(statement(real=True), ledger=ledger).verdict is Verdict.REFUTED


# -- digests -------------------------------------------------------------------------------------------


def f(**assumptions: Any) -> Any:
    return sp.Function("f", **assumptions)(w)


def base(**assumptions: Any) -> Any:
    return sp.IndexedBase(sp.Symbol("V"), **assumptions)[j]


def recursion(step: Any) -> Recursion:
    return Recursion(M, (i,), sp.Integer(1), step)


LEMMA = square(id="lemma")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (square(), square(right=w**2 + 1)),
        (square(), square(id="other")),
        (square(), square(relation=Relation.AT_LEAST)),
        (square(), square(over=((j, 1, n),))),
        (square(over=((j, 1, n),)), square(over=((j, 2, n),))),
        (square(), square(given=(equal(w, 1),))),
        (square(), square(proof=None)),
        (square(proof=None), square(proof=AXIOM)),
        (square(), square(near_misses=())),
        (square(), square(near_misses=(NearMiss("another", right=w**2 + 1),))),
        (square(), square(near_misses=(NearMiss("no middle term", right=w**2),))),
        (square(), square(domains=(Domain(ranges=((w, (0, 1)),)),))),
        (square(definitions=(recursion(w),)), square(definitions=(recursion(u),))),
        (square(proof=combine()), square(proof=combine(plus=sp.Integer(0)))),
        (by(LEMMA), by(replace(LEMMA, proof=None))),
        (by(LEMMA), by(replace(LEMMA, near_misses=()))),
        (by(LEMMA), by(LEMMA, times=2)),
        (by(LEMMA, where={w: u}), by(LEMMA, where={w: 2 * u})),
        (by(by(LEMMA)), by(by(replace(LEMMA, left=w)))),
        (by(HYPOTHESIS), by(AXIOM)),
        (square(proof=Induct(D, combine(), combine())), square(proof=Induct(D, combine(), combine(), 1))),
        (square(left=sp.Symbol("w")), square(left=sp.Symbol("w", real=True))),
        (square(left=sp.Symbol("w", real=True)), square(left=sp.Symbol("w", positive=True))),
        (square(left=sp.Symbol("w", integer=True)), square(left=sp.Symbol("w", even=True))),
        (square(left=sp.Symbol("w")), square(left=sp.Symbol("w", commutative=False))),
        (square(left=sp.Symbol("w")), square(left=sp.Dummy("w"))),
        (square(left=sp.Dummy("w")), square(left=sp.Dummy("w"))),
        (square(left=base(real=True)), square(left=base(positive=True))),
        (square(left=base(real=True)), square(left=base())),
        (square(left=base()), square(left=sp.IndexedBase(sp.Symbol("V", real=True))[j])),
        (square(left=base()), square(left=sp.IndexedBase(sp.Symbol("V"), shape=(n,))[j])),
        (square(left=f(real=True)), square(left=f(positive=True))),
        (square(left=f()), square(left=f(real=True))),
        (square(left=f()), square(left=sp.Function("g")(w))),
        (square(left=sp.Integer(1)), square(left=sp.Float(1))),
        (square(left=sp.Add(w, w, evaluate=False)), square(left=2 * w)),
        (square(left=sp.true), square(left=sp.Integer(1))),
    ],
)
def test_what_differs_has_another_digest(one: Statement, other: Statement) -> None:
    assert fingerprint(one) is not None
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize(
    "again",
    [
        lambda: square(),
        lambda: by(square(id="lemma"), where={w: u}),
        lambda: square(left=base(positive=True), definitions=(recursion(w),)),
        lambda: square(left=f(positive=True), proof=Induct(D, combine(Use(HYPOTHESIS)), combine())),
    ],
)
def test_what_is_made_twice_has_one_digest(again: Callable[[], Statement]) -> None:
    assert fingerprint(again()) == fingerprint(again())
    assert len(str(fingerprint(again()))) == 64


def test_words_prove_nothing() -> None:
    words = {"title": "Other", "prose": "Other.", "reference": "other", "conditions": ("w is drawn",)}
    assert fingerprint(square(**words)) == fingerprint(square())
    assert fingerprint(by(replace(LEMMA, **words))) == fingerprint(by(LEMMA))


def test_hash_seeds_do_not_matter() -> None:
    code = (
        "from symderive.library.load import load\n"
        "from symderive.proofs.digest import fingerprint\n"
        "print([fingerprint(statement) for statement in load('loss').statements])"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert b"None" not in found.pop()


@dataclass(frozen=True)
class OwnProof:
    """A record that proofs do not know."""


class OwnSymbol(sp.Symbol):
    """A symbol that may do anything."""


@pytest.mark.parametrize(
    "statement",
    [
        square(proof=OwnProof()),
        square(proof=Mark("AXIOM")),
        square(left=OwnSymbol("w", real=True)),
        square(left=implemented_function("f", lambda value: value)(w)),
        square(domains=(Domain(ranges=((w, [0, 1]),)),)),  # type: ignore[arg-type]
        by(square(id="lemma", proof=OwnProof())),
    ],
)
def test_what_cannot_be_seen_through_is_not_kept(statement: Statement, tmp_path: Path) -> None:
    assert fingerprint(statement) is None
    ledger = Ledger(tmp_path)
    assert digest(statement, 50, 0) is None
    ledger.put(None, prove(square()))
    assert ledger.get(None) is None
    assert not list(tmp_path.iterdir())


def test_a_hash_is_found_once_and_stays_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    statement = square()
    assert hash(statement) == hash(square())
    assert copy(statement).__dict__.keys() == square().__dict__.keys()
    monkeypatch.setattr("symderive.statements.statement.fields", None)
    assert hash(statement) == hash(statement)
    with pytest.raises(TypeError):
        hash(square())


# -- software --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["sympy", "mpmath", "python-flint"])
def test_the_digest_changes_with_the_packages(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known, version = digests.core_digest(), metadata.version
    found_again = digests.core_digest.__wrapped__
    assert found_again() == known
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == package else version(name))
    assert found_again() != known


def test_the_digest_changes_with_precision_points_and_core(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [digest(square(), 50, 0), digest(square(), 51, 0), digest(square(), 50, 1)]
    monkeypatch.setattr("symderive.proofs.ledger.core_digest", lambda: "another")
    assert len({*found, digest(square(), 50, 0)}) == 4


def test_the_digest_changes_with_every_file(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("x = 1\n")
    other.write_text("y = 2\n")
    (tmp_path / ".other.py").write_text("an editor's")
    known = digests.digest_of_files(digests.modules(tmp_path), ())
    other.write_text("y = 3\n")
    changed = digests.digest_of_files(digests.modules(tmp_path), ())
    other.rename(tmp_path / "another.py")
    renamed = digests.digest_of_files(digests.modules(tmp_path), ())
    assert len({known, changed, renamed}) == 3
    assert [path.name for path in digests.modules(tmp_path)] == ["another.py", "one.py"]


def test_a_file_that_is_edited_during_a_run_does_not_count_as_its_own() -> None:
    """The source is read where it is loaded, and not again."""
    code = (
        "from pathlib import Path\n"
        "from symderive.proofs import digest, prover\n"
        "Path.read_bytes = None\n"
        "print(digest.core_digest())"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == digests.core_digest()


#: What the prover reaches besides: errors are worded, and the number of digits is checked, by a module that
#: sets FLINT's precision for others.
HARMLESS = {"errors", "arithmetic.exact", "arithmetic.turns"}


def outside(listed: tuple[str, ...]) -> set[str]:
    """Modules that the prover imports, directly or not, and that lie in none of the places."""
    modules = sources()
    arrows = {name: set(imports_of(name, text, modules)) - {name} for name, text in modules.items()}
    places = tuple(name.removesuffix(".py") for name in listed)
    return {
        name
        for name in {"proofs.prover"} | reached("proofs.prover", arrows)
        if not any(name == place or name.startswith(f"{place}.") for place in places)
    }


def test_a_verdict_rests_on_nothing_else() -> None:
    assert outside(digests.CORE) == HARMLESS


@pytest.mark.parametrize("place", digests.CORE)
def test_every_place_is_needed(place: str) -> None:
    assert outside(tuple(name for name in digests.CORE if name != place)) > HARMLESS
