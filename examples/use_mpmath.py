"""The global minimum on the diabetes data to 50 digits, with mpmath and an exported file.

    symderive export --language mpmath --out exported/any_depth_mpmath.py
    python use_mpmath.py

The exported file needs mpmath alone, and not symderive; this takes a second.
"""

import csv
from pathlib import Path

from exported import any_depth_mpmath as solver
from mpmath import mp

mp.dps = 50

with Path(__file__).with_name("diabetes.csv").open() as stream:
    _, *rows = csv.reader(stream)
*features, y = ([mp.mpf(text) for text in column] for column in zip(*rows, strict=True))


def standardized(column):
    mean = mp.fsum(column) / len(column)
    deviation = mp.sqrt(mp.fsum((x - mean) ** 2 for x in column) / len(column))
    return [(x - mean) / deviation for x in column]


X = [standardized(column) for column in features]
y = [value - mp.fsum(y) / len(y) for value in y]
A = mp.matrix([[mp.fdot(left, right) / len(y) for right in X] for left in X])
v = mp.matrix([mp.fdot(column, y) / len(y) for column in X])

eigenvalues, axes = mp.eigsy(A)
p = [along**2 for along in axes.T * v]
rho = solver.noise_factor([mp.mpf(1) / 9] * 2, [32, 32])
best = solver.global_minimum(
    list(eigenvalues), p, mp.fdot(y, y) / len(y), mean_decay="0.01", noise_factor=rho, depth=2
)
print("global minimum", mp.nstr(best.loss, 45))
