"""What a paper prints of a statement, and what its letters and names stand for, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symderive.statements.claim import Claim, Recursion


@dataclass(frozen=True)
class Letter:
    r"""A letter of displays and what it stands for in entries.

    Attributes
    ----------
    tex : str
        As it is printed, with its indices: ``A``, ``W_{i}``, ``\sigma_{i}``.
    stands_for : sympy.Symbol or sympy.Indexed
        The SymPy symbol, or the family whose entries it has: ``A[j, k]``, ``W[i, j, k]``, ``sigma[i]``.
    shape : tuple
        ``()`` for a number, ``(rows, columns)`` for a matrix, ``(n, 1)`` for a column; ``(n,)`` for a
        diagonal matrix of n numbers.  Sizes may speak of the indices in ``tex``.
    meaning : str
        In words, with TeX between dollars, for the table of notation.
    domain : str
        Where it lies, in the same way: ``positive``, ``$\mathbb{R}^{d_i \times d_{i-1}}$``.
    recursion : Recursion, optional
        The recursion that defines the family, if one does.
    defined : tuple of str
        That recursion in displays, such as ``(r"M_{0} = A", r"M_{i} = S_{i} + …")``.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> Letter(r"\lambda", lam, meaning="the ridge", domain="positive").tex
    '\\lambda'
    """

    tex: str
    stands_for: Any
    shape: tuple[Any, ...] = ()
    meaning: str = ""
    domain: str = ""
    recursion: Recursion | None = None
    defined: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    r"""A name for an expression of displays; printed once as ``tex := value`` and used from there on.

    Attributes
    ----------
    tex : str
        As it is printed, with its arguments: ``F(m)``, ``\rho``, ``S_{i}``, ``R_{k}(\lambda)``.
    value : str
        What it stands for, in the language of displays.
    meaning : str
        In words, with TeX between dollars.
    letter : sympy.Symbol or sympy.IndexedBase, optional
        A SymPy symbol or family that statements have for it.  Where a statement speaks of that letter the
        name is the letter; else it is written out.

    Examples
    --------
    >>> name = Definition(r"N(\lambda)", r"\lVert w \rVert^{2}", meaning="squared norm")
    >>> name.tex
    'N(\\lambda)'
    """

    tex: str
    value: str
    meaning: str = ""
    letter: Any = None


@dataclass(frozen=True)
class Vocabulary:
    r"""Letters and definitions, in the order in which a paper introduces them.

    Attributes
    ----------
    entries : tuple of Letter and Definition
        The letters and definitions.
    settings : tuple of (str, tuple of Letter)
        Further readings of letters, by name: in an eigenbasis ``A`` is diagonal.  The reading of a
        statement is the first one whose families it speaks of; see :mod:`symderive.displays.vocabulary`.
    standing : tuple of Claim
        Hypotheses that the paper supposes throughout, such as A ⪰ 0: a display need not print them.
    supposed : tuple of (str, str)
        What is supposed of the letters in a setting, by its name, as a claim in LaTeX: ``A = a I``.  It is
        printed among the hypotheses of every display that is read in the setting.  A setting that is a
        choice of coordinates supposes nothing.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> Vocabulary((Letter(r"\lambda", lam),)).entries[0].stands_for
    lambda
    """

    entries: tuple[Letter | Definition, ...]
    settings: tuple[tuple[str, tuple[Letter, ...]], ...] = ()
    standing: tuple[Claim, ...] = ()
    supposed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Display:
    r"""What is printed of a statement: accepted only if it reads back and is proved to unfold to it.

    Attributes
    ----------
    tex : str
        The claim in the language of displays.
    where : tuple of str
        Names that the display itself defines, each ``name = expression``: ``m = (U T_{D})^{\top}``.  They
        are printed with the claim.  One alone may be given without a tuple.
    given : tuple of str
        Hypotheses that are printed, each a claim; one alone may be given without a tuple.
    at : tuple of (letter, str)
        A letter of the statement and what the display writes for it: a norm ``m`` that is only named in a
        hypothesis is written out.  Pairs, or a mapping.
    because : tuple of (letter or Claim, Statement or Step)
        Pairs of such a letter, which the statement takes to be positive, and the step in words that says
        why what is written for it is positive where no hypothesis that is printed says so; and pairs of a
        hypothesis that is not printed and the statement that proves it from those that are, or a step.
    setting : str
        The name of a setting of the vocabulary; empty for the one that fits.
    also : tuple of Statement
        What the second, third … relation of the display prints; the first is that of the statement which
        has the display.

    Examples
    --------
    >>> display = Display(r"A w + \lambda w = v", where=r"w = (A + \lambda I)^{-1} v")
    >>> display.where
    ('w = (A + \\lambda I)^{-1} v',)
    """

    tex: str
    where: Any = ()
    given: Any = ()
    at: Any = ()
    because: Any = ()
    setting: str = ""
    also: tuple[Any, ...] = ()

    @property
    def rests_on(self) -> tuple[Any, ...]:
        """The statements and steps in words that its being the statement's rests on."""
        return tuple(reason for _, reason in self.because)

    def __post_init__(self) -> None:
        """Pairs may come as a mapping, one string as it is."""
        for name in ("at", "because"):
            value = getattr(self, name)
            object.__setattr__(self, name, tuple(value.items() if isinstance(value, Mapping) else value))
        for name in ("where", "given"):
            value = getattr(self, name)
            object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))
