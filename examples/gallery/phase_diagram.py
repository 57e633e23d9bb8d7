"""
Where weight decay and noise kill the network
=============================================

The size of the best map for 120 weight decays and 100 strengths of noise, two hidden layers of 32
neurons, the diabetes data. In the gray region zero weights are the global minimum: the network has
collapsed. All 12 000 networks are solved and certified in a few seconds.

Needs the extras ``plot`` and ``sweep``; takes some four seconds.
"""

import matplotlib.pyplot as plt
import numpy as np

from symderive import Moments, examples_folder, sweep
from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
data = Moments.from_csv(examples_folder() / "diabetes.csv", "progression", standardize=True)
decays, noises = np.geomspace(1, 300, 120), np.geomspace(0.1, 1000, 100)
table = sweep(data, vary={"decay": decays, "noise": noises}, depth=2, width=32)

# Where zero weights are best, the number of the point is negative.
best = table.norm.isel(point=table.global_minimum.clip(0)).where(table.global_minimum >= 0)

plt.gca().set_facecolor("0.88")
mesh = plt.pcolormesh(table.decay, table.noise, best.T, cmap="cividis", rasterized=True)
plt.colorbar(mesh, label=r"size of the best map $\Vert m\Vert$")
plt.text(0.97, 0.9, "collapsed", transform=plt.gca().transAxes, ha="right")
plt.xscale("log")
plt.yscale("log")
plt.xlabel(r"weight decay $\gamma$")
plt.ylabel(r"variance $\sigma^2$ of the noise")
plt.show()
