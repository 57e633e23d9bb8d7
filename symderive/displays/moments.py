r"""Means of a display in entries: over data and noise, and the mean of a variance.

A mean over data and noise stays one.  Of the prediction, the mean of a variance over the noise is
:math:`E f^2 - E_x (E_\epsilon f)^2`, where the inner mean replaces the outputs of a layer by the map
:math:`T_i` of the features: the noise has mean 1 and is independent, and the outputs are linear in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.displays import nodes as n
from symderive.displays.names import Names, Scope
from symderive.displays.printing.latex import to_tex
from symderive.displays.values import Matrix, Opaque, Scalar
from symderive.errors import InputError
from symderive.statements.nodes import Expectation, mean


class Moments(Names):
    """The means of one display."""

    def _moment(self, node: n.Moment, scope: Scope) -> Any:
        over, body = node.over.tex, node.body
        if node.kind == "E" and over == "x":
            if isinstance(body, n.Moment) and body.over.tex == r"\epsilon":
                inner = self.value(body.body, scope)
                if body.kind == "E":
                    return self._mean(inner)
                if not isinstance(inner, Opaque):
                    return self._mean_variance(inner, to_tex(node))
            value = self.value(body, scope)
            if not any(self._is_noisy(part) for part in _some_entries(value)):
                return self._mean(value)
        if self.in_words:
            self.value(body, scope)
        return self._words(to_tex(node))

    @staticmethod
    def _is_noisy(expression: Any) -> bool:
        return bool(expression.has(sy.epsilon, sy.h, Expectation))

    def _mean(self, value: Any) -> Any:
        match value:
            case Matrix():
                entries = value.diagonal
                return replace(
                    value,
                    entry=lambda j, k: mean(value.entry(j, k)),
                    diagonal=None if entries is None else lambda j: mean(entries(j)),
                )
            case Scalar():
                return Scalar(mean(value.factor))
            case sp.Expr():
                return mean(value)
        return self._words("a mean of blocks")

    def _mean_variance(self, value: Any, text: str) -> Any:
        r"""E Var_ε b = E b² - E_x (E_ε b)² for b = Σ_j g_j h[D, j], a prediction."""
        match value:
            case sp.Sum(function=function, limits=limits) if len(limits) == 1:
                index = limits[0][0]
                found = function.atoms(sp.Indexed)
                outputs = [part for part in found if part.base == sy.h]
                if len(outputs) == 1 and outputs[0].indices[1] == index:
                    weight = sp.cancel(function / outputs[0]) if function.is_Mul else sp.S.One
                    if not weight.has(sy.h, sy.epsilon, sy.x, sy.y):
                        return mean(value**2) - self._of_mean(weight, outputs[0].indices[0], limits[0])
        return self._words(f"{text}, of something that is not the output of the network,")

    def _of_mean(self, weight: Any, layer: Any, limit: Any) -> Any:
        """Σ_rs A_rs m_r m_s with m_r = Σ_j weight_j T[layer, j, r], the mean square of the mean."""
        family = self._map()
        index, *ends = limit

        def mapped(feature: Any) -> Any:
            name = self.fresh.new()
            inside = weight.xreplace({index: name}) * family[layer, name, feature]
            return sp.Sum(inside, (name, *ends))

        r, s = self.fresh.new(), self.fresh.new()
        inside = sy.A_entry[r, s] * mapped(r) * mapped(s)
        return sp.Sum(inside, (r, 1, sy.d[0]), (s, 1, sy.d[0]))

    def _map(self) -> Any:
        """The family T of the maps of the layers, where the vocabulary defines it and h as it has to be."""
        recursions = [getattr(entry.record, "recursion", None) for entry in self.reading.entries]
        maps = [r.head for r in recursions if r is not None and _is_map_of_layers(r)]
        outputs = [r for r in recursions if r is not None and _is_output_of_layers(r)]
        if not (maps and outputs):
            raise InputError("the vocabulary has no T_{i} and h_{i} with the recursions of a network.")
        return maps[0]


def _some_entries(value: Any) -> tuple[Any, ...]:
    one = sp.S.One
    match value:
        case Matrix():
            return (value.entry(one, one),)
        case Scalar():
            return (value.factor,)
        case sp.Expr():
            return (value,)
    return ()


def _is_map_of_layers(recursion: Any) -> bool:
    """T_0 = I and T_i = W_i T_{i-1}."""
    if len(recursion.indices) != 3:
        return False
    (i, j, k), head = recursion.indices, recursion.head
    step = _carried(recursion.step, i, j, lambda r: head[i - 1, r, k])
    return bool(step == recursion.step and recursion.base == sp.KroneckerDelta(j, k))


def _is_output_of_layers(recursion: Any) -> bool:
    """h_0 = x and h_i = ε_i ∘ W_i h_{i-1}."""
    if recursion.head != sy.h:
        return False
    i, j = recursion.indices
    step = recursion.step / sy.epsilon[i, j]
    return bool(step == _carried(step, i, j, lambda r: sy.h[i - 1, r]) and recursion.base == sy.x[j])


def _carried(step: Any, i: Any, j: Any, below: Any) -> Any:
    """Σ_r W[i, j, r] below(r), with the name of the index that a sum has."""
    if not isinstance(step, sp.Sum):
        return None
    r = step.limits[0][0]
    return sp.Sum(sy.W_entry[i, j, r] * below(r), (r, 1, sy.d[i - 1]))
