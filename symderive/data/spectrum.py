"""Data given by a spectrum: eigenvalues of A and squared components of v."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from flint import arb_mat, fmpq

from symderive.arithmetic.exact import Exact, ball, from_flint, rational, to_flint
from symderive.arithmetic.symmetric import Symmetric, Whole
from symderive.errors import InputError
from symderive.notebooks import InNotebooks

#: Eigenvalues that are printed of many.
MOST_LISTED = 6


@dataclass(frozen=True)
class Spectrum(InNotebooks):
    """Data that are given by the eigenvalues of A and the squared parts of v along them.

    It is a kind of :class:`~symderive.data.interface.Data`, in the coordinates along the axes e_i of A,
    turned so that v_i = √p_i.  All numbers are exact.  Make one with :meth:`of`.

    Attributes
    ----------
    a : tuple of Fraction
        The eigenvalues a_i ≥ 0 of A.
    p : tuple of Fraction
        p_i = (e_i·v)² ≥ 0; 0 where a_i is 0, since v lies in the range of A.
    c : Fraction
        E[y²] ≥ Σ p_i/a_i.

    Examples
    --------
    >>> Spectrum.of(["1", "400"], ["1/100", "49/100"]).c
    Fraction(449, 40000)
    """

    a: tuple[Fraction, ...]
    p: tuple[Fraction, ...]
    c: Fraction

    @classmethod
    def of(cls, a: Sequence[Exact], p: Sequence[Exact], c: Exact | None = None) -> Spectrum:
        """Checked maker of a spectrum.

        Parameters
        ----------
        a : sequence of Exact
            The eigenvalues of A, not negative.
        p : sequence of Exact
            The squared parts of v along them, not negative, and 0 where the eigenvalue is 0.
        c : Exact, optional
            E[y²]; without it Σ p_i/a_i, the smallest possible.

        Returns
        -------
        Spectrum
            The spectrum.

        Raises
        ------
        InputError
            For numbers that no data have.
        """
        eigenvalues = tuple(rational(x, f"a[{i}]") for i, x in enumerate(a))
        weights = tuple(rational(x, f"p[{i}]") for i, x in enumerate(p))
        if len(eigenvalues) != len(weights) or not eigenvalues:
            raise InputError(
                f"a has {len(eigenvalues)} entries and p has {len(weights)}; "
                "give as many of both, at least one."
            )
        for i, (x, w) in enumerate(zip(eigenvalues, weights, strict=True)):
            if x < 0 or w < 0:
                raise InputError(f"a[{i}] = {x} and p[{i}] = {w}: neither may be negative.")
            if x == 0 and w > 0:
                raise InputError(f"a[{i}] is 0 and p[{i}] is {w}; v has no part where A vanishes.")
        spectrum = cls(eigenvalues, weights, Fraction(0))
        total = spectrum.explained if c is None else rational(c, "c")
        if total < spectrum.explained:
            raise InputError(
                f"c is {total}, less than the explained part Σ p_i/a_i = {spectrum.explained}."
            )
        return cls(eigenvalues, weights, total)

    def __repr__(self) -> str:
        listed = (f"{name}=({_listed(values)})" for name, values in (("a", self.a), ("p", self.p)))
        return f"Spectrum({', '.join(listed)}, c={self.c})"

    @property
    def dimension(self) -> int:
        """Number of features d."""
        return len(self.a)

    @property
    def diagonal(self) -> tuple[Fraction, ...]:
        """The eigenvalues: A is diagonal along its axes."""
        return self.a

    @property
    def nullity(self) -> int:
        """How many a_i are 0."""
        return self.a.count(Fraction(0))

    @property
    def v_norm_squared(self) -> Fraction:
        """‖v‖² = Σ p_i."""
        return from_flint(sum(map(to_flint, self.p), start=fmpq(0)))

    def power_moment(self, power: int) -> Fraction:
        """The number vᵀAᵏv = Σ p_i a_i^k, exact.

        Parameters
        ----------
        power : int
            k ≥ 0.

        Returns
        -------
        Fraction
            The number.
        """
        pairs = zip(self.a, self.p, strict=True)
        return from_flint(sum((to_flint(p) * to_flint(a) ** power for a, p in pairs), start=fmpq(0)))

    @property
    def explained(self) -> Fraction:
        """The part vᵀA⁺v = Σ p_i/a_i of c that a linear function of x explains."""
        return sum((p / a for a, p in zip(self.a, self.p, strict=True) if p), start=Fraction(0))

    @property
    def eigenvalue_bound(self) -> Fraction:
        """The largest eigenvalue itself."""
        return max(self.a)

    @property
    def has_known_axes(self) -> bool:
        """True: there are no features, only axes."""
        return True

    def balls(self) -> tuple[arb_mat, arb_mat]:
        """A = diag(a) and v_i = √p_i as balls at FLINT's current precision.

        Returns
        -------
        tuple of arb_mat
            A of shape (d, d) and v of shape (d, 1).
        """
        d, A = self.dimension, arb_mat(self.dimension, self.dimension)
        for i in range(d):
            A[i, i] = ball(self.a[i])
        return A, arb_mat(d, 1, [ball(p).sqrt() for p in self.p])

    def operator(self) -> tuple[Symmetric, arb_mat]:
        """The same as :meth:`balls`, A as an operator.

        Returns
        -------
        tuple of Symmetric and arb_mat
            A as an operator, and v of shape (d, 1).
        """
        A, v = self.balls()
        return Whole(A), v

    def record(self) -> dict[str, Any]:
        """The numbers a, p and c as text.

        Returns
        -------
        dict
            As JSON takes it.
        """
        return {"a": [str(x) for x in self.a], "p": [str(x) for x in self.p], "c": str(self.c)}

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the exact numbers, in hexadecimal."""
        return sha256(repr((self.a, self.p, self.c)).encode()).hexdigest()

    @property
    def source(self) -> str:
        """That it is given; spectra have no other source."""
        return "a given spectrum"

    @property
    def description(self) -> str:
        """The number of eigenvalues."""
        return f"{self.dimension} eigenvalues"


def _listed(values: Sequence[Fraction]) -> str:
    """The values; of many the first and the last."""
    texts = [str(value) for value in values]
    if len(texts) > MOST_LISTED:
        texts = [*texts[: MOST_LISTED - 2], "…", texts[-1]]
    return ", ".join(texts)
