"""What one evaluation in double precision proves: rounding errors of sums of positive terms, and of a root.

The blocks of ``symderive.export.solver.certified`` take their error bounds from here.
"""

from ..inequalities import tangent
from ..notation import *
from .curvature_bounds import (
    CURVATURE_LOWER,
    CURVATURE_UPPER,
    MEANS_FALL,
    SLOPE_IS,
    THIRD_LOWER,
    THIRD_UPPER,
)

#: The unit roundoff, numbers of roundings times it, and a computed number over the true one.
upsilon, xi, eta, ratio = letters("upsilon xi eta phi", positive=True)
F = families("F", positive=True)
w = families("w", nonnegative=True)
FOR_EACH = (j, 1, n)

_rounded = Product(F[j], FOR_EACH)
ROUNDS_DOWN, ROUNDS_UP = at_least(F[j], 1 - upsilon, FOR_EACH), at_least(1, (1 - upsilon) * F[j], FOR_EACH)
_next = {j: n + 1}
SMALL_UNIT = greater(1, upsilon)

COUNT_LOWER = theorem(
    "batch-error-count-lower",
    "A product of $n$ roundings is at least $1 - n\\upsilon$",
    at_least(_rounded, 1 - n * upsilon),
    given=(ROUNDS_DOWN, SMALL_UNIT),
    reference="Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., lemma 3.1",
    proof=induction(
        n,
        step=(1 - upsilon) * HYPOTHESIS
        + _rounded * at_least(F[j], 1 - upsilon, (j, 1, n + 1)).at(_next)
        + nonnegative(n * upsilon**2),
    ),
    misses={"half as many": right(1 - n * upsilon / 2), "larger roundings": without(ROUNDS_DOWN)},
    prose=r"""Let $\upsilon$ be the unit roundoff, $2^{-53}$ for doubles. An operation of IEEE 754 gives the
        exact result times $1 + \varepsilon$ or $1/(1 + \varepsilon)$ with $\lvert\varepsilon\rvert \le
        \upsilon$, as long as nothing underflows or overflows. So the computed number over the true one is a
        product of factors $F_j$ with $1 - \upsilon \le F_j \le 1/(1 - \upsilon)$.""",
)

COUNT_UPPER = theorem(
    "batch-error-count-upper",
    "A product of $n$ roundings times $1 - n\\upsilon$ is at most 1",
    at_least(1, (1 - n * upsilon) * _rounded),
    given=(ROUNDS_UP, SMALL_UNIT),
    reference="Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., lemma 3.1",
    proof=induction(
        n,
        step=(1 - upsilon) * F[n + 1] * HYPOTHESIS
        + at_least(1, (1 - upsilon) * F[j], (j, 1, n + 1)).at(_next)
        + nonnegative(n * upsilon**2 * _rounded * F[n + 1]),
    ),
    misses={
        "half as many": right((1 - n * upsilon / 2) * _rounded),
        "larger roundings": without(ROUNDS_UP),
    },
)

#: A number with ξ/υ roundings, ξ < 1.
BELOW, ABOVE = at_least(ratio, 1 - xi), at_least(1, (1 - xi) * ratio)
SMALL = greater(1, xi)
_gamma = xi / (1 - xi)

RELATIVE_UPPER = theorem(
    "batch-error-relative-upper",
    r"The relative error is at most $\gamma = \xi/(1 - \xi)$",
    at_least(1 + _gamma, ratio),
    given=(ABOVE, SMALL),
    reference="Higham, lemma 3.1",
    proof=ABOVE / (1 - xi),
    misses={"no higher order": left(1 + xi)},
    prose=r"With $\xi = n\upsilon < 1$ and a ratio $\phi$ of $n$ roundings:",
)

RELATIVE_LOWER = theorem(
    "batch-error-relative-lower",
    r"The relative error is at least $-\gamma$",
    at_least(ratio, 1 - _gamma),
    given=(BELOW, SMALL),
    reference="Higham, lemma 3.1",
    proof=BELOW + nonnegative(xi**2 / (1 - xi)),
    misses={"a larger error": without(BELOW)},
)

_FEW = at_least(1, 65 * xi)

