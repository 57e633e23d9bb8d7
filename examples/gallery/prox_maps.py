r"""
What one weight decay does to one coefficient
=============================================

With one feature and no noise the best map is a shrunken copy of the least-squares one: by a factor
without hidden layers (ridge regression), by a constant with one (the lasso's soft threshold), and with
more, beyond a jump, by the less the larger it is.

Needs the extra ``plot``; takes a second.
"""

import matplotlib.pyplot as plt
import numpy as np

from symderive import prox_array
from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
x = np.linspace(-3, 3, 1201)
plt.plot(x, x, color="0.8", label="no weight decay")
for depth in (0, 1, 2, 4):
    z = prox_array(x, 0.5, depth=depth)
    z[1:][np.abs(np.diff(z)) > 0.1] = np.nan  # a gap in the line where the map jumps
    plt.plot(x, z, label=f"{depth} hidden layer{'s' * (depth != 1)}")
plt.xlabel("least-squares coefficient $x$")
plt.ylabel("best coefficient $z$")
plt.legend()
plt.show()
