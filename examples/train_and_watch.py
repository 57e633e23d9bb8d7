"""Watch a deep linear network in training come to the exact minimum of its loss, or miss it.

    python train_and_watch.py

Two hidden layers on the diabetes data in plain PyTorch: mean squared error, ``SGD`` with ``weight_decay``.
The landscape is solved once, before training; then every look says how far the loss lies above its exact
minimum, how far the weights are from it, and where they stand.  From a small start the same training ends
at the origin, a minimum that is not global.  Needs the extra ``train``; takes some seconds.
"""

from itertools import pairwise
from pathlib import Path

import click
import numpy as np
import torch
from torch import nn

from symderive.torch import DistanceToOptimum, Progress

DATA, TARGET = Path(__file__).with_name("diabetes.csv"), "progression"
WIDTHS = (16, 16)

#: As PyTorch's SGD takes it: the loss holds half of it times ‖W‖².
WEIGHT_DECAY = 0.5

#: Standard deviations of the first weights, in units of 1/√(inputs of the layer).
SCALES = {"usual": 1.0, "small": 0.05}


def samples() -> tuple[torch.Tensor, torch.Tensor]:
    """Standardized features and target."""
    table = np.genfromtxt(DATA, delimiter=",", names=True)
    columns = {name: (table[name] - table[name].mean()) / table[name].std() for name in table.dtype.names}
    y = torch.tensor(columns.pop(TARGET))
    return torch.tensor(np.stack(list(columns.values()), axis=1)), y


def network(features: int, scale: float) -> nn.Sequential:
    """Random weights of a given scale, always the same."""
    sizes, chance = [features, *WIDTHS, 1], torch.Generator().manual_seed(1)
    net = nn.Sequential(*(nn.Linear(n, k, bias=False).double() for n, k in pairwise(sizes)))
    for layer in net:
        nn.init.normal_(layer.weight, std=scale / layer.in_features**0.5, generator=chance)
    return net


def train(scale: float, epochs: int, every: int) -> DistanceToOptimum:
    """Full-batch gradient descent, looked at every so many epochs."""
    torch.set_num_threads(1)  # for matrices as small as these more are slower
    X, y = samples()
    net = network(X.shape[1], scale)
    watch = DistanceToOptimum(net, X, y, weight_decay=WEIGHT_DECAY, every=every, log=show)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.02, weight_decay=WEIGHT_DECAY)
    for epoch in range(epochs + 1):
        watch.step(epoch)
        optimizer.zero_grad()
        nn.functional.mse_loss(net(X)[:, 0], y).backward()
        optimizer.step()
    return watch


def show(found: Progress) -> None:
    click.echo(
        f"{found.epoch:6d}  loss {found.loss:.6f}  gap {found.gap:.2e}  distance {found.distance:.2e}  "
        f"{found.diagnosis}"
    )


@click.command()
@click.option("--epochs", default=1500, show_default=True)
@click.option("--every", default=250, show_default=True, help="Epochs from one look to the next.")
def main(epochs: int, every: int) -> None:
    """Train from the usual start and from a small one."""
    for name, scale in SCALES.items():
        click.echo(f"{name} start, scale {scale}")
        click.echo(train(scale, epochs, every).history[-1].reason)


if __name__ == "__main__":
    main()
