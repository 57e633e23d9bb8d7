"""The house: which package may import which, checked on the source, imports inside functions included."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import symderive

ROOT = Path(__file__).parent.parent

#: What the face of the package holds itself.
VERSION = "__version__"

#: From the ground up: a package (or a module at the top) imports lower floors only.
FLOORS = (
    (VERSION, "symbols", "errors", "verdict", "notebooks"),
    (
        "arithmetic",
        "core",
        "statements",
        "latex",
        "files",
        "figure_style",
        "sealed",
        "software",
        "processes",
    ),
    ("model", "data", "sampling", "displays", "weight_files", "coq"),
    ("formulas", "full_loss", "effective_ridge"),
    ("outputs", "thresholds", "proofs", "library"),
    ("landscape", "paper"),
    ("training", "export", "certificates", "writers"),
    ("sweeps", "derivations", "collapse", "proximal"),
    ("report", "resampling", "torch"),
    ("cli", "sklearn"),
    ("__main__",),
)

#: Walls without a door: what starts with the first name never reaches what starts with the second, itself
#: left out.
WALLS = (
    ("certificates.checker", ""),  # it shares no code with what made the certificate
    ("full_loss", "formulas"),
    ("full_loss", "effective_ridge"),
    ("statements", "proofs"),
    # What Coq is given is made of the records alone, not of what the package has proved or printed.
    ("coq", "core"),
    ("coq", "latex"),
    # The independent test of a statement knows how to evaluate, not how to rewrite.
    ("sampling", "proofs"),
    ("sampling", "core"),
    ("sampling", "statements.substitution"),
    ("sampling", "statements.specialize"),
    ("sampling", "statements.proof"),
    # What is printed is read by code that shares nothing but the nodes with what prints.
    ("displays.reading", "displays.printing"),
    ("displays.printing", "displays.reading"),
    # The core knows nothing but terms.
    ("core", "symbols"),
    ("core", "statements"),
)

#: The doors upwards.
EXCEPTIONS = {
    ("notebooks", "report.notebook"),  # a notebook shows a record by the tables of the command line
    ("model.network", "export.live"),  # ``Network.lambdify`` stays for those who call it
    ("model.network", "data.interface"),  # and names what it takes
    ("library.installed", "derivations"),  # the paper finds the theorems by their names
    ("library.load", "derivations.vocabulary"),  # and what their letters mean
    ("library.load", "derivations.main_text"),  # and what is told of them
    ("library.load", "derivations.seed_paper.claims"),  # and the claims that are replayed
}

#: Modules at the top of the package, besides its face.
MOST_MODULES = 12

#: Lines of a file, docstrings left out, which are as long as users need them.  The proof core and the
#: theorems are left out until they are rewritten, and so is what is generated.
MOST_LINES = 400
LONGER = ("symderive/proofs/", "derivations/", "symderive/effective_ridge/float_blocks.py")


def sources() -> dict[str, str]:
    """Every module of the package by its name below ``symderive``, and its text."""
    found = {}
    for folder, head in ((ROOT / "symderive", ()), (ROOT / "derivations", ("derivations",))):
        for path in folder.rglob("*.py"):
            parts = (*head, *path.relative_to(folder).with_suffix("").parts)
            found[".".join(part for part in parts if part != "__init__")] = path.read_text(encoding="utf-8")
    del found[""]  # the face of the package hands names on, from wherever they are
    return found


@cache
def imports_in(text: str) -> tuple[tuple[int, str, str], ...]:
    """Every import in a module, inside functions too, as (dots before it, module, name or ``""``)."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [(0, alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.level, node.module or "", alias.name) for alias in node.names]
        elif isinstance(node, ast.Call) and node.args and _called(node) in ("import_module", "__import__"):
            found.append((0, _beginning(node.args[0]), ""))
    return tuple(found)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _beginning(node: ast.expr) -> str:
    """A name that is given as text, as far as it is written out."""
    if isinstance(node, ast.JoinedStr):
        node = node.values[0]
    return node.value.rstrip(".") if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def imports_of(module: str, text: str, modules: Mapping[str, str]) -> Iterator[str]:
    """The modules of the package that one imports, anywhere in its text; ``""`` is the whole package."""
    is_package = any(name.startswith(f"{module}.") for name in modules)
    package = module.split(".") if is_package else module.split(".")[:-1]
    for level, base, name in imports_in(text):
        if level:
            base = ".".join(
                part for part in ("symderive", *package[: len(package) - level + 1], base) if part
            )
        head, _, below = base.partition(".")
        if head == "derivations":  # the folder has this name, too, in a clone
            head, below = "symderive", base
        if head != "symderive":
            continue
        if not below and name in symderive._HOME:
            below = symderive._HOME[name]
        inner = f"{below}.{name}".strip(".")
        if inner in modules:
            yield inner
        elif below or name in ("", "*"):
            yield below
        else:
            yield VERSION


