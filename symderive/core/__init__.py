"""The trusted core: the one folder that can make a :class:`~symderive.core.theorem.Theorem`."""

from symderive.core import calculus, series, sums  # the rules of the normal form are complete with these

__all__ = ["calculus", "series", "sums"]
