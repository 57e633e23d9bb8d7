"""What a file of weights does not say: what lies between the layers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from symderive.training.weights.arrays import clipped

_INDEX = re.compile(r"(?:.*\.)?(\d+)\.weight")


#: Hyperparameters that say what lies between layers, and values that say nothing does.
_ACTIVATION = re.compile(r"activation|nonlinear|non_linear|act_fn")
_DROPOUT = re.compile(r"drop_?out")
_NOTHING = (None, False, 0, "", "none", "identity", "linear")


def silence_of(
    names: Sequence[str], *, told: bool, noise: bool, source: str, kept: Mapping[str, Any] | None = None
) -> str:
    """A sentence on what ``source`` leaves open; empty where it says all, or nothing can lie between.

    ``names`` are those of the weights in order, ``told`` says that the file holds the modules themselves,
    and ``noise`` that noise of the hidden layers was given beside it.  ``kept`` are hyperparameters in the
    file: an activation or Dropout among them is told, and where they say that there is no activation,
    nothing is open.

    >>> silence_of(["U"], told=False, noise=False, source="w.npz")
    ''
    >>> silence_of(["0.weight", "2.weight"], told=False, noise=False, source="w.pt").split(";")[0]
    'w.pt skips from layer 0 to 2'
    """
    if told or len(names) < 2 or names[-1] == "U":  # W1 … U are the names of a deep linear network
        return ""
    activations = {name: x for name, x in (kept or {}).items() if _ACTIVATION.search(name.lower())}
    rates = {name: x for name, x in (kept or {}).items() if _DROPOUT.search(name.lower()) and not noise}
    for name, value in (activations | rates).items():
        if (value.lower() if isinstance(value, str) else value) not in _NOTHING:
            remedy = (
                "a deep linear network has none; give it as --activation"
                if name in activations
                else "give it as --dropout"
            )
            return (
                f"The hyperparameters in {source} say {clipped(name)} = {clipped(repr(value))}; {remedy}."
            )
    if activations:
        return ""
    found = [_INDEX.fullmatch(name) for name in names]
    places = [int(match[1]) for match in found if match is not None]
    skips = [(a, b) for a, b in pairwise(places) if b > a + 1] if len(places) == len(names) else []
    if not skips:
        # Numbers without a name before them are those of a Sequential, which holds nothing else then.
        if len(places) == len(names) and not any("." in name.removesuffix(".weight") for name in names):
            return ""
        return f"{source} names no activations between the layers; none are assumed."
    a, b = skips[0]
    taken = "the noise that is given" if noise else "nothing"
    return (
        f"{source} skips from layer {a} to {b}; Dropout or an activation between is taken for {taken} "
        "(--activation relu, say, names one)."
    )
