"""The paper's weights where all layers are alike, and bounds on their one number at one hidden layer."""

from symderive.formulas.one_layer import EqualLayers, bound_on_scale, scale

from ..inequalities import power
from ..notation import *
from .paper_two_layer import PAPER_TWO_LAYER, TWO_LAYER

#: All widths are d_0, all decays γ_1, all noises σ_1.
LIKE = EqualLayers()
width, decay = LIKE.width, LIKE.decay
ALIKE = r"all layers have the width $d_0$, the decay $\gamma_1$ and the noise $\sigma_1$"

_solved = Sum((v[j] / LIKE.inverted(a[j])) ** 2, EACH)
_in_letters = {rho: LIKE.noise_factor, lam: LIKE.ridge(), tau: decay ** ((D + 1) / D)}
CONDITION = equal(LIKE.condition(_solved), 1)
EQUATION = equal(
    LETTERS.characteristic.xreplace(
        {R[2]: Sum(v[j] ** 2 / (LIKE.noise_factor * a[j] + LIKE.ridge()) ** 2, EACH)}
    ).xreplace(_in_letters),
    tau.xreplace(_in_letters),
)
_unit = decay ** ((D + 1) / D)

#: In displays: the matrix of the paper, and ρ and λ of equal layers.
SHOWN_INVERSE = r"[d_{0}^{D} (\sigma_{1}^{2} + d_{0})^{D} b_{0}^{2 D} A + \gamma_{1} I]^{-1}"
SHOWN_LETTERS = (r"\rho = (1 + \sigma_{1}^{2} / d_{0})^{D}", r"\lambda = \gamma_{1} (d_{0} b_{0})^{-2 D}")

_row = LIKE.first_layer(v[k] / LIKE.inverted(a[k]))

EQUAL_MAP = theorem(
    "equal-layers-map",
    "The map of these weights is the ridge solution",
    equal(
        width**D * sqrt(width) * scale**D * _row,
        v[k] / (LIKE.noise_factor * a[k] + LIKE.ridge()),
        (k, 1, n),
    ),
    given=(ALIKE,),
    reference=f"{PAPER}, networks of equal layers",
    proof=exact_algebra,
    misses={"the width is left out": left(scale**D * _row)},
    display=Display(
        rf"(d_{{0}} b_{{0}})^{{2 D}} {SHOWN_INVERSE} v = (\rho A + \lambda I)^{{-1}} v",
        where=SHOWN_LETTERS,
        setting="eigenbasis",
    ),
)


#: The two expressions of a component of the map, and what turns one sum of squares into the other.
_ours, _ridge = EQUAL_MAP.left.xreplace({k: j}), EQUAL_MAP.right.xreplace({k: j})
_turned = (LIKE.ridge() ** LETTERS.exponent * (_ours + _ridge) * EQUAL_MAP.at({k: j})).sum(EACH)

EQUAL_LAYERS = theorem(
    "equal-layers",
    "Equal layers: the condition on $b_0$ is the scalar equation",
    equivalent(CONDITION, EQUATION),
    reference=f"{PAPER}, networks of equal layers",
    proof=both_ways(_unit * CONDITION - _turned, EQUATION / _unit + _turned / _unit),
    misses={"one power of the number less": left(equal(LIKE.condition(_solved) / scale, 1))},
    display=Display(
        rf"(d_{{0}} b_{{0}})^{{2 (D - 1)}} \lVert {SHOWN_INVERSE} v \rVert^{{2}} = 1"
        r" \iff \lambda^{(D + 1)/D} \lVert (\rho A + \lambda I)^{-1} v \rVert^{2} = \gamma_{1}^{(D + 1)/D}",
        where=SHOWN_LETTERS,
        setting="eigenbasis",
    ),
)

_norm = LIKE.first_layer(1) ** 2 * _solved

EQUAL_BALANCE = theorem(
    "equal-layers-balance",
    "On the condition the first layer is as large as the others",
    equal(width * _norm, width**2 * scale**2),
    given=(CONDITION, ALIKE),
    reference="balance",
    proof=width**2 * scale**2 * CONDITION,
    misses={"b is another": without(CONDITION)},
)

# -- one hidden layer: bounds on the number ----------------------------------------------------------

#: The row [b²(σ² + d_1)A + γ_1]⁻¹ v of the first layer, up to b; and bounds on the eigenvalues.
row = families("w")
low, high = letters("a_min a_max", positive=True)


def at_eigenvalue(value: Expr) -> Expr:
    """b²(σ² + d_1) a + γ_1 at an eigenvalue a."""
    return b_u**2 * _noisy * value + gamma[1]


