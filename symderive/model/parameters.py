"""Parameters of a network as people give them, read into exact values."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symderive.arithmetic.exact import Number, exact
from symderive.errors import InputError

#: What messages call the variances of a layer by the names of the arguments, where that is not the same.
WORDS = {"noise": "noise variance", "weight_noise": "weight noise variance"}


def per_layer(value: Any, count: int, name: str, *, said: str | None = None) -> tuple[Number, ...]:
    """``value`` repeated ``count`` times, or the ``count`` values that it holds; all exact.

    ``said`` is what messages call one value, ``name`` unless told.
    """
    if not _is_listed(value):
        return (exact(value, said or name),) * count  # a bad value is reported even where no layer uses it
    values = tuple(value)
    if len(values) != count and not (len(values) == 0 and count == 0):
        raise InputError(
            f"{len(values)} {name} value{'s' * (len(values) != 1)} given for {count} "
            f"layer{'s' * (count != 1)}; give one value for all or exactly {count}."
        )
    one = said or name
    return tuple(exact(item, f"the {one} of layer {i}") for i, item in enumerate(values, start=1))


def layer_variances(noise: Any, dropout: Any, names: tuple[str, str], count: int) -> tuple[Number, ...]:
    """Noise variances of ``count`` layers, given so or as drop probabilities; 0 where neither is given.

    ``names`` are those of the two arguments.
    """
    given, name = _given(noise, dropout, names)
    return _checked(per_layer(given, count, name), name, "of layer", dropout is not None)


def feature_variances(noise: Any, dropout: Any, names: tuple[str, str]) -> tuple[Number, ...]:
    """Noise variances of features, one for all or one for each; else as :func:`layer_variances`."""
    given, name = _given(noise, dropout, names)
    if not _is_listed(given):
        return _checked((exact(given, name),), name, "of feature", dropout is not None)
    if not len(given):
        raise InputError(f"{name} is empty; give one value, or one for each feature.")
    values = tuple(exact(item, f"the {name} of feature {i}") for i, item in enumerate(given, start=1))
    return _checked(values, name, "of feature", dropout is not None)


def own_groups(groups: Any, widths: tuple[Number, ...]) -> tuple[Number, ...]:
    """How many groups of neurons share their noise, layer by layer; () where every neuron has its own."""
    if groups is None or (_is_listed(groups) and not len(groups)):
        return ()
    counts = per_layer(groups, len(widths), "group", said="number of groups")
    return () if counts == widths else counts


def one_variance(value: Any, name: str) -> Number:
    """One noise variance, exact and not negative."""
    if _is_listed(value):
        raise InputError(f"{name} has several values; give one.")
    variance = exact(value, name)
    if _is_negative(variance):
        raise InputError(f"{name} is {variance}; give a variance that is not negative.")
    return variance


def require_not_negative(values: Sequence[Number], name: str) -> None:
    """:class:`InputError` naming the first negative value, as ``name`` and its number from 1."""
    for i, value in enumerate(values, start=1):
        if _is_negative(value):
            raise InputError(f"the {name} {i} is {value}; give a value that is not negative.")


def require_sizes(widths: Sequence[Number], groups: Sequence[Number]) -> None:
    """:class:`InputError` unless widths are positive integers and groups divide them."""
    for i, (width, count) in enumerate(zip(widths, groups, strict=True), start=1):
        if isinstance(width, Fraction) and (width < 1 or width.denominator != 1):
            raise InputError(
                f"the width of layer {i} is {width}; a layer has a whole number of neurons, at least 1."
            )
        if not isinstance(width, Fraction) or not isinstance(count, Fraction):
            continue
        if count < 1 or count.denominator != 1 or width % count:
            raise InputError(
                f"layer {i} has {width} neurons, which do not form {count} groups of equal size; "
                f"give a number of groups that divides {width}."
            )


def is_symbolic(value: Number) -> bool:
    """Whether a parameter still holds symbols."""
    return not isinstance(value, Fraction) and bool(value.free_symbols)


#: Denominators of fractions that are shown as such; larger ones are those of floats.
LARGEST_SHOWN = 2**20


def summary(values: Sequence[Any]) -> str:
    """The values as text that Python reads as the same; of many the first, and the last.

    >>> summary([Fraction(1, 100), Fraction(0.01)])
    '1/100, 0.01'
    """
    texts = [_told(value) for value in values]
    if len(texts) > 6:
        texts = [*texts[:3], "…", texts[-1]]
    return ", ".join(texts)


def _told(value: Any) -> str:
    """A number; one that was a float, which has a large power of two below it, as that float."""
    if isinstance(value, Fraction) and value.denominator > LARGEST_SHOWN:
        nearest = float(value)
        if Fraction(nearest) == value:
            return repr(nearest)
    return str(value)


def _given(noise: Any, dropout: Any, names: tuple[str, str]) -> tuple[Any, str]:
    """What was given, and the name of its argument."""
    if noise is not None and dropout is not None:
        raise InputError(f"{names[0]} and {names[1]} are both given; give one of them.")
    if dropout is not None:
        return dropout, names[1]
    return (0 if noise is None else noise), names[0]


def _checked(values: tuple[Number, ...], name: str, where: str, are_rates: bool) -> tuple[Number, ...]:
    """Values that are not negative, or the variances σ² = P/(1 - P) of drop probabilities P."""
    if not are_rates:
        require_not_negative(values, f"{WORDS.get(name, name)} {where}")
        return values
    for i, rate in enumerate(values, start=1):
        if isinstance(rate, Fraction) and not 0 <= rate < 1:
            raise InputError(
                f"the {name} {where} {i} is {rate}; give a drop probability from 0 up to, but not "
                "including, 1."
            )
    return tuple(exact(rate / (1 - rate)) for rate in values)


def _is_listed(value: Any) -> bool:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return True
    return hasattr(value, "__array__") and getattr(value, "shape", None) != ()


def _is_negative(value: Number) -> bool:
    return value < 0 if isinstance(value, Fraction) else value.is_negative is True
