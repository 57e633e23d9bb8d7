"""The letters and the names of the paper: what each stands for in entries, and what it means.

The order is that in which the paper introduces them; the table of notation is made from it.
"""

from symderive.statements.display import Vocabulary

from ..notation import A_IS_PSD
from .hessian import ALONG_POINT, BETWEEN_NEURONS, HESSIAN_LETTERS
from .isotropic import ISOTROPIC, ISOTROPIC_DATA, ISOTROPIC_LETTERS
from .network import DATA_LETTERS, NETWORK_LETTERS, REDUCTION_LETTERS
from .noises import NOISE_LETTERS, ONE_VARIANCE
from .nonlinear import NONLINEAR_LETTERS
from .outputs import MODES, OUTPUT_LETTERS
from .ridge import BASIS, EIGENBASIS, MATRIX, RIDGE_LETTERS
from .small import SMALL_LETTERS
from .variance import RANGE, VARIANCE_LETTERS

VOCABULARY = Vocabulary(
    entries=(
        *(*NETWORK_LETTERS, *DATA_LETTERS, *REDUCTION_LETTERS, *RIDGE_LETTERS),
        *(*ISOTROPIC_LETTERS, *HESSIAN_LETTERS, *VARIANCE_LETTERS, *OUTPUT_LETTERS),
        *(*NOISE_LETTERS, *NONLINEAR_LETTERS, *SMALL_LETTERS),
    ),
    standing=(A_IS_PSD, ONE_VARIANCE),
    settings=(
        ("eigenbasis", EIGENBASIS),
        ("basis", BASIS),
        ("matrix", MATRIX),
        ("isotropic", ISOTROPIC),
        ("isotropic data", ISOTROPIC_DATA),
        ("range", RANGE),
        ("along the point", ALONG_POINT),
        ("between neurons", BETWEEN_NEURONS),
        ("several outputs", MODES),
    ),
    supposed=(("isotropic", "A = a I"), ("isotropic data", "A = a I")),
)
