"""The trusted core: the one folder that can make a :class:`~symderive.core.theorem.Theorem`.

From the ground up: ``terms`` (expressions without bound names), ``binders`` (the one substitution) and
``claims``; the normal form in ``forms``, ``quotients``, ``kinds``, ``whole``, ``averages``, ``sums`` and
``folds``; ``signs`` (under hypotheses, and where terms are defined); ``theorem`` (theorems, goals, and
facts where they are used); and the rules, in ``rules``, ``calculus`` and ``series``.  Nothing here
searches, prints, tests or knows SymPy's expressions.
"""

from . import calculus, folds, rules, series  # the rules of the normal form are complete with these

__all__ = ["calculus", "folds", "rules", "series"]