LINEAR = theorem(
    "batch-error-linear",
    r"The bound is at most $\frac{65}{64}$ of its first order",
    at_least(Rational(65, 64) * xi, _gamma),
    given=(_FEW, SMALL),
    reference="Higham, lemma 3.1",
    proof=xi / (64 * (1 - xi)) * _FEW,
    misses={"many roundings": without(_FEW), "the first order alone": left(xi)},
    prose=r"As $n\upsilon \le 1/65$ in all that is computed, the program takes $\frac{65}{64}n\upsilon$.",
)

BOTH_SMALL = greater(1, xi + eta)

COUNTS_ADD = theorem(
    "batch-error-counts-add",
    "Counts of roundings add",
    at_least((xi + eta) / (1 - xi - eta), _gamma + eta / (1 - eta) + _gamma * eta / (1 - eta)),
    given=(BOTH_SMALL, SMALL, greater(1, eta)),
    reference="Higham, lemma 3.3",
    proof=nonnegative(xi * eta / ((1 - xi - eta) * (1 - xi) * (1 - eta))),
    misses={
        "one of them": left(xi / (1 - xi)),
        "without the product": left(_gamma + eta / (1 - eta)),
    },
    prose=r"""Products and quotients of computed numbers have the sum of their counts: $\gamma_m + \gamma_n
        + \gamma_m\gamma_n \le \gamma_{m + n}$, or with $\xi = m\upsilon$ and $\eta = n\upsilon$""",
)

MOST, LEAST = letters("beta alpha", positive=True)
NOT_ABOVE, NOT_BELOW = at_least(MOST, F[j], FOR_EACH), at_least(F[j], LEAST, FOR_EACH)
_terms, _computed = Sum(w[j], FOR_EACH), Sum(w[j] * F[j], FOR_EACH)

SUM_UPPER = theorem(
    "batch-error-sum-upper",
    "A sum of such terms is as accurate as they are: above",
    at_least(MOST * _terms, _computed),
    given=(NOT_ABOVE,),
    reference="Higham, section 4.2",
    proof=(w[j] * NOT_ABOVE).sum(FOR_EACH),
    misses={"less accurate terms": without(NOT_ABOVE), "half of it": left(MOST * _terms / 2)},
    prose=r"""Every $S_k = \sum_j P_j/(\alpha_j + x)^k$ has terms $w_j \ge 0$, so that nothing cancels. A
        term takes part in at most $n - 1$ additions, whatever their order, and a fused product and sum has
        a rounding less.""",
)

SUM_LOWER = theorem(
    "batch-error-sum-lower",
    "A sum of such terms is as accurate as they are: below",
    at_least(_computed, LEAST * _terms),
    given=(NOT_BELOW,),
    reference="Higham, section 4.2",
    proof=(w[j] * NOT_BELOW).sum(FOR_EACH),
    misses={"less accurate terms": without(NOT_BELOW), "twice of it": right(2 * LEAST * _terms)},
)

LOG_UPPER = theorem(
    "batch-error-logarithm-upper",
    "A relative error is one of the logarithm: above",
    at_least(_gamma, log(ratio)),
    given=(ABOVE, SMALL),
    reference="the tangent of the logarithm",
    proof=ABOVE / (1 - xi) + tangent(ratio),
    misses={"half of it": left(_gamma / 2), "a larger error": without(ABOVE)},
    prose=r"In $H = \ln(\kappa S_2) + \theta \ln(x/G)$ a relative error becomes an absolute one:",
)

LOG_LOWER = theorem(
    "batch-error-logarithm-lower",
    "A relative error is one of the logarithm: below",
    at_least(log(ratio), -_gamma),
    given=(BELOW, SMALL),
    reference="the tangent of the logarithm",
    proof=1 / (ratio * (1 - xi)) * BELOW + tangent(1 / ratio),
    misses={"half of it": right(-_gamma / 2), "a larger error": without(BELOW)},
)

