r"""
One minimum becomes two, with a barrier between them
====================================================

The loss along the line from zero weights through the best map, with all layers at their best for each
map. With one hidden layer there is one minimum. With two, zero weights are a minimum as well: training
that starts near them cannot leave.

Needs the extra ``plot``; takes a second.
"""

import matplotlib.pyplot as plt
import numpy as np

from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
m = np.linspace(-0.25, 1.15, 801)
figure, panels = plt.subplots(1, 2, sharey=True)
for panel, depth in zip(panels, (1, 2), strict=True):
    for decay in (0.1, 0.3, 0.42):
        # One feature, A = v = E[y²] = 1, no noise: the loss of a map m, the layers being at their best.
        loss = (m - 1) ** 2 + (depth + 1) * decay * np.abs(m) ** (2 / (depth + 1))
        (line,) = panel.plot(m, loss, label=rf"$\gamma = {decay}$")
        panel.plot(m[loss.argmin()], loss.min(), "o", color=line.get_color(), markersize=4)
    panel.set(title=f"{depth} hidden layer{'s' * (depth > 1)}", xlabel="map $m$", ylim=(0, 1.35))
panels[0].set_ylabel("loss $F(m)$")
panels[1].legend(loc="lower left")
plt.show()
