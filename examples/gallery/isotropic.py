"""
Deeper networks jump
====================

White inputs have a closed formula. With one hidden layer the best map shrinks to zero as the weight decay
grows; with more it keeps a size until, at one decay, it jumps to zero.

Needs the extra ``plot``; takes two seconds.
"""

from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np

from symderive import Network, Spectrum, solve
from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
white = Spectrum.of([1], [1], 1)  # A = 1, ‖v‖² = 1, E[y²] = 1
decays = [Fraction(k, 100) for k in range(1, 121)]
for depth in (1, 2, 3, 6):
    sizes = []
    for decay in decays:
        landscape = solve(Network(depth, widths=8, decays=decay), white, digits=8)
        best = landscape.global_minimum
        sizes.append(0.0 if best.at_origin else float(landscape.points[best.index].norm))
    plt.plot(np.array(decays, float), sizes, label=f"{depth} hidden layer{'s' * (depth > 1)}")
plt.xlabel(r"weight decay $\gamma$")
plt.ylabel(r"size of the best map $\Vert m\Vert$")
plt.legend()
plt.show()