NATURAL_LOGARITHM = in_words(
    "batch-error-ieee-logarithm",
    "A logarithm made of IEEE operations alone",
    r"""A positive normal number is $y = 2^k m$ with $\sqrt{1/2} \le m < \sqrt 2$, by its bits. The
        difference $f = m - 1$ is exact, $s = f/(m + 1)$ has $\lvert s\rvert \le 0.1716$, and $\ln m = 2s +
        s^3 W(s^2)$ with $W(z) = \sum_i 2 z^i/(2i + 3)$. The program takes a polynomial of degree 5 for $W$,
        which costs at most $2.16\upsilon$, as interval arithmetic proves, and $\ln 2$ as a sum of two
        doubles, the first of 42 bits, so that its product with $k$ is exact. With the roundings of $s$, of
        the polynomial and of the sums the error is at most $\upsilon(4 + \lvert\ln y\rvert)$.""",
    by="Sterbenz's lemma",
    reference="P. H. Sterbenz, Floating-Point Computation, Prentice-Hall 1974, theorem 4.3.1",
    rests_on=(COUNT_LOWER, COUNT_UPPER),
)

HEIGHT_ERROR = in_words(
    "batch-error-height",
    "How far $H$, $H'$ and $H''$ are known",
    r"""Let all data be known up to $k$ roundings, and let $n_2 = n + 3k + 5$, $n_3 = n_2 + k + 3$ and $n_4
        = n_2 + 2k + 6$ be the counts of $S_2$, $S_3$ and $S_4$: for each term a sum, a quotient and
        products, then $n - 1$ additions. With $L = \ln(\kappa S_2)$ and $T = \ln(x/G)$, the error of $H = L
        + \theta T$ is at most $E_h = \gamma_{n_2 + 2k + 3} + \upsilon(4 + \lvert L\rvert + \lvert H\rvert +
        \theta(6 + 2k + 3\lvert T\rvert))$ up to its own rounding, which a factor $\frac{65}{64}$ pays for.
        As $\mu = xS_3/S_2 \le 1$ and $x^2 S_4/S_2 \le 1$, those of $H' = \theta - 2\mu$ and $H'' =
        6x^2S_4/S_2 - (4\mu + 2)\mu$ are at most $E_s = 2\gamma_{n_2 + n_3 + 2} + 4\upsilon$ and $E_b =
        6\gamma_{n_2 + n_4 + 4} + 11\gamma_{n_2 + n_3 + 2} + 16\upsilon$.""",
    by="the standard model of IEEE arithmetic",
    reference="Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 2.2",
    rests_on=(
        *(COUNT_LOWER, COUNT_UPPER, RELATIVE_UPPER, RELATIVE_LOWER, LINEAR, COUNTS_ADD),
        *(SUM_UPPER, SUM_LOWER, LOG_UPPER, LOG_LOWER, NATURAL_LOGARITHM),
    ),
    conditions=("$v \\ne 0$", "nothing underflows or overflows"),
)

#: Bounds of |H| from above and of |H'| from below.
height, steep = letters("h a", positive=True)
ISOLATES = greater(steep**2, 4 * height)
_guess = 2 * height / steep

REACHES_ZERO = theorem(
    "batch-error-reach",
    "The lowest course crosses zero within the guess",
    greater(0, height - steep * _guess + _guess**2 / 2),
    given=(ISOLATES,),
    reference="Kantorovich's condition",
    proof=height / steep**2 * ISOLATES + nonnegative(2 * height**2 / steep**2),
    misses={"half of the guess": right(height - steep * _guess / 2 + _guess**2 / 8)},
    prose=r"""At a point let $\lvert H\rvert \le h$ and $\lvert H'\rvert \ge a > 0$ with all errors paid
        for, and let $H$ head for 0. As $\lvert H''\rvert \le 1$, at a distance $r$ it is at most $h - ar +
        r^2/2$, counted on the side where it is now.""",
)

WITHIN_HALF = theorem(
    "batch-error-within",
    "The guess is less than half of the way to a change of slope",
    greater(steep / 2, _guess),
    given=(ISOLATES,),
    reference="algebra",
    proof=1 / (2 * steep) * ISOLATES,
    misses={"not so near": without(ISOLATES)},
)

_bend = letters("omega", nonnegative=True)
BENDS_LITTLE = at_least(1, _bend)

