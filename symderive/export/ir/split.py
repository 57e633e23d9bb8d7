"""Products of numbers of any size, kept as a mantissa and a whole power of two.

The logarithm of a quotient of huge and tiny numbers is no difference of logarithms here, whose rounding
would be that of their sizes: mantissas are multiplied, exponents are added exactly, and the logarithm of
what is left is as good as its own size allows.
"""

from __future__ import annotations

from dataclasses import dataclass

from symderive.export.ir.nodes import Node, exponent, log, machine, mantissa, power

#: Degrees up to which the power of a mantissa is in the range of single precision, too.
SMALL_DEGREE = 8


@dataclass(frozen=True, eq=False)
class Split:
    """mantissa · 2^exponent; the mantissa multiplies and divides a few numbers between 1/2 and 1."""

    mantissa: Node
    exponent: Node

    def __mul__(self, other: Split) -> Split:
        return Split(self.mantissa * other.mantissa, self.exponent + other.exponent)

    def __truediv__(self, other: Split) -> Split:
        return Split(self.mantissa / other.mantissa, self.exponent - other.exponent)


def split(factor: Node) -> Split:
    """A positive number of the target, taken apart exactly."""
    return Split(mantissa(factor), exponent(factor))


def log_of(one: Split) -> Node:
    """Its logarithm."""
    return log(one.mantissa) + machine("ln2") * one.exponent


def log_with_root(whole: Split, inner: Split, degree: Node) -> Node:
    """ln(whole · inner^{1/degree}), where large logarithms of the two may cancel.

    Exponents are gathered over the common denominator before they become logarithms: whole numbers, exact
    while they are below 1/ε, that is for degrees up to 10^12 in doubles.  One logarithm does for a small
    degree that is known.
    """
    turns = (degree * whole.exponent + inner.exponent) / degree
    if degree.is_constant and degree.value <= SMALL_DEGREE:
        product = power(whole.mantissa, degree) * inner.mantissa
        return log(product) / degree + machine("ln2") * turns
    return log(whole.mantissa) + log(inner.mantissa) / degree + machine("ln2") * turns
