"""
Weight decay removes the weakest direction first
================================================

The rank of the best map with six outputs, as the weight decay grows: each step down is a singular value
of the data that leaves it. Depth moves the steps together. Dropout keeps one direction out however small
the decay.

Needs the extra ``plot``; takes two seconds.
"""

import matplotlib.pyplot as plt

from symderive import Network, OutputMoments, rank_staircase
from symderive.figure_style import PAGE
from symderive.outputs.staircase import draw

SINGULAR_VALUES = (4, 3, "5/2", 2, "3/2", 1)
NETWORKS = {
    "1 hidden layer": Network(1, widths=8, decays=1, outputs=6),
    "1 hidden layer, dropout 1/2": Network(1, widths=8, decays=1, dropout="1/2", outputs=6),
    "2 hidden layers": Network(2, widths=8, decays=1, outputs=6),
    "4 hidden layers": Network(4, widths=8, decays=1, outputs=6),
}

plt.rcParams.update(PAGE)
rows = [[s if i == j else 0 for j in range(6)] for i, s in enumerate(SINGULAR_VALUES)]
data = OutputMoments.given(1, rows, 100)  # whitened inputs, E[y xᵀ], E‖y‖²
stairs = [rank_staircase(net, data) for net in NETWORKS.values()]
for name, staircase in zip(NETWORKS, stairs, strict=True):
    print(f"{name}:", *(f"rank {step.rank} up to {float(step.threshold):.4g};" for step in staircase.steps))
draw(stairs, plt.gca(), labels=list(NETWORKS))
plt.show()