_noisy = sigma[1] ** 2 + d[1]
_ratio = gamma[1] / gamma_u
ROW = equal(at_eigenvalue(a[j]) * row[j], v[j], EACH)
ROW_NORM = equal(norm2(row), gamma_u / gamma[1])
NORM = equal(v_norm**2, V_SQUARED)
BELOW_HIGH, ABOVE_LOW = at_least(high, a[j], EACH), at_least(a[j], low, EACH)


def _compared(value: Expr, bound: Claim, sign: int) -> Combine:
    """±(γ_1/γ_u) times x² Σ w_j² - ‖v‖², x at a value: the eigenvalues are on one side of it."""
    here, each = at_eigenvalue(value), at_eigenvalue(a[j])
    return (
        (_ratio * b_u**2 * _noisy * (here + each) * row[j] ** 2 * bound).sum(EACH)
        + (sign * _ratio * (each * row[j] + v[j]) * ROW).sum(EACH)
        - sign * _ratio * NORM
        - sign * _ratio * here**2 * ROW_NORM
    )


SCALE_FROM_BELOW = theorem(
    "equal-layers-lower",
    "One hidden layer: a lower bound on $b^2$",
    at_least(b_u**2, bound_on_scale(v_norm, high)),
    given=(ROW, ROW_NORM, NORM, BELOW_HIGH),
    reference=TWO_LAYER,
    proof=power(at_eigenvalue(high) ** 2, _ratio * v_norm**2, Rational(1, 2)).because(
        _compared(high, BELOW_HIGH, 1)
    )
    / (_noisy * high),
    misses={"larger eigenvalues": without(BELOW_HIGH), "another norm": without(NORM)},
)

SCALE_FROM_ABOVE = theorem(
    "equal-layers-upper",
    "One hidden layer: an upper bound on $b^2$",
    at_least(bound_on_scale(v_norm, low), b_u**2),
    given=(ROW, ROW_NORM, NORM, ABOVE_LOW),
    reference=TWO_LAYER,
    proof=power(_ratio * v_norm**2, at_eigenvalue(low) ** 2, Rational(1, 2)).because(
        _compared(low, ABOVE_LOW, -1)
    )
    / (_noisy * low),
    misses={"smaller eigenvalues": without(ABOVE_LOW), "another norm": without(NORM)},
)

BOUNDS = in_words(
    "equal-layers-bounds",
    "One hidden layer: $b^2$ lies between two closed forms",
    r"""In an eigenbasis of $A$ the row $w = [b^2 (\sigma_1^2 + d_1) A + \gamma_1 I]^{-1} v$ has no part
        along the eigenvectors that $v$ has none along. On the others the eigenvalues lie between
        $a_{\mathrm{min}}$ and $a_{\mathrm{max}}$, and the condition of the paper is $\lVert w \rVert^2
        = \gamma_u/\gamma_1$.""",
    by="the spectral theorem",
    reference="any course of linear algebra",
    rests_on=(SCALE_FROM_BELOW, SCALE_FROM_ABOVE, PAPER_TWO_LAYER),
    conditions=(
        r"$a_{\mathrm{min}} > 0$ and $a_{\mathrm{max}}$ are the least and the largest eigenvalue of $A$ "
        "with an eigenvector that is not orthogonal to $v$",
    ),
    display=Display(
        r"""\frac{\sqrt{\gamma_{1} / \gamma_{u}} \lVert v \rVert - \gamma_{1}}{ (\sigma_{1}^{2} + d_{1})
            a_{\mathrm{max}}} \le b^{2} \le \frac{\sqrt{\gamma_{1} / \gamma_{u}} \lVert v \rVert -
            \gamma_{1}}{ (\sigma_{1}^{2} + d_{1}) a_{\mathrm{min}}}""",
        given=("D = 1", r"\gamma_{u} \gamma_{1} < \lVert v \rVert^{2}"),
    ),
)

DERIVATION = Derivation(
    id="equal-layers",
    title="Networks of equal layers",
    prose=r"""Let all widths, that of the features included, be $d_0$, all decays $\gamma_1$ and all
        noises $\sigma_1$. The paper's weights are then $U = \sqrt{d_0}\, b_0\, r_D^{\top}$, $W_i =
        b_0\, r_i r_{i-1}^{\top}$ and $W_1 = r_1 w^{\top}$ with $w = d_0^{D - 1/2} b_0^{D} [d_0^{D}
        (\sigma_1^2 + d_0)^{D} b_0^{2D} A + \gamma_1 I]^{-1} v$, and one number $b_0$ is left to be
        found.""",
    statements=(EQUAL_MAP, EQUAL_LAYERS, EQUAL_BALANCE, SCALE_FROM_BELOW, SCALE_FROM_ABOVE),
    steps=(BOUNDS,),
)
