"""Learning curves, and networks whose layers are all alike."""

from symderive.formulas.one_layer import decay, deviation, scale, start, time, width
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
    Letter(r"a_{\mathrm{min}}", low, meaning="least eigenvalue of $A$ that $v$ sees", domain="positive"),
    Letter(r"a_{\mathrm{max}}", high, meaning="largest eigenvalue of $A$ that $v$ sees", domain="positive"),
)

#: All layers have one width, one decay and one noise; A is diagonal, as in an eigenbasis.
EQUAL = (
    Letter("A", a, (n,)),
    Letter("v", v, (n, 1)),
    Letter("d", width, meaning="width of all layers", domain="positive integer"),
    Letter(r"\gamma", decay, meaning="decay of all layers", domain="positive"),
    Letter(r"\sigma", deviation, meaning="noise of all layers", domain="non-negative"),
    Letter("b", scale, meaning="size of a weight", domain="positive"),
)
