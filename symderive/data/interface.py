"""What the theory asks of the data, whichever way they are given: A = E[x xᵀ], v = E[x y] and c = E[y²]."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

from flint import arb_mat

from symderive.arithmetic.symmetric import Symmetric
from symderive.errors import InputError


class Data(Protocol):
    """Exact second moments of features x ∈ R^d and a scalar target y.

    :class:`~symderive.data.moments.Moments` know the features; a
    :class:`~symderive.data.spectrum.Spectrum` knows A and v only along the axes of A.  Both are immutable,
    equal where all that they hold is equal, hashable, and pickle.
    """

    @property
    def dimension(self) -> int:
        """Number of features d."""

    @property
    def diagonal(self) -> tuple[Fraction, ...]:
        """The diagonal of A, d numbers, exact."""

    @property
    def nullity(self) -> int:
        """The dimension of the null space of A, exact."""

    @property
    def c(self) -> Fraction:
        """E[y²], dimension target²."""

    @property
    def v_norm_squared(self) -> Fraction:
        """‖v‖², exact."""

    @property
    def explained(self) -> Fraction:
        """The part vᵀA⁺v of c that a linear function of x explains; exact."""

    @property
    def eigenvalue_bound(self) -> Fraction:
        """An upper bound on the largest eigenvalue of A, exact; 0 only where A is 0."""

    @property
    def has_known_axes(self) -> bool:
        """Whether the coordinates are those along the axes of A, so that A is diagonal and v ≥ 0."""

    @property
    def source(self) -> str:
        """Where the data are from, in words."""

    @property
    def description(self) -> str:
        """The data in words, for tables."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the exact numbers, in hexadecimal; names and source do not enter.

        Folders of finished sweeps are told apart by it, so that it stays the same from version to version.
        """

    def __hash__(self) -> int:
        """Of the exact numbers, so that equal data have one."""

    def power_moment(self, power: int) -> Fraction:
        """The number vᵀAᵏv, exact.

        Parameters
        ----------
        power : int
            k ≥ 0.

        Returns
        -------
        Fraction
            The number, dimension target² times a power of that of A.
        """

    def balls(self) -> tuple[arb_mat, arb_mat]:
        """A and v as balls at FLINT's current precision.

        Returns
        -------
        tuple of arb_mat
            A of shape (d, d) and v of shape (d, 1).
        """

    def operator(self) -> tuple[Symmetric, arb_mat]:
        """A and v as balls, A in the form that is the cheapest to multiply with.

        Returns
        -------
        tuple of Symmetric and arb_mat
            A as an operator, and v of shape (d, 1).
        """

    def record(self) -> dict[str, Any]:
        """The exact numbers as JSON takes them: whole numbers, and text such as ``"1/3"``.

        Returns
        -------
        dict
            Names and numbers.
        """


def require_data(data: Any) -> None:
    """Refuse what is no :class:`Data`, with a sentence that says how such are made.

    >>> require_data(([[1.0]], [2.0]))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    symderive.errors.InputError: the data have type tuple; give Moments, ...
    """
    if hasattr(data, "power_moment") and hasattr(data, "balls"):
        return
    kind = type(data).__name__
    if hasattr(data, "decays") and hasattr(data, "widths"):
        raise InputError("a network is given in place of the data; the network comes first: (net, data).")
    if hasattr(data, "singular_squares"):
        raise InputError(f"{kind} are moments of several outputs, which solve alone takes; give Moments.")
    raise InputError(
        f"the data have type {kind}; give Moments, for example Moments.from_samples(X, y), or a Spectrum."
    )


def common_eigenvalue(data: Data) -> Fraction | None:
    """The a with Av = av, exact; None where v is 0 or no eigenvector of A.

    By Cauchy and Schwarz (vᵀAv)² ≤ ‖v‖² vᵀA²v, with equality for eigenvectors only.

    >>> from symderive import Moments, Spectrum
    >>> common_eigenvalue(Moments.given([[2, 1], [1, 2]], [1, 1], 9))
    Fraction(3, 1)
    >>> common_eigenvalue(Spectrum.of([1, 2], [1, 1])) is None
    True
    """
    squared, stretched = data.v_norm_squared, data.power_moment(1)
    if squared == 0 or squared * data.power_moment(2) != stretched**2:
        return None
    return stretched / squared
