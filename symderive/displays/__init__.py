"""Displays: what a paper prints of a statement, in matrix notation, in the author's own order.

A display is a tree of :mod:`~symderive.displays.nodes`.  :mod:`~symderive.displays.reader` reads it from
LaTeX, :mod:`~symderive.displays.latex` prints it, and the two share nothing; the
:mod:`~symderive.displays.vocabulary` says what its letters and names stand for, and
:mod:`~symderive.displays.unfold` writes it out in entries and sums, the language of proofs.
"""
