"""Isotropic data, $A = a I$."""

from symderive import symbols as sy
from symderive.formulas.proximal import penalty_weight
from symderive.statements.display import Definition, Letter

from ..notation import *

ISOTROPIC_LETTERS = (
    Letter("a", sy.a0, meaning="eigenvalue of isotropic data, $A = a I$", domain="positive"),
    Letter(
        r"\zeta", zeta, meaning=r"ridge in units of isotropic data, $\lambda/(\rho a)$", domain="positive"
    ),
    Definition(
        "q",
        r"\frac{\bar{\gamma} (\rho a)^{t - 1}}{\lVert v \rVert^{t}}",
        meaning="dimensionless decay",
        letter=q,
    ),
    Letter(r"\omega", penalty_weight, meaning="weight of a penalty in its proximal map", domain="positive"),
    Definition("t'", r"\frac{2 D}{D - 1}", meaning="exponent of the saddle branch"),
    Definition("q'", r"q^{(D + 1) / (D - 1)}", meaning="variable of the saddle branch"),
    Definition(
        r"q_{\mathrm{sp}}", r"\frac{(t - 1)^{t - 1}}{t^{t}}", meaning="dimensionless decay at the spinodal"
    ),
    Definition(
        r"q_{\mathrm{c}}",
        r"\frac{1}{D} \Bigl(\frac{D - 1}{D}\Bigr)^{t - 1}",
        meaning="dimensionless decay at the transition",
    ),
)

#: A = aI: v as a vector, or everything along v, where it is its norm.
ISOTROPIC_DATA = (Letter("A", sy.a0, (n,)), Letter("v", v, (n, 1)))

ISOTROPIC = (Letter("A", sy.a0), Letter("v", v_norm))
