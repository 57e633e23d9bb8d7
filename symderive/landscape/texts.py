"""A :class:`~symderive.landscape.landscape.Landscape`, which prints itself so, in words and in LaTeX."""

from __future__ import annotations

from typing import Any

from flint import arb

from symderive.arithmetic.exact import ball, decimal, in_tex, is_accurate

#: Significant digits in short texts.
SHORT_DIGITS = 8


def text_of(landscape: Any) -> str:
    """The points in one line each."""
    lines = [f"{landscape.net!r} on {landscape.data!r}"]
    lines += [
        f"  {p.index}  λ = {_short(p.ridge)}  F = {_short(p.loss)}  ‖m‖ = {_short(p.norm)}"
        f"  {p.kind}{_curvature(landscape, p.index)}"
        for p in landscape.points
    ]
    at_origin = _short(ball(landscape.loss_at_origin))
    lines.append(f"  origin  F = {at_origin}  {landscape.origin}{_curvature(landscape, None)}")
    lines += [f"  {sentence}" for sentence in landscape.close_points(SHORT_DIGITS)]
    lines.append(f"  {'complete' if landscape.complete else 'NOT complete: some roots stayed undecided'}")
    return "\n".join(lines)


def tex_of(landscape: Any) -> str:
    """The symbols of the reduced problem, and a table of the points, for a notebook."""
    from symderive.formulas.reduction import reduce  # SymPy, which solving does without

    rows = [
        rf"{p.index} & {_tex(p.ridge)} & {_tex(p.loss)} & {_tex(p.norm)} & \text{{{p.kind}}} \\"
        for p in landscape.points
    ]
    at_origin = _tex(ball(landscape.loss_at_origin))
    rows.append(rf"& \infty & {at_origin} & 0 & \text{{origin: {landscape.origin}}} \\")
    head = r"\text{point} & \lambda & F(m) & \lVert m\rVert & \text{kind} \\ \hline"
    table = "\n".join([r"\begin{array}{clllc}", head, *rows, r"\end{array}"])
    if landscape.net.has_other_noise:  # the formulas speak of A, where these are of B
        return f"$\\displaystyle {table}$"
    defined = r" \\ ".join(f"{name} &= {value}" for name, value in reduce(landscape.net).displays())
    return rf"$\displaystyle \begin{{aligned}}{defined}\end{{aligned}}$" + f"\n\n$\\displaystyle {table}$"


def _curvature(landscape: Any, index: int | None) -> str:
    """Index, nullity and sharpness in words, as far as they are known."""
    negative, null = landscape.inertia(index)
    known = [] if negative is None else [f"index {negative}, nullity {null}"]
    if (sharpness := landscape.sharpness(index)) is not None:
        known.append(f"sharpness {_short(sharpness)}")
    return f" ({', '.join(known)})" if known else ""


def _short(value: arb) -> str:
    return decimal(value, SHORT_DIGITS) if is_accurate(value, SHORT_DIGITS) else value.str(SHORT_DIGITS)


def _tex(value: arb) -> str:
    return in_tex(_short(value))
