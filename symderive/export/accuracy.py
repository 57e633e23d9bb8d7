"""How good the numbers of an uncertified file are: what its header says, and what every check demands."""

from __future__ import annotations

from math import sqrt

#: Units in the last place, of what a number consists of, that it may be off; 1 + 1/|H'| times as many where
#: it follows from the ridge.  Measured over all targets and depths: 2.6.
ULPS = 4


def allowed_ulps(features: int) -> float:
    """The same for sums of many features, whose roundings walk at random: √d from d = 16 on.

    >>> allowed_ulps(3), allowed_ulps(400)
    (4.0, 20.0)
    """
    return max(float(ULPS), sqrt(features))
