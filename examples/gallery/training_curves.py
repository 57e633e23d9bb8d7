"""
A small start ends at a bad minimum, a larger one at the best
=============================================================

A network with three hidden layers of 32 neurons on the diabetes data, trained in PyTorch by plain
gradient descent on the mean squared error with weight decay. All runs begin with the same random weights,
times a scale. From small ones the weights shrink to zero, a minimum that is not the best; from larger
ones training comes to the certified global minimum, but for rounding. Two starts that differ by a
thousandth linger on the saddle together before they part.

Needs the extras ``plot`` and ``train``; takes some five seconds.
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch

from symderive import Moments, Network, examples_folder, solve
from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
DATA = examples_folder() / "diabetes.csv"
DEPTH, WIDTH, DECAY, STEPS = 3, 32, 80, 200

landscape = solve(
    Network(DEPTH, widths=WIDTH, decays=DECAY), Moments.from_csv(DATA, "progression", standardize=True)
)
step = 0.6 * float(landscape.hessian(landscape.global_minimum.index).largest_step)

table = np.loadtxt(DATA, delimiter=",", skiprows=1)
X, y = table[:, :-1], table[:, -1]
X, y = torch.tensor((X - X.mean(0)) / X.std(0)), torch.tensor(y - y.mean())


def train(scale):
    """The loss, weight decay included, at every step of gradient descent."""
    chance = torch.Generator().manual_seed(1)
    layers = []
    for inputs, outputs in pairwise([X.shape[1], *[WIDTH] * DEPTH, 1]):
        layer = torch.nn.Linear(inputs, outputs, bias=False).double()
        torch.nn.init.normal_(layer.weight, std=scale / inputs**0.5, generator=chance)
        layers.append(layer)
    net = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(net.parameters(), lr=step)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = ((net(X)[:, 0] - y) ** 2).mean() + DECAY * sum((W**2).sum() for W in net.parameters())
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


# %%
# Where training turns is bisected: the last loss tells on which side a scale lies.
origin, best = float(landscape.loss_at_origin), float(landscape.global_minimum.loss)
curves = {scale: train(scale) for scale in (0.5, 0.75, 1.0, 1.5)}
low, high = 0.75, 1.0
for _ in range(8):
    middle = (low + high) / 2
    curves[middle] = train(middle)
    last = curves[middle][-1]
    if abs(last - origin) < abs(last - best):
        low = middle
    else:
        high = middle

# %%
# Left the loss, right how far it lies above the certified minimum, in units of the loss at zero weights.
figure, (left, right) = plt.subplots(1, 2, width_ratios=(1.25, 1), figsize=(7.2, 3.4))
for scale in (0.5, 0.75, low, high, 1.0, 1.5):
    losses, color = curves[scale] / origin, "C0" if scale >= high else "C1"
    fade = 0.45 if scale in (0.5, 1.5) else 0.7 if scale in (0.75, 1.0) else 1
    left.plot(losses, color=color, alpha=fade, label=f"{scale:.5g}")
    right.plot(np.maximum(losses - best / origin, 1e-13), color=color, alpha=fade)
saddle = float(landscape.points[1].loss) / origin
for level, name, above in (
    (saddle, f"saddle {saddle:.4f}", 3),
    (1, "bad minimum: all weights zero", -10),
    (best / origin, f"certified global minimum {best / origin:.4f}", -10),
):
    left.axhline(level, color="black", linewidth=0.7, linestyle=":")
    left.annotate(
        name, (STEPS, level), xytext=(0, above), textcoords="offset points", ha="right", fontsize=8
    )
left.set(ylim=(0.72, 1.5), ylabel=r"loss $L/\mathrm{E}[y^2]$")
left.legend(title="scale of the first weights", ncols=2, loc="upper right", title_fontsize=8)
right.set(yscale="log", ylim=(1e-12, 10), ylabel="distance to the certified minimum")
for panel in (left, right):
    panel.set(xlim=(0, STEPS), xlabel="step of gradient descent")
plt.show()
