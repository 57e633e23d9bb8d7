r"""
Dropout leaves a spread that wide layers average away
=====================================================

The standard deviation of a prediction over passes with dropout, averaged over the data, at the global
minimum of a network with two hidden layers on the diabetes data. Wider layers average more noise away.
Much dropout makes the best map smaller, and its spread goes down again.

Needs the extras ``plot`` and ``sweep``; takes two seconds.
"""

import matplotlib.pyplot as plt
import numpy as np

from symderive import Moments, examples_folder, sweep
from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
data = Moments.from_csv(examples_folder() / "diabetes.csv", "progression", standardize=True)
dropout = np.linspace(0.01, 0.98, 98)
variance = dropout / (1 - dropout)  # of a factor that is 0 with this probability, else 1/(1 - p)
widths = (4, 16, 64, 256)
table = sweep(data, vary={"noise": variance, "width": widths}, depth=2, decay=1)
best = table.prediction_variance.isel(point=table.global_minimum.clip(0)).where(
    table.global_minimum >= 0, 0
)

for width in widths:
    plt.plot(dropout, np.sqrt(best.sel(width=width)), label=f"width {width}")
plt.xlabel("drop probability $p$")
plt.ylabel("standard deviation of a prediction")
plt.legend()
plt.show()
