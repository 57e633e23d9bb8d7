"""Averages from sums over samples, and the sums behind averages, with which moments add."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple, Protocol

from flint import fmpz_mat

from symderive.data.blocks import default_names
from symderive.data.sums import Sums, reduced
from symderive.errors import InputError, shown


class Averages(NamedTuple):
    """``gram / denominator`` are the second moments of (x, y), less their ``means`` where those are given.

    y is one target or several.  ``first`` are the averages of (x, y) themselves, 0 where ``means`` were
    subtracted.  ``variances`` are the features' where these are to be divided by their deviations;
    ``weight`` is what the averages divide by.
    """

    gram: fmpz_mat
    denominator: int
    variances: tuple[Fraction, ...] | None
    means: tuple[Fraction, ...] | None
    first: tuple[Fraction, ...]
    weight: Fraction


def averages_of(
    sums: Sums, features: Sequence[str], source: str, *, center: bool, standardize: bool
) -> Averages:
    """Averages over the samples that sums were made of; ``standardize`` centers, too.

    Raises :class:`InputError` where no sample counts, and for a constant feature to be standardized.
    """
    d, size = len(features), int(sums.gram.nrows()) - 1  # all that is no feature is a target
    entries = sums.gram.tolist()
    total = int(entries[size][size])
    if total == 0:
        none = "every sample weighs 0" if sums.rows else f"{source} holds no samples"
        raise InputError(f"{none}; give at least one row that counts.")
    gram, denominator = fmpz_mat([row[:size] for row in entries[:size]]), total
    last = fmpz_mat([row[size:] for row in entries[:size]])
    first, means = tuple(Fraction(int(x), total) for x in last.entries()), None
    if center or standardize:
        gram, denominator = gram * total - last * last.transpose(), total**2
        means, first = first, (Fraction(0),) * size
    gram, denominator = reduced(gram, denominator)
    variances = None
    if standardize:
        variances = tuple(Fraction(int(gram[i, i]), denominator) for i in range(d))
        require_spread(variances, features)
    return Averages(gram, denominator, variances, means, first, sums.weight)


def require_spread(variances: Sequence[Fraction], names: Sequence[str], where: str = "") -> None:
    """:class:`InputError` naming a feature that does not vary, ``where`` tells in which samples."""
    for name, variance in zip(names, variances, strict=True):
        if variance == 0:
            raise InputError(
                f"column {shown(name)} is constant{where} and has no standard deviation to divide by; "
                "drop the column or do not standardize."
            )


def sums_behind(part: Addable) -> Sums:
    """The sums that averages were made of; those of (x, y) alone are given as 0 where they are not known.

    With the means μ of (x, y) that were subtracted, or 0, and W = Σ w:
    Σ w z zᵀ = W(gram/denominator + μμᵀ), and Σ w z = W(μ + first moments).
    """
    assert part.weight is not None
    size = int(part.gram.nrows())
    nothing = (Fraction(0),) * size
    subtracted, averages = part.means or nothing, part.means or part.first_moments or nothing
    scale = lcm(*(x.denominator for x in averages))
    mu, last = (fmpz_mat([[int(x * scale)] for x in column]) for column in (subtracted, averages))
    raw = part.gram * scale**2 + mu * mu.transpose() * part.denominator
    edge = (last * (scale * part.denominator)).entries()
    rows = [[*row, x] for row, x in zip(raw.tolist(), edge, strict=True)]
    whole = fmpz_mat([*rows, [*edge, scale**2 * part.denominator]])
    weight = part.weight
    return Sums(*reduced(whole * weight.numerator, weight.denominator * scale**2 * part.denominator), 1)


class Addable(Protocol):
    """What moments need to be added."""

    @property
    def gram(self) -> fmpz_mat: ...
    @property
    def denominator(self) -> int: ...
    @property
    def features(self) -> tuple[str, ...]: ...
    @property
    def target(self) -> str: ...
    @property
    def means(self) -> tuple[Fraction, ...] | None: ...
    @property
    def first_moments(self) -> tuple[Fraction, ...] | None: ...
    @property
    def variances(self) -> tuple[Fraction, ...] | None: ...
    @property
    def weight(self) -> Fraction | None: ...


def require_addable(first: Addable, second: Addable) -> None:
    """:class:`InputError` unless both know their weights, have the same columns and are treated alike."""
    if first.weight is None or second.weight is None:
        raise InputError(
            "given moments do not tell how many samples they are averages of, and cannot be added; "
            "give weight=n with them."
        )
    if len(first.features) != len(second.features):
        raise InputError(
            f"moments of {len(first.features)} and of {len(second.features)} features cannot be added; "
            "give the same features."
        )
    names = zip((*first.features, first.target), (*second.features, second.target), strict=True)
    for one, other in names:
        if one != other:
            raise InputError(
                f"the column {shown(one)} meets {shown(other)} in the other moments; give the same columns "
                f"in the same order{_nameless(first, second)}."
            )
    ways = [_way(part) for part in (first, second)]
    if ways[0] != ways[1]:
        raise InputError(f"{ways[0]} and {ways[1]} moments cannot be added; treat both alike.")


def _nameless(first: Addable, second: Addable) -> str:
    """What helps where one of two moments was made from numbers without names."""
    unnamed = [part.features == default_names(len(part.features)) for part in (first, second)]
    if first.features != second.features and unnamed[0] != unnamed[1]:
        return ", or name those of the moments that have no names: features=[...]"
    if first.features == second.features and "y" in (first.target, second.target):
        return ", or name the target of the moments that have none: target=..."
    return ""


def _way(part: Addable) -> str:
    if part.variances is not None:
        return "standardized"
    return "plain" if part.means is None else "centered"
