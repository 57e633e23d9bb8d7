r"""
A small start waits, then learns at once
========================================

The size of the map in gradient flow with one hidden layer and white inputs, from balanced first weights.
It is a logistic curve: the smaller the start, the longer the wait. Weight decay lowers where it ends, and
beyond :math:`\|v\|` nothing is learned at all.

Needs the extra ``plot``; takes a second.
"""

import matplotlib.pyplot as plt
import numpy as np

from symderive import learning_curve
from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
times = np.linspace(0, 8, 401)
for number, decay in enumerate((0, 0.4, 1.2)):
    for start, style in (("0.1", "-"), ("0.001", "--"), ("0.00001", ":")):
        size = learning_curve(times, v_norm=1, decay=decay, slope=1, start=float(start))
        plt.plot(times, size, f"C{number}{style}", label=rf"$\gamma = {decay}$, start {start}")
plt.xlabel("time of gradient flow")
plt.ylabel(r"size of the map $s$")
plt.gcf().legend(ncols=3, loc="outside upper center")
plt.show()
