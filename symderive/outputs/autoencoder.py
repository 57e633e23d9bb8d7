"""Linear autoencoders: the target is the input, V = A, with decay and no noise, at any depth.

With A = Σ_k a_k e_k e_kᵀ, a_1 ≥ a_2 ≥ …, N = M A^{1/2} and its singular values n_1 ≥ n_2 ≥ …,

    ‖A^{1/2} - N‖² ≥ Σ_k (√a_k - n_k)²                (von Neumann),
    ‖M‖_q^q = ‖N A^{-1/2}‖_q^q ≥ Σ_k (n_k/√a_k)^q     (Gelfand and Naimark),   q = 2/(D + 1),

so that with z_k = n_k/√a_k the loss is at least c - tr A + Σ_k [a_k (1 - z_k)² + (D+1) γ̄ z_k^q], where at
most min(d, d_1, …, d_D) of the z_k are not 0: the first ones.  Each bracket is a problem with one output
whose scale and signal are both a_k, M = Σ_k z_k e_k e_kᵀ attains the bound, and the modes are independent
at every depth (Kunin et al. 2019 for D = 1, z_k = (1 - γ̄/a_k)_+).  In the isotropic equation q = γ̄/a_k.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symderive.arithmetic.exact import TURN, ball, is_accurate, rational, working_precision
from symderive.arithmetic.power_products import PowerProduct
from symderive.arithmetic.precision import GUARD_DIGITS, sharpen
from symderive.data.output_moments import OutputMoments, SingularSquare, squares_of
from symderive.effective_ridge.isotropic_equation import IsotropicEquation, SquarePower, transition
from symderive.effective_ridge.values import carrying_bits
from symderive.model.network import Network
from symderive.outputs.closed import ClosedOutputs
from symderive.outputs.closed_layers import Frame
from symderive.outputs.dropout import most_modes
from symderive.outputs.held import HeldMode


@dataclass(frozen=True)
class AutoencoderProblem:
    """The modes of an autoencoder, exact.

    ``eigenvalues`` are those of A that are not 0, in decreasing order; ``decay_product`` is γ_u Π γ_i;
    ``rest`` is c - tr A.
    """

    depth: int
    eigenvalues: tuple[SingularSquare, ...]
    decay_product: PowerProduct
    rank: int
    rest: Fraction

    def solve(self, digits: int) -> tuple[tuple[HeldMode, ...], arb]:
        """What each principal direction becomes, and the least loss, to ``digits`` digits."""
        signs = [-self.equation(a).against_transition for a in self.eigenvalues]
        held, left = [], self.rank
        for a, sign in zip(self.eigenvalues, signs, strict=True):
            held.append(min(a.multiplicity, left) if sign > 0 else 0)
            left -= held[-1]

        def at(bits: int) -> tuple[tuple[HeldMode, ...], arb]:
            modes = [
                self._mode(a, count, sign, bits)
                for a, count, sign in zip(self.eigenvalues, held, signs, strict=True)
            ]
            with TURN, working_precision(bits):
                return tuple(mode for mode, _ in modes), sum((x for _, x in modes), ball(self.rest))

        return sharpen(at, lambda found: is_accurate(found[1], digits), start=carrying_bits(digits))

    def equation(self, eigenvalue: SingularSquare) -> IsotropicEquation:
        """One with the same ζ, q = γ̄/a: the scale 1 and the signal s with s^{2D} = a^{D+1}."""
        power = Fraction(self.depth + 1, self.depth)
        a = eigenvalue.rational
        signal = SquarePower(eigenvalue, power) if a is None else PowerProduct.of((a, power))
        return IsotropicEquation.of(self.depth, 1, signal, self.decay_product)

    def _mode(self, eigenvalue: SingularSquare, count: int, sign: int, bits: int) -> tuple[HeldMode, arb]:
        """A direction, and what all its copies leave of the loss."""
        found = self.equation(eigenvalue).solutions(_digits(bits))[0] if count else None
        with TURN, working_precision(bits):
            a, copies = eigenvalue.ball(bits), eigenvalue.multiplicity
            threshold = a * transition(self.depth).value()
            left = (copies - count) * a
            size = arb(0)
            if found is not None:
                zeta = found.ridge_ratio
                size = 1 / (1 + zeta)
                left += count * a * size**2 * zeta * (zeta + self.depth + 1)
            return HeldMode(a, copies, count, size, threshold, sign), left


def _digits(bits: int) -> int:
    """Decimal digits of so many bits, less than they hold."""
    return max(1, int(bits * 0.3) - GUARD_DIGITS)


def is_autoencoder(data: OutputMoments) -> bool:
    """Whether the target is the input as given, exactly: V = A."""
    return not data.whitened and data.variances is None and data.V == data.A


def solve_autoencoder(net: Network, data: OutputMoments, digits: int) -> ClosedOutputs:
    """The global minimum for V = A, D ≥ 1, decays > 0 and no noise."""
    frame = Frame(squares_of(data.A), data.A, None)
    problem = autoencoder_problem(net, data, frame.squares)
    return ClosedOutputs.of("autoencoder", net, data, problem, frame, digits, ties=net.depth > 1)


def autoencoder_problem(
    net: Network, data: OutputMoments, eigenvalues: tuple[SingularSquare, ...]
) -> AutoencoderProblem:
    """The problem of the modes of a numeric network with decays > 0."""
    decays = Counter(rational(g, f"decay of layer {i}") for i, g in enumerate(net.decays, start=1))
    return AutoencoderProblem(
        net.depth, eigenvalues, PowerProduct.of(*decays.items()), most_modes(net, data), data.unexplained
    )
