"""How much the prediction varies with the noise."""

from ..notation import *
from ..reduction.attainment import (
    FIRST_MOMENT,
    NORM,
    OUTPUT,
    OUTPUT_SCALE,
    QUADRATIC,
    SECOND_MOMENT,
    e,
    hidden,
    signs,
)
from ..reduction.lower_bound import PREDICTION, noiseless, seen_through
from ..reduction.noise_second_moment import BELOW, NOISE_SECOND_MOMENT

_neurons = ((j, 1, d[D]), (k, 1, d[D]))
_features = ((r, 1, d[0]), (s, 1, d[0]))

#: E f² = ρ ‖m‖² m̂ᵀA m̂.
_second_moment = (
    (U[r] * U[s] * NOISE_SECOND_MOMENT.at({j: r, k: s})).sum(*BELOW)
    + (U[k] * M[D, j, k] * OUTPUT).sum(*_neurons)
    + (OUTPUT_SCALE * e[D, j] * M[D, j, k] * OUTPUT.at({j: k})).sum(*_neurons)
    + OUTPUT_SCALE**2 * SECOND_MOMENT
)

#: mᵀA m = ‖m‖² m̂ᵀA m̂, one factor m at a time.
_first, _second = A[r, s] * seen_through(U, s), A[r, s] * NORM * e[0, r]
OF_MEAN = (
    (_first * T[D, j, r] * OUTPUT).sum(*_features, (j, 1, d[D]))
    + (_first * OUTPUT_SCALE * FIRST_MOMENT.at({k: r})).sum(*_features)
    + (_second * T[D, j, s] * OUTPUT).sum(*_features, (j, 1, d[D]))
    + (_second * OUTPUT_SCALE * FIRST_MOMENT.at({k: s})).sum(*_features)
)

PREDICTION_VARIANCE = theorem(
    "prediction-variance",
    "The mean variance of the prediction",
    equal(mean(PREDICTION**2) - noiseless(U), (NOISE_FACTOR - 1) * NORM**2 * QUADRATIC),
    given=(hidden(D), signs(D), OUTPUT),
    reference=f"{PAPER}, the variance of the prediction",
    proof=_second_moment - OF_MEAN,
    misses={"the mean is not taken away": right(NOISE_FACTOR * NORM**2 * QUADRATIC)},
    prose=r"""The mean prediction is $m^{\top} x$, and the second moment is $\rho$ times that of the
        mean, so the variance is $(\rho - 1)\, m^{\top} A m$ on average over the data. Data concentrated at
        one point give $\mathrm{Var} f(x) = (\rho - 1)(m^{\top}x)^2$.""",
)

#: v = A w, which has a solution because v lies in the range of A; vᵀA⁺v = wᵀA w.
w = families("w")
EXPLAINED = Sum(a[j] * w[j] ** 2, EACH)
SIGNAL = Sum(a[j] * (a[j] * w[j] / (rho * a[j] + lam)) ** 2, EACH)
NOISY = at_least(rho, 1)
_rest = Sum(a[j] * w[j] ** 2 * lam * (2 * rho * a[j] + lam) / (rho * a[j] + lam) ** 2, EACH)

VARIANCE_BOUND = theorem(
    "prediction-variance-bound",
    "A bound on the variance, whatever the decay",
    at_least((rho - 1) / rho**2 * EXPLAINED, (rho - 1) * SIGNAL),
    given=(NOISY, "$v = A w$, so that $v^{\\top} A^{+} v = w^{\\top} A w$"),
    reference=r"$\lambda \ge 0$",
    proof=nonnegative((rho - 1) * _rest / rho**2),
    misses={
        "one more factor ρ": left((rho - 1) / rho**3 * EXPLAINED),
        "ρ < 1": without(NOISY),
    },
    prose=r"""At the ridge solution $m$ the variance is at most $(\rho - 1)/\rho^2$ times $v^{\top}
        A^{+} v$.""",
)

IN_RANGE = equal(v[j], a[j] * w[j], EACH)

EXPLAINED_IS = theorem(
    "prediction-variance-explained",
    "What the data explain, in the solution of $A w = v$",
    equal(dot(w, v), EXPLAINED),
    given=(IN_RANGE,),
    reference="the definition of $w$",
    proof=(w[j] * IN_RANGE).sum(EACH),
    misses={"another vector": without(IN_RANGE)},
    prose=r"""For the least-squares solution $w = A^{+} v$ this is $v^{\top} A^{+} v$; by the equation it is
        the same for every solution of $A w = v$.""",
)

NOT_NEGATIVE = theorem(
    "prediction-variance-sign",
    "The variance at the ridge solution is not negative",
    at_least((rho - 1) * SIGNAL, 0),
    given=(NOISY,),
    reference="a sum of squares",
    proof=nonnegative((rho - 1) * SIGNAL),
    misses={"ρ < 1": without(NOISY)},
)

RANGE = in_words(
    "prediction-variance-range",
    "$A w = v$ has a solution",
    r"""If $A z = 0$, then the mean of $(x^{\top} z)^2$ is 0, hence that of $y\, x^{\top} z$ by
        Cauchy–Schwarz, so that $v$ is orthogonal to the kernel of $A$. For a symmetric matrix that is its
        range.""",
    by="the Cauchy–Schwarz inequality for averages, and the rank-nullity theorem",
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
