"""Limits of the variance."""

from symderive.statements.display import Letter

from ..notation import *
from ..variance.variance_vanishes_depth import EQUAL_NOISE
from ..variance.variance_vanishes_noise import SCALE as NOISE_SIZE
from ..variance.variance_vanishes_width import a_range
from ..variance.variance_vanishes_width import n_width as least_width

VARIANCE_LETTERS = (
    Letter("N", least_width, meaning="a width that no hidden layer is below", domain="positive integer"),
    Letter(r"\sigma", NOISE_SIZE, meaning="noise of all layers where it is equal", domain="positive"),
    Letter(
        r"\delta",
        EQUAL_NOISE,
        meaning="noise per neuron of all layers where it is equal",
        domain="positive",
    ),
)

#: An eigenbasis of the range of A, where all eigenvalues are positive.
RANGE = (Letter("A", a_range, (n,)), Letter("v", v, (n, 1)))
