"""Learning curves, and networks whose layers are all alike."""

from symderive.formulas.one_layer import scale, start, time
from symderive.statements.display import Definition, Letter

from ..notation import *
from ..ridge.equal_layers import high, low

SMALL_LETTERS = (
    Letter(r"\vartheta", time, meaning="time of gradient flow", domain="positive"),
    Letter(r"\chi_{0}", start, meaning="norm of the map at the time 0", domain="positive"),
    Definition(
        r"\chi(\vartheta)",
        r"\frac{(\lVert v \rVert - \bar{\gamma}) / (\rho a)}{"
        r"1 + (\frac{\lVert v \rVert - \bar{\gamma}}{\rho a \chi_{0}} - 1)"
        r" \exp(-4 (\lVert v \rVert - \bar{\gamma}) \vartheta)}",
        meaning="norm of the map at a time, one hidden layer",
    ),
    Letter("b_{0}", scale, meaning="size of a hidden weight, all layers alike", domain="positive"),
    Letter(r"a_{\mathrm{min}}", low, meaning="least eigenvalue of $A$ that $v$ sees", domain="positive"),
    Letter(r"a_{\mathrm{max}}", high, meaning="largest eigenvalue of $A$ that $v$ sees", domain="positive"),
)
