"""The files of the package as trees, each parsed once in a process however many tests look at it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import symderive

HOME = Path(symderive.__file__).parent


@cache
def trees() -> dict[str, ast.Module]:
    """By the path inside the package; who reads them leaves them as they are."""
    return {
        path.relative_to(HOME).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(HOME.rglob("*.py"))
    }


@cache
def nodes() -> dict[str, tuple[ast.AST, ...]]:
    """Every node of every file."""
    return {name: tuple(ast.walk(tree)) for name, tree in trees().items()}
