"""Isotropic data: the stable branch is a generalized binomial series."""

from ..notation import *
from .isotropic_equation import ISOTROPIC, ROOT, SHOWN_ROOT

#: Any exponent of the equation, and any power of its solution.
s, r = letters("s r", positive=True)


def powers(exponent: Expr, power: Expr, variable: Expr) -> Expr:
    """𝓑_s(x)^r = 1 + Σ_{k ≥ 1} r/(sk+r) · C(sk+r, k) x^k, from s, r and x."""
    top = (exponent * k + power).factor()
    return 1 + Sum((power / top).cancel() * binomial(top, k) * variable**k, (k, 1, oo))


_root, _branch, _steep = equal(zeta, q * (1 + zeta) ** s), at_least(1, (s - 1) * zeta), at_least(s, 1)

#: ζ is small, so that few terms are needed.
SMALL = {zeta: (0, Rational(1, 20))}

POWERS = theorem(
    "generalized-binomial-series",
    "Powers of the solution as a series",
    equal((1 + zeta) ** r, powers(s, r, q)),
    given=(_root, _branch, _steep),
    reference="Graham, Knuth and Patashnik, Concrete Mathematics, equation 5.60; Lagrange",
    proof=ImplicitSeries(zeta, q, s, r),
    test=Domain(ranges=SMALL | {s: (1, 3), r: (0, 3)}),
    misses={
        "a denominator": right(powers(s, r, q).xreplace({1 / (s * k + r): 1 / (s * k + r + 1)})),
        "another exponent": right(powers(s + 1, r, q)),
        "the other branch": without(_branch),
    },
    prose=r"""Let $s \ge 1$ be any number. The powers $y^{r}$ of the formal solution of $y = 1 + q
        y^{s}$ have coefficients $c_k(r)$ that are polynomials in $r$, with $c_0 = 1$, $c_k(0) = 0$ for $k
        \ge 1$ and, because $y^{r+1} - y^{r} = q y^{r+s}$, with $c_k(r+1) - c_k(r) = c_{k-1}(r+s)$. The
        coefficients below have the same properties. A polynomial is determined by its differences and its
        value at 0, so by induction on $k$ the two agree. None is negative, so the series converges as far
        as its sum is analytic (Pringsheim): while $q$ grows with $\zeta$, up to $\zeta = 1/(s-1)$, and
        there too by monotone convergence.""",
)

#: 1 ≥ (s - 1) ζ at s = 2D/(D+1).
STABLE = at_least(D + 1, (D - 1) * zeta)
DEEP, DEEPER = at_least(D, 1), at_least(D, 2)
_exponent, _map_exponent = ISOTROPIC.exponent, ISOTROPIC.map_exponent


def stable_power(power: Expr) -> Use:
    """(1 + ζ)^power as a series on the stable branch."""
    return POWERS.at({s: _exponent, r: power}).because(None, STABLE / (D + 1), None)


CLOSED_FORM = theorem(
    "isotropic-closed-form",
    "The stable branch at every depth",
    equal(zeta, ISOTROPIC.stable.series - 1),
    given=(ROOT, STABLE, DEEP),
    reference="the generalized binomial series",
    proof=stable_power(1),
    misses={
        "the series of infinite depth": right(powers(2, 1, q) - 1),
        "the saddle branch": without(STABLE),
    },
    display=Display(
        r"\zeta = \sum_{k \ge 1} \frac{1}{t k + 1} \binom{t k + 1}{k} q^{k}",
        given=(r"D \ge 1", SHOWN_ROOT, r"(D - 1) \zeta \le D + 1"),
    ),
    prose=r"""With $s = 2D/(D+1)$ and $r = 1$ this is the ridge of the stable branch, at every depth:
        $\lambda = \rho a (\mathcal{B}_s(q) - 1)$ with the generalized binomial series $\mathcal{B}_s(q) =
        \sum_{k \ge 0} \binom{sk+1}{k} \frac{q^k}{sk+1}$.""",
)

_share = q * powers(_exponent, _map_exponent, q)

SHARE = theorem(
    "isotropic-closed-form-map",
    r"The end-to-end map at depth $D \ge 2$",
    equal(1 / (1 + zeta), 1 - _share),
    given=(ROOT, STABLE, DEEPER),
    reference=r"$1/(1 + \zeta) = 1 - q (1 + \zeta)^{t-1}$",
    proof=-q * stable_power(_map_exponent) - ROOT / (1 + zeta),
    test=Domain(ranges=SMALL),
    misses={"a flipped sign": right(1 + _share)},
    prose=r"""A power of $1 + \zeta$ is as explicit as $\zeta$. So the map $m = v/(\rho a (1 + \zeta))$
        has a closed form too, and with it the loss and the variance.""",
)

_root_shallow = equal(*(side.subs(D, 1) for side in ISOTROPIC.equation.args))
_solved = equal(zeta, q / (1 - q))

SHALLOW = theorem(
    "isotropic-closed-form-shallow",
    "One hidden layer",
    equivalent(_root_shallow, _solved),
    given=(greater(1, q),),
    reference="the geometric series",
    proof=both_ways(_root_shallow / (1 - q), (1 - q) * _solved),
    misses={"a flipped sign": right(equal(zeta, q / (1 + q)))},
    display=Display(r"\zeta = q (1 + \zeta) \iff \zeta = \frac{q}{1 - q}", given=r"q < 1"),
    prose=r"At depth 1 all coefficients are 1. There is one solution for $q < 1$ and none beyond.",
)

CAPTION = """Partial sums of the series at depth 3. They increase to the stable branch up to the spinodal
    (dot), where the series still converges; beyond it there is no solution."""


def draw_partial_sums(axes: Any) -> None:
    """ζ(q) at D = 3 and its partial sums up to the spinodal."""
    import numpy as np

    depth, stable = 3, ISOTROPIC.stable
    end = float(stable.radius.subs(D, depth))
    ridge, decay = np.linspace(0, 6, 300), np.linspace(0, 1.1 * end, 200)
    solved = ridge / (1 + ridge) ** float(_exponent.subs(D, depth))
    axes.plot(solved, ridge, color="black", label="the two solutions")
    for terms in (2, 4, 8, 32):
        total = sum(stable.term(order).subs(D, depth) for order in range(terms + 1)) - 1
        axes.plot(decay, lambdify(q, total, "numpy")(decay), linewidth=0.8, label=f"{terms} terms")
    axes.plot([end], [2], "o", color="black", markersize=4)
    axes.set(xlim=(0, 1.1 * end), ylim=(0, 4), xlabel="$q$", ylabel=r"$\zeta$")
    axes.legend(loc="upper left")


DERIVATION = Derivation(
    id="isotropic-closed-form",
    title="Isotropic data: the closed form",
    prose="The equation is solved by one series, whose coefficients are explicit at every depth.",
    statements=(POWERS, CLOSED_FORM, SHARE, SHALLOW),
    figures=((CAPTION, draw_partial_sums),),
)