def floor_of(module: str) -> int:
    return next(number for number, names in enumerate(FLOORS) if module.split(".")[0] in names)


def reached(module: str, arrows: Mapping[str, set[str]]) -> set[str]:
    """All that a module imports, directly or through others."""
    found: set[str] = set()
    new = arrows.get(module, set())
    while new:
        found |= new
        new = set().union(*(arrows.get(other, set()) for other in new)) - found
    return found


def faults(modules: Mapping[str, str]) -> list[str]:
    """What is wrong with the house, a sentence each."""
    arrows = {}
    for module, text in modules.items():
        imported = set(imports_of(module, text, modules)) - {module}
        arrows[module] = {other for other in imported if (module, other) not in EXCEPTIONS}
    found = [f"{module} imports the whole package" for module, imported in arrows.items() if "" in imported]
    for module, imported in arrows.items():
        for other in imported - {""}:
            apart = module.split(".")[0] != other.split(".")[0]
            if apart and floor_of(other) >= floor_of(module):
                found.append(f"{module} imports {other}, which is not on a lower floor")
        for inside, outside in WALLS:
            if module.startswith(inside):
                found += [
                    f"{module} reaches {other} through a wall"
                    for other in reached(module, arrows)
                    if other.startswith(outside) and not other.startswith(inside)
                ]
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        found.append(f"modules import one another in a circle: {' -> '.join(error.args[1])}")
    return found


def test_every_arrow_points_down() -> None:
    assert faults(sources()) == []


def test_every_package_has_a_floor() -> None:
    assert {name.split(".")[0] for name in sources()} == {name for names in FLOORS for name in names} - {
        VERSION
    }


def test_the_exception_is_needed() -> None:
    modules = sources()
    for module, other in EXCEPTIONS:
        assert other in set(imports_of(module, modules[module], modules))


@pytest.mark.parametrize(
    ("module", "text", "fault"),
    [
        ("arithmetic.exact", "from symderive.model.network import Network", "not on a lower floor"),
        ("arithmetic.exact", "def f():\n    from symderive import Network", "not on a lower floor"),
        ("data.moments", "import symderive.landscape.landscape", "not on a lower floor"),
        ("thresholds.thresholds", "from symderive.outputs import modes", "not on a lower floor"),
        ("derivations.ridge.dual", "from ...sweeps import grid", "not on a lower floor"),
        ("data.reading.values", "def f():\n    from symderive.data.moments import Moments", "circle"),
        ("full_loss.recursion", "from symderive.effective_ridge import roots", "wall"),
        ("full_loss.layers", "def f():\n    from symderive.formulas.reduction import reduce", "wall"),
        ("statements.claim", "from symderive.proofs.replay import check", "wall"),
        ("sampling.truth", "from symderive.core import forms", "wall"),
        ("sampling.limits", "from symderive.core.calculus import limit", "wall"),
        ("sampling.meet", "from symderive.statements import substitute", "wall"),
        ("displays.reading.cursor", "from symderive.displays.printing.spelling import spelled", "wall"),
        ("displays.reading.tokens", "from symderive.displays import unfold", "wall"),
        ("displays.printing.text", "from symderive.displays.reading.tokens import tokens_of", "wall"),
        ("certificates.checker", "from symderive.arithmetic.exact import ball", "wall"),
        ("certificates.checker_data", "from symderive import errors", "wall"),
        ("certificates.checker", "from symderive import __version__", "wall"),
        ("arithmetic.exact", "from derivations.ridge.dual import DERIVATION", "not on a lower floor"),
        ("symbols", "from .landscape.solve import solve", "not on a lower floor"),
        ("full_loss.recursion", "import symderive.effective_ridge.roots as r", "wall"),
        ("arithmetic.exact", "import symderive as s", "the whole package"),
        ("data.moments", "from symderive import *", "the whole package"),
        (
            "thresholds.thresholds",
            "importlib.import_module('symderive.sweeps.sweep')",
            "not on a lower floor",
        ),
        ("outputs.modes", "__import__(f'symderive.report.{name}')", "not on a lower floor"),
        ("effective_ridge", "from symderive.landscape import solve", "not on a lower floor"),
    ],
)
def test_a_planted_import_is_found(module: str, text: str, fault: str) -> None:
    modules = sources()
    modules[module] += f"\n{text}\n"
    assert any(module in line and fault in line for line in faults(modules)), faults(modules)


