"""Quotients as products, for languages whose divisions are slow and whose compilers keep them.

A quotient by a constant, and those that share a divisor which is a sum or a vector, are multiplied by its
reciprocal: one rounding more.  Sums and vectors of the solver are far from the ends of the range, where a
reciprocal would overflow; other divisors need not be, and stay.  Blocks whose roundings are counted must
not come here.
"""

from __future__ import annotations

from collections import Counter

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import Node, apply, number


def with_products(block: Block) -> Block:
    """The block with reciprocals where they save divisions."""
    uses = Counter(node.args[1] for node in block.nodes if node.op == "div")
    wide = {node.args[1] for node in block.nodes if node.op == "div" and node.args[0].type.vector}
    made: dict[Node, Node] = {}
    for node in block.nodes:
        made[node] = node
        if not node.args:
            continue
        args = [made[arg] for arg in node.args]
        if node.op == "div" and _pays(node, uses[node.args[1]], node.args[1] in wide):
            top, bottom = args
            made[node] = top * (1 / bottom)
        elif args != list(node.args):
            made[node] = apply(node.op, *args)
    return Block(
        block.name,
        block.purpose,
        block.inputs,
        {name: made[node] for name, node in block.outputs.items()},
        {made[node]: name for node, name in block.hints.items() if node in made},
    )


def _pays(node: Node, shared: int, wide: bool) -> bool:
    top, bottom = node.args
    if top is number(1):
        return False
    if bottom.is_constant:
        return bottom.value.denominator == 1 and bottom.value.numerator & (bottom.value.numerator - 1) != 0
    if bottom.type.vector:
        return shared > 1
    return bottom.op == "sum" and (shared > 1 or wide)
