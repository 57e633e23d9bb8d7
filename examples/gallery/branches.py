"""
Every branch against the decay
==============================

The minimum ends where it meets the saddle; long before, it has stopped being the best there is.
"""

from pathlib import Path

import matplotlib.pyplot as plt

from symderive import Moments, sweep

here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
data = Moments.from_csv(here.parent / "diabetes.csv", "progression", standardize=True)
table = sweep(data, vary={"decay": range(1, 600)}, depth=2, width=32)

for sign, style, label in ((1, "-", "minimum"), (-1, "--", "saddle")):
    plt.plot(table.decay, table.norm.where(table.kind == sign), f"C0{style}", label=label)
plt.axhline(0, color="C1", label="origin, a minimum")
plt.xlabel("decay $\\gamma$")
plt.ylabel("norm of the map $\\|m\\|$")
plt.legend()
plt.show()
