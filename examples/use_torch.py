"""The global minimum on the diabetes data, and the dropout for a given prediction variance, with PyTorch.

    symderive export --language torch --out exported/any_depth_torch.py
    python use_torch.py

The exported file needs PyTorch alone, and not symderive; this takes some five seconds.
"""

from pathlib import Path

import numpy as np
import torch
from exported import any_depth_torch as solver

table = torch.from_numpy(np.loadtxt(Path(__file__).with_name("diabetes.csv"), delimiter=",", skiprows=1))
X, y = table[:, :-1], table[:, -1] - table[:, -1].mean()
X = (X - X.mean(0)) / X.std(0, correction=0)
A, v, c = X.T @ X / len(y), X.T @ y / len(y), y @ y / len(y)
widths = torch.full((2,), 32.0, dtype=torch.float64)


def minimum(dropout):
    rho = solver.noise_factor((dropout / (1 - dropout)).expand(2), widths)
    return solver.minimum_of_moments(A, v, c, mean_decay=0.01, noise_factor=rho, depth=2)[0]


dropout = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
print(f"global minimum {minimum(dropout).loss.item():.17g}")

for _ in range(6):  # Newton's method through the solver
    excess = minimum(dropout).variance - 100
    (slope,) = torch.autograd.grad(excess, dropout)
    dropout = (dropout - excess / slope).detach().requires_grad_()
variance = minimum(dropout).variance.item()
print(f"a dropout of {dropout.item():.6f} gives a prediction variance of {variance:.6f}")
