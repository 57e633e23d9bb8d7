"""The blocks of the Hessian, as they are printed, have the eigenvalues of that of a whole network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from symderive.derivations.vocabulary import VOCABULARY

from symderive.displays import nodes as n
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read

DEPTH, WIDTHS = 2, (2, 3, 2)
NOISE, DECAYS = (0.5, 0.8), (0.02, 0.03, 0.025)
A, V, C = np.array([[1.0, 0.3], [0.3, 4.0]]), np.array([0.9, 0.7]), 2.0

STEP = 1e-3  # of second differences; the loss is a polynomial of degree 6
TOLERANCE = 1e-7  # its fourth derivatives times STEP², with room


def value(node: n.Node, names: dict[str, Any]) -> Any:
    """What a printed formula is in numbers and matrices; beside a matrix, 1 is the identity."""
    match node:
        case n.Number(value=number):
            return float(number)
        case n.Name():
            return names[to_tex(node)]
        case n.Sum(terms=terms):
            parts = [(-1.0 if term.negative else 1.0) * value(term.body, names) for term in terms]
            size = max((len(part) for part in parts if np.ndim(part) == 2), default=None)
            return sum(part * np.eye(size) if size and np.ndim(part) == 0 else part for part in parts)
        case n.Product(factors=factors):
            product: Any = 1.0
            for factor in factors:
                other = value(factor, names)
                product = product @ other if np.ndim(product) == np.ndim(other) == 2 else product * other
                product = product.item() if np.shape(product) == (1, 1) else product
            return product
        case n.Quotient(above=above, below=below):
            return value(above, names) / value(below, names)
        case n.Root(body=body):
            return np.sqrt(value(body, names))
        case n.Transpose(body=body):
            return value(body, names).T
        case n.Power(base=base, exponent=n.Number(value=2)):
            found = value(base, names)
            return found @ found if np.ndim(found) == 2 else found**2
        case n.Apply(operator="Diag", body=body):
            return np.diag(value(body, names).ravel())
        case n.Blocks(rows=rows):
            return np.block([[np.atleast_2d(value(part, names)) for part in row] for row in rows])
    raise AssertionError(f"no value for {node}")


def definition(tex: str) -> n.Node:
    return read(next(entry.value for entry in VOCABULARY.entries if entry.tex == tex))


def loss(weights: np.ndarray) -> float:
    shapes = [*zip(WIDTHS[1:], WIDTHS[:-1], strict=True), (1, WIDTHS[-1])]
    ends = np.cumsum([rows * columns for rows, columns in shapes])
    layers = [part.reshape(s) for part, s in zip(np.split(weights, ends[:-1]), shapes, strict=True)]
    moments, through = A, np.eye(WIDTHS[0])
    for layer, noise in zip(layers[:-1], NOISE, strict=True):
        moments, through = layer @ moments @ layer.T, layer @ through
        moments = moments + noise * np.diag(np.diag(moments))
    decay = sum(g * (layer**2).sum() for g, layer in zip(DECAYS, layers, strict=True))
    output = layers[-1]
    return float((output @ moments @ output.T).item() - 2 * (output @ through @ V).item() + C + decay)


def hessian(at: np.ndarray) -> np.ndarray:
    size = len(at)
    steps = STEP * np.eye(size)
    found = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            corners = ((a, b, loss(at + a * steps[i] + b * steps[j])) for a in (1, -1) for b in (1, -1))
            found[i, j] = sum(a * b * here for a, b, here in corners) / (4 * STEP**2)
    return found


def root() -> tuple[float, float, np.ndarray]:
    """ρ, and the first root of φ = τ with its ridge solution, by bisection."""
    rho = float(np.prod([1 + noise / width for noise, width in zip(NOISE, WIDTHS[1:], strict=True)]))

    def solution(ridge: float) -> np.ndarray:
        return np.linalg.solve(rho * A + ridge * np.eye(2), V)

    low, high = 1e-6, 0.3
    for _ in range(200):
        middle = (low + high) / 2
        below = middle ** ((DEPTH + 1) / DEPTH) * (solution(middle) ** 2).sum() < np.prod(DECAYS) ** (
            1 / DEPTH
        )
        low, high = (middle, high) if below else (low, middle)
    return rho, low, solution(low)


def spectrum(changed: str = "", into: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues of the Hessian by differences, and of the printed blocks, with one thing changed."""
    rho, ridge, m = root()
    kappa = ridge * (m**2).sum()
    units = [m / np.sqrt((m**2).sum()), *(np.ones(width) / np.sqrt(width) for width in WIDTHS[1:])]
    scales = [np.sqrt(kappa / decay) for decay in DECAYS]
    outer = [s * np.outer(b, a) for s, a, b in zip(scales, units, units[1:], strict=False)]
    at = np.concatenate([part.ravel() for part in (*outer, scales[-1] * units[-1])])

    names: dict[str, Any] = {"I": 1.0, r"\rho": rho, r"\lambda": ridge, "A": A}
    names |= {r"\varsigma": np.sqrt(np.array(DECAYS[1:]))[:, None], "e_{0}": units[0][:, None]}
    names |= {r"\gamma_{1}": DECAYS[0]}
    names["R"] = value(definition("R"), names)
    chi = float(units[0] @ names["R"] @ units[0])
    found = list(2 * np.linalg.eigvalsh(value(definition("C_{0}"), names)))
    below = 0.0
    for i, (noise, width) in enumerate(zip(NOISE, WIDTHS[1:], strict=True), 1):
        own = {"d_{i}": float(width), r"\sigma_{i}": np.sqrt(noise), "e_{i-1}": units[i - 1][:, None]}
        own |= {r"\gamma_{i}": DECAYS[i - 1], r"\gamma_{i+1}": DECAYS[i]}
        own[r"\nu_{i}"] = value(definition(r"\nu_{i}"), names | own)
        along = np.outer(units[i - 1], units[i - 1])
        own["R_{i}"] = names["R"] if i == 1 else chi * (below * np.eye(len(along)) + (1 - below) * along)
        below = own[r"\nu_{i}"]
        tex = next(entry.value for entry in VOCABULARY.entries if entry.tex == "C_{i}")
        block = value(read(tex.replace(changed, into) if changed else tex), names | own)
        found += list(2 * np.linalg.eigvalsh(block)) * (width - 1)
    return np.linalg.eigvalsh(hessian(at)), np.sort(found)


def test_the_printed_blocks_have_the_eigenvalues_of_the_hessian() -> None:
    whole, blocks = spectrum()
    assert len(whole) == len(blocks) == 14
    assert np.abs(whole - blocks).max() < TOLERANCE


@pytest.mark.parametrize(
    ("changed", "into"), [("-\\sqrt", "-2 \\sqrt"), ("I - ", "I + "), ("1 + \\nu_{i}", "1 + 2 \\nu_{i}")]
)
def test_a_block_that_errs_has_not(changed: str, into: str) -> None:
    whole, blocks = spectrum(changed, into)
    assert np.abs(whole - blocks).max() > 1000 * TOLERANCE
