"""The reduction of the full loss to one vector m, and of its stationary points to one number λ.

With every decay positive, the minimum of the expected loss over all weights U, W_D … W_1 that multiply
to m is attained and is a function of m alone,

    F(m) = ρ mᵀAm - 2 mᵀv + c + (D+1) γ̄ ‖m‖^{2/(D+1)},

whose stationary points other than 0 are ridge regressions m = (ρA + λI)⁻¹ v with
φ(λ) = λ^{(D+1)/D} ‖m‖² = τ.  Every scalar of that theory is a function of λ and of the resolvent
moments R_k(λ) = vᵀ(ρA + λI)⁻ᵏ v, k = 1 … 4.  Other noise than that of single neurons puts B, another
matrix of second moments, in the place of ρA, and a free bias centers v and c.  Each formula is written
once, below, in terms of a :class:`Reduction`; the record that holds letters gives the formula of the
paper, the one that holds the values of a network gives what is solved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import gcd
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.arithmetic.exact import sympify_exact
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.specialize import at_depth
from symderive.errors import InputError
from symderive.formulas.altered import Altered, altered_problem
from symderive.model.network import Network

#: Roots of numbers up to this order are brought to SymPy's normal form, such as 3√3/16.
MAX_EVALUATED_ROOT = 12


@dataclass(frozen=True)
class Reduction:
    """The reduced problem of a network, as SymPy expressions; all are dimensionally consistent.

    Make one with :func:`reduce`.  The formulas speak of λ and of the resolvent moments
    R[k] = vᵀ(ρA + λI)⁻ᵏ v; they hold for positive decays.

    Attributes
    ----------
    depth : sympy.Expr
        Number of hidden layers: an integer or the symbol D.
    noise_factor : sympy.Expr
        ρ = Π (1 + σ_i²/d_i) ≥ 1, dimensionless.
    mean_decay : sympy.Expr
        γ̄ = (γ_u Π γ_i)^{1/(D+1)}, the geometric mean of the decays.
    decay_level : sympy.Expr or None
        τ = (γ_u Π γ_i)^{1/D}; None at depth 0, where the ridge is the decay itself.
    altered : Altered or None
        What takes the place of ρA, v and c; None where noise is that of single neurons.

    References
    ----------
    Liu Ziyin, Botao Li, Xiangming Meng, *Exact Solutions of a Deep Linear Network*, NeurIPS 2022,
    arXiv:2202.04777, in the letters of the reduced problem.

    Examples
    --------
    >>> found = reduce(Network(2, widths=4, decays=1, dropout="1/2"))
    >>> found.noise_factor, found.decay_level
    (25/16, 1)
    >>> found.slope
    -2*lambda*R[3]/R[2] + 3/2
    """

    depth: sp.Expr
    noise_factor: sp.Expr
    mean_decay: sp.Expr
    decay_level: sp.Expr | None
    altered: Altered | None = None

    @property
    def noise_factors(self) -> sp.Tuple:
        """The noise factors (ρ_1, ρ_2) of B = ρ_1 A' + ρ_2 Diag(A'); (ρ, 0) for noise of single neurons."""
        return sp.Tuple(*((self.noise_factor, 0) if self.altered is None else self.altered.factors))

    @property
    def matrix(self) -> sp.MatrixExpr:
        """The matrix B, whose mᵀBm is the least E f² of all weights with the map m.

        It is ρA, or that of the noise; less x̄x̄ᵀ, where a bias is free.

        Examples
        --------
        >>> reduce(Network(1, widths=2, decays=1, noise=1, weight_noise=1)).matrix
        2*DiagonalMatrix(A) + (5/2)*A
        """
        return self.noise_factor * sy.A if self.altered is None else self.altered.B

    # -- the loss as a function of m -----------------------------------------------------------------

    def loss(
        self, quadratic: sp.Expr | None = None, linear: sp.Expr = sy.m_lin, norm: sp.Expr = sy.m_norm
    ) -> sp.Expr:
        """The reduced loss F(m): the least expected loss of all weights with the map m.

        Parameters
        ----------
        quadratic : sympy.Expr, optional
            mᵀAm, or mᵀBm where there is other noise than that of single neurons; a symbol unless given.
        linear : sympy.Expr, optional
            mᵀv, with a free bias of the centered v; a symbol unless given.
        norm : sympy.Expr, optional
            ‖m‖; a symbol unless given.

        Returns
        -------
        sympy.Expr
            F, dimension target².

        Examples
        --------
        >>> reduce(Network(1, widths=2, decays=["1/4", 4])).loss()
        c + 2*m + mAm - 2*mv
        """
        if self.altered is not None:
            second = sy.m_noisy if quadratic is None else quadratic
            return second - 2 * linear + self.altered.c + self.penalty(norm)
        second = self.noise_factor * (sy.m_quad if quadratic is None else quadratic)
        return second - 2 * linear + sy.c + self.penalty(norm)

    def penalty(self, norm: sp.Expr = sy.m_norm) -> sp.Expr:
        """The least decay term (D+1) γ̄ ‖m‖^{2/(D+1)} of all weights with the map m.

        Parameters
        ----------
        norm : sympy.Expr, optional
            ‖m‖; a symbol unless given.

        Returns
        -------
        sympy.Expr
            The term, dimension target².
        """
        layers = self.depth + 1
        return layers * self.mean_decay * norm ** (sp.Integer(2) / layers)

    @property
    def ridge_solution(self) -> sp.MatrixExpr:
        """The map m = (B + λI)⁻¹ v, a matrix expression of shape (d_0, 1), with B = ρA unless altered."""
        v = sy.v if self.altered is None else self.altered.v
        return (self.matrix + sy.lam * sp.Identity(sy.n_in)).inv() * v

    # -- the equation for λ --------------------------------------------------------------------------

    @property
    def exponent(self) -> sp.Expr:
        """The exponent θ = (D+1)/D, in (1, 2]."""
        self._require_layers()
        return sp.Integer(1) * (self.depth + 1) / self.depth

    @property
    def norm_squared(self) -> sp.Expr:
        """The squared norm S(λ) = ‖m‖² = R_2."""
        return sy.R[2]

    @property
    def characteristic(self) -> sp.Expr:
        """The function φ(λ) = λ^θ ‖m‖²."""
        return sy.lam**self.exponent * self.norm_squared

    @property
    def equation(self) -> sp.Eq:
        """The equation φ(λ) = τ; at depth 0 it reads λ = γ.

        λ > 0 solves it iff the ridge solution is a stationary point of F (v ≠ 0).
        """
        if self.depth == 0:
            return sp.Eq(sy.lam, self.mean_decay, evaluate=False)
        return sp.Eq(self.characteristic, self.decay_level, evaluate=False)

    @property
    def log_characteristic(self) -> sp.Expr:
        """The function H = ln S + θ ln λ of u = ln λ; the equation is H = ln τ."""
        return sp.log(self.norm_squared) + self.exponent * sp.log(sy.lam)

    @property
    def shrinkage(self) -> sp.Expr:
        """The mean shrinkage μ = ⟨s⟩ in (0, 1].

        It is the mean of s_i = λ/(ρa_i + λ) with weights ∝ p_i/(ρa_i + λ)².
        """
        return sy.lam * sy.R[3] / sy.R[2]

    @property
    def square_shrinkage(self) -> sp.Expr:
        """The mean ⟨s²⟩, with the same weights as :attr:`shrinkage`."""
        return sy.lam**2 * sy.R[4] / sy.R[2]

    @property
    def slope(self) -> sp.Expr:
        """The slope dH/du = θ - 2⟨s⟩: positive at a local minimum of F, negative at a saddle."""
        return self.exponent - 2 * self.shrinkage

    @property
    def curvature(self) -> sp.Expr:
        """The curvature d²H/du² = -2 (⟨s(1-s)⟩ - 2 Var s), in [-1/2, 1]."""
        first, second = self.shrinkage, self.square_shrinkage
        return -2 * ((first - second) - 2 * (second - first**2))

    # -- values --------------------------------------------------------------------------------------

    @property
    def dual(self) -> sp.Expr:
        """The dual G(λ) = c - R_1 + D τ λ^{-1/D}: its infimum over (0, ∞] is the minimum of F.

        dG/dλ = λ^{-θ} (φ - τ), so its stationary points solve the equation, and there G = F.
        """
        power = 1 - self.exponent
        return self._target - sy.R[1] + self.depth * self.decay_level * sy.lam**power

    @property
    def layer_decay(self) -> sp.Expr:
        """The decay term κ = λ‖m‖² = γ_i‖W_i‖² that every one of the D+1 layers carries."""
        return sy.lam * self.norm_squared

    @property
    def alignment(self) -> sp.Expr:
        """The alignment mᵀv = R_1 at the ridge solution."""
        return sy.R[1]

    @property
    def signal(self) -> sp.Expr:
        """The signal mᵀAm = (R_1 - λR_2)/ρ at the ridge solution, the mean square of E f."""
        self._require_single_neurons("the mean square of the mean prediction")
        return (sy.R[1] - sy.lam * sy.R[2]) / self.noise_factor

    @property
    def value(self) -> sp.Expr:
        """The loss F = c - mᵀv + Dκ at a solution of the equation."""
        return self._target - self.alignment + self.depth * self.layer_decay

    @property
    def _target(self) -> sp.Expr:
        return sy.c if self.altered is None else self.altered.c

    @property
    def prediction_variance(self) -> sp.Expr:
        """The variance E_x Var_ε f(x) = (ρ - 1) mᵀAm at a balanced minimum, dimension target²."""
        return (self.noise_factor - 1) * self.signal

    def prediction_variance_at(self, mean: sp.Expr = sy.mean) -> sp.Expr:
        """The variance Var_ε f(x) = (ρ - 1)(mᵀx)² at one input.

        Parameters
        ----------
        mean : sympy.Expr, optional
            The mean prediction mᵀx; a symbol unless given.

        Returns
        -------
        sympy.Expr
            The variance over the noise, dimension target².

        Raises
        ------
        InputError
            For other noise than that of single neurons.
        """
        self._require_single_neurons("the variance at one input")
        return (self.noise_factor - 1) * mean**2

    # -- sensitivities of a minimum, by the envelope theorem -------------------------------------------

    def decay_sensitivity(self, decay: sp.Expr) -> sp.Expr:
        """The derivative ∂F/∂γ_i = κ/γ_i = ‖W_i‖² of the minimum by the decay of a layer (not at ties).

        Parameters
        ----------
        decay : sympy.Expr
            γ_i of the layer.

        Returns
        -------
        sympy.Expr
            The derivative at a solution of the equation.
        """
        return self.layer_decay / decay

    @property
    def noise_sensitivity(self) -> sp.Expr:
        """The derivative ∂F/∂ρ = mᵀAm at a solution."""
        return self.signal

    @property
    def elasticity(self) -> sp.Expr:
        """The elasticity d ln λ / d ln τ = 1/H′ at a solution with H′ ≠ 0: the conditioning of λ."""
        return 1 / self.slope

    # -- data ----------------------------------------------------------------------------------------

    def moment(self, order: int | sp.Expr, A: sp.MatrixExpr = sy.A, v: sp.MatrixExpr = sy.v) -> sp.Expr:
        """The resolvent moment R_k(λ) = vᵀ(ρA + λI)⁻ᵏ v for matrix symbols or explicit matrices.

        Parameters
        ----------
        order : int or sympy.Expr
            k.
        A : sympy.Matrix, optional
            Shape (d, d); a matrix symbol unless given.  Of an altered problem, give B.
        v : sympy.Matrix, optional
            Shape (d, 1), likewise; of an altered problem the one that goes with B.

        Returns
        -------
        sympy.Expr
            A 1 × 1 expression for matrix symbols.  The explicit form inverts ρA + λI exactly; it is meant
            for small d.
        """
        resolvent = (self.noise_factor if self.altered is None else 1) * A + sy.lam * _identity(A)
        product = v.T * resolvent ** (-order) * v
        return product[0, 0] if isinstance(product, sp.MatrixBase) else product

    def spectral_moment(self, order: int | sp.Expr, count: int | sp.Expr = sy.n) -> sp.Expr:
        """The resolvent moment R_k(λ) = Σ_i p_i/(ρa_i + λ)ᵏ over the eigenvalues of A, an unevaluated sum.

        Parameters
        ----------
        order : int or sympy.Expr
            k.
        count : int or sympy.Expr, optional
            Number of eigenvalues; the symbol n unless given.

        Returns
        -------
        sympy.Sum
            The sum.

        Raises
        ------
        InputError
            Where A is altered, which has other eigenvectors.
        """
        self._require_single_neurons("the resolvent moments in eigenvalues of A")
        term = sy.p[sy.i] / (self.noise_factor * sy.a[sy.i] + sy.lam) ** order
        return sp.Sum(term, (sy.i, 1, count))

    def _require_layers(self) -> None:
        if self.depth == 0:
            raise InputError(
                "the network has no hidden layer, so that λ is the decay itself and no equation has to "
                "be solved; use a depth of at least 1."
            )

    def _require_single_neurons(self, what: str) -> None:
        if self.altered is not None:
            raise InputError(
                f"{what} cannot be had from the resolvent moments of B, which noise puts in the place of "
                "ρA; solve has the numbers."
            )

    def displays(self) -> tuple[tuple[str, str], ...]:
        """The reduced loss and, from one hidden layer on, φ(λ) in matrix notation.

        Returns
        -------
        tuple of tuple of str
            Pairs of a name and its LaTeX.
        """
        named: tuple[tuple[str, str], ...] = (("F(m)", LOSS), (r"\varphi(\lambda)", CHARACTERISTIC))
        if self.depth == 0:
            named = (("F(m)", LOSS_WITHOUT_LAYERS),)
        if self.altered is not None:  # B for ρA
            named = tuple((name, value.replace(r"\rho", "").replace("A", "B")) for name, value in named)
        nodes = [(name, read(value)) for name, value in named]
        if self.depth not in (0, sy.D):
            nodes = [(name, at_depth(node, int(self.depth))) for name, node in nodes]
        return tuple((name, to_tex(node)) for name, node in nodes)

    def _repr_latex_(self) -> str:
        ρ, γ, τ = (sy.latex(x) for x in (sy.rho, sy.gamma_bar, sy.tau))
        rows = [f"{name} &= {value}" for name, value in self.displays()]
        if self.altered is not None:
            rows += [
                f"{sy.latex(name)} &{sign} {sy.latex(value)}" for name, sign, value in self.altered.told
            ]
        elif self.noise_factor != sy.rho:
            rows.append(f"{ρ} &= {sy.latex(self.noise_factor)}")
        if self.noise_factor != sy.rho:
            rows.append(f"{γ} &= {sy.latex(self.mean_decay)}")
            rows += [] if self.decay_level is None else [f"{τ} &= {sy.latex(self.decay_level)}"]
        return r"$\displaystyle \begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}$"


#: What notebooks show, as the paper defines it: the reduced loss, and the function whose level set at τ are
#: its stationary points.
LOSS = r"\rho m^{\top} A m - 2 v^{\top} m + c + (D+1) \bar{\gamma} \lVert m \rVert^{2/(D+1)}"
CHARACTERISTIC = r"\lambda^{(D+1)/D} \lVert (\rho A + \lambda I)^{-1} v \rVert^{2}"
LOSS_WITHOUT_LAYERS = r"\rho m^{\top} A m - 2 v^{\top} m + c + \bar{\gamma} \lVert m \rVert^{2}"


def reduce(network: Network | None = None) -> Reduction:
    """The reduced problem of a network; without one, the formulas in the letters D, ρ, γ̄, τ.

    Parameters
    ----------
    network : Network, optional
        Numeric or symbolic, with one output.  One of symbolic depth gives products over the layer index;
        numbers give exact numbers.

    Returns
    -------
    Reduction
        The formulas.

    Raises
    ------
    InputError
        For several outputs.

    Examples
    --------
    >>> reduce(Network(2, widths=4, decays=["27/64", "1/4", 1], noise=[1, 0])).noise_factor
    5/4
    >>> reduce().equation
    Eq(lambda**((D + 1)/D)*R[2], tau)
    """
    if network is None:
        return Reduction(sy.D, sy.rho, sy.gamma_bar, sy.tau)
    network.require_one_output()
    depth = network.depth
    altered = None
    if network.has_symbolic_depth or not network.has_other_noise:
        noise_factor = layer_product(
            network, lambda i: 1 + network.variance(i) / network.width(i), 1, depth
        )
    else:
        altered = altered_problem(network)
        noise_factor = altered.factors.full
    return Reduction(
        depth if network.has_symbolic_depth else sp.Integer(depth),
        noise_factor,
        _root_of_decays(network, depth + 1),
        _root_of_decays(network, depth) if depth != 0 else None,
        altered,
    )


def with_moments(expression: Any, moment: Callable[[int], Any]) -> Any:
    """``expression`` with every R[k] replaced by ``moment(k)``.

    >>> letters = reduce()
    >>> with_moments(letters.norm_squared, letters.spectral_moment)
    Sum(p[i]/(lambda + rho*a[i])**2, (i, 1, n))
    """
    used = expression.atoms(sp.Indexed)
    return expression.subs({R: moment(R.indices[0]) for R in used if R.base == sy.R})


def differentiate(expression: Any, by: Any = sy.lam) -> Any:
    """Total derivative by λ or ρ of an expression in them and the R[k], which vary with both.

    dR_k/dλ = -k R_{k+1} and dR_k/dρ = -k (R_k - λR_{k+1})/ρ, for fixed A and v.

    >>> differentiate(sy.R[1])
    -R[2]
    """
    if by not in (sy.lam, sy.rho):
        raise InputError(f"the resolvent moments are differentiated by lambda or rho, not by {by}.")
    total = sp.diff(expression, by)
    for moment in expression.atoms(sp.Indexed):
        if moment.base == sy.R:
            order = moment.indices[0]
            after = sy.R[order + 1]
            rate = after if by == sy.lam else (moment - sy.lam * after) / sy.rho
            total -= order * rate * sp.diff(expression, moment)
    return total


def layer_product(network: Network, factor: Callable[[Any], Any], first: int, last: Any) -> Any:
    """Π factor(i): a product over the symbol i where the depth is symbolic."""
    if network.has_symbolic_depth:
        return sp.Product(factor(sy.i), (sy.i, first, last))
    # Equal factors are counted, which keeps a thousand equal layers one power.
    counts = Counter(factor(i) for i in range(first, last + 1))
    return sp.Mul(*(base**count for base, count in counts.items()))


def _root_of_decays(network: Network, order: Any) -> Any:
    """(γ_u Π γ_i)^{1/order}."""
    if network.has_symbolic_depth:
        hidden = layer_product(network, network.decay, 1, network.depth)
        return (network.decay(network.depth + 1) * hidden) ** (1 / order)
    counts = Counter(map(sympify_exact, network.reduced_decays))
    common = gcd(*counts.values())  # equal decays have a rational mean
    base = sp.Mul(*(decay ** (count // common) for decay, count in counts.items()))
    exponent = sp.Rational(common, order)
    # SymPy takes perfect powers out of an integer: welcome at small depth, seconds of work at large.
    return sp.Pow(base, exponent, evaluate=not base.is_Rational or exponent.q <= MAX_EVALUATED_ROOT)


def _identity(A: Any) -> Any:
    return sp.eye(A.rows) if isinstance(A, sp.MatrixBase) else sp.Identity(A.shape[0])
