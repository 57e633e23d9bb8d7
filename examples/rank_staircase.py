"""The rank of the global minimum against weight decay: one step for each singular value of the data.

Six outputs of whitened inputs, at three depths, and with dropout on one hidden layer, which keeps one mode
out at every decay.  ``python examples/rank_staircase.py rank_staircase.png`` prints the steps and draws
them (the extra ``plot``).
"""

import sys
from pathlib import Path

from symderive import Network, OutputMoments, rank_staircase
from symderive.figure_style import COLUMN_WIDTH, SMALL, render
from symderive.outputs.staircase import draw

SINGULAR_VALUES = (4, 3, "5/2", 2, "3/2", 1)

NETWORKS = {
    "$D = 1$": Network(1, widths=8, decays=1, outputs=6),
    "$D = 1$, dropout 1/2": Network(1, widths=8, decays=1, dropout="1/2", outputs=6),
    "$D = 2$": Network(2, widths=8, decays=1, outputs=6),
    "$D = 4$": Network(4, widths=8, decays=1, outputs=6),
}


def main() -> None:
    rows = [[s if i == j else 0 for j in range(6)] for i, s in enumerate(SINGULAR_VALUES)]
    data = OutputMoments.given(1, rows, 100)
    stairs = [rank_staircase(net, data) for net in NETWORKS.values()]
    for label, staircase in zip(NETWORKS, stairs, strict=True):
        print(label, *(f"{step.rank}: {float(step.threshold):.4g}" for step in staircase.steps), sep="  ")
    for path in map(Path, sys.argv[1:]):
        kind = path.suffix[1:]
        files = render(
            lambda figure: draw(stairs, figure.add_subplot(), labels=list(NETWORKS)),
            kind,
            width=COLUMN_WIDTH,
            height=2.4,
            style=SMALL,
        )
        path.write_bytes(files[kind])


if __name__ == "__main__":
    main()
