"""Records that notebooks show as tables."""

from __future__ import annotations


class InNotebooks:
    """A record whose table is made by :mod:`symderive.report.notebook`, which knows its class."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """What a notebook shows: numbers and words that are escaped, no scripts."""
        from symderive.report.notebook import html_of

        return html_of(self)
