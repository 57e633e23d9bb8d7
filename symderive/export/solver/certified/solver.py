"""The blocks of the certified search together."""

from __future__ import annotations

from dataclasses import dataclass

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import number
from symderive.export.solver.arguments import DEPTH
from symderive.export.solver.certified.finish import finish_block, settle_block, single_block
from symderive.export.solver.certified.start import scale_block, start_block
from symderive.export.solver.certified.step import leap_block, step_block

#: Looks that an instance is granted; ordinary ones take about six.
MAX_LOOKS = 200

#: Further steps of Newton's method that a root is granted.
MAX_REPAIRS = 60


@dataclass(frozen=True)
class CertifiedSolver:
    """The blocks; ``depth`` is None where depth is an argument."""

    depth: int | None
    scale: Block
    start: Block
    single: Block
    step: Block
    leap: Block
    settle: Block
    finish: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.scale, self.start, self.single, self.step, self.leap, self.settle, self.finish


def describe_certified(depth: int | None = None) -> CertifiedSolver:
    """The certified search for any depth, or for one depth, with exponents that are constants.

    >>> [block.name for block in describe_certified(3).blocks]
    ['scale', 'start', 'single', 'step', 'leap', 'settle', 'finish']
    """
    D = DEPTH if depth is None else number(depth)
    return CertifiedSolver(
        depth,
        scale_block(),
        start_block(D),
        single_block(),
        step_block(D),
        leap_block(D),
        settle_block(D),
        finish_block(D),
    )
