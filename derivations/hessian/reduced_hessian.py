"""The Hessian of the reduced loss, and the slope that decides its sign."""

from ..minima.local_minima import OF_MAP
from ..notation import *
from ..reduction.attainment import e
from ..ridge.effective_ridge import NOT_ZERO

REDUCED_LOSS = LETTERS.loss(M_QUADRATIC, M_LINEAR, sqrt(M_SQUARED))
_bend = 2 / LETTERS.exponent * m[r] * m[s] / M_SQUARED
_rows = ((r, 1, n), (s, 1, n))


def second(pole: Expr) -> Expr:
    """The entry in row r and column s; ``pole`` is ρa + λ at the row or at the column."""
    return 2 * (pole * delta(r, s) - lam * _bend)


SECOND_DERIVATIVES = theorem(
    "reduced-hessian-entries",
    "The second derivatives of the reduced loss",
    equal(Derivative(REDUCED_LOSS, m[r], m[s]), second(rho * a[s] + lam), *_rows),
    given=(NOT_ZERO, OF_MAP),
    reference="differentiation",
    proof=differentiate(2 * (_bend - delta(r, s)) * OF_MAP),
    misses={
        "a penalty that does not bend": right(2 * (rho * a[s] + lam) * delta(r, s)),
        "another ridge": without(OF_MAP),
    },
)

REDUCED_HESSIAN = theorem(
    "reduced-hessian",
    "The Hessian of the reduced loss",
    equal(Derivative(REDUCED_LOSS, m[r], m[s]), second(rho * a[r] + lam), *_rows),
    given=(NOT_ZERO, OF_MAP),
    reference="the second derivatives, which are symmetric",
    proof=SECOND_DERIVATIVES.at({r: s, s: r}),
    misses={"half of it": right(second(rho * a[r] + lam) / 2)},
    display=Display(
        r"\nabla^{2} F(m) = 2 (\rho A + \lambda I - t \lambda \hat{m} \hat{m}^{\top})",
        where=r"\hat{m} = \frac{m}{\lVert m \rVert}",
        given=(r"m \ne 0", r"\lambda = \bar{\gamma} \lVert m \rVert^{-t}"),
        setting="eigenbasis",
    ),
    prose=r"""At $m \ne 0$, with the ridge $\lambda = \bar\gamma \lVert m\rVert^{-t}$ of $m$, $t =
        2D/(D+1)$, and $\hat m = m/\lVert m\rVert$.""",
)

#: θ - 2μ, with the mean μ of s_j = λ/(ρa_j + λ) over the squares of a unit vector, and over those of m.
_pole = rho * a[j] + lam
SLOPE_ALONG = LETTERS.exponent - 2 * Sum(lam / _pole * e[0, j] ** 2, EACH)
SLOPE_AT_ROOT = in_eigenbasis(LETTERS.slope)
_norm = sqrt(in_eigenbasis(R[2]))
ALONG_MAP = equal(_norm * e[0, j], v[j] / _pole, EACH)
_both = e[0, j] + v[j] / _pole / _norm

SLOPE = theorem(
    "reduced-hessian-slope",
    "The slope in terms of the direction of the map",
    equal(SLOPE_ALONG, SLOPE_AT_ROOT),
    given=(greater(in_eigenbasis(R[2]), 0), ALONG_MAP),
    reference="the direction of the ridge solution",
    proof=-(2 * lam / _pole * _both / _norm * ALONG_MAP).sum(EACH),
    misses={"another direction": without(ALONG_MAP)},
    display=Display(
        r"\frac{D + 1}{D} - 2 \lambda e_{0}^{\top} (\rho A + \lambda I)^{-1} e_{0} = H'(\lambda)",
        where=r"m = (\rho A + \lambda I)^{-1} v",
        given=(r"m \ne 0", r"\lVert m \rVert e_{0} = m"),
        setting="along the point",
    ),
    prose=r"""The slope $H' = \theta - 2\mu$ of the scalar equation at a root is a quadratic form in the
        direction $e_0$ of the ridge solution.""",
)

DERIVATION = Derivation(
    id="reduced-hessian",
    title="The Hessian of the reduced loss",
    prose="""Before the Hessian of all weights, that of the map alone: a diagonal matrix less one of rank
        one, so that at most one of its eigenvalues is negative.""",
    statements=(SECOND_DERIVATIVES, REDUCED_HESSIAN, SLOPE),
)
