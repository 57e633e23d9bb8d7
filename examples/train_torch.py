"""Train a deep linear network from several initial scales, beside the exact minima of its loss.

    python examples/train_torch.py training_curves.png

Three hidden layers of 32 neurons on the diabetes data, mean squared error and weight decay, plain gradient
descent in PyTorch.  From a small start the weights collapse to zero, a minimum that is not global; from a
larger one they reach the exact minimum to the last digits.  The scale at which training turns is bisected:
two runs that start there, almost alike, linger on the saddle before they part.  Needs the extras ``train``
and ``plot``; takes some ten seconds.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click
import numpy as np
import torch
from matplotlib.figure import Figure

from symderive import Moments, Network, solve
from symderive.figure_style import KINDS, SMALL, STABLE, TEXT_WIDTH, UNSTABLE, render
from symderive.files import write_whole
from symderive.landscape.landscape import Landscape
from symderive.training.diagnosis import Diagnosis, diagnose

DATA, TARGET = Path(__file__).with_name("diabetes.csv"), "progression"
DEPTH, WIDTH, DECAY = 3, 32, 80

#: Standard deviations of the first weights, in units of 1/√(inputs of the layer).
SCALES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5)

#: Steps of a run, and the step size as a share of the largest that is stable at the global minimum.
STEPS, SHARE = 300, 0.6

#: Losses nearer to the minimum than this are at it, as far as doubles tell.
FLOOR = 1e-15

#: How often the scale at which training turns is bisected.
HALVINGS = 14


@dataclass(frozen=True, eq=False)
class Run:
    """The loss at every step of one run, and where its weights stand at the end."""

    scale: float
    losses: np.ndarray
    end: Diagnosis

    @property
    def collapsed(self) -> bool:
        return self.end.nearest.at_origin


@dataclass(frozen=True)
class Trainer:
    """The exact landscape, and the same data as tensors."""

    landscape: Landscape
    X: torch.Tensor
    y: torch.Tensor
    steps: int

    @classmethod
    def on_diabetes(cls, steps: int) -> "Trainer":
        table = np.genfromtxt(DATA, delimiter=",", names=True)
        y = table[TARGET] - table[TARGET].mean()
        X = np.stack([table[name] for name in table.dtype.names if name != TARGET], axis=1)
        X = (X - X.mean(axis=0)) / X.std(axis=0)
        net = Network(DEPTH, widths=WIDTH, decays=DECAY)
        exact = Moments.from_csv(DATA, TARGET, standardize=True)
        return cls(solve(net, exact), torch.tensor(X), torch.tensor(y), steps)

    def run(self, scale: float) -> Run:
        """Gradient descent; all runs start from the same random weights, but for their scale."""
        sizes = [self.X.shape[1], *[WIDTH] * DEPTH, 1]
        layers = [torch.nn.Linear(n, k, bias=False).double() for n, k in pairwise(sizes)]
        chance = torch.Generator().manual_seed(1)
        for layer in layers:
            torch.nn.init.normal_(layer.weight, std=scale / layer.in_features**0.5, generator=chance)
        net = torch.nn.Sequential(*layers)
        best = self.landscape.hessian(self.landscape.global_minimum.index)
        optimizer = torch.optim.SGD(net.parameters(), lr=SHARE * float(best.largest_step))
        losses = []
        for _ in range(self.steps):
            optimizer.zero_grad()
            error = ((net(self.X)[:, 0] - self.y) ** 2).mean()
            loss = error + DECAY * sum((W**2).sum() for W in net.parameters())
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        weights = [W.detach().numpy() for W in net.parameters()]
        return Run(scale, np.array(losses), diagnose(self.landscape.net, self.landscape.data, weights))

    def turning(self, runs: list[Run], halvings: int) -> list[Run]:
        """The two runs between which training turns, as near as so many halvings bring them."""
        low = max((run for run in runs if run.collapsed), key=lambda run: run.scale)
        high = min((run for run in runs if not run.collapsed), key=lambda run: run.scale)
        for _ in range(halvings):
            middle = self.run((low.scale + high.scale) / 2)
            low, high = (middle, high) if middle.collapsed else (low, middle)
        return [low, high]


def draw(figure: Figure, landscape: Landscape, runs: list[Run]) -> None:
    """Left the loss of all runs, right how far it lies above the exact minimum; both in units of E[y²]."""
    c = float(landscape.loss_at_origin)
    least, saddle = (float(point.loss) / c for point in landscape.points)
    steps = len(runs[0].losses)
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    for base, collapsed in ((UNSTABLE, True), (STABLE, False)):
        group = [run for run in runs if run.collapsed == collapsed]
        for place, run in enumerate(group):
            style = {"color": blend(base, 0.6 * place / len(group)), "label": f"{run.scale:.6g}"}
            left.plot(run.losses / c, **style)
            right.plot(np.maximum(run.losses / c - least, FLOOR), **style)
    left.legend(title="initial scale", ncols=2, loc="upper right", title_fontsize=7.5, borderaxespad=0)
    dotted = {"color": "black", "linewidth": 0.7, "linestyle": (0, (1, 2)), "zorder": 3}
    levels = (
        (left, saddle, f"saddle {saddle:.4f}", 2),
        (left, 1.0, "bad minimum: origin", -9),
        (left, least, f"exact global minimum {least:.4f}", -9),
        (right, 1 - least, "origin", -9),
    )
    for panel, level, name, above in levels:
        panel.axhline(level, **dotted)
        panel.annotate(name, (steps, level), xytext=(0, above), textcoords="offset points", ha="right")
    left.set(ylim=(0.72, 1.45), ylabel=r"loss $L/\mathrm{E}[y^2]$")
    right.set(yscale="log", ylim=(FLOOR, 10), ylabel=r"$(L - \min L)/\mathrm{E}[y^2]$")
    for panel in (left, right):
        panel.set(xlim=(0, steps), xlabel="step of gradient descent")


def blend(color: str, share: float) -> tuple[float, ...]:
    """A color mixed with so much white."""
    from matplotlib.colors import to_rgb

    return tuple(part + share * (1 - part) for part in to_rgb(color))


@click.command()
@click.argument("figure", type=click.Path(dir_okay=False))
@click.option("--quick", is_flag=True, help="Fewer and shorter runs.")
def main(figure: str, *, quick: bool) -> None:
    """Train, print where each run ends, and write the FIGURE (.png, .pdf or .svg)."""
    kind = Path(figure).suffix[1:]
    if kind not in KINDS:
        raise click.BadParameter(f"{figure} ends in none of {', '.join('.' + name for name in KINDS)}.")
    torch.set_num_threads(1)
    trainer = Trainer.on_diabetes(STEPS // 2 if quick else STEPS)
    runs = [trainer.run(scale) for scale in (SCALES[2:4] if quick else SCALES)]
    runs = sorted(runs + trainer.turning(runs, 2 if quick else HALVINGS), key=lambda run: run.scale)
    runs = list(dict.fromkeys(runs))
    for run in runs:
        gap = float(run.end.gap)
        click.echo(f"scale {run.scale:.6f}: loss {run.losses[-1]:.6f}, {run.end.conclusion}, gap {gap:.1e}")
    contents = render(
        lambda canvas: draw(canvas, trainer.landscape, runs),
        kind,
        width=TEXT_WIDTH,
        height=2.5,
        style=SMALL,
    )
    with write_whole(figure) as stream:
        stream.write(contents[kind])


if __name__ == "__main__":
    main()
