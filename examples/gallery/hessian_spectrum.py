"""
The curvature at the minimum, at the saddle and at zero weights
===============================================================

All eigenvalues of the Hessian of the full loss, with 1376 weights, at each stationary point of a network
with two hidden layers. Many weights share one eigenvalue, so that there are few bars. The saddle has one
direction that goes down, which is what training has to find. The largest eigenvalue limits the step size.

Needs the extra ``plot``; takes two seconds.
"""

import matplotlib.pyplot as plt

from symderive import Moments, Network, examples_folder, solve
from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
data = Moments.from_csv(examples_folder() / "diabetes.csv", "progression", standardize=True)
landscape = solve(Network(2, widths=32, decays=80), data)

figure, panels = plt.subplots(3, 1, sharex=True)
for panel, name, point in zip(panels, ("minimum", "saddle", "zero weights"), (0, 1, None), strict=True):
    hessian = landscape.hessian(point)
    for eigenvalue in hessian.eigenvalues():
        color = "C1" if eigenvalue.value < 0 else "C0"
        panel.vlines(float(eigenvalue.value), 0.5, eigenvalue.multiplicity, color=color, linewidth=1.5)
    panel.set(yscale="log", ylim=(0.5, 3000))
    panel.text(0.99, 0.75, name, transform=panel.transAxes, ha="right")
panels[1].set_ylabel("number of weights")
panels[2].set_xlabel("eigenvalue of the Hessian")
plt.show()
