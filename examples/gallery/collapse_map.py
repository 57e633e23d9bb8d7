r"""
Where training a ReLU network is sure to collapse
=================================================

Two hidden layers of eight ReLU neurons on the diabetes data, trained by gradient descent from the same
random weights at many scales and weight decays. In the blue region collapse to zero weights is certified
before training starts, for gradient flow: steps as short as these should agree, and do. Above it many runs
collapse as well, without a certificate.

Needs the extra ``plot``; takes some five seconds.
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from symderive import Network, Rows, barrier_of, examples_folder
from symderive.figure_style import PAGE

plt.rcParams.update(PAGE)
DATA, WIDTHS = examples_folder() / "diabetes.csv", (8, 8)
DECAYS, SCALES = np.geomspace(1, 500, 16), np.geomspace(0.02, 8, 14)
STEPS = 2000

table = np.loadtxt(DATA, delimiter=",", skiprows=1)
X, y = table[:, :-1].T, table[:, -1] - table[:, -1].mean()
X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
rng = np.random.default_rng(5)
FIRST = [rng.uniform(-1, 1, size=(k, n)) / np.sqrt(n) for n, k in pairwise([len(X), *WIDTHS, 1])]


def square(weights):
    return sum((W**2).sum(axis=(1, 2)) for W in weights)


def loss_and_gradient(weights, decay):
    """Of many networks at once: the first axis of every array counts them."""
    states = [X[None]]
    for W in weights[:-1]:
        states.append(np.maximum(W @ states[-1], 0))
    error = (weights[-1] @ states[-1])[:, 0] - y
    back, gradients = (2 / len(y) * error)[:, None], []
    for W, state in zip(weights[::-1], states[::-1], strict=True):
        gradients.append(back @ state.transpose(0, 2, 1) + 2 * decay * W)
        back = W.transpose(0, 2, 1) @ back * (state > 0)
    return (error**2).mean(axis=1) + decay * square(weights), gradients[::-1]


def train(decay, scales):
    """1 where a run collapses, 0 where it comes below the loss of zero weights, else NaN."""
    weights = [scales[:, None, None] * W for W in FIRST]
    first, result = square(weights), np.full(len(scales), np.nan)
    step = np.full(len(scales), 0.05 / decay)
    loss, gradients = loss_and_gradient(weights, decay)
    for _ in range(STEPS):
        result[(loss < (y**2).mean()) & np.isnan(result)] = 0
        result[(square(weights) < 1e-6 * first) & np.isnan(result)] = 1
        if not np.isnan(result).any():
            break
        # Steps are short beside the weights, and shorter yet where one would raise the loss.
        h = np.minimum(step, 0.05 * np.sqrt(square(weights) / square(gradients)))[:, None, None]
        moved = [W - h * slope for W, slope in zip(weights, gradients, strict=True)]
        new, slopes = loss_and_gradient(moved, decay)
        falls = new <= loss
        pick = falls[:, None, None]
        weights = [np.where(pick, m, W) for m, W in zip(moved, weights, strict=True)]
        gradients = [np.where(pick, s, g) for s, g in zip(slopes, gradients, strict=True)]
        loss, step = np.where(falls, new, loss), np.where(falls, 1.1 * step, step / 2)
    return result


# %%
# With ReLU and equal decays the certificate ends where :math:`\gamma \sum_i \lVert W_i\rVert^2` comes to
# the top of the barrier.
rows = Rows.from_csv(DATA, "progression", standardize=True)
outcomes, limits = [], []
for decay in DECAYS:
    top = float(barrier_of(Network(2, widths=WIDTHS, decays=float(decay)), rows, "relu").top)
    limits.append(np.sqrt(top / decay / sum((W**2).sum() for W in FIRST)))
    outcomes.append(train(decay, SCALES))
outcomes = np.array(outcomes)
certified = np.array(limits)[:, None] > SCALES
escaped, undecided = (outcomes[certified] != 1).sum(), np.isnan(outcomes).sum()
print(f"{outcomes.size} runs: {(outcomes == 1).sum()} collapsed, {certified.sum()} of them certified;")
print(f"{escaped} certified ones did not; {undecided} undecided.")

# %%
figure, axes = plt.subplots()
axes.fill_between(DECAYS, SCALES[0] / 1.3, limits, color="C0", alpha=0.18, linewidth=0)
axes.plot(DECAYS, limits, color="C0", label="collapse is certified below")
for outcome, marker, color, label in ((1, "o", "C1", "collapsed"), (0, "x", "0.4", "did not")):
    decay, scale = np.nonzero(outcomes == outcome)
    axes.plot(DECAYS[decay], SCALES[scale], marker, color=color, markersize=3.5, label=label)
axes.set(xscale="log", yscale="log", ylim=(SCALES[0] / 1.3, SCALES[-1] * 1.3))
axes.set(xlabel=r"weight decay $\gamma$", ylabel="scale of the first weights")
figure.legend(loc="outside upper center", ncols=3)
plt.show()
