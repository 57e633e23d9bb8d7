"""The global minimum on the diabetes data, and how it varies with decays and noises, with JAX.

    symderive export --language jax --depth 2 --out exported/depth_2_jax.py
    python use_jax.py

The exported file needs JAX alone, and not symderive; this takes some ten seconds.
"""

from pathlib import Path

import jax
import numpy as np
from exported import depth_2_jax as solver

jax.config.update("jax_enable_x64", True)

table = np.loadtxt(Path(__file__).with_name("diabetes.csv"), delimiter=",", skiprows=1)
X, y = table[:, :-1], table[:, -1] - table[:, -1].mean()
X = (X - X.mean(0)) / X.std(0)
A, v, c = X.T @ X / len(y), X.T @ y / len(y), y @ y / len(y)


def minimum(decays, noise):
    rho = solver.noise_factor(noise, jax.numpy.array([32.0, 32.0]))
    best, _ = solver.minimum_of_moments(A, v, c, mean_decay=solver.mean_decay(decays), noise_factor=rho)
    return best.loss


decays, noise = jax.numpy.full(3, 0.01), jax.numpy.full(2, 1 / 9)  # dropout of one tenth
loss, (by_decay, by_noise) = jax.jit(jax.value_and_grad(minimum, (0, 1)))(decays, noise)
print(f"global minimum {loss:.17g}")
print("its derivatives by the decays, which are the squared norms of the layers", by_decay)
print("and by the noise variances", by_noise)
