"""What a paper prints of a statement, and what its letters and names stand for, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symderive.statements.claim import Claim, Recursion


@dataclass(frozen=True)
class Letter:
    """A letter of displays and what it stands for in entries.

    Attributes
    ----------
    tex
        As it is printed, with its indices: ``A``, ``W_{i}``, ``\\sigma_{i}``.
    stands_for
        The SymPy symbol, or the family whose entries it has: ``A[j, k]``, ``W[i, j, k]``, ``sigma[i]``.
    shape
        ``()`` for a number, ``(rows, columns)`` for a matrix, ``(n, 1)`` for a column; ``(n,)`` for a
        diagonal matrix of n numbers.  Sizes may speak of the indices in ``tex``.
    meaning
        In words, with TeX between dollars, for the table of notation.
    domain
        Where it lies, in the same way: ``positive``, ``$\\mathbb{R}^{d_i \\times d_{i-1}}$``.
    recursion
        The recursion that defines the family, if one does.
    defined
        That recursion in displays, such as ``(r"M_{0} = A", r"M_{i} = S_{i} + …")``.
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
    """A name for an expression of displays; printed once as ``tex := value`` and used from there on.

    Attributes
    ----------
    tex
        As it is printed, with its arguments: ``F(m)``, ``\\rho``, ``S_{i}``, ``R_{k}(\\lambda)``.
    value
        What it stands for, in the language of displays.
    meaning
        In words, with TeX between dollars.
    letter
        A SymPy symbol or family that statements have for it.  Where a statement speaks of that letter the
        name is the letter; else it is written out.
    """

    tex: str
    value: str
    meaning: str = ""
    letter: Any = None


@dataclass(frozen=True)
class Vocabulary:
    """Letters and definitions, in the order in which a paper introduces them.

    ``settings`` are further readings of letters, by name: in an eigenbasis ``A`` is diagonal.  The reading
    of a statement is the first one whose families it speaks of; see :mod:`symderive.displays.vocabulary`.
    ``supposed`` says, by the name of a setting, what is supposed of the letters there, as a claim in LaTeX:
    ``A = a I``; it is printed among the hypotheses of every display that is read in the setting.  A setting
    that is a choice of coordinates supposes nothing.
    ``standing`` are hypotheses that the paper supposes throughout, such as A ⪰ 0: a display need not print
    them.
    """

    entries: tuple[Letter | Definition, ...]
    settings: tuple[tuple[str, tuple[Letter, ...]], ...] = ()
    standing: tuple[Claim, ...] = ()
    supposed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Display:
    """What is printed of a statement: accepted only if it reads back and is proved to unfold to it.

    Attributes
    ----------
    tex
        The claim in the language of displays.
    where
        Names that the display itself defines, each ``name = expression``: ``m = (U T_{D})^{\\top}``.
        They are printed with the claim.  One alone may be given without a tuple.
    given
        Hypotheses that are printed, each a claim; one alone may be given without a tuple.
    at
        Pairs of a letter of the statement and what the display writes for it: a norm ``m`` that is only
        named in a hypothesis is written out.
    because
        Pairs of such a letter, which the statement takes to be positive, and the step in words that says
        why what is written for it is positive where no hypothesis that is printed says so; and pairs of a
        hypothesis that is not printed and the statement that proves it from those that are, or a step.
    setting
        The name of a setting of the vocabulary; empty for the one that fits.
    also
        Statements that the second, third … relation of the display prints; the first is that of the
        statement which has the display.
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
