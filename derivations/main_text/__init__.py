"""The paper: what stands in front, the sections, the appendices and the references, as data."""

from symderive.statements.document import Document

from . import (
    assurance,
    asymptotics,
    dead_neurons,
    hessian,
    isotropic,
    layers,
    noises,
    nonlinear,
    proximal,
    reduction,
    ridge,
    search,
    seed_paper,
    setting,
    small_facts,
    variance,
)
from .references import REFERENCES

DOCUMENT = Document(
    title="The Landscape of Deep Linear Networks with Weight Decay and Noise",
    abstract=r"""We study the loss of a deep linear network with weight decay and multiplicative
        noise, for any data, widths, depth, noise and decays. Its minimum is that of an explicit
        function of one vector, whose stationary points are ridge regressions with a ridge that
        solves one scalar equation. We derive all stationary points and local minima, the thresholds
        below which something is learned, the Hessian, and the variance of the prediction. With one
        hidden layer there is no bad minimum; with two or more the origin is always a local minimum,
        bad below an explicit decay, and other bad minima exist. Every display is proved by a small
        program, or marked as resting on a textbook theorem that is applied in words.""",
    parts=(
        *(setting.PART, reduction.PART, ridge.PART, layers.PART),
        *(isotropic.PART, hessian.PART, variance.PART, noises.PART, nonlinear.PART, assurance.PART),
    ),
    appendices=(
        *(search.PART, hessian.BLOCKS_PART, dead_neurons.PART, asymptotics.PART),
        *(proximal.PART, small_facts.PART, seed_paper.PART),
    ),
    references=REFERENCES,
)
