"""Quick bounds in place of exponentials and logarithms of which a bound is all that is wanted.

A block says which these are (:attr:`~symderive.export.ir.blocks.Block.loose`): it stays right when such
an exponential is too large, or such a logarithm too small.
"""

from __future__ import annotations

from dataclasses import replace

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import BOUNDS, Node, apply


def with_bounds(block: Block) -> Block:
    """The block with ``exp_above`` and ``log_below`` where bounds are enough."""
    made: dict[Node, Node] = {}
    for node in block.nodes:
        made[node] = node
        if node.args:
            op = BOUNDS[node.op] if node in block.loose else node.op
            args = [made[arg] for arg in node.args]
            changed = op != node.op or args != list(node.args)
            made[node] = apply(op, *args) if changed else node
    return replace(
        block,
        outputs={name: made[node] for name, node in block.outputs.items()},
        hints={made[node]: name for node, name in block.hints.items() if node in made},
        suggested={made[node]: name for node, name in block.suggested.items() if node in made},
        loose=frozenset(),
    )
