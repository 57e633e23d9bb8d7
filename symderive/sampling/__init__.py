"""The independent test: a statement evaluated at boundaries first, and then at random points.

It decides nothing by rewriting.  An expression is evaluated as it is written, in exact rationals and beyond
them in balls that enclose the value, so that what is called different is different; what is called equal is
equal to the digits that are asked for.  A point at which the hypotheses hold and the statement has no value
is a counterexample, no point is no agreement, and what digits cannot tell is left undecided.

=============  =========================================================================================
``examine``    tests a statement, ``near`` refutes its near-misses; ``search`` has the points of both
``letters``    kinds of letters, and what values they are given; ``frame`` and ``point`` keep them
``meet``       solves the hypotheses for letters, so that points meet them, with equality if possible
``truth``      whether a claim holds at a point; ``limits`` whether a limit does
``plans``      expressions as functions of a point; ``roots`` and ``series`` are parts of that
``values``     the arithmetic: rationals, balls, truncated Taylor series
=============  =========================================================================================

What it trusts: that the nodes of SymPy mean what their names say, and that SymPy, when the statement was
written down, did not change its meaning (x/x is 1 before it comes here); the rationals, balls and
polynomials of python-flint; and the meaning of noise and data: the noise of a neuron is 1 + σ or 1 - σ with
equal chances, and the data are two samples.  A limit, and the sum of a series, are judged by how the values
settle.  It shares nothing else with what proves: no normal form, no rule for signs, no substitution.
"""
