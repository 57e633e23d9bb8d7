"""The global minimum on the diabetes data, and along a path of decays, with NumPy and an exported file.

    symderive export --language numpy --data diabetes.csv --target progression --standardize \
        --out exported/diabetes_numpy.py
    python use_numpy.py

The exported file needs NumPy alone, and not symderive; this takes a second.
"""

import numpy as np
from exported import diabetes_numpy as solver

widths, decays, noise = [32, 32], [0.01, 0.01, 0.01], [1 / 9, 1 / 9]  # dropout of one tenth
decay, rho = solver.mean_decay(decays), solver.noise_factor(noise, widths)

best = solver.global_minimum(mean_decay=decay, noise_factor=rho, depth=2)
print(f"global minimum {best.loss:.17g}")

m = solver.ridge_solution(ridge=best.ridge, noise_factor=rho)
layers = solver.layers(m, best.layer_decay, decays, widths)
print("layers", *(layer.shape for layer in layers))

path = np.geomspace(1e-3, 1e4, 100_000)
along = solver.global_minimum(mean_decay=path, noise_factor=rho, depth=2)
print(f"the minimum is 0 from a decay of {path[np.isinf(along.ridge)][0]:.5g} on")