def test_the_page_on_the_architecture_has_the_same_floors() -> None:
    shown = floors_shown((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    assert shown == {name: floor for floor, names in enumerate(FLOORS) for name in names if name in shown}
    folders = {path.parent.name for path in (ROOT / "symderive").glob("*/__init__.py")}
    assert set(shown) == folders | {"derivations"}


def test_a_package_on_another_floor_of_the_page_is_found() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    moved = text.replace("| 9 | `cli`", "| 8 | `cli`")
    assert floors_shown(moved)["cli"] == 8


def floors_shown(text: str) -> dict[str, int]:
    """Package and floor of each row of the table; a row without a number is on the floor of that above."""
    shown, floor = {}, ""
    for number, name in re.findall(r"^\| (\d*) ?\| `(\w+)` \|", text, re.MULTILINE):
        floor = number or floor
        shown[name] = int(floor)
    return shown


def test_the_top_of_the_package_is_short() -> None:
    assert len(list((ROOT / "symderive").glob("*.py"))) <= MOST_MODULES + 1


def test_files_are_short() -> None:
    for path in (*(ROOT / "symderive").rglob("*.py"), *(ROOT / "derivations").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(LONGER):
            assert code_lines(path.read_text(encoding="utf-8")) <= MOST_LINES, name


def code_lines(text: str) -> int:
    """Lines of a module besides its docstrings."""
    homes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = (node.body[0] for node in ast.walk(ast.parse(text)) if isinstance(node, homes) and node.body)
    told = (
        node
        for node in found
        if isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str)
    )
    return len(text.splitlines()) - sum((node.end_lineno or 0) - node.lineno + 1 for node in told)


def test_docstrings_do_not_count_and_other_text_does() -> None:
    told = '"""A module.\n\nTwo lines more."""\n\n\ndef f():\n    """One line."""\n    return 1\n'
    assert code_lines(told) == len(told.splitlines()) - 4
    assert code_lines(told.replace('    """One', '    text = """One')) == len(told.splitlines()) - 3


def test_every_folder_is_installed() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    # The examples are data that is copied for users, see files/examples.py.
    data = {"symderive.examples", "symderive.examples.exported", "symderive.examples.gallery"}
    listed = set(config["options"]["packages"].split()) - data
    folders = {"symderive" + f".{name}" * bool(name) for name in packages()}
    assert listed == folders
    for top in ("symderive", "derivations"):
        assert all((path.parent / "__init__.py").exists() for path in (ROOT / top).rglob("*.py"))


def packages() -> Iterator[str]:
    for folder, head in ((ROOT / "symderive", ()), (ROOT / "derivations", ("derivations",))):
        for path in folder.rglob("__init__.py"):
            yield ".".join((*head, *path.parent.relative_to(folder).parts))


def test_the_words_of_a_derivation_are_public() -> None:
    """All but ``z``, a letter."""
    from symderive import statements

    assert set(symderive._WORDS) == set(statements.__all__) - {"z"}
    assert all(getattr(symderive, name) is not None for name in symderive.__all__)
