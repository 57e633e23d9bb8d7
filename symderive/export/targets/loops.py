"""Blocks as statements and loops over the features, for languages that take one instance at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from symderive.export.ir.blocks import Block, Stage
from symderive.export.ir.nodes import BOOL, Node
from symderive.export.targets.text import Syntax


@dataclass(frozen=True)
class Style:
    """The statements of one language, as templates with ``{name}`` and ``{value}``.

    ``let`` and ``truth`` define a number and a truth value.  ``loop`` and ``close`` enclose a pass over the
    features, in which ``element`` is the entry of a vector, ``inner`` and ``inner_truth`` are definitions
    and ``store`` gives an entry out.  By operation, ``start`` stands before a pass that sums or maximizes
    and ``gather`` in it.  ``finish`` may break a line that is long; ``renamed`` holds names in place of
    those that the language has taken.
    """

    let: str
    truth: str
    start: Mapping[str, str]
    gather: Mapping[str, str]
    loop: str
    close: str
    element: str
    inner: str
    inner_truth: str
    store: str
    finish: Callable[[str], str] = str
    renamed: Mapping[str, str] = field(default_factory=dict)
    tab: str = "    "


def statements(block: Block, syntax: Syntax, style: Style) -> list[str]:
    """The lines of a function body up to, and without, the return."""
    names = {node: style.renamed.get(name, name) for node, name in block.names.items()}
    for node in block.inputs:
        if node.type.vector:
            names[node] = style.element.format(name=node.value)
    return [line for stage in block.stages for line in _lines(stage, names, syntax, style)]


def _lines(stage: Stage, names: Mapping[Node, str], syntax: Syntax, style: Style) -> Iterator[str]:
    def text(template: str, name: str, node: Node, *, whole: bool = True) -> str:
        value = syntax.write(node, names, whole=whole)
        return style.finish(template.format(name=style.renamed.get(name, name), value=value))

    for let in stage.numbers:
        yield text(style.truth if let.node.type == BOOL else style.let, let.name, let.node)
    if not stage.reductions and not stage.stored:
        return
    for let in stage.reductions:
        yield style.start[let.node.op].format(name=let.name)
    yield style.loop
    for let in stage.vectors:
        kind = style.inner_truth if let.node.type.kind == "bool" else style.inner
        yield style.tab + text(kind, let.name, let.node)
    for let in stage.reductions:
        yield style.tab + text(style.gather[let.node.op], let.name, let.node.args[0], whole=False)
    for let in stage.stored:
        yield style.tab + text(style.store, let.name, let.node, whole=False)
    if style.close:
        yield style.close
