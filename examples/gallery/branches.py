"""
All stationary points, as the weight decay grows
================================================

A network with two hidden layers on the diabetes data. A minimum and a saddle come closer until they meet
and vanish. Long before that, the minimum has stopped being the best one: from the dotted line on, zero
weights have a lower loss.

Needs the extras ``plot`` and ``sweep``; takes two seconds.
"""

import matplotlib.pyplot as plt
import numpy as np

from symderive import Moments, examples_folder, sweep
from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
data = Moments.from_csv(examples_folder() / "diabetes.csv", "progression", standardize=True)
table = sweep(data, vary={"decay": np.arange(1, 601) / 4}, depth=2, width=32)

for sign, style, label in ((1, "C0-", "minimum"), (-1, "C1--", "saddle")):
    # One curve of each kind: the other places of the table are empty.
    norm = table.norm.where(table.kind == sign).max("point")
    plt.plot(table.decay, norm, style, label=label)
plt.plot(table.decay, np.zeros(table.decay.size), "C5", label="zero weights, a minimum too")
last = table.decay[table.global_minimum >= 0].max()
plt.axvline(last, color="black", linestyle=":", linewidth=0.8)
plt.annotate("zero weights are\nbest from here on", (last, 40), xytext=(5, 0), textcoords="offset points")
plt.xlabel(r"weight decay $\gamma$")
plt.ylabel(r"size of the map $\Vert m\Vert$")
plt.legend(loc="center left", bbox_to_anchor=(0, 0.3))
plt.show()