HALLEY = theorem(
    "batch-error-halley",
    "Halley's step stays within the guess",
    at_least(_guess * (steep - height * _bend / (2 * steep)), height),
    given=(ISOLATES, BENDS_LITTLE),
    reference="algebra",
    proof=height / steep**2 * ISOLATES
    + height**2 / steep**2 * BENDS_LITTLE
    + nonnegative(3 * height**2 / steep**2),
    misses={"half of the guess": left(_guess / 2 * (steep - height * _bend / (2 * steep)))},
    prose=r"""With $\omega = \lvert H''\rvert$ Halley's step has the length $h/(a - h\omega/2a)$, which is
        at most the guess $2h/a$:""",
)

ONE_ROOT = in_words(
    "batch-error-isolation",
    "One evaluation isolates a root",
    r"""Up to a distance below $a$ the slope keeps its sign, for it changes by at most the distance, so
        there is at most one root. As $H$ reaches the other side of 0 within $r = 2h/a < a/2$ there is one,
        and no further than $r$. On the way $\lvert H'\rvert \ge a - r$, so that it is no further than $h/(a
        - r)$.""",
    by="the intermediate value theorem and the mean value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorems 4.23 and 5.10",
    rests_on=(REACHES_ZERO, WITHIN_HALF, HEIGHT_ERROR, SLOPE_IS, CURVATURE_UPPER, CURVATURE_LOWER),
    conditions=("$v \\ne 0$",),
)

DISPLACEMENT = in_words(
    "batch-error-displacement",
    "A residual bounds how far a proposed place is from the root",
    r"""At a distance $\delta$ with $\lvert\delta\rvert \le r$ the value of $H$ is the residual $h + s\delta
        + b\delta^2/2$ up to $\lvert\delta\rvert^3/6$, since $\lvert H'''\rvert \le 1$; the errors of $h$,
        $s$ and $b$ add $E_h + E_s\lvert\delta\rvert + E_b\delta^2/2$, and the roundings of the residual
        itself are paid for by a larger $E_s$. Divided by $a - r$, which bounds the slope from there to the
        root, this bounds the distance to the root, whatever proposed $\delta$.""",
    by="Taylor's theorem with Lagrange's remainder, and the mean value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorems 5.15 and 5.10",
    rests_on=(ONE_ROOT, HALLEY, THIRD_UPPER, THIRD_LOWER),
    conditions=("$v \\ne 0$",),
)

FINAL = in_words(
    "batch-error-values",
    "The radius of a root that was moved, and of the values there",
    r"""Let a root be isolated from one point with slope $a$, and one within $r'$ of another point at a
        distance $t$ from it. If $t + r' < a$ it is the same root, for there is only one so near the first
        point. Within $r'$ the logarithms of $x$, $S_2$, $xS_2$ and $Q = \sum_j P_j\alpha_j/(\alpha_j +
        x)^2$ change by at most $r'$, $2r'$, $r'$ and $2r'$, since $0 \le \mu \le 1$; to $\lVert m\rVert$, a
        square root, this passes by half. The gap $F - c$ is $(D - 1)xS_2 - Q$ up to a factor, and is known
        up to $(\gamma + 4r')((D - 1)xS_2 + Q)$, for $r' \le 1/16$ and its count of roundings.""",
    by="the mean value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 5.10",
    rests_on=(ONE_ROOT, DISPLACEMENT, MEANS_FALL),
    conditions=("$v \\ne 0$",),
)

#: The ratio of a step, and ρa_j + λ before and after it.
chi, psi = letters("chi psi", positive=True)
Y, Z = families("Y Z", positive=True)
_sum = Sum(w[j] / Y[j] ** 2, FOR_EACH)
_after = Sum(w[j] / Z[j] ** 2, FOR_EACH)
MEAN_RATIO = equal(Sum(w[j] * Z[j] / Y[j] ** 3, FOR_EACH), psi * _sum)

