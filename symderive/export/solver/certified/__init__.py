"""The search proved in doubles: blocks whose every claim rests on error bounds of IEEE arithmetic.

u = 2⁻⁵³ is the unit roundoff.  In scaled units (:mod:`.start`) everything that is summed is positive, so
that a sum over d features is known to a relative error of (d + const)u in whatever order it is summed, and
with or without fused multiplication; a logarithm made of the same operations has a bound of its own
(:mod:`.logarithm`).  Exponentials and logarithms of a library propose points; nothing that is claimed rests
on them.

- :mod:`.bounds`: the bounds, and why they hold;
- :mod:`.start`: exact scaling by powers of two, the search range, and what is refused;
- :mod:`.step`: H and its derivatives, and one step of the march, which isolates a root or proves an
  interval free;
- :mod:`.finish`: the last digits, the radii, all values, and depths 0 and 1;
- :mod:`.solver`: the blocks together.

What a frame does with them, for one instance (every language, and the single solve, the same)::

    scale     once.  a ≥ 2⁻¹⁰²² and p = 0 or p ≥ 2⁻¹⁰²² are the frame's to see to: features with p = 0 are
              left out or given any a of the others; subnormal numbers are refused (status 1).
    start     once, with ``terms`` the number of features.  Not ``fit``: out of range, or no problem's (2
              not finite, 3 improper, else 1).  ``impossible``: c is less than x explains (3).  That the
              depth is a whole number is the frame's to see to.
    depth ≥2  ``empty``: no root.  Not ``ready``: 1.  Then side = -1 and, until ``done`` and at most
              MAX_LOOKS times, ``step``; if not ``sound``, or neither ``covered`` nor ``verified`` by
              ``leap`` with ratio next_x/x, depth and next_side: 1.  Where ``emit``, there is a root near
              x·exp(root_step) of kind next_side; ``settle`` betters that, and place and reach, those of
              the sample, are kept for it.
    depth 1   ``single``: neither ``present`` nor ``absent``: 1.  Present: a root near x, place 0, reach ∞.
    depth 0   a root at x = level, if any p > 0, place 0, reach ∞.
    finish    for each root, again at next_x while not ``settled``, at most MAX_REPAIRS times.  Not
              ``proved``: 1.
    best      the root whose gap + radius is less than 0 and than gap - radius of every other; -1, the
              origin, if every gap - radius is more than 0; else 1.

A specialized block may give a constant where an array is expected.  Comparisons with NaN must be false.
"""
