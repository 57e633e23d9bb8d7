"""What every statement says, one field a line, to compare two versions of the derivations.

    python benchmarks/compare_statements.py dump > before.txt
    python benchmarks/compare_statements.py compare before.txt [--points]

``compare`` lists what is different now, ``--points`` with the test points.  A claim, a hypothesis, a
definition, a near-miss or a proof that differs is a fault of a rewrite; test points may differ and are
counted apart.  Conditions in words may stand in another order.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import sympy as sp

from symderive.library.load import load_all
from symderive.statements import Derivation, NearMiss, Statement

#: Fields that say where a statement is tested, not what it says.
POINTS = ("domains", "domains of the near-misses")


def text(value: Any) -> str:
    """A record as text that determines it; a statement in a proof is its name."""
    if isinstance(value, sp.Basic):
        kinds = sorted(f"{s}{sorted(s.assumptions0.items())}" for s in value.atoms(sp.Symbol))
        kinds += sorted(f"{b}{sorted(b.assumptions0.items())}" for b in value.atoms(sp.IndexedBase))
        mark = hashlib.sha256(f"{sp.srepr(value)}{kinds}".encode()).hexdigest()[:10]
        return f"{value} <{mark}>"
    if isinstance(value, (Statement, Derivation)):
        return f"[{value.id}]"
    if isinstance(value, int):
        return text(sp.Integer(value))
    if is_dataclass(value):
        parts = ", ".join(f"{part.name}={text(getattr(value, part.name))}" for part in fields(value))
        return f"{type(value).__name__}({parts})"
    if isinstance(value, tuple):
        return f"({', '.join(map(text, value))})"
    return str(value)


def missed(statement: Statement, near_miss: NearMiss) -> str:
    """What a near-miss says instead: only what differs from the statement."""
    altered = statement.altered(near_miss)
    changes = [
        f"{name}: {text(getattr(altered, name))}"
        for name in ("left", "relation", "right", "over", "given")
        if getattr(altered, name) != getattr(statement, name)
    ]
    return f"{near_miss.why}: {'; '.join(changes)}"


def lines_of(statement: Statement) -> Iterator[tuple[str, str]]:
    """The fields of a statement."""
    yield "title", statement.title
    yield "claim", text(statement.claim)
    yield "given", "\n".join(map(text, statement.given))
    yield "definitions", "\n".join(sorted(map(text, statement.definitions)))
    yield "conditions", "\n".join(sorted(statement.all_conditions()))
    yield "reference", statement.reference
    yield "prose", statement.prose
    yield "proof", text(statement.proof)
    yield "near-misses", "\n".join(missed(statement, miss) for miss in statement.near_misses)
    yield POINTS[0], "\n".join(map(text, statement.domains))
    yield POINTS[1], "\n".join(text(statement.altered(miss).domains) for miss in statement.near_misses)


def dump() -> dict[str, str]:
    """Every field of every statement by its name, and what a derivation says besides."""
    found = {}
    named = importlib.import_module("symderive.derivations.inequalities").ALL
    for statement in (*named, *(s for d in load_all() for s in d.statements)):
        for name, value in lines_of(statement):
            found[f"{statement.id} · {name}"] = value
    for derivation in load_all():
        names = ", ".join(statement.id for statement in derivation.statements)
        captions = [caption for caption, _ in (*derivation.figures, *derivation.tables)]
        found[f"{derivation.id} · section"] = f"{derivation.title}\n{derivation.prose}\n{names}\n{captions}"
    return found


def parsed(dumped: str) -> dict[str, str]:
    """The fields of a dump that was written."""
    blocks = (block.split("\n", 1) for block in dumped.split("\n### ")[1:])
    return {name: value.rstrip("\n") for name, value in blocks}


def written(found: dict[str, str]) -> str:
    """A dump as text."""
    return "".join(f"\n### {name}\n{value}\n" for name, value in found.items())


def main(arguments: list[str]) -> int:
    """``dump``, or ``compare FILE``; the number of differences is the exit status, at most 1."""
    found = dump()
    if arguments == ["dump"]:
        print(written(found))
        return 0
    shows_points = arguments[2:] == ["--points"]
    if len(arguments) != 2 + shows_points or arguments[0] != "compare":
        print(__doc__)
        return 2
    before, now = parsed(Path(arguments[1]).read_text(encoding="utf-8")), parsed(written(found))
    differences = [name for name in dict.fromkeys([*before, *now]) if before.get(name) != now.get(name)]
    points = [name for name in differences if name.endswith(POINTS)]
    for name in differences:
        if shows_points or name not in points:
            print(f"### {name}\n- {before.get(name)}\n+ {now.get(name)}")
    print(
        f"{len(now)} fields, {len(differences) - len(points)} differ; {len(points)} of test points differ"
    )
    return int(len(differences) > len(points))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