LEAP_LOWER = theorem(
    "batch-error-leap-lower",
    r"Along a step the norm falls at most as for one feature",
    at_least(_after, _sum / psi**2),
    given=(MEAN_RATIO,),
    reference="Jensen's inequality, by the tangent of $y^{-2}$",
    proof=-(2 / psi**3) * MEAN_RATIO
    + nonnegative(
        Sum(
            w[j] * (Z[j] - psi * Y[j]) ** 2 * (2 * Z[j] + psi * Y[j]) / (Y[j] * Z[j]) ** 2 / Y[j] / psi**3,
            FOR_EACH,
        )
    ),
    misses={"not the mean": without(MEAN_RATIO)},
    prose=r"""Long steps take the whole distribution into account. From $\lambda$ to $\chi\lambda$ let $Y_j
        = \rho a_j + \lambda$ become $Z_j = Y_j + (\chi - 1)\lambda$, with the weights $w_j = v_j^2$. The
        mean of $Z_j/Y_j$ with weights $w_j/Y_j^2$ is $\psi = 1 - \mu + \mu\chi$.""",
)

MOVED, NOT_LESS = equal(Z[j], Y[j] + (chi - 1) * lam, FOR_EACH), at_least(Y[j], lam, FOR_EACH)
_scale = w[j] / (chi**2 * Y[j] ** 3 * Z[j] ** 2)
_away = lam * (chi - 1) ** 2

LEAP_UPPER = theorem(
    "batch-error-leap-upper",
    r"Along a step the norm grows at most as for features of two kinds",
    at_least(_sum + (1 / chi**2 - 1) * Sum(w[j] * lam / Y[j] ** 3, FOR_EACH), _after),
    given=(MOVED, NOT_LESS),
    reference="Jensen's inequality, by the secant of $y^{-2}$",
    proof=(_scale * _away * (chi**2 * lam + 2 * chi * Y[j]) * NOT_LESS).sum(FOR_EACH)
    + (_scale * (chi**2 * Y[j] - (chi**2 - 1) * lam) * (Z[j] + Y[j] + (chi - 1) * lam) * MOVED).sum(
        FOR_EACH
    )
    + nonnegative(Sum(_scale * _away * (Y[j] - lam) ** 2, FOR_EACH)),
    misses={"eigenvalues below 0": without(NOT_LESS), "another step": without(MOVED)},
    prose=r"The right side over $S_2$ is $1 - \mu + \mu\chi^{-2}$:",
)

LEAP = in_words(
    "batch-error-leap",
    "A long step is free of roots",
    r"""With $\chi = e^{\delta}$ these bounds say that $H$ changes from $u$ to $u + \delta$ by at least
        $\theta\delta - 2\ln(1 - \mu + \mu e^{\delta})$ and by at most $\theta\delta + \ln(1 - \mu + \mu
        e^{-2\delta})$. The first is concave in $\delta$ and the second convex, and both are 0 at $\delta =
        0$. So where the first exceeds $-H(u) < 0$ at the end of a step $H$ is positive all along it, and
        where the second is below $-H(u) > 0$ at its end $H$ is negative all along it.""",
    by="convexity of the logarithm of a sum of exponentials",
    reference="Boyd and Vandenberghe, Convex Optimization, section 3.1.5",
    rests_on=(LEAP_LOWER, LEAP_UPPER, HEIGHT_ERROR),
    conditions=("$v \\ne 0$",),
)

DERIVATION = Derivation(
    id="batch-error-bounds",
    title="Roots certified in double precision",
    prose=r"""All sums of the search have terms that are not negative. So one evaluation in double
        precision, with a bound on its error that is known beforehand, proves what interval arithmetic does,
        and many problems are solved at once. The letters are those of the program.""",
    statements=(
        *(COUNT_LOWER, COUNT_UPPER, RELATIVE_UPPER, RELATIVE_LOWER, LINEAR, COUNTS_ADD),
        *(SUM_UPPER, SUM_LOWER, LOG_UPPER, LOG_LOWER),
        *(REACHES_ZERO, WITHIN_HALF, HALLEY, LEAP_LOWER, LEAP_UPPER),
    ),
    steps=(NATURAL_LOGARITHM, HEIGHT_ERROR, ONE_ROOT, DISPLACEMENT, FINAL, LEAP),
)
