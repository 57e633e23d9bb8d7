"""Train a deep linear network with Lightning, and log how far it is from the exact minimum.

    python train_lightning.py

The callback is given the module, the data, and the weight decay as the optimizer takes it; after every
epoch it logs ``optimum/gap``, ``optimum/distance`` and its neighbors beside the loss.  Needs the extra
``train`` and Lightning (``pip install lightning``); takes some seconds.
"""

import click
import torch

try:
    from lightning import pytorch as lightning
except ImportError:
    import pytorch_lightning as lightning
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from symderive.torch import DistanceToOptimum

SAMPLES, FEATURES, WIDTH = 256, 8, 16
WEIGHT_DECAY, RATE = 0.2, 0.1


class DeepLinear(lightning.LightningModule):
    """Two hidden layers without activations, mean squared error, SGD with weight decay."""

    def __init__(self) -> None:
        super().__init__()
        sizes = ((FEATURES, WIDTH), (WIDTH, WIDTH), (WIDTH, 1))
        self.net = nn.Sequential(*(nn.Linear(n, k, bias=False) for n, k in sizes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)

    def training_step(self, batch: list[torch.Tensor], _index: int) -> torch.Tensor:
        x, y = batch
        loss = nn.functional.mse_loss(self(x)[:, 0], y)
        self.log("loss", loss)
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=RATE, weight_decay=WEIGHT_DECAY)


def train(epochs: int, every: int) -> DistanceToOptimum:
    """Train on all samples at once; the callback keeps what it found."""
    chance = torch.Generator().manual_seed(0)
    X = torch.randn(SAMPLES, FEATURES, generator=chance)
    y = X @ torch.linspace(-1, 1, FEATURES) + 0.1 * torch.randn(SAMPLES, generator=chance)
    torch.manual_seed(1)
    torch.set_num_threads(1)  # for matrices as small as these more are slower
    model = DeepLinear()
    distance = DistanceToOptimum(model, X, y, weight_decay=WEIGHT_DECAY, every=every)
    trainer = lightning.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        callbacks=[distance],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(model, DataLoader(TensorDataset(X, y), batch_size=SAMPLES))
    return distance


@click.command()
@click.option("--epochs", default=320, show_default=True)
@click.option("--every", default=20, show_default=True, help="Epochs from one look to the next.")
def main(epochs: int, every: int) -> None:
    """Say after every so many epochs how far the network is from the global minimum."""
    for found in train(epochs, every).history:
        click.echo(
            f"{found.epoch:5d}  gap {found.gap:.3e}  distance {found.distance:.3e}  {found.diagnosis}"
        )


if __name__ == "__main__":
    main()
