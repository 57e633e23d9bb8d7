"""Where training a ReLU network collapses, and where that is proved before it starts.

    python examples/collapse_map.py collapse_map.png

Two hidden layers of eight ReLU neurons on the diabetes data, no biases, mean squared error and weight
decay, trained by gradient descent from the same random weights at many scales and decays.  Below the line
collapse is certain: ``symderive collapse`` proves it.  Above it many runs collapse, too; one whose loss has
come below that of zero weights can never go there.  Needs the extra ``plot``; takes some ten seconds.
"""

from itertools import pairwise
from pathlib import Path

import click
import numpy as np
from matplotlib.figure import Figure

from symderive import Network, Rows, barrier_of
from symderive.figure_style import KINDS, SMALL, STABLE, TEXT_WIDTH, UNSTABLE, render
from symderive.files import write_whole

DATA, TARGET = Path(__file__).with_name("diabetes.csv"), "progression"
WIDTHS = (8, 8)

#: Decays and standard deviations of the first weights, in units of those of nn.Linear, of a grid.
DECAYS = np.geomspace(1, 500, 24)
SCALES = np.geomspace(0.01, 10, 19)

#: Steps of a run, and the share of Σ‖W‖² left at which it has collapsed.
STEPS, GONE = 3000, 1e-6


def samples() -> tuple[np.ndarray, np.ndarray]:
    """The features, standardized, of shape (d, n), and the centered target."""
    table = np.genfromtxt(DATA, delimiter=",", names=True)
    y = table[TARGET] - table[TARGET].mean()
    X = np.stack([table[name] for name in table.dtype.names if name != TARGET])
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True), y


def drawn(features: int) -> list[np.ndarray]:
    """First weights as nn.Linear draws them."""
    rng = np.random.default_rng(5)
    sizes = [features, *WIDTHS, 1]
    return [rng.uniform(-1, 1, size=(k, n)) / np.sqrt(n) for n, k in pairwise(sizes)]


def train(decay: float, scales: np.ndarray, X: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    """Whether training collapses from each scale: True, False, or (as NaN) not decided after all steps."""
    weights = [scales[:, None, None] * W for W in drawn(len(X))]
    first, origin = _square(weights), (y**2).mean()
    result = np.full(len(scales), np.nan)
    step = np.full(len(scales), 0.05 / decay)
    loss, gradients = _loss_and_gradient(weights, decay, X, y)
    for _ in range(steps):
        result[(loss < origin) & np.isnan(result)] = 0.0
        result[(_square(weights) < GONE * first) & np.isnan(result)] = 1.0
        if not np.isnan(result).any():
            break
        speed = np.sqrt(_square(gradients) / _square(weights))
        h = np.minimum(step, 0.05 / speed)[:, None, None]
        moved = [W - h * g for W, g in zip(weights, gradients, strict=True)]
        new, slopes = _loss_and_gradient(moved, decay, X, y)
        falls = new <= loss
        pick = falls[:, None, None]
        weights = [np.where(pick, m, W) for m, W in zip(moved, weights, strict=True)]
        gradients = [np.where(pick, s, g) for s, g in zip(slopes, gradients, strict=True)]
        loss, step = np.where(falls, new, loss), np.where(falls, 1.1 * step, step / 2)
    return result


def _square(arrays: list[np.ndarray]) -> np.ndarray:
    return sum((W**2).sum(axis=(1, 2)) for W in arrays)


def _loss_and_gradient(
    weights: list[np.ndarray], decay: float, X: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    states = [X[None]]
    for W in weights[:-1]:
        states.append(np.maximum(W @ states[-1], 0))
    error = (weights[-1] @ states[-1])[:, 0] - y
    back, gradients = (2 / len(y) * error)[:, None], []
    for W, state in zip(weights[::-1], states[::-1], strict=True):
        gradients.append(back @ state.transpose(0, 2, 1) + 2 * decay * W)
        back = W.transpose(0, 2, 1) @ back * (state > 0)
    return (error**2).mean(axis=1) + decay * _square(weights), gradients[::-1]


def certified_scale(decay: float, rows: Rows) -> float:
    """The scale of these weights up to which collapse is certified: with ReLU and equal decays it is where
    S = γ Σ‖W‖² comes to S_0."""
    net = Network(len(WIDTHS), widths=WIDTHS, decays=float(decay))
    S = decay * sum((W**2).sum() for W in drawn(rows.moments.dimension))
    return float(np.sqrt(float(barrier_of(net, rows, "relu").top) / S))


def draw(
    figure: Figure, outcomes: np.ndarray, decays: np.ndarray, scales: np.ndarray, limits: list[float]
) -> None:
    """Outcomes of training over the region that is certified."""
    axes = figure.subplots()
    axes.fill_between(decays, scales[0] / 1.3, limits, color=STABLE, alpha=0.18, linewidth=0)
    axes.plot(decays, limits, color=STABLE, label="collapse is certified below")
    marks = (
        (1.0, "o", UNSTABLE, "collapsed"),
        (0.0, "x", "0.35", "came below the loss of zero weights"),
    )
    for outcome, marker, color, label in marks:
        at, scale = np.nonzero(outcomes == outcome)
        axes.plot(
            decays[at], scales[scale], marker, color=color, markersize=2.6, markeredgewidth=0.7, label=label
        )
    axes.set(
        xscale="log",
        yscale="log",
        xlabel=r"weight decay $\gamma$",
        ylabel="scale of the first weights",
        ylim=(scales[0] / 1.3, scales[-1] * 1.3),
        xlim=(decays[0] / 1.1, decays[-1] * 1.1),
    )
    figure.legend(loc="outside upper center", ncols=3)


@click.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--quick", is_flag=True, help="A coarse grid.")
def main(output: Path, quick: bool) -> None:
    """Train the grid and draw it; OUTPUT ends in .pdf, .svg or .png."""
    kind = output.suffix.removeprefix(".")
    if kind not in KINDS:
        raise click.UsageError(f"{output.name} ends in none of {', '.join(f'.{kind}' for kind in KINDS)}.")
    decays, scales = (DECAYS[3::6], SCALES[::4]) if quick else (DECAYS, SCALES)
    X, y = samples()
    rows = Rows.from_csv(DATA, TARGET, standardize=True)
    limits = [certified_scale(decay, rows) for decay in decays]
    outcomes = np.array([train(decay, scales, X, y, STEPS) for decay in decays])
    sure = scales[None, :] < np.array(limits)[:, None]
    collapsed, certain = int((outcomes == 1).sum()), int((sure & (outcomes == 1)).sum())
    wrong, undecided = int((sure & (outcomes != 1)).sum()), int(np.isnan(outcomes).sum())
    click.echo(
        f"{outcomes.size} runs: {collapsed} collapsed, {certain} of them certified; "
        f"{wrong} certified ones did not; {undecided} undecided."
    )
    contents = render(
        lambda canvas: draw(canvas, outcomes, decays, scales, limits),
        kind,
        width=TEXT_WIDTH,
        height=2.6,
        style=SMALL,
    )
    with write_whole(output) as stream:
        stream.write(contents[kind])


if __name__ == "__main__":
    main()
