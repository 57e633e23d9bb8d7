"""The scalar equation has at most two roots for each eigenvalue."""

from ..notation import *

#: Weights α_j of the fractions, a polynomial with K coefficients β_l, an exponent, the pole removed.
alpha, beta = families("alpha beta")
eta, s = letters("eta s", positive=True)
degree, l = letters("K l", integer=True, positive=True)  # noqa: E741 - as in print

_fractions = Sum(alpha[j] / (rho * a[j] + lam) ** r, (j, 1, n + 1))
_pole = rho * a[n + 1] + lam
_fewer = r * Sum(alpha[j] * rho * (a[j] - a[n + 1]) / (rho * a[j] + lam) ** (r + 1), (j, 1, n))
_wrong = _fewer.xreplace({a[j] - a[n + 1]: a[j] + a[n + 1]})

FRACTIONS = theorem(
    "root-count-fractions",
    "A sum of fractions loses one of them",
    equal(Derivative(_pole**r * _fractions, lam), _pole ** (r - 1) * _fewer),
    reference="differentiation",
    proof=differentiate(),
    misses={"a flipped sign": right(_pole ** (r - 1) * _wrong)},
    prose="Multiply by the power of one denominator, so that its fraction is constant, and differentiate.",
)

_powers, _lead = (eta + lam) ** (r - 1) * lam ** (l - s - 1), (r + l - s) * lam

POWER = theorem(
    "root-count-power",
    "A power of the ridge becomes two powers",
    equal(Derivative((eta + lam) ** r * lam ** (l - s), lam), _powers * (_lead + (l - s) * eta)),
    reference="differentiation",
    proof=differentiate(),
    misses={"a flipped sign": right(_powers * (_lead - (l - s) * eta))},
    prose=r"""In the same step $\lambda^{-s}$ times a polynomial of degree $l$ becomes $\lambda^{-s-1}$
        times one of degree $l + 1$, up to the same factor, and the leading coefficient is multiplied by $r
        + l - s$.""",
)

DEEP, FIRST = at_least(D, 2), at_least(i, 1)

LEADING = theorem(
    "root-count-degree",
    "The factor of the leading coefficient is positive",
    greater((i + 1) + (i - 1) - (LETTERS.exponent + i - 1), 0),
    given=(DEEP, FIRST),
    reference=r"$\theta < 2$",
    proof=nonnegative(i - 1, (D - 1) / D),
    misses={"one hidden layer": without(DEEP)},
    prose=r"""Before step $i$ the exponents are $r = i + 1$ and $s = \theta + i - 1$, and the degree is
        $l = i - 1$, so that $r + l - s$ is positive at every step if $D \ge 2$.""",
)

_polynomial = Sum(beta[l] * lam ** (l - 1), (l, 1, degree))
_next = ((r - s) * lam - s * rho * a[n + 1]) * _polynomial + lam * _pole * Derivative(_polynomial, lam)

ROOT_COUNT = theorem(
    "root-count",
    "One step: one fraction less, one degree more",
    equal(
        Derivative(_pole**r * (_fractions - _polynomial / lam**s), lam),
        _pole ** (r - 1) * (_fewer - _next / lam ** (s + 1)),
    ),
    reference="differentiation",
    proof=differentiate(),
    misses={"the exponent stays": right(_pole ** (r - 1) * (_fewer - _next / lam**s))},
    prose=r"Together: with $\eta = \rho a_{n+1}$, from $n + 1$ fractions to $n$.",
)

FACTOR = theorem(
    "root-count-factor",
    "The factors that are divided out have no roots",
    greater(_pole ** (r - 1), 0),
    reference="a power of a positive number",
    proof=nonnegative(_pole ** (r - 1)),
    misses={"a thousand times the power": right(1000 * _pole ** (r - 1))},
)

ONE_MORE = in_words(
    "root-count-rolle",
    "A step loses at most one root",
    """Between two roots of a function there is one of its derivative, and a root of multiplicity $m$ is
        one of multiplicity $m - 1$ of the derivative. So on an interval, counted with multiplicity, a
        function has at most one root more than its derivative. The factors that are multiplied and divided
        by are positive and change no root.""",
    by="Rolle's theorem",
    reference="Pólya and Szegő, Problems and Theorems in Analysis II, part V, no. 10",
    rests_on=(ROOT_COUNT, FRACTIONS, POWER, FACTOR),
)

AT_MOST = in_words(
    "root-count-bound",
    "The scalar equation has at most $2k$ positive roots",
    r"""Take one step for each of the $k$ fractions. The polynomial starts as the constant $\tau$, and step
        $i$ raises its degree from $i - 1$ to $i$, since its leading coefficient is multiplied by a positive
        number. In the end a power of $\lambda$ times a polynomial of degree exactly $k$ is left, which is
        not 0 and has at most $k$ roots; with one more for each step this makes $2k$.""",
    by="the theorem that a polynomial of degree $k$ has at most $k$ roots",
    reference="any course of algebra",
    rests_on=(ONE_MORE, LEADING),
    conditions=(r"$D \ge 2$", r"$\tau > 0$"),
)

DERIVATION = Derivation(
    id="root-count",
    title="How many roots there are",
    prose=r"""Merge equal eigenvalues, and let $k$ of them have a component of $v$. The equation
        $\varphi = \tau$ says that $\sum_j v_j^2/(\rho a_j + \lambda)^2 - \tau\lambda^{-\theta} = 0$, with
        $k$ fractions. For $D \ge 2$ it has at most $2k$ positive roots, counted with multiplicity. The
        statements are the identities by which $k$ steps remove one fraction each, while the power of the
        ridge acquires a polynomial whose degree grows by one. The example of a bad minimum has $k = 2$ and
        four roots, so the bound is sharp there.""",
    statements=(FRACTIONS, POWER, LEADING, ROOT_COUNT, FACTOR),
    steps=(ONE_MORE, AT_MOST),
)
