"""Displays: what a paper prints of a statement, in matrix notation, in the author's own order.

A display is a tree of :mod:`~symderive.displays.nodes`.  :mod:`~symderive.displays.reading` makes it from
LaTeX, :mod:`~symderive.displays.printing` writes it, and the two share nothing but the nodes.  What it
says in entries and sums, the language of proofs, :mod:`~symderive.displays.unfold` finds: its claims, from
its :mod:`~symderive.displays.expressions` (with :mod:`~symderive.displays.moments`), from its
:mod:`~symderive.displays.names`, which the :mod:`~symderive.displays.vocabulary` gives a meaning, and
:mod:`~symderive.displays.dependence` looks below; :mod:`~symderive.displays.values` are what all of them
work with.

:mod:`~symderive.displays.specialize` puts a number for the depth D into a tree, and
:mod:`~symderive.displays.depth` does so for statements that have displays.
"""
