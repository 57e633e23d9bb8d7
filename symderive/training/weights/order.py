"""The order in which layers follow one another, as far as their names and shapes settle it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from symderive.errors import InputError

#: Steps of the search for chains, after which nothing is settled.
MOST_STEPS = 20_000

#: Outputs and inputs of a layer.
Shape = tuple[int, int]


def chains(shapes: Mapping[str, Shape]) -> list[tuple[str, ...]]:
    """The orders in which all layers follow one another down to one output; two at most are sought.

    The outputs of a layer are the inputs of the next.  Names that differ by their numbers alone keep the
    order of these numbers.  Raises :class:`InputError` where the search takes too long.

    >>> chains({"out": (1, 4), "fc1": (4, 2), "fc2": (4, 4)})
    [('fc1', 'fc2', 'out')]
    >>> len(chains({"out": (1, 4), "a": (4, 4), "b": (4, 4)}))
    2
    """
    groups = numbered(list(shapes))
    found: list[tuple[str, ...]] = []
    steps = 0
    # From the output down: what is left of each group, the layers so far, and the inputs they need.
    stack: list[tuple[tuple[int, ...], tuple[str, ...]]] = [(tuple(map(len, groups)), ())]
    while stack and len(found) < 2:
        steps += 1
        if steps > MOST_STEPS:
            raise InputError("the order of the layers is not settled by their shapes")
        left, above = stack.pop()
        if not any(left):
            found.append(above)
            continue
        needed = shapes[above[0]][1] if above else 1
        for place, count in enumerate(left):
            if count and shapes[groups[place][count - 1]][0] == needed:
                rest = (*left[:place], count - 1, *left[place + 1 :])
                stack.append((rest, (groups[place][count - 1], *above)))
    return found


def numbered(names: Sequence[str]) -> list[list[str]]:
    """Groups of names that differ by their numbers alone, each in the order of these numbers.

    >>> numbered(["fc10.weight", "out.weight", "fc2.weight"])
    [['fc2.weight', 'fc10.weight'], ['out.weight']]
    >>> numbered(["dense_1/kernel", "dense/kernel"])
    [['dense/kernel', 'dense_1/kernel']]
    """
    groups: dict[str, list[tuple[tuple[int, ...], str]]] = {}
    for name in names:
        pattern = re.sub(r"\d+", "#", name)
        groups.setdefault(pattern, []).append((tuple(map(int, re.findall(r"\d+", name))), name))
    for pattern in list(groups):
        # Keras and Flax leave out the number of the first.
        first = pattern.replace("_#", "", 1)
        if first != pattern and first in groups:
            groups[pattern] += [((-1, *numbers), name) for numbers, name in groups.pop(first)]
    return [[name for _, name in sorted(group)] for group in groups.values()]
