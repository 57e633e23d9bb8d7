"""How much the prediction varies with the noise."""

from __future__ import annotations

import sympy as sp

from symderive.statements import (
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
    equal,
    mean,
)

from ..notation import (
    EACH,
    END_TO_END,
    NOISE_FACTOR,
    OUTPUTS,
    PAPER,
    SECOND_MOMENTS,
    A,
    D,
    M,
    T,
    U,
    a,
    d,
    j,
    k,
    lam,
    r,
    rho,
    s,
    v,
)
from ..reduction.attainment import (
    FIRST_MOMENT,
    NORM,
    OUTPUT,
    OUTPUT_SCALE,
    POINT,
    QUADRATIC,
    SECOND_MOMENT,
    e,
    hidden,
    signs,
)
from ..reduction.lower_bound import PREDICTION, noiseless, seen_through
from ..reduction.noise_second_moment import NOISE, NOISE_SECOND_MOMENT

_neurons = ((j, 1, d[D]), (k, 1, d[D]))
_features = ((r, 1, d[0]), (s, 1, d[0]))

PREDICTION_VARIANCE = Statement(
    id="prediction-variance",
    title="The mean variance of the prediction",
    left=mean(PREDICTION**2) - noiseless(U),
    right=(NOISE_FACTOR - 1) * NORM**2 * QUADRATIC,
    given=(hidden(D), signs(D), OUTPUT),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=NOISE,
    reference=f"{PAPER}, the variance of the prediction",
    proof=combine(
        # E f² = ρ ‖m‖² m̂ᵀA m̂
        Use(NOISE_SECOND_MOMENT, times=U[r] * U[s], where={j: r, k: s}, over=((r, 1, d[D]), (s, 1, d[D]))),
        Use(OUTPUT, times=U[k] * M[D, j, k], over=_neurons),
        Use(OUTPUT, times=OUTPUT_SCALE * e[D, j] * M[D, j, k], where={j: k}, over=_neurons),
        Use(SECOND_MOMENT, times=OUTPUT_SCALE**2),
        # mᵀA m = ‖m‖² m̂ᵀA m̂, one factor m at a time
        Use(OUTPUT, times=-A[r, s] * seen_through(U, s) * T[D, j, r], over=(*_features, (j, 1, d[D]))),
        Use(FIRST_MOMENT, times=-A[r, s] * seen_through(U, s) * OUTPUT_SCALE, where={k: r}, over=_features),
        Use(OUTPUT, times=-A[r, s] * NORM * e[0, r] * T[D, j, s], over=(*_features, (j, 1, d[D]))),
        Use(FIRST_MOMENT, times=-A[r, s] * NORM * e[0, r] * OUTPUT_SCALE, where={k: s}, over=_features),
    ),
    domains=(POINT,),
    near_misses=(NearMiss("the mean is not taken away", right=NOISE_FACTOR * NORM**2 * QUADRATIC),),
    prose=(
        r"The mean prediction is $m^{\top} x$, and the second moment is $\rho$ times that of the mean, so "
        r"the variance is $(\rho - 1)\, m^{\top} A m$ on average over the data. Data concentrated at one "
        r"point give $\mathrm{Var} f(x) = (\rho - 1)(m^{\top}x)^2$."
    ),
)

#: v = A w, which has a solution because v lies in the range of A; vᵀA⁺v = wᵀA w.
w = sp.IndexedBase("w", real=True)
EXPLAINED = sp.Sum(a[j] * w[j] ** 2, EACH)
SIGNAL = sp.Sum(a[j] * (a[j] * w[j] / (rho * a[j] + lam)) ** 2, EACH)
NOISY = at_least(rho, 1)

VARIANCE_BOUND = Statement(
    id="prediction-variance-bound",
    title="A bound on the variance, whatever the decay",
    relation=Relation.AT_LEAST,
    left=(rho - 1) / rho**2 * EXPLAINED,
    right=(rho - 1) * SIGNAL,
    given=(NOISY,),
    conditions=("$v = A w$, so that $v^{\\top} A^{+} v = w^{\\top} A w$",),
    reference=r"$\lambda \ge 0$",
    proof=combine(
        plus=(rho - 1)
        * sp.Sum(a[j] * w[j] ** 2 * lam * (2 * rho * a[j] + lam) / (rho * a[j] + lam) ** 2, EACH)
        / rho**2
    ),
    domains=(Domain(ranges=((rho, (1, 5)),)),),
    near_misses=(
        NearMiss("one more factor ρ", left=(rho - 1) / rho**2 / (rho + 10**6) * EXPLAINED),
        NearMiss("ρ < 1", given=(), domains=(Domain(ranges=((rho, (0, 1)),)),)),
    ),
    prose=(
        r"At the ridge solution $m$ the variance is at most $(\rho - 1)/\rho^2$ times "
        r"$v^{\top} A^{+} v$."
    ),
)

# -- what is measured ----------------------------------------

IN_RANGE = equal(v[j], a[j] * w[j], EACH)

EXPLAINED_IS = Statement(
    id="prediction-variance-explained",
    title="What the data explain, in the solution of $A w = v$",
    left=sp.Sum(w[j] * v[j], EACH),
    right=EXPLAINED,
    given=(IN_RANGE,),
    reference="the definition of $w$",
    proof=combine(Use(IN_RANGE, times=w[j], over=(EACH,))),
    domains=(Domain(define=((v[j], a[j] * w[j]),)),),
    near_misses=(NearMiss("another vector", given=(), domains=(Domain(),)),),
    prose=(
        r"For the least-squares solution $w = A^{+} v$ this is $v^{\top} A^{+} v$; by the equation it "
        "is the same for every solution of $A w = v$."
    ),
)

NOT_NEGATIVE = Statement(
    id="prediction-variance-sign",
    title="The variance at the ridge solution is not negative",
    relation=Relation.AT_LEAST,
    left=(rho - 1) * SIGNAL,
    right=0,
    given=(NOISY,),
    reference="a sum of squares",
    proof=combine(plus=(rho - 1) * SIGNAL),
    domains=(Domain(ranges=((rho, (1, 5)),)),),
    near_misses=(NearMiss("ρ < 1", given=(), domains=(Domain(ranges=((rho, (0, 1)),)),)),),
)

# -- a step in words ----------------------------------------

RANGE = Step(
    id="prediction-variance-range",
    title="$A w = v$ has a solution",
    text=(
        r"If $A z = 0$, then the mean of $(x^{\top} z)^2$ is 0, hence that of $y\, x^{\top} z$ by "
        "Cauchy–Schwarz, so that $v$ is orthogonal to the kernel of $A$. For a symmetric matrix that "
        "is its range."
    ),
    theorem="the Cauchy–Schwarz inequality for averages, and the rank-nullity theorem",
    reference="any course of linear algebra",
    rests_on=(EXPLAINED_IS,),
)

DERIVATION = Derivation(
    id="prediction-variance",
    title="The variance of the prediction",
    prose="Noise makes the prediction random. At a global minimum its variance is known in closed form.",
    statements=(PREDICTION_VARIANCE, VARIANCE_BOUND, EXPLAINED_IS, NOT_NEGATIVE),
    steps=(RANGE,),
)
