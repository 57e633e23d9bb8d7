"""The search proved in doubles: blocks whose every claim rests on error bounds of IEEE arithmetic.

u = 2⁻⁵³ is the unit roundoff.  In scaled units (:mod:`.start`) everything that is summed is positive, so
that a sum over d features is known to a relative error of (d + const)u in whatever order it is summed, and
with or without fused multiplication; a logarithm made of the same operations has a bound of its own
(``ln``, :data:`~symderive.export.ir.nodes.PROVED`).  Exponentials and logarithms of a library propose
points; nothing that is claimed rests on them.

- :mod:`.bounds`: the bounds, and why they hold;
- :mod:`.start`: exact scaling by powers of two, the search range, and the cases without a search;
- :mod:`.evaluate`: H and its derivatives;
- :mod:`.step`: one step of the march, which isolates a root or proves an interval free;
- :mod:`.finish`: the last digits, the radii and all values;
- :mod:`.solver`: the blocks together.
"""
