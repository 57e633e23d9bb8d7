"""The certified blocks as plain Python on floats, for the search of one instance inside the package.

It is no target for users: ``python -m symderive.export.targets.floats`` writes the modules ``float_blocks``
and ``float_passes`` of :mod:`symderive.effective_ridge`, which stands below this package; a test compares.

What a block does on numbers is one function; its passes over the features are methods of ``Loops`` or of
``Arrays`` (NumPy, for many features), one for each stage.  Where array languages compute both sides of
every choice, Python takes one: definitions that only one side needs are made under an ``if``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill as wrapped
from textwrap import indent
from typing import TypeAlias

from symderive.export.ir.blocks import Block, Stage
from symderive.export.ir.nodes import BOOL, Node
from symderive.export.solver.certified.logarithm import COEFFICIENTS, HIGH, LOW
from symderive.export.solver.certified.solver import describe_certified
from symderive.export.targets.frame import fill
from symderive.export.targets.header import WIDTH
from symderive.export.targets.python import broken
from symderive.export.targets.text import (
    ANY,
    ATOM,
    BOTH,
    CHOICE,
    COMMON,
    EITHER,
    NEGATED,
    Row,
    Syntax,
    call,
    infix,
    require_complete,
)

#: Where the modules stand.
FOLDER = Path(__file__).parents[2] / "effective_ridge"

_CHOICE = Row("{1} if {0} else {2}", CHOICE, (EITHER, EITHER, CHOICE))

SYNTAX = require_complete(
    Syntax(
        rows={
            **COMMON,
            "pow": call("pow", 2),
            "abs": call("abs"),
            "min": call("min", 2),
            "max": call("max", 2),
            "and": infix("and", BOTH, loose=True),
            "or": infix("or", EITHER, loose=True),
            "not": Row("not {}", NEGATED, (NEGATED,)),
            "select": _CHOICE,
            "choose": _CHOICE,
            "sum": Row("{}", ATOM, (ANY,)),
            "top": Row("{}", ATOM, (ANY,)),
            "ln": call("ln"),
            "unit": call("_unit"),
        },
        machine={"epsilon": "EPSILON", "tiny": "TINY"},
        integer=lambda value: repr(float(value)),
    )
)

#: Conditions, and the side of each that must be taken, from the outermost on.
Guard: TypeAlias = tuple[tuple[Node, bool], ...]

#: What a single solve has no use for: the values at the points come from balls.
VALUES = ("loss", "gap", "norm", "layer_decay", "variance")
UNUSED = {"impossible", *VALUES, *(f"{name}_radius" for name in VALUES)}

#: How sums are gathered in a loop and in arrays, and where they round least.
_PLAIN, _FINE = ("{name} += {value}", "float({value}.sum())"), ("{name}.append({value})", "halved({value})")
FINE = ("finish",)


@dataclass(frozen=True)
class _Line:
    """A statement ``name = value``, or one of its two sides, that is made where the guard holds."""

    guard: Guard
    text: str
    defines: tuple[str, ...]
    uses: frozenset[str]


def write() -> Mapping[str, str]:
    """The modules by name: source text."""
    blocks = [_used(block) for block in describe_certified().blocks]
    passes = [(block, at, stage) for block in blocks for at, stage in enumerate(block.stages)]
    passes = [(block, at, stage) for block, at, stage in passes if stage.reductions or stage.stored]
    marks = {
        "high": repr(HIGH),
        "low": repr(LOW),
        **{f"c{i}": repr(value) for i, value in enumerate(COEFFICIENTS)},
        "loops": indent("\n".join(_loop(*one) for one in passes), "    ").rstrip(),
        "arrays": indent("\n".join(_array(*one) for one in passes), "    ").rstrip(),
    }
    return {
        "float_passes": fill("float_passes", marks),
        "float_blocks": fill("float_blocks", {"blocks": "\n\n".join(map(_function, blocks)).rstrip()}),
    }


def _used(block: Block) -> Block:
    """The block without the results that are not used."""
    outputs = {name: node for name, node in block.outputs.items() if name not in UNUSED}
    return Block(block.name, block.purpose, block.inputs, outputs, block.hints)


# -- passes over the features -----------------------------------------------------------------------------


def _loop(block: Block, at: int, stage: Stage) -> str:
    """A method of ``Loops``."""
    names, fine = block.names, block.name in FINE
    start = {"sum": "[]" if fine else "0.0", "top": "-inf"}
    gather = {"sum": (_FINE if fine else _PLAIN)[0], "top": "{name} = max({name}, {value})"}
    body = [f"{let.name} = {start[let.node.op]}" for let in stage.reductions]
    body += [f"out_{let.name} = []" for let in stage.stored]
    body.append(f"for {', '.join(_vectors(block))} in self.pairs:")
    inside = [f"{let.name} = {SYNTAX.write(let.node, names, whole=True)}" for let in stage.vectors]
    for let in stage.reductions:
        value = SYNTAX.write(let.node.args[0], names)
        inside.append(gather[let.node.op].format(name=let.name, value=value))
    inside += [f"out_{let.name}.append({SYNTAX.write(let.node, names)})" for let in stage.stored]
    body += [f"    {line}" for line in inside]
    results = [f"fsum({let.name})" if fine else let.name for let in stage.reductions]
    return _method(block, at, stage, "Loops", body, results)


def _array(block: Block, at: int, stage: Stage) -> str:
    """A method of ``Arrays``."""
    names, fine = block.names, block.name in FINE
    gather = {"sum": (_FINE if fine else _PLAIN)[1], "top": "float({value}.max())"}
    body = [f"{', '.join(_vectors(block))} = self.pairs"]
    body += [f"{let.name} = {SYNTAX.write(let.node, names, whole=True)}" for let in stage.vectors]
    body += [f"out_{let.name} = {SYNTAX.write(let.node, names)}" for let in stage.stored]
    results = []
    for let in stage.reductions:
        value = SYNTAX.write(let.node.args[0], names)
        value = value if fine or value.isidentifier() else f"({value})"
        results.append(gather[let.node.op].format(value=value))
    return _method(block, at, stage, "Arrays", body, results)


def _method(block: Block, at: int, stage: Stage, kind: str, body: list[str], results: list[str]) -> str:
    if stage.stored:
        results = [*results, f"{kind}({', '.join(f'out_{let.name}' for let in stage.stored)})"]
    types = ["float"] * len(stage.reductions) + [kind] * bool(stage.stored)
    given = "".join(f", {name}: float" for name in _numbers(block, stage))
    gives = types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
    head = f"def {_name(block, at)}(self{given}) -> {gives}:"
    lines = [*body, f"return {', '.join(results)}"]
    return "\n".join(
        [head, *(indent(broken(line) if " = " in line else line, "    ") for line in lines), ""]
    )


def _name(block: Block, at: int) -> str:
    """The name of a pass."""
    return block.name if sum(1 for stage in block.stages if stage.reductions) == 1 else f"{block.name}_{at}"


def _vectors(block: Block) -> list[str]:
    """The two vectors over which a block runs."""
    return [node.value for node in block.inputs if node.type.vector]


def _numbers(block: Block, stage: Stage) -> list[str]:
    """The numbers that a pass needs, in a fixed order."""
    found: dict[str, None] = {}
    names = block.names

    def visit(node: Node) -> None:
        if not node.type.vector and node in names:
            found[names[node]] = None
        else:
            for arg in node.args:
                visit(arg)

    for let in (*stage.vectors, *stage.stored):
        for arg in let.node.args:
            visit(arg)
    for let in stage.reductions:
        visit(let.node.args[0])
    return list(found)


# -- what is done on numbers ------------------------------------------------------------------------------


def _function(block: Block) -> str:
    """A function of numbers, which lets its first argument run over the features."""
    has_vectors = bool(_vectors(block))
    used = [node for node in block.inputs if node in block.nodes and not node.type.vector]
    given = ["over: Vectors"] * has_vectors + [f"{node.value}: float" for node in used]
    outputs = {name: node for name, node in block.outputs.items() if not node.type.vector}
    results = [SYNTAX.write(node, block.names) for node in outputs.values()]
    types = ["bool" if node.type == BOOL else "float" for node in outputs.values()]
    if len(outputs) < len(block.outputs):
        results, types = ["scaled", *results], ["Vectors", *types]
    gives = types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
    listed = wrapped(", ".join(given), WIDTH, initial_indent="    ", subsequent_indent="    ")
    head = f"def {block.name}(\n{listed}\n) -> {gives}:"
    lines = [f'"""{block.purpose}"""', *_statements(block), f"return {', '.join(results)}"]
    return "\n".join([head, *(indent(line, "    ") for line in lines), ""])


def _statements(block: Block) -> list[str]:
    """The definitions, those that only one side of a choice needs under an ``if``."""
    waiting = [*_passes(block), *_definitions(block)]
    known = {node.value for node in block.inputs}
    texts: list[str] = []
    _emit((), waiting, known, block, texts)
    return texts


def _passes(block: Block) -> Iterator[_Line]:
    for at, stage in enumerate(block.stages):
        if stage.reductions or stage.stored:
            names = [let.name for let in stage.reductions] + ["scaled"] * bool(stage.stored)
            numbers = _numbers(block, stage)
            call_ = f"over.{_name(block, at)}({', '.join(numbers)})"
            yield _Line((), f"{', '.join(names)} = {call_}", tuple(names), frozenset(numbers))


def _definitions(block: Block) -> Iterator[_Line]:
    """The definitions of numbers; a choice is two lines, one for each side."""
    guards = _guards(block)
    for let in block.lets:
        node = let.node
        if node.type.vector or node.op in ("sum", "top"):
            continue
        guard = guards[node]
        if node.op in ("select", "choose"):
            condition, *sides = node.args
            for side, value in zip((True, False), sides, strict=True):
                yield _line(block, let.name, value, (*guard, (condition, side)), whole=False)
        else:
            yield _line(block, let.name, node, guard, whole=True)


def _line(block: Block, name: str, value: Node, guard: Guard, *, whole: bool) -> _Line:
    text = broken(f"{name} = {SYNTAX.write(value, block.names, whole=whole)}")
    return _Line(guard, text, (name,), frozenset(_names_in(block, value, whole=whole)))


def _names_in(block: Block, node: Node, *, whole: bool = False) -> Iterator[str]:
    if node in block.names and not whole:
        yield block.names[node]
    else:
        for arg in node.args:
            yield from _names_in(block, arg)


def _guards(block: Block) -> Mapping[Node, Guard]:
    """What must hold for a definition to be needed at all."""
    contexts: dict[Node, list[Guard]] = {}

    def visit(node: Node, guard: Guard, *, whole: bool = False) -> None:
        if node in block.names and not whole:
            contexts.setdefault(node, []).append(guard)
        elif node.op in ("select", "choose"):
            condition, yes, no = node.args
            visit(condition, guard)
            visit(yes, (*guard, (condition, True)))
            visit(no, (*guard, (condition, False)))
        else:
            for arg in node.args:
                visit(arg, guard)

    for node in block.outputs.values():
        visit(node, ())
    guards: dict[Node, Guard] = {}
    for let in reversed(block.lets):
        always = let.node.type.vector or let.node.op in ("sum", "top")
        guards[let.node] = () if always else _common(contexts.get(let.node, [()]))
        visit(let.node, guards[let.node], whole=True)
    return guards


def _common(guards: Sequence[Guard]) -> Guard:
    """What all have in common, from the outermost on."""
    found: list[tuple[Node, bool]] = []
    for steps in zip(*guards, strict=False):
        if len(set(steps)) > 1:
            break
        found.append(steps[0])
    return tuple(found)


def _emit(scope: Guard, waiting: list[_Line], known: set[str], block: Block, texts: list[str]) -> None:
    """Write every line of a scope whose names are known; those of inner scopes under their conditions."""
    while True:
        inside = [line for line in waiting if line.guard[: len(scope)] == scope]
        ready = [line for line in inside if line.uses <= known]
        if here := [line for line in ready if line.guard == scope]:
            texts.append(here[0].text)
            known.update(here[0].defines)
            waiting.remove(here[0])
        elif ready := [line for line in ready if _names_known(block, line.guard[len(scope)][0], known)]:
            condition = ready[0].guard[len(scope)][0]
            _branch(scope, condition, waiting, known, block, texts)
        else:
            return


def _branch(
    scope: Guard, condition: Node, waiting: list[_Line], known: set[str], block: Block, texts: list[str]
) -> None:
    """Both sides of a condition; a name is known behind them once both have it, or only one needs it."""
    sides: list[list[str]] = []
    after = []
    for side in (True, False):
        lines: list[str] = []
        inner = set(known)
        _emit((*scope, (condition, side)), waiting, inner, block, lines)
        sides.append(lines)
        after.append(inner)
    both = after[0] & after[1]
    left = {name for line in waiting for name in line.defines}
    known |= {name for name in after[0] | after[1] if name in both or name not in left}
    text = SYNTAX.write(condition, block.names)
    yes, no = sides
    if yes:
        texts.append("\n".join([f"if {text}:", *(indent(line, "    ") for line in yes)]))
        if no:
            texts.append("\n".join(["else:", *(indent(line, "    ") for line in no)]))
    else:
        texts.append("\n".join([f"if not ({text}):", *(indent(line, "    ") for line in no)]))


def _names_known(block: Block, node: Node, known: set[str]) -> bool:
    return all(name in known for name in _names_in(block, node))


if __name__ == "__main__":
    for module, source in write().items():
        (FOLDER / f"{module}.py").write_text(source, encoding="utf-8")
