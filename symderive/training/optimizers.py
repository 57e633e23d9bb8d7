"""From an optimizer's ``weight_decay`` to the decay γ of the loss, exact.

The loss of this toolkit is a mean of squares, L = E (f - y)² + Σ γ_i ‖W_i‖².  An optimizer that takes
``weight_decay`` = w adds w W to the gradient of the loss that the training script computes, as if that held
(w/2)‖W‖²; divided by whatever makes that loss the mean, it is γ.  With n the number of samples (the sum of
their weights):

====================  =======================  ============  =====================
``loss``              what is minimized        w gives γ     its own γ' gives γ
====================  =======================  ============  =====================
``"mean"``            mean of (f - y)²         w/2           γ'
``"sum"``             sum of (f - y)²          w/(2n)        γ'/n
``"half-mean"``       half the mean            w             2γ'
====================  =======================  ============  =====================

Here γ' is the factor of ‖W‖² in a loss of that kind.  PyTorch's ``MSELoss()`` is the mean, and with
``reduction="sum"`` the sum.  scikit-learn's ``Ridge(alpha=α)`` minimizes a sum of squares plus α‖w‖²: depth
0, γ' = α of the sum, γ = α/n (its intercept is what centering removes).

``SGD`` and ``Adam`` add w W to the gradient, so that their stationary points are those of L.  ``AdamW``
decouples the decay from the gradient: it comes to rest where g/(√v + ε) + w W = 0, g being the gradient of
the data term and v its running square, and in general L is stationary there for no γ.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, get_args

from symderive.arithmetic.exact import Exact, rational
from symderive.errors import InputError

Loss = Literal["mean", "sum", "half-mean"]

#: What minimizes another loss, in words; the other optimizers need none.
OPTIMIZERS = {
    "sgd": "",
    "adam": "",
    "adamw": "AdamW decouples the decay from the gradient: it comes to rest where g/(sqrt(v) + eps) + "
    "weight_decay*W = 0, at no stationary point of this loss; train with SGD or Adam to compare.",
}


def loss_decay(
    *,
    weight_decay: Exact | Sequence[Exact] | None = None,
    decay: Exact | Sequence[Exact] | None = None,
    loss: Loss = "mean",
    samples: Exact | None = None,
) -> Fraction | tuple[Fraction, ...]:
    """Find the decay γ of the mean loss from an optimizer's ``weight_decay`` or another loss.

    Parameters
    ----------
    weight_decay : number, str or list of these, optional
        What PyTorch's SGD or Adam takes, not negative; a list or tuple of one for each layer gives a
        tuple.  A float stands for its binary value, which for 0.1 is not one tenth; the text ``"0.1"`` is.
    decay : number, str or list of these, optional
        In its place: the factor of ‖W‖² in a loss of the kind ``loss``; not negative.
    loss : "mean", "sum" or "half-mean"
        Of squares: what the training script minimizes.
    samples : number, optional
        The number of samples n, or the sum of their weights; for ``"sum"`` alone.

    Returns
    -------
    Fraction or tuple of Fraction
        γ, or one for each layer, as :class:`symderive.Network` takes them.

    Raises
    ------
    InputError
        Where none or both of the two are given, for values that are negative or not rational, another loss,
        and a sum whose number of samples is not known.

    Examples
    --------
    >>> loss_decay(weight_decay="0.02"), loss_decay(weight_decay="0.02", loss="half-mean")
    (Fraction(1, 100), Fraction(1, 50))
    >>> loss_decay(weight_decay=0.1) == Fraction(0.1) / 2 != loss_decay(weight_decay="0.1")
    True
    >>> loss_decay(decay=3, loss="sum", samples=300)  # Ridge(alpha=3) on 300 samples
    Fraction(1, 100)
    """
    if (weight_decay is None) == (decay is None):
        raise InputError("give either weight_decay, as the optimizer takes it, or the decay of the loss.")
    if loss not in get_args(Loss):
        raise InputError(f"loss is {loss!r}; give one of {', '.join(get_args(Loss))}.")
    name, given = ("decay", decay) if weight_decay is None else ("weight_decay", weight_decay)
    unit = _unit(loss, samples) * (1 if weight_decay is None else Fraction(1, 2))
    if isinstance(given, (list, tuple)):
        return tuple(unit * _decay(x, f"{name} of layer {i}") for i, x in enumerate(given, start=1))
    return unit * _decay(given, name)


def _decay(given: Any, name: str) -> Fraction:
    value = rational(given, name)
    if value < 0:
        raise InputError(f"{name} is {value}; give a value that is not negative.")
    return value


def _unit(loss: Loss, samples: Any) -> Fraction:
    """What one is worth in the mean loss: the decay of another loss by what makes that the mean."""
    if loss != "sum":
        return Fraction(2 if loss == "half-mean" else 1)
    if samples is None:
        raise InputError(
            "the number of samples is not known, which a summed loss divides by; give samples."
        )
    count = rational(samples, "samples")
    if count <= 0:
        raise InputError(f"samples is {count}; give the number of samples, or the sum of their weights.")
    return 1 / count
